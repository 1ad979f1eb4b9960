//! The value of a secret field again, elsewhere in its record: Serilog renders it into `@m`, loggers repeat a field in `msg`.

use super::Masker;
use super::told::Told;
use crate::action::marker::is_marker;
use crate::detect::listed;
use crate::edit::{Cover, Finding};
use crate::policy::rule::{Find, Shape};
use crate::policy::{Policy, Rule};
use crate::span::Span;
use memchr::memmem;

/// Fields of one record whose values are looked for again.
const MOST: usize = 16;
/// Fewest bytes of such a value.
const LEAST: usize = 8;
/// Most bytes of such a value.
const LONGEST: usize = 4096;

/// Does what this rule finds prove that the value is a secret, wherever it stands? Also if somebody sees it: which copies
/// are looked for does not depend on who looks.
pub(super) fn is_proof(rule: &Rule, policy: &Policy) -> bool {
    let only_counted = policy.observed.binary_search(&rule.id).is_ok() && !policy.ranks.contains_key(&rule.id);
    let context = matches!(rule.find, Find::Fields { .. } | Find::Shape(Shape::UrlPassword));
    context && rule.class.starts_with("secret.") && !only_counted
}

/// Is the value random enough to be nothing else elsewhere? Eight bytes, five of them different, of two kinds: letters of
/// either case, digits, others; a word and a number are none.
fn is_telling(value: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in value {
        seen[usize::from(*byte)] = true;
    }
    let any = |range: std::ops::RangeInclusive<u8>| {
        seen[usize::from(*range.start())..=usize::from(*range.end())].contains(&true)
    };
    let (digits, upper, lower) = (any(b'0'..=b'9'), any(b'A'..=b'Z'), any(b'a'..=b'z'));
    let others = value.iter().any(|b| !b.is_ascii_alphanumeric());
    let kinds = [digits, upper, lower, others].into_iter().filter(|kind| *kind).count();
    (LEAST..=LONGEST).contains(&value.len()) && seen.iter().filter(|seen| **seen).count() >= 5 && kinds >= 2
}

impl Masker {
    /// What of the findings says that its value is a secret wherever it stands.
    fn proofs<'f>(&'f self, record: &'f [u8], findings: &'f [Finding]) -> impl Iterator<Item = &'f Finding> + 'f {
        findings.iter().filter(|finding| {
            self.proofs[finding.rule.0 as usize]
                && !finding.continued
                && finding.recode.is_none()
                && is_telling(&record[finding.span.range()])
        })
    }

    /// Claims the copies of what the findings claim in secret fields.
    pub(super) fn claim_copies(&self, record: &[u8], findings: &mut Vec<Finding>) {
        let proofs: Vec<Finding> = self.proofs(record, findings).take(MOST).copied().collect();
        if proofs.is_empty() {
            return;
        }
        // What somebody sees covers nothing that they may not see.
        let most = proofs.iter().map(|proof| self.conditions[proof.rule.0 as usize].strictness()).max();
        let hides = |f: &&Finding| {
            let strictness = || Some(self.conditions[f.rule.0 as usize].strictness());
            if self.viewed { strictness() >= most } else { self.rules.observes.get(f.rule.0 as usize) != Some(&true) }
        };
        let cover = Cover::by(findings.iter().filter(hides).map(|f| f.span));
        let word = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
        for proof in proofs {
            let value = &record[proof.span.range()];
            for start in memmem::find_iter(record, value) {
                let span = Span::new(start, start + value.len());
                let before = start.checked_sub(1).and_then(|at| record.get(at));
                // A part of a longer word is another word.
                let glued = word(before) && word(value.first()) || word(value.last()) && word(record.get(span.end));
                if glued || cover.holds(span) {
                    continue;
                }
                let marker = |text: &[u8]| is_marker(text, &self.labels).is_some();
                if let Some((span, quote)) = listed::whole(record, span, &marker) {
                    findings.push(Finding { span, quote, field: span, ..proof });
                }
            }
        }
    }

    /// Claims what was told before, then remembers what the findings claim in secret fields, for the records behind this
    /// one.
    pub(super) fn learn_after(&self, record: &[u8], findings: &mut Vec<Finding>, told: &mut Told) {
        let own = findings.len();
        self.claim_told(record, told, findings);
        let hides = |f: &&Finding| self.rules.observes.get(f.rule.0 as usize) != Some(&true);
        for proof in self.proofs(record, &findings[..own]).filter(hides) {
            told.add_spelled(&record[proof.span.range()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_short_values_tell_nothing() {
        for value in ["hunter2", "production", "12345678", "aaaaaaa1", "PRODUCTION", ""] {
            assert!(!is_telling(value.as_bytes()), "{value}");
        }
        for value in ["hunter2-magpie", "k3v5w9m2", "correct horse", "Production9", "4bf92f3577b34da6"] {
            assert!(is_telling(value.as_bytes()), "{value}");
        }
    }
}
