//! A seed: bytes that stand in the log wherever a secret stands, and by which it is found.
//!
//! Letters and digits are spelled as they are by everybody, and `-._~` by nearly everybody (RFC 3986 calls them
//! unreserved). The longest run of them is the seed, and around it each character is compared in all its spellings. A
//! secret without such a run has one seed for each way to spell its plainest part.

use super::form::Form;
use super::spelling::units;

/// Where a seed stands in its form.
pub(super) struct Found {
    /// Bytes to look for.
    pub bytes: Vec<u8>,
    /// Bytes of the form before them.
    pub offset: usize,
    /// They are escaped: only their beginning is known to begin a character.
    pub spelled: bool,
}

/// A run of this length is enough.
const LONG: usize = 8;

/// The seeds of `text`, a secret in `form`.
pub(super) fn seeds(text: &[u8], form: Form) -> Vec<Found> {
    let (start, length) = match longest_run(text, b"") {
        long if long.1 >= LONG => long,
        _ if form == Form::Plain => longest_run(text, b"-._~"),
        short => short,
    };
    if length >= LONG {
        let run = &text[start..start + length];
        let mut found = vec![Found { bytes: run.to_vec(), offset: start, spelled: false }];
        if form == Form::Hex && run.iter().any(u8::is_ascii_lowercase) {
            found.push(Found { bytes: run.to_ascii_uppercase(), offset: start, spelled: false });
        }
        return found;
    }
    let (offset, part) = plainest(text);
    let mut spelled: Vec<Vec<u8>> = WRITERS.iter().map(|write| spell(part, *write)).collect();
    if matches!(form, Form::Base64(_)) {
        let other = |b: &u8| form.other(*b).unwrap_or(*b);
        spelled.push(part.iter().map(other).collect());
    }
    spelled.sort_unstable();
    spelled.dedup();
    spelled.into_iter().map(|bytes| Found { bytes, offset, spelled: true }).collect()
}

/// The part of at least [`LONG`] bytes with the fewest characters that may be escaped, and where it begins; all of a
/// short text.
fn plainest(text: &[u8]) -> (usize, &[u8]) {
    let starts: Vec<usize> = units(text)
        .scan(0, |at, unit| {
            *at += unit.bytes.len();
            Some(*at - unit.bytes.len())
        })
        .chain([text.len()])
        .collect();
    let part = |from: usize| {
        let to = starts.partition_point(|to| *to < starts[from] + LONG);
        Some(&text[starts[from]..*starts.get(to)?])
    };
    let parts = (0..starts.len()).filter_map(|from| Some((starts[from], part(from)?)));
    parts.min_by_key(|(_, part)| units(part).filter(|unit| reserved(unit.bytes)).count()).unwrap_or((0, text))
}

/// Start and length of the longest run of letters, digits and `marks`.
fn longest_run(text: &[u8], marks: &[u8]) -> (usize, usize) {
    let plain = |b: u8| b.is_ascii_alphanumeric() || marks.contains(&b);
    let (mut best, mut at) = ((0, 0), 0);
    while at < text.len() {
        let length = text[at..].iter().take_while(|b| plain(**b)).count();
        if length > best.1 {
            best = (at, length);
        }
        at += length + 1;
    }
    best
}

type Write = fn(&[u8], u32) -> Option<String>;

/// The ways in which a whole secret is spelled; what gives `None` stays.
const WRITERS: [Write; 19] = [
    |_, _| None,
    // URLs, once and twice, and forms.
    |bytes, _| reserved(bytes).then(|| each(bytes, |b| format!("%{b:02X}"))),
    |bytes, _| reserved(bytes).then(|| each(bytes, |b| format!("%{b:02x}"))),
    |bytes, _| reserved(bytes).then(|| if bytes == b" " { "+".into() } else { each(bytes, |b| format!("%{b:02X}")) }),
    |bytes, _| reserved(bytes).then(|| each(bytes, |b| format!("%25{b:02X}"))),
    |bytes, _| reserved(bytes).then(|| each(bytes, |b| format!("%25{b:02x}"))),
    // JSON, in one to three strings; with what is special in HTML or is no ASCII as \u.
    |_, code| json(code, 1),
    |_, code| json(code, 2),
    |_, code| json(code, 4),
    |_, code| if code == 0x2F { Some("\\/".to_owned()) } else { json(code, 1) },
    |_, code| if code == 0x2F { Some("\\\\/".to_owned()) } else { json(code, 2) },
    |_, code| {
        if "<>&'".contains(char::from(code.min(127) as u8)) || code > 126 {
            Some(utf16(code, false))
        } else {
            json(code, 1)
        }
    },
    |_, code| if code > 126 { Some(utf16(code, true)) } else { json(code, 1) },
    |bytes, code| (reserved(bytes) && code != 0x20).then(|| utf16(code, false)),
    // XML and HTML, with names or numbers.
    |_, code| named(code, "&quot;", "&apos;"),
    |_, code| named(code, "&#34;", "&#39;"),
    |_, code| named(code, "&quot;", "&#x27;"),
    // Shells.
    |_, code| (code == 0x27).then(|| "'\\''".to_owned()),
    |bytes, _| (reserved(bytes) && bytes.len() == 1).then(|| format!("\\{}", char::from(bytes[0]))),
];

fn spell(text: &[u8], write: Write) -> Vec<u8> {
    units(text)
        .flat_map(|unit| write(unit.bytes, unit.code()).map_or(unit.bytes.to_vec(), String::into_bytes))
        .collect()
}

fn reserved(bytes: &[u8]) -> bool {
    !bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(b))
}

fn each(bytes: &[u8], one: impl Fn(u8) -> String) -> String {
    bytes.iter().map(|b| one(*b)).collect()
}

fn json(code: u32, slashes: usize) -> Option<String> {
    let letter = match code {
        0x22 => '"',
        0x5C => return Some("\\".repeat(slashes * 2)),
        0x0A => 'n',
        0x0D => 'r',
        0x09 => 't',
        0..0x20 => return Some(format!("{}u{code:04x}", "\\".repeat(slashes))),
        _ => return None,
    };
    // The quote of a string in a string has 1, 3, 7 backslashes; other escapes have 1, 2, 4.
    let count = if letter == '"' { slashes * 2 - 1 } else { slashes };
    Some(format!("{}{letter}", "\\".repeat(count)))
}

fn utf16(code: u32, upper: bool) -> String {
    let one = |unit: &u16| if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
    char::from_u32(code).map_or(String::new(), |c| c.encode_utf16(&mut [0; 2]).iter().map(one).collect())
}

fn named(code: u32, quote: &str, apostrophe: &str) -> Option<String> {
    Some(match code {
        0x26 => "&amp;".to_owned(),
        0x3C => "&lt;".to_owned(),
        0x3E => "&gt;".to_owned(),
        0x22 => quote.to_owned(),
        0x27 => apostrophe.to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_is_the_seed() {
        let found = seeds(b"p@ss/w0rd-1234.x!", Form::Plain);
        assert_eq!((found.len(), found[0].bytes.as_slice(), found[0].offset), (1, &b"w0rd-1234.x"[..], 5));
    }

    #[test]
    fn without_a_run_the_plainest_part_is_spelled() {
        let found = seeds(br#""p@ss w0rd/"quoted"&<1>"#, Form::Plain);
        assert!(found.iter().any(|seed| seed.bytes == b"p@ss w0r" && seed.offset == 1), "{}", found.len());
    }

    #[test]
    fn without_a_run_each_spelling_is_one() {
        let found = seeds(br#"a"b&c'd"#, Form::Plain);
        assert!(found.iter().all(|seed| seed.offset == 0));
        for spelled in [
            r#"a"b&c'd"#,
            "a%22b%26c%27d",
            r#"a\"b&c'd"#,
            r#"a\\\"b&c'd"#,
            "a&quot;b&amp;c&apos;d",
            r#"a\"b\u0026c\u0027d"#,
        ] {
            assert!(found.iter().any(|seed| seed.bytes == spelled.as_bytes()), "{spelled}");
        }
    }
}
