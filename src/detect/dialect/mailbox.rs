//! The name of a person in front of their e-mail address in angle brackets: `To: Jo Roe <jo@x.io>` (RFC 5322, section 3.4).

use crate::span::Span;
use crate::validate::full_name;

/// Longest local part, and longest name.
const LOCAL: usize = 64;
const NAME: usize = 96;

/// The name in front of the address whose `@` is at `at`. In a list of those who get a mail any two words are one; elsewhere
/// only what begins with a given name.
pub fn name(text: &[u8], at: usize) -> Option<Span> {
    // 1. Back over the local part to the bracket, which Go and others write as an escape in JSON.
    let local = text[..at].iter().rev().take(LOCAL).take_while(|b| b.is_ascii_alphanumeric() || b"._%+-".contains(b));
    let start = at - local.count();
    let open = match (&text[..start], &text[start..at]) {
        ([.., b'<'], _) => start - 1,
        ([.., b'\\'], local) if local.len() > 5 && local[..5].eq_ignore_ascii_case(b"u003c") => start - 1,
        _ => return None,
    };
    // 2. The words before it, or what stands in quotes there.
    let before = &text[..open];
    let before = before.strip_suffix(b" ").unwrap_or(before);
    let quoted = before.strip_suffix(b"\"").map(|inside| inside.strip_suffix(b"\\").unwrap_or(inside));
    let inside = quoted.unwrap_or(before);
    let part =
        |b: &&u8| b.is_ascii_alphabetic() || **b >= 0x80 || b" .'-".contains(b) || quoted.is_some() && **b == b',';
    let length = inside.iter().rev().take(NAME).take_while(part).count();
    let blanks = inside[inside.len() - length..].iter().take_while(|b| **b == b' ').count();
    let span = Span::new(inside.len() - length + blanks, inside.len());
    if length == NAME || span.is_empty() || inside.ends_with(b" ") {
        return None;
    }
    // 3. A list of addresses says that it is one.
    let lead = text[..span.start].strip_suffix(b"\"").unwrap_or(&text[..span.start]);
    let lead = lead.strip_suffix(b"\\").unwrap_or(lead).trim_ascii_end();
    let words = text[span.range()].split(|b| *b == b' ').count();
    let capital = |b: &u8| b.is_ascii_uppercase() || *b >= 0x80;
    if is_list(lead) && (2..6).contains(&words) && capital(&text[span.start]) {
        return Some(span);
    }
    // 4. A sentence: its last words.
    let name = text[span.range()].split(|b| *b == b' ').rev();
    let length: usize = name.take_while(|word| word.first().is_some_and(capital)).map(|word| word.len() + 1).sum();
    let start = span.end.checked_sub(length.checked_sub(1)?)?;
    let span = Span::new(start.max(span.start), span.end);
    full_name::holds(&text[span.range()]).then_some(span)
}

/// Does `text` end in the name of a header of addresses, or in an address before this one?
fn is_list(text: &[u8]) -> bool {
    const HEADERS: [&[u8]; 6] = [b"to:", b"to=", b"cc:", b"bcc:", b"resent-to:", b"delivered-to:"];
    let header = HEADERS.iter().any(|header| {
        text.len().checked_sub(header.len()).is_some_and(|at| {
            text[at..].eq_ignore_ascii_case(header) && (at == 0 || !text[at - 1].is_ascii_alphanumeric())
        })
    });
    header || text.strip_suffix(b",").is_some_and(|text| text.ends_with(b">"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_front_of_addresses() {
        for (text, found) in [
            ("To: Jo Fakename <jo@x.io>", "Jo Fakename"),
            ("sent to=\"Jo Fakename\" <jo@x.io>", "Jo Fakename"),
            ("cc: \"Fakename, Jo\" <jo@x.io>", "Fakename, Jo"),
            ("Bcc: a <a@x.io>, Ondřej Falešný <jo@x.io>", "Ondřej Falešný"),
            (r#"{"to":"x","h":"To: \"Jo Fakename\" <jo@x.io>"}"#, "Jo Fakename"),
            (r"To: Jo Fakename \u003cjo@x.io\u003e", "Jo Fakename"),
            ("mail for Anna Fakename <a@x.io> queued", "Anna Fakename"),
            ("mail for Jo Fakename <a@x.io> queued", ""),
            ("To: ops <ops@x.io>", ""),
            ("To: Support <ops@x.io>", ""),
            ("sent by Build Server <ci@x.io>", ""),
            ("goto: Jo Fakename <jo@x.io>", ""),
            ("Jo Fakename jo@x.io", ""),
            ("<jo@x.io>", ""),
        ] {
            let at = text.rfind('@').expect("an address");
            let span = name(text.as_bytes(), at);
            assert_eq!(span.map_or("", |span| &text[span.range()]), found, "{text}");
        }
    }
}
