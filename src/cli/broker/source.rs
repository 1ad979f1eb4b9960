//! The program of a source, whose output is masked on its way; it ends with us, however we end.

use crate::cli::args::MaskArgs;
use crate::cli::interrupt::{self, Passing};
use crate::cli::mask::{Mask, To};
use crate::cli::output::{self, Output};
use crate::cli::record::{Record, Sources};
use crate::cli::run::{self, carry, code, join, pass, signals};
use crate::cli::view::View;
use crate::cli::{Failure, Status, message, source};
use crate::input::fd::Fd;
use crate::input::form::{self, Form, Refused};
use crate::policy::Policy;
use crate::tally::Tally;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The process group of the program while it runs.
static GROUP: Mutex<Option<Pid>> = Mutex::new(None);

/// How long it has to end by itself when it is told to.
const GRACE: Duration = Duration::from_secs(1);

/// What sshd tells us and the program needs not know.
const OURS: [&str; 2] = ["SSH_ORIGINAL_COMMAND", "SSH_USER_AUTH"];

/// The program of `words`, to be run in `folder`: what a policy names is relative to its place.
pub(super) fn command(words: &[String], folder: &Path) -> Command {
    let mut command = Command::new(words.first().map_or("", String::as_str));
    command.args(words.iter().skip(1));
    if folder != Path::new("") {
        command.current_dir(folder);
    }
    command
}

/// Runs `command`, and shows what comes out as `view` may see it.
pub(super) fn run(
    name: &str,
    command: Command,
    args: &MaskArgs,
    policy: Policy,
    view: View,
) -> Result<Status, Failure> {
    let passing = Passing::begin().map_err(|error| signals(&error))?;
    let sources = Sources { names: vec![name.to_owned()], one_way: true, ..Sources::default() };
    let mut command = command;
    for name in run::keys(args, &policy) {
        command.env_remove(name);
    }
    // From here on the beginning is on disk, so the end has to come there too.
    let mask = Mask::of(args, policy, view, sources, To::Stdout { keep_lines: false })?;
    let (status, tally, ended) = match begin(command, passing).and_then(|child| show(&mask, name, child)) {
        Ok(all) => all,
        Err(failure) => (failure.say(), Tally::default(), None),
    };
    let status = mask.close(&tally, None, status);
    Ok(ended.map_or(status, |ended| code(ended, status)))
}

/// Starts the program in a process group of its own.
fn begin(mut command: Command, passing: Passing) -> Result<Child, Failure> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    for name in OURS {
        command.env_remove(name);
    }
    let mut group = GROUP.lock().unwrap_or_else(PoisonError::into_inner);
    let child = command.spawn();
    let child = child.map_err(|error| Failure::io(format!("the source cannot be run: {}", message::fact(&error))))?;
    *group = Some(Pid::from_child(&child));
    drop(group);
    pass(passing, &child, true, || {})?;
    Ok(child)
}

/// Moves both streams to their end.
fn show(mask: &Mask, name: &str, mut child: Child) -> Result<(Status, Tally, Option<ExitStatus>), Failure> {
    let (stdout, stderr) = child.stdout.take().zip(child.stderr.take()).expect("both were asked for");
    let gone = thread::Builder::new().name("reader".to_owned()).spawn(until_reader_is_gone);
    gone.map_err(|error| Failure::io(format!("threads: {}", message::fact(&error))))?;
    let record = mask.record.as_ref();
    thread::scope(|scope| {
        // The descriptors go into the threads: when one of these ends early, the program is told by a broken pipe.
        let stdout = scope.spawn(move || {
            let input = Record::reading(record, Fd(&stdout));
            move_stream(mask, name, &stdout, input, Record::writing(record, Output::new()))
        });
        let stderr = scope
            .spawn(move || move_stream(mask, name, &stderr, Fd(&stderr), Record::erring(record, Output::stderr())));
        let ended = wait(&mut child);
        let (status, tally) = join([stdout, stderr]);
        Ok((status, tally, Some(ended.map_err(|error| Failure::io(message::fact(&error)))?)))
    })
}

/// What is packed is unpacked, because it cannot be judged otherwise, and what is no log is refused.
fn move_stream(
    mask: &Mask,
    name: &str,
    stream: &(impl AsFd + Sync),
    input: impl io::Read + Send,
    output: impl Write + Send,
) -> (Status, Tally) {
    let (form, lines) = match form::open(input, false) {
        Ok(opened) => opened,
        Err(Refused::Kind(kind)) => return (source::unsupported(name, kind).say(), Tally::default()),
        Err(Refused::Io(error)) => return (source::unread(name, &error).say(), Tally::default()),
    };
    let mut output = match (Form { codec: None, ..form }).writer(output) {
        Ok(output) => output,
        Err(error) => return (output::failed(&error).say(), Tally::default()),
    };
    let (mut status, tally) = carry(mask, name, stream, lines, &mut output);
    if let Err(error) = output.finish() {
        status = status.max(output::failed(&error).say());
    }
    (status, tally)
}

/// Waits for the program, and ends what it leaves behind: that may hold its output open for ever.
fn wait(child: &mut Child) -> io::Result<ExitStatus> {
    // It is not taken note of yet, so that its number is nobody else's while we kill by it.
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while let Err(error) = waitid(WaitId::Pid(Pid::from_child(child)), options) {
        if error != rustix::io::Errno::INTR {
            return Err(error.into());
        }
    }
    if let Some(group) = GROUP.lock().unwrap_or_else(PoisonError::into_inner).take() {
        let _ = kill_process_group(group, Signal::KILL);
    }
    child.wait()
}

/// Ends the program and all that it has started. Called when the process is about to end.
pub(in crate::cli) fn stop() {
    let Some(group) = GROUP.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
    let _ = kill_process_group(group, Signal::TERM);
    let step = Duration::from_millis(5);
    for _ in 0..GRACE.as_millis() / step.as_millis() {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        if !matches!(waitid(WaitId::Pid(group), options), Ok(None)) {
            break;
        }
        thread::sleep(step);
    }
    let _ = kill_process_group(group, Signal::KILL);
}

/// Ends the process when nobody reads any more. A quiet source would not notice for hours, and sshd tells us nothing.
fn until_reader_is_gone() {
    let stdout = io::stdout();
    loop {
        let mut poll_fd = [PollFd::new(&stdout, PollFlags::empty())];
        match poll(&mut poll_fd, None) {
            Ok(_) if poll_fd[0].revents().intersects(PollFlags::ERR | PollFlags::HUP) => {
                interrupt::die(signal_hook::consts::SIGPIPE)
            }
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
}
