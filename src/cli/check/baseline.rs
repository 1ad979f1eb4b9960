//! Findings that are known and accepted, by rule and keyed fingerprint. The file may be committed: without the key
//! nobody can test a guess against it.

use crate::cli::{Failure, message};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// First words of a baseline; the fingerprint of its key follows.
const HEAD: &str = "# logmask baseline 1, key ";

/// More than this is no baseline but a log given by mistake.
const MOST: u64 = 64 << 20;

type Known = BTreeSet<(String, [u8; 16])>;

/// A baseline, read or being made.
pub(super) struct Baseline {
    path: PathBuf,
    key: String,
    known: Known,
    /// All findings of this run, if the file shall hold them.
    found: Option<Mutex<Known>>,
}

impl Baseline {
    /// Reads `path`; with `update` nothing is known yet, and [`Baseline::close`] writes it. `key` is the fingerprint of
    /// the key.
    pub(super) fn open(path: &Path, key: &str, update: bool) -> Result<Baseline, Failure> {
        let known = if update { Known::new() } else { read(path, key)? };
        if update && path.exists() {
            // Only a baseline is written over.
            read(path, key)
                .or_else(|failure| if failure.text.contains(OTHER_KEY) { Ok(Known::new()) } else { Err(failure) })?;
        }
        Ok(Baseline { path: path.to_owned(), key: key.to_owned(), known, found: update.then(Mutex::default) })
    }

    /// Whether this finding is accepted; while the file is being made, each one is.
    pub(super) fn knows(&self, rule: &str, fingerprint: [u8; 16]) -> bool {
        match &self.found {
            Some(found) => {
                found.lock().unwrap_or_else(PoisonError::into_inner).insert((rule.to_owned(), fingerprint));
                true
            }
            None => self.known.contains(&(rule.to_owned(), fingerprint)),
        }
    }

    /// Writes the file, if that was asked for: all of it or nothing.
    pub(super) fn close(self) -> Result<(), Failure> {
        let Some(found) = self.found else { return Ok(()) };
        let mut text = format!("{HEAD}{}\n# rule, keyed fingerprint of the value; a comment may follow\n", self.key);
        for (rule, fingerprint) in found.into_inner().unwrap_or_else(PoisonError::into_inner) {
            let _ = writeln!(text, "{rule} {}", data_encoding::HEXLOWER.encode(&fingerprint));
        }
        // Links are followed, and who may read it stays as it was.
        let path = std::fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let write = || -> io::Result<()> {
            let folder = path.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            if let Ok(before) = std::fs::metadata(&path) {
                file.as_file().set_permissions(before.permissions())?;
            }
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(|error| Failure::io(format!("{}: {}", self.path.display(), message::fact(&error))))
    }
}

const OTHER_KEY: &str = "was made with another key";

fn read(path: &Path, key: &str) -> Result<Known, Failure> {
    let refuse = |fact: &str| Failure::usage(format!("{}: {fact}", path.display()));
    let length = std::fs::metadata(path)
        .map_err(|error| {
            refuse(&message::fact(&error)).hint("make it with: logmask check --baseline FILE --update-baseline …")
        })?
        .len();
    if length > MOST {
        return Err(refuse("is no baseline"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => refuse("is no baseline"),
        _ => refuse(&message::fact(&error)),
    })?;
    let made_with =
        text.strip_prefix(HEAD).and_then(|rest| rest.lines().next()).ok_or_else(|| refuse("is no baseline"))?;
    if made_with != key {
        return Err(refuse(OTHER_KEY));
    }
    parse(&text).map_err(|line| Failure::usage(format!("{}:{line}: not a rule and a fingerprint", path.display())))
}

/// The findings in `text`, or the first line that is none.
fn parse(text: &str) -> Result<Known, usize> {
    let mut known = Known::new();
    for (at, line) in text.lines().enumerate() {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let Some(rule) = words.next() else { continue };
        let fingerprint = words.next().and_then(|word| data_encoding::HEXLOWER.decode(word.as_bytes()).ok());
        match (fingerprint.and_then(|bytes| <[u8; 16]>::try_from(bytes).ok()), words.next()) {
            (Some(fingerprint), None) => known.insert((rule.to_owned(), fingerprint)),
            _ => return Err(at + 1),
        };
    }
    Ok(known)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("base");
        let baseline = Baseline::open(&path, "k1", true).unwrap();
        assert!(baseline.knows("pin", [7; 16]) && baseline.knows("pin", [7; 16]) && baseline.knows("jwt", [9; 16]));
        baseline.close().unwrap();
        let baseline = Baseline::open(&path, "k1", false).unwrap();
        assert!(baseline.knows("pin", [7; 16]) && !baseline.knows("jwt", [7; 16]) && !baseline.knows("pin", [9; 16]));
        assert!(Baseline::open(&path, "k2", false).err().unwrap().text.contains(OTHER_KEY));
        assert!(Baseline::open(&path, "k2", true).is_ok());
    }

    #[test]
    fn a_log_is_neither_read_nor_written_over() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "password=hunter2\n").unwrap();
        for update in [false, true] {
            let failure = Baseline::open(file.path(), "k1", update).err().unwrap();
            assert!(failure.text.ends_with("is no baseline"), "{}", failure.text);
        }
    }

    #[test]
    fn a_line_is_a_rule_a_fingerprint_and_perhaps_a_comment() {
        let line = format!("pin {} # accepted\n\n", "07".repeat(16));
        assert_eq!(parse(&line).unwrap().len(), 1);
        for wrong in ["pin\n", "pin 07\n", &format!("pin {} x\n", "07".repeat(16))] {
            assert_eq!(parse(&format!("#\n{wrong}")), Err(2), "{wrong}");
        }
    }
}
