//! `logmask run -- CMD [ARG]...`: a command whose two streams are masked on their way.

mod ending;
mod terminal;

pub(super) use ending::stop;
pub(super) use terminal::restore as restore_terminal;

use super::args::{MaskArgs, RunArgs};
use super::interrupt::Passing;
use super::mask::{Mask, To};
use super::output::{self, Output};
use super::record::{Noted, Record, Sources};
use super::{Failure, Status, filter, message, policy, secrets, source, view};
use crate::input::fd::{self, Fd};
use crate::pipeline::{self, Error, Options};
use crate::policy::{Docs, Policy};
use crate::tally::Tally;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, ScopedJoinHandle};

/// What shells say of a command that does not exist, and of one that cannot be run.
const NOT_FOUND: u8 = 127;
const NOT_RUN: u8 = 126;

pub(super) fn run(args: &RunArgs) -> Result<Status, Failure> {
    let (mask, keys, passing) = mask(args)?;
    source::warn_of_closed_stdout();
    let result =
        if args.pty { in_terminal(args, &mask, &keys, passing) } else { in_pipes(args, &mask, &keys, passing) };
    restore_terminal();
    let (ended, status, tally) = match result {
        Ok(ended) => ended,
        Err(failure) => {
            let status = failure.say();
            return Ok(mask.close(&Tally::default(), None, status));
        }
    };
    let status = mask.close(&tally, None, status);
    Ok(code(ended, status))
}

/// The masker for what the command prints: it knows the secrets of the command's environment by value. With the variables
/// that the command does not get, and the signals that wait for it: what the audit file says to begin has to be said to end.
fn mask(args: &RunArgs) -> Result<(Mask, Vec<OsString>, Passing), Failure> {
    let policies = &args.mask.policy;
    let mut policy = policy::load(policies, &policies.policy, Docs::Without)?;
    let view = view::apply(&args.mask, &mut policy)?;
    let mut literals = secrets::read(&args.mask.secrets)?;
    if !args.no_env_secrets {
        secrets::of_environment(&policy, &mut literals)?;
    }
    let keys = keys(&args.mask, &policy);
    let passing = Passing::begin().map_err(|error| signals(&error))?;
    let names = args.command.first().and_then(|name| program(name)).into_iter().collect();
    let sources = Sources { names, one_way: true, ..Sources::default() };
    let mask = Mask::with(&args.mask, policy, view, sources, To::Stdout { keep_lines: false }, literals)?;
    Ok((mask, keys, passing))
}

/// The program `name`, for the audit file. What is none may be anything that was typed in the wrong place, and arguments may
/// hold secrets: neither is told.
fn program(name: &OsStr) -> Option<String> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let by_path = name.as_bytes().contains(&b'/');
    let mut folders = std::env::split_paths(&paths);
    let found = if by_path { Path::new(name).is_file() } else { folders.any(|folder| folder.join(name).is_file()) };
    found.then(|| name.to_string_lossy().into_owned())
}

/// Names of the environment variables that hold our keys: what we start has no use for them, and may print them.
pub(super) fn keys(args: &MaskArgs, policy: &Policy) -> Vec<OsString> {
    let audit = policy.roles.as_ref().and_then(|roles| roles.access.audit.as_ref());
    let named = audit.and_then(|audit| audit.sign_with.as_deref()).map(OsStr::new);
    let typed = [&args.key, &args.audit.audit_key, &args.view.proof_key].into_iter().flatten().map(OsString::as_os_str);
    typed.chain(named).filter_map(variable).collect()
}

/// The name of the environment variable in which a key is.
pub(super) fn variable(spec: &OsStr) -> Option<OsString> {
    let name = spec.as_bytes().strip_prefix(b"env:").filter(|name| !name.is_empty())?;
    Some(OsStr::from_bytes(name).to_owned())
}

/// That of the command, else ours. By a signal: as shells say it.
pub(super) fn code(ended: ExitStatus, status: Status) -> Status {
    let code = ended.code().unwrap_or_else(|| 128 + ended.signal().unwrap_or(0));
    match u8::try_from(code).unwrap_or(u8::MAX) {
        0 => status,
        code => Status::Command(code),
    }
}

/// The command ends, both streams end, and what they came to.
type Ended = (ExitStatus, Status, Tally);

fn in_pipes(args: &RunArgs, mask: &Mask, keys: &[OsString], passing: Passing) -> Result<Ended, Failure> {
    let mut command = Command::new(&args.command[0]);
    command.args(&args.command[1..]).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in keys {
        command.env_remove(name);
    }
    let mut child = command.spawn().map_err(|error| not_started(&args.command[0], &error))?;
    pass(passing, &child, false, || {})?;
    ending::hold(&child)?;
    let streams = child.stdout.take().zip(child.stderr.take()).expect("both were asked for");
    fd::widen(&streams.0);
    thread::scope(|scope| {
        // The descriptors go into the threads: when one of these ends early, the command is told by a broken pipe.
        let stdout = scope.spawn(move || move_stdout(mask, "stdout of the command", streams.0));
        let stderr = scope.spawn(move || {
            let output = Record::erring(mask.record.as_ref(), Output::stderr());
            carry(mask, "stderr of the command", &streams.1, Fd(&streams.1), output)
        });
        let ended = child.wait();
        let (status, tally) = join([stdout, stderr]);
        Ok((ended.map_err(|error| Failure::io(message::fact(&error)))?, status, tally))
    })
}

fn in_terminal(args: &RunArgs, mask: &Mask, keys: &[OsString], passing: Passing) -> Result<Ended, Failure> {
    let (mut child, terminal) = terminal::spawn(&args.command, keys)?;
    pass(passing, &child, true, terminal.resizer())?;
    ending::hold(&child)?;
    terminal.feed().map_err(|error| signals(&error))?;
    thread::scope(|scope| {
        let stream = scope.spawn(|| {
            let (status, tally) = move_stdout(mask, "terminal of the command", &terminal);
            // It goes with the thread if that ends early: a program whose terminal nobody reads would wait for ever. Else it
            // stays till the program is gone, which may have closed all it had of it and not ended yet.
            (status, tally, (status == Status::Done).then_some(terminal))
        });
        let ended = child.wait().map_err(|error| Failure::io(message::fact(&error)));
        let (status, tally, _terminal) = stream.join().unwrap_or((Status::Fault, Tally::default(), None));
        Ok((ended?, status, tally))
    })
}

/// What the threads of both streams came to, when they have ended.
pub(super) fn join(streams: [ScopedJoinHandle<'_, (Status, Tally)>; 2]) -> (Status, Tally) {
    let (mut status, mut tally) = (Status::Done, Tally::default());
    for stream in streams {
        let (moved, part) = stream.join().unwrap_or((Status::Fault, Tally::default()));
        status = status.max(moved);
        tally.add(&part);
    }
    (status, tally)
}

/// Passes signals on to `child` from now on.
pub(super) fn pass(
    passing: Passing,
    child: &Child,
    own_terminal: bool,
    resized: impl Fn() + Send + 'static,
) -> Result<(), Failure> {
    passing.to(handle(child)?, own_terminal, resized).map_err(|error| signals(&error))
}

/// Of the process itself: its number may be given to another one later.
fn handle(child: &Child) -> Result<OwnedFd, Failure> {
    pidfd_open(Pid::from_child(child), PidfdFlags::empty()).map_err(|error| signals(&error.into()))
}

fn move_stdout(mask: &Mask, name: &str, stream: impl AsFd + Sync) -> (Status, Tally) {
    let record = mask.record.as_ref();
    let input = Record::reading(record, UntilHangUp(Fd(&stream)));
    carry(mask, name, &stream, input, Record::writing(record, Output::new()))
}

/// Moves what comes from `stream`, read through `input`, to its end.
pub(super) fn carry(
    mask: &Mask,
    name: &str,
    stream: &(impl AsFd + Sync),
    input: impl Read + Send,
    output: impl Write + Send,
) -> (Status, Tally) {
    let mut tally = Tally::default();
    let idle = || fd::idle(stream);
    let options = Options { max_line: mask.max_line, idle: Some(&idle), ..Options::default() };
    let status = match pipeline::run(&Noted(&mask.masker), input, output, &options, &mut tally) {
        Ok(_) => Status::Done,
        Err(Error::Read(error)) => Failure::io(format!("{name}: {}", message::fact(&error))).say(),
        Err(Error::Write(error)) => output::failed(&error).say(),
        Err(Error::Fault) => filter::fault(name).say(),
    };
    (status, tally)
}

/// The side of a terminal that a program has left reports an error instead of an end (tty_io.c of Linux).
struct UntilHangUp<R>(R);

impl<R: Read> Read for UntilHangUp<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer) {
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) => Ok(0),
            result => result,
        }
    }
}

pub(super) fn signals(error: &io::Error) -> Failure {
    Failure::io(format!("signals: {}", message::fact(error)))
}

/// The name of the command is not said: it may be anything that was typed in the wrong place.
fn not_started(name: &OsStr, error: &io::Error) -> Failure {
    let code = if error.kind() == io::ErrorKind::NotFound { NOT_FOUND } else { NOT_RUN };
    let failure = Failure::io(format!("the command cannot be run: {}", message::fact(error)));
    let failure = Failure { status: Status::Command(code), ..failure };
    // The first word that is no option of ours is the command.
    if name.as_bytes().starts_with(b"-") {
        return failure
            .hint("it begins with a dash: is it an option that logmask run does not have? (logmask run --help)");
    }
    failure
}
