//! Names what is no log: compressed, packed and binary input, by the bytes at its very beginning.
//!
//! NUL bytes or invalid UTF-8 alone say nothing: logs have both.

use super::codec::Codec;
use super::utf16::Order;

/// How many bytes decide at most.
pub const MOST: usize = TAR.0 + TAR.1.len();

/// UTF-16 without a mark is told by so many bytes.
const WIDE: usize = 16;

/// A tar archive, by POSIX.1-1988: the name of the first file stands before this.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A log, as far as can be told.
    Log,
    /// These bytes begin something known, and more of them are needed.
    Unsure,
    /// Certainly this.
    Is(Kind),
}

/// What is not just lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Packed by a codec that is read.
    Packed(Codec),
    /// UTF-16 behind a byte order mark.
    Wide(Order),
    /// Packed by the tool named, which is not read.
    Compressed(&'static str),
    /// The format named.
    Binary(&'static str),
    /// Text in the encoding named, which is not read.
    Text(&'static str),
}

use Kind::{Binary, Compressed, Packed, Text, Wide};

/// From the formats' own specifications and file(1). Only beginnings that no line of text has.
const MAGIC: &[(&[u8], Kind)] = &[
    (b"\x1f\x8b", Packed(Codec::Gzip)),
    (b"\x28\xb5\x2f\xfd", Packed(Codec::Zstd)),
    // A skippable frame, which pzstd writes first.
    (b"\x50\x2a\x4d\x18", Packed(Codec::Zstd)),
    (b"\xfd7zXZ\0", Packed(Codec::Xz)),
    (b"BZh11AY&SY", Packed(Codec::Bzip2)),
    (b"BZh21AY&SY", Packed(Codec::Bzip2)),
    (b"BZh31AY&SY", Packed(Codec::Bzip2)),
    (b"BZh41AY&SY", Packed(Codec::Bzip2)),
    (b"BZh51AY&SY", Packed(Codec::Bzip2)),
    (b"BZh61AY&SY", Packed(Codec::Bzip2)),
    (b"BZh71AY&SY", Packed(Codec::Bzip2)),
    (b"BZh81AY&SY", Packed(Codec::Bzip2)),
    (b"BZh91AY&SY", Packed(Codec::Bzip2)),
    // Nothing, packed.
    (b"BZh1\x17rE8P\x90", Packed(Codec::Bzip2)),
    (b"BZh2\x17rE8P\x90", Packed(Codec::Bzip2)),
    (b"BZh3\x17rE8P\x90", Packed(Codec::Bzip2)),
    (b"BZh4\x17rE8P\x90", Packed(Codec::Bzip2)),
    (b"BZh5\x17rE8P\x90", Packed(Codec::Bzip2)),
    (b"BZh6\x17rE8P\x90", Packed(Codec::Bzip2)),
    (b"BZh7\x17rE8P\x90", Packed(Codec::Bzip2)),
    (b"BZh8\x17rE8P\x90", Packed(Codec::Bzip2)),
    (b"BZh9\x17rE8P\x90", Packed(Codec::Bzip2)),
    (b"PK\x03\x04", Compressed("zip")),
    (b"PK\x05\x06", Compressed("zip")),
    (b"PK\x07\x08", Compressed("zip")),
    (b"\x04\x22\x4d\x18", Compressed("lz4")),
    (b"\x02\x21\x4c\x18", Compressed("lz4")),
    (b"7z\xbc\xaf\x27\x1c", Compressed("7z")),
    (b"\x1f\x9d", Compressed("compress")),
    (b"\xff\x06\0\0sNaPpY", Compressed("snappy")),
    (b"\x89LZO\0\r\n\x1a\n", Compressed("lzop")),
    (b"Rar!\x1a\x07", Compressed("rar")),
    // Version 1, behind which the size of the dictionary stands.
    (b"LZIP\x01", Compressed("lzip")),
    // What xz(1) writes as `.lzma`: the usual properties and a dictionary of whole 64 KiB.
    (b"]\0\0", Compressed("lzma")),
    (b"\x7fELF", Binary("ELF executable")),
    (b"SQLite format 3\0", Binary("SQLite database")),
    (b"LPKSHHRH", Binary("systemd journal")),
    (b"\x89PNG\r\n\x1a\n", Binary("PNG image")),
    (b"\xff\xd8\xff", Binary("JPEG image")),
    (b"GIF87a", Binary("GIF image")),
    (b"GIF89a", Binary("GIF image")),
    (b"%PDF-", Binary("PDF document")),
    (b"\0asm", Binary("WebAssembly module")),
    (b"\xca\xfe\xba\xbe", Binary("Java class")),
    (b"\xcf\xfa\xed\xfe", Binary("Mach-O executable")),
    (b"MZ\x90\0", Binary("Windows executable")),
    (b"\xd4\xc3\xb2\xa1", Binary("packet capture")),
    (b"\xa1\xb2\xc3\xd4", Binary("packet capture")),
    (b"Obj\x01", Binary("Avro file")),
    // Before UTF-16, whose mark it begins with.
    (b"\xff\xfe\0\0", Text("UTF-32LE")),
    (b"\0\0\xfe\xff", Text("UTF-32BE")),
    (b"\xfe\xff", Wide(Order::Big)),
];

/// Judges the first bytes of an input; more than [`MOST`] change nothing.
///
/// A whole line is never [`Verdict::Unsure`], so nobody waits for this.
///
/// ```
/// use logmask::input::codec::Codec;
/// use logmask::input::magic::{Kind, Verdict, judge};
/// assert_eq!(judge(b"\x1f"), Verdict::Unsure);
/// assert_eq!(judge(b"\x1f\x8b\x08"), Verdict::Is(Kind::Packed(Codec::Gzip)));
/// assert_eq!(judge(b"BZh\n"), Verdict::Log);
/// ```
pub fn judge(first: &[u8]) -> Verdict {
    let mut unsure = first.is_empty();
    for &(magic, kind) in MAGIC {
        if first.starts_with(magic) {
            return Verdict::Is(kind);
        }
        unsure |= magic.starts_with(first);
    }
    if first.len() > 2 && first.starts_with(UTF16) && !unsure {
        return Verdict::Is(Wide(Order::Little));
    }
    // UTF-16 without a mark: eight printable ASCII characters with a NUL beside each.
    for nul in [1, 0] {
        let wide = first
            .iter()
            .take(WIDE)
            .enumerate()
            .all(|(at, &byte)| if at % 2 == nul { byte == 0 } else { matches!(byte, b' '..=b'~') });
        if wide && first.len() >= WIDE {
            return Verdict::Is(Text(if nul == 1 { "UTF-16LE" } else { "UTF-16BE" }));
        }
        unsure |= wide;
    }
    match first.get(TAR.0..MOST) {
        Some(magic) if magic == TAR.1 => return Verdict::Is(Compressed("tar")),
        Some(_) => {}
        None => unsure |= !first.contains(&b'\n'),
    }
    if unsure { Verdict::Unsure } else { Verdict::Log }
}

/// Judges an input that has no more than these bytes, or enough of them.
pub fn settle(first: &[u8]) -> Verdict {
    match judge(first) {
        Verdict::Unsure if first.starts_with(UTF16) => Verdict::Is(Wide(Order::Little)),
        Verdict::Unsure => Verdict::Log,
        verdict => verdict,
    }
}

/// The mark of UTF-16, low byte first.
const UTF16: &[u8] = b"\xff\xfe";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_magic_is_named_as_soon_as_it_is_whole_and_no_sooner() {
        for &(magic, kind) in MAGIC {
            assert!(magic.len() <= MOST);
            assert_eq!(judge(magic), Verdict::Is(kind));
            for cut in 0..magic.len() {
                assert_eq!(judge(&magic[..cut]), Verdict::Unsure, "{kind:?} after {cut} bytes");
            }
        }
    }

    #[test]
    fn utf16_without_a_mark_is_named() {
        let little: Vec<u8> = b"password".iter().flat_map(|&byte| [byte, 0]).collect();
        let big: Vec<u8> = b"password".iter().flat_map(|&byte| [0, byte]).collect();
        assert_eq!(judge(&little), Verdict::Is(Text("UTF-16LE")));
        assert_eq!(judge(&big), Verdict::Is(Text("UTF-16BE")));
        assert_eq!(judge(&little[..14]), Verdict::Unsure);
    }

    #[test]
    fn lines_of_text_are_logs_at_once() {
        for line in [
            &b"a\n"[..],
            b"\n",
            b"\0\n",
            b"a\0\n",
            b"P\n",
            b"PK\n",
            b"7\n",
            b"%PD\n",
            b"\xff\n",
            b"\xef\xbb\xbf{\n",
            b"MZ 1\n",
        ] {
            assert_eq!(judge(line), Verdict::Log, "{}", line.escape_ascii());
        }
    }
}
