//! Long records, one at a time: with many files at once, memory must not grow with their number.

use std::io::{self, Read};
use std::sync::{Condvar, Mutex, PoisonError};

/// A line beyond this many bytes is in memory alone, among all files; the same bound as within one file.
const LONG: usize = 1 << 20;

/// Whose turn it is to hold a long line.
#[derive(Default)]
pub(super) struct Turn {
    taken: Mutex<bool>,
    free: Condvar,
}

impl Turn {
    /// Reads `inner`, and waits where a long line begins to be long until no other reader has one. What was given before
    /// has been judged and written when more is asked for.
    pub(super) fn reader<R: Read>(&self, inner: R) -> Waiting<'_, R> {
        Waiting { turn: self, inner, open: 0, mine: false }
    }

    fn take(&self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken {
            taken = self.free.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken = true;
    }

    fn give(&self) {
        *self.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.free.notify_one();
    }
}

/// See [`Turn::reader`].
pub(super) struct Waiting<'t, R> {
    turn: &'t Turn,
    inner: R,
    /// Bytes since the last newline.
    open: usize,
    mine: bool,
}

impl<R: Read> Read for Waiting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.mine && self.open <= LONG {
            self.mine = false;
            self.turn.give();
        }
        if !self.mine && self.open > LONG {
            self.turn.take();
            self.mine = true;
        }
        let read = self.inner.read(buffer)?;
        self.open = match memchr::memrchr(b'\n', &buffer[..read]) {
            Some(at) => read - at - 1,
            None => self.open + read,
        };
        Ok(read)
    }
}

impl<R> Drop for Waiting<'_, R> {
    fn drop(&mut self) {
        if self.mine {
            self.turn.give();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    /// Lines of three times the bound, which notice when another reader has one as well.
    struct Lines<'a> {
        id: usize,
        holder: &'a AtomicUsize,
        pieces: usize,
        open: usize,
    }

    impl Read for Lines<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.open > LONG {
                let before = self.holder.swap(self.id, Ordering::SeqCst);
                assert!(before == 0 || before == self.id, "{before} has a long line, and so has {}", self.id);
                thread::yield_now();
            }
            self.pieces -= usize::from(self.pieces > 0);
            if self.pieces == 0 {
                return Ok(0);
            }
            buffer.fill(b'x');
            self.open += buffer.len();
            if self.open > 3 * LONG {
                buffer[buffer.len() - 1] = b'\n';
                self.open = 0;
                self.holder.store(0, Ordering::SeqCst);
            }
            Ok(buffer.len())
        }
    }

    #[test]
    fn only_one_reader_has_a_long_line() {
        let (turn, holder) = (Turn::default(), AtomicUsize::new(0));
        thread::scope(|scope| {
            for id in 1..=4 {
                let (turn, holder) = (&turn, &holder);
                scope.spawn(move || {
                    let mut reader = turn.reader(Lines { id, holder, pieces: 40, open: 0 });
                    let mut buffer = vec![0; LONG / 4];
                    while reader.read(&mut buffer).unwrap() > 0 {}
                });
            }
        });
    }
}
