//! What a Kubernetes Secret holds: the values under `data` and `stringData` of an object of `kind: Secret`.
//!
//! Kubernetes API reference, Secret v1: `data` is a map of base64 strings, `stringData` one of plain strings. The names in it are free, so
//! nothing but the kind says that the values are secret.

use crate::slashes;
use crate::span::Span;

/// The values of the Secret whose `kind` stands at `at`: as JSON or YAML flow (`{"kind":"Secret","data":{…}}`), also inside a JSON string to
/// any escape depth, or as YAML lines (real or escaped newlines). Keys stay. Of a `SecretList` all items. What is cut off counts up to where
/// it ends. The number is what was stepped over, in bytes.
pub fn values(text: &[u8], at: usize) -> (Vec<Span>, usize) {
    let Some(list) = secret(text, at) else { return (Vec::new(), 0) };
    let level = match text[..at].last() {
        Some(b'"') => slashes::trailing(&text[..at - 1]),
        _ => 0,
    };
    let mut spans = Vec::new();
    if let Some(block) = Block::around(text, at) {
        let stepped = block.values(&mut spans);
        return (spans, stepped);
    }
    let (open, back) = opening(text, at, level);
    let Some(open) = open else { return (spans, back) };
    let end = flow(text, open, level, list, &mut spans);
    (spans, back + end - open)
}

/// `kind: Secret` with any quotes; whether it is a list of them.
fn secret(text: &[u8], at: usize) -> Option<bool> {
    let marks = |from: usize| from + text[from..].iter().take(32).take_while(|b| b" \t\\\"'".contains(b)).count();
    if text[..at].last().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') && !escape_before(text, at) {
        return None;
    }
    let colon = marks(text[at..].starts_with(b"kind").then_some(at + 4)?);
    let word = marks(text[colon..].starts_with(b":").then_some(colon + 1)?);
    let rest = text[word..].strip_prefix(b"Secret")?;
    let list = rest.starts_with(b"List");
    let after = rest.get(if list { 4 } else { 0 });
    let ends = after.is_none_or(|b| !b.is_ascii_alphanumeric() && !b"_-./".contains(b));
    ends.then_some(list)
}

/// The letter before `at` belongs to an escape: `\nkind`.
fn escape_before(text: &[u8], at: usize) -> bool {
    at > 1 && matches!(text[at - 1], b'n' | b'r' | b't') && text[at - 2] == b'\\'
}

/// Does the quote at `at` open or close a string of a document whose quotes have `level` backslashes? Others in front of it
/// are content: `"a\\"`.
fn bounds(text: &[u8], at: usize, level: usize) -> bool {
    slashes::trailing(&text[..at]) % (2 * level + 2) == level
}

/// Does the quote at `at` end the string that holds the whole document?
fn leaves(text: &[u8], at: usize, level: usize) -> bool {
    level > 0 && slashes::trailing(&text[..at]) % (level + 1) == level / 2
}

/// The brace of the object in which the key at `at` stands, and what was stepped over.
fn opening(text: &[u8], at: usize, level: usize) -> (Option<usize>, usize) {
    let (mut depth, mut inside) = (0usize, false);
    let from = at - usize::from(text[..at].last() == Some(&b'"')) - level;
    for i in (0..from).rev() {
        match text[i] {
            b'"' if bounds(text, i, level) => inside = !inside,
            b'"' if !inside && leaves(text, i, level) => return (None, at - i),
            b'}' | b']' if !inside => depth += 1,
            b'{' | b'[' if !inside && depth > 0 => depth -= 1,
            b'{' if !inside => return (Some(i), at - i),
            b'[' if !inside => return (None, at - i),
            _ => {}
        }
    }
    (None, at)
}

/// Gathers the values of the object that opens at `open`; returns where it ends.
fn flow(text: &[u8], open: usize, level: usize, list: bool, spans: &mut Vec<Span>) -> usize {
    let (mut depth, mut i) = (0usize, open);
    // The depth of the values of `data`, while in it; and whether a key `data` was the last thing read.
    let (mut held, mut named, mut value) = (None, false, false);
    while i < text.len() {
        match text[i] {
            b'{' | b'[' => {
                depth += 1;
                if held.is_none() && named && value {
                    held = Some(depth);
                }
                (named, value) = (false, text[i] == b'[');
                i += 1;
            }
            b'}' | b']' => {
                if held == Some(depth) {
                    held = None;
                }
                depth -= 1;
                (named, value) = (false, false);
                i += 1;
                if depth == 0 {
                    return i;
                }
            }
            b',' => {
                (named, value) = (false, false);
                i += 1;
            }
            b':' => {
                value = true;
                i += 1;
            }
            b'"' if bounds(text, i, level) => {
                let start = i + 1;
                let close = (start..text.len()).find(|&at| text[at] == b'"' && bounds(text, at, level));
                let end = close.map_or(text.len(), |close| close - level);
                if held.is_some() && value {
                    spans.extend((end > start).then_some(Span::new(start, end)));
                } else if !value {
                    named = holds(&text[start..end.max(start)]) && (depth == 1 || list);
                }
                i = close.map_or(text.len(), |close| close + 1);
            }
            b'"' if leaves(text, i, level) => return i,
            b if b.is_ascii_whitespace() || b == b'\\' => i += 1,
            _ => {
                let bare = |b: &u8| !b"{}[],:\"\\".contains(b) && !b.is_ascii_whitespace();
                let word = |b: &u8| !b"{}[],\"\\".contains(b);
                let length = text[i..].iter().take_while(|b| if value { word(b) } else { bare(b) }).count().max(1);
                let end = i + text[i..i + length].trim_ascii_end().len().max(1);
                if held.is_some() && value {
                    spans.extend((text[i..end] != *b"null").then_some(Span::new(i, end)));
                } else if !value {
                    named = holds(&text[i..end]) && (depth == 1 || list);
                }
                i += length;
            }
        }
    }
    i
}

/// The maps of a Secret.
fn holds(key: &[u8]) -> bool {
    matches!(key, b"data" | b"stringData")
}

/// A Secret as YAML lines.
struct Block<'t> {
    text: &'t [u8],
    /// Backslashes of an escaped newline; 0 for real ones.
    escaped: usize,
    /// Where the line of `kind` starts,
    line: usize,
    /// and how far `kind` is indented, a dash of a list included.
    indent: usize,
}

impl<'t> Block<'t> {
    /// The lines among which `kind:` stands at `at`; `None` if it does not begin a line, or is the only one.
    fn around(text: &'t [u8], at: usize) -> Option<Block<'t>> {
        let indent = text[..at].iter().rev().take(64).take_while(|b| matches!(b, b' ' | b'-')).count();
        let line = at - indent;
        let ahead = text[at..].iter().take(64).position(|&b| matches!(b, b'\n' | b'\\')).map(|i| at + i);
        let newline = |at: usize| newline(text, at).map(|length| length - 1);
        let before = if text[..line].last() == Some(&b'\n') {
            Some(0)
        } else {
            (text[..line].last() == Some(&b'n')).then(|| slashes::trailing(&text[..line - 1])).filter(|n| *n > 0)
        };
        let escaped = before.or_else(|| ahead.and_then(newline))?;
        let begins = before.is_some() || line == 0 || matches!(text[line - 1], b'"' | b'\'' | b' ' | b'`');
        begins.then_some(Block { text, escaped, line, indent })
    }

    /// Where the line that begins at `from` ends, and the next one begins.
    fn end(&self, from: usize) -> (usize, usize) {
        for at in from..self.text.len() {
            match self.text[at] {
                b'\n' | b'\\' if newline(self.text, at) == Some(self.escaped + 1) => {
                    return (at, at + self.escaped + 1);
                }
                b'\n' => return (at, self.text.len()),
                // The string ends in which all this stands.
                b'"' if self.escaped > 0 && bounds(self.text, at, self.escaped - 1) => {
                    return (at - (self.escaped - 1), self.text.len());
                }
                b'\'' if self.escaped > 0 && self.closes(from, at) => return (at, self.text.len()),
                _ => {}
            }
        }
        (self.text.len(), self.text.len())
    }

    /// Does the apostrophe at `at` end the string in which all this stands? None of this line opened one for it to close.
    fn closes(&self, line: usize, at: usize) -> bool {
        let behind = self.text.get(at + 1).is_none_or(|b| b" ,;:)]}\r\n".contains(b));
        behind && at > line && self.text[at - 1] != b' ' && !self.text[line..at].contains(&b'\'')
    }

    /// Where the line before the one at `line` begins.
    fn previous(&self, line: usize) -> Option<usize> {
        let end = line.checked_sub(self.escaped + 1)?;
        if newline(self.text, end) != Some(self.escaped + 1) {
            return None;
        }
        let start = (0..end).rev().find_map(|at| {
            let after = at + self.escaped + 1;
            (after <= end && newline(self.text, at) == Some(self.escaped + 1)).then_some(after).or_else(|| {
                let quote = self.escaped > 0 && self.text[at] == b'"' && bounds(self.text, at, self.escaped - 1);
                quote.then_some(at + 1)
            })
        });
        Some(start.unwrap_or(0))
    }

    fn column(line: &[u8]) -> usize {
        line.iter().take_while(|b| matches!(b, b' ' | b'-')).count()
    }

    fn values(&self, spans: &mut Vec<Span>) -> usize {
        let apart =
            |line: &[u8]| line.starts_with(b"---") || !line.trim_ascii().is_empty() && Self::column(line) < self.indent;
        // 1. Back to the first line of the object: a separator, a line further out, or its own dash.
        let mut first = self.line;
        let dash = |from: usize| self.text[from..self.end(from).0].trim_ascii_start().starts_with(b"- ");
        while !dash(first)
            && let Some(line) = self.previous(first)
        {
            if apart(&self.text[line..self.end(line).0]) {
                break;
            }
            first = line;
        }
        // 2. Forward over its lines.
        let (mut at, mut held) = (first, false);
        while at < self.text.len() {
            let (end, next) = self.end(at);
            let line = &self.text[at..end];
            let column = Self::column(line);
            if at > self.line && (apart(line) || column == self.indent && dash(at)) {
                break;
            }
            let content = line[column..].trim_ascii_end();
            if content.is_empty() {
                // Blank lines say nothing.
            } else if column <= self.indent {
                held = holds(content.strip_suffix(b":").unwrap_or_default());
            } else if held {
                spans.extend(entry(content).map(|span| Span::new(at + column + span.start, at + column + span.end)));
            }
            at = next.max(at + 1);
        }
        at - first
    }
}

/// The value of `key: value`, quotes left out; all of a line that is none: it goes on with a block scalar.
fn entry(content: &[u8]) -> Option<Span> {
    let name = content.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_-.\"'\\".contains(b)).count();
    let start = match &content[name..] {
        [b':'] => return None,
        [b':', b' ', ..] => name + 2,
        _ => 0,
    };
    let value = content[start..].trim_ascii();
    let start = content.len() - content[start..].trim_ascii_start().len();
    if start > 0 && matches!(value, [b'|' | b'>', ..] if value.len() < 4)
        || matches!(value, b"" | b"null" | b"~" | b"\"\"")
    {
        return None;
    }
    let end = start + value.len();
    let open = slashes::leading(value);
    if value.len() > 2 * (open + 1) && matches!(value[open], b'"' | b'\'') && value.ends_with(&value[..=open]) {
        return Some(Span::new(start + open + 1, end - open - 1));
    }
    Some(Span::new(start, end))
}

/// Length of the newline at `at`: one byte, or backslashes and an `n`.
fn newline(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) == Some(&b'\n') {
        return Some(1);
    }
    let slashes = slashes::leading(&text[at..]);
    (slashes > 0 && text.get(at + slashes) == Some(&b'n') && (at == 0 || text[at - 1] != b'\\')).then_some(slashes + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut spans = Vec::new();
        for (at, _) in text.match_indices("kind") {
            spans.extend(values(text.as_bytes(), at).0);
        }
        spans.sort_unstable();
        spans.iter().map(|span| &text[span.range()]).collect()
    }

    #[test]
    fn values_of_a_secret_are_found_wherever_its_kind_stands() {
        for (text, expected) in [
            (r#"{"kind":"Secret","data":{"a":"eHg=","b.c":"eXk="},"type":"Opaque"}"#, &["eHg=", "eXk="][..]),
            (r#"{"data":{"a":"eHg="},"kind":"Secret","metadata":{"name":"data"}}"#, &["eHg="]),
            (r#"{"kind": "Secret", "stringData": {"a": "x \" y", "n": 5, "e": ""}}"#, &[r#"x \" y"#, "5"]),
            (r"{kind: Secret, data: {a: eHg=, b: eXk= }}", &["eHg=", "eXk="]),
            (r#"{"m":"{\"kind\":\"Secret\",\"data\":{\"a\":\"eHg=\"}}","data":{"a":"b"}}"#, &["eHg="]),
            (r#"{"m":"{\"data\":{\"a\":\"e\\\"\"},\"kind\":\"Secret\"}","data":{"a":"b"}}"#, &[r#"e\\\""#]),
            (r#"{"kind":"Secret","data":{"a":"eHg"#, &["eHg"]),
            (r#"{"kind":"SecretList","items":[{"data":{"a":"eHg="}},{"data":{"b":"eXk="}}]}"#, &["eHg=", "eXk="]),
            (r#"[{"kind":"ConfigMap","data":{"a":"b"}},{"kind":"Secret","data":{"a":"eHg="}}]"#, &["eHg="]),
            (r#"{"kind":"Secret","data":{"a":"\\"},"x":"y"}"#, &[r"\\"]),
            (r#"{"kind":"Secret","data":null,"x":"y"}"#, &[]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn yaml_lines_are_read_by_their_indentation() {
        for (text, expected) in [
            (
                "apiVersion: v1\nkind: Secret\ndata:\n  a: eHg=\n  b: \"eXk=\"\ntype: Opaque\nx: y",
                &["eHg=", "eXk="][..],
            ),
            ("data:\n  a: eHg=\nkind: Secret\nmetadata:\n  name: data", &["eHg="]),
            (
                "data:\n  a: b\n---\nkind: Secret\nstringData:\n  a: |\n    one: 1\n    two\n---\ndata:\n  a: b",
                &["1", "two"],
            ),
            ("items:\n- data:\n    a: eHg=\n  kind: Secret\n- kind: ConfigMap\n  data:\n    a: b", &["eHg="]),
            (r#"{"m":"apiVersion: v1\nkind: Secret\ndata:\n  a: eHg=\n","data":{"a":"b"}}"#, &["eHg="]),
            (r#"m="kind: Secret\ndata:\n  a: \"eHg=\"" n=1"#, &["eHg="]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn other_kinds_and_words_stay() {
        for text in [
            r#"{"kind":"ConfigMap","data":{"a":"b"}}"#,
            r#"{"kind":"SecretStore","data":{"a":"b"}}"#,
            r#"{"kind":"Secret","metadata":{"data":{"a":"b"}}}"#,
            r#"{"involvedObject":{"kind":"Secret","name":"x"},"data":{"a":"b"}}"#,
            "any kind: Secret service, data: {a: b}",
            "mankind: Secret",
            "kind: Secret",
            "kind: Secret\n",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn any_bytes_and_long_ones_end_soon() {
        for fragment in [
            "kind: Secret\n",
            "{\"kind\":\"Secret\",\"data\":{",
            "kind:Secret\\n  ",
            "\\\"kind\\\":\\\"Secret\\\",",
            "kind: Secret data: ",
        ] {
            for repeat in [1, 2, 40] {
                let text = fragment.repeat(repeat);
                for cut in 0..text.len().min(200) {
                    for at in 0..=cut {
                        values(&text.as_bytes()[..cut], at);
                    }
                }
            }
        }
    }
}
