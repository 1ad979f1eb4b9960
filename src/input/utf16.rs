//! UTF-16 with a byte order mark, to UTF-8 and back.
//!
//! RFC 2781. Units that are no text (one half of a pair) are kept, as in WTF-8, so that what is not masked comes out byte
//! for byte.

use super::eight_bit::{Doubt, NotWide};
use std::io::{self, Read, Write};

/// Which byte of a unit comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The low one: what Windows writes.
    Little,
    /// The high one.
    Big,
}

impl Order {
    fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            Order::Little => u16::from_le_bytes(pair),
            Order::Big => u16::from_be_bytes(pair),
        }
    }

    fn bytes(self, unit: u16) -> [u8; 2] {
        match self {
            Order::Little => unit.to_le_bytes(),
            Order::Big => unit.to_be_bytes(),
        }
    }
}

/// Units decoded at a time.
const PIECE: usize = 32 << 10;

/// Gives UTF-16 as UTF-8.
pub struct Reader<R> {
    input: R,
    order: Order,
    /// Bytes read that are no whole character yet: up to three.
    rest: Vec<u8>,
    /// UTF-8 that is not given yet, from `given` on.
    text: Vec<u8>,
    given: usize,
    ended: bool,
    doubt: Doubt,
    /// Why nothing more is read, once the text is given.
    failed: Option<NotWide>,
}

impl<R: Read> Reader<R> {
    /// Reads `input`, which starts behind its mark. Fails with [`NotWide`] where what comes is text of another kind; the
    /// lines in front of it are given.
    pub fn new(input: R, order: Order) -> Reader<R> {
        let (rest, text) = (Vec::new(), Vec::new());
        Reader { input, order, rest, text, given: 0, ended: false, doubt: Doubt::default(), failed: None }
    }

    /// Stops where text of another kind was found, behind so many units. What of its line was decoded goes.
    fn fail(&mut self, start: u64) {
        let mark = 2;
        self.failed = Some(NotWide { at: mark + 2 * start });
        self.text.truncate(memchr::memrchr(b'\n', &self.text).map_or(0, |at| at + 1));
    }

    /// One read of the input, decoded as far as it is whole.
    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        let held = self.rest.len();
        self.rest.resize(held + 2 * PIECE, 0);
        let read = self.input.read(&mut self.rest[held..]);
        self.rest.truncate(held + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        if self.ended && self.rest.len() % 2 == 1 {
            self.rest.clear();
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the UTF-16 text ends inside a character"));
        }
        let mut used = 0;
        while let Some(&[a, b]) = self.rest.get(used..used + 2) {
            let first = self.order.unit([a, b]);
            let next = self.rest.get(used + 2..used + 4).map(|pair| self.order.unit([pair[0], pair[1]]));
            let high = (0xD800..0xDC00).contains(&first);
            if high && next.is_none() && !self.ended {
                break;
            }
            used += 2;
            let [upper, lower] = first.to_be_bytes();
            if let Some(start) = self.doubt.unit(upper, lower) {
                self.fail(start);
                return Ok(());
            }
            let low = next.filter(|next| high && (0xDC00..0xE000).contains(next));
            let code = match low {
                Some(low) => {
                    used += 2;
                    self.doubt.skip();
                    0x10000 + ((u32::from(first) - 0xD800) << 10) + (u32::from(low) - 0xDC00)
                }
                None => u32::from(first),
            };
            match char::from_u32(code) {
                Some(char) => self.text.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
                // Half a pair, spelled as if it were a character.
                None => self.text.extend([0xED, 0x80 | (first >> 6 & 0x3F) as u8, 0x80 | (first & 0x3F) as u8]),
            }
        }
        self.rest.drain(..used);
        if let Some(start) = self.doubt.end().filter(|_| self.ended) {
            self.fail(start);
        }
        Ok(())
    }
}

impl<R: Read> Read for Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if let Some(failed) = self.failed {
                return Err(io::Error::new(io::ErrorKind::InvalidData, failed));
            }
            if self.ended || buffer.is_empty() {
                return Ok(0);
            }
            self.fill()?;
        }
        let length = buffer.len().min(self.text.len() - self.given);
        buffer[..length].copy_from_slice(&self.text[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}

/// Takes UTF-8 and writes UTF-16, behind a mark.
pub struct Writer<W> {
    output: W,
    order: Order,
    /// The beginning of a character whose rest is still to come.
    rest: Vec<u8>,
    units: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Writes to `output`, which is where the text starts. The mark is written with the first bytes or at the end.
    pub fn new(output: W, order: Order) -> Writer<W> {
        Writer { output, order, rest: Vec::new(), units: order.bytes(0xFEFF).to_vec() }
    }

    /// Writes what is still held; gives the output back.
    pub fn finish(mut self) -> io::Result<W> {
        self.encode(true);
        self.output.write_all(&self.units)?;
        Ok(self.output)
    }

    /// Appends the characters of `rest` to `units`; what is no character becomes U+FFFD, because it can only be what is
    /// left of one that was masked by half.
    fn encode(&mut self, last: bool) {
        let mut used = 0;
        while let Some(&lead) = self.rest.get(used) {
            let wanted = match lead {
                0..=0x7F => 1,
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => 0,
            };
            let follows = |at: usize| self.rest.get(at).map(|byte| byte & 0xC0 == 0x80);
            let found = (1..wanted).take_while(|at| follows(used + at) == Some(true)).count() + usize::from(wanted > 0);
            if wanted > 0 && found < wanted && used + found == self.rest.len() && !last {
                break;
            }
            let bytes = &self.rest[used..used + found];
            let mut units = [0; 2];
            let units: &[u16] = match (std::str::from_utf8(bytes).ok().and_then(|text| text.chars().next()), bytes) {
                (Some(char), _) => char.encode_utf16(&mut units),
                (None, &[0xED, second @ 0xA0..=0xBF, third]) => {
                    units[0] = 0xD000 | u16::from(second & 0x3F) << 6 | u16::from(third & 0x3F);
                    &units[..1]
                }
                (None, _) => &[0xFFFD],
            };
            self.units.extend(units.iter().flat_map(|unit| self.order.bytes(*unit)));
            used += found.max(1);
        }
        self.rest.drain(..used);
    }
}

impl<W: Write> Write for Writer<W> {
    /// Takes all of `bytes`, and passes the characters that are whole on with one `write_all`.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        self.encode(false);
        self.output.write_all(&self.units)?;
        self.units.clear();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wide(order: Order, units: &[u16]) -> Vec<u8> {
        units.iter().flat_map(|unit| order.bytes(*unit)).collect()
    }

    fn narrow(order: Order, bytes: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        Reader::new(bytes, order).read_to_end(&mut text).unwrap();
        text
    }

    #[test]
    fn text_is_decoded() {
        for order in [Order::Little, Order::Big] {
            let units: Vec<u16> = "né 🦀\r\n".encode_utf16().collect();
            assert_eq!(narrow(order, &wide(order, &units)), "né 🦀\r\n".as_bytes());
        }
    }

    #[test]
    fn an_odd_byte_at_the_end_is_an_error() {
        let mut text = Vec::new();
        assert!(Reader::new(&b"a\0b"[..], Order::Little).read_to_end(&mut text).is_err());
    }

    #[test]
    fn what_is_no_utf16_is_an_error_behind_the_lines_before_it() {
        let mut reader = Reader::new(&b"a\0\n\0password=hunter2x\n"[..], Order::Little);
        let mut text = Vec::new();
        let error = reader.read_to_end(&mut text).unwrap_err();
        let failed = error.get_ref().and_then(|error| error.downcast_ref::<NotWide>());
        assert_eq!((&text[..], failed), (&b"a\n"[..], Some(&NotWide { at: 6 })));
    }

    #[test]
    fn a_broken_character_becomes_a_replacement() {
        let mut writer = Writer::new(Vec::new(), Order::Big);
        writer.write_all(b"a\xc3b\xa9\xf0\x9f").unwrap();
        let expected = wide(Order::Big, &[0xFEFF, 0x61, 0xFFFD, 0x62, 0xFFFD, 0xFFFD]);
        assert_eq!(writer.finish().unwrap(), expected);
    }

    proptest! {
        #[test]
        fn any_units_come_back_however_they_are_cut(units: Vec<u16>, cut in 1_usize..9, little: bool) {
            // Without those that look like text of one byte a character.
            let units: Vec<u16> = units.into_iter().map(|unit| if unit < 0x7F00 { unit & 0xFF } else { unit }).collect();
            let order = if little { Order::Little } else { Order::Big };
            let bytes = wide(order, &units);
            let mut writer = Writer::new(Vec::new(), order);
            for piece in narrow(order, &bytes).chunks(cut) {
                writer.write_all(piece).unwrap();
            }
            let mark = order.bytes(0xFEFF);
            prop_assert_eq!(writer.finish().unwrap(), [&mark[..], &bytes].concat());
        }
    }
}
