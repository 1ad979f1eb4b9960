//! The line that names the columns of a table, and what the rows below it have there.

use super::table::Table;
use crate::span::Span;

/// Most columns of a table.
const COLUMNS: usize = 512;
/// Longest name of a column, in bytes.
const LONGEST: usize = 64;
/// Most lines of one cell; one that goes on beyond began with a stray quote.
pub(super) const LINES: usize = 128;

/// The columns of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub(super) delimiter: u8,
    /// The table stands in an envelope, which names this source.
    pub(super) source: Option<Vec<u8>>,
    /// The columns were named in a remark.
    remark: bool,
    /// Each row begins and ends with a delimiter, as one with a frame does.
    framed: bool,
    /// A row has as many cells as there are columns: what has not is no row.
    exact: bool,
    /// The names of sensitive columns; of the others nothing is kept.
    columns: Vec<Option<Vec<u8>>>,
    /// The columns where a row names what it holds, and where it holds that: `| Key | Value |`.
    pair: Option<(usize, usize)>,
    /// A row with as many cells was seen.
    proved: bool,
    /// The column of a quoted cell that goes on, and for how many lines it did.
    pub(super) cell: Option<(usize, usize)>,
}

impl Header {
    /// The same in an envelope that names `source`.
    pub(super) fn of_source(self, source: Option<Vec<u8>>) -> Header {
        Header { source, ..self }
    }

    /// Does each row begin and end with a delimiter?
    pub(super) fn is_framed(&self) -> bool {
        self.framed
    }

    /// The columns that `line` names between bars, if one of them is sensitive.
    pub(super) fn drawn(line: &[u8], sensitive: &mut impl FnMut(&[u8]) -> bool) -> Option<Header> {
        match Header::named(line, 1, sensitive) {
            Table::Open(header) if header.delimiter == b'|' => Some(header),
            _ => None,
        }
    }

    /// The columns that `line`, in the middle of a log, names without a blank behind its indentation, if one of them is sensitive.
    /// What follows has to be rows in every respect: the words may be any list.
    pub(super) fn listed(line: &[u8], sensitive: &mut impl FnMut(&[u8]) -> bool) -> Option<Header> {
        let line = &line[blanks(line)..];
        if memchr::memchr2(b' ', b'(', line).is_some() {
            return None;
        }
        match Header::named(line, 2, sensitive) {
            Table::Open(header) => Some(Header { exact: true, ..header }),
            _ => None,
        }
    }

    /// The table whose header `line` is; unseen if this is a remark before it.
    pub(super) fn read(line: &[u8], sensitive: &mut impl FnMut(&[u8]) -> bool) -> Table {
        Header::named(line, 2, sensitive)
    }

    /// The same, of so many columns at least.
    fn named(line: &[u8], least: usize, sensitive: &mut impl FnMut(&[u8]) -> bool) -> Table {
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        let named = line.strip_prefix(b"#Fields:").or_else(|| line.strip_prefix(b"#fields"));
        // `sep=;` tells a spreadsheet what parts the columns.
        if line.first() == Some(&b'#') && named.is_none()
            || line.starts_with(b"sep=") && line.len() == 5
            || is_rule(line)
        {
            return Table::Unseen;
        }
        let mut names = named.unwrap_or(line).trim_ascii();
        let count = |delimiter: u8| memchr::memchr_iter(delimiter, names).count();
        let delimiter = match named {
            // IIS, Zeek, Exchange.
            Some(_) => [b'\t', b',', b' '].into_iter().find(|d| count(*d) > 0).unwrap_or(b' '),
            None => [b',', b';', b'\t', b'|'].into_iter().max_by_key(|d| count(*d)).unwrap_or(b','),
        };
        let inside = names.strip_prefix(b"|").and_then(|inside| inside.strip_suffix(b"|"));
        let framed = delimiter == b'|' && inside.is_some();
        names = inside.filter(|_| framed).unwrap_or(names);
        let (mut columns, mut people, mut pair) = (Vec::new(), false, (None, None));
        for cell in names.split(|b| *b == delimiter) {
            let cell = cell.trim_ascii();
            let name = cell.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(cell);
            if !is_name(name) || columns.len() == COLUMNS {
                return Table::Off;
            }
            let is = |one: &[u8]| name.eq_ignore_ascii_case(one);
            if pair.0.is_none() && NAMES.iter().any(|one| is(one)) {
                pair.0 = Some(columns.len());
            } else if pair.1.is_none() && VALUES.iter().any(|one| is(one)) {
                pair.1 = Some(columns.len());
            }
            let own = sensitive(name);
            people |= own && is_of_person(name);
            columns.push(own.then(|| name.to_vec()).or_else(|| full(name).map(<[u8]>::to_vec)));
        }
        // Beside nothing that people have, a name is one of anything.
        for column in columns.iter_mut().filter(|_| !people) {
            column.take_if(|name| FULL.contains(&&name[..]));
        }
        if columns.len() < least {
            return Table::Off;
        }
        let pair = pair.0.zip(pair.1);
        if let Some((name, _)) = pair {
            columns[name] = None;
        }
        let header = Header {
            delimiter,
            source: None,
            remark: named.is_some(),
            framed,
            exact: false,
            columns,
            pair,
            proved: false,
            cell: None,
        };
        if pair.is_some() || header.columns.iter().any(Option::is_some) {
            return Table::Open(header);
        }
        // Of words with blanks between them any text has some.
        let plain =
            matches!(delimiter, b',' | b';') && header.columns.len() > 2 && memchr::memchr(b' ', names).is_none();
        if plain { Table::Plain(header) } else { Table::Off }
    }

    /// Was a row seen?
    pub(super) fn is_proved(&self) -> bool {
        self.proved
    }

    /// Where the cell of `line` ends in which `at` stands, if the line is a row with as many cells as there are columns.
    pub(super) fn cell_end(&self, line: &[u8], at: usize) -> Option<usize> {
        let (mut start, mut cells, mut found) = (0, 0, None);
        while start <= line.len() {
            let end = match line.get(start) {
                Some(b'"') => quote_end(line, start + 1)? + 1,
                _ => start + memchr::memchr(self.delimiter, &line[start..]).unwrap_or(line.len() - start),
            };
            if end < line.len() && line[end] != self.delimiter {
                return None;
            }
            if (start..end).contains(&at) {
                found = Some(end);
            }
            cells += 1;
            start = end + 1;
        }
        found.filter(|_| cells == self.columns.len())
    }

    /// Reads a row; false if the lines so far are no table after all.
    pub(super) fn row(&mut self, line: &[u8], claim: &mut impl FnMut(&[u8], Span)) -> bool {
        if self.cell.is_none() && self.delimiter == b'|' && is_rule(line) {
            return true;
        }
        // CloudFront parts the names by blanks and the cells by tabs.
        if self.remark && !self.proved && self.delimiter == b' ' && line.contains(&b'\t') {
            self.delimiter = b'\t';
        }
        let (mut cells, mut at) = (Vec::new(), 0);
        let mut line = line;
        // What is held by a tag ends with it.
        if self.exact
            && let Some(tag) = memchr::memmem::find(line, b"</")
        {
            line = &line[..tag];
        }
        if self.framed {
            line = line.strip_suffix(b"|").unwrap_or(line);
            at = usize::from(line.first() == Some(&b'|'));
        }
        let first = self.cell.take();
        if let Some((column, lines)) = first {
            let end = quote_end(line, 0);
            if let Some(name) = self.columns.get(column).and_then(Option::as_ref) {
                claim(name, Span::new(0, end.unwrap_or(line.len())));
            }
            let Some(end) = end else {
                self.cell = (lines < LINES).then_some((column, lines + 1));
                return true;
            };
            at = end + 1;
            // Behind the cell that ended here the next one begins.
            if line.get(at) != Some(&self.delimiter) {
                return !self.exact || column + 1 == self.columns.len();
            }
            at += 1;
        }
        let before = first.map_or(0, |(column, _)| column + 1);
        loop {
            let blanks = if self.delimiter == b' ' { 0 } else { blanks(&line[at..]) };
            let start = at + blanks;
            if line.get(start) == Some(&b'"') {
                let Some(end) = quote_end(line, start + 1) else {
                    cells.push(Span::new(start + 1, line.len()));
                    self.cell = Some((before + cells.len() - 1, 1));
                    break;
                };
                cells.push(Span::new(start + 1, end));
                at = end + 1;
                at += memchr::memchr(self.delimiter, &line[at..]).unwrap_or(line.len() - at);
            } else {
                let end = at + memchr::memchr(self.delimiter, &line[at..]).unwrap_or(line.len() - at);
                // Frames are drawn with blanks.
                let blanks = if self.delimiter == b'|' {
                    line[at..end].iter().rev().take_while(|b| **b == b' ').count()
                } else {
                    0
                };
                let inside = end - blanks.min(end - at);
                cells.push(Span::new(start.min(inside), inside));
                at = end;
            }
            if at >= line.len() {
                break;
            }
            at += 1;
        }
        let count = before + cells.len();
        if self.exact && (count > self.columns.len() || count < self.columns.len() && self.cell.is_none()) {
            return false;
        }
        if !self.proved && self.cell.is_none() && first.is_none() {
            if count < self.columns.len() {
                return false;
            }
            self.proved = true;
        }
        // A delimiter in a cell without quotes: its value may be any of so many cells.
        let more = count.saturating_sub(self.columns.len());
        for (column, name) in self.columns.iter().enumerate().skip(before) {
            let (Some(name), Some(_)) = (name, cells.get(column - before)) else { continue };
            let from = column - before;
            for cell in &cells[from..=(from + more).min(cells.len() - 1)] {
                // Logs write `-` where there is no value.
                if !self.remark || line[cell.range()] != *b"-" {
                    claim(name, *cell);
                }
            }
        }
        if let Some((name, value)) = self.pair.filter(|_| before == 0 && count == self.columns.len()) {
            let [name, value] = [name, value].map(|column| bare(line, cells[column]));
            claim(&line[name.range()], value);
        }
        true
    }
}

/// What the column is called whose cells name what others of their row hold.
const NAMES: [&[u8]; 11] = [
    b"key",
    b"name",
    b"field",
    b"setting",
    b"variable",
    b"variable_name",
    b"parameter",
    b"property",
    b"option",
    b"attribute",
    b"environment variable",
];

/// What the column is called that holds it.
const VALUES: [&[u8]; 4] = [b"value", b"values", b"setting", b"content"];

/// The cell `cell` without what Markdown draws a name or a value in.
fn bare(line: &[u8], cell: Span) -> Span {
    let marks = |at: &&u8| matches!(at, b'*' | b'`');
    let own = &line[cell.range()];
    let mark = own.iter().take_while(marks).count();
    let closes = own.len() > 2 * mark && own[own.len() - mark..] == own[..mark];
    if closes { Span::new(cell.start + mark, cell.end - mark) } else { cell }
}

/// What columns are called that only those beside them say are of people, as their values are.
const FULL: [&[u8]; 2] = [b"full_name", b"street_address"];

/// What a column holds in a table of people, if its name does not say so itself.
fn full(name: &[u8]) -> Option<&'static [u8]> {
    [(&b"name"[..], FULL[0]), (b"address", FULL[1])]
        .iter()
        .find(|(own, _)| name.eq_ignore_ascii_case(own))
        .map(|(_, full)| *full)
}

/// Is it people who have what a column of this name holds?
fn is_of_person(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let words: [&[u8]; 6] = [b"mail", b"phone", b"mobile", b"birth", b"dob", b"ssn"];
    words.iter().any(|word| memchr::memmem::find(&lower, word).is_some())
}

/// Where the quote that closes a cell stands; a doubled one belongs to it.
fn quote_end(line: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let found = at + memchr::memchr(b'"', line.get(at..)?)?;
        if line.get(found + 1) != Some(&b'"') {
            return Some(found);
        }
        at = found + 2;
    }
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|b| **b == b' ').count()
}

/// A line that is drawn between rows: `+----+----+`, `| --- | :-: |`.
pub(super) fn is_rule(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.len() > 2 && line.iter().all(|b| b"-+|:= ".contains(b)) && memchr::memmem::find(line, b"--").is_some()
}

/// The name of a column: a few words.
pub(super) fn is_name(name: &[u8]) -> bool {
    let first = name.first().copied().unwrap_or(0);
    name.len() <= LONGEST
        && (first.is_ascii_alphabetic() || first == b'_' || first >= 0x80)
        && name.iter().all(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || b"_-. ()/".contains(b))
        // `cs(Cookie)`; but `INSERT INTO users (id, name)` is no list of names.
        && (memchr::memchr(b'(', name).is_some() == (name.last() == Some(&b')')))
        && memchr::memchr_iter(b' ', name).count() < 4
}
