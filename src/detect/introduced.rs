//! Values that a word introduces: those of SQL, of form parts, of settings.

use super::claim::Sink;
use super::dialect::{complaint, duplicate, flag, jwk, part, postgres, sql};
use super::fields::Fields;
use super::value::Reader;
use crate::format::quote::is_quote;
use crate::span::Span;

/// In [`Sink::seen`], where patterns stand by their indices: up to where rows were read.
const ROW: u16 = u16::MAX;

impl Fields {
    /// Claims what the word at `at` introduces, if it is one of [`WORDS`](super::by_hand::WORDS). False if it introduces nothing, whatever follows
    /// behind its fifteen bytes.
    pub fn at_word(&self, text: &[u8], at: usize, reader: &mut Reader<'_>, sink: &mut Sink<'_>) -> bool {
        if sink.is_spent() {
            return true;
        }
        let mut four: [u8; 4] = text.get(at..at + 4).and_then(|four| four.try_into().ok()).unwrap_or_default();
        four.make_ascii_lowercase();
        match &four {
            b"valu" if text[at..].len() > 6 && text[at + 4..at + 6].eq_ignore_ascii_case(b"es") => {
                self.at_values(text, at, reader, sink);
            }
            b"wher" => self.at_where(text, at, reader, sink),
            b"like" | b"ilik" | b"rlik" => {
                // Mostly it is a word of a sentence.
                if !text[at..].iter().take(15).any(|b| is_quote(*b)) {
                    return false;
                }
                if let Some((column, expression)) = sql::like(text, at, reader.limit(at))
                    && let Some((span, quoted)) = sql::literal(text, expression)
                {
                    self.claim_read(text, column, span, quoted, sink);
                }
            }
            b"key " => {
                let open = at + b"Key (".len();
                for literal in postgres::key_detail(text, open, reader.limit(open)) {
                    self.claim_read(text, literal.column, literal.span, literal.quoted, sink);
                }
            }
            b"with" | b"reje" | b"path" | b"argu" | b"inva" | b"ille" | b"the " | b"inco" | b"from" => {
                self.at_complaint(text, at, reader.limit(at), sink);
            }
            b"fail" if text[at] == b'f' => self.at_complaint(text, at, reader.limit(at), sink),
            // A row goes up to the last bracket, so another one in it is a part of it.
            b"fail" if sink.seen.get(&ROW).is_none_or(|end| *end <= at) => {
                sink.seen.insert(ROW, reader.limit(at));
                for span in postgres::failing_row(text, at, reader.limit(at)) {
                    self.claim_named(text, b"failing_row", span, sink);
                }
            }
            b"dupl" | b"dup " => self.at_duplicate(text, at, reader.limit(at), sink),
            b"para" => {
                for span in postgres::parameters(text, at, reader.limit(at)) {
                    sink.work += span.len();
                    self.claim_named(text, b"statement_parameter", span, sink);
                }
            }
            b"set " => {
                let limit = reader.limit(at);
                if let Some((columns, row)) = sql::assigned(text, at, limit) {
                    self.at_rows(text, &columns, row, limit, sink);
                }
            }
            b"kty\"" | b"kty\\" if at > 0 && text[at - 1] == b'"' => {
                let (members, read) = jwk::members(text, at);
                sink.work += read;
                for span in members {
                    self.claim_named(text, b"private_key", span, sink);
                }
            }
            b"form" => {
                if let Some((name, value)) = part::value(text, at, reader.limit(at)) {
                    sink.work += value.end - at;
                    self.claim_read(text, name, value, false, sink);
                }
            }
            _ => {
                if let Some((key, value)) = flag::setting(text, at) {
                    self.at_key(text, &key, value, reader, sink);
                }
            }
        }
        true
    }

    /// The value that was refused, by the field it was for.
    fn at_complaint(&self, text: &[u8], at: usize, limit: usize, sink: &mut Sink<'_>) {
        let found = complaint::find(text, at, limit);
        sink.work += found.map_or(complaint::LONGEST.min(limit - at), |found| found.value.end.abs_diff(at));
        if let Some(found) = found {
            self.claim_read(text, found.name, found.value, true, sink);
        }
    }

    /// The value that is there already, by the index it is in.
    fn at_duplicate(&self, text: &[u8], at: usize, limit: usize, sink: &mut Sink<'_>) {
        let found = match text[at..limit] {
            [b'D', ..] => duplicate::mysql(text, at, limit),
            [_, _, _, b'l', ..] => duplicate::sql_server(text, at, limit),
            _ => duplicate::mongo(text, at, limit),
        };
        let Some(entry) = found else { return };
        let named = duplicate::columns(text, entry.index).find(|column| {
            let mut matches = Vec::new();
            self.look_up(&text[column.range()], sink.known, &mut matches);
            !matches.is_empty()
        });
        if let Some(column) = named {
            sink.work += entry.value.len();
            self.claim_read(text, column, entry.value, true, sink);
        }
    }

    /// The rows behind `VALUES`, by the columns in front of it.
    fn at_values(&self, text: &[u8], at: usize, reader: &mut Reader<'_>, sink: &mut Sink<'_>) {
        let limit = reader.limit(at);
        let Some((columns, row)) = sql::insert(text, at, limit) else { return };
        self.at_rows(text, &columns, row, limit, sink);
    }

    /// The rows of values that begin at `row`, by their columns.
    fn at_rows(&self, text: &[u8], columns: &[Span], row: usize, limit: usize, sink: &mut Sink<'_>) {
        let at = columns.first().map_or(row, |column| column.start.min(row));
        sink.work += row - at + 64 * columns.len();
        let mut matches = Vec::new();
        let sensitive: Vec<usize> = (0..columns.len())
            .filter(|&column| {
                self.look_up(&text[columns[column].range()], sink.known, &mut matches);
                !matches.is_empty()
            })
            .collect();
        if sensitive.is_empty() {
            return;
        }
        let end = sql::rows(text, row, limit, |row| {
            // Where the values are not those of the columns, each may be the sensitive one.
            let apart = row.len() == columns.len();
            for (place, expression) in row.iter().enumerate() {
                for &column in sensitive.iter().filter(|&&column| !apart || column == place) {
                    if let Some((span, quoted)) = sql::literal(text, *expression) {
                        self.claim_read(text, columns[column], span, quoted, sink);
                    }
                }
            }
        });
        sink.work += end - row;
    }

    /// The lists behind `column IN` in the conditions behind `WHERE`.
    fn at_where(&self, text: &[u8], at: usize, reader: &mut Reader<'_>, sink: &mut Sink<'_>) {
        let limit = reader.limit(at);
        sink.work += 256;
        // What is behind an earlier `WHERE` was looked at for that; and now twice as far as this one needs, so that the next few
        // have nothing to look at.
        let (seen, _) = sink.compared;
        if limit.min(at + sql::REACH) <= seen {
            return;
        }
        let within = Span::new(at.max(seen.saturating_sub(sql::OVERLAP)), limit.min(at + 2 * sql::REACH));
        sink.compared.0 = within.end;
        for (column, expression) in sql::ranges(text, within) {
            sink.work += 64;
            if let Some((span, quoted)) = sql::literal(text, expression) {
                self.claim_read(text, column, span, quoted, sink);
            }
        }
        for (column, open) in sql::lists(text, within) {
            sink.work += 64;
            // In a list whose values go all.
            if open < sink.compared.1 {
                continue;
            }
            // `(id, token) IN (('1', 'x'))`
            if text[column.range()].starts_with(b"(") {
                let columns = sql::columns(text, Span::new(column.start + 1, column.end - 1));
                self.at_rows(text, &columns, open, limit, sink);
                continue;
            }
            let mut matches = std::mem::take(&mut sink.matches);
            self.look_up(&text[column.range()], sink.known, &mut matches);
            let none = matches.is_empty();
            sink.matches = matches;
            if none {
                continue;
            }
            let end = sql::rows(text, open, limit, |row| {
                for (span, quoted) in row.iter().filter_map(|expression| sql::literal(text, *expression)) {
                    self.claim_read(text, column, span, quoted, sink);
                }
            });
            sink.work += end - open;
            sink.compared.1 = end;
        }
    }
}
