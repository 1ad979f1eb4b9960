//! Values whose names stand elsewhere: in another line, or nowhere, because the place of the value says it.

use super::claim::Sink;
use super::{Detector, dialect};
use crate::format::peel;
use crate::span::Span;

impl Detector {
    /// Claims `span` as the value of the field `name`, which stands elsewhere.
    pub fn claim_cell(&self, text: &[u8], name: &[u8], span: Span, sink: &mut Sink<'_>) {
        self.fields.claim_cell(text, name, span, sink);
    }

    /// Claims the arguments of a Redis command, if `text` is a line of `MONITOR`, without an envelope.
    pub fn claim_arguments(&self, text: &[u8], sink: &mut Sink<'_>) {
        if text.first().is_some_and(u8::is_ascii_digit) {
            self.fields.at_command(text, sink);
        }
    }

    /// Is it worth to look for [`Detector::placed`]?
    pub fn looks_for_places(&self) -> bool {
        self.by_place
    }

    /// What is known by its place in `line`, an access log's: the name of the field, and what stands there.
    pub fn placed(line: &[u8]) -> Option<(&'static [u8], Span)> {
        let payload = peel(line).payload;
        let (name, span) = dialect::position::user(&line[payload.range()])?;
        Some((name, Span::new(payload.start + span.start, payload.start + span.end)))
    }
}
