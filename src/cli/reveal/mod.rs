//! `logmask reveal`: opens what `--seal` has sealed, for whoever may see it.
//!
//! In this order: the audit file, the grant, the keys, the entry that says what is about to be opened, and only then the
//! first byte. A refusal is noted.

pub(super) mod args;
mod limited;

use super::args::{PolicyArgs, ViewArgs};
use super::filter::{fault, jobs, threads_for};
use super::keyring::{self, Shelf};
use super::output::{self, Output};
use super::record::{Noted, Record, Sources};
use super::source::{self, Binary, Source};
use super::view::{self, Refused, View, Where};
use super::{Failure, Status, interrupt, mask, message, record};
use crate::input::form::Form;
use crate::pipeline::{self, Error, Options};
use crate::policy::{Docs, Policy};
use crate::reveal::{Reveal, Revealed};
use crate::seal::{Identities, token};
use args::RevealArgs;
use limited::{Limit, Limited};
use std::path::{Path, PathBuf};

/// What is opened, and with what.
pub(super) struct Task<'a> {
    /// Logs; `-` is stdin.
    pub(super) files: &'a [PathBuf],
    /// Directory of the key rings.
    pub(super) keyring: &'a Path,
    /// Private keys that open them.
    pub(super) identities: &'a Identities,
    /// Threads; none: as many as suit the input.
    pub(super) jobs: Option<usize>,
    /// Longest line, in bytes.
    pub(super) max_line: usize,
}

pub(super) fn run(args: &RevealArgs) -> Result<Status, Failure> {
    // 1. What was typed.
    source::not_a_terminal(&args.files)?;
    let files = super::args::inputs(&args.files);
    let (jobs, max_line) = (jobs(&args.jobs)?, mask::max_line(&args.max_line)?);
    let reason = record::reason(args.audit.reason.as_deref())?;
    let typed = PolicyArgs {
        policy: args.policy.clone(),
        profile: None,
        no_floor: false,
        no_config: args.no_config,
        lock: None,
    };
    let policy = super::policy::load(&typed, &typed.policy, Docs::Without)?;
    // 2. No audit, no reveal.
    let audit = Where::find(&args.audit, policy.roles.as_ref())?;
    // 3. Who, on what terms.
    let view = match &policy.roles {
        Some(roles) => {
            let typed = ViewArgs { view: None, grant: args.grant.clone(), proof_key: args.proof_key.clone() };
            let refuse = |refused: Refused| refused.note(&audit, "reveal", &[]);
            let (permit, proof) = view::judge(&typed, roles, args.view.as_deref()).map_err(refuse)?;
            let limits = roles.limits(&permit.role);
            View { permit: Some(permit), proof: Some(proof), audit: Some(audit), limits }
        }
        None if args.grant.is_some() || args.proof_key.is_some() || args.view.is_some() => {
            return Err(Failure::usage("--grant, --proof-key and --view need a policy with roles"));
        }
        None => View { audit: Some(audit), ..View::default() },
    };
    // 4. With which keys.
    let stdin_is_input = files.iter().any(|path| source::is_stdin(path));
    let identities = keyring::identities("--identity", &args.identity, stdin_is_input)?;
    let task = Task { files: &files, keyring: &args.keyring, identities: &identities, jobs, max_line };
    reveal(&task, view, reason.as_deref(), &policy)
}

/// Opens what `task` says to stdout, and notes it first. Whoever calls has checked the grant in `view`; without one
/// whatever the identities open is shown.
pub(super) fn reveal(task: &Task<'_>, view: View, reason: Option<&str>, policy: &Policy) -> Result<Status, Failure> {
    let shelf = Shelf::open(task.keyring, task.identities)?;
    source::not_stdout(task.files)?;
    source::warn_of_closed_stdout();
    let fed = task.files.iter().any(|path| source::is_stdin(path)) && source::stdin_is_fed();
    interrupt::watch(fed).map_err(|error| Failure::io(format!("signals: {}", message::fact(&error))))?;
    let classes = view.permit.as_ref().map(|permit| permit.classes.clone());
    let sources = Sources { files: task.files, one_way: true, ..Sources::default() };
    let limit = Limit::of(&view.limits)?;
    let record = Record::reveal(view, reason, policy, sources, &[])?.output_only();
    let reveal = Limited { reveal: Reveal::new(&shelf, classes.as_deref()), limit };
    let (mut tally, mut status) = (Revealed::default(), Status::Done);
    for path in task.files {
        if let Err(failure) = open_one(&reveal, task, path, &record, &mut tally) {
            status = status.max(failure.say());
            // An input that is refused is skipped; after anything worse the output would have a hole.
            if status > Status::Usage {
                break;
            }
        }
    }
    status = status.max(tell(&tally, task));
    Ok(status.max(record.revealed(&tally, status)))
}

fn open_one(
    reveal: &Limited<'_>,
    task: &Task<'_>,
    path: &Path,
    record: &Record,
    tally: &mut Revealed,
) -> Result<(), Failure> {
    let source = Source::open(path, Binary::Refused)?;
    let idle = || source.descriptor.idle();
    let threads = task.jobs.unwrap_or_else(|| threads(&source));
    let options = Options { threads, max_line: task.max_line, idle: Some(&idle), ..Options::default() };
    // Packed logs come out as lines, because pipes want lines; UTF-16 stays UTF-16.
    let form = Form { codec: None, ..source.form };
    let mut output =
        form.writer(Record::writing(Some(record), Output::new())).map_err(|error| output::failed(&error))?;
    let moved = pipeline::run(&Noted(reveal), source.lines, &mut output, &options, tally);
    // Also after an error: what was written is whole lines.
    let finished = output.finish();
    match moved.and_then(|_| finished.map(drop).map_err(Error::Write)) {
        Ok(()) => Ok(()),
        Err(Error::Read(error)) => Err(source::unread(&source.name, &error)),
        Err(Error::Write(error)) => Err(output::failed(&error)),
        Err(Error::Fault) => Err(fault(&source.name)),
    }
}

/// Threads that suit `source`. While there is nothing to open, one is faster than the sum of what goes out, which has a thread
/// of its own, and more only take its core away: 258 instead of 358 ms for 256 MiB on two cores.
fn threads(source: &Source) -> usize {
    match threads_for(source.length) {
        most if most > 1 && source.form.codec.is_none() && !shows_tokens(source) => 1,
        most => most,
    }
}

/// Whether a token may be in one of some places all over a file. Nothing but speed depends on it.
fn shows_tokens(source: &Source) -> bool {
    let step = source.length.unwrap_or_default() / PLACES;
    let mut piece = vec![0; PLACE];
    (0..PLACES).any(|at| {
        let read = rustix::io::pread(&*source.descriptor, &mut piece, at * step).unwrap_or_default();
        token::may_be_in(&piece[..read])
    })
}

/// How many places of a file are looked at, and how long each is, in bytes.
const PLACES: u64 = 16;
const PLACE: usize = 32 << 10;

/// Says what stays sealed, and why.
fn tell(tally: &Revealed, task: &Task<'_>) -> Status {
    let mut status = Status::Done;
    let values = |count| message::count(count, "sealed value");
    if tally.withheld > 0 {
        let lines = message::count(tally.withheld, "line");
        message::warning(&format!("{lines} withheld: too long (--max-line)"));
        status = status.max(Status::Withheld);
    }
    if tally.foreign > 0 {
        message::warning(&format!("{} not for you: left as they are", values(tally.foreign)));
        status = status.max(Status::Withheld);
    }
    if tally.shut > 0 {
        let shut = values(tally.shut);
        let keyring = task.keyring.display();
        message::warning(&format!("{shut} cannot be opened: changed, or their key ring is not in {keyring}"));
        status = status.max(Status::Audit);
    }
    status
}
