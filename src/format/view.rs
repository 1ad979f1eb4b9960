//! Decoded text with a way back: detection reads the view, edits land on the original bytes.
//!
//! A view decodes one layer: `\u0040`, `\x40`, `\100`, `\/`, `%40` and `&#64;` become the character, terminal escapes and
//! invisible characters vanish, look-alikes become what they look like, backspaces take out what they strike. A decoded quote is
//! written as `\"`, so that it stays one level deeper than the quotes of the string it was found in.

use super::entity;
use super::fold::{self, Fold};
use super::form::Form;
use super::printable::{self, Printable};
use super::quote::quote_of_shell;
use crate::slashes;
use crate::span::Span;

/// A stretch of the view that does not stand in the source byte for byte.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    /// Where it stands in the view, and how long it is there.
    pub(super) view: Span,
    /// Where it came from.
    pub(super) raw: Span,
    /// Bytes of the source that belong to nobody (the start of the next line of a cut record): a span over them is split.
    pub(super) gap: bool,
    /// It was percent-encoded.
    pub(super) percent: bool,
}

/// Decoded text, and for each place in it the place in the source.
#[derive(Debug, Default)]
pub struct View {
    /// What detection reads.
    pub text: Vec<u8>,
    pub(super) units: Vec<Unit>,
    /// Length of the character that the last backspace took out.
    struck: usize,
}

impl View {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.text.clear();
        self.units.clear();
    }

    /// Appends source bytes as they are, which stand at `raw` in the source; what lies between them and the bytes
    /// before belongs to nobody.
    pub fn join(&mut self, bytes: &[u8], raw: usize) {
        let at = self.text.len();
        self.units.push(Unit { view: Span::new(at, at), raw: Span::new(raw, raw), gap: true, percent: false });
        self.text.extend_from_slice(bytes);
    }

    /// Appends so many backslashes and a byte, which stand for what is at `raw` in the source.
    pub fn put(&mut self, slashes: usize, byte: Option<u8>, raw: Span) {
        let start = self.text.len();
        self.text.extend(std::iter::repeat_n(b'\\', slashes).chain(byte));
        self.units.push(Unit { view: Span::new(start, self.text.len()), raw, gap: false, percent: false });
    }

    /// Decodes one layer of `source`.
    pub fn decode(&mut self, source: &[u8]) {
        self.clear();
        let mut at = 0;
        let (mut around, mut printable, mut form) = (None, None, Form::default());
        while at < source.len() {
            let plain = source[at..].iter().position(|b| STOPS[*b as usize]).map_or(source.len(), |i| at + i);
            self.text.extend_from_slice(&source[at..plain]);
            at = plain;
            if at == source.len() {
                break;
            }
            let start = self.text.len();
            let used = match source[at] {
                b'%' => {
                    let slashes = *around.get_or_insert_with(|| deepest(source) + 1);
                    percent(&source[at..], slashes, &mut self.text)
                }
                b'=' => match printable::read(&source[at..]) {
                    Some(read) if *printable.get_or_insert_with(|| printable::is_said(source)) => match read {
                        Printable::Byte(byte) => {
                            let slashes = *around.get_or_insert_with(|| deepest(source) + 1);
                            put(char::from(byte), byte >= 0x80, slashes, &mut self.text) * 3
                        }
                        Printable::Break(length) => length,
                    },
                    _ => 0,
                },
                b'\\' => unicode(&source[at..], &mut self.text),
                b'&' => match entity::read(&source[at..]) {
                    Some((sign, used)) => {
                        let slashes = if matches!(sign, '"' | '\\' | '\n' | '\r' | '\t') {
                            *around.get_or_insert_with(|| deepest(source) + 1)
                        } else {
                            1
                        };
                        entity::write(sign, slashes, &mut self.text) * used
                    }
                    None => 0,
                },
                0x1B => terminal(&source[at..]),
                b'\'' => quote_of_shell(&source[at..]).inspect(|_| self.text.push(b'\'')).unwrap_or(0),
                b'+' => form.blank(source, at, &mut self.text),
                BACKSPACE => self.strike(at),
                _ => match fold::fold(source, at) {
                    Some((fold, used)) => {
                        self.text.extend(match fold {
                            Fold::As(byte) => Some(byte),
                            Fold::Gone => None,
                        });
                        used
                    }
                    None => 0,
                },
            };
            let start = start.min(self.text.len());
            if used == 0 {
                let run = if source[at] == b'\\' { slashes::leading(&source[at..]) } else { 1 };
                self.text.extend_from_slice(&source[at..at + run]);
                at += run;
            } else {
                // A backspace takes what it strikes out along.
                let struck = if source[at] == BACKSPACE { self.struck } else { 0 };
                let (view, raw) = (Span::new(start, self.text.len()), Span::new(at - struck, at + used));
                self.units.push(Unit { view, raw, gap: false, percent: source[at] == b'%' });
                at += used;
            }
        }
    }

    /// Was a quote decoded?
    pub fn has_quotes(&self) -> bool {
        let quote = |unit: &Unit| unit.view.len() > 1 && self.text[unit.view.end - 1] == b'"';
        self.units.iter().any(quote)
    }

    /// Takes out the character before the backspace at `at`, as terminals show `p\u{8}pa\u{8}a`; returns the bytes used.
    fn strike(&mut self, at: usize) -> usize {
        let end = self.text.len();
        // What vanished right before (by a backspace, say) goes along.
        let vanished = |unit: &Unit| unit.view == Span::new(end, end) && unit.raw.end == at && !unit.gap;
        let carried = self.units.pop_if(|unit| vanished(unit));
        let more = self.text.iter().rev().take(3).take_while(|b| **b & 0xC0 == 0x80).count();
        let length = (more + 1).min(end);
        let plain = self.units.last().is_none_or(|unit| unit.view.end <= end - length);
        if !plain || length == 0 || self.text[end - 1].is_ascii_control() {
            self.units.extend(carried);
            return 0;
        }
        self.struck = length + carried.map_or(0, |unit| unit.raw.len());
        self.text.truncate(end - length);
        1
    }

    /// Calls `each` with the source spans of the view span, in order; more than one where it runs over a gap.
    pub fn raw(&self, span: Span, mut each: impl FnMut(Span)) {
        let mut start = self.raw_start(span.start);
        let first = self.units.partition_point(|u| u.view.start <= span.start);
        for unit in self.units[first..].iter().take_while(|u| u.view.start < span.end).filter(|u| u.gap) {
            let end = self.raw_end(unit.view.start);
            if end > start {
                each(Span::new(start, end));
            }
            start = unit.raw.end;
        }
        let end = self.raw_end(span.end);
        if end > start {
            each(Span::new(start, end));
        }
    }

    /// Where the view byte at `at` begins in the source.
    fn raw_start(&self, at: usize) -> usize {
        match self.units[..self.units.partition_point(|u| u.view.start <= at)].last() {
            Some(unit) if at < unit.view.end => unit.raw.start,
            Some(unit) => unit.raw.end + (at - unit.view.end),
            None => at,
        }
    }

    /// Where the view byte before `at` ends in the source.
    fn raw_end(&self, at: usize) -> usize {
        match self.units[..self.units.partition_point(|u| u.view.start < at)].last() {
            Some(unit) if at <= unit.view.end => unit.raw.end,
            Some(unit) => unit.raw.end + (at - unit.view.end),
            None => at,
        }
    }
}

const BACKSPACE: u8 = 0x08;

/// Where something to decode may begin.
const STOPS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0xC2;
    while byte < 256 {
        table[byte] = true;
        byte += 1;
    }
    table[b'%' as usize] = true;
    table[b'=' as usize] = true;
    table[b'\\' as usize] = true;
    table[b'&' as usize] = true;
    table[b'\'' as usize] = true;
    table[b'+' as usize] = true;
    table[0x1B] = true;
    table[BACKSPACE as usize] = true;
    table
};

/// Backslashes before the deepest quote in `source`: what is percent-encoded in a string lies deeper still.
fn deepest(source: &[u8]) -> usize {
    let slashes = |at| slashes::trailing(&source[..at]);
    memchr::memchr_iter(b'"', source).map(slashes).max().unwrap_or(0)
}

/// Decodes `%40`, as in a string whose quotes have one backslash less than `slashes`; returns the bytes used, 0 if it
/// stays as it is.
fn percent(source: &[u8], slashes: usize, out: &mut Vec<u8>) -> usize {
    match (hex(source.get(1)), hex(source.get(2))) {
        // What stands behind it would be no part of the value, as it is of none in a URL.
        (Some(2), Some(3)) if !source[3..].starts_with(b"%3C") => 0,
        (Some(1), Some(0xB)) => match control_sequence(&source[3..]) {
            0 => 0,
            sequence => 3 + sequence,
        },
        (Some(high), Some(low)) => put(char::from(high << 4 | low), (high << 4 | low) >= 0x80, slashes, out) * 3,
        _ => 0,
    }
}

/// Decodes `\u0040`, `\x40` and `\100` with any number of backslashes, and surrogate pairs.
fn unicode(source: &[u8], out: &mut Vec<u8>) -> usize {
    let slashes = slashes::leading(source);
    let unit = |at: usize| -> Option<u32> {
        let digits = source.get(at + 1..at + 5)?;
        (source.get(at) == Some(&b'u')).then_some(())?;
        digits.iter().try_fold(0, |n, b| Some(n << 4 | u32::from(hex(Some(b))?)))
    };
    if source.get(slashes) == Some(&b'/') {
        out.push(b'/');
        return slashes + 1;
    }
    if source.get(slashes) == Some(&b'x')
        && let (Some(high), Some(low)) = (hex(source.get(slashes + 1)), hex(source.get(slashes + 2)))
    {
        return escaped(high << 4 | low, source, slashes, out);
    }
    // C, PostgreSQL's bytea and git write octal digits: `\\100`.
    if let Some(&[high @ b'0'..=b'3', middle @ b'0'..=b'7', low @ b'0'..=b'7']) = source.get(slashes..slashes + 3) {
        return escaped((high - b'0') << 6 | (middle - b'0') << 3 | (low - b'0'), source, slashes, out);
    }
    let Some(first) = unit(slashes) else { return 0 };
    let used = slashes + 5;
    if (0xD800..0xDC00).contains(&first) {
        let next = used + slashes::leading(&source[used..]);
        let Some(low) = unit(next).filter(|low| next > used && (0xDC00..0xE000).contains(low)) else { return 0 };
        let Some(c) = char::from_u32(0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00)) else { return 0 };
        return put(c, false, slashes, out) * (next + 5);
    }
    if first == 0x1B {
        let sequence = control_sequence(&source[used..]);
        return if sequence > 0 { used + sequence } else { 0 };
    }
    char::from_u32(first).map_or(0, |c| put(c, false, slashes, out) * used)
}

/// Appends the byte that `\x40` or `\100` stands for; takes out a terminal escape sequence that begins so.
fn escaped(byte: u8, source: &[u8], slashes: usize, out: &mut Vec<u8>) -> usize {
    let used = slashes + 3;
    if byte == 0x1B {
        let sequence = control_sequence(&source[used..]);
        return if sequence > 0 { used + sequence } else { 0 };
    }
    put(char::from(byte), byte >= 0x80, slashes, out) * used
}

/// Length of the terminal escape sequence at the start (ECMA-48 CSI, OSC up to BEL or ST).
fn terminal(source: &[u8]) -> usize {
    let sequence = control_sequence(&source[1..]);
    if sequence > 0 {
        return 1 + sequence;
    }
    if source.get(1) == Some(&b']') {
        let end = source[2..].iter().take(2048).position(|&b| b == 0x07 || b == 0x1B);
        return end.map_or(0, |i| 2 + i + if source[2 + i] == 0x1B { 2 } else { 1 }).min(source.len());
    }
    0
}

/// `[`, parameters, one letter; in a URL `%5B31%3B1m`.
fn control_sequence(source: &[u8]) -> usize {
    let bracket = match source {
        [b'[', ..] => 1,
        [b'%', b'5', b'B' | b'b', ..] => 3,
        _ => return 0,
    };
    let parameter = |b: &u8| (0x20..0x40).contains(b) || bracket == 3 && matches!(b, b'B' | b'b');
    let parameters = source[bracket..].iter().take(32).take_while(|b| parameter(b)).count();
    let end = bracket + parameters;
    if source.get(end).is_some_and(|b| (0x40..0x7F).contains(b)) { end + 1 } else { 0 }
}

/// Appends a decoded character; 0 if it had better stay encoded (control characters). A byte of a UTF-8 sequence
/// (`byte`) is appended as it is.
pub(super) fn put(c: char, byte: bool, slashes: usize, out: &mut Vec<u8>) -> usize {
    // An escape n levels deep has 2^n backslashes; the quote it stands for has 2^(n+1) - 1. More are backslashes themselves.
    let mut spell = |slashes: usize, last: u8| {
        out.extend(std::iter::repeat_n(b'\\', slashes));
        out.push(last);
    };
    let deeper = (slashes + (slashes & slashes.wrapping_neg())).clamp(2, 512) - 1;
    match c {
        '"' => spell(deeper, b'"'),
        '\\' => spell(deeper, b'\\'),
        '\n' => spell(slashes.clamp(1, 256), b'n'),
        '\r' => spell(slashes.clamp(1, 256), b'r'),
        '\t' => spell(slashes.clamp(1, 256), b't'),
        _ if byte => out.push(c as u8),
        c if c.is_control() => return 0,
        c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
    }
    1
}

fn hex(byte: Option<&u8>) -> Option<u8> {
    (*byte? as char).to_digit(16).map(|d| d as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(source: &str) -> String {
        let mut view = View::default();
        view.decode(source.as_bytes());
        String::from_utf8_lossy(&view.text).into_owned()
    }

    #[test]
    fn one_layer_is_decoded() {
        let cases: &[(&str, &str)] = &[
            (r"jane\u0040x.io", "jane@x.io"),
            (r"jane\\u0040x.io", "jane@x.io"),
            ("jane%40x.io", "jane@x.io"),
            ("jane%2540x.io", "jane%40x.io"),
            (r"\u0022a\u0022", r#"\"a\""#),
            (r"\\u0022", r#"\\\""#),
            ("%22a%22", r#"\"a\""#),
            (r"\ud83d\ude00!", "😀!"),
            (r"\ud83d!", r"\ud83d!"),
            ("%C3%A9", "é"),
            ("quoted-printable mag=\r\npie jo=40x.io=20", "quoted-printable magpie jo@x.io "),
            ("id=42 jo=40x.io", "id=42 jo=40x.io"),
            ("100%", "100%"),
            (r"C:\users", r"C:\users"),
            (r"https:\/\/x", "https://x"),
            ("\u{1b}[36mkey\u{1b}[0m=x", "key=x"),
            (r"\u001b[36mkey\u001b[0m=x", "key=x"),
            ("%00", "%00"),
            (r"jane\x40x.io \xc3\xa9", "jane@x.io é"),
            (r"jane\100x.io \303\251 \400 \18", r"jane@x.io é \400 \18"),
            ("jane&#64;x.io &#x40;&amp;&lt;", "jane@x.io @&<"),
            ("{&quot;a&quot;", r#"{\"a\""#),
            ("a&b;&x=1&copy;&#xZ;&#0;", "a&b;&x=1&copy;&#xZ;&#0;"),
            ("p\u{8}pa\u{8}a_\u{8}s=x \u{8}", "pas=x"),
            ("é\u{8}éa \u{8}\u{8}\u{8}b", "b"),
            ("ｊｏ＠ｘ pass\u{200B}word=é", "jo@x password=é"),
        ];
        for (source, text) in cases {
            assert_eq!(decoded(source), *text, "{source}");
        }
    }

    #[test]
    fn spans_lead_back_to_the_source() {
        let source = b"x jane%40x.io y";
        let mut view = View::default();
        view.decode(source);
        let mut spans = Vec::new();
        view.raw(Span::new(2, 11), |s| spans.push(s));
        assert_eq!(spans, [Span::new(2, 13)]);
        assert_eq!(&source[spans[0].range()], b"jane%40x.io");
    }

    #[test]
    fn spans_over_a_gap_are_split() {
        let source = b"A abc\nB def\n";
        let mut view = View::default();
        view.join(b"abc", 2);
        view.join(b"def", 8);
        let mut spans = Vec::new();
        view.raw(Span::new(1, 5), |s| spans.push(s));
        assert_eq!(spans, [Span::new(3, 5), Span::new(8, 10)]);
        spans.clear();
        view.raw(Span::new(3, 6), |s| spans.push(s));
        assert_eq!(spans, [Span::new(8, 11)]);
        assert_eq!(source.len(), 12);
    }
}
