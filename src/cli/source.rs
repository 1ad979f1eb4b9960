//! What is read: stdin or a file, refused by name if it is no log.

use super::{Failure, Status, message};
use crate::input::fd::{self, Fd};
use crate::input::magic::{self, Kind, Verdict};
use rustix::fs::{FileType, Stat};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

/// An input that is open and was found to be a log, as far as its first bytes tell.
#[derive(Debug)]
pub(super) struct Source {
    /// For messages.
    pub(super) name: String,
    descriptor: Descriptor,
    /// What was read to find out.
    first: Vec<u8>,
    /// Its length if it is a regular file.
    pub(super) length: Option<u64>,
}

#[derive(Debug)]
enum Descriptor {
    Stdin(io::Stdin),
    File(File),
}

impl AsFd for Descriptor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Descriptor::Stdin(stdin) => stdin.as_fd(),
            Descriptor::File(file) => file.as_fd(),
        }
    }
}

impl Source {
    /// Opens `path`; `-` is stdin.
    pub(super) fn open(path: &Path) -> Result<Source, Failure> {
        let name = name(path);
        let refuse = |error: io::Error| Failure::usage(format!("{name}: {}", message::fact(&error)));
        let descriptor = if is_stdin(path) {
            Descriptor::Stdin(io::stdin())
        } else {
            // Asked before it is opened: a command word typed after an option is the usual reason for a missing file.
            Descriptor::File(File::open(path).map_err(|error| {
                let failure = refuse(error);
                match path
                    .to_str()
                    .filter(|word| ["rules", "policy", "explain", "check", "run", "completions", "man"].contains(word))
                {
                    Some(word) => failure.hint(format!("options come after a command: logmask {word} -p NAME")),
                    None => failure,
                }
            })?)
        };
        let stat = rustix::fs::fstat(&descriptor).map_err(|error| refuse(error.into()))?;
        let kind = FileType::from_raw_mode(stat.st_mode);
        if kind == FileType::Directory {
            return Err(Failure::usage(format!("{name}: is a directory")).hint("name the files in it"));
        }
        if kind == FileType::Fifo {
            fd::widen(&descriptor);
        }
        let length = (kind == FileType::RegularFile).then_some(stat.st_size as u64);
        let first = first(&descriptor).map_err(|error| Failure::io(format!("{name}: {}", message::fact(&error))))?;
        match magic::judge(&first) {
            Verdict::Is(kind) => Err(unsupported(&name, kind)),
            Verdict::Log | Verdict::Unsure => Ok(Source { name, descriptor, first, length }),
        }
    }

    /// All its bytes.
    pub(super) fn reader(&self) -> impl Read + Send + '_ {
        self.first.as_slice().chain(Fd(&self.descriptor))
    }

    /// True if a read would wait now.
    pub(super) fn idle(&self) -> bool {
        fd::idle(&self.descriptor)
    }
}

/// How messages call `path`.
pub(super) fn name(path: &Path) -> String {
    if is_stdin(path) { "stdin".to_owned() } else { path.display().to_string() }
}

pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == OsStr::new("-")
}

/// Stdin is fed by another process.
pub(super) fn stdin_is_fed() -> bool {
    rustix::fs::fstat(io::stdin())
        .is_ok_and(|stat| matches!(FileType::from_raw_mode(stat.st_mode), FileType::Fifo | FileType::Socket))
}

/// Fails if stdout is one of the inputs: it would be read while it grows, or be gone already.
pub(super) fn not_stdout(paths: &[PathBuf]) -> Result<(), Failure> {
    let Ok(stdout) = rustix::fs::fstat(io::stdout()) else { return Ok(()) };
    match same_file(&stdout, paths) {
        Some(path) => {
            Err(Failure::usage(format!("{}: is stdout too", name(path))).hint("write to another file, and rename it"))
        }
        None => Ok(()),
    }
}

/// The one of `paths` that is the regular file `stat`.
pub(super) fn same_file<'a>(stat: &Stat, paths: &'a [PathBuf]) -> Option<&'a Path> {
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return None;
    }
    let same = |path: &&PathBuf| {
        let other = if is_stdin(path) { rustix::fs::fstat(io::stdin()) } else { rustix::fs::stat(path.as_path()) };
        other.is_ok_and(|other| (other.st_dev, other.st_ino) == (stat.st_dev, stat.st_ino))
    };
    paths.iter().find(same).map(PathBuf::as_path)
}

/// As many bytes as it takes to know what this is; a whole line is always enough.
fn first(descriptor: &Descriptor) -> io::Result<Vec<u8>> {
    let mut first = Vec::with_capacity(magic::MOST);
    let mut room = [0; magic::MOST];
    while first.len() < magic::MOST && magic::judge(&first) == Verdict::Unsure {
        let read = Fd(descriptor).read(&mut room[first.len()..])?;
        if read == 0 {
            break;
        }
        let from = first.len();
        first.extend_from_slice(&room[from..from + read]);
    }
    Ok(first)
}

fn unsupported(name: &str, kind: Kind) -> Failure {
    let (text, hint) = match kind {
        Kind::Compressed(tool) => (
            format!("{name}: is packed by {tool}, which this version does not read"),
            match tool {
                "gzip" | "compress" => "unpack it first: zcat FILE | logmask",
                "zstd" => "unpack it first: zstdcat FILE | logmask",
                "xz" => "unpack it first: xzcat FILE | logmask",
                "bzip2" => "unpack it first: bzcat FILE | logmask",
                _ => "unpack it first",
            },
        ),
        Kind::Binary(format) => {
            (format!("{name}: is no log but a file of another kind ({format})"), "only text can be masked")
        }
        Kind::Utf16 => (
            format!("{name}: is UTF-16, which this version does not read"),
            "convert it first: iconv -f UTF-16 -t UTF-8 FILE | logmask",
        ),
    };
    Failure { status: Status::Usage, text, hint: Some(hint.to_owned()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn open(content: &[u8]) -> Result<Source, Failure> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        Source::open(file.path())
    }

    #[test]
    fn a_log_is_read_from_its_first_byte() {
        for content in [&b""[..], b"a", b"a\nb", b"\x1f", b"SQLite format 4 and more\n", b"\xef\xbb\xbf{}\n", b"\0\0\n"]
        {
            let source = open(content).unwrap();
            let mut read = Vec::new();
            source.reader().read_to_end(&mut read).unwrap();
            assert_eq!(read, content);
            assert_eq!(source.length, Some(content.len() as u64));
        }
    }

    #[test]
    fn what_is_no_log_is_refused_by_name() {
        for (content, word) in [
            (&b"\x1f\x8b\x08rest"[..], "gzip"),
            (b"\x7fELF\x02rest", "ELF"),
            (b"\xff\xfea\0", "UTF-16"),
            (b"\x28\xb5\x2f\xfd", "zstd"),
        ] {
            let failure = open(content).unwrap_err();
            assert!(failure.text.contains(word) && failure.status == Status::Usage);
        }
    }

    #[test]
    fn a_directory_and_a_missing_file_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        assert!(Source::open(directory.path()).unwrap_err().text.ends_with("is a directory"));
        assert!(Source::open(&directory.path().join("none")).unwrap_err().text.ends_with("no such file or directory"));
    }
}
