//! Private members of JSON web keys (RFC 7517): `d`, `k` and kin, which only the `kty` beside them makes secrets.

use crate::slashes;
use crate::span::Span;
use memchr::{memchr_iter, memchr2, memrchr2};

/// Names of the members that hold a private or symmetric key (RFC 7518, sections 6.2.2, 6.3.2 and 6.4).
const PRIVATE: [&[u8]; 7] = [b"d", b"p", b"q", b"dp", b"dq", b"qi", b"k"];

/// How far before and behind its `kty` a key is looked at.
const REACH: usize = 8192;

/// The private members of the key whose name `kty` stands at `at`, and the bytes that were looked at.
pub fn members(text: &[u8], at: usize) -> (Vec<Span>, usize) {
    let floor = at.saturating_sub(REACH);
    let open = memrchr2(b'{', b'}', &text[floor..at]).map_or(floor, |i| floor + i);
    let reach = text.len().min(at + REACH);
    let end = memchr2(b'{', b'}', &text[at..reach]).map_or(reach, |i| at + i);
    let mut found = Vec::new();
    let mut quotes = memchr_iter(b'"', &text[open..end]).map(|i| open + i);
    // Name and value have two quotes each.
    while let Some(start) = quotes.next() {
        let Some(close) = quotes.next() else { break };
        let colon = text[close + 1..end].trim_ascii_start();
        if !colon.starts_with(b":") || !PRIVATE.contains(&slashes::without_trailing(&text[start + 1..close])) {
            continue;
        }
        let value = colon[1..].trim_ascii_start();
        let slashes = slashes::leading(value);
        if value.get(slashes) != Some(&b'"') {
            continue;
        }
        let (Some(from), Some(to)) = (quotes.next(), quotes.next()) else { break };
        let inside = slashes::without_trailing(&text[from + 1..to]);
        found.push(Span::new(from + 1, from + 1 + inside.len()));
    }
    (found, end - open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_members_are_those_of_the_same_object() {
        for (text, found) in [
            (r#"{"kty":"RSA","n":"1","d":"2","p":"3"}"#, vec!["2", "3"]),
            (r#"{"d": "1", "dp": "2", "kty": "EC"}, {"d":"3"}"#, vec!["1", "2"]),
            (r#"{\"kty\":\"oct\",\"k\":\"1\"}"#, vec!["1"]),
            (r#"{"kty":"EC","x":"d","y":"p"}"#, vec![]),
            (r#""kty""#, vec![]),
        ] {
            let at = text.find("kty").expect("the name");
            let spans = members(text.as_bytes(), at).0;
            assert_eq!(spans.iter().map(|s| &text[s.range()]).collect::<Vec<_>>(), found, "{text}");
        }
    }
}
