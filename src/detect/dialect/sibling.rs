//! Pairs whose name and value are two members of one object: `{"name": "password", "value": "…"}`, in either order and
//! with other members between them.

use super::super::key::{self, Key};
use crate::format::quote::string_at;
use crate::slashes;
use crate::span::Span;

/// Ends of the keys that hold the value of such a pair; see [`is_value_key`].
pub const VALUE_KEYS: [&[u8]; 12] =
    [b"value", b"values", b"val", b"v", b"old", b"new", b"before", b"after", b"content", b"text", b"data", b"default"];
/// Keys that hold its name.
const NAME_KEYS: [&[u8]; 13] = [
    b"name",
    b"key",
    b"k",
    b"field",
    b"header",
    b"param",
    b"parameter",
    b"attribute",
    b"property",
    b"option",
    b"variable",
    b"setting",
    b"path",
];
/// Keys that hold it where no other member does: `{"id":"x","label":"password","value":"…"}`.
const OTHER_NAMES: [&[u8]; 7] = [b"label", b"id", b"attr", b"n", b"title", b"purpose", b"system"];
/// Types that say what the value beside them is.
const KINDS_OF_VALUES: [&[u8]; 6] = [b"password", b"phone", b"ssn", b"passport", b"iban", b"national_id"];
/// What may stand before `name`, `key` or `value` in such keys: `ParameterKey`, `OptionName`, `header_name`.
const KINDS: [&[u8]; 16] = [
    b"parameter",
    b"param",
    b"option",
    b"variable",
    b"var",
    b"attribute",
    b"property",
    b"setting",
    b"header",
    b"field",
    b"env",
    b"config",
    b"column",
    b"tag",
    b"arg",
    b"argument",
];

/// Most members between the two.
const MEMBERS: usize = 6;
/// Most bytes of a member between the two.
const REACH: usize = 256;

/// May the value of this key belong to a name beside it?
pub fn is_value_key(name: &[u8]) -> bool {
    const EXACT: [&[u8]; 12] = [
        b"val",
        b"v",
        b"old",
        b"new",
        b"before",
        b"after",
        b"content",
        b"text",
        b"data",
        b"default",
        b"intvalue",
        b"values",
    ];
    const VALUE: &[u8] = b"value";
    let ends = |end: &[u8]| name.len() >= end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end);
    EXACT.iter().any(|exact| name.eq_ignore_ascii_case(exact)) || name.len() < 32 && (ends(VALUE) || ends(b"values"))
}

/// Does the value of this key name the value beside it?
pub fn is_name_key(name: &[u8]) -> bool {
    // No other letter ends one.
    if !name.last().is_some_and(|last| b"ehdgkmnry".contains(&last.to_ascii_lowercase())) {
        return false;
    }
    if NAME_KEYS.iter().any(|key| name.eq_ignore_ascii_case(key)) {
        return true;
    }
    let without = |end: &[u8]| {
        let (kind, rest) = name.split_at(name.len().saturating_sub(end.len()));
        rest.eq_ignore_ascii_case(end).then_some(kind)
    };
    let Some(kind) = without(b"name").or_else(|| without(b"key")) else { return false };
    let kind = kind.strip_suffix(b"_").or(kind.strip_suffix(b"-")).unwrap_or(kind);
    KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known))
}

/// Does it name the value beside it if no other member does? The kind of a credential says so, too:
/// `{"type":"password","value":"…"}`.
fn is_other_name(key: &[u8], value: &[u8]) -> bool {
    OTHER_NAMES.iter().any(|name| key.eq_ignore_ascii_case(name))
        || key.eq_ignore_ascii_case(b"type") && KINDS_OF_VALUES.iter().any(|kind| value.eq_ignore_ascii_case(kind))
}

/// The name of the pair whose value's key is `key`: before it, else behind its value.
pub fn name(text: &[u8], key: &Key, value: usize) -> Option<Span> {
    let plain = |name: &[u8], _: &[u8]| is_name_key(name);
    let found = name_before(text, key, MEMBERS, plain).or_else(|| name_behind(text, value, MEMBERS, plain));
    if found.is_some() || key.quote.is_none() {
        return found;
    }
    name_before(text, key, MEMBERS, is_other_name).or_else(|| name_behind(text, value, MEMBERS, is_other_name))
}

/// Is one of the two members before `key`, or of the two behind its value, such a one by its name and value? Only behind
/// `words` also in a list whose keys have no quotes.
pub fn is_beside(
    text: &[u8],
    key: &Key,
    value: usize,
    words: bool,
    mut such: impl FnMut(&[u8], &[u8]) -> bool,
) -> bool {
    name_before(text, key, 2, &mut such).is_some()
        || name_behind(text, value, 2, &mut such).is_some()
        || words && key.quote.is_none() && is_listed(text, value, 2, such)
}

/// Is one of the members behind the value at `value` such a one, in a list without quoted keys: `name=Jo, email=a@b.test)`,
/// `name="Jo" email=a@b.test`, `name=Jo&email=a%40b.test`?
fn is_listed(text: &[u8], value: usize, members: usize, mut such: impl FnMut(&[u8], &[u8]) -> bool) -> bool {
    let end = |at: usize| {
        let limit = text.len().min(at + REACH);
        if let Some((inside, quote)) = string_at(text, at, limit, 0) {
            return text.len().min(inside.end + quote.width());
        }
        text[at..limit].iter().position(|b| b",;&)}]\"'\n".contains(b)).map_or(limit, |more| at + more)
    };
    let mut at = end(value);
    for _ in 0..members {
        at += text[at..].iter().take(3).take_while(|b| b" ,;&".contains(b)).count();
        let name = text[at..].iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || b"_.".contains(b)).count();
        if name == 0 || text.get(at + name) != Some(&b'=') {
            return false;
        }
        let start = at + name + 1;
        let end = end(start);
        if such(&text[at..at + name], &text[start..end]) {
            return true;
        }
        at = end;
    }
    false
}

/// The value of the member beside `key` that says what kind of thing it is: `{"type":"passport","number":"…"}`.
pub fn kind_beside(text: &[u8], key: &Key, value: usize) -> Option<Span> {
    const TYPE: &[u8] = b"type";
    let kind = |name: &[u8], _: &[u8]| name.len() >= 4 && name[name.len() - 4..].eq_ignore_ascii_case(TYPE);
    name_before(text, key, 2, kind).or_else(|| name_behind(text, value, 2, kind))
}

/// Reads the members before `key`, nearest first, up to one that `names` the value.
fn name_before(text: &[u8], key: &Key, members: usize, mut names: impl FnMut(&[u8], &[u8]) -> bool) -> Option<Span> {
    let mut end = skip_back(text, key.start, b" \t,");
    // OTLP nests once more: `"key":"user.email","value":{"stringValue":`.
    if end == skip_back(text, key.start, b" \t") && text[..end].ends_with(b"{") {
        let colon = skip_back(text, end - 1, b" \t").checked_sub(1).filter(|&at| text[at] == b':')?;
        let inner = key::before(text, colon)?;
        if !text[inner.name.range()].eq_ignore_ascii_case(b"value") {
            return None;
        }
        end = skip_back(text, inner.start, b" \t,");
    }
    for _ in 0..members {
        let (value, separator) = scalar_before(text, end)?;
        let name_key = key::before(text, separator)?;
        if names(&text[name_key.name.range()], &text[value.range()]) {
            return Some(value);
        }
        end = skip_back(text, name_key.start, b" \t,");
        if end == name_key.start {
            return None;
        }
    }
    None
}

/// The scalar that ends at `end`, and the separator in front of it.
fn scalar_before(text: &[u8], end: usize) -> Option<(Span, usize)> {
    let last = *text.get(end.checked_sub(1)?)?;
    let floor = end.saturating_sub(REACH);
    let (span, start) = if matches!(last, b'"' | b'\'') {
        let close = end - 1 - slashes::trailing(&text[floor..end - 1]);
        let open = floor + memchr::memrchr(last, &text[floor..close])?;
        let slashes = slashes::trailing(&text[floor..open]);
        (Span::new(open + 1, close), open - slashes)
    } else {
        let word = text[floor..end]
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_alphanumeric() || b"_-.+/@".contains(b) || **b >= 0x80)
            .count();
        (Span::new(end - word, end), end - word)
    };
    let separator = skip_back(text, start, b" \t").checked_sub(1)?;
    (!span.is_empty() && matches!(text[separator], b':' | b'=')).then_some((span, separator))
}

/// Reads the members behind the value that starts at `value`, up to one that `names` it; only those of JSON and its kin,
/// whose keys are quoted.
fn name_behind(text: &[u8], value: usize, members: usize, mut names: impl FnMut(&[u8], &[u8]) -> bool) -> Option<Span> {
    let mut at = value;
    for member in 0..members {
        let mut comma = skip(text, scalar_behind(text, at)?.1);
        // OTLP nests once more: `"value":{"stringValue":"…"},"key":"user.email"`.
        if member == 0 && text.get(comma) == Some(&b'}') {
            comma = skip(text, comma + 1);
        }
        if text.get(comma) != Some(&b',') {
            return None;
        }
        let next = skip(text, comma + 1);
        let (key, quote) = string_at(text, next, text.len().min(next + REACH), 0)?;
        let colon = skip(text, key.end + quote.width());
        if text.get(colon) != Some(&b':') {
            return None;
        }
        at = skip(text, colon + 1);
        let name = scalar_behind(text, at)?.0;
        if names(text.get(key.range())?, text.get(name.range())?) {
            return (!name.is_empty() && name.len() <= key::LONGEST).then_some(name);
        }
    }
    None
}

/// The scalar that begins at `at`, and where it ends with its quote.
fn scalar_behind(text: &[u8], at: usize) -> Option<(Span, usize)> {
    if let Some((inside, quote)) = string_at(text, at, text.len().min(at + REACH), 0) {
        return Some((inside, inside.end + quote.width()));
    }
    let word =
        text.get(at..)?.iter().take(REACH).take_while(|b| b.is_ascii_alphanumeric() || b"_-.+".contains(b)).count();
    (word > 0).then_some((Span::new(at, at + word), at + word))
}

/// OTLP wraps a value once more, `"value":{"stringValue":"…"}`: the inner key is the one to look at.
pub fn is_wrapped(text: &[u8], key: &Key) -> bool {
    let rest = &text[key.name.end..text.len().min(key.name.end + 48)];
    let inner = rest.iter().position(u8::is_ascii_alphabetic).map_or(&rest[..0], |at| &rest[at..]);
    rest.contains(&b'{') && [&b"stringValue"[..], b"intValue"].iter().any(|name| inner.starts_with(name))
}

fn skip(text: &[u8], at: usize) -> usize {
    at + text.get(at..).map_or(0, |rest| rest.iter().take(64).take_while(|b| b" \t".contains(b)).count())
}

fn skip_back(text: &[u8], at: usize, bytes: &[u8]) -> usize {
    at - text[at.saturating_sub(64)..at].iter().rev().take_while(|b| bytes.contains(b)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(text: &str) -> Option<&str> {
        let at = text.find("abc").expect("the value");
        let separator = text[..at].rfind([':', '=']).expect("a separator");
        let key = key::before(text.as_bytes(), separator).expect("a key");
        let open = at - usize::from(!text[..at].ends_with([' ', ':', '=']));
        name(text.as_bytes(), &key, open).map(|span| &text[span.range()])
    }

    #[test]
    fn names_stand_on_either_side() {
        for (text, found) in [
            (r#"{"name":"pin","value":"abc"}"#, Some("pin")),
            (r#"{"value":"abc","name":"pin"}"#, Some("pin")),
            (r#"{"Name": "pin", "Type": "SecureString", "Value": "abc"}"#, Some("pin")),
            (r#"{"Value": "abc", "Version": 3, "Name": "pin"}"#, Some("pin")),
            (r#"{"ParameterKey":"Pin","ParameterValue":"abc"}"#, Some("Pin")),
            (r#"{"key":"pin","value":{"stringValue":"abc"}}"#, Some("pin")),
            (r#"{"field":"pin","old":"abc"}"#, Some("pin")),
            ("{ name: 'pin', value: 'abc' }", Some("pin")),
            ("name=pin value=abc", Some("pin")),
            (r#"{"a":"pin","value":"abc"}"#, None),
            (r#"{"username":"pin","value":"abc"}"#, None),
            (r#"{"value":{"stringValue":"abc"},"key":"pin"}"#, Some("pin")),
            (r#"{"id":"7","label":"pin","type":"text","value":"abc"}"#, Some("pin")),
            (r#"{"name":"pin","id":"7","value":"abc"}"#, Some("pin")),
            (r#"{"value":"abc","id":"7","name":"pin"}"#, Some("pin")),
            (r#"{"type":"password","temporary":false,"value":"abc"}"#, Some("password")),
            (r#"{"type":"pin","value":"abc"}"#, None),
            ("id=pin value=abc", None),
            (r#"{"name":"pin"},{"value":"abc"}"#, None),
            (r#"{"value":"abc"},{"name":"pin"}"#, None),
        ] {
            assert_eq!(name_of(text), found, "{text}");
        }
    }
}
