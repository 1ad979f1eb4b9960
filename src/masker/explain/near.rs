//! Why something is not masked: which rules came near, and what they failed on. Never the value.
//!
//! Looks for what a rule would find if it asked for less: without its checks, without its boundaries, with a name that has
//! a word more. Slower by far than masking, and only for people.

use super::super::Masker;
use crate::detect::claim::{Conditions, Sink};
use crate::detect::{Known, key};
use crate::edit::Finding;
use crate::format::nesting::Nesting;
use crate::policy::Policy;
use crate::policy::pattern::{GROUP, syntax};
use crate::policy::rule::{Find, Rule, Shape, Validate};
use crate::span::{RuleIx, Span};
use regex_automata::meta::Regex;
use regex_syntax::hir::{Hir, HirKind};
use std::collections::BTreeSet;
use std::collections::HashMap;

/// A rule that nearly found something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Near {
    /// Where, in bytes.
    pub span: Span,
    /// The rule's id.
    pub rule: String,
    /// Its class.
    pub class: String,
    /// What it failed on.
    pub why: String,
}

/// Finds what comes near the rules of one policy; compiles what it needs when it needs it.
pub struct Nearness<'m> {
    masker: &'m Masker,
    policy: &'m Policy,
    relaxed: HashMap<usize, Option<Regex>>,
    strict: HashMap<usize, Option<Regex>>,
}

/// Where `anchor` stands at the beginning of a word.
fn where_a_word_begins(record: &[u8], anchor: &[u8]) -> Option<usize> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    memchr::memmem::find_iter(record, anchor).find(|at| *at == 0 || !(word(record[at - 1]) && word(anchor[0])))
}

impl<'m> Nearness<'m> {
    /// For `masker`, which was compiled of `policy`.
    pub fn new(masker: &'m Masker, policy: &'m Policy) -> Nearness<'m> {
        Nearness { masker, policy, relaxed: HashMap::new(), strict: HashMap::new() }
    }

    /// What came near in one line, in order. What is masked anyway, by whichever rule, is left out.
    pub fn of(&mut self, record: &[u8]) -> Vec<Near> {
        let masked: Vec<Span> = self.masker.explain(record).iter().map(|found| found.span).collect();
        let mut found = BTreeSet::new();
        self.refused(record, &mut found);
        self.patterns(record, &mut found);
        self.names(record, &mut found);
        self.shapes(record, &mut found);
        let touches = |near: &Near| masked.iter().any(|span| span.start < near.span.end && near.span.start < span.end);
        found.into_iter().filter(|near| !touches(near)).collect()
    }

    /// Claims whose conditions do not hold.
    fn refused(&self, record: &[u8], found: &mut BTreeSet<Near>) {
        let (mut candidates, mut known, mut findings) = (Vec::new(), Known::default(), Vec::<Finding>::new());
        self.masker.detector.scan(record, &mut known, &mut candidates);
        let markers = |_: &[u8], _: bool| false;
        let mut sink = Sink::new(record, &self.masker.conditions, &markers, &mut known, &mut findings);
        sink.refused = Some(Vec::new());
        self.masker.detector.find(record, &candidates, 0, Nesting::default(), &mut sink);
        for (span, ix) in sink.refused.take().unwrap_or_default() {
            if let Some(rule) = self.policy.rules.get(ix.0 as usize)
                && let Some(why) = self.conditions(ix).why_not(record, span)
            {
                found.insert(near(rule, span, why));
            }
        }
    }

    fn conditions(&self, ix: RuleIx) -> &Conditions {
        &self.masker.conditions[ix.0 as usize]
    }

    /// Patterns that match but for a boundary, a keyword, or the end of a value that begins as they want it.
    fn patterns(&mut self, record: &[u8], found: &mut BTreeSet<Near>) {
        let policy = self.policy;
        for (ix, rule) in policy.rules.iter().enumerate() {
            let Find::Pattern { pattern, keywords, anchors, .. } = &rule.find else { continue };
            let holds = |word: &str| memchr::memmem::find(record, word.as_bytes()).is_some();
            let begun = anchors.iter().find(|anchor: &&str| holds(anchor));
            let own = rule.origin.is_some();
            if begun.is_none() && !own && !keywords.iter().any(holds) {
                continue;
            }
            let strict = self.strict.entry(ix).or_insert_with(|| compile(pattern, false));
            if let Some(span) = strict.as_ref().and_then(|regex| search(regex, record)) {
                if !keywords.is_empty() && !keywords.iter().any(holds) {
                    found.insert(near(rule, span, "the pattern matches, but none of its keywords stands in the line"));
                }
                continue;
            }
            let relaxed = self.relaxed.entry(ix).or_insert_with(|| compile(pattern, true));
            if let Some(span) = relaxed.as_ref().and_then(|regex| search(regex, record)) {
                let why = "it matches but for its boundary: another character of a word stands next to it";
                found.insert(near(rule, span, why));
            } else if let Some(anchor) = begun
                && let Some(start) = where_a_word_begins(record, anchor.as_bytes())
            {
                let ends = |b: &u8| b.is_ascii_whitespace() || b"\"'`<>,;&(){}[]".contains(b);
                let length = record[start..].iter().position(ends).unwrap_or(record.len() - start).max(anchor.len());
                let why =
                    format!("begins with {anchor}, but the {length} characters do not have the form of the pattern");
                found.insert(near(rule, Span::new(start, start + length), why));
            }
        }
    }

    /// Keys that are named by a rule but for a word, or that are and hold nothing to mask.
    fn names(&self, record: &[u8], found: &mut BTreeSet<Near>) {
        for separator in memchr::memchr2_iter(b'=', b':', record) {
            let Some(key) = key::before(record, separator) else { continue };
            let name = &record[key.name.range()];
            let own = self.masker.detector.rules_named(name);
            for ix in &own {
                if let Some(rule) = self.policy.rules.get(ix.0 as usize) {
                    let why = "the key is named by the rule, but what follows is empty, a placeholder, true, false or null, or a sentence";
                    let end = record.len().min(separator + 2);
                    // Findings behind the separator touch this and take it out.
                    found.insert(near(rule, Span::new(key.name.start, value_end(record, end)), why));
                }
            }
            if !own.is_empty() {
                continue;
            }
            for part in parts(name) {
                let part = Span::new(key.name.start + part.start, key.name.start + part.end);
                let rules = self.masker.detector.rules_named(&record[part.range()]);
                if let Some(rule) = rules.first().and_then(|ix| self.policy.rules.get(ix.0 as usize)) {
                    let why = format!(
                        "names {}, but the key has more words, which make it something else",
                        String::from_utf8_lossy(&record[part.range()])
                    );
                    found.insert(near(rule, key.name, why));
                    break;
                }
            }
        }
    }

    /// Numbers and words that look like a shape, and why they are none.
    fn shapes(&self, record: &[u8], found: &mut BTreeSet<Near>) {
        for rule in &self.policy.rules {
            let Find::Shape(shape) = &rule.find else { continue };
            let Some((probe, reason)) = probe(*shape) else { continue };
            let Some(regex) = compile(probe, false) else { continue };
            for hit in regex.find_iter(record) {
                let span = Span::new(hit.start(), hit.end());
                found.insert(near(rule, span, reason(&record[span.range()])));
            }
        }
    }
}

fn near(rule: &Rule, span: Span, why: impl Into<String>) -> Near {
    Near { span, rule: rule.id.to_string(), class: rule.class.to_string(), why: why.into() }
}

fn value_end(record: &[u8], from: usize) -> usize {
    let ends = |b: &u8| b.is_ascii_whitespace() || b",;&".contains(b);
    let skip = record[from..].iter().take_while(|b| b" \"'".contains(b)).count();
    record[from + skip..].iter().position(ends).map_or(record.len(), |at| from + skip + at).max(from)
}

type Reason = fn(&[u8]) -> String;

/// What has the outline of a shape, and what to say of it.
fn probe(shape: Shape) -> Option<(&'static str, Reason)> {
    Some(match shape {
        Shape::Card => (r"\b[0-9](?:[ -]?[0-9]){12,18}\b", |value| {
            if !Validate::Luhn.holds(value) {
                "the check digit (Luhn) does not hold".to_owned()
            } else if !Validate::Card.holds(value) {
                "no issuer has numbers of this beginning and length".to_owned()
            } else {
                "grouping, neighbours or the name of its field say that it is no card number".to_owned()
            }
        }),
        Shape::Iban => (r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\b", |value| {
            if Validate::Iban.holds(value) {
                "its neighbours say that it is no IBAN".to_owned()
            } else {
                "country, length or check digits (mod 97) do not hold".to_owned()
            }
        }),
        Shape::Ssn => (r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b", |value| {
            if Validate::Ssn.holds(value) {
                "a word near or a boundary that the rule asks for is missing".to_owned()
            } else {
                "no such number was ever issued".to_owned()
            }
        }),
        Shape::Ipv4 => (r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b", |_| {
            "private, loopback, documentation or other special address, or part of a version or longer number"
                .to_owned()
        }),
        Shape::Email => (r"[A-Za-z0-9._%+-]+@[A-Za-z0-9._-]+", |_| {
            "the part behind @ is no domain, or what stands round it says that it is no address".to_owned()
        }),
        Shape::Jwt => (r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*", |_| {
            "the first part is no JOSE header, or the parts are not those of a token".to_owned()
        }),
        Shape::Phone => (r"\+[0-9](?:[ ()./-]?[0-9]){6,16}\b", |_| {
            "country code, length or grouping are not those of a telephone number".to_owned()
        }),
        _ => return None,
    })
}

/// The regex of a pattern; `relaxed` without its look-arounds.
fn compile(pattern: &str, relaxed: bool) -> Option<Regex> {
    let hir = regex_automata::util::syntax::parse_with(pattern, &syntax()).ok()?;
    let hir = if relaxed { without_looks(&hir) } else { hir };
    let config = Regex::config().utf8_empty(false);
    Regex::builder().configure(config).build_from_hir(&hir).ok()
}

fn without_looks(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Look(_) => Hir::empty(),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) => hir.clone(),
        HirKind::Repetition(repetition) => {
            let mut repetition = repetition.clone();
            repetition.sub = Box::new(without_looks(&repetition.sub));
            Hir::repetition(repetition)
        }
        HirKind::Capture(capture) => {
            let mut capture = capture.clone();
            capture.sub = Box::new(without_looks(&capture.sub));
            Hir::capture(capture)
        }
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(without_looks).collect()),
        HirKind::Alternation(ways) => Hir::alternation(ways.iter().map(without_looks).collect()),
    }
}

/// The secret of the first match.
fn search(regex: &Regex, record: &[u8]) -> Option<Span> {
    let mut captures = regex.create_captures();
    regex.captures(record, &mut captures);
    let group = captures.get_group_by_name(GROUP).or_else(|| captures.get_match().map(|found| found.span()))?;
    Some(Span::new(group.start, group.end))
}

/// All runs of words within a name of several words, the longest first.
fn parts(name: &[u8]) -> Vec<Span> {
    let mut bounds = vec![0];
    for at in 1..name.len() {
        let (before, here) = (name[at - 1], name[at]);
        let split = !before.is_ascii_alphanumeric() || !here.is_ascii_alphanumeric();
        if split || before.is_ascii_lowercase() && here.is_ascii_uppercase() {
            bounds.push(at);
        }
    }
    bounds.push(name.len());
    let mut parts = Vec::new();
    for (i, start) in bounds.iter().enumerate() {
        for end in &bounds[i + 1..] {
            let word = |b: &u8| b.is_ascii_alphanumeric();
            let inside = &name[*start..*end];
            if inside.len() < name.len() && inside.first().is_some_and(word) && inside.last().is_some_and(word) {
                parts.push(Span::new(*start, *end));
            }
        }
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts.truncate(24);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_names_are_runs_of_words() {
        let of = |name: &'static str| parts(name.as_bytes()).iter().map(|p| &name[p.range()]).collect::<Vec<_>>();
        assert_eq!(of("token_count"), ["token", "count"]);
        assert_eq!(of("maxTokenAge"), ["maxToken", "TokenAge", "Token", "max", "Age"]);
        assert_eq!(of("token"), [""; 0]);
    }
}
