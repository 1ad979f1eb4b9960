//! What a rule needs before its claim counts, and where claims are gathered.

use super::known::Known;
use super::names::Match;
use super::near::Near;
use super::paths::glob_fits;
use crate::edit::Finding;
use crate::format::quote::Quote;
use crate::policy::rule::{Shape, Validate};
use crate::policy::texts::Texts;
use crate::policy::{Find, Rule};
use crate::span::{RuleIx, Span};
use std::collections::HashMap;
use std::sync::OnceLock;

/// What markers begin with; those that show a part of the value have tildes instead.
const PREFIX: &[u8] = b"REDACTED-";

/// What sealed values begin with, however long they are.
const SEALED: &[u8] = b"lm1~";

/// Steps allowed per byte of a record, beyond which it is withheld.
const WORK_PER_BYTE: usize = 96;
/// Steps allowed whatever the length.
const WORK_FLOOR: usize = 1 << 22;

/// A claim as a detector makes it.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// By this rule,
    pub rule: RuleIx,
    /// on these bytes of the text that was looked at,
    pub span: Span,
    /// which need these quotes if they are replaced,
    pub quote: Option<Quote>,
    /// in this field.
    pub field: Span,
}

/// Conditions of one rule.
pub struct Conditions {
    validate: Vec<Validate>,
    /// `None` for most of hundreds of rules.
    near: Option<Box<Made<Near>>>,
    /// `None` for most of hundreds of rules.
    allow: Option<Box<Made<Allowed>>>,
    strictness: (u8, u64),
    /// It depends on who looks what is hidden.
    viewed: bool,
    /// Of class `secret.*`.
    secret: bool,
    found: Found,
}

/// What is made of some words when it is first needed: few of hundreds of rules find anything in a run.
struct Made<T> {
    of: Texts,
    it: OnceLock<T>,
}

impl<T> Made<T> {
    /// Of these words; nothing of none.
    fn of(words: &Texts) -> Option<Box<Made<T>>> {
        (!words.is_empty()).then(|| Box::new(Made { of: words.clone(), it: OnceLock::new() }))
    }

    fn get(&self, make: impl FnOnce(&Texts) -> T) -> &T {
        self.it.get_or_init(|| make(&self.of))
    }
}

/// How a rule finds its values, for people.
#[derive(Clone, Copy)]
enum Found {
    Pattern,
    Fields,
    Shape(Shape),
    Listed,
}

impl Conditions {
    /// Those of `rule`, whose action has this strictness, and what it finds these seers, in a policy that depends on who looks
    /// or does not.
    pub fn new(rule: &Rule, strictness: (u8, u64), viewed: bool) -> Conditions {
        Conditions {
            validate: rule.validate.clone(),
            near: Made::of(&rule.near),
            allow: Made::of(&rule.allow),
            strictness,
            viewed,
            secret: rule.class.starts_with("secret."),
            found: match &rule.find {
                Find::Pattern { .. } => Found::Pattern,
                Find::Fields { .. } => Found::Fields,
                Find::Shape(shape) => Found::Shape(*shape),
                Find::Listed => Found::Listed,
            },
        }
    }

    /// How strict the rule's action is, or how few may see what it finds; and who, a bit for each role.
    pub fn strictness(&self) -> (u8, u64) {
        self.strictness
    }

    /// Is the rule one for secrets?
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// What was checked, in words.
    pub fn verdict(&self) -> String {
        let mut text = match self.found {
            Found::Pattern => "pattern matched".to_string(),
            Found::Fields => "key is named by the rule".to_string(),
            Found::Shape(shape) => format!("shape {}", shape.name()),
            Found::Listed => "value was listed".to_string(),
        };
        for check in &self.validate {
            text.push_str(", ");
            text.push_str(&check.name());
            text.push_str(" holds");
        }
        if self.near.is_some() {
            text += ", a context word is near";
        }
        text
    }
}

/// Gathers the claims on one text.
pub struct Sink<'a> {
    text: &'a [u8],
    conditions: &'a [Conditions],
    markers: &'a dyn Fn(&[u8], bool) -> bool,
    /// Where they go.
    pub findings: &'a mut Vec<Finding>,
    /// Keys that were looked up before.
    pub known: &'a mut Known,
    /// A buffer for key look-ups.
    pub matches: Vec<Match>,
    /// Values up to here are claimed by key already …
    pub covered: usize,
    /// … with an action this strict.
    pub covered_strictness: (u8, u64),
    /// Where the search for an element's start tag begins at the earliest.
    pub tag_floor: usize,
    /// By index of a pattern without a usable beginning: up to where it was searched.
    pub seen: HashMap<u16, usize>,
    /// Up to where conditions of SQL were searched for lists and ranges, and up to where a list was read whose values are claimed.
    pub compared: (usize, usize),
    /// Up to where long runs were searched for literals inside.
    pub run_seen: usize,
    /// Where the last run of base64url ends in which a token may begin.
    pub part_end: usize,
    /// Bytes stepped over so far, beyond one pass.
    pub work: usize,
    /// Bytes that searches for patterns of users could have stepped over at most.
    pub owed: usize,
    /// Claims whose conditions do not hold, for whoever asks why something is not masked.
    pub refused: Option<Vec<(Span, RuleIx)>>,
    /// Markers that stood in the input already.
    pub already_masked: u64,
}

impl<'a> Sink<'a> {
    /// An empty one for `text`. `markers` tells whether a value is a marker of this policy, and
    /// one that may stand for a secret.
    pub fn new(
        text: &'a [u8],
        conditions: &'a [Conditions],
        markers: &'a dyn Fn(&[u8], bool) -> bool,
        known: &'a mut Known,
        findings: &'a mut Vec<Finding>,
    ) -> Sink<'a> {
        let matches = Vec::new();
        known.begin_text();
        Sink {
            text,
            conditions,
            markers,
            findings,
            known,
            matches,
            covered: 0,
            covered_strictness: (0, 0),
            tag_floor: 0,
            seen: HashMap::default(),
            compared: (0, 0),
            run_seen: 0,
            part_end: 0,
            work: 0,
            owed: 0,
            refused: None,
            already_masked: 0,
        }
    }

    /// Was more work done than a text of this length may cost?
    pub fn is_spent(&self) -> bool {
        self.work > WORK_FLOOR + WORK_PER_BYTE * self.text.len()
    }

    /// How strict the action of a rule is, and who sees what it finds.
    pub fn strictness(&self, rule: RuleIx) -> (u8, u64) {
        self.conditions[rule.0 as usize].strictness
    }

    /// Would what covers the text up to [`covered`](Sink::covered) hide what `rule` finds there from all who may not see it?
    pub fn covers(&self, rule: RuleIx) -> bool {
        let ((cover, see_cover), (inner, see_inner)) = (self.covered_strictness, self.strictness(rule));
        inner <= cover && see_cover & !see_inner == 0
    }

    /// Need a value of `rule` not be read where another value covers it? For a view each is: of what is in it copies are
    /// looked for, and which those are must not depend on the rules that somebody else sees.
    pub fn settles(&self, rule: RuleIx) -> bool {
        !self.conditions[rule.0 as usize].viewed && self.covers(rule)
    }

    /// Is `text` a marker of this policy?
    pub fn is_marker(&self, text: &[u8]) -> bool {
        (self.markers)(text, false)
    }

    /// Takes the claim, if the rule's conditions hold and it is no marker from an earlier run.
    pub fn claim(&mut self, claim: Claim) -> bool {
        let value = &self.text[claim.span.range()];
        self.work += value.len();
        let conditions = &self.conditions[claim.rule.0 as usize];
        let marked = value.starts_with(PREFIX)
            || value.starts_with(SEALED)
            || value.len() < 256 && memchr::memchr(b'~', value).is_some();
        if marked && (self.markers)(without_closers(value), conditions.secret) {
            self.already_masked += 1;
            return false;
        }
        if claim.span.is_empty() || !conditions.hold(self.text, claim.span) {
            if let Some(refused) = &mut self.refused {
                refused.push((claim.span, claim.rule));
            }
            return false;
        }
        self.findings.push(Finding {
            span: claim.span,
            rule: claim.rule,
            quote: claim.quote,
            field: claim.field,
            continued: false,
            recode: None,
        });
        true
    }
}

/// `value` without the quotes and brackets that it ends with: what an earlier run left of a value behind a stray quote.
fn without_closers(value: &[u8]) -> &[u8] {
    &value[..value.len() - value.iter().rev().take_while(|b| b"\"'`)]}".contains(b)).count()]
}

impl Conditions {
    /// The first condition that a value does not meet, in words.
    pub fn why_not(&self, text: &[u8], span: Span) -> Option<String> {
        let value = &text[span.range()];
        if let Some(check) = self.validate.iter().find(|check| !check.holds(value)) {
            return Some(format!("{} does not hold", check.name()));
        }
        if self.near.as_ref().is_some_and(|near| !near.get(Near::new).holds(text, span)) {
            return Some("none of the words it asks for is near".to_owned());
        }
        self.allows(value).then(|| "the value is allowed".to_owned())
    }

    /// Do all of them hold for the value at `span`?
    pub fn hold(&self, text: &[u8], span: Span) -> bool {
        let value = &text[span.range()];
        self.validate.iter().all(|v| v.holds(value))
            && self.near.as_ref().is_none_or(|near| near.get(Near::new).holds(text, span))
            && !self.allows(value)
    }

    /// Globs are for short values: a long one is none of those that somebody wanted to stay.
    fn allows(&self, value: &[u8]) -> bool {
        self.allow.as_ref().is_some_and(|allow| value.len() <= 4096 && allow.get(Allowed::new).fits(value))
    }
}

/// Values that stay.
#[derive(Default)]
struct Allowed {
    /// By the byte they begin with, in lower case; `firsts` has a bit for each of these bytes.
    by_first: Vec<Glob>,
    firsts: [u64; 4],
    /// Those that may begin with anything.
    others: Vec<Glob>,
}

impl Allowed {
    fn new(globs: &Texts) -> Allowed {
        let mut allowed = Allowed::default();
        for glob in globs.iter().map(Glob::new) {
            match &glob {
                Glob::Is(word) | Glob::Begins(word) | Glob::Any(word)
                    if !b"*?".contains(word.first().unwrap_or(&b'*')) =>
                {
                    allowed.firsts[usize::from(word[0] >> 6)] |= 1 << (word[0] & 63);
                    allowed.by_first.push(glob);
                }
                _ => allowed.others.push(glob),
            }
        }
        allowed
    }

    fn fits(&self, value: &[u8]) -> bool {
        let first = value.first().map_or(0, u8::to_ascii_lowercase);
        self.firsts[usize::from(first >> 6)] >> (first & 63) & 1 == 1
            && self.by_first.iter().any(|glob| glob.fits(value))
            || self.others.iter().any(|glob| glob.fits(value))
    }
}

/// A value that stays.
enum Glob {
    /// `*word*` or `*word*word*`, in lower case: searched one behind the other.
    Holds(Box<[Box<[u8]>]>),
    /// A word, in lower case.
    Is(Box<[u8]>),
    /// `word*`, in lower case without the star.
    Begins(Box<[u8]>),
    /// `*word`, in lower case without the star.
    Ends(Box<[u8]>),
    /// Any other glob, in lower case.
    Any(Box<[u8]>),
}

impl Glob {
    fn new(glob: &str) -> Glob {
        let lower = glob.to_ascii_lowercase();
        let plain = |part: &str| !part.contains(['*', '?']);
        let boxed = |part: &str| part.as_bytes().into();
        let inside = lower.strip_prefix('*').and_then(|rest| rest.strip_suffix('*')).unwrap_or_default();
        match (lower.strip_prefix('*'), lower.strip_suffix('*')) {
            _ if !inside.is_empty() && !inside.contains('?') => {
                Glob::Holds(inside.split('*').filter(|word| !word.is_empty()).map(boxed).collect())
            }
            _ if plain(&lower) => Glob::Is(boxed(&lower)),
            (_, Some(begin)) if plain(begin) => Glob::Begins(boxed(begin)),
            (Some(end), _) if plain(end) => Glob::Ends(boxed(end)),
            _ => Glob::Any(boxed(&lower)),
        }
    }

    #[inline]
    fn fits<'a>(&self, value: &'a [u8]) -> bool {
        match self {
            Glob::Holds(words) => {
                let behind = |rest: &'a [u8], word: &[u8]| find(rest, word).map(|at| &rest[at + word.len()..]);
                words.iter().try_fold(value, |rest, word| behind(rest, word)).is_some()
            }
            Glob::Is(word) => value.eq_ignore_ascii_case(word),
            Glob::Begins(word) => value.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word)),
            Glob::Ends(word) => {
                value.len() >= word.len() && value[value.len() - word.len()..].eq_ignore_ascii_case(word)
            }
            Glob::Any(glob) => glob_fits(glob, value),
        }
    }
}

/// Where `word`, which is in lower case, stands in `text` in any case.
fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    let first = *word.first()?;
    let starts = text.len().checked_sub(word.len())?;
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), &text[..=starts])
        .find(|at| text[*at..at + word.len()].eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_kind_of_glob_says_what_the_general_one_says(glob in "[a-bA*?./-]{0,5}", value in "[abAB./-]{0,6}") {
            let expected = glob_fits(glob.to_ascii_lowercase().as_bytes(), value.as_bytes());
            prop_assert_eq!(Glob::new(&glob).fits(value.as_bytes()), expected);
            prop_assert_eq!(Allowed::new(&[glob].iter().collect()).fits(value.as_bytes()), expected);
        }
    }
}
