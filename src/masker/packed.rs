//! Packed texts inside a record: judged as records of their own, and spelled again with their edits applied.

use super::{Layer, Masker, Scratch, State, decoded};
use crate::detect::scan::{Candidate, Kind};
use crate::edit::{Cover, Finding, Recode};
use crate::format::packed::{Packed, Tried};
use crate::slashes;
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
        let mut places = found.iter().filter(|c| c.kind == Kind::Packed).peekable();
        if places.peek().is_none() {
            return true;
        }
        // What goes as a whole need not be looked into, unless a rule may take it back.
        let whole = out.iter().filter(|f| f.recode.is_none() && self.rules.all_are_final());
        let cover = Cover::by(whole.map(|f| f.span));
        let (mut done, mut tried) = (0, Tried::default());
        let (mut start, mut seen) = (0, 0);
        for candidate in places {
            let at = candidate.at as usize - base;
            if at < done {
                continue;
            }
            // The digits of `%20` are none of it, and `\/` is a part of it: both are seen where they are decoded.
            let in_token = |b: &u8| b.is_ascii_alphanumeric() || b"-_".contains(b);
            start = text[seen..at].iter().rposition(|b| !in_token(b)).map_or(start, |i| seen + i + 1);
            seen = at;
            if text[..start].ends_with(b"%") || text[..start].ends_with(b"\\/") {
                continue;
            }
            let Some((span, packed)) = Packed::next(text, at, &mut tried) else { continue };
            if cover.holds(span) {
                done = span.end;
                continue;
            }
            let Some(inside) = packed.decode(&text[span.range()]) else { continue };
            done = span.end;
            let slashes = slashes::leading(&text[done..]);
            if slashes > 0 && text.get(done + slashes) == Some(&b'/') {
                continue;
            }
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
            out.push(Finding { recode, ..Finding::of(span, rule) });
        }
        true
    }

    /// Appends the text that `record[span]` spells, masked and spelled the same way; false if it spells none.
    pub(super) fn write_recoded(&self, recode: Recode, record: &[u8], span: Span, out: &mut Vec<u8>) -> bool {
        let raw = &record[span.range()];
        let plain = decoded(raw);
        let Some(inside) = recode.packed.decode(&plain) else { return false };
        let (mut masked, mut packed) = (Vec::new(), Vec::new());
        self.mask_inside(&inside, recode.layers, &mut masked);
        recode.packed.encode(&masked, &mut packed);
        let percents = percents_before(&record[..span.start]);
        for byte in packed {
            match byte {
                b'=' | b'+' | b'/' => spell(byte, raw, percents, out),
                byte => out.push(byte),
            }
        }
        true
    }

    pub(super) fn mask_inside(&self, text: &[u8], layers: u8, out: &mut Vec<u8>) -> Tally {
        self.mask_next_inside(text, &mut State::default(), layers, out)
    }

    /// The same behind others, which left `state`.
    pub(super) fn mask_next_inside(&self, text: &[u8], state: &mut State, layers: u8, out: &mut Vec<u8>) -> Tally {
        let mut scratch = Scratch { inside: true, ..Scratch::default() };
        scratch.layers.resize_with(usize::from(layers), Layer::default);
        self.mask_chunk(text, state, &mut scratch, out)
    }
}

/// How often the text that ends here is percent-encoded, as its last character tells: `%3D` once, `%253D` twice.
fn percents_before(text: &[u8]) -> usize {
    let Some(escape) = text.len().checked_sub(2) else { return 0 };
    if !text[escape..].iter().all(u8::is_ascii_hexdigit) {
        return 0;
    }
    let mut at = escape;
    let mut times = 0;
    while at >= 2 && &text[at - 2..at] == b"25" {
        at -= 2;
        times += 1;
    }
    if at > 0 && text[at - 1] == b'%' { times + 1 } else { 0 }
}

/// Appends a character of base64 that layers around may have to escape: as `raw` spells it, or as percent encoding does.
fn spell(byte: u8, raw: &[u8], percents: usize, out: &mut Vec<u8>) {
    if percents > 0 {
        out.push(b'%');
        out.extend(std::iter::repeat_n(b"25", percents - 1).flatten());
        out.extend_from_slice(format!("{byte:02X}").as_bytes());
        return;
    }
    let escape = format!("u{byte:04x}");
    let at = match byte {
        b'/' => memchr::memmem::find(raw, b"\\/").map(|at| at + 1),
        _ => raw.windows(escape.len()).position(|w| w.eq_ignore_ascii_case(escape.as_bytes())),
    };
    if let Some(at) = at.filter(|at| *at > 0 && raw[at - 1] == b'\\') {
        let slashes = slashes::trailing(&raw[..at]);
        let length = if byte == b'/' { 1 } else { escape.len() };
        out.extend_from_slice(&raw[at - slashes..at + length]);
    } else {
        out.push(byte);
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
