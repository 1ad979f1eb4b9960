//! Quotes and how deep they are escaped.
//!
//! A JSON string inside a JSON string writes its quotes as `\"`, one level deeper as `\\\"`, then with seven
//! backslashes: 2^level - 1. Backslashes that stand for themselves come in multiples of 2^(level+1) before those, so
//! the level of a quote is the number of trailing one bits of the count of backslashes before it.

use crate::slashes;
use crate::span::Span;
use memchr::memchr;

/// How a string is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// `"`, `'` or `` ` ``.
    pub byte: u8,
    /// Depth of escaping: 0 for `"`, 1 for `\"`, 2 for `\\\"`.
    pub level: u32,
    /// How many double-quoted strings are around an apostrophe string: they double its backslashes, but not its quotes.
    /// 0 for double quotes.
    pub depth: u32,
}

impl Quote {
    fn new(byte: u8, backslashes: usize, depth: u32) -> Quote {
        let depth = if byte == b'"' { 0 } else { depth };
        Quote { byte, level: (backslashes >> depth).trailing_ones(), depth }
    }

    /// Backslashes in front of such a quote.
    pub fn backslashes(self) -> usize {
        ((1 << self.level.min(16)) - 1) << self.depth
    }

    /// Bytes of such a quote with its backslashes.
    pub fn width(self) -> usize {
        self.backslashes() + 1
    }

    /// As it is spelled this deep in strings, at least.
    #[must_use]
    pub fn at_least(self, level: u32) -> Quote {
        Quote { level: self.level.max(level), ..self }
    }

    /// Appends such a quote.
    pub fn write(self, out: &mut Vec<u8>) {
        out.extend(std::iter::repeat_n(b'\\', self.backslashes()));
        out.push(self.byte);
    }
}

/// A quote byte of some kind?
pub fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// The quote whose quote byte stands at `at`.
pub fn quote_at(text: &[u8], at: usize) -> Quote {
    Quote::new(text[at], slashes::trailing(&text[..at]), 0)
}

/// The quote that closes a key, whose quote byte stands at `at`: no key ends in a backslash of its own, so an even number of
/// them is what Python makes of the quotes of JSON in JSON, `'{"d": "{\\"key\\": 1}"}'`.
pub fn quote_of_key(text: &[u8], at: usize) -> Quote {
    let slashes = slashes::trailing(&text[..at]);
    doubled(text[at], slashes).unwrap_or_else(|| Quote::new(text[at], slashes, 0))
}

/// A double quote whose backslashes were doubled once more.
pub(super) fn doubled(byte: u8, slashes: usize) -> Option<Quote> {
    let quote = Quote { byte, level: (slashes >> 1).trailing_ones(), depth: 1 };
    (byte == b'"' && slashes > 0 && slashes == quote.backslashes()).then_some(quote)
}

/// The inside of the string that starts at `at` with a quote whose backslashes are doubled, as Python does where it prints
/// JSON in apostrophes, and how long its quotes are; also where that stands in strings, with any odd number of backslashes that
/// no string in a string has. No other value begins like that.
pub fn doubled_string(text: &[u8], at: usize) -> Option<(Span, usize)> {
    let slashes = slashes::leading(text.get(at..)?);
    let byte = *text.get(at + slashes)?;
    let start = at + slashes + 1;
    if let Some(quote) = doubled(byte, slashes) {
        return Some((Span::new(start, closing(text, start, quote)?), quote.width()));
    }
    // What the levels of strings alone would have: 1, 3, 7, ….
    if byte != b'"' || slashes < 5 || (slashes + 1).is_power_of_two() {
        return None;
    }
    let ends = |found: &usize| slashes::trailing(&text[start..*found]) <= slashes;
    let end = memchr::memchr_iter(b'"', &text[start..]).map(|found| start + found).find(ends)?;
    Some((Span::new(start, end - slashes::trailing(&text[start..end])), slashes + 1))
}

/// The quote that begins at `at`, where its backslashes begin, and where its content starts. `depth` says how many
/// double-quoted strings are open there.
pub fn opening(text: &[u8], at: usize, depth: u32) -> Option<(Quote, usize)> {
    let slashes = slashes::leading(text.get(at..)?);
    let byte = *text.get(at + slashes)?;
    // Python's `repr` escapes the apostrophes of what it prints, but not the double quotes there: `'{"a": "it\'s"}'`.
    let mut depths = (0..=depth).rev().map(|depth| Quote::new(byte, slashes, depth));
    let quote = depths.find(|quote| slashes == quote.backslashes())?;
    is_quote(byte).then_some((quote, at + slashes + 1))
}

/// Where the string that starts at `from` inside `quote` ends: before the closing quote's backslashes.
///
/// A quote of a lower level ends it too: it belongs to the string around. `None` when nothing closes it.
pub fn closing(text: &[u8], from: usize, quote: Quote) -> Option<usize> {
    let mut at = from;
    loop {
        let Some(found) = memchr(quote.byte, text.get(at..)?).map(|i| at + i) else {
            return verbatim_end(text, from, quote);
        };
        let level = (slashes::trailing(&text[from..found]) >> quote.depth).trailing_ones();
        // SQL, YAML and CSV double a quote that belongs to the value.
        let doubled = level == 0 && quote.level == 0 && found > from && text.get(found + 1) == Some(&quote.byte);
        if doubled {
            at = found + 2;
        } else if level <= quote.level {
            return Some(found - Quote { level, ..quote }.backslashes());
        } else {
            at = found + 1;
        }
    }
}

/// YAML and shells escape nothing in apostrophes: the last thing in a line that could be an escaped one closes a string that nothing
/// else does, `'C:\logs\'`.
fn verbatim_end(text: &[u8], from: usize, quote: Quote) -> Option<usize> {
    let end = text.trim_ascii_end().len().checked_sub(1)?;
    let verbatim = quote == Quote { byte: b'\'', level: 0, depth: 0 };
    (verbatim && end > from && text[..=end].ends_with(b"\\'")).then_some(end)
}

/// Where the quote is over that [`closing`] found at `end`. It may be of a lower level, with fewer backslashes, than the one
/// that opened the string.
pub fn behind(text: &[u8], end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    let slashes = slashes::leading(rest);
    text.len().min(end + slashes + 1)
}

/// Length of the apostrophe that `text` begins with, if that is one in a word in apostrophes, as a shell has to spell it: `'\''`,
/// `'"'"'`, with any number of backslashes more where that stands in a string.
pub fn quote_of_shell(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(b"'")?;
    let slashes = slashes::leading(rest);
    let rest = &rest[slashes..];
    if slashes > 0 && rest.starts_with(b"''") {
        return Some(slashes + 3);
    }
    let rest = rest.strip_prefix(b"\"'")?;
    let closing = slashes::leading(rest);
    (closing == slashes && rest[closing..].starts_with(b"\"'")).then_some(1 + slashes + 2 + closing + 2)
}

/// The inside of the quoted string that starts at `at`, and how it is quoted. An unclosed one runs to `limit`, the end
/// of the double-quoted string around it. `depth` says how many of those there are.
pub fn string_at(text: &[u8], at: usize, limit: usize, depth: u32) -> Option<(Span, Quote)> {
    let text = &text[..limit];
    let (quote, start) = opening(text, at, depth)?;
    // CSV doubles the quotes of JSON inside a cell, ""key"":""value""; Python has strings in three quotes.
    if quote.level == 0 && text.get(start) == Some(&quote.byte) {
        let three = text.get(start + 1) == Some(&quote.byte);
        let body = start + 1 + usize::from(three);
        let more = text.get(body).is_some_and(|b| !b", \t:;)}]\r\n&".contains(b));
        let end = memchr::memmem::find(&text[body..], &[quote.byte; 3][..if three { 3 } else { 2 }]).filter(|_| more);
        // A string that begins with a quote, which is doubled as any in it.
        let doubled = || if three && more { closing(text, body, quote) } else { None };
        if let Some(end) = end.is_none().then(doubled).flatten() {
            return Some((Span::new(start, end), quote));
        }
        return Some((end.map_or(Span::new(start, start), |i| Span::new(body, body + i)), quote));
    }
    // The same in a string: `\"\"key\"\":\"\"value\"\"`.
    // In a cell only the quotes of JSON in a string are doubled: `\""key\"":\""value\""`.
    let next =
        opening(text, start, depth).filter(|(next, _)| *next == quote || next.level == 0 && next.byte == quote.byte);
    if let Some((next, body)) = next.filter(|_| quote.level > 0) {
        let mut twice = Vec::new();
        quote.write(&mut twice);
        next.write(&mut twice);
        if text.get(body).is_some_and(|b| !b", \t:;)}]\r\n&\\".contains(b)) {
            let end = memchr::memmem::find(&text[body..], &twice);
            return Some((end.map_or(Span::new(start, start), |i| Span::new(body, body + i)), quote));
        }
    }
    Some((Span::new(start, closing(text, start, quote).unwrap_or(limit)), quote))
}

/// The quote of this kind at the end of `text`, if an encoding spells it: `%22`, `&quot;`, `\u0022`, with the backslashes in front.
pub fn encoded_quote(text: &[u8], byte: u8) -> Option<&[u8]> {
    let (percent, entities, escape): (_, [&[u8]; 3], _) = match byte {
        b'"' => (b"22", [b"quot;", b"#34;", b"#x22;"], b"u0022"),
        b'\'' => (b"27", [b"apos;", b"#39;", b"#x27;"], b"u0027"),
        _ => return None,
    };
    let rest = if let Some(mut rest) = without_percent(text, &[percent]) {
        while let Some(slash) = without_percent(rest, &[b"5C", b"5c"]) {
            rest = slash;
        }
        rest
    } else if let Some(rest) = entities.iter().find_map(|name| text.strip_suffix(*name)) {
        let mut rest = rest;
        while let Some(more) = rest.strip_suffix(b"amp;") {
            rest = more;
        }
        slashes::without_trailing(rest.strip_suffix(b"&")?)
    } else {
        let rest = text.strip_suffix(escape)?;
        Some(slashes::without_trailing(rest)).filter(|before| before.len() < rest.len())?
    };
    Some(&text[rest.len()..])
}

/// The quote of this kind at the end of `text`, if it is doubled, as in a cell of CSV and a literal of SQL, or stands in a shell's
/// word, `'\\''`.
pub fn doubled_quote(text: &[u8], byte: u8) -> Option<&[u8]> {
    const SPELLED: [&[u8]; 4] = [b"'\\''", b"'\"'\"'", b"''", b"\"\""];
    let quote = SPELLED.into_iter().find(|quote| quote[0] == byte && text.ends_with(quote))?;
    Some(&text[text.len() - quote.len()..])
}

/// `text` without one of these bytes in percent encoding at its end, once or more often encoded: `%22`, `%2522`.
pub fn without_percent<'t>(text: &'t [u8], bytes: &[&[u8; 2]]) -> Option<&'t [u8]> {
    let mut rest = bytes.iter().find_map(|byte| text.strip_suffix(*byte))?;
    while let Some(more) = rest.strip_suffix(b"25") {
        rest = more;
    }
    rest.strip_suffix(b"%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_end_at_their_own_level() {
        let cases: &[(&str, &str)] = &[
            (r#""abc" x"#, "abc"),
            (r#""a\"b" x"#, r#"a\"b"#),
            (r#""a\\" x"#, r"a\\"),
            (r#"\"a b\" x"#, "a b"),
            (r#"\"a\\\"b\" x"#, r#"a\\\"b"#),
            (r#"\"a\\\\\" x"#, r"a\\\\"),
            (r#"\\\"a b\\\" x"#, "a b"),
            (r#"\"open" x"#, "open"),
            ("'it''s' x", "it''s"),
            (r"'it\'s' x", r"it\'s"),
            (r#""""a b""" x"#, "a b"),
            ("'''a b' x", "''a b"),
            (r#""""a""b" x"#, r#"""a""b"#),
            (r#"""a"",""b"""#, "a"),
            (r#"\"\"a b\"\",\"\"c\"\""#, "a b"),
            (r#"\"\",\"c\""#, ""),
            (r#"\""a b\"",\""c\"""#, "a b"),
            (r#""" x"#, ""),
            (r#""unclosed"#, "unclosed"),
            (r"'C:\logs\'", r"C:\logs\"),
            (r"'it\'s\' ", r"it\'s\"),
            (r"'it\'s", r"it\'s"),
        ];
        for (text, inside) in cases {
            let (span, _) = string_at(text.as_bytes(), 0, text.len(), 0).expect(text);
            assert_eq!(&text[span.range()], *inside, "{text}");
        }
    }
}
