//! `logmask [FILE]...`: the filter.

use super::args::{self, FilterArgs};
use super::output::{self, Output};
use super::source::{self, Source};
use super::summary::{Summary, Where};
use super::{Failure, Status, color, interrupt, key, message, size};
use crate::masker::{Masker, Settings};
use crate::pipeline::{self, Error, Options};
use crate::policy::{self, Docs};
use crate::tally::Tally;
use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// A file below this is done before a second thread has started.
const SMALL: u64 = 1 << 20;

/// More threads than this only cost memory.
const MOST_JOBS: usize = 256;

/// What was typed, checked.
struct Plan {
    inputs: Vec<PathBuf>,
    /// None: as many as suit the input.
    jobs: Option<usize>,
    max_line: usize,
}

pub(super) fn run(args: &FilterArgs) -> Result<Status, Failure> {
    let started = Instant::now();
    // 1. All that can fail for what was typed fails here, before a byte is read or written.
    let inputs = args::inputs(&args.files);
    let plan = Plan { jobs: jobs(&args.jobs)?, max_line: max_line(&args.max_line)?, inputs };
    let summary = args.summary.as_deref().map(Where::parse).transpose()?;
    let color = color::wanted(&args.color)?;
    let stdin_is_input = plan.inputs.iter().any(|path| source::is_stdin(path));
    let key = key::read(args.key.as_deref(), stdin_is_input)?;
    let profile = args.policy.profile();
    let policy = super::policy::load(&args.policy, &args.policy.policy, Docs::Without)?;
    let settings = Settings { key: key.bytes.to_vec(), keep_lines: args.keep_lines, color };
    let masker = Masker::new(&policy, settings).map_err(|error| Failure::usage(error.to_string()))?;
    source::not_stdout(&plan.inputs)?;
    // Nothing that is read here is overwritten.
    let key_file = args.key.as_deref().and_then(|spec| spec.as_bytes().strip_prefix(b"file:"));
    let key_file = key_file.map(|path| PathBuf::from(OsStr::from_bytes(path)));
    let read: Vec<PathBuf> = plan.inputs.iter().chain(&args.policy.policy).cloned().chain(key_file).collect();
    let summary = summary.map(|place| place.open(&read)).transpose()?;
    warn_of_policy(&policy, &args.policy.policy);
    interrupt::watch(stdin_is_input && source::stdin_is_fed())
        .map_err(|error| Failure::io(format!("signals: {}", message::fact(&error))))?;

    // 2. The logs, one after another.
    let mut tally = Tally::default();
    let mut read = 0;
    let mut status = move_all(&masker, &plan, &mut tally, &mut read);

    // 3. What there is to say.
    status = status.max(warn_of_withheld(&tally, plan.max_line));
    if args.require_input && read == 0 {
        status = status.max(Failure::usage("no input (--require-input)").say());
    }
    if let Some(place) = summary {
        let summary = Summary {
            tally: &tally,
            rules: masker.rules(),
            profile,
            weakened: &policy.weakened,
            fingerprint: key.fingerprint.as_deref(),
            seconds: started.elapsed().as_secs_f64(),
        };
        status = status.max(place.write(&summary));
    }
    Ok(status)
}

fn move_all(masker: &Masker, plan: &Plan, tally: &mut Tally, read: &mut u64) -> Status {
    let mut status = Status::Done;
    for path in &plan.inputs {
        match move_one(masker, plan, path, tally) {
            Ok(bytes) => *read += bytes,
            Err(failure) => {
                status = status.max(failure.say());
                // An input that is refused is skipped; after anything worse the output would have a hole.
                if status > Status::Usage {
                    break;
                }
            }
        }
    }
    status
}

fn move_one(masker: &Masker, plan: &Plan, path: &Path, tally: &mut Tally) -> Result<u64, Failure> {
    let source = Source::open(path)?;
    let idle = || source.idle();
    let options = Options {
        threads: plan.jobs.unwrap_or_else(|| threads_for(source.length)),
        max_line: plan.max_line,
        idle: Some(&idle),
        ..Options::default()
    };
    match pipeline::run(masker, source.reader(), Output::new(), &options, tally) {
        Ok(outcome) => Ok(outcome.bytes_in),
        Err(Error::Read(error)) => Err(Failure::io(format!("{}: {}", source.name, message::fact(&error)))),
        Err(Error::Write(error)) => Err(output::failed(&error)),
        Err(Error::Fault) => Err(fault(&source.name)),
    }
}

/// The rewriter panicked over the source `name`.
pub(super) fn fault(name: &str) -> Failure {
    Failure {
        status: Status::Fault,
        text: format!("{name}: nothing more was written"),
        hint: Some("please report the place above; it holds nothing of the log".to_owned()),
    }
}

/// All cores for a file that is worth it; one for whatever comes slowly.
pub(super) fn threads_for(length: Option<u64>) -> usize {
    match length {
        Some(length) if length >= SMALL => std::thread::available_parallelism().map_or(1, usize::from),
        _ => 1,
    }
}

pub(super) fn jobs(typed: &str) -> Result<Option<usize>, Failure> {
    match typed {
        "auto" | "0" => Ok(None),
        _ => match typed.parse() {
            Ok(jobs) if jobs <= MOST_JOBS => Ok(Some(jobs)),
            _ => Err(Failure::usage("--jobs: not a number of threads")
                .hint(format!("give auto, or a number up to {MOST_JOBS}"))),
        },
    }
}

pub(super) fn max_line(typed: &str) -> Result<usize, Failure> {
    size::parse(typed)
        .ok_or_else(|| Failure::usage("--max-line: not a number of bytes").hint("for example 64MiB, 512k or 100000"))
}

pub(super) fn warn_of_policy(policy: &policy::Policy, files: &[PathBuf]) {
    if !policy.weakened.is_empty() {
        let ids = policy.weakened.join(", ");
        message::warning(&format!("the policy switches off or loosens rules of the floor: {ids}"));
    }
    for path in files {
        let shared =
            File::open(path).and_then(|file| Ok(rustix::fs::fstat(file)?)).is_ok_and(|stat| stat.st_mode & 0o002 != 0);
        if shared {
            message::warning(&format!("{}: everybody can write this policy", path.display()));
        }
    }
}

pub(super) fn warn_of_withheld(tally: &Tally, max_line: usize) -> Status {
    let was = |number| if number == 1 { "was" } else { "were" };
    if tally.withheld_too_long > 0 {
        let lines = message::count(tally.withheld_too_long, "line");
        message::warning(&format!(
            "{lines} longer than {} {} withheld (--max-line)",
            size::show(max_line),
            was(tally.withheld_too_long)
        ));
    }
    if tally.withheld_too_much_work > 0 {
        let records = message::count(tally.withheld_too_much_work, "record");
        message::warning(&format!(
            "{records} that would take too much work {} withheld",
            was(tally.withheld_too_much_work)
        ));
    }
    if tally.withheld() > 0 { Status::Withheld } else { Status::Done }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_a_number_or_auto() {
        assert!(matches!(jobs("auto"), Ok(None)) && matches!(jobs("0"), Ok(None)));
        assert!(matches!(jobs("3"), Ok(Some(3))));
        for typed in ["", "-1", "x", "1.5", "257", "99999999999999999999"] {
            assert!(jobs(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn small_files_and_pipes_take_one_thread() {
        assert_eq!([threads_for(None), threads_for(Some(0)), threads_for(Some(SMALL - 1))], [1, 1, 1]);
    }
}
