//! The codecs that logs are packed with, for reading and for writing.
//!
//! Both ways stream: a reader gives what it has as soon as it has it, and holds no more than its window.

use bzip2::read::MultiBzDecoder;
use bzip2::write::BzEncoder;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use liblzma::read::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};
use liblzma::write::XzEncoder;
use std::io::{self, BufRead, BufReader, Read, Write};

/// A way to pack bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// RFC 1952, members one after another. Zeros behind the last, which tapes and block devices bring, are ignored as gzip
    /// ignores them.
    Gzip,
    /// RFC 8878, frames one after another.
    Zstd,
    /// The .xz file format 1.2, streams one after another.
    Xz,
    /// What bzip2 writes, streams one after another.
    Bzip2,
}

impl Codec {
    /// All of them.
    pub const ALL: [Codec; 4] = [Codec::Gzip, Codec::Zstd, Codec::Xz, Codec::Bzip2];

    /// The program that is known for it.
    pub fn name(self) -> &'static str {
        match self {
            Codec::Gzip => "gzip",
            Codec::Zstd => "zstd",
            Codec::Xz => "xz",
            Codec::Bzip2 => "bzip2",
        }
    }

    /// How file names end, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Codec::Gzip => "gz",
            Codec::Zstd => "zst",
            Codec::Xz => "xz",
            Codec::Bzip2 => "bz2",
        }
    }
}

/// What an xz file may take to unpack, in bytes. `xz -9` needs 65 MiB, a hostile header asks for 4 GiB. zstd has such a
/// limit of its own: a window of 128 MiB.
const MOST_MEMORY: u64 = 128 << 20;

/// Unpacks; see [`reader`].
pub struct Reader<R: Read> {
    decoder: Decoder<R>,
    codec: Codec,
    /// Nothing more comes: the end, or an error.
    ended: bool,
}

enum Decoder<R: Read> {
    Gzip(Members<R>),
    Zstd(zstd::stream::read::Decoder<'static, BufReader<R>>),
    Xz(XzDecoder<R>),
    Bzip2(MultiBzDecoder<R>),
}

/// Unpacks `input`, which starts with what `codec` writes and holds nothing else to its end.
///
/// What is damaged or cut off gives an error that says so; what came before it was whole. The checksums that the formats
/// have are checked.
///
/// ```
/// use logmask::input::codec::{Codec, reader, writer};
/// use std::io::{Read, Write};
/// let mut packed = writer(Codec::Gzip, Vec::new())?;
/// packed.write_all(b"a line\n")?;
/// let packed = packed.finish()?;
/// let mut line = String::new();
/// reader(Codec::Gzip, &packed[..])?.read_to_string(&mut line)?;
/// assert_eq!(line, "a line\n");
/// # std::io::Result::Ok(())
/// ```
pub fn reader<R: Read>(codec: Codec, input: R) -> io::Result<Reader<R>> {
    let decoder = match codec {
        Codec::Gzip => Decoder::Gzip(Members(Some(GzDecoder::new(BufReader::new(input))))),
        Codec::Zstd => Decoder::Zstd(zstd::stream::read::Decoder::new(input)?),
        Codec::Xz => {
            let stream = Stream::new_stream_decoder(MOST_MEMORY, CONCATENATED)?;
            Decoder::Xz(XzDecoder::new_stream(input, stream))
        }
        Codec::Bzip2 => Decoder::Bzip2(MultiBzDecoder::new(input)),
    };
    Ok(Reader { decoder, codec, ended: false })
}

impl<R: Read> Read for Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        let read = match &mut self.decoder {
            Decoder::Gzip(decoder) => decoder.read(buffer),
            Decoder::Zstd(decoder) => decoder.read(buffer),
            Decoder::Xz(decoder) => decoder.read(buffer),
            Decoder::Bzip2(decoder) => decoder.read(buffer),
        };
        match read {
            Ok(read) => {
                self.ended = read == 0;
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.ended = true;
                Err(told(self.codec, error))
            }
        }
    }
}

/// The members of a gzip file; none once it is at its end.
struct Members<R: Read>(Option<GzDecoder<BufReader<R>>>);

impl<R: Read> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let read = member.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            match member.get_mut().fill_buf()?.first() {
                Some(0) => only_zeros(member.get_mut())?,
                Some(_) => {
                    self.0 = self.0.take().map(|member| GzDecoder::new(member.into_inner()));
                    continue;
                }
                None => {}
            }
            self.0 = None;
        }
        Ok(0)
    }
}

/// Reads `rest` to its end.
fn only_zeros(rest: &mut impl BufRead) -> io::Result<()> {
    loop {
        let bytes = rest.fill_buf()?;
        if bytes.iter().any(|byte| *byte != 0) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let length = bytes.len();
        if length == 0 {
            return Ok(());
        }
        rest.consume(length);
    }
}

/// In our words, unless it is the input itself that cannot be read. What a library says is of no use to those who only
/// have the file.
fn told(codec: Codec, error: io::Error) -> io::Error {
    if error.raw_os_error().is_some() {
        return error;
    }
    let limit = |error: &liblzma::stream::Error| *error == liblzma::stream::Error::MemLimit;
    // libzstd has a sentence for each of its errors (`ZSTD_error_frameParameter_windowTooLarge`), and its binding only that.
    let limited = error.get_ref().and_then(|inner| inner.downcast_ref()).is_some_and(limit)
        || codec == Codec::Zstd && error.to_string().contains("too much memory");
    let name = codec.name();
    let text = match error.kind() {
        io::ErrorKind::UnexpectedEof => format!("the {name} data ends too early"),
        _ if limited => format!("the {name} data takes more than {} MiB to unpack", MOST_MEMORY >> 20),
        _ => format!("the {name} data is damaged"),
    };
    io::Error::new(error.kind(), text)
}

/// Packs; see [`writer`].
pub struct Writer<W: Write>(Encoder<W>);

enum Encoder<W: Write> {
    Gzip(GzEncoder<W>),
    Zstd(zstd::stream::write::Encoder<'static, W>),
    Xz(XzEncoder<W>),
    Bzip2(BzEncoder<W>),
}

/// Packs into `output`, as the program does by default (gzip -6, zstd -3, xz -6, bzip2 -9). The same bytes come out for the
/// same bytes in, however they are cut: a flush is not passed on. Nothing is whole before [`Writer::finish`].
pub fn writer<W: Write>(codec: Codec, output: W) -> io::Result<Writer<W>> {
    Ok(Writer(match codec {
        Codec::Gzip => Encoder::Gzip(GzEncoder::new(output, flate2::Compression::default())),
        Codec::Zstd => {
            let mut encoder = zstd::stream::write::Encoder::new(output, zstd::DEFAULT_COMPRESSION_LEVEL)?;
            encoder.include_checksum(true)?;
            Encoder::Zstd(encoder)
        }
        Codec::Xz => Encoder::Xz(XzEncoder::new(output, 6)),
        Codec::Bzip2 => Encoder::Bzip2(BzEncoder::new(output, bzip2::Compression::best())),
    }))
}

impl<W: Write> Writer<W> {
    /// Writes what is still held and the end that the format asks for; gives the output back.
    pub fn finish(self) -> io::Result<W> {
        match self.0 {
            Encoder::Gzip(encoder) => encoder.finish(),
            Encoder::Zstd(encoder) => encoder.finish(),
            Encoder::Xz(encoder) => encoder.finish(),
            Encoder::Bzip2(encoder) => encoder.finish(),
        }
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Encoder::Gzip(encoder) => encoder.write(bytes),
            Encoder::Zstd(encoder) => encoder.write(bytes),
            Encoder::Xz(encoder) => encoder.write(bytes),
            Encoder::Bzip2(encoder) => encoder.write(bytes),
        }
    }

    /// Does nothing; a flush after each chunk would cost a quarter of the ratio.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn packed(codec: Codec, bytes: &[u8]) -> Vec<u8> {
        let mut packed = writer(codec, Vec::new()).unwrap();
        for piece in bytes.chunks(7) {
            packed.write_all(piece).unwrap();
            packed.flush().unwrap();
        }
        packed.finish().unwrap()
    }

    fn unpacked(codec: Codec, bytes: &[u8]) -> (Vec<u8>, Option<String>) {
        let mut out = Vec::new();
        let error = reader(codec, bytes).unwrap().read_to_end(&mut out).err();
        (out, error.map(|error| error.to_string()))
    }

    const TEXT: &[u8] = b"one line\nanother line\n\0\xff and the last";

    #[test]
    fn what_is_packed_is_unpacked_also_several_in_a_row() {
        for codec in Codec::ALL {
            let once = packed(codec, TEXT);
            assert_eq!(unpacked(codec, &once), (TEXT.to_vec(), None), "{codec:?}");
            let twice = [once.clone(), packed(codec, b""), once].concat();
            assert_eq!(unpacked(codec, &twice), (TEXT.repeat(2), None), "{codec:?}");
        }
    }

    #[test]
    fn what_is_cut_off_at_any_byte_is_an_error() {
        for codec in Codec::ALL {
            let whole = packed(codec, TEXT);
            for cut in 1..whole.len() {
                let (out, error) = unpacked(codec, &whole[..cut]);
                assert!(TEXT.starts_with(&out), "{codec:?} {cut}");
                let expected = format!("the {} data ends too early", codec.name());
                assert_eq!(error.unwrap_or_default(), expected, "{codec:?} cut at {cut} of {}", whole.len());
            }
        }
    }

    #[test]
    fn what_is_damaged_is_an_error() {
        for codec in Codec::ALL {
            let whole = packed(codec, &TEXT.repeat(20));
            let mut damaged = whole.clone();
            let middle = damaged.len() / 2;
            damaged[middle] ^= 0x55;
            let said = unpacked(codec, &damaged).1.unwrap_or_default();
            assert!(said.starts_with(&format!("the {} data ", codec.name())), "{codec:?}: {said}");
            let trailing = [&whole[..], b"password=hunter2\n"].concat();
            assert!(unpacked(codec, &trailing).1.is_some(), "{codec:?}: garbage behind the end");
        }
    }

    #[test]
    fn a_window_that_is_too_wide_is_no_damage() {
        // A frame that wants a window of 2 GiB (RFC 8878, 3.1.1.1.2).
        let wide = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 1, 0, 0];
        let said = unpacked(Codec::Zstd, &wide).1;
        assert_eq!(said.as_deref(), Some("the zstd data takes more than 128 MiB to unpack"));
    }

    #[test]
    fn zeros_behind_a_gzip_file_are_padding() {
        let whole = packed(Codec::Gzip, TEXT);
        for zeros in [1, 511, 100_000] {
            let padded = [&whole[..], &whole, &vec![0; zeros]].concat();
            assert_eq!(unpacked(Codec::Gzip, &padded), (TEXT.repeat(2), None), "{zeros}");
            for behind in [&whole[..], b"x"] {
                let said = unpacked(Codec::Gzip, &[&padded[..], behind].concat()).1;
                assert_eq!(said.as_deref(), Some("the gzip data is damaged"), "{zeros}");
            }
        }
    }

    #[test]
    fn errors_of_the_input_are_passed_on() {
        struct Bad;
        impl Read for Bad {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::from_raw_os_error(5))
            }
        }
        for codec in Codec::ALL {
            let error = reader(codec, Bad).unwrap().read(&mut [0; 9]).unwrap_err();
            assert_eq!(error.raw_os_error(), Some(5), "{codec:?}");
        }
    }
}
