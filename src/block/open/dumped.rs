//! The value behind an arrow that ends its line: PHP's `var_dump` writes `string(7) "…"`, `int(17)`, Ruby's `pp` a string.

use super::{Body, Claim, Next, blanks, here};
use crate::format::quote::quote_at;
use crate::slashes;
use crate::span::Span;
use memchr::{memchr, memrchr};

pub(super) fn line(payload: &[u8], claim: &mut impl FnMut(Claim)) -> Next {
    let text = payload.trim_ascii_end();
    let value = &text[blanks(text)..];
    if let Some(open) = memchr(b'"', text).filter(|_| value.starts_with(b"string(")) {
        // A cell of CSV doubles them.
        let twice = usize::from(text.get(open + 1) == Some(&b'"') && text.len() > open + 4 && text.ends_with(b"\"\""));
        let open = open + twice;
        let slashes = slashes::trailing(&text[..open - twice]);
        // Quotes have as many backslashes as the first one, in the message of an envelope that is a string.
        let close =
            memrchr(b'"', text).and_then(|close| close.checked_sub(slashes + twice)).filter(|close| *close > open);
        claim((Span::new(open + 1, close.unwrap_or(payload.len())), None));
        return if close.is_some() { Next::Closed } else { Next::Open(Body::Quoted { quote: quote_at(text, open) }) };
    }
    if (value.starts_with(b"int(") || value.starts_with(b"float(")) && value.ends_with(b")") {
        let open = memchr(b'(', text).unwrap_or(0);
        claim((Span::new(open + 1, text.len() - 1), None));
    }
    if value.starts_with(b"\"") { here::string(payload, claim) } else { Next::Closed }
}
