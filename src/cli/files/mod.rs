//! `logmask -o DIR FILE...` and `logmask --in-place FILE...`: each input into a file of its own, several at a time.
//!
//! `target` says where each goes and puts it there in one step; `turn` lets only one long record be in memory, however
//! many files are worked on; `table` tells what came of each.

mod table;
mod target;
mod turn;

pub(super) use table::{Row, Table};
pub(super) use target::remove_unfinished;

use super::args::FilterArgs;
use super::mask::{Mask, To};
use super::record::{self, Record};
use super::source::{self, Binary, Source};
use super::sum::Sum;
use super::tree::Input;
use super::{Failure, Status, filter, interrupt, message, progress, summary};
use crate::pipeline::{self, Error, Options};
use crate::tally::Tally;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use table::Came;
use target::Target;
use turn::Turn;

pub(super) fn run(args: &FilterArgs, inputs: Vec<Input>, binary: Binary) -> Result<Status, Failure> {
    // 1. All that can fail for what was typed.
    let jobs = filter::jobs(&args.jobs)?;
    let (inputs, targets) = match &args.output {
        Some(folder) => target::mirror(folder, inputs)?,
        None => target::in_place(inputs, args.backup.as_deref())?,
    };
    let summary = args.mask.summary.as_deref().and_then(summary::file);
    if let Some(failure) = summary.and_then(|path| target::summary_among(&targets, path)) {
        return Err(failure);
    }
    let paths: Vec<PathBuf> = inputs.iter().map(|input| input.path.clone()).collect();
    // What the audit file says to begin has to be said to end.
    interrupt::watch(false).map_err(|error| Failure::io(format!("signals: {}", message::fact(&error))))?;
    let mask = Mask::new(&args.mask, &paths, To::Files { in_place: args.in_place })?;
    if let Some(failure) = mask.record.as_ref().and_then(|record| target::audit_among(&targets, record)) {
        let status = failure.say();
        return Ok(mask.close(&Tally::default(), None, status));
    }

    // 2. The files: as many at a time as there are threads, and the threads that are left over within them.
    let jobs = jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from)).max(1);
    let workers = jobs.min(inputs.len()).max(1);
    let work = Work {
        mask: &mask,
        binary,
        threads: if mask.serial { 1 } else { jobs / workers },
        turn: Turn::default(),
        stop: AtomicBool::new(false),
    };
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    progress::begin(&paths, false);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some((input, target)) = inputs.get(at).zip(targets.get(at)) else { return };
                    if work.stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let row = work.one(input, target);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((at, row));
                }
            });
        }
    });
    progress::end();

    // 3. What there is to say.
    let mut rows = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.sort_unstable_by_key(|(at, _)| *at);
    let (mut tally, mut status, mut read) = (Tally::default(), Status::Done, 0);
    for (_, row) in &rows {
        tally.add(&row.tally);
        read += row.tally.bytes_in;
        status = status.max(row.status);
    }
    if args.require_input && read == 0 {
        status = status.max(Failure::usage("no input (--require-input)").say());
    }
    let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    Ok(mask.close(&tally, Some(&Table(&rows)), status))
}

/// Of one file, before and after, as it lies there.
#[derive(Default)]
struct Sums {
    input: Sum,
    output: Sum,
}

/// What all files share.
struct Work<'a> {
    mask: &'a Mask,
    binary: Binary,
    /// Threads within a file.
    threads: usize,
    turn: Turn,
    /// Nothing further is begun.
    stop: AtomicBool,
}

impl Work<'_> {
    /// Masks one file and says what went wrong.
    fn one(&self, input: &Input, target: &Target) -> Row {
        let mut tally = Tally::default();
        let sums = Sums::default();
        let (mut status, result) = match self.mask_one(input, target, &mut tally, &sums) {
            Ok(result) => (Status::Done, result),
            Err(failure) => (failure.say(), Came::Failed),
        };
        if let Some(record) = &self.mask.record {
            record::ending::add(&tally);
            let counts = record.counts(&tally, self.mask.masker.rules());
            // What was read to its end.
            let read = (status <= Status::Withheld).then(|| sums.input.hex());
            let output = match result {
                Came::Failed => None,
                // It was not touched.
                Came::Clean if target.is_input() => read.clone(),
                Came::Clean | Came::Masked => Some(sums.output.hex()),
            };
            let told = status.max(if tally.withheld() > 0 { Status::Withheld } else { Status::Done });
            status = status.max(record.file(source::name(&input.path), counts, read, output, told));
        }
        if status == Status::Fault {
            self.stop.store(true, Ordering::Relaxed);
        }
        Row { file: source::name(&input.path), tally, status, result }
    }

    fn mask_one(&self, input: &Input, target: &Target, tally: &mut Tally, sums: &Sums) -> Result<Came, Failure> {
        target.check()?;
        let record = self.mask.record.as_ref();
        let source = Source::summed(&input.path, self.binary, record.map(|_| sums.input.clone()))?;
        let descriptor = &source.descriptor;
        let mut writing = target.begin(descriptor)?;
        let idle = || descriptor.idle();
        let options =
            Options { threads: self.threads, max_line: self.mask.max_line, idle: Some(&idle), ..Options::default() };
        let lines = self.turn.reader(progress::reader(source.lines, Arc::clone(descriptor)));
        let file = Record::filling(record, &sums.output, writing.file());
        let mut output = source.form.writer(file).map_err(|error| target.failed(&error))?;
        let moved = pipeline::run(&self.mask.masker, lines, &mut output, &options, tally);
        match moved.and_then(|_| output.finish().map(drop).map_err(Error::Write)) {
            Ok(()) => {
                if record.is_some() {
                    let rest = source::sum_up_rest(descriptor, &sums.input);
                    rest.map_err(|error| source::unread(&source.name, &error))?;
                }
                // A log that a rule has gone wild over is not lost for it.
                if let Some(alarm) = self.mask.alarm(tally).filter(|_| target.is_input()) {
                    let text = format!("{}: is left as it was: {alarm}", source.name);
                    return Err(Failure { status: Status::No, text, hint: None });
                }
                writing.commit(descriptor, tally)
            }
            Err(Error::Read(error)) => Err(source::unread(&source.name, &error)),
            Err(Error::Write(error)) => Err(target.failed(&error)),
            Err(Error::Fault) => Err(filter::fault(&source.name)),
        }
    }
}
