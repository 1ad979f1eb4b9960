//! Rows of tables whose columns were named in the first line.

use super::Masker;
use crate::block::table::Table;
use crate::detect::Known;
use crate::detect::claim::Sink;
use crate::edit::Finding;
use crate::span::Span;

/// The name of a column, and what a row has there.
pub(super) type Cell = (Vec<u8>, Span);

impl Masker {
    /// Reads `record` as a row of `table` and puts what stands in its sensitive columns into `cells`.
    pub(super) fn read_row(&self, record: &[u8], table: &mut Table, cells: &mut Vec<Cell>) {
        cells.clear();
        if table.reads() {
            let sensitive = |name: &[u8]| self.detector.is_sensitive(name);
            table.line(record, sensitive, |name, span| cells.push((name.to_vec(), span)));
        }
    }

    /// Appends what the rules claim of `cells`.
    pub(super) fn claim_cells(
        &self,
        record: &[u8],
        cells: &[Cell],
        known: &mut Known,
        findings: &mut Vec<Finding>,
        already: &mut u64,
    ) {
        if cells.is_empty() {
            return;
        }
        let markers = |value: &[u8], secret: bool| self.is_own_marker(value, secret);
        let mut sink = Sink::new(record, &self.conditions, &markers, known, findings);
        for (name, span) in cells {
            self.detector.claim_cell(record, name, *span, &mut sink);
        }
        *already += sink.already_masked;
    }
}
