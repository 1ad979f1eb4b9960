//! Values in brackets: where an object, a list, a map of Go or a tuple ends.

use super::border::ends_quote;
use crate::format::quote::{closing, quote_at};

/// Longest tuple or map that is looked for to its end, in bytes: nothing is known of one that is not closed.
const LONGEST: usize = 4096;

/// End of the object, array or tuple that starts at `at`, behind its closing bracket; of the text if it is not closed.
pub fn balanced(text: &[u8], at: usize, limit: usize) -> Option<usize> {
    is_object(&text[at..limit]).then(|| closed(&text[..limit], at).unwrap_or(limit))
}

/// The brackets that a search left open: one behind the first of them goes on where that one stopped, so that many of them,
/// none of which is closed, cost as much as one.
#[derive(Default)]
pub struct Groups {
    open: Vec<usize>,
    at: usize,
}

impl Groups {
    /// End of the `map[a:b c:d]` of Go at `at`, or, if such may stand there, of the tuple `(a, b)`; `None` if it is not
    /// closed, or something else goes on behind it: `(string)x`.
    pub fn end(&mut self, text: &[u8], at: usize, tuple: bool) -> Option<usize> {
        let text = &text[..text.len().min(at + LONGEST)];
        let open = match &text[at..] {
            rest if rest.starts_with(b"map[") => at + 3,
            [b'(', ..] if tuple => at,
            _ => return None,
        };
        let end = self.closed(text, open)?;
        text.get(end).is_none_or(|b| b" \t\r\n,;)]}>\"'\\|&:.".contains(b)).then_some(end)
    }

    /// As [`closed`], of all brackets.
    fn closed(&mut self, text: &[u8], open: usize) -> Option<usize> {
        match self.open.binary_search(&open) {
            Ok(outer) if self.at <= text.len() => drop(self.open.drain(..outer)),
            _ => {
                self.open.clear();
                self.at = open;
            }
        }
        while self.at < text.len() {
            match text[self.at] {
                b'{' | b'[' | b'(' => self.open.push(self.at),
                b'}' | b']' | b')' => {
                    self.open.pop();
                    if self.open.is_empty() {
                        return Some(self.at + 1);
                    }
                }
                // A string that does not end here may end further on.
                b'"' => self.at = string_end(text, self.at)?,
                b'\'' => self.at = apostrophe_end(text, self.at),
                _ => {}
            }
            self.at += 1;
        }
        None
    }
}

/// Where the string ends that the double quote at `open` begins: its last byte.
fn string_end(text: &[u8], open: usize) -> Option<usize> {
    let quote = quote_at(text, open);
    closing(text, open + 1, quote).map(|end| end + quote.backslashes())
}

/// The same of an apostrophe; in words it is no quote.
fn apostrophe_end(text: &[u8], open: usize) -> usize {
    let begins = open > 0 && b" ,[({:=>".contains(&text[open - 1]);
    let end = begins.then(|| closing(text, open + 1, quote_at(text, open))).flatten();
    end.filter(|end| ends_quote(text, *end)).unwrap_or(open)
}

/// Behind the bracket of an object or a list that closes the one at `open`; strings are stepped over.
fn closed(text: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut i = open;
    while i < text.len() {
        match text[i] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(i + 1);
                }
            }
            b'"' => i = string_end(text, i)?,
            b'\'' => i = apostrophe_end(text, i),
            _ => {}
        }
        i += 1;
    }
    None
}

/// An object, array or list begins here; `{{name}}` and `[FILTERED]` are placeholders.
pub fn is_object(text: &[u8]) -> bool {
    let placeholder = text.starts_with(b"{{") || super::nothing::begins_written(text);
    matches!(text.first(), Some(b'{' | b'[')) && !placeholder
}

/// Brackets that are open inside a value.
#[derive(Default)]
pub struct Depth {
    round: u32,
    square: u32,
    curly: u32,
}

impl Depth {
    fn of(&mut self, bracket: u8) -> &mut u32 {
        match bracket {
            b'(' | b')' => &mut self.round,
            b'[' | b']' => &mut self.square,
            _ => &mut self.curly,
        }
    }

    pub fn open(&mut self, bracket: u8) {
        *self.of(bracket) += 1;
    }

    /// Whether the value itself opened what `bracket` closes.
    pub fn close(&mut self, bracket: u8) -> bool {
        let open = self.of(bracket);
        let own = *open > 0;
        *open = open.saturating_sub(1);
        own
    }
}

/// Do letters or digits follow a short word in brackets, as the scheme of a hash: `{SSHA}abc`?
pub fn goes_on_behind(text: &[u8], end: usize) -> bool {
    end < 24
        && text[0] == b'{'
        && text.get(end).is_some_and(u8::is_ascii_alphanumeric)
        && text[1..end - 1].iter().all(|b| b.is_ascii_alphanumeric() || b"._- ".contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_end_with_their_own_bracket() {
        for (text, whole) in [
            ("map[a:x b:map[c:y d:z]] e:f]", "map[a:x b:map[c:y d:z]]"),
            ("('x',), 'c': 1}", "('x',)"),
            ("('a)b', (1, 2)) z", "('a)b', (1, 2))"),
            ("(it's x) y", "(it's x)"),
        ] {
            assert_eq!(Groups::default().end(text.as_bytes(), 0, true), Some(whole.len()), "{text}");
        }
        for text in ["(string)x", "map[a:x", "(a", "x"] {
            assert_eq!(Groups::default().end(text.as_bytes(), 0, true), None, "{text}");
        }
        // Each says the same behind the others as it says alone.
        for text in
            ["(a (b (c) (d)", "(a [b) (c \"d) e\") (f) (", "((((a))) (b map[c (d] e) f", "('a (b' (c) \" (d) e (f)"]
        {
            let mut groups = Groups::default();
            for (at, _) in text.match_indices('(') {
                let alone = Groups::default().end(text.as_bytes(), at, true);
                assert_eq!(groups.end(text.as_bytes(), at, true), alone, "{text} at {at}");
            }
        }
        assert_eq!(balanced(b"['a]b', 'c'] x", 0, 14), Some(12));
        assert_eq!(balanced(b"[it's, a] 'x]'", 0, 14), Some(9));
    }
}
