//! `key=glob`: a field in any syntax whose value matches.

use crate::detect::dialect::{sibling, xml};
use crate::detect::paths::glob_fits;
use crate::detect::value::Reader;
use crate::detect::{decode, key};
use crate::format::nesting::Nesting;
use crate::format::view::View;
use crate::format::{DEPTH, json};
use crate::policy::rule::ValueKind;

/// A field that is asked for.
#[derive(Debug)]
pub struct Field {
    /// Letters and digits of the name in lower case, with its dots; `*` stands for any.
    name: Vec<u8>,
    /// Of the value, in lower case.
    glob: Vec<u8>,
}

impl Field {
    /// `trace_id=4bf9*`: case makes no difference, nor do `_` and `-` in the key. `request.id=…` is a path in JSON, or a
    /// key with a dot.
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
            glob_fits(&self.glob, &line[span.range()])
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
        if !self.name.ends_with(name.rsplit(|b| *b == b'.').next().unwrap_or(&name)) {
            return false;
        }
        let path = json::path(line, key.name.start).unwrap_or_default();
        let path: Vec<Vec<u8>> = path.iter().map(|span| bare(&line[span.range()])).collect();
        glob_fits(&self.name, &path.join(&b'.'))
    }
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
        ];
        for (typed, line, expected) in cases {
            assert_eq!(Field::parse(typed).unwrap().stands_in(line.as_bytes()), *expected, "{typed} in {line}");
        }
        assert!(Field::parse("nothing").is_none() && Field::parse("=x").is_none());
    }
}
