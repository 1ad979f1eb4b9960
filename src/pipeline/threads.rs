//! The pipeline on several threads.
//!
//! Chunk `i` goes to worker `i % n` and comes back from worker `i % n`, so the output is in order without a reorder
//! buffer. A fixed number of jobs goes round: reader, worker, writer, reader. When the output is slow no job comes back,
//! and the reader waits.
//!
//! What is carried from chunk to chunk is known for certain only when the chunk before was rewritten. Workers do not wait
//! for that: they start from what was certain last, which mostly is the same (no block open, the same table). The writer
//! compares, and rewrites a chunk again whose start was foreseen wrongly. So the output is that of one thread whatever was
//! foreseen, and all chunks are rewritten twice at most.

use super::{Error, Judged, Outcome, judge, next, recycle};
use crate::input::{Buffer, Piece, Records};
use crate::rewrite::Rewrite;
use crate::room::LONG;
use memchr::memchr_iter;
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// One chunk on its way; its buffers are used again.
struct Job<W: Rewrite> {
    piece: Piece,
    chunk: Buffer,
    /// As foreseen where the chunk starts, and what that makes of it where it ends.
    before: W::State,
    after: W::State,
    out: Vec<u8>,
    judged: Result<Judged<W::Tally>, Error>,
}

impl<W: Rewrite> Job<W> {
    fn new() -> Job<W> {
        Job {
            piece: Piece::End,
            chunk: Buffer::default(),
            before: W::State::default(),
            after: W::State::default(),
            out: Vec::new(),
            judged: Err(Error::Fault),
        }
    }

    /// Rewrites the chunk from the state before it.
    fn judge(&mut self, rewriter: &W, scratch: &mut W::Scratch) {
        self.after = self.before.clone();
        self.out.clear();
        self.judged = judge(rewriter, self.piece, self.chunk.bytes(), &mut self.after, scratch, &mut self.out);
        if self.judged.is_err() {
            // After a panic nothing is used again.
            *scratch = W::Scratch::default();
        }
    }
}

/// The state where the chunk starts that is to be written next.
struct Certain<W: Rewrite>(Mutex<W::State>);

impl<W: Rewrite> Certain<W> {
    fn get(&self) -> W::State {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, state: &W::State) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone_from(state);
    }
}

pub(super) fn run<W: Rewrite, R: Read>(
    rewriter: &W,
    records: Records<'_, R>,
    output: impl Write + Send,
    threads: usize,
    total: &mut W::Tally,
) -> Result<Outcome, Error> {
    let jobs = 2 * threads + 1;
    let certain = &Certain::<W>(Mutex::default());
    thread::scope(|scope| {
        let (spent, idle) = channel();
        for _ in 0..jobs {
            // The receiver is right here.
            let _ = spent.send(Job::new());
        }
        let (mut to_workers, mut from_workers) = (Vec::new(), Vec::new());
        for _ in 0..threads {
            // Bounded by the number of jobs; the channels need no bound of their own, but a bounded one allocates once.
            let (to_worker, work) = sync_channel::<Job<W>>(jobs);
            let (done, from_worker) = sync_channel(jobs);
            to_workers.push(to_worker);
            from_workers.push(from_worker);
            scope.spawn(move || {
                let mut scratch = W::Scratch::default();
                for mut job in work {
                    job.judge(rewriter, &mut scratch);
                    if done.send(job).is_err() {
                        return;
                    }
                }
            });
        }
        let writer = scope.spawn(move || write_all(rewriter, output, &from_workers, &spent, certain, total));
        let read = read_all(rewriter, records, &to_workers, &idle, jobs, certain);
        drop(to_workers);
        // A panic outside the rewriter is a fault of ours all the same.
        let written = writer.join().unwrap_or(Err(Error::Fault));
        Ok(Outcome { bytes_out: written?, bytes_in: read? })
    })
}

/// Cuts the input and deals the chunks out; gives the number of bytes read.
fn read_all<W: Rewrite, R: Read>(
    rewriter: &W,
    mut records: Records<'_, R>,
    to_workers: &[SyncSender<Job<W>>],
    idle: &Receiver<Job<W>>,
    jobs: usize,
    certain: &Certain<W>,
) -> Result<u64, Error> {
    let mut resting = Vec::new();
    let (mut lines, mut first) = (0, true);
    for worker in to_workers.iter().cycle() {
        // A closed channel means that the writer has ended, and says why.
        let Some(mut job) = resting.pop().or_else(|| idle.recv().ok()) else { break };
        job.piece = next(rewriter, &mut records, &mut job.chunk)?;
        // A long record is in memory alone: all other jobs rest before it starts, and until it is written.
        let long = job.chunk.len() > LONG;
        if long && !gather(idle, &mut resting, jobs - 1) {
            break;
        }
        job.before = certain.get();
        if W::NUMBERED {
            rewriter.number(lines, &mut job.before);
            lines += match job.piece {
                Piece::TooLong { ending, .. } => u64::from(!ending.is_empty()),
                Piece::Records | Piece::End => memchr_iter(b'\n', job.chunk.bytes()).count() as u64,
            };
        }
        let ends = job.piece == Piece::End;
        if worker.send(job).is_err() || ends {
            break;
        }
        // What a source is, its first lines say: nothing can be foreseen before.
        if (long || first) && !gather(idle, &mut resting, jobs) {
            break;
        }
        first = false;
    }
    Ok(records.bytes_in())
}

/// Waits until `count` jobs rest; false if the writer has ended.
fn gather<W: Rewrite>(idle: &Receiver<Job<W>>, resting: &mut Vec<Job<W>>, count: usize) -> bool {
    while resting.len() < count {
        match idle.recv() {
            Ok(job) => resting.push(job),
            Err(_) => return false,
        }
    }
    true
}

/// Writes the chunks in order; gives the number of bytes written.
fn write_all<W: Rewrite>(
    rewriter: &W,
    mut output: impl Write,
    from_workers: &[Receiver<Job<W>>],
    spent: &Sender<Job<W>>,
    certain: &Certain<W>,
    total: &mut W::Tally,
) -> Result<u64, Error> {
    let (mut state, mut scratch) = (W::State::default(), W::Scratch::default());
    let mut bytes_out = 0;
    for worker in from_workers.iter().cycle() {
        let Ok(mut job) = worker.recv() else { break };
        if job.before != state {
            job.before = state;
            job.judge(rewriter, &mut scratch);
        }
        let judged = std::mem::replace(&mut job.judged, Err(Error::Fault))?;
        state = std::mem::take(&mut job.after);
        if job.before != state {
            certain.set(&state);
        }
        if let Some(bytes) = judged.written(job.piece, &job.chunk, &job.out) {
            output.write_all(bytes).and_then(|()| output.flush()).map_err(Error::Write)?;
            bytes_out += bytes.len() as u64;
        }
        W::merge(total, judged.tally);
        recycle(&mut job.out);
        // The reader is gone when the input is at its end.
        let _ = spent.send(job);
    }
    Ok(bytes_out)
}
