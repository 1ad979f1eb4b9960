//! What is done to a chain beside appending: a torn end taken out, and the file moved away for a new one. All is checked
//! before anything is written.

use super::log::{Error, Log, SKEW};
use super::{Entry, Event, Torn, digest};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

impl Log {
    /// Takes out what a crash left behind the last whole line, and says so in an entry; `None` if there is nothing. What is
    /// in front of it must be a chain, or the file is left as it is.
    pub fn repair(&mut self) -> Result<Option<Torn>, Error> {
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
        let next = match self.place_at(offset)? {
            (_, behind) if behind > SKEW => return Err(Error::ClockWentBack(behind)),
            (next, _) => next,
        };
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.read_to_end(&mut bytes)?;
        let torn = Torn { offset, bytes: bytes.len() as u64, sha256: digest(&bytes) };
        self.file.set_len(offset)?;
        let entry = Entry { event: Event::Repair, torn: Some(torn.clone()), ..Entry::default() };
        if let Err(error) = self.write(&next, &entry) {
            // Nothing goes without a note.
            let _ = self.file.write_all(&bytes);
            return Err(error);
        }
        Ok(Some(torn))
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
    /// no file, or one without its first entry: whoever opens it meanwhile, or after a crash, goes on with the one chain.
    pub fn rotate(&mut self, to: &Path) -> Result<(), Error> {
        let _lock = self.lock()?;
        let next = self.next()?;
        // 1. The new file, whole, under another name.
        let path = self.path.canonicalize()?;
        let folder = folder(&path);
        let new = tempfile::Builder::new().prefix(".logmask-").tempfile_in(folder)?;
        let file = new.as_file().try_clone()?;
        let mut log = Log { file, path: new.path().to_owned(), origin: next.origin.clone() };
        log.write(&next, &Entry { event: Event::Open, origin: Some(next.origin.clone()), ..Entry::default() })?;
        new.as_file().sync_all()?;
        // 2. A second name for the old one. It may have it already, if the power went before step 3.
        let linked = match std::fs::hard_link(&path, to) {
            Err(error)
                if error.kind() == io::ErrorKind::AlreadyExists && to.canonicalize()? != path && self.is_at(to)? =>
            {
                false
            }
            other => other.map(|()| true)?,
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

    /// Whether `path` names the file that is open, which has another name, too.
    fn is_at(&self, path: &Path) -> io::Result<bool> {
        let (open, there) = (self.file.metadata()?, std::fs::symlink_metadata(path)?);
        Ok(open.nlink() > 1 && (open.dev(), open.ino()) == (there.dev(), there.ino()))
    }
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
        assert_eq!(log.repair().unwrap().unwrap().bytes, 7);
        assert_eq!(
            log.append(|next| Ok(Entry { origin: Some(next.origin.clone()), ..Entry::default() })).unwrap().seq,
            5
        );
        assert!(std::fs::read_to_string(&path).unwrap().starts_with(std::str::from_utf8(&whole).unwrap()));
        assert!(log.repair().unwrap().is_none());
    }
}
