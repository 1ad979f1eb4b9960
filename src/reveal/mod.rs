//! Sealed values, opened where they stand; everything else goes out byte for byte as it came in.
//!
//! Knows no file, no thread, no clock and no user: whoever asks brings the keys and says which classes may be shown. A text
//! without tokens is searched once and goes out as it is; only round a token are lines looked for.

use crate::format::quote::{doubled_quote, encoded_quote, is_quote};
use crate::format::{frame, journal, serialized, syslog};
use crate::policy::roles::covers;
use crate::rewrite::{Rewrite, Withheld};
use crate::seal::token::{self, Token};
use crate::seal::{Key, Opened};
use crate::span::Span;
use memchr::{memchr, memchr_iter, memrchr};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where keys come from.
pub trait Keys: Sync {
    /// The key of `class` in `run`.
    fn key(&self, run: &str, class: &str) -> Found;
}

/// What there is of a key.
#[derive(Clone, Debug)]
pub enum Found {
    /// This one.
    Key(Arc<Key>),
    /// The run is known, but nobody here may have the key.
    Foreign,
    /// Nothing is known of the run, or its key ring is damaged.
    Unknown,
}

/// What came of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revealed {
    /// Lines that came in.
    pub lines: u64,
    /// Bytes that came in.
    pub bytes_in: u64,
    /// Bytes that went out.
    pub bytes_out: u64,
    /// Values that were opened, by class.
    pub opened: BTreeMap<String, u64>,
    /// Tokens that stay, because their class or their key is not for whoever looks.
    pub foreign: u64,
    /// Tokens that stay, because they were changed, or their run is not known: they may be no tokens at all.
    pub shut: u64,
    /// Lines that were too long.
    pub withheld: u64,
}

impl Revealed {
    /// Adds what came of another part.
    pub fn add(&mut self, part: Revealed) {
        self.lines += part.lines;
        self.bytes_in += part.bytes_in;
        self.bytes_out += part.bytes_out;
        self.foreign += part.foreign;
        self.shut += part.shut;
        self.withheld += part.withheld;
        for (class, count) in part.opened {
            *self.opened.entry(class).or_default() += count;
        }
    }
}

/// Opens sealed values.
pub struct Reveal<'a> {
    keys: &'a dyn Keys,
    /// Classes that may be shown, `pii.*` for a family; none: whatever there is a key for.
    classes: Option<&'a [String]>,
}

impl<'a> Reveal<'a> {
    /// With these keys, and only these classes if they are given.
    pub fn new(keys: &'a dyn Keys, classes: Option<&'a [String]>) -> Reveal<'a> {
        Reveal { keys, classes }
    }

    /// Appends the opened `text`, which may be lines and fields with a length.
    fn chunk(&self, text: &[u8], tally: &mut Revealed, out: &mut Vec<u8>) {
        let mut from = 0;
        while let Some(field) = journal::next_field(text, from).filter(|field| field.value.end < text.len()) {
            // The length of a field stands in the eight bytes before it.
            self.lines(&text[from..field.value.start - 8], tally, out);
            let mut value = Vec::new();
            self.values(&text[field.value.range()], tally, &mut value);
            out.extend_from_slice(&(value.len() as u64).to_le_bytes());
            out.extend_from_slice(&value);
            from = field.value.end;
        }
        self.lines(&text[from..], tally, out);
    }

    fn lines(&self, text: &[u8], tally: &mut Revealed, out: &mut Vec<u8>) {
        let mut copied = 0;
        while let Some(token) = token::next(text, copied) {
            let start = memrchr(b'\n', &text[copied..token.span.start]).map_or(copied, |at| copied + at + 1);
            let end = memchr(b'\n', &text[token.span.end..]).map_or(text.len(), |at| token.span.end + at);
            out.extend_from_slice(&text[copied..start]);
            self.line(&text[start..end], usize::from(end < text.len()), tally, out);
            copied = end;
        }
        out.extend_from_slice(&text[copied..]);
    }

    /// Appends the opened `line`, behind which `ending` bytes more belong to it. A count of bytes in front is counted again.
    fn line(&self, line: &[u8], ending: usize, tally: &mut Revealed, out: &mut Vec<u8>) {
        let counted = line.first().is_some_and(u8::is_ascii_digit);
        let frames = if counted { syslog::frames(line, ending) } else { Vec::new() };
        if frames.is_empty() {
            return self.values(line, tally, out);
        }
        for frame in frames {
            let end = frame.end.min(line.len());
            let mut value = Vec::new();
            self.values(&line[frame.start..end], tally, &mut value);
            out.extend_from_slice((value.len() + frame.end - end).to_string().as_bytes());
            out.push(b' ');
            out.extend_from_slice(&value);
        }
    }

    fn values(&self, text: &[u8], tally: &mut Revealed, out: &mut Vec<u8>) {
        let written = out.len();
        let mut edits = Vec::new();
        let mut copied = 0;
        let mut from = 0;
        while let Some(token) = token::next(text, from) {
            from = token.span.end;
            let Some(opened) = self.open(&token, tally) else { continue };
            match tally.opened.get_mut(token.class) {
                Some(count) => *count += 1,
                None => drop(tally.opened.insert(token.class.to_owned(), 1)),
            }
            let quotes = if opened.bare { quotes_around(text, copied, &token) } else { 0 };
            out.extend_from_slice(&text[copied..token.span.start - quotes]);
            out.extend_from_slice(&opened.value);
            edits.push((Span::new(token.span.start - quotes, token.span.end + quotes), opened.value.len()));
            copied = token.span.end + quotes;
        }
        out.extend_from_slice(&text[copied..]);
        if !edits.is_empty() && serialized::may_hold(text) {
            serialized::count_again(text, &edits, written, out);
        } else if !edits.is_empty() && frame::may_hold(text) {
            frame::count_again(text, &edits, written, out);
        }
    }

    /// What `token` stands for: where it was sealed once more, all of it or nothing.
    fn open(&self, token: &Token<'_>, tally: &mut Revealed) -> Option<Opened> {
        let opened = self.key(token, tally)?.open(token.payload);
        let Some(opened) = opened else {
            tally.shut += 1;
            return None;
        };
        match token::whole(&opened.value) {
            // A value that was a token before it was sealed is left as it is by who masks; this one was made so.
            Some(inner) => {
                let key = self.key(&inner, tally)?;
                let Some(inner) = key.open(inner.payload) else {
                    tally.shut += 1;
                    return None;
                };
                Some(Opened { bare: opened.bare, ..inner })
            }
            None => Some(opened),
        }
    }

    fn key(&self, token: &Token<'_>, tally: &mut Revealed) -> Option<Arc<Key>> {
        let may = self.classes.is_none_or(|classes| classes.iter().any(|shown| covers(shown, token.class)));
        if !may {
            tally.foreign += 1;
            return None;
        }
        match self.keys.key(token.run, token.class) {
            Found::Key(key) => return Some(key),
            Found::Foreign => tally.foreign += 1,
            Found::Unknown => tally.shut += 1,
        }
        None
    }
}

/// Length of the quote on either side of `token`, with its backslashes, or as an encoding or a cell of CSV spells it; 0 if the two
/// are not alike. Nothing before `from` is looked at.
fn quotes_around(text: &[u8], from: usize, token: &Token<'_>) -> usize {
    let (before, behind) = (&text[from..token.span.start], &text[token.span.end..]);
    let spelled = |byte: u8| encoded_quote(before, byte).or_else(|| doubled_quote(before, byte));
    let mut quotes = [b'"', b'\''].into_iter().filter_map(spelled);
    if let Some(quote) = quotes.find(|quote| behind.starts_with(quote)) {
        return quote.len();
    }
    let slashes = behind.iter().take_while(|byte| **byte == b'\\').count();
    let Some(&quote) = behind.get(slashes).filter(|byte| is_quote(**byte)) else { return 0 };
    let Some(before) = before.strip_suffix(&[quote]) else { return 0 };
    let same = before.iter().rev().take(slashes + 1).take_while(|byte| **byte == b'\\').count() == slashes;
    if same { slashes + 1 } else { 0 }
}

fn lines(chunk: &[u8]) -> u64 {
    let open_end = chunk.last().is_some_and(|byte| *byte != b'\n');
    memchr_iter(b'\n', chunk).count() as u64 + u64::from(open_end)
}

impl Rewrite for Reveal<'_> {
    type Scratch = ();
    type State = ();
    type Tally = Revealed;

    fn cut(&self, bytes: &[u8]) -> usize {
        let lines = memrchr(b'\n', bytes).map_or(0, |at| at + 1);
        journal::closed_until(&bytes[..lines])
    }

    fn unchanged(&self, chunk: &[u8], _state: &mut ()) -> Option<Revealed> {
        let bytes = chunk.len() as u64;
        let counted = || Revealed { lines: lines(chunk), bytes_in: bytes, bytes_out: bytes, ..Revealed::default() };
        (!token::may_be_in(chunk)).then(counted)
    }

    fn rewrite(&self, chunk: &[u8], _state: &mut (), _scratch: &mut (), out: &mut Vec<u8>) -> Revealed {
        let mut tally = Revealed { lines: lines(chunk), bytes_in: chunk.len() as u64, ..Revealed::default() };
        // What a token was before somebody changed it is told; it is no token any more.
        tally.shut += token::changed(chunk);
        let written = out.len();
        self.chunk(chunk, &mut tally, out);
        tally.bytes_out = (out.len() - written) as u64;
        tally
    }

    fn withhold(&self, _why: Withheld, _head: &[u8], bytes: u64, ending: &[u8], out: &mut Vec<u8>) -> Revealed {
        let marker = format!("REDACTED-record-too-long-bytes-{bytes}");
        out.extend_from_slice(marker.as_bytes());
        out.extend_from_slice(ending);
        let bytes_out = (marker.len() + ending.len()) as u64;
        Revealed { lines: 1, bytes_in: bytes + ending.len() as u64, bytes_out, withheld: 1, ..Revealed::default() }
    }

    fn merge(total: &mut Revealed, part: Revealed) {
        total.add(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::Sealer;

    /// One run with two classes, of which `secret.key` is for others.
    struct One(Sealer);

    impl Keys for One {
        fn key(&self, run: &str, class: &str) -> Found {
            let ring = self.0.ring(String::new(), Vec::new(), |class| class == "pii.email");
            match ring.keys.get(class) {
                _ if run != self.0.run() => Found::Unknown,
                Some(key) => Found::Key(Arc::clone(key)),
                None => Found::Foreign,
            }
        }
    }

    fn one() -> One {
        let classes = ["pii.email", "secret.key"].map(|class| (class.to_owned(), 0));
        One(Sealer::new(classes).expect("random bytes"))
    }

    fn token(one: &One, class: &str, value: &str, bare: bool) -> String {
        let mut out = Vec::new();
        one.0.class(class).expect("a class").seal(value.as_bytes(), bare, &mut out);
        String::from_utf8(out).expect("ASCII")
    }

    fn shown(one: &One, classes: Option<&[String]>, text: &str) -> (String, Revealed) {
        let mut out = Vec::new();
        let tally = Reveal::new(one, classes).rewrite(text.as_bytes(), &mut (), &mut (), &mut out);
        (String::from_utf8(out).expect("UTF-8"), tally)
    }

    #[test]
    fn only_what_may_be_opened_is() {
        let one = one();
        let (mail, key) = (token(&one, "pii.email", "jo@acme.io", false), token(&one, "secret.key", "magpie", false));
        let forged = mail.replace(one.0.run(), "aaaaaaaaaa");
        let text = format!("a {mail} b {key} c {forged} d {mail}\n");
        let (out, tally) = shown(&one, None, &text);
        assert_eq!(out, format!("a jo@acme.io b {key} c {forged} d jo@acme.io\n"));
        assert_eq!((tally.opened["pii.email"], tally.foreign, tally.shut, tally.lines), (2, 1, 1, 1));
        let (out, tally) = shown(&one, Some(&["pii.name".to_owned()]), &text);
        assert_eq!((out, tally.foreign, tally.shut), (text, 4, 0));
    }

    #[test]
    fn quotes_that_came_with_the_token_go_with_it() {
        let one = one();
        let (bare, text) = (token(&one, "pii.email", "[1,\"x\"]", true), token(&one, "pii.email", "12", false));
        for (sealed, opened) in [
            (format!("{{\"a\":\"{bare}\"}}"), "{\"a\":[1,\"x\"]}"),
            (format!("{{\"a\":\"{text}\"}}"), "{\"a\":\"12\"}"),
            (format!("{{\\\"a\\\":\\\"{bare}\\\"}}"), "{\\\"a\\\":[1,\"x\"]}"),
            (format!("a={bare}"), "a=[1,\"x\"]"),
            (format!("\"{bare}"), "\"[1,\"x\"]"),
            (format!("\\\"{bare}\""), "\\\"[1,\"x\"]\""),
            (format!("'{bare}\""), "'[1,\"x\"]\""),
            (format!("%22a%22:%22{bare}%22"), "%22a%22:[1,\"x\"]"),
            (format!("&quot;a&quot;:&quot;{bare}&quot;"), "&quot;a&quot;:[1,\"x\"]"),
            (format!("\"\"a\"\":\"\"{bare}\"\""), "\"\"a\"\":[1,\"x\"]"),
            (format!("&quot;{bare}%22"), "&quot;[1,\"x\"]%22"),
            (format!("\"{bare}\"{bare}\""), "[1,\"x\"][1,\"x\"]\""),
        ] {
            assert_eq!(shown(&one, None, &sealed).0, opened);
        }
    }

    #[test]
    fn what_is_counted_in_front_is_counted_again() {
        let one = one();
        let mail = token(&one, "pii.email", "jo@acme.io", false);
        let frame = format!("<34>1 to {mail}");
        let sealed = format!("{0} {frame}{0} {frame}\n{1} {frame}\n", frame.len(), frame.len() + 1);
        assert_eq!(
            shown(&one, None, &sealed).0,
            "19 <34>1 to jo@acme.io19 <34>1 to jo@acme.io\n20 <34>1 to jo@acme.io\n"
        );
        let mut field = b"MESSAGE\n".to_vec();
        field.extend_from_slice(&(mail.len() as u64 + 2).to_le_bytes());
        field.extend_from_slice(format!("a\n{mail}\nB=1\n").as_bytes());
        let sealed = String::from_utf8(field).expect("ASCII");
        assert_eq!(shown(&one, None, &sealed).0, "MESSAGE\n\u{c}\0\0\0\0\0\0\0a\njo@acme.io\nB=1\n");
    }
}
