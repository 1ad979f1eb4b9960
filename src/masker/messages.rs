//! Messages of JSON that are one line each of a text: what goes on from one to the next, by source.

use super::Layer;
use super::spelled::Before;
use crate::block::drawn::Drawn;
use crate::block::open::Blocks;
use crate::block::private_key;
use crate::detect::Statements;
use crate::detect::scan::{Candidate, Kind};
use crate::format::peel;
use crate::format::spelled::Text;
use memchr::memmem;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Sources whose messages are kept apart.
const MAX_SOURCES: usize = 32;

/// What is known of a text from the lines of it so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Within {
    pub(super) blocks: Blocks,
    pub(super) keys: private_key::Open,
    pub(super) statements: Statements,
    pub(super) drawn: Drawn,
    /// Of lines that are records of JSON, their messages.
    pub(super) messages: Messages,
}

/// What is known of messages of JSON that are one line each, by source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Messages(Vec<(Vec<u8>, Within)>);

impl Messages {
    /// Goes nothing on?
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn take(&mut self, source: &[u8]) -> Option<Within> {
        let at = self.0.iter().position(|(name, _)| name == source)?;
        Some(self.0.remove(at).1)
    }

    pub(super) fn put(&mut self, source: &[u8], within: Within) {
        if within.is_empty() {
            return;
        }
        if self.0.len() == MAX_SOURCES {
            self.0.remove(0);
        }
        self.0.push((source.to_vec(), within));
    }
}

impl Within {
    /// What a line of a drawn table, among `candidates`, has to know of the message before it of the same source.
    pub(super) fn behind(
        before: Before<'_>,
        record: &[u8],
        source: &[u8],
        candidates: &[Candidate],
        layers: &mut [Layer],
    ) -> Within {
        let mut within = Within::default();
        if !candidates.iter().any(|c| c.kind == Kind::Drawn) {
            return within;
        }
        let previous = before.drawn.previous(before.chunk, &peel(record).name(record));
        if let Some(layer) = layers.first_mut()
            && let Some(text) = Text::message(previous).filter(|text| !text.has_lines(previous))
            && *source_of(previous, &text) == *source
        {
            text.read(previous, &mut layer.view);
            within.drawn.keep(&layer.view.text);
        }
        within
    }

    pub(super) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
            && self.keys.is_empty()
            && self.statements.is_empty()
            && self.drawn.is_empty()
            && self.messages.is_empty()
    }
}

/// What tells the source of the message `text` of `record` from others: what the envelopes around say, and what the record
/// does beside its message.
pub(super) fn source_of<'t>(record: &'t [u8], text: &Text) -> Cow<'t, [u8]> {
    let mut source = peel(record).name(record);
    let around = [&record[..text.span.start], &record[text.span.end..]];
    for key in &*SOURCES {
        for value in around.iter().filter_map(|part| value_of(part, key)) {
            source.to_mut().push(b' ');
            source.to_mut().extend_from_slice(value);
        }
    }
    source
}

/// Keys that name who wrote a record: of journald ([systemd.journal-fields](https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html)),
/// of Fluent Bit's filter for Kubernetes (docs.fluentbit.io, "Kubernetes"), of Docker's driver for Fluentd, and Loki's labels.
const KEYS: [&[u8]; 9] = [
    b"_SYSTEMD_UNIT\"",
    b"_PID\"",
    b"SYSLOG_IDENTIFIER\"",
    b"pod_name\"",
    b"container_name\"",
    b"container_id\"",
    b"pod\"",
    b"container\"",
    b"stream\"",
];
static SOURCES: LazyLock<Vec<memmem::Finder<'static>>> =
    LazyLock::new(|| KEYS.iter().map(|key| memmem::Finder::new(*key)).collect());
/// Longest name of a source, in bytes.
const LONGEST_NAME: usize = 256;

/// The string that the first such key in `part` holds.
fn value_of<'t>(part: &'t [u8], key: &memmem::Finder<'_>) -> Option<&'t [u8]> {
    let at = key.find_iter(part).find(|at| part[..*at].ends_with(b"\""))?;
    let rest = part[at + key.needle().len()..]
        .trim_ascii_start()
        .strip_prefix(b":")?
        .trim_ascii_start()
        .strip_prefix(b"\"")?;
    let end = rest.iter().take(LONGEST_NAME).position(|b| *b == b'"')?;
    Some(&rest[..end])
}
