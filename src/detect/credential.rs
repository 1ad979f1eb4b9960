//! The secret part of an `Authorization` header: the scheme stays, the credentials go (RFC 9110, section 11).

use super::border::is_next_pair;
use crate::format::quote::{closing, opening};
use crate::slashes;
use crate::span::Span;

/// Schemes followed by one token (IANA HTTP Authentication Scheme Registry, and what vendors document as theirs).
const ONE_TOKEN: [&[u8]; 32] = [
    b"basic",
    b"bearer",
    b"negotiate",
    b"ntlm",
    b"token",
    b"apikey",
    b"api-key",
    b"key",
    b"dpop",
    b"privatetoken",
    b"gnap",
    b"splunk",
    b"genie-key",
    b"geniekey",
    b"ssws",
    b"zoho-oauthtoken",
    b"bot",
    b"jwt",
    b"sapisidhash",
    b"googlelogin",
    b"sharedkey",
    b"sharedkeylite",
    b"discogs",
    b"aws",
    b"klaviyo-api-key",
    b"deepl-auth-key",
    b"accesskey",
    b"sso-key",
    b"client-id",
    b"api-token",
    b"ops-api-key",
    b"app",
];
/// Schemes followed by a list of parameters: all of it goes.
const PARAMETERS: [&[u8]; 12] = [
    b"digest",
    b"hawk",
    b"oauth",
    b"aws4-hmac-sha256",
    b"aws4-ecdsa-p256-sha256",
    b"signature",
    b"mutual",
    b"scram-sha-256",
    b"vapid",
    b"hoba",
    b"sharedaccesssignature",
    b"mac",
];

/// Is this the name of a scheme that one token follows?
pub fn is_scheme(word: &[u8]) -> bool {
    word.len() < 32 && ONE_TOKEN.iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// What to hide of the credentials in `value`; `None` if that is a reference to a variable (`Bearer $TOKEN`).
pub fn secret_part(text: &[u8], value: Span, quoted: bool) -> Option<Span> {
    let bytes = &text[value.range()];
    let lead = bytes.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let scheme_length = bytes[lead..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    let scheme = bytes[lead..lead + scheme_length].to_ascii_lowercase();
    let blanks = blanks(&bytes[lead + scheme_length..]);
    let start = value.start + lead;
    let rest = start + scheme_length + blanks;
    let spaced = blanks > 0 && rest < value.end;
    let listed =
        memchr::memmem::find(&text[rest..value.end], b"=\"").is_some_and(|i| !text[rest..rest + i].contains(&b' '));
    if spaced && (PARAMETERS.contains(&scheme.as_slice()) || listed) {
        return Some(Span::new(rest, value.end));
    }
    // A string behind a scheme, whatever it is called: `Bearer "abc"`.
    let string = if spaced && scheme_length > 0 { inside_quotes(&text[..value.end], rest) } else { None };
    let (from, known) = if spaced && ONE_TOKEN.contains(&scheme.as_slice()) { (rest, true) } else { (start, false) };
    let end = if quoted && !known { value.end } else { from + token_length(&text[from..value.end]) };
    // A scheme that nobody has heard of, if it is one: the word behind it goes along.
    let pair = || value.start > 0 && text[value.start - 1] == b'=' && is_next_pair(text, rest);
    let end = if spaced && !known && end == start + scheme_length && is_token(&text[rest..value.end]) && !pair() {
        rest + token_length(&text[rest..value.end])
    } else {
        end
    };
    let span = string.unwrap_or(Span::new(from, end));
    let token = &text[span.range()];
    let run = text[span.start..value.end].iter().take_while(|b| !b.is_ascii_whitespace()).count();
    let written = if string.is_some() { token } else { &text[span.start..span.start + run] };
    if super::nothing::is_placeholder(written) {
        return None;
    }
    let variable = token.first() == Some(&b'$')
        && token.len() > 1
        && token[1..].iter().all(|b| b.is_ascii_uppercase() || b"_0123456789{}".contains(b));
    (!span.is_empty() && !variable).then_some(span)
}

/// What stands in the quotes that open at `at`, up to the end of `text` if nothing closes them.
fn inside_quotes(text: &[u8], at: usize) -> Option<Span> {
    let (quote, start) = opening(text, at, 0)?;
    Some(Span::new(start, closing(text, start, quote).unwrap_or(text.len())))
}

/// Does `text` begin with a word that only a token looks like, at least of those that are no part of a sentence?
fn is_token(text: &[u8]) -> bool {
    let word = &text[..token_length(text)];
    word.len() >= 12 && word.iter().any(u8::is_ascii_digit) && word.iter().any(u8::is_ascii_alphabetic)
}

/// Length of the blanks, tabs and colons that `text` begins with; a shell escapes the blanks of an argument without quotes, and
/// strings their tabs.
fn blanks(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        at += match &text[at..] {
            [b' ' | b'\t' | b':', ..] | [b'\\', b' ', ..] => 1,
            rest => match escaped_tab(rest) {
                0 => return at,
                tab => tab,
            },
        }
    }
}

/// Length of the tab that `text` begins with as strings escape it, `\t`, with any number of backslashes.
pub fn escaped_tab(text: &[u8]) -> usize {
    let slashes = slashes::leading(text);
    if slashes > 0 && text.get(slashes) == Some(&b't') { slashes + 1 } else { 0 }
}

fn token_length(text: &[u8]) -> usize {
    let mut run = text.iter().take_while(|b| !b.is_ascii_whitespace() && **b != b'"' && **b != b'\\').count();
    // A header in a query: `?q=Authorization%3A%20Bearer%20abc&n=1`. No scheme has `&` in its credentials.
    if let Some(at) = memchr::memchr(b'&', &text[..run]).filter(|at| is_next_pair(text, at + 1)) {
        run = at;
    }
    // `{Authorization=Bearer abc, Host=x}`: a list goes on behind the token.
    run - text[..run].iter().rev().take_while(|b| b",;)]}\\".contains(b)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_stays_and_the_credentials_go() {
        let cases: &[(&str, bool, Option<&str>)] = &[
            ("Bearer abc.def", false, Some("abc.def")),
            ("Basic dXNlcjpwYXNz", true, Some("dXNlcjpwYXNz")),
            ("Digest username=\"a\", response=\"b\"", false, Some("username=\"a\", response=\"b\"")),
            ("abcdef", false, Some("abcdef")),
            ("some thing odd", true, Some("some thing odd")),
            ("Bearer $TOKEN", true, None),
            ("[REDACTED] forwarded", false, None),
            ("Bearer abc, Host=x", false, Some("abc")),
            ("Token token=\"abc\", nonce=\"d\"", false, Some("token=\"abc\", nonce=\"d\"")),
            ("token 123", false, Some("123")),
            ("AccessKey abcdef", false, Some("abcdef")),
            ("Custom a1b2c3d4e5f6 next", false, Some("Custom a1b2c3d4e5f6")),
            ("abcdef 200 next", false, Some("abcdef")),
            (r"Bearer\ abc x", false, Some("abc")),
            ("Bearer", false, Some("Bearer")),
            ("Bearer\tabc x", false, Some("abc")),
            (r"Bearer\tabc\tx", false, Some("abc")),
            ("Bearer \"abc d\" x", false, Some("abc d")),
            (r#"Bearer \"abc\""#, true, Some("abc")),
            ("Custom 'abc' x", false, Some("abc")),
            ("Bearer \"abc", false, Some("abc")),
            ("Bearer \"<token>\"", false, None),
            ("Bearer \"$TOKEN\"", false, None),
            ("Bearer \"\" x", false, None),
        ];
        for (text, quoted, expected) in cases {
            let span = secret_part(text.as_bytes(), Span::new(0, text.len()), *quoted);
            assert_eq!(span.map(|s| &text[s.range()]), *expected, "{text}");
        }
    }
}
