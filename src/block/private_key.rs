//! Private key blocks: RFC 7468 (PEM), RFC 4880 (PGP), OpenSSH, SSH2 (RFC 4716) and PuTTY.
//!
//! The BEGIN and END lines stay. Between them, lines that can be part of a key are claimed; others are left to the other
//! rules, because logs of several writers interleave. A block that does not end is closed after [`MAX_LINES`] lines,
//! or after [`MAX_OTHER`] lines that cannot belong to it.

use crate::format::{colour_length, journal, peel};
use crate::slashes;
use crate::span::Span;
use aho_corasick::packed::Searcher;
use memchr::memmem;
use std::sync::LazyLock;

/// Lines after which an open block is closed: a 16384-bit RSA key has 200.
pub const MAX_LINES: u32 = 1000;
/// Lines of something else after which an open block is closed.
pub const MAX_OTHER: u32 = 64;
/// Interleaved sources with an open block that are kept apart.
const MAX_SOURCES: usize = 64;

/// The key blocks that are open, by source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    blocks: Vec<Block>,
    /// The line before belongs to the last block: what goes on below it without the head of a record does, too.
    goes_on: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Block {
    source: Vec<u8>,
    lines: u32,
    other: u32,
    /// What stood in front of the key on the line before: a prefix that is no envelope we know.
    prefix: usize,
    /// How that ended, if a string begins there.
    lead: Vec<u8>,
    /// Lines of it stood below the head of a record, as `journalctl` and syslog's files have those of one message.
    below: bool,
}

impl Open {
    /// Is no block open?
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Reads a chunk of whole lines and calls `claim` for each span that is part of a key, in order.
    pub fn read(&mut self, chunk: &[u8], mut claim: impl FnMut(Span)) {
        if self.blocks.is_empty() && !may_begin(chunk) {
            return;
        }
        let mut start = 0;
        while start < chunk.len() {
            let end = memchr::memchr(b'\n', &chunk[start..]).map_or(chunk.len(), |i| start + i + 1);
            self.line(trim_ending(&chunk[start..end]), &mut |span: Span| {
                claim(Span::new(start + span.start, start + span.end));
            });
            start = end;
            if self.blocks.is_empty() && !may_begin(&chunk[start..]) {
                return;
            }
        }
    }

    /// Reads one line, and claims what of it is part of a key.
    fn line(&mut self, line: &[u8], claim: &mut impl FnMut(Span)) {
        if !self.blocks.is_empty() {
            let peeled = peel(line);
            let source = peeled.name(line);
            let own = self.blocks.iter().position(|b| *b.source == *source);
            let bare = source.is_empty() && peeled.payload.start == 0;
            let last = self.blocks.len() - 1;
            let below = own.is_none() && bare && self.goes_on;
            self.goes_on = below || own.is_some() && !journal::is_field(&source);
            if let Some(at) = own.or(below.then_some(last)) {
                // The last one is what the next line goes on with.
                self.blocks[at..].rotate_left(1);
                let payload = &line[peeled.payload.range()];
                let block = &mut self.blocks[last];
                let next = block.below && !below && begin(payload).is_none();
                if next || is_end(payload) {
                    self.close();
                    return;
                }
                block.lines += 1;
                let inside = body(payload, block.prefix, &block.lead);
                if let Some(span) = inside {
                    (block.prefix, block.lead) = (span.start, lead(&payload[..span.start]));
                }
                let base = peeled.payload.start;
                let mut found = false;
                let mut put = |span: Span| {
                    found = true;
                    claim(Span::new(base + span.start, base + span.end));
                };
                match inside {
                    Some(span) => {
                        inner_runs(&payload[..span.start], &mut put);
                        put(span);
                    }
                    None => inner_runs(payload, &mut put),
                }
                block.below |= below && found;
                block.other += u32::from(!found && !payload.is_empty());
                if block.lines >= MAX_LINES || block.other >= MAX_OTHER {
                    self.close();
                }
                if found {
                    return;
                }
            }
        }
        let Some(begin) = begin(line) else { return };
        let behind = &line[begin.end..];
        if memchr::memmem::find(behind, b"-----END").is_some() || goes_on_as_sentence(behind) {
            return;
        }
        let source = peel(line).name(line).into_owned();
        self.blocks.retain(|b| b.source != source);
        if self.blocks.len() == MAX_SOURCES {
            self.blocks.remove(0);
        }
        // The key may stand behind the same prefix as its header.
        let prefix = begin.start.saturating_sub(peel(line).payload.start);
        self.goes_on = !journal::is_field(&source);
        let lead = lead(&line[..begin.start]);
        self.blocks.push(Block { source, lines: 0, other: 0, prefix, lead, below: false });
    }

    fn close(&mut self) {
        self.blocks.pop();
        self.goes_on = false;
    }
}

/// Where a one-line block (`-----BEGIN … KEY-----\nMII…\n-----END …`) has its body, given the first dash at `at`; of a
/// block that does not end on the line, what follows on the line.
pub fn on_one_line(text: &[u8], at: usize, limit: usize) -> Option<Span> {
    let header = begin(&text[at..limit.min(at + 128)])?;
    if header.start != 0 {
        return None;
    }
    let start = at + header.end;
    let closed = memchr::memmem::find(&text[start..limit], b"-----END");
    let end = closed.map_or(limit, |i| start + i);
    let body = &text[start..end];
    let lead = body.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let lead = lead + escapes(&body[lead..]);
    let trail = trailing_escapes(&body[lead..]);
    let span = Span::new(start + lead, end - trail);
    let body = &text[span.range()];
    (closed.is_some() && !body.is_empty() || is_key_text(body)).then_some(span)
}

/// Where the header that begins at `at` ends.
pub fn header_end(text: &[u8], at: usize) -> Option<usize> {
    begin(&text[at..text.len().min(at + 128)]).filter(|header| header.start == 0).map(|header| at + header.end)
}

/// Key material rather than a sentence (`… KEY----- expected, got empty input`): lines of base64, all but the last one of
/// 16 characters or more. RFC 1421 headers may come first.
fn is_key_text(text: &[u8]) -> bool {
    if text.starts_with(b"Proc-Type:") {
        return true;
    }
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.iter().take_while(|b| is_base64(**b)).count();
        let gap = rest[word..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let gap = gap + escapes(&rest[word + gap..]);
        let last = word + gap == rest.len();
        if !last && (gap == 0 || word < 16) {
            // What follows the key on the line does not matter once enough of it was seen.
            return word >= 16 || text.len() - rest.len() >= 16;
        }
        rest = &rest[word + gap..];
    }
    !text.is_empty()
}

/// Is a header only spoken of, with this behind it: `… KEY-----" header`, `… KEY-----".`?
fn goes_on_as_sentence(behind: &[u8]) -> bool {
    let quotes = behind.iter().take_while(|b| b"\"'`".contains(b)).count();
    let rest = &behind[quotes..];
    let text = rest.trim_ascii();
    match rest.first() {
        Some(b' ') => {
            let word = text.iter().take_while(|b| is_base64(**b)).count();
            text[..word].first().is_some_and(u8::is_ascii_alphabetic) && word < 16 && !text.starts_with(b"Proc-Type:")
        }
        Some(b'.' | b':' | b'?' | b'!') => quotes > 0 && rest.get(1).is_none_or(|b| *b == b' '),
        _ => false,
    }
}

/// The header `-----BEGIN … PRIVATE KEY-----` (or kin) in `line`.
fn begin(line: &[u8]) -> Option<Span> {
    for key in memchr::memmem::find_iter(line, b"PRIVATE KEY") {
        let floor = key.saturating_sub(48);
        if let Some(start) = memchr::memmem::rfind(&line[floor..key], b"BEGIN ").map(|i| floor + i) {
            let rest = key + b"PRIVATE KEY".len();
            let rest = if line[rest..].starts_with(b" BLOCK") { rest + b" BLOCK".len() } else { rest };
            let dashes = |at: usize| line[at..].iter().take_while(|&&b| b == b'-' || b == b' ').count();
            // A dash of the sentence in front is none of its dashes.
            let before = line[..start].trim_ascii_end();
            let open = before.iter().rev().take_while(|&&b| b == b'-').count();
            let close = dashes(rest);
            if open >= 4 && close >= 4 {
                return Some(Span::new(before.len() - open, rest + close));
            }
        }
    }
    // PuTTY: the number of lines follows; blank-separated base64 until `Private-MAC`.
    let start = peel(line).payload.start;
    line[start..].starts_with(b"Private-Lines:").then_some(Span::new(start, line.len()))
}

/// Does the text hold what a header holds? Cheap: a search for rare byte strings.
fn may_begin(text: &[u8]) -> bool {
    static HEADERS: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(["PRIVATE KEY", "Private-Lines:"]));
    match &*HEADERS {
        Some(search) => search.find(text).is_some(),
        None => memmem::find(text, b"PRIVATE KEY").is_some() || memmem::find(text, b"Private-Lines:").is_some(),
    }
}

fn is_end(payload: &[u8]) -> bool {
    memchr::memmem::find(payload, b"-END ").is_some()
        || memchr::memmem::find(payload, b"- END ").is_some()
        || payload.starts_with(b"Private-MAC:")
}

/// The end of `before`, digits as `0`, if a string begins behind it.
fn lead(before: &[u8]) -> Vec<u8> {
    let end = if before.ends_with(b"\"") { &before[before.len().saturating_sub(LEAD)..] } else { b"" };
    end.iter().map(|byte| if byte.is_ascii_digit() { b'0' } else { *byte }).collect()
}

/// Bytes by which the string of a message is known from others in its place.
const LEAD: usize = 8;

/// The part of a line inside a block that can be key material, given what stood in front of that on the line before.
fn body(payload: &[u8], prefix: usize, before: &[u8]) -> Option<Span> {
    // A string ends with its quote, and another one is no part of the key.
    let string = !before.is_empty() && payload.get(..prefix).is_some_and(|own| lead(own) == before);
    let prefix = if before.is_empty() || string { prefix } else { 0 };
    let quote = if string { memchr::memchr(b'"', &payload[prefix..]) } else { None };
    if quote == Some(0) {
        return None;
    }
    let payload = &payload[..quote.map_or(payload.len(), |quote| prefix + quote)];
    let start = payload.iter().take_while(|b| b.is_ascii_whitespace() || b"|>#\"'+".contains(b)).count();
    let mut end = payload.len();
    end -= payload[start..end].iter().rev().take_while(|b| b.is_ascii_whitespace() || b"\"',+\\".contains(b)).count();
    end -= if payload[start..end].ends_with(b"\\n") { 2 } else { 0 };
    let text = &payload[start..end];
    if text.is_empty() || text.starts_with(b"-----") {
        return None;
    }
    if let Some(from) = [start, prefix].into_iter().find(|from| *from < end && is_header(&payload[*from..])) {
        return Some(Span::new(from, end));
    }
    if text.iter().all(|b| is_base64(*b)) {
        return Some(Span::new(start, end));
    }
    // A prefix that is no envelope we know: the same as before, or in front of a word that only a key looks like.
    let aligned =
        (prefix..end).contains(&start).then_some(start).or((prefix > start && prefix < end).then_some(prefix));
    let whole = |from: usize| {
        let begins = from.checked_sub(1).is_none_or(|before| !payload[before].is_ascii_alphanumeric());
        begins
            && payload[from..end].iter().all(|b| is_base64(*b))
            && memmem::find(&payload[start..from], b"REDACTED-").is_none()
    };
    if let Some(from) = aligned.filter(|&from| whole(from)) {
        return Some(Span::new(from, end));
    }
    let word = text.iter().rev().take_while(|b| is_base64(**b)).count();
    // With a run of the same key before it, glued to something else, all of it goes.
    let glued = text.iter().rev().take_while(|b| !ends_word(**b)).count();
    let more = text[text.len() - glued..].split(|b| !is_base64(*b)).filter(|run| is_key_run(run)).count() > 1;
    (word >= 30).then(|| Span::new(end - if more { glued } else { word }, end))
}

/// Headers of RFC 1421 of an encrypted key, `DEK-Info: AES-128-CBC,2D3A…`, and of RFC 4880.
fn is_header(text: &[u8]) -> bool {
    [&b"Proc-Type:"[..], b"DEK-Info:", b"Comment:"].iter().any(|name| text.starts_with(name))
}

/// Claims each word that holds a run of [`RUN`] base64 characters of all kinds: a key line in a JSON record, between terminal
/// escapes, or with another writer's text in the middle of it. Of such a word all goes, as nobody knows what belongs to the key.
fn inner_runs(payload: &[u8], claim: &mut impl FnMut(Span)) {
    let mut at = 0;
    while at < payload.len() {
        // `ESC [32m` ends in a letter that is no part of what follows.
        if let length @ 1.. = colour_length(&payload[at..]) {
            at += length;
            continue;
        }
        let word = payload[at..].iter().take_while(|b| !ends_word(**b)).count();
        let text = &payload[at..at + word];
        if word >= RUN && text.split(|b| !is_base64(*b)).any(is_key_run) {
            let lead = text.iter().take_while(|b| !is_base64(**b)).count();
            let trail = text.iter().rev().take_while(|b| !is_base64(**b)).count();
            claim(Span::new(at + lead, at + word - trail));
        }
        at += word.max(1);
    }
}

/// Characters that only a key has in a row, within a block.
const RUN: usize = 32;

fn is_key_run(run: &[u8]) -> bool {
    run.len() >= RUN
        && run.iter().any(u8::is_ascii_uppercase)
        && run.iter().any(u8::is_ascii_lowercase)
        && run.iter().any(u8::is_ascii_digit)
}

/// What parts words of a record: of JSON, of pairs, of a sentence.
fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"'\\,:;()[]{}<>|\x1b".contains(&byte)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// `\n`, `\r\n`, `\\n` spelled out at the start.
fn escapes(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let slashes = slashes::leading(&text[at..]);
        if slashes == 0 || !matches!(text.get(at + slashes), Some(b'n' | b'r')) {
            return at;
        }
        at += slashes + 1;
    }
}

fn trailing_escapes(text: &[u8]) -> usize {
    let mut end = text.len();
    loop {
        end -= text[..end].iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
        if end > 1 && matches!(text[end - 1], b'n' | b'r') && text[end - 2] == b'\\' {
            end -= 1;
            end -= slashes::trailing(&text[..end]);
        } else {
            return text.len() - end;
        }
    }
}

fn trim_ending(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests;
