//! The pipeline on several threads.
//!
//! Chunk `i` goes to worker `i % n` and comes back from worker `i % n`, so the output is in order without a reorder
//! buffer. A fixed number of jobs goes round: reader, worker, writer, reader. When the output is slow no job comes back,
//! and the reader waits.

use super::{Error, Outcome, judge, next, recycle};
use crate::input::{Buffer, KEEP, Piece, Records};
use crate::rewrite::Rewrite;
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// One chunk on its way; its buffers are used again.
struct Job<W: Rewrite> {
    piece: Piece,
    chunk: Buffer,
    /// As it is where the chunk starts.
    state: W::State,
    out: Vec<u8>,
    tally: Result<W::Tally, Error>,
}

pub(super) fn run<W: Rewrite, R: Read>(
    rewriter: &W,
    records: Records<'_, R>,
    output: impl Write + Send,
    threads: usize,
    total: &mut W::Tally,
) -> Result<Outcome, Error> {
    let jobs = 2 * threads + 1;
    thread::scope(|scope| {
        let (spent, idle) = channel();
        for _ in 0..jobs {
            let job = Job {
                piece: Piece::End,
                chunk: Buffer::default(),
                state: W::State::default(),
                out: Vec::new(),
                tally: Err(Error::Fault),
            };
            // The receiver is right here.
            let _ = spent.send(job);
        }
        let (mut to_workers, mut from_workers) = (Vec::new(), Vec::new());
        for _ in 0..threads {
            // Bounded by the number of jobs; the channels need no bound of their own, but a bounded one allocates once.
            let (to_worker, work) = sync_channel(jobs);
            let (done, from_worker) = sync_channel(jobs);
            to_workers.push(to_worker);
            from_workers.push(from_worker);
            scope.spawn(move || rewrite_all(rewriter, &work, &done));
        }
        let writer = scope.spawn(move || write_all::<W>(output, &from_workers, &spent, total));
        let read = read_all(rewriter, records, &to_workers, &idle, jobs);
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
) -> Result<u64, Error> {
    let (mut state, mut scratch) = (W::State::default(), W::Scratch::default());
    let mut resting = Vec::new();
    for worker in to_workers.iter().cycle() {
        // A closed channel means that the writer has ended, and says why.
        let Some(mut job) = resting.pop().or_else(|| idle.recv().ok()) else { break };
        job.piece = next(rewriter, &mut records, &mut job.chunk)?;
        let long = job.chunk.len() > KEEP;
        match job.piece {
            Piece::Records => {
                job.state = state.clone();
                super::guarded(|| rewriter.advance(job.chunk.bytes(), &mut state, &mut scratch))?;
            }
            Piece::TooLong { ending, .. } => {
                job.state = state.clone();
                rewriter.skip(ending, &mut state);
            }
            Piece::End => {
                job.state = state;
                let _ = worker.send(job);
                break;
            }
        }
        // A long record is in memory alone: all other jobs rest before it starts, and until it is written.
        if long && !gather(idle, &mut resting, jobs - 1) || worker.send(job).is_err() {
            break;
        }
        if long && !gather(idle, &mut resting, jobs) {
            break;
        }
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

fn rewrite_all<W: Rewrite>(rewriter: &W, work: &Receiver<Job<W>>, done: &SyncSender<Job<W>>) {
    let mut scratch = W::Scratch::default();
    for mut job in work {
        job.tally = judge(rewriter, job.piece, job.chunk.bytes(), &mut job.state, &mut scratch, &mut job.out);
        job.chunk.clear();
        let fault = job.tally.is_err();
        if done.send(job).is_err() || fault {
            return;
        }
    }
}

/// Writes the chunks in order; gives the number of bytes written.
fn write_all<W: Rewrite>(
    mut output: impl Write,
    from_workers: &[Receiver<Job<W>>],
    spent: &Sender<Job<W>>,
    total: &mut W::Tally,
) -> Result<u64, Error> {
    let mut bytes_out = 0;
    for worker in from_workers.iter().cycle() {
        let Ok(mut job) = worker.recv() else { break };
        let tally = std::mem::replace(&mut job.tally, Err(Error::Fault))?;
        if job.piece != Piece::End || !job.out.is_empty() {
            output.write_all(&job.out).and_then(|()| output.flush()).map_err(Error::Write)?;
        }
        bytes_out += job.out.len() as u64;
        W::merge(total, tally);
        recycle(&mut job.out);
        // The reader is gone when the input is at its end.
        let _ = spent.send(job);
    }
    Ok(bytes_out)
}
