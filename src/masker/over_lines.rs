//! Values that go on over the next lines: what open blocks claim of a record, and which blocks it opens.

use super::Masker;
use crate::block::open::{Blocks, Body, begins_static, is_key_line, word};
use crate::detect::scan::{Candidate, Kind, Kinds};
use crate::detect::{Known, begins_sentence, is_about};
use crate::edit::{Finding, retain_behind};
use crate::format::packed::Packed;
use crate::format::{self, colour};
use crate::span::{RuleIx, Span};
use memchr::memmem;

/// A longer record opens no block.
const LONGEST: usize = 64 << 10;

impl Masker {
    /// Appends what the open blocks claim of `record`, and opens those that begin in it. `findings` from `own` on are
    /// claims on this record alone.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn over_lines(
        &self,
        record: &[u8],
        candidates: &[Candidate],
        kinds: Kinds,
        base: usize,
        own: usize,
        blocks: &mut Blocks,
        known: &mut Known,
        findings: &mut Vec<Finding>,
    ) {
        let long = record.len() + 2 > LONGEST;
        if !long {
            end_with_message(record, own, findings);
        }
        let opened =
            if long { Vec::new() } else { self.detector.opens(record, candidates, kinds, base, own, findings, known) };
        let is_own = |span: Span, rule: RuleIx| {
            self.is_own_marker(&record[span.range()], self.conditions[rule.0 as usize].is_secret())
        };
        // What a secret key holds goes whatever it is; a part of the value of a person's field has to be one by itself.
        let stays = |span: Span, rule: RuleIx| {
            let conditions = &self.conditions[rule.0 as usize];
            is_own(span, rule) || !conditions.is_secret() && !conditions.hold(record, span)
        };
        if opened.iter().any(|(_, body)| matches!(body, Body::Json { .. })) {
            // Its parts were claimed one by one.
            retain_behind(findings, own, |finding| !is_own(finding.span, finding.rule));
        }
        let document = if opened.is_empty() && !long { document(record, &findings[own..]) } else { None };
        let public = blocks.line(record, |rule, member, (span, quote)| {
            // A section of settings may be called after what they are for: `email:` with hosts and times.
            let secret = member.is_empty() || self.conditions[rule.0 as usize].is_secret();
            let said = !secret || is_about(member) || is_said(record, member, span);
            if !stays(span, rule) && !said {
                findings.push(Finding { quote, ..Finding::of(span, rule) });
            }
        });
        for (rule, body) in opened.into_iter().chain(document) {
            blocks.open(record, rule, body);
        }
        if let Some(rule) = self.detector.private_key_rule().filter(|_| !long && kinds.has(Kinds::KEY_BLOCK)) {
            for candidate in candidates.iter().filter(|c| matches!(c.kind, Kind::KeyLine | Kind::Dashes)) {
                let at = candidate.at as usize - base;
                let line = &record[at..];
                let begins = line.starts_with(b"-----BEGIN ") || line.starts_with(b"-----begin ");
                let own = candidate.kind == Kind::KeyLine && !public;
                if let Some(span) = own.then(|| key_line(record, at)).flatten() {
                    findings.push(Finding::of(span, rule));
                    blocks.open(record, rule, Body::KeyBody);
                } else if begins && begins_static(line) {
                    blocks.open(record, rule, Body::StaticKey);
                } else if begins && begins_public(line) {
                    blocks.open(record, rule, Body::Public);
                }
            }
        }
    }
}

/// Is `span` a sentence that is an item of a list, `- must be at least 8 characters`, or the value of a member that was looked for by
/// no name? It says something of the field.
fn is_said(record: &[u8], member: &[u8], span: Span) -> bool {
    let plain = match record[..span.start] {
        [.., b'-', b' '] => true,
        [.., b':', b' '] => !member.is_empty(),
        _ => false,
    };
    plain && begins_sentence(&record[span.range()])
}

/// Ends claims with the message that they begin in: what its envelope has behind it is no part of a value, and a bracket that
/// ends the message is none at all.
fn end_with_message(record: &[u8], own: usize, findings: &mut Vec<Finding>) {
    if findings.len() == own || !matches!(record.last(), Some(b'}' | b'm')) {
        return;
    }
    // What ends the colour of a line is no part of a value in it.
    let end = colour::end(record);
    for finding in findings[own..].iter_mut().filter(|finding| finding.span.start < end) {
        finding.span.end = finding.span.end.min(end);
        finding.field.end = finding.field.end.min(end);
    }
    let message = format::peel(record).payload;
    if message.end == record.len() {
        return;
    }
    retain_behind(findings, own, |finding| {
        let inside = message.start <= finding.span.start && finding.span.start < message.end;
        if inside && finding.span.end > message.end {
            finding.span.end = message.end;
            finding.field.end = finding.field.end.min(message.end);
        }
        !(inside && finding.span.end == message.end && matches!(record[finding.span.range()], [b'[' | b'{' | b'(']))
    });
}

/// The here-document that a command reads whose output is a value that was claimed: `PASSWORD=$(cat <<EOT`.
fn document(record: &[u8], findings: &[Finding]) -> Option<(RuleIx, Body)> {
    let reads = |span: Span| [&b"$("[..], b"`"].iter().any(|begin| record[span.range()].starts_with(begin));
    let value = findings.iter().find(|finding| reads(finding.span))?;
    // What the envelope of docker has behind the message is no part of the word.
    let rest = &record[value.span.start..format::peel(record).payload.end.max(value.span.start)];
    let word = word(&rest[memmem::rfind(rest, b"<<")?..])?;
    Some((value.rule, Body::Here(word)))
}

/// The line of a private key that begins at `at`, if that is all that the record says, and no packed text.
fn key_line(record: &[u8], at: usize) -> Option<Span> {
    let payload = format::peel(record).payload;
    let span = Span::new(at, payload.end.max(at));
    let alone = record[payload.start.min(at)..at].iter().all(u8::is_ascii_whitespace);
    (alone && is_key_line(&record[span.range()]) && Packed::at(record, at).is_none()).then_some(span)
}

/// A whole header, `-----BEGIN CERTIFICATE-----`, of something that is no private key and does not end on this line.
fn begins_public(line: &[u8]) -> bool {
    let holds = |text: &[u8]| memmem::find(line, text).is_some();
    let label = line.get(11..).and_then(|rest| memmem::find(rest, b"-----"));
    label.is_some_and(|length| length < 64) && !holds(b"PRIVATE KEY") && !holds(b"-----END")
}
