//! Stretches of a log that have their length in front and may hold line breaks: the journal's binary fields, and frames of
//! syslog where a source consists of such.

use super::{journal, syslog};
use crate::span::Span;

/// A stretch and its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// What the journal calls it, in the line in front of the length; nothing for a frame.
    pub name: Span,
    /// Where the length begins.
    pub length: usize,
    /// The bytes that are counted.
    pub value: Span,
    /// How the length is written.
    pub form: Form,
}

/// How a length is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Eight bytes, the least significant one first.
    Binary,
    /// Digits and a blank.
    Digits,
}

impl Form {
    /// Appends a length.
    pub fn write(self, length: usize, out: &mut Vec<u8>) {
        match self {
            Form::Binary => out.extend_from_slice(&(length as u64).to_le_bytes()),
            Form::Digits => out.extend_from_slice(format!("{length} ").as_bytes()),
        }
    }
}

/// The first such stretch in `text` from `from` on that ends in it. `framed`: the source consists of frames.
pub fn next(text: &[u8], from: usize, framed: bool) -> Option<Counted> {
    let field = journal::next_field(text, from).filter(|field| field.value.end < text.len()).map(|field| Counted {
        name: Span::new(field.start, field.value.start - 9),
        length: field.value.start - 8,
        value: field.value,
        form: Form::Binary,
    });
    let frame = if framed { syslog::next_frame(text, from) } else { None };
    let frame =
        frame.map(|(length, value)| Counted { name: Span::new(length, length), length, value, form: Form::Digits });
    match (field, frame) {
        (Some(field), Some(frame)) => Some(if field.length < frame.length { field } else { frame }),
        (field, frame) => field.or(frame),
    }
}

/// How much of the lines in `bytes`, up to `end` at most, holds such stretches as a whole only.
pub fn closed_until(bytes: &[u8], end: usize) -> usize {
    syslog::whole_frames(bytes, end.min(journal::closed_until(bytes)))
}
