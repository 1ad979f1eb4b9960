//! `logmask [FILE]...`: the filter.

use super::args::FilterArgs;
use super::diff::Headed;
use super::mask::{Mask, To};
use super::output::{self, Output};
use super::record::{Noted, Record};
use super::source::{self, Binary, Source};
use super::{Failure, Status, files, interrupt, message, progress, tree};
use crate::input::form::Form;
use crate::masker::Diff;
use crate::pipeline::{self, Error, Options};
use crate::tally::Tally;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file below this is done before a second thread has started.
const SMALL: u64 = 1 << 20;

/// More threads than this only cost memory.
const MOST_JOBS: usize = 256;

/// What was typed, checked.
struct Plan {
    inputs: Vec<PathBuf>,
    /// None: as many as suit the input.
    jobs: Option<usize>,
    binary: Binary,
    /// Only lines that are changed.
    diff: bool,
}

pub(super) fn run(args: &FilterArgs) -> Result<Status, Failure> {
    // 1. All that can fail for what was typed fails here, before a byte is read or written.
    one_place(args)?;
    let binary = if args.binary { Binary::Masked } else { Binary::Refused };
    source::not_a_terminal(&args.files)?;
    let inputs = tree::expand(&args.files, (&args.look).into())?;
    if args.output.is_some() || args.in_place {
        return files::run(args, inputs, binary);
    }
    let inputs: Vec<PathBuf> = inputs.into_iter().map(|input| input.path).collect();
    let plan = Plan { inputs, jobs: jobs(&args.jobs)?, binary, diff: args.diff };
    // From here on: what the audit file says to begin has to be said to end.
    let fed = plan.inputs.iter().any(|path| source::is_stdin(path)) && source::stdin_is_fed();
    interrupt::watch(fed).map_err(|error| Failure::io(format!("signals: {}", message::fact(&error))))?;
    // A line that is dropped is told as what stands in for it.
    let mask = Mask::new(&args.mask, &plan.inputs, To::Stdout { keep_lines: args.diff })?;
    source::not_stdout(&plan.inputs)?;
    source::warn_of_closed_stdout();

    // 2. The logs, one after another.
    progress::begin(&plan.inputs, true);
    let mut tally = Tally::default();
    let mut read = 0;
    let mut status = move_all(&mask, &plan, &mut tally, &mut read);
    progress::end();

    // 3. What there is to say.
    if args.require_input && read == 0 {
        status = status.max(Failure::usage("no input (--require-input)").say());
    }
    Ok(mask.close(&tally, None, status))
}

fn move_all(mask: &Mask, plan: &Plan, tally: &mut Tally, read: &mut u64) -> Status {
    let mut status = Status::Done;
    for path in &plan.inputs {
        match move_one(mask, plan, path, tally) {
            Ok(bytes) => *read += bytes,
            Err(Stopped { failure, ends }) => {
                status = status.max(failure.say());
                // What cannot be read ends with its last whole line, and the next source begins anew.
                if ends {
                    break;
                }
            }
        }
    }
    status
}

/// Why a source was not moved to its end.
struct Stopped {
    failure: Failure,
    /// Nothing can be written any more, or nothing may.
    ends: bool,
}

impl Stopped {
    fn source(failure: Failure) -> Stopped {
        Stopped { failure, ends: false }
    }

    fn output(error: &io::Error) -> Stopped {
        Stopped { failure: output::failed(error), ends: true }
    }
}

/// Refuses options of which one has to go. By hand, because the parser must not know what to say of what was typed.
fn one_place(args: &FilterArgs) -> Result<(), Failure> {
    let places = [("-o", args.output.is_some()), ("--in-place", args.in_place), ("--diff", args.diff)];
    let mut given = places.into_iter().filter_map(|(name, given)| given.then_some(name));
    if let (Some(one), Some(other)) = (given.next(), given.next()) {
        return Err(Failure::usage(format!("{one} and {other} exclude each other")).hint("say once where the log goes"));
    }
    if args.backup.is_some() && !args.in_place {
        return Err(Failure::usage("--backup: goes with --in-place only"));
    }
    Ok(())
}

fn move_one(mask: &Mask, plan: &Plan, path: &Path, tally: &mut Tally) -> Result<u64, Stopped> {
    let sum = mask.record.as_ref().and_then(Record::input);
    let source = Source::summed(path, plan.binary, sum.clone()).map_err(Stopped::source)?;
    let idle = || source.descriptor.idle();
    let options = Options {
        threads: if mask.serial { 1 } else { plan.jobs.unwrap_or_else(|| threads_for(source.length)) },
        max_line: mask.max_line,
        idle: Some(&idle),
        ..Options::default()
    };
    // Packed logs come out as lines, because pipes want lines; UTF-16 stays UTF-16.
    let form = Form { codec: None, ..source.form };
    let lines = progress::reader(source.lines, Arc::clone(&source.descriptor));
    let output = Record::writing(mask.record.as_ref(), Output::new());
    let moved = if plan.diff {
        pipeline::run(&Noted(&Diff(&mask.masker)), lines, Headed::new(output, &source.name), &options, tally)
    } else {
        let mut output = form.writer(output).map_err(|error| Stopped::output(&error))?;
        let moved = pipeline::run(&Noted(&mask.masker), lines, &mut output, &options, tally);
        // Also after an error: what was written is whole lines.
        let finished = output.finish();
        moved.and_then(|outcome| finished.map(|_| outcome).map_err(Error::Write))
    };
    let unread = |error: &io::Error| Stopped::source(source::unread(&source.name, error));
    match moved {
        Ok(outcome) => {
            let rest = sum.filter(|_| source.length.is_some()).map(|sum| source::sum_up_rest(&source.descriptor, &sum));
            rest.transpose().map_err(|error| unread(&error))?;
            Ok(outcome.bytes_in)
        }
        Err(Error::Read(error)) => Err(unread(&error)),
        Err(Error::Write(error)) => Err(Stopped::output(&error)),
        Err(Error::Fault) => Err(Stopped { failure: fault(&source.name), ends: true }),
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
