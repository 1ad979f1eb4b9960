//! Parts of URLs: what is percent-encoded in one ends with it.

use super::view::View;
use crate::span::Span;

impl View {
    /// `span`, up to where the component of a URL ends that it stands in: the sign in front of it is percent-encoded, and what
    /// parts components is not (RFC 3986, section 2.2). All of it, if it stands in none.
    pub fn in_component(&self, span: Span) -> Span {
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

/// Signs in front of a value, one of which may be a blank.
const NEAR: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

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
