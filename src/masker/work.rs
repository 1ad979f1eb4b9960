//! What judging a record costs, for whoever writes the rules.

use super::Masker;
use crate::detect::Known;
use crate::detect::claim::Sink;
use crate::format::nesting::Nesting;

impl Masker {
    /// Bytes that judging `record` steps over, beyond the one scan that all rules share. Stops soon after the limit from
    /// which on the record would be withheld; false with that.
    pub fn work(&self, record: &[u8]) -> (usize, bool) {
        let (mut candidates, mut findings, mut known) = (Vec::new(), Vec::new(), Known::default());
        self.detector.scan(record, &mut known, &mut candidates);
        let markers = |_: &[u8], _: bool| false;
        let mut sink = Sink::new(record, &self.conditions, &markers, &mut known, &mut findings);
        // Count from the first byte on.
        sink.owed = usize::MAX / 2;
        self.detector.find(record, &candidates, 0, Nesting::default(), &mut sink);
        (sink.work, !sink.is_spent())
    }
}
