//! Where the value of a field ends: quoted or not, alone or in a list, a number or a whole object.

mod unquoted;

use super::border::{Outer, doubled_end, in_angles, in_form, is_next_pair, opened_before};
use super::brackets::{Groups, balanced, goes_on_behind};
use super::credential::is_scheme;
use super::dialect::cef::parts;
use super::dialect::{bytes, members, php, shell, xml, yaml};
use super::key::Key;
use super::wrapped::{
    anchor, arrow, ends_string, escaped_blanks, is_empty_of_go, is_encoded, is_ldif, is_port_or_tag, marks_of_key,
    prefix, type_before_braces, word_before,
};
use crate::format::nesting::Nesting;
use crate::format::quote::{Quote, closing, doubled_string, is_quote, opening, string_at};
use crate::policy::rule::ValueKind;
use crate::slashes;
use crate::span::Span;

/// A value and what has to stand round its replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// What gets replaced.
    pub span: Span,
    /// A bare value of a quoted key (a JSON number, say): the marker needs these quotes.
    pub quote: Option<Quote>,
    /// Where the field ends: behind the closing quote, if there is one.
    pub end: usize,
}

/// Reads values out of one record.
pub struct Reader<'t> {
    text: &'t [u8],
    /// Moves along the record.
    nesting: Nesting,
    /// The double-quoted strings around the value that is read.
    around: Nesting,
    /// What stands between the pairs of CEF and LEEF, from where the extension of such a record begins.
    delimiter: Option<u8>,
    groups: Groups,
}

impl<'t> Reader<'t> {
    /// For the record `text`, which begins in the strings that `place` says.
    pub fn new(text: &'t [u8], place: Nesting) -> Reader<'t> {
        Reader { text, nesting: place, around: Nesting::default(), delimiter: None, groups: Groups::default() }
    }

    /// From here on, `byte` stands between pairs.
    pub fn delimit(&mut self, byte: u8) {
        self.delimiter = Some(byte);
    }

    /// Does a pair end at `at`, in front of the next one, or a line of its value, which CEF writes as `\n` (a backslash as two)?
    fn ends_pair(&self, text: &[u8], at: usize) -> bool {
        let line = self.delimiter == Some(b' ') && text[at] == b'\\' && matches!(text.get(at + 1), Some(b'n' | b'r'));
        line && (at == 0 || text[at - 1] != b'\\') || self.delimiter.is_some_and(|delimiter| parts(text, at, delimiter))
    }

    /// The end of the string around `at`, or of the record.
    pub fn limit(&mut self, at: usize) -> usize {
        self.nesting.move_to(self.text, at);
        self.nesting.end(self.text)
    }

    /// Where the value of the key begins whose separator stands at `at`; `None` if it is no separator after all
    /// (`::`, `://`, `=~`), or nothing follows.
    pub fn start(&self, at: usize) -> Option<usize> {
        let text = self.text;
        let byte = |i: usize| text.get(i).copied().unwrap_or(0);
        let mut v = at + 1;
        match (text[at], byte(v)) {
            // LDIF writes two colons in front of base64 (RFC 2849): `userPassword:: cGFzc3dvcmQ=`.
            (b':', b':') if is_ldif(&text[v + 1..]) => v += 1,
            (b':', b':') => return None,
            (b'=', b'~') if matches!(byte(v + 1), b' ' | b'/') => return None,
            (b':', b'/') if byte(v + 1) == b'/' => return None,
            (b':', b'0'..=b'9' | b'v') if is_port_or_tag(text, at) => return None,
            (b':' | b'=', b'=') => v += if byte(v + 1) == b'=' { 2 } else { 1 },
            (b'=' | b'<', b'>' | b'3') => v += arrow(&text[at..]),
            (b':', b'p' | b'"' | b'A'..=b'Z' | b'\\') => v = php::behind_visibility(text, at).unwrap_or(v),
            _ => {}
        }
        let bare = v;
        while matches!(byte(v), b' ' | b'\t') {
            v += 1;
        }
        v += escaped_blanks(&text[v.min(text.len())..]);
        while matches!(byte(v), b' ' | b'\t') {
            v += 1;
        }
        v += marks_of_key(text, at, v)?;
        // A blank of an argument without quotes.
        v += text.get(v..).map_or(0, |rest| rest.chunks_exact(2).take_while(|two| two == b"\\ ").count() * 2);
        // `reason= next=1` is an empty value in logfmt.
        let tight = at > 0 && text[at] == b'=' && text[at - 1] != b' ' && v == bare + 1;
        // So it is in a query and a form: `password=&token=x`.
        let next = v + match text.get(v..) {
            Some(rest) if rest.starts_with(b"&amp;") => 5,
            Some([b'&' | b';', ..]) => 1,
            _ => 0,
        };
        // `--password= db` is one without a password.
        let empty = text[at] == b'=' && bare < v && is_long_flag(text, at);
        if v >= text.len()
            || empty
            || is_encoded(text, v)
            || ends_string(text, at, v)
            || is_empty_of_go(text, at, v)
            || v > at + 1 && text[v..].starts_with(b"# ")
            || (tight || next > bare && v == bare) && is_next_pair(text, next)
        {
            return None;
        }
        Some(v)
    }

    /// The value that starts at `at`.
    pub fn value(&mut self, key: &Key, at: usize, kind: ValueKind) -> Value {
        let text = self.text;
        // A key in plain double quotes stands in no string, so there is none around its value.
        let outermost = key.quote == Some(Quote { byte: b'"', level: 0, depth: 0 });
        if !outermost {
            self.nesting.move_to(text, at);
        }
        self.around =
            if outermost || opens_after_all(text, at, self.nesting) { Nesting::default() } else { self.nesting };
        if let Some((span, width)) = doubled_string(text, at + prefix(&text[at..])) {
            return Value { span, quote: None, end: (span.end + width).min(text.len()) };
        }
        let end = if self.around.innermost().is_some() { self.nesting.end(text) } else { text.len() };
        let limit = doubled_end(text, key, at, end);
        let depth = self.around.depth();
        if let Some(end) = bytes::length(&text[at..limit.max(at)]).map(|length| at + length) {
            return Value { span: Span::new(at, end), quote: key.quote, end };
        }
        let at = at + self.tabs(at);
        let at = at + anchor(text, at, limit) + prefix(&text[at..limit.max(at)]);
        if at >= limit {
            return Value { span: Span::new(at, at), quote: None, end: at };
        }
        if let Some((span, quote)) = string_at(text, at, limit, depth) {
            if let Some(end) = shell::joined(&text[..limit], key, at, span.end, depth) {
                return Value { span: Span::new(at, end), quote: None, end };
            }
            let attribute = || xml::attribute_end(text, span, quote).filter(|_| in_angles(text, key));
            let end = outer_end(text, key, span, quote).or_else(attribute).unwrap_or(span.end);
            let span = Span::new(span.start, end);
            return Value { span, quote: None, end: (span.end + quote.width()).min(text.len()) };
        }
        let level = self.around.innermost().map_or(0, |quote| quote.level);
        if let Some(end) = php::printed_end(&text[..limit], key, at, level) {
            return Value { span: Span::new(at, end), quote: None, end };
        }
        let composite = type_before_braces(&text[at..limit]);
        if composite > 0
            && let Some(end) = balanced(text, at + composite, limit)
        {
            return Value { span: Span::new(at, end), quote: key.quote, end };
        }
        let header = matches!(kind, ValueKind::Credential | ValueKind::Cookies) && key.quote.is_none();
        // A list of strings is one as anywhere else.
        let strings = || text[at + 1..limit].iter().find(|b| !b" \\".contains(b)).is_some_and(|b| is_quote(*b));
        if header && text[at] == b'[' && !strings() {
            // Go prints headers as `map[Authorization:[Bearer x] Cookie:[a=b]]`.
            if let Some(close) = memchr::memchr(b']', &text[at..limit]).map(|i| at + i) {
                return Value { span: Span::new(at + 1, close), quote: None, end: close };
            }
        } else if let Some(end) = balanced(text, at, limit)
            .filter(|end| !goes_on_behind(&text[at..limit], end - at))
            .or_else(|| self.groups.end(&text[..limit], at, !header))
        {
            return Value { span: Span::new(at, end), quote: key.quote, end };
        }
        if let Some(end) = key.quote.and_then(|_| scalar_end(text, at, limit)) {
            return Value { span: Span::new(at, end), quote: key.quote, end };
        }
        if let Some(end) = members::value_end(&text[..limit], key, at) {
            return Value { span: Span::new(at, end), quote: None, end };
        }
        let outer = &mut Outer::of(text, key, limit);
        let end = match kind {
            ValueKind::Word => {
                match yaml::plain_end(text, key, at, limit, level).or_else(|| yaml::flow_end(text, key, at, limit)) {
                    Some(end) => end,
                    None => self.scheme_and_word_end(key, at, limit, outer),
                }
            }
            ValueKind::Words => self.words_end(key, at, limit, outer),
            ValueKind::Cookies if in_form(text, key, at) => self.word_end(key, at, limit, outer),
            ValueKind::Credential | ValueKind::Cookies => self.header_end(key, at, limit, outer),
        };
        let json = key.quote.is_some_and(|q| q.byte == b'"' || text[at].is_ascii_digit() || text[at] == b'-');
        Value { span: Span::new(at, end), quote: key.quote.filter(|_| json), end }
    }

    /// Length of the tabs that stand at `at` in a string, as strings escape them, and of the blanks between them.
    fn tabs(&self, at: usize) -> usize {
        let Some(quote) = self.around.innermost() else { return 0 };
        let own = 1 << quote.level.min(16);
        let mut end = at;
        while slashes::leading(&self.text[end..]) == own && self.text.get(end + own) == Some(&b't') {
            end += own + 1;
            end += self.text[end..].iter().take(64).take_while(|b| **b == b' ').count();
        }
        end - at
    }

    /// As [`Reader::word_end`]; the name of a scheme takes the word behind it along: `token: Bearer abc…`.
    fn scheme_and_word_end(&self, key: &Key, at: usize, limit: usize, outer: &mut Outer) -> usize {
        let end = self.word_end(key, at, limit, outer);
        let more = matches!(self.text[..limit].get(end..), Some([b' ', next, ..]) if *next != b' ');
        // A tag, an anchor or the head of a block of YAML: `!vault x`, `&pw x`, `|- x`.
        let word = &self.text[at..end];
        let yaml = key.quote.is_none()
            && self.text.get(key.name.end) == Some(&b':')
            && (matches!(word, [b'!' | b'&', _, ..]) || matches!(word, [b'|' | b'>'] | [b'|' | b'>', b'-' | b'+']));
        if more && (yaml || is_scheme(word)) && !is_next_pair(&self.text[..limit], end + 1) {
            return self.word_end(key, end + 1, limit, outer);
        }
        end
    }
}

/// Where the string in single quotes around the key ends, if the double-quoted one of its value, `inside`, goes on beyond it:
/// `{'body': 'password="x', 'n': 1}`.
fn outer_end(text: &[u8], key: &Key, inside: Span, quote: Quote) -> Option<usize> {
    if quote != (Quote { byte: b'"', level: 0, depth: 0 }) || !opened_before(text, key.start, b'\'') {
        return None;
    }
    let end = closing(&text[..inside.end], inside.start, Quote { byte: b'\'', ..quote })?;
    text.get(end + 1).is_some_and(|b| b",}])".contains(b)).then_some(end)
}

/// An odd quote earlier in the record (`5" disk`) makes the quote that opens this value look like one that closes a
/// string: something other than the end of a string follows it.
fn opens_after_all(text: &[u8], at: usize, around: Nesting) -> bool {
    let Some(outer) = around.innermost() else { return false };
    match opening(text, at, 0) {
        Some((quote, start)) if quote.byte == outer.byte && quote.level <= outer.level => {
            let twice = quote.level > 0 && text[start..].starts_with(&text[at..start]);
            let start = if twice { 2 * start - at } else { start };
            text.get(start).is_some_and(|b| !b" \t\r\n,}]):;\\".contains(b) && *b != outer.byte)
        }
        _ => false,
    }
}

/// Does the word in front of the equals sign at `at` begin with two dashes?
fn is_long_flag(text: &[u8], at: usize) -> bool {
    let start = at - word_before(text, at);
    text[start..].starts_with(b"--") && (start == 0 || text[start - 1].is_ascii_whitespace())
}

/// End of the bare JSON number or literal at `at`, if one stands there.
fn scalar_end(text: &[u8], at: usize, limit: usize) -> Option<usize> {
    let text = &text[..limit];
    let word = text[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')).count();
    let scalar = &text[at..at + word];
    let number = matches!(scalar.first()?, b'0'..=b'9' | b'-')
        && scalar.iter().all(|b| b.is_ascii_digit() || b"+-.eE".contains(b));
    let literal = matches!(scalar, b"null" | b"true" | b"false");
    let ends = text.get(at + word).is_none_or(|b| b" \t\r\n,}])\"\\".contains(b));
    ((number || literal) && ends).then_some(at + word)
}
