//! The value of a field again, elsewhere in its record: Serilog renders it into `@m`, loggers repeat a field in `msg`.

use super::Masker;
use super::told::Told;
use crate::action::marker::is_marker;
use crate::detect::listed;
use crate::edit::{Cover, Finding};
use crate::format::quote::{closing, quote_at};
use crate::listed::Literals;
use crate::policy::rule::{Find, Shape};
use crate::policy::{Policy, Rule};
use crate::span::{RuleIx, Span};
use memchr::{memchr, memchr3, memchr3_iter, memmem};
use std::cell::LazyCell;

/// Fields of one record whose values are looked for again.
const MOST: usize = 16;
/// Fewest bytes of such a value.
const LEAST: usize = 8;
/// Most bytes of such a value.
const LONGEST: usize = 4096;

/// Names of fields of one record that are looked for in templates.
const NAMES: usize = 64;

/// Most bytes of one that is looked for in other spellings.
const LONGEST_SPELLED: usize = 256;

/// Where the value of what a rule finds is to be hidden besides.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// The same text may mean something else.
    Nowhere,
    /// Who is meant in its own record.
    InRecord,
    /// It is a secret wherever it stands.
    Everywhere,
}

impl Proof {
    /// That of `rule`. Also if somebody sees its values: which copies are looked for does not depend on who looks.
    pub(super) fn of(rule: &Rule, policy: &Policy) -> Proof {
        const WHO: [&str; 5] = ["pii.name", "pii.address", "pii.national-id", "pii.document", "pay.account"];
        let only_counted = policy.observes(rule) && !policy.seers.contains_key(&*rule.id);
        match &rule.find {
            _ if only_counted => Proof::Nowhere,
            Find::Fields { .. } | Find::Shape(Shape::UrlPassword) if rule.class.starts_with("secret.") => {
                Proof::Everywhere
            }
            Find::Fields { .. } if WHO.contains(&&*rule.class) => Proof::InRecord,
            _ => Proof::Nowhere,
        }
    }

    /// Does a value tell what it is?
    fn tells(self, value: &[u8]) -> bool {
        match self {
            Proof::Nowhere => false,
            // One word may be that of a place or a thing, too, and a list that of anything.
            Proof::InRecord => {
                let begins = value.first().is_some_and(|b| b.is_ascii_alphanumeric() || !b.is_ascii());
                begins && is_telling(value) && value.iter().any(|b| *b == b' ' || b.is_ascii_digit())
            }
            Proof::Everywhere => is_telling(value),
        }
    }
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
    let place = (0..value.len().min(32)).max_by_key(|at| rarity(value[*at])).unwrap_or(0);
    let mut from = 0;
    for hit in memchr::memchr_iter(value[place], record) {
        let Some(start) = hit.checked_sub(place).filter(|start| *start >= from) else { continue };
        if record[start..].starts_with(value) {
            each(start);
            from = start + value.len();
        }
    }
}

/// How rare a byte is in logs.
fn rarity(byte: u8) -> u8 {
    match byte {
        b'J' | b'K' | b'Q' | b'V'..=b'Z' | b'!' | b'#' | b'$' | b'^' | b'~' | b'*' | b'+' => 4,
        b'A'..=b'Z' | b'j' | b'q' | b'x' | b'z' => 3,
        b'k' | b'v' | b'w' | b'y' => 2,
        b'b'..=b'd' | b'f'..=b'h' | b'l' | b'm' | b'p' | b'u' => 1,
        _ => 0,
    }
}

/// Calls `each` with the places where what the value at `own` stands for is spelled in another way: without the escapes of
/// its string, with those of another one, for a URL. Of a value without odd characters there is none. `same` are its copies as it
/// is spelled at `own`, in order; `escapes` tells whether the record has anything escaped in it.
///
/// A backslash at its end could be one of the quote behind it.
fn each_spelled(record: &[u8], own: Span, same: &[Span], escapes: impl FnOnce() -> bool, mut each: impl FnMut(Span)) {
    let value = &record[own.range()];
    let plain = value.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(b));
    if plain || value.ends_with(b"\\") || value.len() > LONGEST_SPELLED || !escapes() {
        return;
    }
    let escaped = memchr(b'\\', value).is_some();
    let others = || has_escapes(&record[..own.start]) || has_escapes(&record[own.end..]);
    if !escaped && !others() {
        return;
    }
    let text = if escaped { serde_json::from_slice::<String>(&[b"\"", value, b"\""].concat()).ok() } else { None };
    let spelled = text.as_ref().map_or(value, |text| text.as_bytes());
    // To look for all spellings costs as much as to mask many lines. Mostly there are only quotes and line breaks to escape, and
    // then a copy has the letters and digits of the value as they are.
    let run = spelled.split(|b| !b.is_ascii_alphanumeric()).max_by_key(|run| run.len()).unwrap_or_default();
    let may_hold = |text: &[u8]| escapes_letters(text) || memmem::find(text, run).is_some();
    if text.is_some() && !is_telling(spelled) || !may_hold(&record[..own.start]) && !may_hold(&record[own.end..]) {
        return;
    }
    let mut literals = Literals::default();
    let mut other = |span: Span| {
        if span.end <= own.start || own.end <= span.start {
            each(span);
        }
    };
    if literals.add(spelled).is_ok() {
        literals.scan(record, |at| {
            let next = same.partition_point(|copy| copy.end <= at);
            if same.get(next).is_none_or(|copy| at < copy.start) {
                literals.at(record, at, &mut other);
            }
        });
    }
}

/// Does `text` end in an escape, whose last letter or digit is none of a word: `\n`, `%22`, `\u0022`, `\x22`?
fn ends_escape(text: &[u8]) -> bool {
    let hex = |length: usize| text.len() > length && text[text.len() - length..].iter().all(u8::is_ascii_hexdigit);
    let spelled = |escape: &[u8], length: usize| hex(length) && text[..text.len() - length].ends_with(escape);
    matches!(text, [.., b'\\', b'n' | b'r' | b't' | b'f' | b'b'])
        || spelled(b"%", 2)
        || hex(2) && text[..text.len() - 2].ends_with(b"25")
        || spelled(b"\\x", 2)
        || spelled(b"\\u", 4)
}

fn has_escapes(text: &[u8]) -> bool {
    memchr3(b'\\', b'%', b'&', text).is_some()
}

/// May letters be escaped in `text`, as `\u0061`, `%61` or `&#97;`?
fn escapes_letters(text: &[u8]) -> bool {
    memchr3_iter(b'\\', b'%', b'&', text)
        .any(|at| text[at] != b'\\' || !text.get(at + 1).is_some_and(|b| b"\"\\/nrtbf".contains(b)))
}

/// Where the name of the field is said that `finding` is the value of, if that is one of JSON.
fn name<'r>(record: &'r [u8], finding: &Finding) -> Option<&'r [u8]> {
    let rest = record[finding.field.start..finding.span.start].strip_prefix(b"\"")?;
    memchr(b'"', rest).map(|end| &rest[..end])
}

/// Does a template that the record repeats name the field: `{Pin}`? Then the message that was made of it holds its value,
/// however short that is.
fn is_rendered<'r>(record: &'r [u8], finding: &Finding, seen: &mut Vec<(&'r [u8], bool)>) -> bool {
    let Some(name) = name(record, finding).filter(|name| !name.is_empty() && finding.span.len() >= 3) else {
        return false;
    };
    if let Some((_, rendered)) = seen.iter().find(|(known, _)| *known == name) {
        return *rendered;
    }
    if seen.len() == NAMES {
        return false;
    }
    let rendered = memmem::find_iter(record, name).any(|at| {
        let before = record[..at].strip_suffix(b"@").unwrap_or(&record[..at]);
        before.ends_with(b"{") && matches!(record.get(at + name.len()), Some(b'}' | b':' | b','))
    });
    seen.push((name, rendered));
    rendered
}

/// Calls `each` with the places of the value in the messages of its record.
fn each_rendered(record: &[u8], finding: Finding, mut each: impl FnMut(Span)) {
    const MESSAGES: [&[u8]; 5] = [b"\"@m\":", b"\"RenderedMessage\":", b"\"Message\":", b"\"message\":", b"\"msg\":"];
    let value = &record[finding.span.range()];
    for at in MESSAGES.iter().flat_map(|key| memmem::find_iter(record, key).map(|at| at + key.len())) {
        let open = at + record[at..].iter().take_while(|b| **b == b' ').count();
        if record.get(open) != Some(&b'"') {
            continue;
        }
        let end = closing(record, open + 1, quote_at(record, open)).unwrap_or(record.len());
        each_copy(&record[open..end], value, |start| each(Span::new(open + start, open + start + value.len())));
    }
}

impl Masker {
    /// What of the findings says that its value is to be hidden wherever it stands in the record.
    fn proofs<'f>(&'f self, record: &'f [u8], findings: &'f [Finding]) -> impl Iterator<Item = &'f Finding> + 'f {
        // Fields of one name have the same answer; each costs a search of the record.
        let mut rendered: Vec<(&[u8], bool)> = Vec::new();
        findings.iter().filter(move |finding| {
            let proof = self.proofs[finding.rule.0 as usize];
            proof != Proof::Nowhere
                && !finding.continued
                && finding.recode.is_none()
                && (proof.tells(&record[finding.span.range()]) || is_rendered(record, finding, &mut rendered))
        })
    }

    /// Claims the copies of what the findings claim in secret fields.
    pub(super) fn claim_copies(&self, record: &[u8], findings: &mut Vec<Finding>) {
        let mut proofs: Vec<Finding> = self.proofs(record, findings).take(MOST).copied().collect();
        if proofs.is_empty() {
            return;
        }
        let tells = |proof: &Finding| self.proofs[proof.rule.0 as usize].tells(&record[proof.span.range()]);
        // A value that stands in several fields is looked for once.
        let mut told: Vec<(RuleIx, &[u8])> = Vec::with_capacity(proofs.len());
        proofs.retain(|proof| {
            let one = (proof.rule, &record[proof.span.range()]);
            let first = !told.contains(&one) || !tells(proof);
            told.extend(first.then_some(one));
            first
        });
        // What somebody sees covers nothing that they may not see.
        let of = |finding: &Finding| self.conditions[finding.rule.0 as usize].strictness();
        let (most, seers) = proofs.iter().map(of).fold((0, u64::MAX), |all, one| (all.0.max(one.0), all.1 & one.1));
        let hides = |f: &&Finding| {
            let covers = || of(f).0 >= most && of(f).1 & !seers == 0;
            if self.viewed { covers() } else { self.rules.observes.get(f.rule.0 as usize) != Some(&true) }
        };
        let (own, mut cover) = (findings.len(), None);
        let escapes = LazyCell::new(|| has_escapes(record));
        let word = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
        let mut copies = Vec::new();
        for proof in proofs {
            let value = &record[proof.span.range()];
            if tells(&proof) {
                each_copy(record, value, |start| copies.push(Span::new(start, start + value.len())));
                let mut others = Vec::new();
                each_spelled(record, proof.span, &copies, || *escapes, |span| others.push(span));
                copies.append(&mut others);
            } else {
                each_rendered(record, proof, |span| copies.push(span));
            }
            for span in copies.drain(..) {
                let copy = &record[span.range()];
                let before = span.start.checked_sub(1).and_then(|at| record.get(at));
                // A part of a longer word is another word.
                let behind_word = word(before) && !ends_escape(&record[..span.start]);
                let glued = behind_word && word(copy.first()) || word(copy.last()) && word(record.get(span.end));
                // It covers itself. Most values have no copy.
                if glued || span == proof.span && !self.viewed {
                    continue;
                }
                let claimed = || Cover::by(findings[..own].iter().filter(hides).map(|f| f.span));
                if cover.get_or_insert_with(claimed).holds(span) {
                    continue;
                }
                let marker = |text: &[u8]| is_marker(text, self.labels()).is_some();
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
        let everywhere = |f: &&Finding| self.proofs[f.rule.0 as usize] == Proof::Everywhere;
        let tells = |f: &&Finding| everywhere(f) && is_telling(&record[f.span.range()]);
        for proof in self.proofs(record, &findings[..own]).filter(hides).filter(tells) {
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
