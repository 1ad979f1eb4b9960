//! Appends to a chain: lock, append, fsync. Several processes may write to one file.

use super::{EXACT, Entry, Event, LONGEST, NOTHING, VERSION, ascii, digest, sign};
use jiff::Timestamp;
use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;
use serde::Serialize;
use serde_json::Value;
use ssh_key::PrivateKey;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Held while a line is written: a process that ends in the middle of it would leave a part of the line, from one page of
/// the file to the next.
static WRITING: Mutex<()> = Mutex::new(());

/// For a thread that is about to end the process: from now on no other one is in the middle of a line, or begins one.
pub fn between_entries() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The process is about to end: what has not begun does not begin any more.
static ENDING: AtomicBool = AtomicBool::new(false);

/// For a thread that is about to end the process: whoever waits for the file to begin something waits no longer.
pub fn begin_nothing() {
    ENDING.store(true, Ordering::SeqCst);
}

/// How long somebody else may have the file, in all.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether somebody has waited long enough for the file. What has begun must end there.
fn long(waited: Duration) -> bool {
    waited >= PATIENCE
}

/// How far the clock may be behind the last entry, in seconds.
pub const SKEW: i64 = 300;

/// A chain that can be appended to.
#[derive(Debug)]
pub struct Log {
    pub(super) file: File,
    pub(super) path: PathBuf,
    pub(super) origin: String,
    /// A chain of another name is refused.
    pub(super) named: bool,
}

/// The place that the next entry will have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Its number; the first is 1.
    pub seq: u64,
    /// SHA-256 of the line before it.
    pub prev: String,
    /// The name of the chain.
    pub origin: String,
    /// Its time, in seconds since 1970.
    pub time: i64,
}

impl Next {
    /// Not before the last entry, which the clock is `behind`: or else with each entry it could go back a little more.
    pub(super) fn after(self, behind: i64) -> Next {
        Next { time: self.time + behind.max(0), ..self }
    }
}

/// Why nothing was appended.
#[derive(Debug)]
pub enum Error {
    /// The file cannot be opened, written or synced.
    Io(io::Error),
    /// It cannot be moved to where it is to go.
    Target(io::Error),
    /// It is no regular file.
    NoFile,
    /// Its last line is not whole, from this offset on.
    Torn(u64),
    /// Its last line is no entry, or its first one does not name a chain.
    Foreign,
    /// It is a chain of another name.
    Other,
    /// It holds no whole entry.
    Nothing,
    /// The clock is so many seconds behind the last entry.
    ClockWentBack(i64),
    /// Another process has locked it, and does not let it go.
    Locked,
    /// The entry is longer than [`LONGEST`].
    TooLong,
    /// The key cannot sign.
    Sign,
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Io(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io(error) | Error::Target(error) => {
                let text = error.to_string();
                f.write_str(&text.split(" (os error").next().unwrap_or_default().to_lowercase())
            }
            Error::NoFile => f.write_str("is not a regular file"),
            Error::Torn(offset) => write!(f, "the last line is torn, from byte {offset} on"),
            Error::Foreign => f.write_str("this is no audit file: its first or its last line is no audit entry"),
            Error::Other => f.write_str("is a chain of another name"),
            Error::Nothing => f.write_str("holds no whole audit entry"),
            Error::ClockWentBack(seconds) => write!(f, "clock went back: it is {seconds} s behind the last entry"),
            Error::Locked => f.write_str("another process has locked it, and does not let it go"),
            Error::TooLong => f.write_str("an entry would be too long"),
            Error::Sign => f.write_str("the audit key cannot sign"),
        }
    }
}

impl std::error::Error for Error {}

/// The line of an entry.
#[derive(Serialize)]
struct Line<'a> {
    v: u8,
    seq: u64,
    prev: &'a str,
    time: String,
    #[serde(flatten)]
    entry: &'a Entry,
}

impl Log {
    /// Opens the chain at `path`, or makes one named `origin` there. Its directory must exist.
    pub fn open(path: &Path, origin: &str) -> Result<Log, Error> {
        let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
        if size(&file)? == 0 {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(folder)?.sync_all()?;
        }
        Ok(Log { file, path: path.to_owned(), origin: origin.to_owned(), named: false })
    }

    /// Refuses to go on with a chain of another name: what is signed is signed for its name.
    #[must_use]
    pub fn named(self) -> Log {
        Log { named: true, ..self }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name that a new file gets.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Appends what `make` gives for its place, and returns when it is on disk. The first entry of a file is preceded by
    /// one that names the chain.
    pub fn append(&mut self, make: impl FnOnce(&Next) -> Result<Entry, Error>) -> Result<Next, Error> {
        let _lock = self.lock_until(|waited| long(waited) || ENDING.load(Ordering::SeqCst))?;
        let next = self.next()?;
        self.put(next, make)
    }

    /// Appends what has to be known whatever the clock says: a refusal, the end of a run, a signature. If it went back,
    /// the entry has the time of the last one, so that the next to come is not behind less than this one was.
    pub fn note(&mut self, make: impl FnOnce(&Next) -> Result<Entry, Error>) -> Result<Next, Error> {
        let _lock = self.lock()?;
        let (next, behind) = self.place()?;
        self.put(next.after(behind), make)
    }

    fn put(&mut self, mut next: Next, make: impl FnOnce(&Next) -> Result<Entry, Error>) -> Result<Next, Error> {
        if next.prev == NOTHING && next.seq == 1 {
            let entry = Entry { event: Event::Open, origin: Some(self.origin.clone()), ..Entry::default() };
            next = self.write(&next, &entry)?;
        }
        let entry = make(&next)?;
        self.write(&next, &entry)
    }

    /// Signs all there is so far.
    pub fn checkpoint(&mut self, key: &PrivateKey) -> Result<Next, Error> {
        self.note(|next| checkpoint(next, key))
    }

    /// Locks the file that is at the path now: it may have been rotated since it was opened.
    pub(super) fn lock(&mut self) -> Result<Lock, Error> {
        self.lock_until(long)
    }

    fn lock_until(&mut self, enough: fn(Duration) -> bool) -> Result<Lock, Error> {
        loop {
            let lock = Lock::take(&self.file, FlockOperation::NonBlockingLockExclusive, enough)?;
            let (open, there) = (rustix::fs::fstat(&self.file), rustix::fs::stat(&self.path));
            match (open.map_err(io::Error::from)?, there) {
                (open, Ok(there)) if open.st_ino == there.st_ino && open.st_dev == there.st_dev => return Ok(lock),
                _ => self.file = Log::open(&self.path, &self.origin)?.file,
            }
        }
    }

    /// The place of the next entry, now, or at the time of the last one if that is not quite reached.
    pub(super) fn next(&mut self) -> Result<Next, Error> {
        match self.place()? {
            (_, behind) if behind > SKEW => Err(Error::ClockWentBack(behind)),
            (next, behind) => Ok(next.after(behind)),
        }
    }

    /// The same, and how many seconds the clock is behind the last entry.
    fn place(&mut self) -> Result<(Next, i64), Error> {
        let length = self.file.seek(SeekFrom::End(0))?;
        self.place_at(length)
    }

    /// The same, if the file had only its first `length` bytes.
    pub(super) fn place_at(&mut self, length: u64) -> Result<(Next, i64), Error> {
        let now = Timestamp::now().as_second();
        if length == 0 {
            return Ok((Next { seq: 1, prev: NOTHING.to_owned(), origin: self.origin.clone(), time: now }, 0));
        }
        let from = length.saturating_sub(LONGEST as u64 + 2);
        let mut tail = Vec::new();
        self.file.seek(SeekFrom::Start(from))?;
        (&self.file).take(length - from).read_to_end(&mut tail)?;
        let Some(body) = tail.strip_suffix(b"\n") else {
            let at = memchr::memrchr(b'\n', &tail).map(|at| at as u64 + 1);
            // Longer than any entry, without an end: no crash leaves this behind.
            return Err(at.or((from == 0).then_some(0)).map_or(Error::Foreign, |at| Error::Torn(from + at)));
        };
        let start = memchr::memrchr(b'\n', body).map_or(0, |at| at + 1);
        let line = &body[start..];
        let value: Value = serde_json::from_slice(line).map_err(|_| Error::Foreign)?;
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let seq = value.get("seq").and_then(Value::as_u64);
        let time = text("time").and_then(|time| time.parse::<Timestamp>().ok());
        let seq = seq.filter(|seq| value["v"] == VERSION && (1..EXACT).contains(seq));
        let (Some(seq), Some(time)) = (seq, time) else { return Err(Error::Foreign) };
        let origin = self.first_origin()?;
        if self.named && origin != self.origin {
            return Err(Error::Other);
        }
        let next = Next { seq: seq + 1, prev: digest(line), origin, time: now };
        Ok((next, time.as_second() - now))
    }

    /// The name of the chain, from the first entry of the file.
    fn first_origin(&mut self) -> Result<String, Error> {
        let mut head = vec![0; LONGEST];
        self.file.seek(SeekFrom::Start(0))?;
        let mut read = 0;
        while read < head.len() {
            match (&self.file).read(&mut head[read..])? {
                0 => break,
                more => read += more,
            }
        }
        let end = memchr::memchr(b'\n', &head[..read]).ok_or(Error::Foreign)?;
        let first: Value = serde_json::from_slice(&head[..end]).map_err(|_| Error::Foreign)?;
        if first["event"] != "open" {
            return Err(Error::Foreign);
        }
        first.get("origin").and_then(Value::as_str).map(str::to_owned).ok_or(Error::Foreign)
    }

    pub(super) fn write(&mut self, next: &Next, entry: &Entry) -> Result<Next, Error> {
        let (line, after) = line(next, entry)?;
        let _whole = between_entries();
        let length = self.file.seek(SeekFrom::End(0))?;
        if let Err(error) = self.file.write_all(&line).and_then(|()| self.file.sync_data()) {
            // Nobody has acted on it yet, and the lock is ours: what got there of it is taken back.
            let _ = self.file.set_len(length);
            return Err(error.into());
        }
        Ok(after)
    }
}

/// Number and hash of the last entry of the chain at `path`, `N:HASH`; `None` of an empty file. Whoever may only read the
/// file can ask for it.
pub fn head(path: &Path) -> Result<Option<String>, Error> {
    // What is no file must not make us wait for ever.
    let file = OpenOptions::new().read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(path)?;
    size(&file)?;
    let _whole = Lock::take(&file, FlockOperation::NonBlockingLockShared, long)?;
    let mut log = Log { file, path: path.to_owned(), origin: String::new(), named: false };
    let (next, _) = log.place()?;
    Ok((next.seq > 1).then(|| format!("{}:{}", next.seq - 1, next.prev)))
}

/// The length of what is a regular file.
fn size(file: &File) -> Result<u64, Error> {
    let found = file.metadata()?;
    if found.is_file() { Ok(found.len()) } else { Err(Error::NoFile) }
}

/// The line of `entry` at its place, and the place after it.
pub(super) fn line(next: &Next, entry: &Entry) -> Result<(Vec<u8>, Next), Error> {
    let time = Timestamp::from_second(next.time).map_err(|_| Error::Foreign)?.to_string();
    let line = Line { v: VERSION, seq: next.seq, prev: &next.prev, time, entry };
    let mut line = ascii(&serde_json::to_string(&line).map_err(|_| Error::TooLong)?).into_bytes();
    if line.len() > LONGEST {
        return Err(Error::TooLong);
    }
    let after = Next { seq: next.seq + 1, prev: digest(&line), ..next.clone() };
    line.push(b'\n');
    Ok((line, after))
}

/// An entry that signs all before `next`.
fn checkpoint(next: &Next, key: &PrivateKey) -> Result<Entry, Error> {
    let size = next.seq - 1;
    let text = sign::checkpoint(&next.origin, size, &next.prev);
    Ok(Entry {
        event: Event::Checkpoint,
        origin: Some(next.origin.clone()),
        size: Some(size),
        head: Some(next.prev.clone()),
        signature: Some(sign::sign(key, sign::CHECKPOINT, &text).map_err(|_| Error::Sign)?),
        ..Entry::default()
    })
}

/// Nobody else writes to the file until this is dropped.
pub(super) struct Lock(File);

impl Lock {
    /// Waits, but not for ever: an entry takes others a moment, and whoever stopped there must not stop everybody.
    fn take(file: &File, how: FlockOperation, enough: fn(Duration) -> bool) -> Result<Lock, Error> {
        let (file, started) = (file.try_clone()?, Instant::now());
        let mut step = Duration::from_micros(200);
        loop {
            match flock(&file, how) {
                Ok(()) => return Ok(Lock(file)),
                Err(Errno::WOULDBLOCK) if enough(started.elapsed()) => return Err(Error::Locked),
                Err(Errno::WOULDBLOCK) => thread::sleep(step),
                Err(Errno::INTR) => {}
                Err(error) => return Err(io::Error::from(error).into()),
            }
            step = (step * 2).min(Duration::from_millis(10));
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = flock(&self.0, FlockOperation::Unlock);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const EXCLUSIVE: FlockOperation = FlockOperation::NonBlockingLockExclusive;

    #[test]
    fn nobody_waits_for_ever_for_a_lock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit");
        let mut log = Log::open(&path, "here").unwrap();
        let other = Log::open(&path, "here").unwrap().file;
        let held = log.lock().unwrap();
        assert!(matches!(Lock::take(&other, EXCLUSIVE, |waited| waited.as_millis() > 30), Err(Error::Locked)));
        let waits = thread::spawn(move || Lock::take(&other, EXCLUSIVE, |waited| waited.as_secs() > 60).is_ok());
        thread::sleep(Duration::from_millis(30));
        drop(held);
        assert!(waits.join().unwrap());
    }
}
