//! Where values without quotes end: at what stands behind words, addresses and headers in all the kinds of text around them.

use super::Reader;
use crate::detect::border::{
    Outer, closes_line_before, continues, ends_item, ends_line, ends_message, ends_number, ends_parameter, ends_quote,
    ends_setting, in_angles, in_query, is_next_header, is_next_of, is_next_pair, is_street, is_wire_break,
};
use crate::detect::brackets::Depth;
use crate::detect::credential::{escaped_tab, is_scheme};
use crate::detect::dialect::{shell, wide, xml};
use crate::detect::key::Key;
use crate::detect::markup::{
    ends_cdata, ends_element, ends_encoded_line, ends_markup, is_escaped_ampersand, is_mark_of_xml,
};
use crate::detect::nothing::is_empty_value;
use crate::detect::row::ends_cell;
use crate::format::begins_colour;
use crate::slashes;

/// Bytes that the loops below say nothing about: words go on behind them, wherever they stand.
const GOES_ON: [bool; 256] = {
    let mut table = [true; 256];
    let others = b" \t\r\n\x1B[\\%&,;|#?({]})<>'`\"\xE3\xEF";
    let mut i = 0;
    while i < others.len() {
        table[others[i] as usize] = false;
        i += 1;
    }
    table
};

impl Reader<'_> {
    /// Does a value go on behind this byte, whatever stands around it?
    #[inline]
    fn goes_on(&self, byte: u8) -> bool {
        GOES_ON[usize::from(byte)] && self.delimiter.is_none()
    }

    /// End of an unquoted value of one word.
    pub(super) fn word_end(&self, key: &Key, at: usize, limit: usize, outer: &mut Outer) -> usize {
        let text = &self.text[..limit];
        if let Some(end) = shell::variable_end(self.text, key, limit).filter(|end| *end > at) {
            return end;
        }
        // With letters behind them, placeholders are parts of a value; with none, the first stands for all.
        let (mut first, mut known) = (at, at);
        while let Some(length) = placeholder(&text[known..]) {
            known += length;
            first = if first == at { known } else { first };
        }
        if known > at && !text.get(known).is_some_and(u8::is_ascii_alphanumeric) {
            return first;
        }
        let in_string = self.around.innermost();
        let argument = outer.argument();
        let mut depth = Depth::default();
        let stop = argument.filter(|end| *end >= at).map_or(limit, |end| end.min(limit));
        let mut i = at;
        while i < stop {
            if self.goes_on(text[i]) {
                i += 1;
                continue;
            }
            match text[i] {
                b' ' if argument.is_some_and(|end| i < end) && !is_next_pair(text, i + 1) => {}
                b'[' if is_wire_break(text, i) => break,
                b' ' | b'\t' | b'\r' | b'\n' | 0x1B => break,
                _ if self.delimiter.is_some() && self.ends_pair(text, i) => break,
                b'\\' if in_run(text, at, i) => {}
                b'\\' if in_string.is_some_and(|q| ends_line(text, i, q.level) || ends_message(text, i)) => break,
                b'\\' if in_string.is_none() && ends_line(text, i, 0) && outer.quote(b'\'') => break,
                b'\\'
                    if i > at
                        && (is_escaped_ampersand(text, i) || begins_colour(&text[i..]) || ends_element(text, i)) =>
                {
                    break;
                }
                b'\\' | b'%' | b'&' if i > at && ends_encoded_line(text, i) => break,
                b',' | b';' | b'&' | b'|'
                    if i > at
                        && (ends_item(text, i)
                            || ends_setting(self.text, key, text[i])
                            || is_mark_of_xml(text, i)
                            || ends_cell(text, key.start, at, i)) =>
                {
                    break;
                }
                b'#' | b'?' if i > at && ends_parameter(self.text, key, text[i]) => break,
                open @ (b'(' | b'[' | b'{') => depth.open(open),
                b']' if i > at && ends_cdata(text, i) => break,
                close @ (b')' | b']' | b'}') if !depth.close(close) && outer.closes(i) => {
                    break;
                }
                b'<' if i > at
                    && (xml::begins_tag(text, i) || ends_element(text, i) || shell::begins_document(text, at, i)) =>
                {
                    break;
                }
                b'>' if i > at && ends_quote(text, i) && in_angles(self.text, key) => break,
                b'\'' if i > at && ends_quote(text, i) && outer.quote(b'\'') => {
                    i -= slashes::trailing(&text[at..i]);
                    break;
                }
                b'`' if i > at && ends_quote(text, i) => break,
                0xE3 | 0xEF if i > at && wide::ends_value(text, at, i) => break,
                b'"' if i > at && in_string.is_none() && (outer.quote(b'"') || closes_line_before(text, at, i)) => {
                    break;
                }
                _ => {}
            }
            i += 1;
        }
        if i > at { i } else { (at + 1).min(limit) }
    }

    /// End of an unquoted value of several words: it goes on while the next word looks like more of a name, an address,
    /// a date or a number.
    pub(super) fn words_end(&self, key: &Key, at: usize, limit: usize, outer: &mut Outer) -> usize {
        let mut end = self.word_end(key, at, limit, outer);
        // Behind the blank that ends a query stands something else: `GET /u?dob=1985-07-13 200`.
        let alone = in_query(self.text, key) || is_empty_value(&self.text[at..end], true);
        let words = if alone { 0 } else { 12 };
        for _ in 0..words {
            let Some(&blank) = self.text[..limit].get(end) else { break };
            let comma = blank == b',' && self.text.get(end + 1) == Some(&b' ');
            let next = end + 1 + usize::from(comma);
            if !(blank == b' ' || comma) || next >= limit || is_next_of(&self.text[..limit], key, next) {
                break;
            }
            let rest = &self.text[next..limit];
            if !continues(rest, comma) && !is_street(&self.text[..limit], end, next)
                || ends_number(&self.text[at..end], rest)
            {
                break;
            }
            end = self.word_end(key, next, limit, outer);
        }
        end
    }

    /// End of an HTTP header's value: the string around, the line, or the next `; Name:` or ` Name:` of a header dump.
    pub(super) fn header_end(&self, key: &Key, at: usize, limit: usize, outer: &mut Outer) -> usize {
        let text = &self.text[..limit];
        let level = self.around.innermost().map(|q| q.level);
        for i in at..limit {
            if self.goes_on(text[i]) {
                continue;
            }
            match text[i] {
                b'\r' | b'\n' => return i,
                _ if self.delimiter.is_some() && self.ends_pair(text, i) => return i,
                b'\\' if in_run(text, at, i) => {}
                0x1B | b'\\' if i > at && begins_colour(&text[i..]) => return i,
                // A tab behind the scheme is a blank.
                b'\\' if is_scheme(&text[at..i]) && escaped_tab(&text[i..]) > 0 => {}
                b'\\' if level.is_some_and(|level| ends_line(text, i, level)) || spelled_break(text, i) => return i,
                b'\'' if outer.quote(b'\'') => return i - slashes::trailing(&text[at..i]),
                b'&' | b'<' | b']' | b'%' | b'\\' if i > at && ends_markup(text, i) => return i,
                b'[' if i > at && is_wire_break(text, i) => return i,
                b'"' if level.is_none() && (outer.quote(b'"') || closes_line_before(text, at, i)) => return i,
                b' ' | b';' | b',' if i > at && is_next_header(text, i) => return i,
                b',' if i > at && ends_cell(text, key.start, at, i) => return i,
                b'}' | b']' | b')' if outer.closes(i) => return i,
                _ => {}
            }
        }
        limit
    }
}

/// Has the backslash at `i` others in front in the value that begins at `at`? Where those begin, all of them were judged.
fn in_run(text: &[u8], at: usize, i: usize) -> bool {
    i > at + 1 && text[i - 1] == b'\\'
}

/// Is a line break spelled out here, `\r\n` or `\n`, with any number of backslashes?
fn spelled_break(text: &[u8], at: usize) -> bool {
    let slashes = slashes::leading(&text[at..]);
    matches!(text.get(at + slashes), Some(b'r' | b'n'))
}

/// Length of the `{{ … }}`, `${ … }` or `<…>` that a value begins with; such a thing may hold blanks.
fn placeholder(text: &[u8]) -> Option<usize> {
    let short = &text[..text.len().min(128)];
    let length = match short {
        [b'{', b'{', ..] => memchr::memmem::find(short, b"}}")? + 2,
        [b'$', b'{', ..] | [b'<', ..] => memchr::memchr2(b'}', b'>', short)? + 1,
        _ => return None,
    };
    crate::detect::nothing::is_placeholder(&short[..length]).then_some(length)
}
