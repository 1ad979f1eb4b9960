//! `key=glob`: a field in any syntax whose value matches.

use crate::detect::dialect::{sibling, xml};
use crate::detect::paths::glob_fits;
use crate::detect::value::Reader;
use crate::detect::{decode, key};
use crate::format::nesting::Nesting;
use crate::format::quote::{closing, quote_at};
use crate::format::view::View;
use crate::format::{DEPTH, json};
use crate::policy::rule::ValueKind;
use std::borrow::Cow;

/// A field that is asked for.
#[derive(Debug)]
pub struct Field {
    /// Letters and digits of the name in lower case, with its dots; `*` stands for any.
    name: Vec<u8>,
    /// Of the value, in lower case.
    glob: Vec<u8>,
}

impl Field {
    /// `trace_id=4bf9*`: `*` stands for any text and `?` for one byte, in key and value; nothing else is special. Case makes no
    /// difference, nor do `_` and `-` in the key. `request.id=…` is a path in JSON, or a key with a dot.
    pub fn parse(typed: &str) -> Option<Field> {
        let (name, glob) = typed.split_once('=')?;
        let name = bare(name.trim().as_bytes());
        (!name.is_empty()).then(|| Field { name, glob: glob.to_ascii_lowercase().into_bytes() })
    }

    /// Has `line` such a field, as it stands there or in what is encoded in it: `%22`, `&quot;`, `\x22`?
    pub fn stands_in(&self, line: &[u8]) -> bool {
        if self.stands_plainly_in(line) {
            return true;
        }
        let (mut view, mut outer) = (View::default(), line.to_vec());
        for _ in 0..DEPTH {
            if !decode(&outer, &mut view) {
                break;
            }
            if self.stands_plainly_in(&view.text) {
                return true;
            }
            std::mem::swap(&mut outer, &mut view.text);
        }
        false
    }

    fn stands_plainly_in(&self, line: &[u8]) -> bool {
        let mut reader = Reader::new(line, Nesting::default());
        memchr::memchr2_iter(b':', b'=', line).any(|at| {
            let Some(key) = key::before(line, at) else { return false };
            if !self.is_named(line, &key) && !self.is_named_beside(line, &key, at) {
                return false;
            }
            let Some(start) = reader.start(at).filter(|start| *start < line.len()) else { return self.glob == b"*" };
            let span = reader.value(&key, start, ValueKind::Word).span;
            self.is_spelled(&line[span.range()])
        }) || self.is_element(line)
    }

    /// Is it the text of an element of XML?
    fn is_element(&self, line: &[u8]) -> bool {
        let mut floor = 0;
        memchr::memmem::find_iter(line, b"</").any(|at| {
            let element = xml::element(line, at, floor);
            floor = at;
            element.is_some_and(|it| self.is_called(it.name) && self.is_value(&line[it.text.range()]))
        })
    }

    /// Does a member beside the one of `key` say the name, as in the attributes of OTLP: `{"key":"trace_id","value":…}`?
    fn is_named_beside(&self, line: &[u8], key: &key::Key, separator: usize) -> bool {
        if !sibling::is_value_key(&line[key.name.range()]) {
            return false;
        }
        let value = separator + 1 + line[separator + 1..].iter().take(8).take_while(|b| **b == b' ').count();
        sibling::name(line, key, value).is_some_and(|name| self.is_called(&line[name.range()]))
    }

    /// Is a column or key of this name asked for?
    pub fn is_called(&self, name: &[u8]) -> bool {
        glob_fits(&self.name, &bare(name))
    }

    /// Is this the value that is asked for?
    pub fn is_value(&self, value: &[u8]) -> bool {
        glob_fits(&self.glob, value)
    }

    /// Is `value` what is asked for, with or without the escapes that it is spelled with, or is a member of that list?
    fn is_spelled(&self, value: &[u8]) -> bool {
        let mut text = Cow::Borrowed(value);
        // A string in a string is escaped twice.
        for _ in 0..DEPTH {
            if self.is_value(&text) || members(&text).iter().any(|member| self.is_member(member)) {
                return true;
            }
            match unescaped(&text) {
                Some(plain) => text = Cow::Owned(plain),
                None => return false,
            }
        }
        false
    }

    fn is_member(&self, member: &[u8]) -> bool {
        self.is_value(member) || unescaped(member).is_some_and(|plain| self.is_value(&plain))
    }

    fn is_named(&self, line: &[u8], key: &key::Key) -> bool {
        let own = &line[key.name.range()];
        // The first key of a map as Go prints it, and what a log has in brackets.
        let name = bare(own.strip_prefix(b"map[").or(own.strip_prefix(b"[")).unwrap_or(own));
        if glob_fits(&self.name, &name) {
            return true;
        }
        // A key `a.b` is what `b` in `a` is.
        if !self.name.contains(&b'.') {
            let dot = memchr::memrchr(b'.', &name);
            return dot.is_some_and(|dot| glob_fits(&self.name, &name[dot + 1..]));
        }
        let last = |name: &[u8]| memchr::memrchr(b'.', name).map_or(0, |dot| dot + 1);
        if !glob_fits(&self.name[last(&self.name)..], &name[last(&name)..]) {
            return false;
        }
        let path = json::path(line, key.name.start).unwrap_or_default();
        let path: Vec<Vec<u8>> = path.iter().map(|span| bare(&line[span.range()])).collect();
        glob_fits(&self.name, &path.join(&b'.'))
    }
}

/// The strings, numbers and words of a list in JSON; lists and objects in it are none.
fn members(text: &[u8]) -> Vec<&[u8]> {
    let Some(inside) = text.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")) else { return Vec::new() };
    let (mut found, mut at, mut depth) = (Vec::new(), 0, 0);
    while at < inside.len() {
        let start = at;
        match inside[at] {
            b'"' => {
                at += 1;
                let end = closing(inside, at, quote_at(b"\"", 0)).unwrap_or(inside.len());
                found.extend((depth == 0).then(|| &inside[at..end]));
                at = end + 1;
                continue;
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            b',' | b' ' => {}
            _ => {
                at += inside[at..].iter().take_while(|b| !b",[]{}\" ".contains(b)).count();
                found.extend((depth == 0).then(|| &inside[start..at]));
                continue;
            }
        }
        at += 1;
    }
    found
}

/// `text` without one layer of the escapes that strings have in JSON and in most logfmt (RFC 8259, section 7); `None` if
/// there is none.
fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
    let mut at = memchr::memchr(b'\\', text)?;
    let mut plain = text[..at].to_vec();
    while let Some(&byte) = text.get(at) {
        let escaped = text.get(at + 1).filter(|_| byte == b'\\');
        let (put, length) = match escaped {
            Some(b'n') => (b'\n', 2),
            Some(b'r') => (b'\r', 2),
            Some(b't') => (b'\t', 2),
            Some(b'b') => (8, 2),
            Some(b'f') => (12, 2),
            Some(quoted @ (b'"' | b'\'' | b'\\' | b'/')) => (*quoted, 2),
            // Those by number were decoded with the line.
            _ => (byte, 1),
        };
        plain.push(put);
        at += length;
    }
    (plain.len() < text.len()).then_some(plain)
}

/// Without what spellings of a name differ in.
fn bare(name: &[u8]) -> Vec<u8> {
    name.iter().filter(|b| !b"_- ".contains(b)).map(u8::to_ascii_lowercase).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_in_any_syntax() {
        let cases: &[(&str, &str, bool)] = &[
            ("trace_id=4bf9*", "x trace_id=4bf92f y", true),
            ("trace_id=4bf9*", r#"{"traceId":"4bf92f"}"#, true),
            ("trace_id=4bf9*", r#"{"m":"{\"trace-id\":\"4bf92f\"}"}"#, true),
            ("trace_id=4bf9*", "Trace-Id: 4BF92F", true),
            ("trace_id=4bf9*", "GET /x?trace_id=4bf92f&b=1", true),
            ("trace_id=4bf9*", "x trace_id=5 4bf92f", false),
            ("trace_id=4bf9*", "parent_trace_id=4bf92f", false),
            ("*_id=4bf9*", "parent_trace_id=4bf92f", true),
            ("status=5??", r#"{"status":503,"n":1}"#, true),
            ("status=5??", r#"{"status":200,"n":503}"#, false),
            ("user.id=7", r#"{"user":{"name":"x","id":7}}"#, true),
            ("user.id=7", r#"{"user":{"name":"x"},"id":7}"#, false),
            ("user.id=7", "user.id=7 a=b", true),
            ("name=jo smith", "name=\"Jo Smith\" n=1", true),
            ("a=", "a= b=c", false),
            ("id=7", r#"{"user.id":"7"}"#, true),
            ("trace_id=7", r#"[{"key":"trace_id","value":{"stringValue":"7"}},{"key":"n","value":1}]"#, true),
            ("trace_id=1", r#"[{"key":"trace_id","value":{"stringValue":"7"}},{"key":"n","value":1}]"#, false),
            ("trace_id=7", "<r><trace-id>7</trace-id><n>1</n></r>", true),
            ("user=jo", "map[user:jo n:1]", true),
            ("n=1", "map[user:jo n:1]", true),
            ("user=1", "map[user:jo n:1]", false),
            ("trace_id=4bf9*", "ERROR [trace_id=4bf92f] x", true),
            ("trace_id=4bf9*", "GET /x?d=%7B%22trace_id%22%3A%224bf92f%22%7D", true),
            ("trace_id=4bf9*", "<a b=\"{&quot;trace_id&quot;:&quot;4bf92f&quot;}\"/>", true),
            ("trace_id=4bf9*", r#""{\x22trace_id\x22:\x224bf92f\x22}""#, true),
            ("trace_id=4bf9*", "GET /x?d=%7B%22trace_id%22%3A%22f%22%7D&4bf92f", false),
            ("trace_id=1", "<r><trace-id>7</trace-id><n>1</n></r>", false),
            ("msg=he said \"x\" ok", r#"{"msg":"he said \"x\" ok","n":1}"#, true),
            ("msg=he said \"x\" ok", r#"level=info msg="he said \"x\" ok" n=1"#, true),
            ("msg=he said \\\"x\\\" ok", r#"{"msg":"he said \"x\" ok"}"#, true),
            ("p=C:\\dir\\a b", r#"{"p":"C:\\dir\\a b"}"#, true),
            ("p=C:\\dir\\a b", r#"{"m":"{\"p\":\"C:\\\\dir\\\\a b\"}"}"#, true),
            ("p=a\tb", r#"{"p":"a\tb"}"#, true),
            ("tags=red", r#"{"tags":["blue", "red"],"n":1}"#, true),
            ("tags=7", r#"{"tags":[1,7],"n":1}"#, true),
            ("tags=green", r#"{"tags":["blue","red"],"n":"green"}"#, false),
            ("tags=red", r#"{"tags":[{"x":"red"}]}"#, false),
            ("tags=red", r#"{"m":"{\"tags\":[\"red\"]}"}"#, true),
            ("req.*=POST", r#"{"req":{"method":"POST"}}"#, true),
            ("req.*=POST", r#"{"res":{"method":"POST"}}"#, false),
            ("r?q.meth*=POST", r#"{"req":{"method":"POST"}}"#, true),
        ];
        for (typed, line, expected) in cases {
            assert_eq!(Field::parse(typed).unwrap().stands_in(line.as_bytes()), *expected, "{typed} in {line}");
        }
        assert!(Field::parse("nothing").is_none() && Field::parse("=x").is_none());
    }
}
