//! The text of a policy file.

use super::lock::{Lock, Refused};
use super::yaml::MAX_FILE;
use rustix::fs::OFlags;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// What a policy file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// Also a pipe: whoever names it knows what comes.
    Anything,
    /// A file and nothing else: it lies about in somebody's project, and a pipe there would be waited for for ever.
    File,
}

/// The text of a policy file, or what is wrong with the file and what to do.
pub(super) fn read(path: &Path, from: From, lock: Option<&Lock>) -> Result<String, (&'static str, &'static str)> {
    let read = bytes(path, from);
    let bytes = match lock {
        None => read?,
        Some(lock) => lock.text(path, read.ok()).map_err(|refused| match refused {
            Refused::Unknown => ("is not in the lock", "add it with: logmask policy lock FILE --lock LOCK"),
            Refused::Changed => (
                "is not what the lock says, and what it says is not kept",
                "accept it with: logmask policy lock FILE --lock LOCK",
            ),
        })?,
    };
    String::from_utf8(bytes).map_err(|_| ("is not UTF-8 text", "save it as UTF-8"))
}

fn open(path: &Path, from: From) -> io::Result<Option<File>> {
    if from == From::Anything {
        return File::open(path).map(Some);
    }
    // A pipe is opened at once, whether anybody writes to it or not.
    let file = OpenOptions::new().read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(path)?;
    let kind = file.metadata()?.file_type();
    // Of a directory the system says it better.
    Ok((kind.is_file() || kind.is_dir()).then_some(file))
}

fn bytes(path: &Path, from: From) -> Result<Vec<u8>, (&'static str, &'static str)> {
    let mut bytes = Vec::new();
    let limit = MAX_FILE as u64 + 1;
    let read = open(path, from).and_then(|file| file.map(|file| file.take(limit).read_to_end(&mut bytes)).transpose());
    let read = read.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ("does not exist", ""),
        io::ErrorKind::PermissionDenied => ("may not be read: permission denied", ""),
        io::ErrorKind::IsADirectory => ("is a directory", "name the files in it one by one"),
        _ => ("cannot be read", ""),
    })?;
    if read.is_none() {
        return Err(("is no regular file", ""));
    }
    if bytes.len() > MAX_FILE {
        return Err(("is larger than 4 MiB, the limit of a policy file", "was a log given as a policy?"));
    }
    Ok(bytes)
}
