//! What could be better about rules that somebody wrote. One file per concern; `action` is the simplest to copy from.
//!
//! Built-in rules are proved in our tests and are not looked at.

mod action;
mod cost;
mod lists;
mod overlap;
pub(super) mod roles;
mod wide;

use super::masker;
use crate::cli::Failure;
use crate::masker::Masker;
use crate::policy::Policy;
use crate::policy::rule::Rule;
use std::fmt::Write as _;

/// Ordinary log lines of many programs, in which a rule of a team should find little.
const ORDINARY: &str = include_str!("ordinary.log");

/// A kind of remark, stable, so that people can look for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lint {
    NoExamples,
    NoNearMisses,
    Unanchored,
    Costly,
    TooWide,
    Duplicate,
    Shadowed,
    Dead,
    RiskyAction,
}

impl Lint {
    fn name(self) -> &'static str {
        match self {
            Lint::NoExamples => "no-examples",
            Lint::NoNearMisses => "no-near-misses",
            Lint::Unanchored => "unanchored",
            Lint::Costly => "costly",
            Lint::TooWide => "too-wide",
            Lint::Duplicate => "duplicate",
            Lint::Shadowed => "shadowed",
            Lint::Dead => "dead",
            Lint::RiskyAction => "risky-action",
        }
    }
}

/// One remark, about a key of a rule.
pub(super) struct Remark {
    lint: Lint,
    key: &'static str,
    fact: String,
}

impl Remark {
    fn new(lint: Lint, key: &'static str, fact: impl Into<String>) -> Remark {
        Remark { lint, key, fact: fact.into() }
    }
}

/// A rule, alone and among the others.
struct Subject<'p> {
    rule: &'p Rule,
    policy: &'p Policy,
    /// All rules in force.
    all: &'p Masker,
    /// This one.
    alone: Masker,
}

/// All remarks on `policy`, loaded with places, as lines to print.
pub(super) fn remarks(policy: &Policy) -> Result<Vec<String>, Failure> {
    let all = masker(&Policy { observed: Vec::new(), ..policy.clone() })?;
    let mut lines = Vec::new();
    for rule in policy.rules.iter().filter(|rule| rule.origin.is_some()) {
        let alone = masker(&Policy { rules: vec![rule.clone()], ..Policy::default() })?;
        let subject = Subject { rule, policy, all: &all, alone };
        let mut found = examples(rule);
        found.extend(cost::remarks(&subject));
        found.extend(wide::remarks(&subject));
        found.extend(overlap::remarks(&subject));
        found.extend(action::remarks(rule));
        found.extend(lists::of_rule(&subject));
        for Remark { lint, key, fact } in found {
            let mut line = place(policy, rule, key);
            let _ = write!(line, "rule {}: {fact} ({})", rule.id, lint.name());
            lines.push(line);
        }
    }
    lines.extend(
        lists::remarks(policy).into_iter().map(|(place, fact)| format!("{place}{fact} ({})", Lint::Dead.name())),
    );
    Ok(lines)
}

/// `team.yaml:7: `, the line of the key, or of the rule if it has no such key.
fn place(policy: &Policy, rule: &Rule, key: &str) -> String {
    let of = |key: &str| policy.places.get(&(rule.id.to_string(), key.to_owned())).and_then(|places| places.first());
    match (of(key).or_else(|| of("id")), &rule.origin) {
        (Some((file, line)), _) => format!("{}:{line}: ", file.display()),
        (None, Some(file)) => format!("{}: ", file.display()),
        (None, None) => String::new(),
    }
}

fn examples(rule: &Rule) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if rule.about().examples.is_empty() {
        remarks.push(Remark::new(Lint::NoExamples, "id", "has no examples, so nothing proves that it works"));
    }
    if rule.about().unchanged.is_empty() {
        let fact = "has no near misses (unchanged), so nothing proves that it leaves the rest alone";
        remarks.push(Remark::new(Lint::NoNearMisses, "id", fact));
    }
    remarks
}
