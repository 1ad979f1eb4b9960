//! SQL over several lines: the columns of `INSERT INTO users (`, the values behind `) VALUES (`, row by row, lists
//! behind `token IN (`, the rows behind `COPY users (…) FROM stdin;`, as `pg_dump` writes them, and the values that
//! [are bound](bound).
//!
//! Decided forward: what stands in a line is known from the lines before it. A statement is over with the first thing
//! that cannot belong to it, where the log goes on, and after [`MAX_LINES`] lines without a whole row.

mod begin;
mod bound;
mod ends;

use super::dialect::sql;
use crate::block::open::{Head, MAX_LINES, Prefix, begins_like, head};
use crate::format::nesting::Nesting;
use crate::format::peel;
use crate::span::Span;
use begin::{around_end, begin};
use bound::{Bound, begins_other};
use ends::{string_end, table_begins};
use memchr::memmem;

/// Sources with an open statement that are kept apart.
const MAX_SOURCES: usize = 32;
/// Most columns of a statement.
const COLUMNS: usize = 512;
/// Most statements that are looked for in one line, each with a search of its rest; whole ones are found without it.
const MOST: usize = 256;
/// Longest name of a column, in bytes.
const LONGEST: usize = 128;
/// Lines behind a statement in which the values stand that it binds.
const BELOW: usize = 4;

/// The statements that are open, by source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statements(Vec<(Vec<u8>, Statement)>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Statement {
    head: Head,
    /// Of the line it began in.
    prefix: Prefix,
    stage: Stage,
    /// The names of sensitive columns; of the others nothing is kept.
    columns: Vec<Option<Vec<u8>>>,
    kind: Kind,
    /// What the parameters in its rows are.
    bound: Bound,
    /// Lines since the last whole row.
    lines: usize,
}

/// What the values of a statement stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Rows in brackets.
    Rows,
    /// A list, which has one column and one row.
    List,
    /// The same where each value was put in the place of its parameter as it is, without quotes.
    Printed,
    /// One row behind `SELECT`, without brackets.
    Select,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Behind `INTO`, or the table's name.
    Table { named: bool },
    /// In the list of columns.
    Columns,
    /// Behind it.
    Values,
    /// In front of a row, or behind one that a comma has to follow.
    Rows { more: bool },
    /// In lines of cells with tabs between them, up to `\\.` (PostgreSQL, "COPY", text format).
    Copy,
    /// Behind the rows: the values that are bound follow.
    Bound,
    /// In a row: how many values were passed, how many brackets are open, in which string.
    Row { place: usize, depth: usize, quote: Option<u8> },
}

impl Statements {
    /// Is none open?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads one line without its ending. `sensitive` tells whether a column has a name to look after; `claim` gets the name
    /// of each sensitive column and what stands in it.
    pub fn line(&mut self, line: &[u8], sensitive: impl Fn(&[u8]) -> bool, mut claim: impl FnMut(&[u8], Span)) {
        let peeled = peel(line);
        let (source, whole) = (peeled.name(line), &line[peeled.payload.range()]);
        let open = self.0.iter().position(|(name, _)| **name == *source).map(|at| self.0.swap_remove(at).1);
        // A logger may have put the head of a record in front of each line of a statement.
        let printed = open.as_ref().and_then(|open| open.goes_on(whole)).unwrap_or(0);
        // Behind the names of a pod envelopes may stand.
        let printed = if printed > 0 { printed + peel(&whole[printed..]).payload.start } else { 0 };
        let (base, payload) = (peeled.payload.start + printed, &whole[printed..]);
        let own_head = |open: &Statement| base == 0 && begins_like(open.head, line);
        let mut put = |name: &[u8], span: Span| claim(name, Span::new(base + span.start, base + span.end));
        let mut waits = None;
        let mut open = open.filter(|open| open.is_bound() || !own_head(open) && open.lines < MAX_LINES);
        if let Some(statement) = open.take_if(|open| open.is_bound()) {
            waits = statement.bind(payload, 0, true, &mut put);
        }
        let (mut at, mut begun) = (0, 0);
        if waits.as_mut().is_some_and(|statement| statement.reads_on(payload, &sensitive)) {
            at = payload.len();
        }
        let (mut nesting, mut limit) = (Nesting::default(), payload.len());
        while at < payload.len() {
            if at == limit {
                waits = open.take_if(Statement::binds).and_then(|it| it.bind(payload, at, false, &mut put));
                (open, limit) = (None, payload.len());
            }
            let Some(statement) = &mut open else {
                begun += 1;
                if begun > MOST {
                    break;
                }
                let Some((mut first, from)) = begin(payload, at, head(line), &sensitive) else { break };
                first.prefix = Prefix::of_record(whole);
                (open, at) = (Some(first), from);
                nesting.move_to(payload, from);
                limit = around_end(payload, &mut nesting);
                continue;
            };
            if let Some(next) = statement.read(&payload[..limit], at, &sensitive, &mut put) {
                at = next;
            } else {
                waits = open.take_if(Statement::binds).and_then(|it| it.bind(payload, at, false, &mut put));
                (open, limit) = (None, payload.len());
            }
        }
        waits = open.take_if(Statement::binds).or(waits);
        // JSON ends with its line.
        if let Some(mut statement) = open.or(waits).filter(|_| !payload.starts_with(b"{")) {
            statement.lines += 1;
            if self.0.len() == MAX_SOURCES {
                self.0.remove(0);
            }
            self.0.push((source.to_vec(), statement));
        }
    }
}

impl Statement {
    fn new(head: Head, stage: Stage, columns: Vec<Option<Vec<u8>>>, kind: Kind) -> Statement {
        Statement { head, prefix: Prefix::default(), stage, columns, kind, bound: Bound::default(), lines: 0 }
    }

    fn is_bound(&self) -> bool {
        self.stage == Stage::Bound
    }

    /// Do the values follow that it binds?
    fn binds(&mut self) -> bool {
        if self.stage == (Stage::Rows { more: false }) && !self.bound.is_empty() {
            self.stage = Stage::Bound;
        }
        self.is_bound()
    }

    /// Claims the values that it binds in `text` from `at` on; the statement again if some may follow.
    fn bind(mut self, text: &[u8], at: usize, below: bool, claim: &mut impl FnMut(&[u8], Span)) -> Option<Statement> {
        let mut more = self.bound.claim(text, at, below, claim);
        if more.is_none() && !below && self.bound.claim_in_front(&text[..at], claim) {
            more = Some(false);
        }
        if more == Some(true) {
            self.lines = 0;
        }
        (more != Some(false) && self.lines < BELOW).then_some(self)
    }

    /// Is `text` another line of a statement with parameters?
    fn reads_on(&mut self, text: &[u8], sensitive: &impl Fn(&[u8]) -> bool) -> bool {
        let more = !begins_other(text) && self.bound.conditions(text, sensitive).is_some();
        if more {
            self.lines = 0;
        }
        more
    }

    /// Where it goes on in `payload`, if a logger put the head of its own record in front. In a string, or with something else
    /// than a value, a new record begins.
    fn goes_on(&self, payload: &[u8]) -> Option<usize> {
        let end = self.prefix.end(payload)?;
        let values = |b: &u8| b.is_ascii_digit() || b"'\"(),NE-".contains(b);
        let goes_on = match self.stage {
            Stage::Row { quote, .. } => {
                quote.is_none() && payload[end..].trim_ascii_start().first().is_some_and(values)
            }
            Stage::Copy => {
                let text = &payload[end..];
                text.starts_with(b"\\.") || memchr::memchr_iter(b'\t', text).count() + 1 == self.columns.len()
            }
            _ => true,
        };
        goes_on.then_some(end)
    }

    /// Reads a row of cells; `None` behind the last one.
    fn cells(&mut self, text: &[u8], claim: &mut impl FnMut(&[u8], Span)) -> Option<usize> {
        if text.starts_with(b"\\.") {
            return None;
        }
        let mut at = 0;
        for (cell, name) in text.split(|b| *b == b'\t').zip(&self.columns) {
            let span = Span::new(at, at + cell.len());
            at = span.end + 1;
            if let Some(name) = name.as_deref().filter(|_| !cell.is_empty() && cell != b"\\N") {
                claim(name, span);
            }
        }
        self.lines = 0;
        Some(text.len())
    }

    /// Reads on at `at`; where it stands then, or `None` if the statement is over.
    fn read(
        &mut self,
        text: &[u8],
        at: usize,
        sensitive: &impl Fn(&[u8]) -> bool,
        claim: &mut impl FnMut(&[u8], Span),
    ) -> Option<usize> {
        let at = match self.stage {
            Stage::Copy => return self.cells(text, claim),
            Stage::Row { quote: Some(_), .. } => at,
            _ => at + sql::blanks(&text[at..]),
        };
        let first = *text.get(at).unwrap_or(&b'\n');
        if at < text.len() && first != b',' && self.binds() {
            return None;
        }
        if at >= text.len() || text[at..].starts_with(b"--") && !matches!(self.stage, Stage::Row { quote: Some(_), .. })
        {
            return Some(text.len());
        }
        match self.stage {
            Stage::Table { named: true } if first == b'(' => {
                self.stage = Stage::Columns;
                Some(at + 1)
            }
            Stage::Table { named: false } => {
                let is_name = |b: &&u8| b.is_ascii_alphanumeric() || **b >= 0x80 || b"_.$\"`[]-\\".contains(b);
                let name = text[at..].iter().take(LONGEST).take_while(is_name).count();
                self.stage = Stage::Table { named: true };
                (name > 0).then_some(at + name)
            }
            Stage::Columns => self.column(text, at, sensitive),
            Stage::Values => {
                let word = text[at..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
                let is = |other: &&str| text[at..at + word].eq_ignore_ascii_case(other.as_bytes());
                if ["values", "value"].iter().any(is) {
                    self.stage = Stage::Rows { more: true };
                } else if is(&"select") {
                    self.kind = Kind::Select;
                    self.stage = Stage::Row { place: 0, depth: 0, quote: None };
                } else if !["overriding", "system", "user"].iter().any(is) {
                    return None;
                }
                Some(at + word)
            }
            Stage::Rows { more } => {
                let values = text.get(at..at + 6).is_some_and(|word| word.eq_ignore_ascii_case(b"values"));
                match first {
                    b'(' if more => self.stage = Stage::Row { place: 0, depth: 0, quote: None },
                    b',' => self.stage = Stage::Rows { more: true },
                    _ if more && values => return Some(at + 6),
                    _ => return None,
                }
                Some(at + 1)
            }
            Stage::Row { place, depth, quote } => self.value(text, at, place, depth, quote, claim),
            Stage::Table { named: true } | Stage::Copy | Stage::Bound => None,
        }
    }

    /// Reads the name of a column.
    fn column(&mut self, text: &[u8], at: usize, sensitive: &impl Fn(&[u8]) -> bool) -> Option<usize> {
        let end = at + text[at..].iter().take_while(|b| !b",()".contains(b)).count();
        let item = &text[at..end];
        let item = memmem::find(item, b"--").map_or(item, |remark| &item[..remark]);
        let name: Vec<u8> =
            item.iter().copied().filter(|b| !b.is_ascii_whitespace() && !b"\"`[]\\".contains(b)).collect();
        if !name.is_empty() {
            let plain = name.iter().all(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || b"_.$-".contains(b));
            if !plain || name.len() > LONGEST || self.columns.len() == COLUMNS {
                return None;
            }
            self.columns.push(sensitive(&name).then_some(name));
        }
        match text.get(end) {
            Some(b'(') => None,
            Some(b')') => {
                self.stage = Stage::Values;
                self.columns.iter().any(Option::is_some).then_some(end + 1)
            }
            Some(_) => Some(end + 1),
            None => Some(end),
        }
    }

    /// Reads a value, or what of it stands on this line.
    fn value(
        &mut self,
        text: &[u8],
        at: usize,
        mut place: usize,
        mut depth: usize,
        quote: Option<u8>,
        claim: &mut impl FnMut(&[u8], Span),
    ) -> Option<usize> {
        let name = self.columns[place.min(self.columns.len() - 1)].as_deref();
        let mut put = |span: Span| {
            if let Some(name) = name.filter(|_| !span.is_empty()) {
                claim(name, span);
            }
        };
        let mut end = at;
        if let Some(quote) = quote {
            let start = at + sql::blanks(&text[at..]);
            let closed = string_end(text, at, quote);
            put(Span::new(start, closed.unwrap_or(text.len()).max(start)));
            let Some(closed) = closed else { return Some(text.len()) };
            end = closed + 1;
        }
        let start = end;
        let mut open = None;
        while end < text.len() {
            match text[end] {
                byte @ (b'\'' | b'"' | b'`') => {
                    let close = sql::string_close(text, end, text.len());
                    end = close.unwrap_or(text.len());
                    if close.is_none() {
                        open = Some(byte);
                        break;
                    }
                }
                b'(' => depth += 1,
                b')' | b',' if depth == 0 => break,
                b')' => depth -= 1,
                _ => {}
            }
            end += 1;
        }
        let selects = self.kind == Kind::Select;
        let piece = text[start..end].trim_ascii_end().len() + start;
        let from = if selects { table_begins(&text[start..piece]).map(|at| start + at) } else { None };
        let piece = from.unwrap_or(piece);
        if let Some((span, _)) = sql::literal(text, Span::new(start, piece)) {
            put(span);
        } else if self.kind == Kind::Printed && open.is_none() && begin::is_printed(&text[start..piece]) {
            put(Span::new(start, piece));
        }
        if self.kind != Kind::Printed {
            self.bound.note(&text[start..piece], name);
        }
        let last = place + 1 >= self.columns.len();
        if from.is_some() || selects && last && open.is_none() && piece > start {
            return None;
        }
        match text.get(end) {
            Some(b',') => place += 1,
            Some(_) if !matches!(self.kind, Kind::Rows | Kind::Printed) => return None,
            Some(_) => {
                self.lines = 0;
                self.stage = Stage::Rows { more: false };
                return Some(end + 1);
            }
            None => {}
        }
        let open = open.filter(|_| end == text.len());
        self.stage = Stage::Row { place, depth, quote: open };
        Some((end + 1).min(text.len()))
    }
}

#[cfg(test)]
mod tests;
