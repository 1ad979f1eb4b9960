//! Messages that are no string of a record by themselves: those of several events in one record, each a line of a text, and the
//! message of the journal that is an array of bytes.

use super::messages::{Messages, Within, source_of};
use super::spelled::may_open;
use super::{Layer, Masker};
use crate::detect::Known;
use crate::detect::scan::{Candidate, Kind};
use crate::edit::Finding;
use crate::format::nesting::level_at;
use crate::format::packed::Packed;
use crate::format::quote::quote_at;
use crate::format::spelled::Text;
use crate::slashes;

/// The key of an array that is a message.
const KEY: &[u8] = b"MESSAGE";

impl Masker {
    /// Gathers what the rules claim of the events of `record` as lines of one text. Says whether `message` is one of them, and is
    /// false at the end if that takes too much work.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn judge_events(
        &self,
        record: &[u8],
        message: Option<Text>,
        candidates: &[Candidate],
        base: usize,
        layers: &mut [Layer],
        known: &mut Known,
        depth: usize,
        out: &mut Vec<Finding>,
    ) -> (bool, bool) {
        let (mut within, mut is_event, mut judged) = (Within::default(), false, true);
        Text::each_event(record, |event| {
            is_event |= message.is_some_and(|message| message.span.start == event.span.start);
            if event.has_lines(record) {
                return;
            }
            if !within.is_empty() || may_open(record, event, candidates, base) {
                judged &= self.judge_text(record, event, &mut within, layers, known, depth, out);
            }
        });
        (is_event, judged)
    }

    /// The same for the messages of `record` that are arrays of bytes. What goes on from another message is claimed with all of the
    /// array, for which a string stands then, as the journal has it where it can.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn judge_arrays(
        &self,
        record: &[u8],
        candidates: &[Candidate],
        base: usize,
        messages: &mut Messages,
        layers: &mut [Layer],
        known: &mut Known,
        depth: usize,
        out: &mut Vec<Finding>,
    ) -> bool {
        let mut judged = true;
        for candidate in candidates.iter().filter(|c| c.kind == Kind::Array) {
            let at = candidate.at as usize - base;
            let Some((layer, deeper)) = layers.split_first_mut() else { break };
            let Some((span, Packed::Bytes)) = Packed::at(record, at).filter(|_| is_message(&record[..at])) else {
                continue;
            };
            let Some(bytes) = Packed::Bytes.decode(&record[span.range()]) else { continue };
            let source = source_of(record, &Text { span, levels: 0 });
            let open = messages.take(&source);
            let goes_on = open.is_some();
            let mut within = open.unwrap_or_default();
            layer.view.clear();
            layer.view.join(&bytes, span.start);
            judged &= self.judge_inside(layer, &mut within, deeper, known, depth);
            if let Some(first) = layer.findings.first().filter(|_| goes_on) {
                out.retain(|finding| finding.span != span);
                let quote = quote_at(b"\"", 0).at_least(level_at(record, span.start));
                out.push(Finding { quote: Some(quote), ..Finding::of(span, first.rule) });
            }
            messages.put(&source, within);
        }
        judged
    }
}

/// Does `before` end with the key of a message, its quotes spelled in whatever strings?
fn is_message(before: &[u8]) -> bool {
    let key = before.trim_ascii_end().strip_suffix(b":").and_then(|key| key.trim_ascii_end().strip_suffix(b"\""));
    key.is_some_and(|key| key[..key.len() - slashes::trailing(key)].ends_with(KEY))
}
