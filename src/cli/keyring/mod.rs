//! Key rings on disk: `<run>.<role>.age`, each whole or not there. `shelf` finds them for `reveal`, `rewrap` changes who
//! may open them.

pub(super) mod args;
mod rewrap;
mod shelf;

pub(super) use shelf::Shelf;

use super::{Failure, Status, key, message};
use crate::seal::Identities;
use args::{KeyringArgs, KeyringCommand};
use rustix::fs::OFlags;
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Longest key ring that is read, in bytes.
const LONGEST: u64 = 1 << 20;

pub(super) fn run(args: &KeyringArgs) -> Result<Status, Failure> {
    let KeyringCommand::Rewrap { add, drop, role, identity, directory } = &args.command;
    let identities = identities("--identity", identity, false)?;
    rewrap::rewrap(directory, &rewrap::Change::typed(add, drop, role.as_deref())?, &identities)
}

/// Writes the files of all `rings` for `run` into `directory` and syncs them and it; all of them, or none.
pub(super) fn write(directory: &Path, run: &str, rings: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    let mut written = Vec::new();
    let result = rings
        .iter()
        .try_for_each(|(role, bytes)| {
            let path = directory.join(format!("{run}.{role}.age"));
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            written.push(path);
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| File::open(directory)?.sync_all());
    result.map_err(|error| {
        for path in &written {
            let _ = std::fs::remove_file(path);
        }
        unwritten(directory, &error)
    })
}

/// The key rings in `directory` cannot be written.
fn unwritten(directory: &Path, error: &io::Error) -> Failure {
    let failure = Failure::io(format!("key ring in {}: {}", directory.display(), message::fact(error)));
    match error.kind() {
        io::ErrorKind::NotFound => failure.hint("mkdir -m 700 makes the directory"),
        _ => failure,
    }
}

/// The private keys of age at `spec`.
pub(super) fn identities(option: &'static str, spec: &OsStr, stdin_is_input: bool) -> Result<Identities, Failure> {
    let bytes = key::bytes(option, spec, stdin_is_input, true)?;
    std::str::from_utf8(&bytes).ok().and_then(Identities::parse).ok_or_else(|| {
        Failure::usage(format!("{option}: no private key of age"))
            .hint("an identity file as age-keygen writes it; no plugin, no passphrase, no ssh key")
    })
}

/// All key rings in `directory`: path, run and role.
fn all(directory: &Path) -> io::Result<Vec<(PathBuf, String, String)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(OsStr::to_str).and_then(|name| name.strip_suffix(".age")) else {
            continue;
        };
        let word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if let Some((run, role)) = name.split_once('.').filter(|(run, role)| word(run) && word(role)) {
            let (run, role) = (run.to_owned(), role.to_owned());
            found.push((path, run, role));
        }
    }
    found.sort();
    Ok(found)
}

/// The bytes of a key ring; one that is too long is cut off, and so is none.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    // Whoever can write to the directory must not make us wait for ever.
    let file = OpenOptions::new().read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("is no regular file"));
    }
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}
