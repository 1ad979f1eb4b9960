//! Where markup, line breaks and quotes end a value that are encoded, as XML, JSON and URLs have them.

use super::border::{ends_item, is_next_pair};
use crate::slashes;

/// Does something of the text around a header stand at `at`: a mark or the end of an element of XML, a line break of a URL?
pub fn ends_markup(text: &[u8], at: usize) -> bool {
    is_mark_of_xml(text, at) || ends_element(text, at) || ends_cdata(text, at) || ends_encoded_line(text, at)
}

/// Does a line end at `at` whose break is encoded, `%0A`, `\x0A`, `&#10;`? The next one begins with another key, or is indented,
/// or there is none.
pub fn ends_encoded_line(text: &[u8], at: usize) -> bool {
    let mut i = at;
    while let Some(length) = encoded_break(&text[i..]) {
        i += length;
    }
    if i == at {
        // What is decoded has its line breaks spelled out.
        return closes_encoded(&text[at..]) || spells_line(text, at);
    }
    let rest = &text[i..text.len().min(i + 64)];
    let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b >= 0x80 || b"_-.".contains(b)).count();
    match rest.get(name) {
        // The next key, or a blank, a quote or a sign in front of it, encoded too.
        None | Some(b':' | b'=' | b'%' | b'\\' | b'&' | b'"' | b'\'' | b' ' | b'+') => true,
        Some(b'-' | b'}' | b']' | b'<' | b'[' | b'{' | b'>') => name == 0,
        Some(_) => false,
    }
}

/// Does a line break stand here, `\n` with any number of backslashes, behind which the next line begins?
fn spells_line(text: &[u8], at: usize) -> bool {
    let slashes = slashes::leading(&text[at..]);
    let first = slashes > 0 && (at == 0 || text[at - 1] != b'\\');
    first && text.get(at + slashes) == Some(&b'n') && begins_next_line(text, at + slashes + 1)
}

/// Does a pair begin at `at` that has nothing but blanks or one word in front: `  key: x`, `export KEY=x`?
fn begins_next_line(text: &[u8], at: usize) -> bool {
    let rest = &text[at..text.len().min(at + 64)];
    let blanks = rest.iter().take_while(|b| **b == b' ').count();
    let word = rest[blanks..].iter().take(16).take_while(|b| b.is_ascii_lowercase()).count();
    let date = |text: &[u8]| text.len() > 4 && text[..4].iter().all(u8::is_ascii_digit) && text[4] == b'-';
    is_next_pair(text, at + blanks)
        || rest.starts_with(b"\\t")
        || rest.first().is_some_and(|b| b" >[{<}-".contains(b))
        || rest.starts_with(b"+ ")
        || date(rest)
        || word > 1 && rest.get(blanks + word) == Some(&b' ') && is_next_pair(text, at + blanks + word + 1)
        || rest[blanks..]
            .iter()
            .position(|b| !b.is_ascii_alphanumeric() && !b"_-.".contains(b))
            .is_some_and(|name| name > 0 && rest[blanks + name..].starts_with(b" = "))
}

/// Does an encoded quote that closes a string stand here, `\x22,` or `%22%7D`?
fn closes_encoded(text: &[u8]) -> bool {
    let slashes = slashes::leading(text);
    if slashes > 0 && is_mark_of_xml(text, slashes) {
        return true;
    }
    let behind = match &text[slashes..] {
        [b'%', b'2', b'2', rest @ ..] if slashes == 0 => {
            return [&b"%2C"[..], b"%7D", b"%5D", b","].iter().any(|next| rest.starts_with(next));
        }
        [b'x', b'2', b'2', rest @ ..] | [b'u', b'0', b'0', b'2', b'2', rest @ ..] if slashes > 0 => rest,
        _ => return false,
    };
    behind.first().is_none_or(|b| b",}]) \\\"".contains(b))
}

/// Length of the encoded line break, or tab of XML, that `text` begins with.
fn encoded_break(text: &[u8]) -> Option<usize> {
    let (lead, more) = match text.first()? {
        b'%' => (1, text[1..].chunks_exact(2).take(8).take_while(|pair| *pair == b"25").count() * 2),
        b'\\' => {
            let slashes = slashes::leading(text);
            match text.get(slashes..)? {
                [b'x', ..] => (slashes, 1),
                [b'u', b'0', b'0', ..] => (slashes, 3),
                _ => return None,
            }
        }
        b'&' => {
            let amps = text[1..].chunks_exact(4).take(8).take_while(|four| *four == b"amp;").count() * 4;
            let marks = [&b"#10;"[..], b"#13;", b"#9;", b"#xA;", b"#xa;", b"#xD;", b"#xd;", b"#x9;"];
            let mark = marks.iter().find(|mark| text[1 + amps..].starts_with(mark))?;
            return Some(1 + amps + mark.len());
        }
        _ => return None,
    };
    let hex = text.get(lead + more..lead + more + 2)?;
    // nginx writes the backslash of `\n` in a string of JSON as `\x5Cn`.
    if hex.eq_ignore_ascii_case(b"5c") && matches!(text.get(lead + more + 2), Some(b'n' | b'r')) {
        return Some(lead + more + 3);
    }
    matches!(hex, [b'0', b'A' | b'a' | b'D' | b'd']).then_some(lead + more + 2)
}

/// Does an end tag stand at `at`, `</note>`, in JSON perhaps with `\/` or `\u003c`?
pub fn ends_element(text: &[u8], at: usize) -> bool {
    let rest = &text[at + slashes::leading(&text[at..])..];
    let rest = match rest.strip_prefix(b"<") {
        Some(rest) if text[at] == b'<' => rest,
        _ => match rest.strip_prefix(b"u003c").or(rest.strip_prefix(b"u003C")) {
            Some(rest) if text[at] == b'\\' => rest,
            _ => return false,
        },
    };
    matches!(rest[slashes::leading(rest)..], [b'/', b'a'..=b'z' | b'A'..=b'Z' | b'_', ..])
}

/// Does a quote or an angle bracket stand here as XML and HTML spell it, once or more often?
pub fn is_mark_of_xml(text: &[u8], at: usize) -> bool {
    text[at..].strip_prefix(b"&").is_some_and(names_mark)
}

fn names_mark(text: &[u8]) -> bool {
    const MARKS: [&[u8]; 8] = [b"quot;", b"apos;", b"#34;", b"#39;", b"#x22;", b"#x27;", b"lt;", b"gt;"];
    let mut name = text;
    while let Some(more) = name.strip_prefix(b"amp;") {
        name = more;
    }
    MARKS.iter().any(|mark| name.starts_with(mark))
}

/// Does a section of XML's character data end here, `]]>`, its arrow perhaps as JSON or XML have it?
pub fn ends_cdata(text: &[u8], at: usize) -> bool {
    let Some(arrow) = text[at..].strip_prefix(b"]]") else { return false };
    let slashes = slashes::leading(arrow);
    arrow.starts_with(b">") || is_mark_of_xml(arrow, 0) || slashes > 0 && arrow[slashes..].starts_with(b"u003e")
}

/// Does `&` stand here as JSON encoders write it for HTML, `\u0026` (with any number of backslashes), and end an item? It may be
/// that of XML, `\u0026amp;` and `\u0026quot;`.
pub fn is_escaped_ampersand(text: &[u8], at: usize) -> bool {
    const SIGN: &[u8] = b"u0026";
    let slashes = slashes::leading(&text[at..]);
    let behind = at + slashes + SIGN.len();
    if !text[at + slashes..].starts_with(SIGN) {
        return false;
    }
    match text[behind..].strip_prefix(b"amp;") {
        Some(rest) => is_next_pair(text, text.len() - rest.len()),
        None => names_mark(&text[behind..]) || ends_item(text, behind - 1),
    }
}
