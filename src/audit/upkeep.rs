//! What is done to a chain beside appending: a torn end taken out, and the file moved away for a new one. All is checked
//! before anything is written.

use super::log::{Error, Log, Next, SKEW, between_entries, line};
use super::{Entry, Event, Torn, VERSION, digest};
use crate::owner;
use serde_json::Value;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;

impl Log {
    /// Takes out what a crash left behind the last whole line, and says so in an entry; `None` if there is nothing. What is
    /// in front of it must be a chain, or the file is left as it is. A whole entry that lacks nothing but its line end gets
    /// that, and stays. With `clock` it goes on although the clock is behind the last entry, and says that too.
    pub fn repair(&mut self, clock: bool) -> Result<Option<Torn>, Error> {
        let _lock = self.lock()?;
        let length = self.file.seek(SeekFrom::End(0))?;
        let offset = match self.place_at(length) {
            Err(Error::Torn(offset)) => offset,
            Err(error) => return Err(error),
            Ok(_) => return Ok(None),
        };
        // Without its first line nobody could say whose chain it is.
        if offset == 0 {
            return Err(Error::Nothing);
        }
        let (next, late) = self.place_at(offset)?;
        let behind = Some(late).filter(|behind| *behind > SKEW);
        if let Some(behind) = behind.filter(|_| !clock) {
            return Err(Error::ClockWentBack(behind));
        }
        let next = if behind.is_some() { next } else { next.after(late) };
        let outcome = behind.map(|behind| Error::ClockWentBack(behind).to_string());
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.read_to_end(&mut bytes)?;
        // What goes, from where on, and what the note begins with.
        let (offset, gone, lead, next) = if follows(&bytes, &next) {
            (length, &[][..], &b"\n"[..], Next { seq: next.seq + 1, prev: digest(&bytes), ..next })
        } else {
            (offset, &bytes[..], &b""[..], next)
        };
        let torn = Torn { offset, bytes: gone.len() as u64, sha256: digest(gone) };
        let entry = Entry { event: Event::Repair, torn: Some(torn.clone()), outcome, ..Entry::default() };
        let (line, _) = line(&next, &entry)?;
        self.put_over(offset, gone, &[lead, &line].concat())?;
        Ok(Some(torn))
    }

    /// Puts `line` in the place of `old`, the bytes from `offset` to the end. At each moment there is a torn end, or the whole
    /// line: after a crash in between it is repaired again, and nothing goes without a note.
    fn put_over(&mut self, offset: u64, old: &[u8], line: &[u8]) -> Result<(), Error> {
        // What is open for appending writes nowhere else.
        let file = OpenOptions::new().write(true).open(&self.path)?;
        if !self.is_file(&file)? {
            return Err(io::Error::other("was replaced meanwhile").into());
        }
        let _whole = between_entries();
        let put = file.write_all_at(line, offset).and_then(|()| file.sync_data());
        let put = put.and_then(|()| file.set_len(offset + line.len() as u64)).and_then(|()| file.sync_data());
        put.map_err(|error| {
            let _ = file.write_all_at(old, offset);
            let _ = file.set_len(offset + old.len() as u64);
            error.into()
        })
    }

    /// Goes on although the clock is behind the last entry, and says so in an entry, which has the time of now; how many
    /// seconds it is behind. `None` if it is not. For a trail in which a wrong clock has left a time that is yet to come.
    pub fn reset_clock(&mut self) -> Result<Option<i64>, Error> {
        let _lock = self.lock()?;
        let length = self.file.seek(SeekFrom::End(0))?;
        let (next, behind) = match self.place_at(length)? {
            (next, behind) if behind > SKEW => (next, behind),
            _ => return Ok(None),
        };
        let outcome = Some(Error::ClockWentBack(behind).to_string());
        self.write(&next, &Entry { event: Event::Repair, outcome, ..Entry::default() })?;
        Ok(Some(behind))
    }

    /// Moves the file to `to` and begins a new one, whose first entry goes on where the old one ends. At no moment there is
    /// no file, or one without its first entry: whoever opens it meanwhile, or after a crash, goes on with the one chain. The
    /// new file belongs to whom the old one does: others write to it than who rotates it.
    pub fn rotate(&mut self, to: &Path) -> Result<(), Error> {
        let _lock = self.lock()?;
        let next = self.next()?;
        // 1. The new file, whole, under another name.
        let path = self.path.canonicalize()?;
        let folder = folder(&path);
        let new = tempfile::Builder::new().prefix(".logmask-").tempfile_in(folder)?;
        owner::like(new.as_file(), &self.file)?;
        let file = new.as_file().try_clone()?;
        let mut log = Log { file, path: new.path().to_owned(), origin: next.origin.clone(), named: false };
        log.write(&next, &Entry { event: Event::Open, origin: Some(next.origin.clone()), ..Entry::default() })?;
        new.as_file().sync_all()?;
        // 2. A second name for the old one. It may have it already, if the power went before step 3.
        let linked = match std::fs::hard_link(&path, to) {
            Err(error)
                if error.kind() == io::ErrorKind::AlreadyExists && to.canonicalize()? != path && self.is_at(to)? =>
            {
                false
            }
            other => other.map(|()| true).map_err(Error::Target)?,
        };
        // 3. The new one takes the place of the old one.
        if let Err(error) = new.persist(&path) {
            if linked {
                let _ = std::fs::remove_file(to);
            }
            return Err(error.error.into());
        }
        File::open(folder)?.sync_all()?;
        File::open(self::folder(to))?.sync_all()?;
        Ok(())
    }

    /// Whether `file` is the one that is open.
    fn is_file(&self, file: &File) -> io::Result<bool> {
        Ok(is_same(&self.file.metadata()?, &file.metadata()?))
    }

    /// Whether `path` names the file that is open, which has another name, too.
    fn is_at(&self, path: &Path) -> io::Result<bool> {
        let (open, there) = (self.file.metadata()?, std::fs::symlink_metadata(path)?);
        Ok(open.nlink() > 1 && is_same(&open, &there))
    }
}

/// Whether both are of one file, whatever its names.
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Whether `bytes` are the whole entry of the place `next`.
fn follows(bytes: &[u8], next: &Next) -> bool {
    serde_json::from_slice::<Value>(bytes).is_ok_and(|entry| {
        entry["v"] == VERSION && entry["seq"] == next.seq && entry["prev"] == *next.prev && entry["event"].is_string()
    })
}

/// The directory in which `path` stands.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_line_stops_everything_until_it_is_repaired() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit");
        let mut log = Log::open(&path, "here").unwrap();
        log.append(|_| Ok(Entry::default())).unwrap();
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, [&whole[..], b"{\"v\":1,"].concat()).unwrap();
        let mut log = Log::open(&path, "there").unwrap();
        assert!(matches!(log.append(|_| Ok(Entry::default())), Err(Error::Torn(at)) if at == whole.len() as u64));
        assert_eq!(log.repair(false).unwrap().unwrap().bytes, 7);
        assert_eq!(
            log.append(|next| Ok(Entry { origin: Some(next.origin.clone()), ..Entry::default() })).unwrap().seq,
            5
        );
        assert!(std::fs::read_to_string(&path).unwrap().starts_with(std::str::from_utf8(&whole).unwrap()));
        assert!(log.repair(false).unwrap().is_none());
    }

    #[test]
    fn an_entry_that_lacks_its_line_end_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit");
        let mut log = Log::open(&path, "here").unwrap();
        log.append(|_| Ok(Entry::default())).unwrap();
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        let mut log = Log::open(&path, "there").unwrap();
        assert!(matches!(log.append(|_| Ok(Entry::default())), Err(Error::Torn(_))));
        assert_eq!(log.repair(false).unwrap().unwrap().bytes, 0);
        let repaired = std::fs::read(&path).unwrap();
        assert!(repaired.starts_with(&whole) && repaired.ends_with(b"}\n"));
        assert_eq!(super::super::verify([&repaired[..]], None, None).unwrap().last.unwrap().0, 3);
        // A line that is whole and does not follow is no entry of this chain.
        let line = whole.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap();
        std::fs::write(&path, [&repaired[..], line].concat()).unwrap();
        assert_eq!(log.repair(false).unwrap().unwrap().bytes, line.len() as u64);
    }

    #[test]
    fn a_chain_of_another_name_is_not_gone_on_with() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit");
        Log::open(&path, "here").unwrap().named().append(|_| Ok(Entry::default())).unwrap();
        Log::open(&path, "here").unwrap().named().append(|_| Ok(Entry::default())).unwrap();
        let mut other = Log::open(&path, "there").unwrap().named();
        assert!(matches!(other.append(|_| Ok(Entry::default())), Err(Error::Other)));
        assert!(matches!(other.note(|_| Ok(Entry::default())), Err(Error::Other)));
    }

    #[test]
    fn a_number_that_cannot_be_counted_on_from_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit");
        Log::open(&path, "here").unwrap().append(|_| Ok(Entry::default())).unwrap();
        let first = std::fs::read_to_string(&path).unwrap().lines().next().unwrap().to_owned() + "\n";
        for seq in [0, super::super::EXACT, u64::MAX] {
            let text = first.replace("\"seq\":1,", &format!("\"seq\":{seq},"));
            std::fs::write(&path, &text).unwrap();
            let mut log = Log::open(&path, "here").unwrap();
            assert!(matches!(log.append(|_| Ok(Entry::default())), Err(Error::Foreign)), "{seq}");
            assert!(super::super::verify([text.as_bytes()], None, None).is_err(), "{seq}");
        }
    }
}
