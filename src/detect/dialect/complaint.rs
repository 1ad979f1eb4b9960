//! What validators and parsers say of a value that they refuse, and of the field it was for: Joi's `"phone" with value "x" fails`,
//! Mongoose's ``Path `phone` (`x`) is`` and `Cast to date failed for value "x" (type string) at path "born"`, clap's and cobra's
//! `invalid value 'x' for '--pin'`, argparse's `argument --pin: invalid int value: 'x'`, MySQL's
//! `Incorrect date value: 'x' for column 'born'`, Spring's `on field 'phone': rejected value [x]`, ASP.NET's
//! `The value 'x' is not valid for Phone.`, Jackson's `from String "x": … (through reference chain: User["born"])`.

use crate::slashes;
use crate::span::Span;
use memchr::memmem;

/// A refused value and the field it was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The name of the field.
    pub name: Span,
    /// The value without its quotes.
    pub value: Span,
}

/// Most bytes of a value.
pub const LONGEST: usize = 2048;
/// How far behind the value Jackson names the field: the text it read may stand between, cut at 500 bytes.
const REACH: usize = 2048;

/// The complaint whose words begin at `at`, in a string that ends at `limit`.
pub fn find(text: &[u8], at: usize, limit: usize) -> Option<Complaint> {
    let text = &text[..limit];
    let behind = |words: &[u8]| text[at..].starts_with(words).then_some(at + words.len());
    // 1. The name stands in front.
    if let Some(start) = behind(b"with value ") {
        let value = quoted(text, start, &[b" fails", b" matches"])?;
        let name = name_before(text, at.checked_sub(1).filter(|blank| text[*blank] == b' ')?)?;
        return Some(Complaint { name, value });
    }
    if let Some(start) = behind(b"rejected value [") {
        let line = text[start..].iter().take(LONGEST).take_while(|b| !matches!(b, b'\r' | b'\n')).count();
        let line = &text[start..start + line];
        let end = memmem::find(line, b"]; codes [").or_else(|| memchr::memchr(b']', line))?;
        let name = name_before(text, at.checked_sub(2).filter(|colon| &text[*colon..at] == b": ")?)?;
        return (&line[..end] != b"null").then_some(Complaint { name, value: Span::new(start, start + end) });
    }
    // 2. It stands between the words and the value.
    if let Some(start) = behind(b"Path `") {
        let name = name_at(text, start)?;
        let value = quoted(text, name.end + text[name.end..].strip_prefix(b"` (").map(|_| 3)?, &[b") "])?;
        return Some(Complaint { name, value });
    }
    if let Some(start) = behind(b"argument -") {
        let name = name_at(text, option(text, start - 1))?;
        let words = text[name.end..].strip_prefix(b": invalid ")?;
        let words = words.iter().take(64).position(|b| *b == b'\'')?;
        let value = quoted(text, name.end + b": invalid ".len() + words, &[])?;
        return Some(Complaint { name, value });
    }
    if let Some(start) = behind(b"Invalid value for ") {
        let open = start + mark(text, start);
        let name = name_at(text, option(text, open))?;
        let gap = name.end + mark(text, name.end);
        let value = quoted(text, gap + text[gap..].strip_prefix(b": ").map(|_| 2)?, &[b" is not"])?;
        return Some(Complaint { name, value });
    }
    // 3. It stands behind the value.
    if let Some(start) = behind(b"from String ") {
        let value = quoted(text, start, &[b": "])?;
        let rest = &text[value.end..text.len().min(value.end + REACH)];
        let chain = value.end + memmem::find(rest, b"(through reference chain: ")?;
        let end = chain + memchr::memchr(b')', &text[chain..])?;
        let end = end - text[chain..end].iter().rev().take(1).filter(|b| **b == b']').count();
        return Some(Complaint { name: name_before(text, end)?, value });
    }
    if let Some(start) = behind(b"Incorrect ") {
        let kind = text[start..].iter().take(16).take_while(|b| b.is_ascii_lowercase()).count();
        let start = start + kind + text[start + kind..].strip_prefix(b" value: ").map(|_| 8)?;
        return named_behind(text, quoted(text, start, &[b" for column "])?, &[b" for column "]);
    }
    let start = [&b"nvalid value "[..], b"nvalid argument ", b"llegal value ", b"ailed for value ", b"he value "]
        .iter()
        .find_map(|words| text[at + 1..].starts_with(words).then_some(at + 1 + words.len()))?;
    named_behind(text, quoted(text, start, &ENDS)?, &LINKS)
}

/// The value, and the name behind one of `links` that follows it.
fn named_behind(text: &[u8], value: Span, links: &[&[u8]]) -> Option<Complaint> {
    let end = value.end + mark(text, value.end);
    let rest = &text[end..];
    // Mongoose says what type the value has.
    let typed = rest.strip_prefix(TYPE).and_then(|kind| memchr::memchr(b')', kind)).filter(|length| *length < 32);
    let end = end + typed.map_or(0, |length| TYPE.len() + length + 1);
    let link = links.iter().find(|link| text[end..].starts_with(link))?;
    let mut at = end + link.len();
    for kind in KINDS {
        at += text[at..].strip_prefix(kind).map_or(0, |_| kind.len());
    }
    Some(Complaint { name: name_at(text, option(text, at + mark(text, at)))?, value })
}

/// What joins a value and the name behind it.
const LINKS: [&[u8]; 5] = [b" for ", b" given for ", b" provided for ", b" is not valid for ", b" at path "];
/// What Mongoose says of a value behind it.
const TYPE: &[u8] = b" (type ";
/// What may stand behind a value.
const ENDS: [&[u8]; 6] = [LINKS[0], LINKS[1], LINKS[2], LINKS[3], LINKS[4], TYPE];

/// What may stand in front of the name behind a value.
const KINDS: [&[u8]; 8] =
    [b"the ", b"field ", b"flag ", b"option ", b"parameter ", b"argument ", b"property ", b"column "];

/// Where the long name of an option begins, of which the short one may stand in front: `-p, --pin`, `-p/--pin`, `--pin`, `-pin`.
fn option(text: &[u8], at: usize) -> usize {
    let short = match text.get(at..at + 3) {
        Some([b'-', letter, b'/']) if letter.is_ascii_alphanumeric() => 3,
        Some([b'-', letter, b',']) if letter.is_ascii_alphanumeric() => 4,
        _ => 0,
    };
    let at = (at + short).min(text.len());
    at + text[at..].iter().take(2).take_while(|b| **b == b'-').count()
}

/// Length of the quote at `at`, with its backslashes; 0 if none is there.
fn mark(text: &[u8], at: usize) -> usize {
    let slashes = slashes::leading(&text[at.min(text.len())..]);
    if matches!(text.get(at + slashes), Some(b'"' | b'\'' | b'`')) { slashes + 1 } else { 0 }
}

/// The inside of the quotes that open at `at`: up to the first closing one with one of `ends` behind it, if there are any, in the
/// same line.
fn quoted(text: &[u8], at: usize, ends: &[&[u8]]) -> Option<Span> {
    let width = mark(text, at);
    let close = text.get(at..at + width).filter(|close| !close.is_empty())?;
    let start = at + width;
    let within = &text[start..text.len().min(start + LONGEST)];
    let line = within.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(within.len());
    let ends = |end: &usize| ends.is_empty() || ends.iter().any(|words| within[*end + width..].starts_with(words));
    let end = memmem::find_iter(&within[..line], close).find(ends)?;
    Some(Span::new(start, start + end))
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'_' | b'-' | b'.')
}

/// The name that begins at `at`.
fn name_at(text: &[u8], at: usize) -> Option<Span> {
    let length = text.get(at..)?.iter().take(128).take_while(|b| is_name(**b)).count();
    let length = length - text[at..at + length].iter().rev().take_while(|b| **b == b'.').count();
    (length > 0).then(|| Span::new(at, at + length))
}

/// The name in quotes that end at `at`.
fn name_before(text: &[u8], at: usize) -> Option<Span> {
    let end = at.checked_sub(1).filter(|quote| matches!(text[*quote], b'"' | b'\'' | b'`'))?;
    let end = end - slashes::trailing(&text[..end]);
    let length = text[..end].iter().rev().take(128).take_while(|b| is_name(**b)).count();
    (length > 0).then(|| Span::new(end - length, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> Option<(&str, &str)> {
        let bytes = text.as_bytes();
        let found = (0..bytes.len()).find_map(|at| find(bytes, at, bytes.len()))?;
        Some((&text[found.name.range()], &text[found.value.range()]))
    }

    #[test]
    fn value_and_field_are_told() {
        for (text, name, value) in [
            (r#""user.pin" with value "a"b" fails to match"#, "user.pin", "a\"b"),
            (r#"{"m":"\"pin\" with value \"ab\" fails to match"}"#, "pin", "ab"),
            ("Path `pin` (`a`) is shorter than", "pin", "a"),
            (r#"Cast to date failed for value "a b" (type string) at path "born""#, "born", "a b"),
            (r#"Cast to date failed for value "a" (type string) at path "born" for model"#, "born", "a"),
            (r#"Cast to date failed for value "a" at path "born" for model"#, "born", "a"),
            ("error: invalid value 'a' for '--pin <PIN>': no", "pin", "a"),
            (r#"invalid value "a" for flag -pin: parse error"#, "pin", "a"),
            (r#"invalid argument "a" for "-p, --pin" flag"#, "pin", "a"),
            ("Invalid value 'it's' for field 'pin'", "pin", "it's"),
            ("Invalid value for '--pin': 'a' is not a valid integer.", "pin", "a"),
            ("argument -p/--pin: invalid int value: 'a'", "pin", "a"),
            ("argument --pin: invalid choice: 'a' (choose", "pin", "a"),
            ("Incorrect date value: 'a' for column 'born' at row 1", "born", "a"),
            ("The value 'a b' is not valid for Phone.", "Phone", "a b"),
            ("in object 'u' on field 'pin': rejected value [a]b]; codes [x]", "pin", "a]b"),
            (
                "from String \"a\": bad\\n at [Source: x] (through reference chain: a.User[\\\"n\\\"]->a.B[\\\"born\\\"])",
                "born",
                "a",
            ),
            (r#"from String "a": bad (through reference chain: a.User["born"])"#, "born", "a"),
        ] {
            assert_eq!(complaint(text), Some((name, value)), "{text}");
        }
    }

    #[test]
    fn without_a_field_nothing_is_told() {
        for text in [
            "with value \"a\" fails",
            "\"pin\" with value a fails",
            "Path `pin` is required.",
            "invalid value 'a'",
            "invalid value a for pin",
            "The value 'a' is not valid.",
            "from String \"a\": bad",
            "Incorrect string value: 'a'",
            "rejected value [a]",
            "argument --pin: expected one argument",
            "Invalid value for '--pin': too long",
            "invalid value '",
        ] {
            assert_eq!(complaint(text), None, "{text}");
        }
    }
}
