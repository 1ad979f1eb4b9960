//! Which values go on over the next lines: the block that a record opens.

use super::scan::{Candidate, Kind};
use super::{Detector, Known, key};
use crate::block::open::{Body, json, part_name};
use crate::edit::Finding;
use crate::format::quote::{closing, is_quote, opening, quote_at};
use crate::format::{docker, peel};
use crate::span::{RuleIx, Span};

impl Detector {
    /// The block that `record` opens, given its candidates (offsets from `base`) and what was claimed of it. Claims of an
    /// object that does not end here are taken back for those of its parts.
    pub fn opens(
        &self,
        record: &[u8],
        candidates: &[Candidate],
        base: usize,
        own: usize,
        findings: &mut Vec<Finding>,
        known: &mut Known,
    ) -> Option<(RuleIx, Body)> {
        let inside = if record.starts_with(b"{\"log\":\"") { docker::peel(record).map(|p| p.payload) } else { None };
        let inside = inside.unwrap_or(Span::new(0, record.len()));
        let end = inside.end - record[inside.range()].iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
        let last = *record[..end].last()?;
        if b"{[|>-+<\"'`".contains(&last) {
            let opened = self.opens_empty(record, end, candidates, base, known);
            if opened.is_some() {
                return opened;
            }
        }
        if let Some(opened) = self.opens_form(&record[inside.range()]) {
            return Some(opened);
        }
        for at in own..findings.len() {
            let Finding { span, field, rule, .. } = findings[at];
            if span.end < end || span.start == 0 {
                continue;
            }
            if field.start < span.start && matches!(record[span.start], b'{' | b'[') {
                let mut parts = Vec::new();
                let depth = json::rest(&record[..end], span.start, 0, &mut |claim| parts.push(claim));
                if depth > 0 {
                    let of = |f: &Finding| f.rule == rule && f.span == span;
                    let whole = findings[at];
                    let mut index = 0;
                    findings.retain(|f| {
                        index += 1;
                        index <= own || !of(f)
                    });
                    findings.extend(parts.iter().map(|(span, quote)| Finding {
                        span: *span,
                        field: *span,
                        quote: *quote,
                        ..whole
                    }));
                    return Some((rule, Body::Json { depth }));
                }
            } else if is_quote(record[span.start - 1]) {
                let quote = quote_at(record, span.start - 1);
                if span.end == inside.end && closing(record, span.start, quote).is_none() {
                    return Some((rule, Body::Quoted { quote }));
                }
            }
        }
        None
    }

    /// A record that ends in the key and what opens its value.
    fn opens_empty(
        &self,
        record: &[u8],
        end: usize,
        candidates: &[Candidate],
        base: usize,
        known: &mut Known,
    ) -> Option<(RuleIx, Body)> {
        let at = candidates.iter().rev().find(|c| c.kind == Kind::Key)?.at as usize - base;
        if at >= end {
            return None;
        }
        let arrow = usize::from(record[at..end].starts_with(b"=>"));
        let lead = arrow + record[at + 1 + arrow..end].iter().take_while(|b| b" \t".contains(b)).count();
        let rest = &record[at + 1 + lead..end];
        let key = key::before(record, at)?;
        let body = match rest {
            b"{" | b"[" if key.quote.is_some_and(|quote| quote.byte == b'"') => Body::Json { depth: 1 },
            b"|" | b">" | b"|-" | b">-" | b"|+" | b">+" if record[at] == b':' => {
                let start = peel(record).payload.start.min(key.start);
                let indent = record[start..].iter().take_while(|b| **b == b' ').count();
                let before = record[start + indent..key.start].iter().all(|b| b" -".contains(b));
                before.then_some(Body::Scalar { indent })?
            }
            b"<" if record[at] == b'=' => Body::Tabbed,
            _ => {
                let (quote, inside) = opening(record, end - rest.len(), 0)?;
                (inside == end).then_some(Body::Quoted { quote })?
            }
        };
        let mut matches = Vec::new();
        self.fields.rules_of(record, &key, at, known, &mut matches);
        matches.first().map(|found| (found.rule, body))
    }

    /// A form part with a sensitive name.
    fn opens_form(&self, payload: &[u8]) -> Option<(RuleIx, Body)> {
        const HEADER: &[u8] = b"content-disposition:";
        if !payload.get(..HEADER.len())?.eq_ignore_ascii_case(HEADER) {
            return None;
        }
        let mut matches = Vec::new();
        self.fields.names.lookup(part_name(payload)?, &mut matches);
        matches.first().map(|found| (found.rule, Body::Form { inside: false }))
    }
}
