//! The key for pseudonyms: where it is, never what it is.

use super::{Failure, message};
use rustix::fs::FileType;
use sha2::{Digest, Sha256};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A key of fewer bytes can be guessed.
const LEAST: usize = 16;

/// More than this is no key but a file given by mistake.
const MOST: u64 = 64 << 10;

/// A key, and what may be said of it.
pub(super) struct Key {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// First 8 hex digits of its SHA-256; none for a key drawn for this run.
    pub(super) fingerprint: Option<String>,
}

/// Where a key is.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    File(PathBuf),
    Fd(u32),
    Env(OsString),
    /// A systemd credential: a file in `$CREDENTIALS_DIRECTORY`.
    Cred(OsString),
}

/// The key that `spec` points to; without one, a fresh key that nobody else will ever have.
pub(super) fn read(spec: Option<&OsStr>, stdin_is_input: bool) -> Result<Key, Failure> {
    let Some(spec) = spec else {
        let mut bytes = Zeroizing::new(vec![0; 32]);
        getrandom::fill(&mut bytes).map_err(|_| Failure::io("no random bytes for a key"))?;
        return Ok(Key { bytes, fingerprint: None });
    };
    let mut bytes = bytes("--key", spec, stdin_is_input, false)?;
    let end = match bytes.as_slice() {
        [.., b'\r', b'\n'] => 2,
        [.., b'\n'] => 1,
        _ => 0,
    };
    let length = bytes.len() - end;
    bytes.truncate(length);
    if length < LEAST {
        return Err(Failure::usage(format!("--key: a key has at least {LEAST} bytes"))
            .hint("make one with: head -c 32 /dev/urandom | base64 > FILE"));
    }
    let fingerprint = data_encoding::HEXLOWER.encode(&Sha256::digest(&*bytes)[..4]);
    Ok(Key { bytes, fingerprint: Some(fingerprint) })
}

/// What `spec`, given with `option`, points to. With `private`, a file that others may read is refused, as OpenSSH does.
pub(super) fn bytes(
    option: &'static str,
    spec: &OsStr,
    stdin_is_input: bool,
    private: bool,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let file = |path: &Path| from_file(option, path, private);
    match place(option, spec)? {
        Place::File(path) => file(&path),
        Place::Fd(0) if stdin_is_input => Err(Failure::usage(format!("{option}: fd:0 is the log"))),
        Place::Fd(fd) => contents(option, open(option, Path::new(&format!("/dev/fd/{fd}")))?),
        Place::Env(name) => {
            let value = std::env::var_os(&name).ok_or_else(|| {
                Failure::usage(format!("{option}: no such environment variable"))
                    .hint("env:NAME reads what the variable NAME holds: export it first")
            })?;
            Ok(Zeroizing::new(value.into_vec()))
        }
        Place::Cred(name) => {
            let directory = std::env::var_os("CREDENTIALS_DIRECTORY").ok_or_else(|| {
                Failure::usage(format!("{option}: no credentials here"))
                    .hint("cred:NAME needs a systemd unit with LoadCredential=")
            })?;
            file(&Path::new(&directory).join(name))
        }
    }
}

fn place(option: &str, spec: &OsStr) -> Result<Place, Failure> {
    let spec = spec.as_bytes();
    let colon = spec.iter().position(|&byte| byte == b':').unwrap_or(spec.len());
    let rest = spec.get(colon + 1..).unwrap_or_default();
    let name = || OsStr::from_bytes(rest).to_owned();
    // What a shell makes of `~/.ssh/id_ed25519`.
    if spec.starts_with(b"/") || spec.starts_with(b"./") || spec.starts_with(b"../") {
        return Ok(Place::File(OsStr::from_bytes(spec).into()));
    }
    match &spec[..colon] {
        _ if rest.is_empty() => None,
        b"file" => Some(Place::File(name().into())),
        b"fd" => std::str::from_utf8(rest).ok().and_then(|fd| fd.parse().ok()).map(Place::Fd),
        b"env" if !rest.contains(&b'=') && !rest.contains(&0) => Some(Place::Env(name())),
        b"cred" if !rest.contains(&b'/') && rest != b".." => Some(Place::Cred(name())),
        _ => None,
    }
    .ok_or_else(|| {
        // What was typed may be the key itself.
        Failure::usage(format!("{option}: this is no place of a key"))
            .hint("a key comes from file:PATH, fd:N, env:NAME or cred:NAME, never from the command line")
    })
}

/// The path is not said: `file:` before a key by mistake would show it.
fn open(option: &str, path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| Failure::usage(format!("{option}: {}", message::fact(&error))))
}

/// Whoever else can write the file can choose the pseudonyms.
fn from_file(option: &str, path: &Path, private: bool) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let file = open(option, path)?;
    let stat = rustix::fs::fstat(&file)
        .map_err(|error| Failure::usage(format!("{option}: {}", message::fact(&error.into()))))?;
    if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile {
        if stat.st_mode & 0o002 != 0 {
            return Err(Failure::usage(format!("{option}: everybody can write the key file"))
                .hint("chmod 600 it, and make a new key"));
        }
        let others = if lists_us_only(&file) { 0o037 } else { 0o077 };
        if private && stat.st_mode & others != 0 {
            return Err(Failure::usage(format!("{option}: others may read the key file")).hint("chmod 600 it"));
        }
        let owner = stat.st_uid;
        if owner != 0 && owner != rustix::process::geteuid().as_raw() {
            return Err(Failure::usage(format!("{option}: the key file belongs to somebody else")));
        }
    }
    contents(option, file)
}

/// Whether the bits of the group are none: where a file has a list of who may read it, they are the mask of that list
/// (acl(5)), and nobody stands in it beside the owner and us. So systemd gives a unit with `User=` its credentials.
fn lists_us_only(file: &File) -> bool {
    let mut list = [0; 1024];
    let length = rustix::fs::fgetxattr(file, "system.posix_acl_access", &mut list).unwrap_or(0);
    let us = rustix::process::geteuid().as_raw();
    // A version, and entries: whom it is for, what they may do, their number (linux/posix_acl_xattr.h).
    let entries = list.get(4..length).unwrap_or_default().chunks_exact(8);
    let mut entries = entries.map(|entry| (entry[0], entry[2], [entry[4], entry[5], entry[6], entry[7]])).peekable();
    entries.peek().is_some()
        && entries.all(|(whom, may, id)| match whom {
            ACL_OWNER | ACL_MASK => true,
            ACL_USER => may == 0 || u32::from_le_bytes(id) == us,
            _ => may == 0,
        })
}

const ACL_OWNER: u8 = 0x01;
const ACL_USER: u8 = 0x02;
const ACL_MASK: u8 = 0x10;

fn contents(option: &str, file: File) -> Result<Zeroizing<Vec<u8>>, Failure> {
    // Room for all at once, so that growing leaves no copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MOST as usize + 64));
    let read = file
        .take(MOST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::usage(format!("{option}: {}", message::fact(&error))))?;
    if read as u64 > MOST {
        return Err(Failure::usage(format!("{option}: too long to be a key")));
    }
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    fn key(content: &[u8], mode: u32) -> Result<Key, Failure> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        file.as_file().set_permissions(PermissionsExt::from_mode(mode)).unwrap();
        read(Some(OsStr::new(&format!("file:{}", file.path().display()))), true)
    }

    #[test]
    fn a_key_loses_one_line_ending() {
        for ending in ["", "\n", "\r\n"] {
            assert_eq!(*key(format!("0123456789abcdef{ending}").as_bytes(), 0o600).unwrap().bytes, b"0123456789abcdef");
        }
        assert_eq!(*key(b"0123456789abcdef\n\n", 0o600).unwrap().bytes, b"0123456789abcdef\n");
        assert_eq!(key(b"0123456789abcdef\n", 0o600).unwrap().fingerprint.unwrap(), "9f9f5111");
    }

    #[test]
    fn a_short_long_or_shared_key_is_refused() {
        assert!(key(b"0123456789abcde\n", 0o600).is_err());
        assert!(key(&vec![b'a'; 70_000], 0o600).is_err());
        assert!(key(b"0123456789abcdef\n", 0o666).is_err());
    }

    #[test]
    fn a_list_of_who_may_read_a_key_is_no_group() {
        // Owner, a user, the group, the mask, others; read or nothing.
        let list = |user: u32, group: u8| {
            let entry = |whom: u8, may: u8, id: u32| [&[whom, 0, may, 0][..], &id.to_le_bytes()].concat();
            let entries = [(1, 4, u32::MAX), (2, 4, user), (4, group, u32::MAX), (16, 4, u32::MAX), (32, 0, u32::MAX)];
            [vec![2, 0, 0, 0], entries.map(|(whom, may, id)| entry(whom, may, id)).concat()].concat()
        };
        let us = rustix::process::geteuid().as_raw();
        for (list, good) in
            [(Some(list(us, 0)), true), (Some(list(us + 1, 0)), false), (Some(list(us, 4)), false), (None, false)]
        {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(b"0123456789abcdef").unwrap();
            file.as_file().set_permissions(PermissionsExt::from_mode(0o440)).unwrap();
            if let Some(list) = list {
                let flags = rustix::fs::XattrFlags::empty();
                if rustix::fs::fsetxattr(file.as_file(), "system.posix_acl_access", &list, flags).is_err() {
                    // This file system has no such lists.
                    return;
                }
            }
            assert_eq!(file.as_file().metadata().unwrap().permissions().mode() & 0o777, 0o440);
            let spec = format!("file:{}", file.path().display());
            assert_eq!(bytes("--key", OsStr::new(&spec), true, true).is_ok(), good);
        }
    }

    #[test]
    fn a_path_is_a_file() {
        for path in ["/home/jo/.ssh/id", "./id", "../id"] {
            assert_eq!(place("--key", OsStr::new(path)).unwrap(), Place::File(path.into()));
        }
    }

    #[test]
    fn a_key_on_the_command_line_is_refused_and_not_echoed() {
        for spec in [
            "hunter2hunter2hunter2",
            "hunter2:hunter2",
            "file:",
            ":",
            "",
            "fd:hunter2",
            "fd:-1",
            "cred:../hunter2",
            "env:hunter2=hunter2",
            "file:/hunter2",
            "/hunter2",
        ] {
            let failure = read(Some(OsStr::new(spec)), true).err().unwrap();
            assert!(!format!("{failure:?}").contains("hunter2"), "{spec}");
            assert_eq!(failure.status, crate::cli::Status::Usage);
        }
    }

    #[test]
    fn without_a_key_each_run_draws_its_own() {
        let (a, b) = (read(None, true).unwrap(), read(None, true).unwrap());
        assert!(a.bytes != b.bytes && a.fingerprint.is_none());
    }
}
