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
    let only_counted = policy.observed.binary_search(&rule.id).is_ok() && !policy.seers.contains_key(&rule.id);
    let context = matches!(rule.find, Find::Fields { .. } | Find::Shape(Shape::UrlPassword));
    context && rule.class.starts_with("secret.") && !only_counted
}

/// Is the value random enough to be nothing else elsewhere? Eight bytes, five of them different, of two kinds: letters of
/// either case, digits, others; a word and a number are none.
fn is_telling(value: &[u8]) -> bool {
    if !(LEAST..=LONGEST).contains(&value.len()) {
        return false;
    }
    let (mut kinds, mut different, mut seen) = (0u32, 0, [0u64; 4]);
    for byte in value {
        kinds |= match byte {
            b'0'..=b'9' => 1,
            b'A'..=b'Z' => 2,
            b'a'..=b'z' => 4,
            _ => 8,
        };
        let (word, bit) = (&mut seen[usize::from(byte >> 6)], 1 << (byte & 63));
        different += u32::from(*word & bit == 0);
        *word |= bit;
        if different >= 5 && kinds.count_ones() >= 2 {
            return true;
        }
    }
    false
}

/// Records up to this length are searched for copies byte by byte, in bytes: to prepare a search costs more.
const SHORT: usize = 4096;

/// Calls `each` with the places where `value`, which is not empty, stands in `record`.
fn each_copy(record: &[u8], value: &[u8], mut each: impl FnMut(usize)) {
    if record.len() > SHORT {
        return memmem::find_iter(record, value).for_each(each);
    }
    // Capitals and digits are rarer than small letters.
    let place = value.iter().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(0);
    let mut from = 0;
    for hit in memchr::memchr_iter(value[place], record) {
        let Some(start) = hit.checked_sub(place).filter(|start| *start >= from) else { continue };
        if record[start..].starts_with(value) {
            each(start);
            from = start + value.len();
        }
    }
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
        let of = |finding: &Finding| self.conditions[finding.rule.0 as usize].strictness();
        let (most, seers) = proofs.iter().map(of).fold((0, u64::MAX), |all, one| (all.0.max(one.0), all.1 & one.1));
        let hides = |f: &&Finding| {
            let covers = || of(f).0 >= most && of(f).1 & !seers == 0;
            if self.viewed { covers() } else { self.rules.observes.get(f.rule.0 as usize) != Some(&true) }
        };
        let cover = Cover::by(findings.iter().filter(hides).map(|f| f.span));
        let word = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
        for proof in proofs {
            let value = &record[proof.span.range()];
            each_copy(record, value, |start| {
                let span = Span::new(start, start + value.len());
                let before = start.checked_sub(1).and_then(|at| record.get(at));
                // A part of a longer word is another word.
                let glued = word(before) && word(value.first()) || word(value.last()) && word(record.get(span.end));
                if glued || cover.holds(span) {
                    return;
                }
                let marker = |text: &[u8]| is_marker(text, &self.labels).is_some();
                if let Some((span, quote)) = listed::whole(record, span, &marker) {
                    findings.push(Finding { span, quote, field: span, ..proof });
                }
            });
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
