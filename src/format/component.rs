//! Parts of URLs: what is percent-encoded in one ends with it.

use super::view::View;
use crate::span::Span;

impl View {
    /// What of `span`, the value of the field that begins at `field`, or a part of one, belongs to the component of a URL that it
    /// stands in; and all of that component, if it is the value of a parameter.
    pub fn in_part_of_url(&self, field: usize, span: Span) -> Span {
        match self.parameter_end(field, span.start) {
            Some(end) => Span::new(span.start, end),
            None => self.in_component(span),
        }
    }

    /// Where the value at `at` of the parameter of a query ends whose name begins at `field`, `?name=Jo%20Fakename&n=1`: neither at
    /// a blank nor at any other sign that is percent-encoded in it. `None` if it is no such value, or none is.
    fn parameter_end(&self, field: usize, at: usize) -> Option<usize> {
        let inside = field + 1 < at
            && self.text[at - 1] == b'='
            && matches!(self.text.get(field.checked_sub(1)?), Some(b'?' | b'&'));
        let first = self.units.partition_point(|unit| unit.view.end <= at);
        // Neither what separates parameters nor the name of this one is encoded so.
        let plain = || {
            let before = self.units[..first].iter().rev().take_while(|unit| unit.view.end >= field);
            before.into_iter().all(|unit| unit.view.end == field && !unit.percent)
        };
        if !inside || !plain() {
            return None;
        }
        let mut units = self.units[first..].iter().peekable();
        let (mut end, mut depth, mut encoded) = (at, 0usize, false);
        while let Some(&byte) = self.text.get(end) {
            // Many may stand in one another.
            if end - at > LONGEST {
                return None;
            }
            while units.next_if(|unit| unit.view.end <= end).is_some() {}
            if let Some(unit) = units.peek().filter(|unit| unit.view.start <= end)
                && !unit.gap
                && unit.raw.len() <= PERCENT
            {
                encoded = true;
                end = unit.view.end;
                continue;
            }
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' if depth == 0 => break,
                b')' | b']' | b'}' => depth -= 1,
                b'&' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | ..=b' ' => break,
                b',' | b';' | b'|' if ends_list_item(&self.text[end + 1..]) => break,
                _ => {}
            }
            end += 1;
        }
        encoded.then_some(end)
    }

    /// `span`, up to where the component of a URL ends that it stands in: the sign in front of it is percent-encoded, and what
    /// parts components is not (RFC 3986, section 2.2). All of it, if it stands in none.
    fn in_component(&self, span: Span) -> Span {
        let next = self.units.partition_point(|unit| unit.view.end <= span.start);
        let inside = next
            .checked_sub(1)
            .map(|at| &self.units[at])
            .is_some_and(|unit| unit.percent && unit.view.end == span.start && !unit.view.is_empty());
        if !inside {
            return span;
        }
        // Who encodes signs may have left blanks as they are.
        let blanks =
            self.units[next.saturating_sub(NEAR)..next].iter().any(|unit| self.text[unit.view.range()] == *b" ");
        let mut units = self.units[next..].iter().peekable();
        let mut at = span.start;
        while at < span.end {
            while units.next_if(|unit| unit.view.end <= at).is_some() {}
            match units.peek() {
                Some(unit) if unit.view.start <= at => at = unit.view.end,
                _ if b"&#\"'<>\\\t\r\n".contains(&self.text[at]) || blanks && self.text[at] == b' ' => {
                    return Span::new(span.start, at);
                }
                _ => at += 1,
            }
        }
        span
    }
}

/// Does another item of a list begin with `text`, behind what parts them, or none at all: `name=x`, a blank?
fn ends_list_item(text: &[u8]) -> bool {
    let name = text.iter().take(48).take_while(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b)).count();
    match text.get(name) {
        None => name == 0,
        Some(b'=' | b':') => name > 0,
        Some(byte) => name == 0 && b" \t\r\n\"'`)]}<>&#".contains(byte),
    }
}

/// Signs in front of a value, one of which may be a blank.
const NEAR: usize = 4;
/// Longest value of a parameter that is read to its end, in bytes.
const LONGEST: usize = 1024;
/// Length of a sign that is encoded so.
const PERCENT: usize = b"%3D".len();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_parameter_ends_with_it() {
        for (source, value, found) in [
            ("?pin=a%20b&n=1", "a", "a b"),
            ("?n=1&pin=%5Ba&n=1 200", "[a&n=1 200", "[a"),
            ("?n=1&amp;pin=a%22%2Cb&amp;n=1", "a", r#"a\",b"#),
            ("(?pin=a%20(b)) c", "a", "a (b)"),
            ("?pin=a%20b, c", "a", "a b"),
            ("?pin=a%20b,c", "a", "a b,c"),
            ("?pin=a%20b;c=d", "a", "a b"),
            ("?pin=a,b", "a", "a"),
            ("?a=x%26pin=a%20b", "a b", "a b"),
            ("?pin%3Da%20b c", "a b c", "a b c"),
        ] {
            let mut view = View::default();
            view.decode(source.as_bytes());
            let field = memchr::memmem::rfind(&view.text, b"pin").expect("a name");
            let span = view.in_part_of_url(field, Span::new(field + 4, field + 4 + value.len()));
            assert_eq!(String::from_utf8_lossy(&view.text[span.range()]), found, "{source}");
        }
    }

    #[test]
    fn what_is_encoded_ends_with_its_component() {
        for (source, value, found) in [
            ("?a=Cookie%3A%20sid%3Dabc%26x&page=2 200", "abc&x&page=2 200", "abc&x"),
            ("?a=Cookie%3A%20sid%3Dabc%20d\"", "abc d\"", "abc d"),
            ("a%3DBearer abc d", "Bearer abc d", "Bearer abc d"),
            ("?a=sid=abc%26x&page=2", "abc&x&page=2", "abc&x&page=2"),
            ("?a=x%3D%26abc&d", "&abc&d", "&abc"),
            ("x：abc#d&e", "abc#d&e", "abc#d&e"),
        ] {
            let mut view = View::default();
            view.decode(source.as_bytes());
            let start = memchr::memmem::rfind(&view.text, value.as_bytes()).expect("the value");
            let span = view.in_component(Span::new(start, start + value.len()));
            assert_eq!(String::from_utf8_lossy(&view.text[span.range()]), found, "{source}");
        }
    }
}
