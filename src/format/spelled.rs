//! Text in a string: its line breaks and quotes are spelled with backslashes, once for each string around it.

use super::nesting::Nesting;
use super::quote::{Quote, closing, quote_at};
use super::view::View;
use super::{docker, peel};
use crate::slashes;
use crate::span::Span;
use memchr::{memchr, memmem, memrchr};
use std::sync::LazyLock;

/// The inside of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Where it stands in the record.
    pub span: Span,
    /// How many strings it is inside of: as often its escapes are escaped. 0: a cell of CSV, whose quotes are doubled.
    pub levels: u32,
}

/// Strings in strings that may hold a message.
const DEEPEST: u32 = 4;

/// How the fields of [`MESSAGES`] end, by the number of strings around.
static FIELDS: LazyLock<Vec<[memmem::Finder<'static>; 5]>> = LazyLock::new(|| {
    let ends = |level: u32| {
        let slashes = "\\".repeat((1 << level) - 1);
        ["log", "sg", "age", "AGE", "oad"].map(|end| memmem::Finder::new(&format!("{end}{slashes}\":")).into_owned())
    };
    (0..DEEPEST).map(ends).collect()
});

/// The key of docker's message, which may be escaped.
const LOG_KEY: &[u8] = b"log";

/// Fields of JSON that hold what a program wrote.
const MESSAGES: [&[u8]; 6] = [b"log", b"msg", b"message", b"MESSAGE", b"textPayload", b"@message"];

impl Text {
    /// The innermost string around `at`; all that `record` carries if there is none, and no other one before the next line
    /// break.
    pub fn around(record: &[u8], at: usize, nesting: &mut Nesting) -> Option<Text> {
        nesting.move_to(record, at);
        if let Some(quote) = nesting.innermost() {
            return Some(Text::within(record, at, quote));
        }
        let quote = Quote { byte: b'\'', level: 0, depth: 0 };
        let opens = |found: usize| found == 0 || b" =:([{,>bu".contains(&record[found - 1]);
        let mut from = 0;
        while let Some(first) = memchr(b'\'', &record[from..at]).map(|i| from + i) {
            let end = if opens(first) { closing(record, first + 1, quote) } else { None };
            match end {
                Some(end) if end >= at => return Some(Text { span: Span::new(first + 1, end), levels: 1 }),
                Some(end) => from = end + 1,
                None => from = first + 1,
            }
        }
        let next = memmem::find(&record[at..], b"\\n")?;
        // The string that begins in between is one for the places in it.
        let begins = |found: usize| record[found] == b'"' || opens(found);
        if memchr::memchr2_iter(b'"', b'\'', &record[at..at + next]).any(|found| begins(at + found)) {
            return None;
        }
        let payload = peel(record).payload;
        Some(Text { span: Span::new(payload.start.min(at), payload.end.max(at)), levels: 1 })
    }

    /// The string with these quotes around `at`.
    pub fn within(record: &[u8], at: usize, quote: Quote) -> Text {
        let mut start = at;
        while let Some(found) = memrchr(b'"', &record[..start]) {
            start = found;
            if quote_at(record, found).level <= quote.level {
                break;
            }
        }
        let start = (start + 1).min(at);
        Text { span: Span::new(start, closing(record, at, quote).unwrap_or(record.len())), levels: quote.level + 1 }
    }

    /// The message of a record in JSON, whatever envelopes are around it, without the line break at its end. Where that is a record
    /// in JSON itself, the message of that one.
    pub fn message(record: &[u8]) -> Option<Text> {
        let mut text = Text::outer_message(record)?;
        while text.levels < DEEPEST {
            // A program ends its lines, and who wraps them, too.
            let end = text.span.end - spelled_end(&record[text.span.range()]);
            if end == text.span.start || record[end - 1] != b'}' {
                break;
            }
            let inner = peel(&record[text.span.start..end]).payload;
            let payload = Span::new(text.span.start + inner.start, text.span.start + inner.end);
            let Some(inside) = message_of(record, payload, text.levels) else { break };
            text = inside;
        }
        Some(text)
    }

    /// The same of the record alone.
    pub fn outer_message(record: &[u8]) -> Option<Text> {
        if record.last() != Some(&b'}') {
            return None;
        }
        let payload = peel(record).payload;
        // The message of docker is peeled already, and maybe what stands around it in there.
        if record.get(payload.end) == Some(&b'"') || record[payload.end..].starts_with(b"\\") {
            return docker_message(record, payload.start);
        }
        message_of(record, payload, 0)
    }

    /// Calls `each` with the messages of several events in the arrays of a record in JSON, in order: strings that have the key of a
    /// message, and those behind a time in a pair, as Loki has them (grafana.com, "Loki HTTP API", `values`).
    pub fn each_event(record: &[u8], mut each: impl FnMut(Text)) {
        let holds = |at| matches!(record.get(at + 1), Some(b'{' | b'[' | b' '));
        let payload = memchr::memchr_iter(b'[', record).any(holds).then(|| peel(record).payload);
        let Some(payload) = payload.filter(|payload| record.get(payload.start) == Some(&b'{')) else { return };
        let body = &record[..payload.end];
        let quote = Quote { byte: b'"', level: 0, depth: 0 };
        let (mut at, mut depth, mut keyed, mut timed) = (payload.start, 0_usize, false, false);
        while let Some(open) = memchr(b'"', &body[at..]).map(|i| at + i) {
            let between = body[at..open].trim_ascii();
            for byte in between {
                match byte {
                    b'[' => depth += 1,
                    b']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            let Some(end) = closing(body, open + 1, quote) else { break };
            let text = &body[open + 1..end];
            at = end + 1;
            if body[at..].trim_ascii_start().first() == Some(&b':') {
                (keyed, timed) = (MESSAGES.contains(&text), false);
                continue;
            }
            if depth > 0 && (keyed || timed && between == b",") {
                each(Text { span: Span::new(open + 1, end - spelled_end(text)), levels: 1 });
            }
            timed = between.ends_with(b"[") && text.len() > 9 && text.iter().all(u8::is_ascii_digit);
            keyed = false;
        }
    }

    /// The cells of a row of CSV whose quotes are doubled ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180), section 2.7);
    /// none if `record` is something else.
    pub fn cells(record: &[u8]) -> Vec<Text> {
        let payload = peel(record).payload;
        let (mut cells, mut at) = (Vec::new(), payload.start);
        let ends = |at: usize| at == payload.end || b",;\t".contains(&record[at]);
        while at < payload.end && !matches!(record[payload.start], b'{' | b'[') {
            if record[at] == b'"' {
                let mut end = at + 1;
                let mut doubled = false;
                while let Some(found) = memchr(b'"', &record[end..payload.end]).map(|i| end + i) {
                    end = found;
                    if record[..payload.end].get(found + 1) != Some(&b'"') {
                        break;
                    }
                    doubled = true;
                    end = found + 2;
                }
                if record.get(end) != Some(&b'"') || !ends(end + 1) {
                    return Vec::new();
                }
                cells.extend((doubled && end > at + 3).then_some(Text { span: Span::new(at + 1, end), levels: 0 }));
                at = end + 2;
            } else {
                let next = record[at..payload.end].iter().position(|b| b",;\t".contains(b));
                at = next.map_or(payload.end, |next| at + next + 1);
            }
        }
        cells
    }

    /// Does a line of it end before the text does?
    pub fn has_lines(&self, record: &[u8]) -> bool {
        breaks(&record[self.span.range()])
    }

    /// Its lines, as they are without the strings around them.
    pub fn read(&self, record: &[u8], view: &mut View) {
        view.clear();
        view.join(b"", self.span.start);
        if self.levels == 0 {
            let mut at = self.span.start;
            for found in memmem::find_iter(&record[self.span.range()], b"\"\"").map(|i| self.span.start + i) {
                view.text.extend_from_slice(&record[at..found]);
                at = found + 2;
                view.put(0, Some(b'"'), Span::new(found, at));
            }
            view.text.extend_from_slice(&record[at..self.span.end]);
            return;
        }
        let mut at = self.span.start;
        while at < self.span.end {
            let plain = memchr(b'\\', &record[at..self.span.end]).map_or(self.span.end, |i| at + i);
            view.text.extend_from_slice(&record[at..plain]);
            at = plain;
            let slashes = slashes::leading(&record[at..self.span.end]);
            let Some(byte) = record[..self.span.end].get(at + slashes) else {
                view.text.extend_from_slice(&record[at..self.span.end]);
                return;
            };
            let spelled = unicode(&record[at + slashes..self.span.end]);
            let (left, meant) = unescaped(slashes, spelled.unwrap_or(*byte), spelled.is_some(), self.levels);
            let length = if spelled.is_some() && meant.is_some() { UNICODE } else { usize::from(meant.is_some()) };
            let used = slashes + length;
            view.put(left, meant, Span::new(at, at + used));
            at += used;
        }
    }
}

/// May `record` hold doubled quotes? Cheap.
pub fn doubles(record: &[u8]) -> bool {
    static SIGN: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(b"\"\""));
    SIGN.find(record).is_some()
}

/// The message of the object in JSON that `payload` is, with so many strings around it: the first string that has such a key.
fn message_of(record: &[u8], payload: Span, levels: u32) -> Option<Text> {
    let body = &record[payload.range()];
    if body.first() != Some(&b'{') || body.last() != Some(&b'}') {
        return None;
    }
    let (open, quote) = FIELDS.get(levels as usize)?.iter().find_map(|field| {
        let mut keys = field.find_iter(body).map(|found| found + field.needle().len() - 1);
        keys.find_map(|colon| string_of_message(body, colon))
    })?;
    let end = closing(body, open + 1, quote)?;
    let mut text = &body[open + 1..end];
    for spelled in [b'n', b'r'] {
        text = text.strip_suffix(&[spelled]).map_or(text, |rest| {
            let slashes = slashes::trailing(rest);
            if slashes == 1 << quote.level { &rest[..rest.len() - slashes] } else { text }
        });
    }
    let start = payload.start + open + 1;
    Some(Text { span: Span::new(start, start + text.len()), levels: quote.level + 1 })
}

/// The quote of the string behind the colon at `colon`, and where it stands, if a message has such a key.
fn string_of_message(body: &[u8], colon: usize) -> Option<(usize, Quote)> {
    let slashes = slashes::trailing(&body[..colon - 1]);
    let start = memrchr(b'"', &body[..colon - 1])?;
    let key = body.get(start + 1..colon - 1 - slashes)?;
    let own = slashes::trailing(&body[..start]);
    let lead = body[colon + 1..].iter().take(8).take_while(|b| **b == b' ').count();
    let open = colon + 1 + lead;
    let open = open + slashes::leading(&body[open..]);
    (MESSAGES.contains(&key) && own == slashes && body.get(open) == Some(&b'"')).then(|| (open, quote_at(body, open)))
}

/// Length of the spelled line break at the end of `text`.
fn spelled_end(text: &[u8]) -> usize {
    let mut rest = text;
    while let [before @ .., b'n' | b'r'] = rest {
        let slashes = slashes::trailing(before);
        if slashes == 0 {
            break;
        }
        rest = &before[..before.len() - slashes];
    }
    text.len() - rest.len()
}

/// The message of docker in `record`, in which `at` stands.
fn docker_message(record: &[u8], at: usize) -> Option<Text> {
    let open = memmem::find_iter(&record[..at], LOG_KEY).find_map(|key| {
        let open = memrchr(b'{', &record[..key])?;
        docker::peel(&record[open..]).is_some().then_some(open)
    })?;
    let inside = docker::peel(&record[open..])?.payload;
    let span = Span::new(open + inside.start, open + inside.end);
    Some(Text { span, levels: quote_at(record, span.start - 1).level + 1 })
}

/// Does `text` hold a spelled line break with more than a quote behind it? Cheap.
pub fn breaks(text: &[u8]) -> bool {
    // Most records hold no backslash: to look for that costs less than to look for two bytes.
    memchr::memchr_iter(b'\\', text).filter(|at| text.get(at + 1) == Some(&b'n')).any(|at| {
        let behind = &text[at + 2..];
        let slashes = slashes::leading(behind);
        // Apache's HTTP client writes `[\n]` for one.
        let wire = behind.first() == Some(&b']') && text[..at].ends_with(b"[");
        // What ends the string has fewer backslashes than the break; a quote in it has more.
        let closes =
            matches!(behind.get(slashes), None | Some(b'"' | b'\'')) && slashes < slashes::trailing(&text[..=at]);
        !wire && !closes
    })
}

/// Length of what [`unicode`] reads.
const UNICODE: usize = 5;

/// The character that `u003c` and kin at the start of `text` stand for, behind a backslash: Go and docker write the signs of HTML
/// so, and all do that of a terminal's colours. A backslash stays spelled, as there is no telling what it is for.
fn unicode(text: &[u8]) -> Option<u8> {
    let digits = text.strip_prefix(b"u00")?.get(..2)?;
    let code = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    ((0x20..0x7F).contains(&code) && code != b'\\' || code == 0x1B).then_some(code)
}

/// What so many backslashes and a byte behind them are `levels` strings further out: backslashes that are left, and the
/// byte that is meant; `None` if the byte stands for itself. `own`: the byte is meant if it is escaped at all.
fn unescaped(mut slashes: usize, byte: u8, own: bool, levels: u32) -> (usize, Option<u8>) {
    let mut meant = None;
    for _ in 0..levels {
        if slashes % 2 == 1 && meant.is_none_or(|byte| matches!(byte, b'"' | b'\'' | b'/')) {
            meant = match byte {
                _ if own => Some(byte),
                b'n' => Some(b'\n'),
                b'r' => Some(b'\r'),
                b't' => Some(b'\t'),
                b'"' | b'\'' | b'/' => Some(byte),
                _ => return (slashes, None),
            };
        }
        slashes /= 2;
    }
    (slashes, meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(record: &str, text: Text) -> String {
        let mut view = View::default();
        text.read(record.as_bytes(), &mut view);
        String::from_utf8_lossy(&view.text).into_owned()
    }

    #[test]
    fn text_is_read_as_it_is_without_the_strings_around_it() {
        for (record, expected) in [
            (r#"{"a":"x @\n \"y\"\tz","b":"w"}"#, "x @\n \"y\"\tz"),
            (r#"{"a":"{\"b\":\"x @\\n \\\"y\\\" \\\\z\"}"}"#, "x @\n \"y\" \\z"),
            (r#"{"a":"run @ \\\n x C:\\new \u003cb\u003e \u00e9"}"#, "run @ \\\n x C:\\new <b> \\u00e9"),
            (r#"{"a":"{\"b\":\"x @\\n \u003c \\u003c \u0022\"}"}"#, "x @\n < < \""),
            (r"a='x @\ny' n=1", "x @\ny"),
            (r"2024-05-01T12:00:00Z x @\ny", "x @\ny"),
        ] {
            let at = record.find('@').unwrap_or_default();
            let text = Text::around(record.as_bytes(), at, &mut Nesting::default());
            assert_eq!(text.map(|text| read(record, text)).as_deref(), Some(expected), "{record}");
        }
    }

    #[test]
    fn cells_of_a_row_have_doubled_quotes() {
        for (record, expected) in [
            (r#"1,"a ""b"" c","d","""e""""#, &[r#"a "b" c"#, r#""e""#][..]),
            (r#"{"a":"","b":"x ""y"""}"#, &[]),
            (r#"say ""a"", "b" c"#, &[]),
        ] {
            let cells: Vec<String> =
                Text::cells(record.as_bytes()).into_iter().map(|cell| read(record, cell)).collect();
            assert_eq!(cells, expected, "{record}");
        }
    }

    #[test]
    fn places_lead_back_to_the_record() {
        let record = br#"{"a":"x\n\"yy\"@"}"#;
        let text = Text::around(record, 15, &mut Nesting::default()).expect("a string");
        let mut view = View::default();
        text.read(record, &mut view);
        let mut found = Vec::new();
        view.raw(Span::new(3, 5), |span| found.push(&record[span.range()]));
        view.raw(Span::new(2, 6), |span| found.push(&record[span.range()]));
        assert_eq!(found, [&b"yy"[..], br#"\"yy\""#]);
    }

    #[test]
    fn the_message_of_a_record_is_found_in_its_envelopes() {
        for (record, expected) in [
            (r#"{"level":"info","msg":"a \"b\"\n","n":1}"#, Some(r#"a "b""#)),
            (r#"2024-05-01T12:00:00Z stdout F {"log":"a \"b\"\n","stream":"stdout","time":"x"}"#, Some(r#"a "b""#)),
            (
                r#"{"log":"I0302 10:00:00.123456 1 a.go:1] \"log\" a=1\n","stream":"stdout","time":"x"}"#,
                Some(r#"I0302 10:00:00.123456 1 a.go:1] "log" a=1"#),
            ),
            (r#"{"log":"{\"n\":1,\"msg\": \"a \\\"b\\\"\\n\"}\n","stream":"stdout","time":"x"}"#, Some(r#"a "b""#)),
            (r#"[pod/a/b] {"message": "a", "n": 1}"#, Some("a")),
            (r#"{"a":{"msg":17}}"#, None),
            (r#"{"a":"{\"msg\":\"x\"}"}"#, None),
            ("plain", None),
        ] {
            let text = Text::message(record.as_bytes());
            assert_eq!(text.map(|text| read(record, text)).as_deref(), expected, "{record}");
        }
    }
}
