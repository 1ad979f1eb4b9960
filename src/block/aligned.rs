//! Tables whose columns are parted by blanks alone, as sqlcmd, SQL*Plus, the Azure CLI, PowerShell, kubectl and pandas print them: a
//! line of names, maybe one of dashes below them, and rows whose cells stand below the names.
//!
//! Any text has words and blanks. So each cell of a row has to begin or to end where its column does, and without dashes two blanks
//! at least part it from the one before. The first line that is no such row ends the table.

use super::columns::{Columns, is_name};
use super::header::is_rule;
use crate::span::Span;

/// Longest line of one, in bytes.
const LONGEST: usize = 4 << 10;

/// The columns of such a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aligned {
    columns: Columns,
    /// Where each stands in its line, in characters: as wide as its name and the dashes below it.
    places: Vec<Span>,
    /// Dashes stand below the names.
    ruled: bool,
}

impl Aligned {
    /// The columns that `line` names, if one of them is sensitive; below it stands `rule`, if something is drawn there.
    pub fn of(line: &[u8], rule: Option<&[u8]>, sensitive: &mut impl FnMut(&[u8]) -> bool) -> Option<Aligned> {
        let line = line.trim_ascii_end();
        if !may_name(line) {
            return None;
        }
        let chars = chars(line);
        let places = match rule {
            Some(rule) => places(rule, 1),
            None => places(line, 2).into_iter().map(|span| in_chars(&chars, span)).collect(),
        };
        if places.len() < 2 {
            return None;
        }
        let mut cells = Vec::new();
        for (index, place) in places.iter().enumerate() {
            let end = places.get(index + 1).map_or(usize::MAX, |next| next.start);
            cells.push(trimmed(line, Span::new(at(&chars, place.start), at(&chars, end))));
        }
        // Kubernetes has names of secrets in a column of that name, and how many there are; each of its tables ends in an age.
        let is = |span: &Span, name: &[u8]| line[span.range()].eq_ignore_ascii_case(name);
        let refers = cells.last().is_some_and(|last| is(last, b"age"));
        let names = cells.iter().map(|span| &line[span.range()]);
        let mut own = |name: &[u8]| {
            let reference = [&b"secret"[..], b"secrets"].iter().any(|one| name.eq_ignore_ascii_case(one));
            !(refers && reference) && sensitive(name)
        };
        let columns = Columns::of(names, &mut own).filter(Columns::are_sensitive)?;
        let places = places.iter().zip(&cells).map(|(place, cell)| {
            let name = in_chars(&chars, *cell);
            Span::new(place.start.min(name.start), place.end.max(name.end))
        });
        Some(Aligned { columns, places: places.collect(), ruled: rule.is_some() })
    }

    /// Reads a row; false if `line` is none.
    pub fn row(&self, line: &[u8], claim: &mut impl FnMut(&[u8], Span)) -> bool {
        let line = line.trim_ascii_end();
        if is_rule(line) {
            return true;
        }
        let Some(cells) = self.cells(line) else { return false };
        for (name, cell) in self.columns.names.iter().zip(&cells) {
            if let Some(name) = name.as_ref().filter(|_| !cell.is_empty()) {
                claim(name, *cell);
            }
        }
        if let Some((name, value)) = self.columns.pair.map(|(name, value)| (cells[name], cells[value]))
            && !value.is_empty()
        {
            claim(&line[name.range()], value);
        }
        true
    }

    /// The cells of `line`, if it is a row.
    fn cells(&self, line: &[u8]) -> Option<Vec<Span>> {
        if line.is_empty() || line.len() > LONGEST || line.contains(&b'\t') {
            return None;
        }
        let chars = chars(line);
        let is_blank = |at: usize| chars.get(at).and_then(|at| line.get(*at)).is_none_or(|b| *b == b' ');
        // A cell may be wider than its name, to the left or to the right.
        let mut starts = Vec::new();
        for (index, place) in self.places.iter().enumerate() {
            let from = index.checked_sub(1).map_or(0, |before| self.places[before].end);
            match (from..place.start).rev().find(|at| is_blank(*at)) {
                Some(blank) => starts.push(blank + 1),
                None if index == 0 => starts.push(0),
                None => return None,
            }
        }
        let mut cells = Vec::new();
        for (index, place) in self.places.iter().enumerate() {
            let (start, end) = (starts[index], starts.get(index + 1).copied().unwrap_or(usize::MAX));
            let cell = trimmed(line, Span::new(at(&chars, start), at(&chars, end)));
            let own = in_chars(&chars, cell);
            let aligned = own.start == place.start || own.end == place.end;
            let apart = self.ruled || index == 0 || own.start < 2 || is_blank(own.start - 2);
            if !(cell.is_empty() || aligned && apart) {
                return None;
            }
            cells.push(cell);
        }
        (cells.iter().filter(|cell| !cell.is_empty()).count() > 1).then_some(cells)
    }
}

/// May `line` name columns that blanks part?
pub fn may_name(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let plain = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || b"_-. ()/".contains(b);
    line.len() <= LONGEST && is_name(&line[..1.min(line.len())]) && line.contains(&b' ') && line.iter().all(plain)
}

/// Are dashes drawn in `rule` below each of several columns?
pub fn is_ruled(rule: &[u8]) -> bool {
    let rule = rule.trim_ascii();
    rule.contains(&b' ') && rule.iter().all(|b| b"- ".contains(b))
}

/// What stands in `line` between so many blanks.
fn places(line: &[u8], blanks: usize) -> Vec<Span> {
    let (mut places, mut at): (Vec<Span>, usize) = (Vec::new(), 0);
    while let Some(start) = line[at..].iter().position(|b| *b != b' ').map(|lead| at + lead) {
        let end = line[start..].iter().position(|b| *b == b' ').map_or(line.len(), |length| start + length);
        match places.last_mut() {
            Some(last) if start - last.end < blanks => last.end = end,
            _ => places.push(Span::new(start, end)),
        }
        at = end;
    }
    places
}

/// Where the characters of `line` begin, and its end.
fn chars(line: &[u8]) -> Vec<usize> {
    let begins = (0..line.len()).filter(|at| line[*at] & 0xC0 != 0x80);
    begins.chain([line.len()]).collect()
}

/// Where the character with this number begins.
fn at(chars: &[usize], index: usize) -> usize {
    chars[index.min(chars.len() - 1)]
}

fn in_chars(chars: &[usize], span: Span) -> Span {
    let index = |at: usize| chars.partition_point(|own| *own < at);
    Span::new(index(span.start), index(span.end))
}

/// `span` without the blanks at its ends.
fn trimmed(line: &[u8], span: Span) -> Span {
    let text = &line[span.range()];
    let start = span.start + text.len() - text.trim_ascii_start().len();
    Span::new(start, start + text.trim_ascii().len())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The rows with `#` for what is claimed; `pin` and kin are sensitive. A line that is no row ends all.
    fn read(names: &str, rule: Option<&str>, rows: &[&str]) -> Vec<String> {
        let mut sensitive = |name: &[u8]| name.to_ascii_lowercase().starts_with(b"pin");
        let table = Aligned::of(names.as_bytes(), rule.map(str::as_bytes), &mut sensitive).unwrap();
        let mut out = Vec::new();
        for row in rows {
            let mut spans = Vec::new();
            let is_pin = |name: &[u8]| name.to_ascii_lowercase().starts_with(b"pin");
            let mut claim = |name: &[u8], span: Span| spans.extend(is_pin(name).then_some(span));
            if !table.row(row.as_bytes(), &mut claim) {
                break;
            }
            out.push(crate::block::hidden(row, &spans));
        }
        out
    }

    #[test]
    fn cells_stand_below_their_names() {
        let rule = Some("------ ------- ----");
        for (names, rule, rows, expected) in [
            (
                "user   pin     a",
                rule,
                &["kim    x.1     b", "jo     y", "this is no row"][..],
                &["kim    #     b", "jo     #"][..],
            ),
            ("user   pin     a", rule, &["kim    x 1     b", "    7      8     9"], &["kim    #     b"]),
            (" user pin", Some("----- ---"), &["   12 abc", "1  de"], &["   12 #"]),
            ("NAME   PIN    AGE", None, &["kim    x1     4d", "", "kim    x1     4d"], &["kim    #     4d"]),
            ("NAME   PIN    AGE", None, &["kim one x1 more 4d"], &[]),
            ("  user    pin", None, &["0  kim     x1", "1   jo  longr"], &["0  kim     #", "1   jo  #"]),
            ("NAME    VALUE", None, &["PIN     a=b", "OTHER   c"], &["PIN     #", "OTHER   c"]),
            ("ñame  pin  b", None, &["Zoë   é    x", "Jo    x1   y"], &["Zoë   #    x", "Jo    #   y"]),
        ] {
            assert_eq!(read(names, rule, rows), expected, "{names}");
        }
    }

    #[test]
    fn what_names_no_sensitive_columns_is_no_table() {
        let mut sensitive = |name: &[u8]| matches!(name, b"PIN" | b"SECRETS");
        let mut is = |line: &str| Aligned::of(line.as_bytes(), None, &mut sensitive).is_some();
        assert!(is("NAME  PIN") && is("NAME  SECRETS") && is("KEY  VALUE"));
        assert!(!is("NAME  AGE") && !is("NAME  SECRETS  AGE") && !is("NAME PIN") && !is("PIN") && !is("a: b  PIN"));
    }
}
