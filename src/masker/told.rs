//! Values that the log itself says are secrets: hidden from the next record of their source on.

use super::Masker;
use crate::action::marker::is_marker;
use crate::block::command;
use crate::detect::listed;
use crate::edit::Finding;
use crate::listed::Literals;
use crate::span::Span;
use memchr::memchr;
use std::sync::Arc;

/// Most values that are remembered; then the older half is forgotten.
const MOST: usize = 1000;
/// Most bytes of them.
const MOST_BYTES: usize = 256 << 10;

/// What a source has told so far. Cheap to clone where nothing was.
#[derive(Clone, Debug, Default)]
pub struct Told(Option<Arc<Literals>>);

impl Told {
    /// Nothing?
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Remembers `value`, unless it is too weak.
    pub fn add(&mut self, value: &[u8]) {
        let literals = Arc::make_mut(self.0.get_or_insert_default());
        if literals.add(value).is_ok() && (literals.len() > MOST || literals.bytes() > MOST_BYTES) {
            literals.forget_half();
        }
    }

    /// Remembers what `spelled` stands for, inside a JSON string or not.
    pub fn add_spelled(&mut self, spelled: &[u8]) {
        self.add(&command::decoded(spelled));
        if memchr(b'\\', spelled).is_some()
            && let Ok(text) = serde_json::from_slice::<String>(&[b"\"", spelled, b"\""].concat())
        {
            self.add(&command::decoded(text.as_bytes()));
        }
    }
}

/// What was told before the same log went on is the same object, so most comparisons end there.
impl PartialEq for Told {
    fn eq(&self, other: &Told) -> bool {
        match (&self.0, &other.0) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other) || own == other,
            (own, other) => own.is_none() && other.is_none(),
        }
    }
}

impl Eq for Told {}

impl Masker {
    /// Claims what stands for a value that was told before.
    pub(super) fn claim_told(&self, record: &[u8], told: &Told, findings: &mut Vec<Finding>) {
        let Some(literals) = &told.0 else { return };
        let rule = self.detector.listed_rule();
        literals.find(record, |span| {
            let marker = |text: &[u8]| is_marker(text, self.labels()).is_some();
            if let Some((span, quote)) = listed::whole(record, span, &marker) {
                findings.push(Finding { quote, ..Finding::of(span, rule) });
            }
        });
    }

    /// Claims the value of a command in `record`, and gives its place.
    pub(super) fn claim_command(&self, record: &[u8], findings: &mut Vec<Finding>) -> Option<Span> {
        let span = command::value(record)?;
        if is_marker(&record[span.range()], self.labels()).is_some() {
            return None;
        }
        let rule = self.detector.listed_rule();
        findings.push(Finding::of(span, rule));
        Some(span)
    }
}
