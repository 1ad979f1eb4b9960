//! What came of each file, as the closing table and in summaries.

use crate::cli::{Status, message};
use crate::tally::Tally;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::fmt::Write as _;

/// What came of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// Written, with something masked, folded or left out.
    Masked,
    /// Nothing had to be changed; in place it was not touched.
    Clean,
    /// Nothing was written. Why was said.
    Failed,
}

impl Came {
    fn word(self) -> &'static str {
        match self {
            Came::Masked => "masked",
            Came::Clean => "clean",
            Came::Failed => "not written",
        }
    }
}

/// One file.
pub(in crate::cli) struct Row {
    pub(super) file: String,
    pub(super) tally: Tally,
    pub(super) status: Status,
    pub(super) result: Came,
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut row = to.serialize_struct("Row", 7)?;
        row.serialize_field("file", &self.file)?;
        row.serialize_field("lines", &self.tally.lines)?;
        row.serialize_field("bytes_in", &self.tally.bytes_in)?;
        row.serialize_field("bytes_out", &self.tally.bytes_out)?;
        row.serialize_field("edits", &self.edits())?;
        row.serialize_field("withheld", &self.tally.withheld())?;
        row.serialize_field("result", self.result.word())?;
        row.end()
    }
}

impl Row {
    fn edits(&self) -> u64 {
        self.tally.edits.iter().sum()
    }
}

/// All files, in the order they were named.
pub(in crate::cli) struct Table<'a>(pub(in crate::cli) &'a [Row]);

/// More rows than this are for a program to read.
const MOST_ROWS: usize = 200;

impl Table<'_> {
    /// A line for each file, and one for all.
    pub(in crate::cli) fn text(&self) -> String {
        let name = |row: &Row| message::printable(&row.file);
        let shown = &self.0[..self.0.len().min(MOST_ROWS)];
        let width = shown.iter().map(|row| name(row).chars().count()).max().unwrap_or(0).max("FILE".len());
        let mut text = format!("{:width$}  {:>9}  {:>12}  {:>9}  RESULT\n", "FILE", "LINES", "BYTES", "EDITS");
        for row in shown {
            let Tally { lines, bytes_in, .. } = row.tally;
            let result = match row.tally.withheld() {
                0 => row.result.word().to_owned(),
                withheld => format!("{}, {withheld} withheld", row.result.word()),
            };
            let _ = writeln!(text, "{:width$}  {lines:>9}  {bytes_in:>12}  {:>9}  {result}", name(row), row.edits());
        }
        if shown.len() < self.0.len() {
            let _ = writeln!(text, "and {} more", self.0.len() - shown.len());
        }
        let of = |result| self.0.iter().filter(|row| row.result == result).count();
        let files = message::count(self.0.len() as u64, "file");
        let _ = write!(text, "{files}: {} masked, {} clean", of(Came::Masked), of(Came::Clean));
        if of(Came::Failed) > 0 {
            let _ = write!(text, ", {} not written", of(Came::Failed));
        }
        text + "\n"
    }
}
