//! Talks to people: what was typed, what is read and written, what is said.
//!
//! One command per file; `explain` is the simplest to copy from. Stdout carries what a command gives, through `output`;
//! everything else goes to stderr through `message`.

mod access_args;
mod args;
mod audit;
mod broker;
mod check;
mod color;
mod completions;
mod diff;
mod discover;
mod explain;
mod files;
mod filter;
mod grant;
mod interrupt;
mod key;
mod keyring;
mod kubectl;
mod later;
mod man;
mod mask;
mod message;
mod mistake;
mod nearest;
mod output;
mod policy;
mod progress;
mod record;
mod reveal;
mod rules;
mod run;
mod seal;
mod secrets;
mod secrets_args;
mod selection;
mod size;
mod source;
mod storm;
mod sum;
mod summary;
mod tree;
mod view;

use args::{Args, Command};
use clap::Parser;
use later::Later;
use std::ffi::OsString;
use std::process::ExitCode;

/// What the process says at its end. The order is that of precedence: of two, the later one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    /// All went well.
    Done,
    /// A command that judges content says no.
    No,
    /// Something was withheld.
    Withheld,
    /// Usage, policy or unsupported input.
    Usage,
    /// The audit trail cannot be written, or is not what it was.
    Audit,
    /// A fault of ours; nothing of that chunk or later was written.
    Fault,
    /// Input or output failed.
    Io,
    /// What the command that was run said, other than 0.
    Command(u8),
}

impl Status {
    fn code(self) -> u8 {
        match self {
            Status::Done => 0,
            Status::No => 1,
            Status::Usage => 2,
            Status::Withheld => 3,
            Status::Audit => 4,
            Status::Fault => 70,
            Status::Io => 74,
            Status::Command(code) => code,
        }
    }
}

/// Why a command ends early: said once, where it is caught.
#[derive(Debug)]
struct Failure {
    status: Status,
    text: String,
    hint: Option<String>,
}

impl Failure {
    fn usage(text: impl Into<String>) -> Failure {
        Failure { status: Status::Usage, text: text.into(), hint: None }
    }

    fn io(text: impl Into<String>) -> Failure {
        Failure { status: Status::Io, text: text.into(), hint: None }
    }

    /// No audit, no work.
    fn audit(text: impl Into<String>) -> Failure {
        Failure { status: Status::Audit, text: text.into(), hint: None }
    }

    /// Somebody may not.
    fn denied(text: impl Into<String>) -> Failure {
        Failure { status: Status::Withheld, text: text.into(), hint: None }
    }

    fn hint(self, hint: impl Into<String>) -> Failure {
        Failure { hint: Some(hint.into()), ..self }
    }

    /// Tells the user, and gives the status.
    fn say(&self) -> Status {
        message::error(&self.text);
        if let Some(hint) = &self.hint {
            message::hint(hint);
        }
        self.status
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    // Only the place: the payload may hold what a rule hides, and a backtrace helps nobody here.
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(at) => message::error(&format!("internal fault at {}:{}", at.file(), at.line())),
        None => message::error("internal fault"),
    }));
    // No core file, and no other process of this user looks into our memory: logs and keys are there.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let status = std::panic::catch_unwind(|| {
        if kubectl::is_called_by(arguments.first()) {
            return kubectl::run(&arguments[1..]);
        }
        match Args::try_parse_from(&arguments) {
            Ok(args) => run(&args).code(),
            Err(error) => mistake::told(&error, &arguments).code(),
        }
    });
    ExitCode::from(status.unwrap_or(Status::Fault.code()))
}

fn run(args: &Args) -> Status {
    let result = match &args.command {
        None => filter::run(&args.filter),
        Some(Command::Run(Later(args))) => run::run(args),
        Some(Command::Audit(Later(args))) => audit::run(args),
        Some(Command::Grant(Later(args))) => grant::run(args),
        Some(Command::Broker(Later(args))) => broker::run(args),
        Some(Command::Reveal(Later(args))) => reveal::run(args),
        Some(Command::Keyring(Later(args))) => keyring::run(args),
        Some(Command::Rules(Later(args))) => rules::run(args),
        Some(Command::Policy(Later(args))) => policy::run(args),
        Some(Command::Explain(Later(args))) => explain::run(args),
        Some(Command::Check(Later(args))) => check::run(args),
        Some(Command::Completions(Later(args))) => completions::run(args),
        Some(Command::Man(Later(args))) => man::run(args),
    };
    result.unwrap_or_else(|failure| failure.say())
}
