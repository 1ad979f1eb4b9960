//! How one character of a secret may be spelled in a log: itself, or escaped for JSON, a URL, XML, a shell, a program's
//! literals, mail; also escaped again and again, because a message goes through several of them.
//!
//! | escape | from |
//! |---|---|
//! | `\"` `\/` `\n` `\u0040`, with any number of backslashes | RFC 8259, section 7; nested strings double them |
//! | `%40`, `%2540`, `+` for a blank | RFC 3986, section 2.1; HTML form encoding |
//! | `&#64;` `&#x40;` `&quot;`, `&amp;quot;` | XML 1.0, section 4.1; HTML 4, section 24 |
//! | `\x40` `\100` `\u{40}` `\U00000040` `\'` | Go and C string literals, shell `$'…'`, Rust `Debug` |
//! | `'\''` `'"'"'` `''` `""` | shells, SQL, CSV |
//! | `=40` | quoted-printable, RFC 2045, section 6.7 |

use crate::slashes;

/// Layers of percent signs and of `amp;` that are looked through.
const LAYERS: usize = 4;
/// No spelling of one character is longer, but for its backslashes.
pub(super) const LONGEST: usize = 40;

/// One character of a secret.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit<'s> {
    /// Its bytes: a UTF-8 sequence, or one byte that belongs to none.
    pub bytes: &'s [u8],
    code: u32,
}

impl Unit<'_> {
    /// Its Unicode scalar value, or its one byte.
    pub fn code(self) -> u32 {
        self.code
    }
}

/// The characters of a secret, in order.
pub(super) fn units(secret: &[u8]) -> impl DoubleEndedIterator<Item = Unit<'_>> {
    let mut found = Vec::with_capacity(secret.len());
    for part in secret.utf8_chunks() {
        let mut rest = part.valid();
        while let Some(c) = rest.chars().next() {
            let (head, tail) = rest.split_at(c.len_utf8());
            found.push(Unit { bytes: head.as_bytes(), code: c as u32 });
            rest = tail;
        }
        found.extend(part.invalid().chunks(1).map(|byte| Unit { bytes: byte, code: u32::from(byte[0]) }));
    }
    found.into_iter()
}

/// Calls `end` with each place where a spelling of `unit` that starts at `at` ends.
pub(super) fn ends(text: &[u8], at: usize, unit: Unit<'_>, end: &mut dyn FnMut(usize)) {
    let rest = &text[at..];
    if rest.starts_with(unit.bytes) {
        end(at + unit.bytes.len());
    }
    // A letter or digit looks like itself or is numbered; numbers begin with one of these.
    match rest.first() {
        Some(b'\\') => backslash(text, at, unit, end),
        // A percent sign may be one that was escaped often, or a part of something else that was.
        Some(b'%') if unit.code == 0x25 => {
            let layers = rest[1..].chunks_exact(2).take(LAYERS).take_while(|two| *two == b"25").count();
            (1..=layers).for_each(|layer| end(at + 1 + 2 * layer));
        }
        Some(b'%') => numbered(text, at, unit, percent, end),
        Some(b'&') => entity(text, at, unit, end),
        Some(b'=') => numbered(text, at, unit, quoted_printable, end),
        Some(b'+') if unit.code == 0x20 => end(at + 1),
        Some(b' ') if unit.code == 0x0A => end(at + 1),
        Some(b'\r') if unit.code == 0x0A && rest.get(1) == Some(&b'\n') => end(at + 2),
        Some(quote @ (b'\'' | b'"')) if unit.code == u32::from(*quote) => {
            for doubled in [&b"''"[..], b"'\\''", b"'\"'\"'", b"\"\"", b"'\\\\''"] {
                if doubled[0] == *quote && rest.starts_with(doubled) {
                    end(at + doubled.len());
                }
            }
        }
        _ => {}
    }
}

/// A character of which each byte is numbered by itself.
fn numbered(text: &[u8], at: usize, unit: Unit<'_>, one: fn(&[u8], u8) -> Option<usize>, end: &mut dyn FnMut(usize)) {
    let mut next = at;
    // A line break may have come as two.
    if unit.code == 0x0A
        && let Some(used) = one(&text[next..], b'\r')
    {
        next += used;
    }
    for byte in unit.bytes {
        match one(&text[next..], *byte) {
            Some(used) => next += used,
            None => return,
        }
    }
    end(next);
}

/// `%40`, `%2540` …
fn percent(text: &[u8], byte: u8) -> Option<usize> {
    let mut at = 1;
    if text.first() != Some(&b'%') {
        return None;
    }
    for _ in 0..LAYERS {
        if hex(text.get(at..at + 2)?) == Some(u32::from(byte)) {
            return Some(at + 2);
        }
        if text.get(at..at + 2)? != b"25" {
            return None;
        }
        at += 2;
    }
    None
}

/// `=40`
fn quoted_printable(text: &[u8], byte: u8) -> Option<usize> {
    let digits = text.strip_prefix(b"=")?.get(..2)?;
    (hex(digits) == Some(u32::from(byte)) && !digits.iter().any(u8::is_ascii_lowercase)).then_some(3)
}

/// `\x40` or `\100` with any number of backslashes.
fn byte_escape(text: &[u8], byte: u8) -> Option<usize> {
    let run = slashes(text);
    let rest = &text[run..];
    if run == 0 {
        return None;
    }
    if let Some(digits) = rest.strip_prefix(b"x").and_then(|rest| rest.get(..2)) {
        return (hex(digits) == Some(u32::from(byte))).then_some(run + 3);
    }
    let octal = rest.get(..3)?.iter().try_fold(0, |n, b| matches!(b, b'0'..=b'7').then(|| n * 8 + u32::from(b - b'0')));
    (octal == Some(u32::from(byte))).then_some(run + 3)
}

fn slashes(text: &[u8]) -> usize {
    slashes::leading(text)
}

fn backslash(text: &[u8], at: usize, unit: Unit<'_>, end: &mut dyn FnMut(usize)) {
    let run = slashes(&text[at..]);
    let after = at + run;
    if unit.code == u32::from(b'\\') {
        // One backslash is 1, 2, 4, 8 … of them.
        let mut count = 2;
        while count <= run {
            end(at + count);
            count *= 2;
        }
    }
    numbered(text, at, unit, byte_escape, end);
    let Some(next) = text.get(after) else { return };
    match (next, unit.code) {
        (b'n', 0x0A) | (b't', 0x09) | (b'r', 0x0D) | (b'f', 0x0C) | (b'b', 0x08) | (b'e', 0x1B) => end(after + 1),
        (b'r', 0x0A) => {
            let second = slashes(&text[after + 1..]);
            if second > 0 && text.get(after + 1 + second) == Some(&b'n') {
                end(after + second + 2);
            }
        }
        (b'u' | b'U', code) => {
            if let Some(used) = unicode(&text[after..], code) {
                end(after + used);
            }
        }
        (next, code)
            if u32::from(*next) == code && !next.is_ascii_alphanumeric() && next.is_ascii() && *next != b'\\' =>
        {
            end(after + 1);
        }
        _ => {}
    }
}

/// `u0040`, `u{40}`, `U00000040`, `ud83d\ude00` behind its backslashes: bytes used.
fn unicode(text: &[u8], code: u32) -> Option<usize> {
    if text[0] == b'U' {
        return (hex(text.get(1..9)?) == Some(code)).then_some(9);
    }
    if text.get(1) == Some(&b'{') {
        let digits = text[2..].iter().take(8).take_while(|b| b.is_ascii_hexdigit()).count();
        let closed = text.get(2 + digits) == Some(&b'}');
        return (closed && hex(&text[2..2 + digits]) == Some(code)).then_some(digits + 3);
    }
    let first = hex(text.get(1..5)?)?;
    if first == code {
        return Some(5);
    }
    if code < 0x1_0000 || first != 0xD800 + ((code - 0x1_0000) >> 10) {
        return None;
    }
    let second = 5 + slashes(&text[5..]);
    let low = text.get(second..second + 5).filter(|low| second > 5 && low[0] == b'u')?;
    (hex(&low[1..]) == Some(0xDC00 + (code & 0x3FF))).then_some(second + 5)
}

fn entity(text: &[u8], at: usize, unit: Unit<'_>, end: &mut dyn FnMut(usize)) {
    let mut rest = &text[at + 1..];
    for _ in 0..LAYERS {
        let length = rest.iter().take(12).position(|b| *b == b';');
        let Some(length) = length else { return };
        let name = &rest[..length];
        let code = match name {
            [b'#', b'x' | b'X', digits @ ..] => hex(digits),
            [b'#', digits @ ..] => std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()),
            b"amp" => Some(0x26),
            b"lt" => Some(0x3C),
            b"gt" => Some(0x3E),
            b"quot" => Some(0x22),
            b"apos" => Some(0x27),
            _ => None,
        };
        rest = &rest[length + 1..];
        if code == Some(unit.code) {
            end(text.len() - rest.len());
        }
        if code != Some(0x26) {
            return;
        }
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    let digit = |n: u32, b: &u8| Some(n << 4 | char::from(*b).to_digit(16)?);
    (!digits.is_empty() && digits.len() <= 8).then(|| digits.iter().try_fold(0, digit))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_known_in_every_spelling() {
        for (character, spellings) in [
            (
                "@",
                &["@", "%40", "%2540", "%252540", r"\u0040", r"\\u0040", r"\x40", r"\100", r"\u{40}", r"\@", r"\\\@"][..],
            ),
            ("@", &["&#64;", "&#x40;", "&amp;#64;", "&#064;", "=40", r"\U00000040"]),
            ("\"", &["\"", r#"\""#, r#"\\\""#, "&quot;", "&amp;quot;", "%22", "\"\"", r"\u0022", r"\\\\u0022"]),
            ("'", &["'", r"'\''", "''", r#"'"'"'"#, "&#39;", "&apos;", r"\'", "%27"]),
            ("<", &["<", r"\u003c", r"\u003C", "&lt;", "%3c", "%3C"]),
            ("&", &["&", "&amp;", "&amp;amp;", r"\u0026", "%26"]),
            ("\\", &["\\", r"\\", r"\\\\", "%5C", r"\u005c", r"\x5c"]),
            (
                "\n",
                &["\n", "\r\n", r"\n", r"\r\n", r"\\n", r"\\r\\n", " ", "%0A", "%0D%0A", r"\u000a", "&#10;", r"\012"],
            ),
            (" ", &[" ", "+", "%20", "&#32;"]),
            ("/", &["/", r"\/", r"\\/", "%2F"]),
            ("é", &["é", "%C3%A9", "%c3%a9", "%25C3%25A9", r"\u00e9", r"\xc3\xa9", "&#233;", r"\303\251", "=C3=A9"]),
            ("😀", &["😀", r"\ud83d\ude00", r"\\uD83D\\uDE00", r"\u{1f600}", "&#128512;", "%F0%9F%98%80"]),
            ("a", &["a", "%61", r"\u0061", r"\x61", r"\141", "&#97;", "%2561"]),
        ] {
            for spelling in spellings {
                let unit = units(character.as_bytes()).next().expect("one character");
                let mut found = Vec::new();
                ends(spelling.as_bytes(), 0, unit, &mut |end| found.push(end));
                assert!(found.contains(&spelling.len()), "{character:?} as {spelling}: {found:?}");
            }
        }
    }

    #[test]
    fn nothing_else_is_taken_for_it() {
        for (character, others) in [
            (
                "@",
                &[
                    "", "a", "%41", "%4", "%", r"\u0041", r"\u004", r"\n", r"\", "&#65;", "&;", "&", "=4", "=4x",
                    "%25", "%2525",
                ][..],
            ),
            ("a", &[r"\a", "A", r"\\", "=6", r"\x6", r"\14"]),
            ("😀", &[r"\ud83d", r"\ud83d\u", r"\ud83dude00", r"\ud83d\ude01"]),
        ] {
            for other in others {
                let unit = units(character.as_bytes()).next().expect("one character");
                ends(other.as_bytes(), 0, unit, &mut |end| panic!("{character:?} in {other}: {end}"));
            }
        }
    }
}
