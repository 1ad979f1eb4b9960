//! The text of a policy file.

use super::lock::{Lock, Refused};
use super::yaml::MAX_FILE;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The text of a policy file, or what is wrong with the file and what to do.
pub(super) fn read(path: &Path, lock: Option<&Lock>) -> Result<String, (&'static str, &'static str)> {
    let read = bytes(path);
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

fn bytes(path: &Path) -> Result<Vec<u8>, (&'static str, &'static str)> {
    let mut bytes = Vec::new();
    let limit = MAX_FILE as u64 + 1;
    File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ("does not exist", ""),
        io::ErrorKind::PermissionDenied => ("may not be read: permission denied", ""),
        io::ErrorKind::IsADirectory => ("is a directory", "name the files in it one by one"),
        _ => ("cannot be read", ""),
    })?;
    if bytes.len() > MAX_FILE {
        return Err(("is larger than 4 MiB, the limit of a policy file", "was a log given as a policy?"));
    }
    Ok(bytes)
}
