//! A long record written in parts, so that it is not in memory twice.

use super::counted::around_counted;
use super::{Masker, Scratch, State};
use crate::edit::Edit;
use crate::tally::Tally;

/// Bytes of a part, about.
const PART: usize = 256 << 10;

/// Whether a record is written by who judged it.
#[derive(Debug, Default)]
pub(super) enum Parts {
    /// It is.
    #[default]
    Whole,
    /// One that is a chunk by itself need not be.
    Asked,
    /// It was not, and these are its edits, in order.
    Judged(Vec<Edit>),
}

impl Parts {
    /// Leaves it to be written later, if that was asked; `edits` are taken then.
    pub(super) fn leave(&mut self, edits: &mut Vec<Edit>) -> bool {
        let asked = matches!(self, Parts::Asked);
        if asked {
            *self = Parts::Judged(std::mem::take(edits));
        }
        asked
    }
}

impl Masker {
    /// Masks `chunk`, and gives it to `put` part by part if it is one line that is judged as it is.
    pub(super) fn mask_in_parts(
        &self,
        chunk: &[u8],
        state: &mut State,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
        put: &mut dyn FnMut(&[u8]),
    ) -> Tally {
        scratch.make_layers();
        let framed = state.framing.of(chunk);
        let mut counts = Tally::default();
        let idle = self.lines.is_idle();
        let steps = if idle { Vec::new() } else { self.lines.decide(chunk, framed, &mut state.lines, &mut counts) };
        if !steps.is_empty() || around_counted(chunk, framed).len() > 1 {
            let tally = self.carry_out(steps, counts, chunk, state, scratch, out);
            put(out);
            return tally;
        }
        scratch.parts = Parts::Asked;
        let mut tally = self.mask_lines(chunk, state, scratch, out);
        tally.add(&counts);
        match std::mem::take(&mut scratch.parts) {
            Parts::Judged(edits) => {
                // A long record leaves much behind.
                (scratch.candidates, scratch.findings) = (Vec::new(), Vec::new());
                self.write_parts(chunk, &edits, &mut tally, out, put);
            }
            Parts::Whole | Parts::Asked => put(out),
        }
        tally
    }

    fn write_parts(
        &self,
        record: &[u8],
        edits: &[Edit],
        tally: &mut Tally,
        out: &mut Vec<u8>,
        put: &mut dyn FnMut(&[u8]),
    ) {
        let (mut edits, mut copied) = (edits.iter().peekable(), 0);
        loop {
            let clean = edits.peek().map_or(record.len(), |edit| edit.span.start);
            let end = clean.min(copied + PART);
            out.extend_from_slice(&record[copied..end]);
            copied = end;
            if copied == clean {
                let Some(edit) = edits.next() else { break };
                self.write_edit(record, edit, self.color, tally, out);
                copied = edit.span.end;
            }
            if out.len() >= PART {
                tally.bytes_out += out.len() as u64;
                put(out);
                out.clear();
            }
        }
        tally.bytes_out += out.len() as u64;
        put(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::masker::Settings;
    use crate::policy::{Docs, load};
    use crate::rewrite::Rewrite;

    /// What comes of `record` as a whole, and in parts, with the tallies.
    fn both(masker: &Masker, record: &str) -> [(Vec<u8>, Tally); 2] {
        let mut whole = Vec::new();
        let tally = masker.rewrite(record.as_bytes(), &mut State::default(), &mut Scratch::default(), &mut whole);
        let (mut parts, mut count, mut longest) = (Vec::new(), 0, 0);
        let mut put = |part: &[u8]| {
            parts.extend_from_slice(part);
            count += 1;
            longest = longest.max(part.len());
        };
        let (mut state, mut scratch, mut out) = (State::default(), Scratch::default(), Vec::new());
        let in_parts = masker.mask_in_parts(record.as_bytes(), &mut state, &mut scratch, &mut out, &mut put);
        assert_eq!(count > 1, longest < record.len() / 2, "{count} parts, the longest of {longest} bytes");
        [(whole, tally), (parts, in_parts)]
    }

    #[test]
    fn a_record_in_parts_is_the_same() {
        let policy = load("default", &[], false, Docs::Without).expect("a built-in profile");
        let settings = Settings { key: vec![7; 16], ..Settings::default() };
        let mut masker = Masker::new(&policy, settings).expect("built-in rules");
        let secrets = "x=1 password=magpie mail jo@acme.io ".repeat(60_000);
        let clean = "lorem ipsum ".repeat(200_000);
        let counted = format!("{} <34>1 password=magpie {clean}", clean.len() + 23);
        // With a summary stack traces are counted, and nothing else is done to lines.
        for counts in [false, true] {
            if counts {
                masker.count_stack_traces();
            }
            for record in [&secrets, &clean, &format!("{clean}password=magpie"), &counted, &format!("a\n{clean}")] {
                for ending in ["", "\n", "\r\n"] {
                    let [whole, parts] = both(&masker, &format!("{record}{ending}"));
                    assert!(whole.0 == parts.0, "{}", record.len());
                    let told = |tally: &Tally| (tally.lines, tally.bytes_out, tally.bytes_masked, tally.edits.clone());
                    assert_eq!(told(&whole.1), told(&parts.1));
                }
            }
        }
    }
}
