//! Where in a record a value stands: envelope, document, string in a document, URL, header; and the path of its field.

use crate::detect::key::{self, Key};
use crate::format::quote::{behind, closing, quote_at};
use crate::format::{self, json};
use crate::span::Span;

/// The layers round `span`, outermost first: `envelope/json/json-string`. `decoded`: the value was seen only after
/// percent or `\u` escapes or the like were taken off.
pub(super) fn of(record: &[u8], span: Span, decoded: bool) -> String {
    let mut layers: Vec<&str> = Vec::new();
    let payload = format::peel(record).payload;
    if payload.start > 0 && span.start >= payload.start {
        layers.push("envelope");
    }
    let field = field_key(record, span);
    let in_json = field.is_some_and(|key| json::path(record, key.name.start).is_some());
    let level = field.and_then(|key| key.quote).map_or(0, |quote| quote.level);
    // A value of an array or the text of a message stands in a document, too.
    let document = record[payload.start.min(record.len())..].trim_ascii_start();
    if in_json || document.starts_with(b"{") && span.start > payload.start {
        layers.push("json");
        layers.extend((0..level).map(|_| "json-string"));
    }
    match field.filter(|_| !in_json) {
        Some(key) => layers.push(syntax(record, &key)),
        None if layers.last().is_none_or(|last| *last == "envelope") => layers.push("text"),
        None => {}
    }
    if decoded {
        layers.push("decoded");
    }
    layers.join("/")
}

/// The name of the field that a value stands in; its path, if it is in a JSON document.
pub(super) fn field(record: &[u8], span: Span) -> Option<String> {
    let key = field_key(record, span)?;
    // A key of a document is all of its string; `"password=x"` is a text that begins with a key.
    let of_document = json::path(record, key.name.start).filter(|path| path.last() == Some(&key.name));
    let mut spans = of_document.unwrap_or_else(|| vec![key.name]);
    // A document in a string of another one: the path goes on there.
    let mut inner = spans[0].start;
    while let Some(string) = string_around(record, inner)
        && let Some(key) = field_key(record, Span::new(string, string))
        && let Some(outer) = json::path(record, key.name.start)
    {
        inner = outer[0].start;
        spans.splice(0..0, outer);
    }
    let names: Vec<String> =
        spans.iter().map(|span| String::from_utf8_lossy(&record[span.range()]).into_owned()).collect();
    Some(names.join("."))
}

/// Where the string begins that holds the document with a key at `at`: the innermost of those that are quoted less deep.
fn string_around(record: &[u8], at: usize) -> Option<usize> {
    let level = quote_at(record, at.checked_sub(1)?).level;
    let (mut from, mut found) = (0, None);
    while let Some(next) = memchr::memchr(b'"', &record[from..at]).map(|next| from + next) {
        let quote = quote_at(record, next);
        from = next + 1;
        if quote.level < level {
            match closing(record, from, quote) {
                Some(end) if end < at => from = behind(record, end).min(at),
                _ => found = Some(from),
            }
        }
    }
    found
}

/// The key in front of the value at `span`: behind quotes, brackets of an array and earlier items of it, there is a
/// separator.
fn field_key(record: &[u8], span: Span) -> Option<Key> {
    let before = |at: usize| {
        let quotes = record[..at].iter().rev().take(64).take_while(|b| b" \t\"'\\`[".contains(b)).count();
        at.checked_sub(quotes + 1).filter(|&at| matches!(record[at], b':' | b'='))
    };
    key::before(record, before(span.start)?)
}

/// How a key that is in no JSON document is written.
fn syntax(record: &[u8], key: &Key) -> &'static str {
    let front = key.start.checked_sub(1).map(|at| record[at]);
    let behind = &record[key.name.end..record.len().min(key.name.end + 4)];
    let quoted = key.quote.is_some() || quote_at(record, key.name.end.min(record.len().saturating_sub(1))).byte == b'"';
    match (front, behind) {
        (Some(b'?' | b'&'), [b'=', ..]) => "query",
        (_, [b'=', ..]) => "key=value",
        (_, [b':', b' ', ..]) if !quoted => "header",
        _ => "field",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_and_fields_are_named() {
        for (record, value, layer, name) in [
            (r#"{"user":{"email":"jo@x.io"}}"#, "jo@x.io", "json", Some("user.email")),
            (r#"{"msg":"{\"pin\":\"4711\"}"}"#, "4711", "json/json-string", Some("msg.pin")),
            (
                r#"{"log":{"m":["{\"a\":{\"b\":\"{\\\"pin\\\":\\\"4711\\\"}\"}}"]}}"#,
                "4711",
                "json/json-string/json-string",
                Some("log.m.a.b.pin"),
            ),
            (r#"{"x":"{}","msg":"pin=4711 \" "}"#, "4711", "json", Some("pin")),
            (r#"{"msg":"to jo@x.io"}"#, "jo@x.io", "json", None),
            (r#"{"ids":["jo@x.io"]}"#, "jo@x.io", "json", Some("ids")),
            (r#"{"x":1,"msg":"pin=4711 z"}"#, "4711", "json", Some("pin")),
            ("[pod/web-1/app] pin=4711", "4711", "envelope/key=value", Some("pin")),
            ("GET /a?x=1&pin=4711", "4711", "query", Some("pin")),
            ("Cookie: pin", "pin", "header", Some("Cookie")),
            ("to jo@x.io", "jo@x.io", "text", None),
        ] {
            let start = memchr::memmem::find(record.as_bytes(), value.as_bytes()).unwrap_or(0);
            let span = Span::new(start, start + value.len());
            assert_eq!(of(record.as_bytes(), span, false), layer, "{record}");
            assert_eq!(field(record.as_bytes(), span).as_deref(), name, "{record}");
        }
    }
}
