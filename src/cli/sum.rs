//! SHA-256 of bytes on their way: short ones at once, much of it on a thread of its own, which takes as long as reading and
//! writing do.

use sha2::{Digest, Sha256};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

/// Bytes after which a thread pays.
const MUCH: usize = 1 << 20;
/// Bytes that are handed over at once, and how many such pieces may wait.
const PIECE: usize = 256 << 10;
const WAITING: usize = 4;

/// A sum, for whoever has a copy of it.
#[derive(Clone, Default)]
pub(super) struct Sum(Arc<Mutex<Summing>>);

#[derive(Default)]
struct Summing {
    /// Of all there was, unless a thread has it.
    sum: Sha256,
    here: usize,
    /// There was a byte at least.
    any: bool,
    thread: Option<Worker>,
}

struct Worker {
    pieces: SyncSender<Vec<u8>>,
    /// Those that are done, to be filled again.
    done: Receiver<Vec<u8>>,
    thread: JoinHandle<Sha256>,
}

impl Sum {
    /// Goes on with `bytes`.
    pub(super) fn add(&self, bytes: &[u8]) {
        let mut own = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        own.any |= !bytes.is_empty();
        if own.thread.is_none() {
            if own.here < MUCH {
                own.here += bytes.len();
                own.sum.update(bytes);
                return;
            }
            own.thread = Worker::start(&own.sum);
        }
        for piece in bytes.chunks(PIECE) {
            match &own.thread {
                Some(worker) => worker.add(piece),
                None => own.sum.update(piece),
            }
        }
    }

    /// The same; none if there was nothing.
    pub(super) fn hex_of_some(&self) -> Option<String> {
        let own = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let some = own.any;
        drop(own);
        some.then(|| self.hex())
    }

    /// Of what there was so far, in hex.
    pub(super) fn hex(&self) -> String {
        let mut own = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(worker) = own.thread.take() {
            own.sum = worker.end();
            own.here = 0;
        }
        data_encoding::HEXLOWER.encode(&own.sum.clone().finalize())
    }
}

impl Worker {
    /// Goes on with `sum`; none where there is no thread to be had.
    fn start(sum: &Sha256) -> Option<Worker> {
        let (pieces, come) = sync_channel::<Vec<u8>>(WAITING);
        let (back, done) = channel();
        let mut sum = sum.clone();
        let summing = move || {
            for piece in come {
                sum.update(&piece);
                // Nobody fills it again at the end.
                let _ = back.send(piece);
            }
            sum
        };
        let thread = Builder::new().name("sum".to_owned()).stack_size(64 << 10).spawn(summing).ok()?;
        Some(Worker { pieces, done, thread })
    }

    fn add(&self, bytes: &[u8]) {
        let mut piece = match self.done.try_recv() {
            Ok(piece) => piece,
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => Vec::with_capacity(PIECE),
        };
        piece.clear();
        piece.extend_from_slice(bytes);
        self.pieces.send(piece).expect("the thread ends when nothing more can come");
    }

    fn end(self) -> Sha256 {
        drop(self.pieces);
        self.thread.join().expect("summing up does not panic")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_on_a_thread_and_may_be_asked_for_at_any_time() {
        let bytes: Vec<u8> = (0..5 * MUCH).map(|at| ((at * 7) >> 3) as u8).collect();
        let sum = Sum::default();
        let mut at = 0;
        for length in [0, 1, 4096, MUCH, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 7, 1, MUCH, 3] {
            sum.add(&bytes[at..at + length]);
            at += length;
            if length % 2 == 1 {
                assert_eq!(sum.hex(), data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes[..at])), "{at}");
            }
        }
        assert_eq!(sum.hex(), data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes[..at])));
    }
}
