//! Packed texts inside a record: judged as records of their own, and spelled again with their edits applied.

use super::{Layer, Masker, Scratch, State};
use crate::detect::scan::{Candidate, Kind};
use crate::edit::{Finding, Recode};
use crate::format::packed::Packed;
use crate::span::{RuleIx, Span};
use crate::tally::Tally;

impl Masker {
    /// Claims the packed texts of `text` that hold something to mask. `layers`: how many more may be looked into; a text
    /// that lies deeper goes as a whole. False if one of them cannot be judged.
    pub(super) fn judge_packed(
        &self,
        text: &[u8],
        found: &[Candidate],
        base: usize,
        layers: usize,
        out: &mut Vec<Finding>,
    ) -> bool {
        let mut done = 0;
        for candidate in found.iter().filter(|c| c.kind == Kind::Packed) {
            let at = candidate.at as usize - base;
            if at < done {
                continue;
            }
            let Some((span, packed)) = Packed::at(text, at) else { continue };
            // What goes as a whole need not be looked into.
            let covers = |f: &Finding| f.recode.is_none() && f.span.start <= span.start && span.end <= f.span.end;
            if self.rules.all_are_final() && out.iter().any(covers) {
                done = span.end;
                continue;
            }
            let Some(inside) = packed.decode(&text[span.range()]) else { continue };
            done = span.end;
            let (rule, recode) = if layers == 0 {
                let Some(rule) = self.detector.too_deep_rule() else { return false };
                (rule, None)
            } else {
                let recode = Recode { packed, layers: layers as u8 - 1 };
                let mut masked = Vec::new();
                let tally = self.mask_inside(&inside, recode.layers, &mut masked);
                if tally.withheld() > 0 {
                    return false;
                }
                let Some(rule) = busiest(&tally) else { continue };
                (rule, Some(recode))
            };
            out.push(Finding { span, rule, quote: None, field: span, continued: false, recode });
        }
        true
    }

    /// Appends the text that `raw` spells, masked and spelled the same way; false if it spells none.
    pub(super) fn write_recoded(&self, recode: Recode, raw: &[u8], out: &mut Vec<u8>) -> bool {
        let Some(inside) = recode.packed.decode(raw) else { return false };
        let mut masked = Vec::new();
        self.mask_inside(&inside, recode.layers, &mut masked);
        recode.packed.encode(&masked, out);
        true
    }

    pub(super) fn mask_inside(&self, text: &[u8], layers: u8, out: &mut Vec<u8>) -> Tally {
        let mut scratch = Scratch { inside: true, ..Scratch::default() };
        scratch.layers.resize_with(usize::from(layers), Layer::default);
        self.mask_chunk(text, &mut State::default(), &mut scratch, out)
    }
}

/// The rule with the most edits, if there were any.
pub(super) fn busiest(tally: &Tally) -> Option<RuleIx> {
    let (rule, count) = tally.edits.iter().enumerate().rev().max_by_key(|(_, count)| **count)?;
    (*count > 0).then_some(RuleIx(rule as u16))
}

/// The whole of what is spelled round `at`: up to the next blank, quote, bracket or separator on either side.
pub(super) fn token_around(text: &[u8], at: usize) -> Span {
    let ends = |b: &u8| b.is_ascii_whitespace() || b"\"'`<>{}[](),;&".contains(b);
    let start = text[..at].iter().rposition(|b| ends(b) || matches!(b, b'=' | b'?')).map_or(0, |i| i + 1);
    Span::new(start, text[at..].iter().position(ends).map_or(text.len(), |i| at + i))
}
