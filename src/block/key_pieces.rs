//! A private key in pieces, as source code and lists have it: each line a string of its own, joined by `+`, `.` or commas.

use crate::format::quote::is_quote;
use crate::span::Span;

/// How far behind the header pieces are looked for, in bytes: a 16384-bit RSA key has 13 KiB.
const REACH: usize = 32 << 10;
/// Shortest piece that is none of the last one.
const SHORTEST: usize = 16;

/// The pieces behind the header that ends at `from`; none if the string of the header goes on behind it.
pub fn pieces(text: &[u8], from: usize) -> Vec<Span> {
    let text = &text[..text.len().min(from + REACH)];
    let mut spans = Vec::new();
    let (mut at, first) = gap(text, from);
    if first < 2 {
        return spans;
    }
    loop {
        let run = text[at..].iter().take_while(|b| is_base64(**b)).count();
        let (next, quotes) = gap(text, at + run);
        let last = text[next..].starts_with(b"-----END");
        if run == 0 || run < SHORTEST && (spans.is_empty() || !last) {
            break;
        }
        spans.push(Span::new(at, at + run));
        if quotes == 0 && !text[at + run..].starts_with(b"\\") {
            break;
        }
        at = next;
    }
    spans
}

/// Where what joins two pieces ends, and how many quotes are in it: `\n" + "`, `', '`.
fn gap(text: &[u8], from: usize) -> (usize, usize) {
    let (mut at, mut quotes) = (from, 0);
    while let Some(&byte) = text.get(at) {
        match byte {
            _ if is_quote(byte) => quotes += 1,
            b'\\' if matches!(text.get(at + 1), Some(b'n' | b'r')) => at += 1,
            // A plus sign is a digit of base64, too.
            b'+' if !text.get(at + 1).is_none_or(|b| b.is_ascii_whitespace() || is_quote(*b) || *b == b'\\') => break,
            b'\\' | b'+' | b'.' | b',' | b'&' => {}
            _ if byte.is_ascii_whitespace() => {}
            _ => break,
        }
        at += 1;
    }
    (at, quotes)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_that_are_joined_are_pieces() {
        for (text, found) in [
            (r#"\n" + "MIIBfakefakefake\n" + "abc=\n" + "-----END"#, vec!["MIIBfakefakefake", "abc="]),
            (
                r"' + 'MIIBfakefakefake' + 'fake/+fakefakefake' + '-----END",
                vec!["MIIBfakefakefake", "fake/+fakefakefake"],
            ),
            (r#"\\n\" . \"MIIBfakefakefake\\n\" . \"x\\n\" . \"-----END"#, vec!["MIIBfakefakefake", "x"]),
            (
                r#"","MIIBfakefakefake","fake+fakefakefake","abc","-----END"#,
                vec!["MIIBfakefakefake", "fake+fakefakefake", "abc"],
            ),
            (r#"\n" + "MIIBfakefakefake\nfakefakefakefake\n" + suffix;"#, vec!["MIIBfakefakefake", "fakefakefakefake"]),
            (r"\nMIIBfakefakefake\n-----END", vec![]),
            (r#"" is a header", "and this a word""#, vec![]),
            (r#"" + key + "-----END"#, vec![]),
        ] {
            let spans = pieces(text.as_bytes(), 0);
            assert_eq!(spans.iter().map(|span| &text[span.range()]).collect::<Vec<_>>(), found, "{text}");
        }
    }
}
