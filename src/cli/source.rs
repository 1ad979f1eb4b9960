//! What is read: stdin or a file, unpacked and decoded if it has to be, refused by name if it is no log.

use super::sum::Sum;
use super::{Failure, Status, message, mistake};
use crate::input::eight_bit::NotWide;
use crate::input::fd::{self, Fd};
use crate::input::form::{self, Form, Lines, Refused};
use crate::input::magic::Kind;
use rustix::fs::{FileType, OFlags, Stat};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An input that is open and was found to be a log, as far as its first bytes tell.
pub(super) struct Source {
    /// For messages.
    pub(super) name: String,
    /// All its lines, from the first.
    pub(super) lines: Lines<Tap>,
    /// How it is packed and spelled.
    pub(super) form: Form,
    /// What it is read from.
    pub(super) descriptor: Arc<Descriptor>,
    /// Its length if it is a regular file, packed as it is.
    pub(super) length: Option<u64>,
}

/// Is what is known to be no text read all the same?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    /// It is named and left alone.
    Refused,
    /// It is masked as bytes (`--binary`).
    Masked,
}

/// Something that is open for reading.
#[derive(Debug)]
pub(super) enum Descriptor {
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

impl Descriptor {
    /// True if a read would wait now.
    pub(super) fn idle(&self) -> bool {
        fd::idle(self)
    }

    /// What the system says of it now.
    pub(super) fn stat(&self) -> io::Result<Stat> {
        Ok(rustix::fs::fstat(self)?)
    }
}

/// Reads a source, and sums up what comes if somebody wants to know.
pub(super) struct Tap {
    inner: Fd<Arc<Descriptor>>,
    sum: Option<Sum>,
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if let Some(sum) = &self.sum {
            sum.add(&buffer[..read]);
        }
        Ok(read)
    }
}

/// Sums up what of a file nobody had to read, behind the end of what is packed in it.
pub(super) fn sum_up_rest(descriptor: &Arc<Descriptor>, sum: &Sum) -> io::Result<()> {
    let mut tap = Tap { inner: Fd(Arc::clone(descriptor)), sum: Some(sum.clone()) };
    io::copy(&mut tap, &mut io::sink()).map(drop)
}

impl Source {
    /// Opens `path`; `-` is stdin.
    pub(super) fn open(path: &Path, binary: Binary) -> Result<Source, Failure> {
        Source::summed(path, binary, None)
    }

    /// The same, and sums up what is read, packed as it is.
    pub(super) fn summed(path: &Path, binary: Binary, sum: Option<Sum>) -> Result<Source, Failure> {
        let name = name(path);
        let refuse = |error: io::Error| Failure::usage(format!("{name}: {}", message::fact(&error)));
        let descriptor = if is_stdin(path) {
            Descriptor::Stdin(io::stdin())
        } else {
            // A word meant for a command is the usual reason for a missing file.
            Descriptor::File(File::open(path).map_err(|error| {
                let gone = error.kind() == io::ErrorKind::NotFound;
                let failure = refuse(error);
                match path.to_str().filter(|_| gone).and_then(mistake::word) {
                    Some(hint) => failure.hint(hint),
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
        let descriptor = Arc::new(descriptor);
        let tap = Tap { inner: Fd(Arc::clone(&descriptor)), sum };
        match form::open(tap, binary == Binary::Masked) {
            Ok((form, lines)) => Ok(Source { name, lines, form, descriptor, length }),
            Err(Refused::Kind(kind)) => Err(unsupported(&name, kind)),
            Err(Refused::Io(error)) => Err(unread(&name, &error)),
        }
    }
}

/// Reading `name` failed, or what was read cannot be unpacked.
pub(super) fn unread(name: &str, error: &io::Error) -> Failure {
    let text = format!("{name}: {}", message::fact(error));
    match error.get_ref().and_then(|error| error.downcast_ref::<NotWide>()) {
        // What is no log that can be read is so too if it is told late.
        Some(NotWide { at }) => Failure::usage(text).hint(format!(
            "mask its parts one by one: head -c {at} FILE | logmask, and tail -c +{} FILE | logmask",
            at + 1
        )),
        None => Failure::io(text),
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

/// Fails if nothing is named to be read and nothing comes by itself: who types `logmask` alone wants to be told.
pub(super) fn not_a_terminal(paths: &[PathBuf]) -> Result<(), Failure> {
    if paths.is_empty() && io::stdin().is_terminal() {
        return Err(Failure::usage("nothing to read: stdin is a terminal")
            .hint("logmask FILE, or kubectl logs … | logmask; logmask - masks what is typed"));
    }
    Ok(())
}

/// Says so if stdout was closed when we were started. Rust puts `/dev/null` in its place, opened for reading and writing.
/// Shells that throw the output away open it for writing alone, but `subprocess.DEVNULL` of Python does not, and cannot be
/// told from a closed one: so this is a warning, and no error.
pub(super) fn warn_of_closed_stdout() {
    let stdout = io::stdout();
    let closed = rustix::fs::fstat(&stdout).is_ok_and(|stat| {
        FileType::from_raw_mode(stat.st_mode) == FileType::CharacterDevice
            && rustix::fs::stat("/dev/null").is_ok_and(|null| null.st_rdev == stat.st_rdev)
    }) && rustix::fs::fcntl_getfl(&stdout).is_ok_and(|flags| flags & OFlags::RWMODE == OFlags::RDWR);
    if closed {
        message::warning("stdout is closed, or /dev/null opened for reading too: what is written there is lost");
    }
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

/// `name` is no log that can be read.
pub(super) fn unsupported(name: &str, kind: Kind) -> Failure {
    let (text, hint) = match kind {
        Kind::Packed(codec) => (format!("{name}: is packed twice"), format!("unpack it first, with {}", codec.name())),
        Kind::Wide(_) => (format!("{name}: is UTF-16 within UTF-16"), "convert it first".to_owned()),
        Kind::Compressed(tool) => (
            format!("{name}: is packed by {tool}, which is not read"),
            match tool {
                "compress" => "unpack it first: zcat FILE | logmask",
                "tar" => "unpack it first: tar -xf FILE",
                "zip" => "unpack it first: unzip FILE",
                "lz4" => "unpack it first: lz4cat FILE | logmask",
                _ => "unpack it first",
            }
            .to_owned(),
        ),
        Kind::Binary(format) => (
            format!("{name}: is no log but a file of another kind ({format})"),
            "only text can be masked; --binary masks what text is in it, and does not care whether it still works"
                .to_owned(),
        ),
        Kind::Text(encoding) => (
            match encoding {
                "UTF-16LE" | "UTF-16BE" => {
                    format!("{name}: is {encoding} without a byte order mark, which is not read")
                }
                _ => format!("{name}: is {encoding}, which is not read"),
            },
            format!("convert it first: iconv -f {encoding} -t UTF-8 FILE | logmask"),
        ),
    };
    Failure { status: Status::Usage, text, hint: Some(hint) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    use std::io::Read;

    fn open(content: &[u8]) -> Result<Source, Failure> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        Source::open(file.path(), Binary::Refused)
    }

    #[test]
    fn a_log_is_read_from_its_first_byte() {
        for content in [&b""[..], b"a", b"a\nb", b"\x1f", b"SQLite format 4 and more\n", b"\xef\xbb\xbf{}\n", b"\0\0\n"]
        {
            let Ok(mut source) = open(content) else { panic!("{content:?}") };
            let mut read = Vec::new();
            source.lines.read_to_end(&mut read).unwrap();
            assert_eq!(read, content);
            assert_eq!(source.length, Some(content.len() as u64));
        }
    }

    #[test]
    fn what_is_no_log_is_refused_by_name() {
        for (content, word) in
            [(&b"PK\x03\x04rest"[..], "zip"), (b"\x7fELF\x02rest", "ELF"), (b"p\0a\0s\0s\0w\0o\0r\0d\0", "UTF-16")]
        {
            let failure = open(content).err().unwrap();
            assert!(failure.text.contains(word) && failure.status == Status::Usage);
        }
    }

    #[test]
    fn a_directory_and_a_missing_file_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        assert!(Source::open(directory.path(), Binary::Refused).err().unwrap().text.ends_with("is a directory"));
        assert!(
            Source::open(&directory.path().join("none"), Binary::Refused)
                .err()
                .unwrap()
                .text
                .ends_with("no such file or directory")
        );
    }
}
