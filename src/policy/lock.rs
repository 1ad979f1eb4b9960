//! A lock: the digests of all files of a policy, so that only what was agreed on is in force, and the files themselves, so
//! that an earlier one comes back by changing one line.
//!
//! The lock has the form of sha256sum (`<hex>  <path>`, paths from its folder), so `sha256sum -c` reads it too. Behind `#`
//! stand the versions before. Beside it, in a folder of its name and `.d`, each version is kept under its digest.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Which bytes each file of a policy must have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Where it stands.
    path: PathBuf,
    /// Digest by path from the folder of the lock.
    pins: BTreeMap<PathBuf, String>,
    /// Digests that were in force before, the newest first.
    before: Vec<(String, PathBuf)>,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The lock does not name it.
    Unknown,
    /// It is another than the lock says, and the one it says is not kept.
    Changed,
}

impl Lock {
    /// A lock without files, to be written to `path`.
    pub fn new(path: &Path) -> Lock {
        Lock { path: path.to_owned(), ..Lock::default() }
    }

    /// Reads the lock at `path`. Errs also for what is no lock.
    pub fn read(path: &Path) -> io::Result<Lock> {
        let text = std::fs::read_to_string(path)?;
        let mut lock = Lock::new(path);
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let (old, entry) = line.strip_prefix("# ").map_or((false, line), |entry| (true, entry));
            match entry.split_once("  ").filter(|(digest, name)| is_digest(digest) && !name.is_empty()) {
                Some((digest, name)) if old => lock.before.push((digest.to_owned(), name.into())),
                Some((digest, name)) => drop(lock.pins.insert(name.into(), digest.to_owned())),
                None if old => {}
                None => return Err(io::Error::from(io::ErrorKind::InvalidData)),
            }
        }
        Ok(lock)
    }

    /// The text of the file at `path`, whose bytes are now `bytes` (none: it cannot be read): these, if they are the ones
    /// that are locked, else those that are kept.
    pub fn text(&self, path: &Path, bytes: Option<Vec<u8>>) -> Result<Vec<u8>, Refused> {
        let pin = self.pins.get(&self.name(path)).ok_or(Refused::Unknown)?;
        let kept = || std::fs::read(self.kept(pin)).ok();
        bytes
            .filter(|bytes| digest(bytes) == *pin)
            .or_else(|| kept().filter(|bytes| digest(bytes) == *pin))
            .ok_or(Refused::Changed)
    }

    /// Locks the file at `path` as it is, and keeps it. True if it was another before.
    pub fn pin(&mut self, path: &Path) -> io::Result<bool> {
        let bytes = std::fs::read(path)?;
        let digest = digest(&bytes);
        let kept = self.kept(&digest);
        std::fs::create_dir_all(kept.parent().unwrap_or(Path::new(".")))?;
        std::fs::write(kept, bytes)?;
        let name = self.name(path);
        Ok(self.set(name, &digest))
    }

    /// Takes the one version that begins with `digest` instead of the one in force; `None` if there is not exactly one.
    pub fn back_to(&mut self, digest: &str) -> Option<(PathBuf, String)> {
        let mut found = self.before.iter().filter(|(known, _)| known.starts_with(digest));
        let (known, name) = found.next().cloned()?;
        if found.any(|(other, _)| *other != known) {
            return None;
        }
        self.set(name.clone(), &known);
        Some((name, known))
    }

    fn set(&mut self, name: PathBuf, digest: &str) -> bool {
        self.before.retain(|(known, of)| *known != digest || *of != name);
        match self.pins.insert(name.clone(), digest.to_owned()) {
            Some(old) if old != digest => {
                self.before.insert(0, (old, name));
                true
            }
            old => old.is_none(),
        }
    }

    /// Forgets the files that are not there any more. Others stay: a lock may be that of several policies.
    pub fn forget_gone(&mut self) {
        let folder = self.folder().to_owned();
        self.pins.retain(|name, _| folder.join(name).exists());
    }

    /// Writes it.
    pub fn write(&self) -> io::Result<()> {
        let line = |digest: &str, name: &Path| format!("{digest}  {}\n", name.display());
        let mut text = String::from("# Written by: logmask policy lock. Run with: logmask -c FILE --lock THIS\n");
        for (name, digest) in &self.pins {
            text += &line(digest, name);
        }
        for (digest, name) in &self.before {
            text += "# ";
            text += &line(digest, name);
        }
        std::fs::write(&self.path, text)
    }

    fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// Where the version with this digest is kept.
    fn kept(&self, digest: &str) -> PathBuf {
        let mut folder = self.path.clone().into_os_string();
        folder.push(".d");
        Path::new(&folder).join(format!("{digest}.yaml"))
    }

    /// `path` as the lock names it: from its folder, if it lies in there.
    fn name(&self, path: &Path) -> PathBuf {
        let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or(path.to_owned());
        // The file itself may be gone, its folder is there.
        let whole = match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) => {
                real(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }).join(name)
            }
            _ => path.to_owned(),
        };
        whole.strip_prefix(real(self.folder())).map_or(whole.clone(), Path::to_owned)
    }
}

fn digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_earlier_version_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let (file, path) = (dir.path().join("a.yaml"), dir.path().join("l"));
        let mut lock = Lock::new(&path);
        std::fs::write(&file, "one").unwrap();
        assert!(lock.pin(&file).unwrap() && !lock.pin(&file).unwrap());
        std::fs::write(&file, "two").unwrap();
        assert_eq!(lock.text(&file, Some(b"two".to_vec())).unwrap(), b"one");
        assert!(lock.pin(&file).unwrap());
        assert_eq!(lock.text(&file, Some(b"two".to_vec())).unwrap(), b"two");
        lock.write().unwrap();
        let mut read = Lock::read(&path).unwrap();
        assert_eq!(read, lock);
        assert_eq!(read.back_to(&digest(b"one")[..8]).unwrap().0, Path::new("a.yaml"));
        assert_eq!(read.text(&file, None).unwrap(), b"one");
        assert!(read.back_to("zz").is_none());
        assert_eq!(read.text(&dir.path().join("b.yaml"), None), Err(Refused::Unknown));
        // What is kept was changed behind our back.
        std::fs::write(lock.kept(&digest(b"two")), "three").unwrap();
        assert_eq!(lock.text(&file, Some(b"one".to_vec())), Err(Refused::Changed));
    }

    #[test]
    fn what_is_no_lock_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "password: hunter2\n").unwrap();
        assert!(Lock::read(file.path()).is_err());
    }
}
