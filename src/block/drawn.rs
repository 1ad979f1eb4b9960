//! Lines that tell by how they look what the next ones hold, wherever they stand: tables that are drawn with dashes and bars,
//! as psql, MySQL and Markdown write them, psql's records with a column a line
//! ([psql](https://www.postgresql.org/docs/current/app-psql.html), `\pset format` and `\x`), and what [`super::ending`] knows.
//!
//! The line that is drawn below the names of the columns says that a table begins: of the lines before it only the last few
//! are known. The table ends with the first line without bars. A logger may have put the head of a record in front of each.

use super::aligned::{self, Aligned};
use super::boxed;
use super::columns::is_name;
use super::ending::{Named, is_number};
use super::header::{Header, is_pair, is_rule};
use super::open::{Prefix, is_record};
use super::pointed::{self, Pointed, is_of_program};
use crate::format::peel;
use crate::format::spelled::Text;
use crate::span::Span;
use memchr::{memchr, memmem, memrchr};
use std::borrow::Cow;
use std::collections::VecDeque;

/// Longest line that may name columns, in bytes.
const LONGEST: usize = 4 << 10;
/// Lines before one that is drawn that are known: others may write in between.
const BEFORE: usize = 8;
/// Sources with something under way that are kept apart.
const MAX_SOURCES: usize = 16;
/// Lines of something else that may stand in a row inside a table with a frame, where several write at once.
const MAX_OTHER: u8 = 16;
/// What psql writes between records.
const RECORD: &[u8] = b"-[ RECORD ";

/// What is known of what is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// The last lines of the chunks before, with nothing for one that names no columns.
    last: VecDeque<Vec<u8>>,
    open: Vec<Open>,
}

/// What is under way in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    source: Vec<u8>,
    /// Of the line that told.
    prefix: Prefix,
    rows: Rows,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Rows {
    /// A line is a row of a table that is drawn, and so many lines before it were none.
    Header(Header, u8, Next),
    /// A line is a row of a table without bars.
    Aligned(Aligned),
    /// A line is a column, `name | value`, which begins where the line between records did: a name and a bar are an envelope
    /// elsewhere. The name of the column before.
    Record { source: Span, start: usize, name: Option<Vec<u8>> },
    /// What the end of a line told.
    Named(Named),
}

/// What ends a table, or begins another one behind one with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Nothing,
    /// An empty line, which ends a table of Markdown (GFM, section 4.10).
    Blank,
    /// Behind lines of something else, a line that is drawn.
    Frame,
    /// Behind that, the line that may name its columns.
    Names,
}

impl Rows {
    /// Does `rule`, a line that is drawn, stand below the names of another table?
    fn is_over(&self, rule: &[u8]) -> bool {
        let Rows::Header(header, _, next) = self else {
            return matches!(self, Rows::Aligned(_)) && (aligned::is_ruled(rule) || memchr(b'|', rule).is_some());
        };
        let framed = matches!(rule.first(), Some(b'|' | b'+'));
        *next == Next::Names || header.is_of_pairs() || is_markdown(rule) || framed != header.is_framed()
    }
}

impl Drawn {
    /// Is nothing under way?
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Keeps the last lines of `chunk` that a table may begin with.
    pub fn keep(&mut self, chunk: &[u8]) {
        let own = last_lines(chunk).take(BEFORE).collect::<Vec<_>>();
        // Of these only what stands right above the next chunk is of use.
        let pointed = own.iter().take_while(|line| pointed::begins(line)).count();
        for (below, line) in own.into_iter().enumerate().rev() {
            if self.last.len() == BEFORE {
                self.last.pop_front();
            }
            let above = |below: usize, line: &[u8]| {
                below == 0 && may_align(line) || below < pointed || below == pointed && is_of_program(line)
            };
            self.last.push_back(if may_name(line) || is_numbered(line) || above(below, line) {
                line.to_vec()
            } else {
                Vec::new()
            });
        }
        if self.last.iter().all(Vec::is_empty) {
            self.last.clear();
        }
    }

    /// The last line of `source` before the rest of a chunk that begins with `before`; nothing if it is not known.
    pub fn previous<'t>(&'t self, before: &'t [u8], source: &[u8]) -> &'t [u8] {
        let mut lines = self.before(before).filter(|line| may_name(line));
        lines.find(|line| *peel(line).name(line) == *source).unwrap_or_default()
    }

    /// The last lines before the rest of a chunk that begins with `before`, the last one first.
    fn before<'t>(&'t self, before: &'t [u8]) -> impl Iterator<Item = &'t [u8]> {
        last_lines(before).chain(self.last.iter().rev().map(Vec::as_slice)).take(BEFORE)
    }

    /// Reads one line without its ending, as [`Table::line`](super::table::Table::line) does. Arguments of a command have the
    /// whole command for a name, see [`Named`].
    pub fn line(&mut self, line: &[u8], mut claim: impl FnMut(&[u8], Span)) {
        let peeled = peel(line);
        self.open.retain_mut(|Open { source, prefix, rows }| {
            let (own, mut payload) = match rows {
                Rows::Record { source, start, .. } => {
                    let payload = Span::new((*start).min(peeled.payload.end), peeled.payload.end);
                    (Cow::Borrowed(line.get(source.range()).unwrap_or_default()), payload)
                }
                Rows::Header(..) | Rows::Aligned(_) | Rows::Named(_) => (peeled.name(line), peeled.payload),
            };
            if *own != source[..] {
                return true;
            }
            payload.start += prefix.end(&line[payload.range()]).unwrap_or(0);
            let (base, drawn) = (payload.start, &line[payload.range()]);
            if boxed::is_edge(drawn) {
                return false;
            }
            let payload = &*boxed::plain(drawn);
            let mut put = |name: &[u8], span: Span| claim(name, Span::new(base + span.start, base + span.end));
            match rows {
                Rows::Named(named) => named.line(payload, &mut put),
                Rows::Aligned(table) => table.row(payload, &mut put),
                Rows::Header(_, other, next) if is_rule(payload) => {
                    *next = match next {
                        Next::Names => Next::Names,
                        _ if *other > 0 => Next::Frame,
                        Next::Blank => Next::Blank,
                        Next::Nothing | Next::Frame => Next::Nothing,
                    };
                    true
                }
                _ if is_rule(payload) || payload.starts_with(RECORD) => true,
                Rows::Header(header, other, next) => {
                    let framed = header.is_framed();
                    if memchr(b'|', payload).is_some() && (!framed || payload.starts_with(b"|")) {
                        // Behind lines of something else a line of names is not a row.
                        let first = *next == Next::Frame || *next == Next::Blank && *other > 0;
                        *other = 0;
                        *next = match next {
                            Next::Frame => Next::Names,
                            Next::Blank => Next::Blank,
                            Next::Nothing | Next::Names => Next::Nothing,
                        };
                        if first && Header::drawn(payload, &mut |_| true).is_some() {
                            return true;
                        }
                        return header.row(payload, &mut put);
                    }
                    *other += 1;
                    framed && *other <= MAX_OTHER && !(*next == Next::Blank && payload.is_empty())
                }
                Rows::Record { name, .. } => {
                    match memmem::find(payload, b" |").filter(|_| !payload.starts_with(b"|")) {
                        Some(bar) => {
                            let own = payload[..bar].trim_ascii();
                            if !own.is_empty() {
                                *name = Some(own.to_vec());
                            }
                            let start = (bar + 2 + usize::from(payload.get(bar + 2) == Some(&b' '))).min(payload.len());
                            let text = payload[start..].trim_ascii_end();
                            if let Some(name) = name.as_deref().filter(|_| !text.is_empty()) {
                                put(name, Span::new(start, start + text.len()));
                            }
                            true
                        }
                        None => false,
                    }
                }
            }
        });
    }

    /// The variable whose value `line` draws below it, and where that stands; `before` is the chunk up to it.
    pub fn pointed<'t>(&'t self, line: &[u8], before: &'t [u8]) -> Option<(&'t [u8], Span)> {
        let pointed = Pointed::of(line)?;
        let program = self.before(before).find(|line| !pointed::begins(line)).filter(|line| is_of_program(line))?;
        Some((pointed.name(program)?, pointed.value))
    }

    /// Begins what `line` tells of; `before` is the chunk up to it. True if it is a row of that itself.
    pub fn begin(&mut self, line: &[u8], before: &[u8], sensitive: &mut impl FnMut(&[u8]) -> bool) -> bool {
        let peeled = peel(line);
        let (source, payload) = (&*peeled.name(line), &*boxed::plain(&line[peeled.payload.range()]));
        if payload.starts_with(RECORD) {
            let own = &line[peeled.source.range()];
            let rows = Rows::Record { source: peeled.source, start: peeled.payload.start, name: None };
            self.open(own, Prefix::default(), rows);
            return false;
        }
        let rule = rule_at(payload).map(|at| &payload[at..]);
        if let Some(at) = self.open.iter().position(|open| open.source == source) {
            if !rule.is_some_and(|rule| self.open[at].rows.is_over(rule)) {
                return false;
            }
            self.open.remove(at);
        }
        let prefix = Prefix::of_record(payload);
        let Some(rule) = rule else {
            let line = &payload[prefix.behind_pod(payload).unwrap_or_else(|| logged(payload))..];
            // A parameter or a tag may hold the table: `?csv=id,password`, `<m>id,password`.
            let inside = line.iter().rposition(|b| b"=>".contains(b)).map(|at| line.split_at(at + 1));
            let inside =
                inside.filter(|(before, _)| before.iter().any(|b| b"?&<".contains(b))).map(|(_, inside)| inside);
            let held = |sensitive: &mut _| Named::by(inside?, sensitive);
            let named = Named::by(line, sensitive).or_else(|| held(sensitive)).or_else(|| {
                let lines = self.before(before).filter(|line| *peel(line).name(line) == *source);
                Named::by_command(payload, lines.map(|line| &line[peel(line).payload.range()]))
            });
            if let Some(named) = named {
                self.open(source, prefix, Rows::Named(named));
            } else if is_pair(line, sensitive) {
                if let Some(header) = Header::drawn(line, sensitive) {
                    self.open(source, prefix, Rows::Header(header, 0, Next::Nothing));
                    return true;
                }
            } else if let Some(table) = Aligned::of(payload, None, sensitive) {
                self.open(source, prefix, Rows::Aligned(table));
            }
            return false;
        };
        if aligned::is_ruled(rule) {
            let names = self.before(before).next().filter(|line| may_align(line)).unwrap_or_default();
            let peeled = peel(names);
            let names = if *peeled.name(names) == *source { &names[peeled.payload.range()] } else { b"" };
            if let Some(table) = Aligned::of(&names[prefix.end(names).unwrap_or(0)..], Some(rule), sensitive) {
                self.open(source, prefix, Rows::Aligned(table));
            }
            return false;
        }
        let names = self.previous(before, source);
        let peeled = peel(names);
        let names = &*boxed::plain(&names[peeled.payload.range()]);
        let own = prefix.end(names);
        let mut header = |from: usize| Header::drawn(&names[from..], sensitive);
        if let Some(header) = header(own.unwrap_or(0)).or_else(|| header(names_at(names, rule)?)) {
            let next = if is_markdown(rule) { Next::Blank } else { Next::Nothing };
            self.open(source, prefix, Rows::Header(header, 0, next));
        }
        false
    }

    fn open(&mut self, source: &[u8], prefix: Prefix, rows: Rows) {
        self.open.retain(|open| open.source != source);
        if self.open.len() == MAX_SOURCES {
            self.open.remove(0);
        }
        self.open.push(Open { source: source.to_vec(), prefix, rows });
    }
}

/// Where what is drawn begins in `payload`: at its beginning, or behind the head of a record.
fn rule_at(payload: &[u8]) -> Option<usize> {
    if is_rule(payload) {
        return Some(0);
    }
    let word = payload.trim_ascii_end().iter().rposition(|b| !b"-+|: ".contains(b))? + 1;
    // A logger may have a dash between its own blanks.
    let at =
        word + payload[word..].windows(2).position(|two| matches!(two, [b'-' | b'+' | b'|', next] if *next != b' '))?;
    let rule = &payload[at..];
    (memchr::memchr2(b'|', b'+', rule).is_some() && is_rule(rule) && is_record(payload)).then_some(at)
}

/// Where the names begin above `rule` in the line `names`, if the head of a record stands in front of them and of no other line.
fn names_at(names: &[u8], rule: &[u8]) -> Option<usize> {
    let bar = memchr(b'|', names).filter(|_| is_record(names))?;
    let first = names[..bar].trim_ascii_end();
    Some(if rule.starts_with(b" ") || rule.starts_with(b"-") { memrchr(b' ', first)? + 1 } else { bar })
}

/// Where the last word of `payload` begins, if nothing but the head of a record is in front of it.
fn logged(payload: &[u8]) -> usize {
    let text = payload.trim_ascii_end();
    // Tabs part names, too.
    let part = |tab: usize| memchr::memchr2(b',', b';', &text[tab..]).map(|_| tab);
    let blank = memrchr(b'\t', text).and_then(part).or_else(|| memrchr(b' ', text));
    let Some(blank) = blank.filter(|_| is_record(payload)) else { return 0 };
    let head = payload[..blank].trim_ascii_end();
    let sign = match head {
        [.., before, b'-' | b':' | b'|'] => *before == b' ',
        [.., last] => *last == b']' || last.is_ascii_digit() || last.is_ascii_uppercase(),
        [] => false,
    };
    if sign { blank + 1 } else { 0 }
}

/// Is this line that is drawn one of Markdown, which has one in a table, below the names?
fn is_markdown(rule: &[u8]) -> bool {
    rule.starts_with(b"|") && memchr(b'+', rule).is_none()
}

/// May `line` name columns, between blanks?
fn may_align(line: &[u8]) -> bool {
    memmem::find(line, b"  ").is_some() && aligned::may_name(&line[peel(line).payload.range()])
}

/// May `line` name columns, between bars?
fn may_name(line: &[u8]) -> bool {
    let line = &*boxed::plain(line);
    if line.len() > LONGEST || memchr(b'|', line).is_none() {
        return false;
    }
    // In JSON it is the message.
    let message = if line.last() == Some(&b'}') { Text::message(line).map(|text| text.span) } else { None };
    let text = message.map_or(line, |message| &line[message.range()]);
    let text = text[peel(text).payload.range()].trim_ascii();
    let inside = text.strip_prefix(b"|").unwrap_or(text);
    let inside = inside.strip_suffix(b"|").unwrap_or(inside);
    // The head of a record may stand in front of the first.
    let others = usize::from(is_record(text));
    memchr(b'|', text).is_some() && inside.split(|b| *b == b'|').skip(others).all(|cell| is_name(cell.trim_ascii()))
}

/// Is `line` one of the numbers in front of a command of Redis' slow log?
fn is_numbered(line: &[u8]) -> bool {
    line.last().is_some_and(u8::is_ascii_digit) && is_number(&line[peel(line).payload.range()])
}

/// Does `line` draw a table: with dashes below the names of columns, or round the number of a record?
pub fn draws(line: &[u8]) -> bool {
    let payload = &line[peel(line).payload.range()];
    rule_at(payload).is_some() || payload.starts_with(RECORD)
}

/// The lines of `text` without their endings, the last one first.
fn last_lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = (!text.is_empty()).then_some(text.strip_suffix(b"\n").unwrap_or(text));
    std::iter::from_fn(move || {
        let text = rest?;
        let start = memrchr(b'\n', text).map_or(0, |at| at + 1);
        rest = start.checked_sub(1).map(|end| &text[..end]);
        Some(text[start..].strip_suffix(b"\r").unwrap_or(&text[start..]))
    })
}

#[cfg(test)]
mod tests;
