//! The value of a key that is alone on its line, as YAML and printers of JSON may put it: one word or a string in the next
//! line, a list of them (YAML 1.2.2, section 8.2.1), or a mapping. A sentence is no value.

use super::{Body, Claim, Next, blanks};
use crate::format::quote::{behind, closing, is_quote, quote_at};
use crate::slashes;
use crate::span::Span;

pub(super) fn line(payload: &[u8], column: usize, claim: &mut impl FnMut(Claim)) -> Next {
    let own = blanks(payload);
    if own == payload.len() {
        return Next::Open(Body::Below { column });
    }
    let item = payload[own..].starts_with(b"- ");
    // Python prints a dictionary with its values below their keys; in JSON a string is the value wherever it stands.
    let below = own == column && (item || is_quote(payload[own]) && is_whole(&payload[own..]));
    // In a string the quotes have backslashes in front.
    let opens = |at: usize| at + slashes::leading(&payload[at..]);
    let first = payload.get(opens(own)).copied().unwrap_or(0);
    if first != b'"' && own <= column && !below {
        return Next::Closed;
    }
    let start = own + if item { 2 + blanks(&payload[own + 2..]) } else { 0 };
    let spelled = opens(start);
    let start = if payload.get(spelled) == Some(&b'"') { spelled } else { start };
    let text = payload[start..].trim_ascii_end();
    let text = if is_quote(*text.first().unwrap_or(&0)) { text } else { text.strip_suffix(b",").unwrap_or(text) };
    let span = match text.first() {
        None => return Next::Open(Body::Below { column }),
        // A remark.
        Some(b'#') if text.len() == 1 || text[1] == b' ' => return Next::Open(Body::Below { column }),
        Some(quote) if is_quote(*quote) => {
            let quote = quote_at(payload, start);
            let Some(end) = closing(payload, start + 1, quote) else { return Next::Closed };
            // `"key": …` is a mapping, and other words make a line of its own of it.
            if !ends_value(&payload[behind(payload, end)..]) {
                return Next::Closed;
            }
            Span::new(start + 1, end)
        }
        Some(first) => {
            let key = memchr::memmem::find(text, b": ").is_some() || text.ends_with(b":");
            if key || text.contains(&b' ') && !(item && is_phrase(text)) || b"{[<$#%".contains(first) {
                return if item { Next::Open(Body::Below { column }) } else { Next::Closed };
            }
            Span::new(start, start + text.len())
        }
    };
    claim((span, None));
    if item { Next::Open(Body::Below { column }) } else { Next::Closed }
}

/// Does nothing stand behind a string in quotes but what ends a member, more of them, or a remark?
pub(super) fn ends_value(behind: &[u8]) -> bool {
    behind.trim_ascii_start().first().is_none_or(|b| b",}])#;+.".contains(b))
}

/// A few words of letters and digits, as pass phrases have them?
fn is_phrase(text: &[u8]) -> bool {
    let mut words = text.split(|b| *b == b' ');
    words.clone().count() < 5 && words.all(|word| !word.is_empty() && word.iter().all(u8::is_ascii_alphanumeric))
}

/// Is a string in quotes all that `text` holds, but for what ends a member?
fn is_whole(text: &[u8]) -> bool {
    let quote = quote_at(text, 0);
    closing(text, 1, quote).is_some_and(|end| text[end + 1..].iter().all(|b| b" ,}])".contains(b)))
}
