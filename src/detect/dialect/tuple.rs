//! Pairs with a comma between name and value: `("password", "…")`, `['password', '…']`, `{"password", "…"}`,
//! `(b'authorization', b'…')`, `define('DB_PASSWORD', '…')`, and Node's `"rawHeaders":["Host","…","Authorization","…"]`.

use super::super::key::{self, Key};
use super::super::prose::begins_sentence;
use super::SLASHES;
use crate::format::quote::{behind, closing, is_quote, quote_at};
use crate::slashes;
use crate::span::Span;

/// How far behind its head a name of such a list is known, in bytes.
const LIST: usize = 8192;

/// Words in front of a bracket that say what stands in it are names: `missing fields ("password", "username")`.
const LISTS: [&[u8]; 15] = [
    b"fields",
    b"field",
    b"keys",
    b"columns",
    b"column",
    b"required",
    b"missing",
    b"unknown",
    b"invalid",
    b"allowed",
    b"attributes",
    b"names",
    b"include",
    b"exclude",
    b"errors",
];
/// Names that stand beside others in such lists.
const FELLOWS: [&[u8]; 16] = [
    b"username",
    b"user",
    b"login",
    b"name",
    b"email",
    b"id",
    b"password",
    b"token",
    b"secret",
    b"confirm",
    b"type",
    b"role",
    b"url",
    b"host",
    b"string",
    b"required",
];

/// Does a name open with the quote at `open`, of a string two or more deep, that a comma follows and a bracket or comma precedes,
/// or of one in a string, behind a comma and a blank? Of others the scan sees it.
pub fn opens_deep(text: &[u8], open: usize) -> bool {
    let slashes = slashes::trailing(&text[open.saturating_sub(SLASHES)..open]);
    let opener = (open - slashes).checked_sub(1).map_or(0, |at| text[at]);
    let listed = || text[..open - slashes].ends_with(b", ");
    if slashes == 0 || slashes == 1 && !listed() || !b"[({, ".contains(&opener) {
        return false;
    }
    let name = text[open + 1..].iter().take(key::LONGEST).take_while(|b| is_name(**b)).count();
    text.get(open + 1 + name + slashes + 1) == Some(&b',')
}

/// The pair of Erlang whose value, a binary, begins at `value`: `{password,<<"…">>}`.
fn bare_pair(text: &[u8], value: usize) -> Option<(Key, usize)> {
    let end = value - 1;
    let name = text[..end].iter().rev().take(key::LONGEST).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_');
    let start = end - name.count();
    let opens = start < end && start > 0 && text[start - 1] == b'{' && begins_value(&text[value..]);
    opens.then_some((Key { name: Span::new(start, end), quote: None, start }, value))
}

/// The pair whose name is the quoted string that opens at `open`, or at the backslash in front of it, or whose value is the binary
/// that begins there: its name as a key, and where the value begins; `None` if what stands there is no pair.
pub fn pair(text: &[u8], open: usize) -> Option<(Key, usize)> {
    if text[open] == b'<' {
        return bare_pair(text, open);
    }
    let open = open + usize::from(text[open] == b'\\');
    let quote = quote_at(text, open);
    let slashes = quote.backslashes();
    let start = open - slashes;
    let name_end = open + 1 + text[open + 1..].iter().take(key::LONGEST).take_while(|b| is_name(**b)).count();
    let close = name_end + slashes::leading(&text[name_end..]).min(slashes);
    if name_end == open + 1 || close != name_end + slashes || text.get(close) != Some(&quote.byte) {
        return None;
    }
    let comma = close + 1;
    if text.get(comma) != Some(&b',') {
        return None;
    }
    let value = comma + 1 + blanks(&text[comma + 1..]);
    if !begins_value(&text[value..]) {
        return None;
    }
    // `( "name"`, `(b'name'`: what stands between bracket and quote.
    let mut bracket = start;
    if bracket > 0 && text[bracket - 1] == b' ' || bracket > 1 && matches!(text[bracket - 1], b'b' | b'u') {
        bracket -= 1;
    }
    let opener = bracket.checked_sub(1)?;
    if text[opener] == b',' && alternates(text, start) {
        return Some((Key { name: Span::new(open + 1, name_end), quote: Some(quote), start }, value));
    }
    if !matches!(text[opener], b'(' | b'[' | b'{') || names_follow(text, opener) || columns_follow(text, opener) {
        return None;
    }
    let name = Span::new(open + 1, name_end);
    Some((Key { name, quote: Some(quote).filter(|q| q.byte == b'"' && text[opener] == b'['), start }, value))
}

/// Does the pair end behind its value at `end`, or is that one of more names?
pub fn ends(text: &[u8], value: Span, end: usize) -> bool {
    let word = &text[value.range()];
    if begins_sentence(word) || FELLOWS.iter().any(|name| word.eq_ignore_ascii_case(name)) {
        return false;
    }
    let behind = end + blanks(&text[end.min(text.len())..]);
    let behind = behind + text[behind.min(text.len())..].iter().take(2).take_while(|b| **b == b'>').count();
    match text.get(behind) {
        None | Some(b')' | b']' | b'}') => true,
        // A third argument that is no text: `define('A', 'b', true)`.
        Some(b',') => {
            let third = behind + 1 + blanks(&text[behind + 1..]);
            text.get(third).is_some_and(|b| !is_quote(*b) && *b != b'\\')
        }
        _ => false,
    }
}

/// Is the string that begins at `start` a name in Node's `rawHeaders`, a list of names and values in turn?
pub fn alternates(text: &[u8], start: usize) -> bool {
    let from = start.saturating_sub(LIST);
    let Some(list) = memchr::memmem::rfind(&text[from..start], b"rawHeaders").map(|i| from + i) else { return false };
    let Some(mut at) = memchr::memchr(b'[', &text[list..start.min(list + 24)]).map(|i| list + i + 1) else {
        return false;
    };
    let mut strings = 0;
    while at < start {
        match text[at] {
            b' ' | b',' | b'\n' | b'\r' | b'\\' => at += 1,
            byte if is_quote(byte) => {
                let quote = quote_at(text, at);
                let Some(end) = closing(text, at + 1, quote) else { return false };
                at = behind(text, end);
                strings += 1;
            }
            _ => return false,
        }
    }
    strings % 2 == 0
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b"_-.$:/ ".contains(&byte)
}

/// A string, a byte string, a binary of Erlang or a number; not the name of a variable.
fn begins_value(rest: &[u8]) -> bool {
    match rest {
        [b'b' | b'u' | b'B' | b'U', quote, ..] if is_quote(*quote) => true,
        [b'<', b'<', inside @ ..] => {
            inside.iter().take(SLASHES + 1).find(|b| **b != b'\\').is_some_and(|b| *b == b'"' || b.is_ascii_digit())
        }
        [b'\\', ..] => rest.iter().take(SLASHES + 1).find(|b| **b != b'\\') == Some(&b'"'),
        [first, ..] => is_quote(*first) || first.is_ascii_digit(),
        [] => false,
    }
}

fn names_follow(text: &[u8], opener: usize) -> bool {
    let before = &text[opener.saturating_sub(24)..opener];
    let before = before.trim_ascii_end();
    let before = before.strip_suffix(b":").or(before.strip_suffix(b"=")).unwrap_or(before).trim_ascii_end();
    let before = before.strip_suffix(b"\"").unwrap_or(before);
    let word = before.iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    let word = &before[before.len() - word..];
    LISTS.iter().any(|list| word.eq_ignore_ascii_case(list))
}

/// Are those in the bracket at `opener` the columns of a table, `INTO "users" ("email", "token")`?
fn columns_follow(text: &[u8], opener: usize) -> bool {
    const BEFORE: [&[u8]; 7] = [b"into", b"on", b"references", b"copy", b"table", b"key", b"unique"];
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || **b >= 0x80 || b"_.$\"`\\".contains(b);
    let before = text[opener.saturating_sub(128)..opener].trim_ascii_end();
    let table = before.len() - before.iter().rev().take_while(is_name).count();
    let rest = before[..table].trim_ascii_end();
    let word = &rest[rest.iter().rposition(|b| !b.is_ascii_alphabetic()).map_or(0, |at| at + 1)..];
    let is_one = |word: &[u8]| BEFORE.iter().any(|before| word.eq_ignore_ascii_case(before));
    text[opener] == b'(' && (is_one(word) && table < before.len() || is_one(&before[table..]))
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take(16).take_while(|b| **b == b' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(text: &str) -> Option<&str> {
        let open = text.find("pin").expect("the name") - 1;
        pair(text.as_bytes(), open).map(|(key, _)| &text[key.name.range()])
    }

    #[test]
    fn pairs_are_read_in_every_spelling() {
        for text in [
            r#"("pin", "abc")"#,
            "[('pin', 'abc')]",
            r#"["pin","abc"]"#,
            r#"{"pin", "abc"}"#,
            "(b'pin', b'abc')",
            r#"[(\"pin\", \"abc\")]"#,
            "define( 'pin', 'abc' );",
            "('pin', 1234)",
            r#"{"rawHeaders":["Host","h","pin","abc","Accept","x"]}"#,
            r#""{\"rawHeaders\":[\"Host\",\"h\",\"pin\",\"abc\"]}""#,
        ] {
            assert_eq!(name_of(text), Some("pin"), "{text}");
        }
        for text in [
            r#"{"pin": "abc"}"#,
            r#""x","pin","abc""#,
            r#"put("pin", pin)"#,
            r#"{"rawHeaders":["Host","pin","abc"]}"#,
            r#"missing fields ["pin","user"]"#,
            r#"["pin"]"#,
            r#"("pin" "abc")"#,
            r#"INSERT INTO "users" ("pin", "abc")"#,
            r#"CREATE INDEX i ON public.users ("pin", "abc")"#,
            r#"UNIQUE ("pin", "abc")"#,
        ] {
            assert_eq!(name_of(text), None, "{text}");
        }
    }
}
