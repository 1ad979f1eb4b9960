//! A terminal of its own for a command: what it prints there comes to us, what is typed goes to it.

use super::not_started;
use crate::cli::Failure;
use crate::input::fd::Fd;
use pty_process::Size;
use pty_process::blocking::{self, Pty};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// How the user's terminal was before we made it pass all keys through.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// Our side of it. When it is dropped the command is told by the system that its terminal is gone.
pub(super) struct Terminal(Arc<Pty>);

impl AsFd for Terminal {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Starts a command in a session and terminal of its own. Its stdin is ours unless that is a terminal, too: what comes
/// from a pipe or file has an end, and no echo. It does not get the environment variables in `without`.
pub(super) fn spawn(command: &[OsString], without: &[OsString]) -> Result<(Child, Terminal), Failure> {
    let fail = |error: pty_process::Error| match error {
        pty_process::Error::Io(error) => not_started(&command[0], &error),
        pty_process::Error::Rustix(error) => not_started(&command[0], &error.into()),
    };
    let (pty, side) = blocking::open().map_err(fail)?;
    if let Some(size) = size() {
        pty.resize(size).map_err(fail)?;
    }
    let mut builder = blocking::Command::new(&command[0]).args(&command[1..]);
    for name in without {
        builder = builder.env_remove(name);
    }
    if !io::stdin().is_terminal() {
        builder = builder.stdin(Stdio::inherit());
    }
    let child = builder.spawn(side).map_err(fail)?;
    Ok((child, Terminal(Arc::new(pty))))
}

impl Terminal {
    /// Brings the user's window size to it, each time it is called.
    pub(super) fn resizer(&self) -> impl Fn() + Send + 'static {
        let pty = Arc::downgrade(&self.0);
        move || {
            if let Some((pty, size)) = pty.upgrade().zip(window()) {
                let _ = rustix::termios::tcsetwinsize(&*pty, size);
            }
        }
    }

    /// From now on what is typed goes to it, also Ctrl-C and its kin, which become signals there.
    pub(super) fn feed(&self) -> io::Result<()> {
        if !io::stdin().is_terminal() {
            return Ok(());
        }
        let before = tcgetattr(io::stdin())?;
        let mut raw = before.clone();
        raw.make_raw();
        *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
        tcsetattr(io::stdin(), OptionalActions::Now, &raw)?;
        let pty = Arc::downgrade(&self.0);
        // Ends with the process: nobody can be made to stop typing.
        thread::Builder::new().name("keys".to_owned()).spawn(move || {
            let mut keys = [0; 1024];
            while let Ok(read @ 1..) = Fd(io::stdin()).read(&mut keys) {
                let Some(pty) = pty.upgrade() else { return };
                if Fd(&*pty).write_all(&keys[..read]).is_err() {
                    return;
                }
            }
        })?;
        Ok(())
    }
}

/// Gives the user's terminal back as it was.
pub(in crate::cli) fn restore() {
    if let Some(before) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &before);
    }
}

fn window() -> Option<rustix::termios::Winsize> {
    tcgetwinsize(io::stdout()).or_else(|_| tcgetwinsize(io::stdin())).ok().filter(|size| size.ws_col > 0)
}

fn size() -> Option<Size> {
    window().map(|window| Size::new(window.ws_row, window.ws_col))
}
