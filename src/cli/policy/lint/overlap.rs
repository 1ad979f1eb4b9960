//! Rules that do what another does, or never get a word in.

use super::{Lint, Remark, Subject};
use crate::pipeline::{self, Options};
use crate::policy::rule::{Action, Find, Rule};
use crate::tally::Tally;
use std::collections::BTreeSet;

pub(super) fn remarks(subject: &Subject<'_>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    remarks.extend(duplicate(subject));
    // What a rule does that withdraws findings stands in no output.
    if !subject.rule.about().examples.is_empty() && !matches!(subject.rule.action, Action::Keep { .. }) {
        remarks.extend(dead(subject).or_else(|| shadowed(subject)));
    }
    remarks
}

/// Looks for the same as another rule.
fn duplicate(subject: &Subject<'_>) -> Option<Remark> {
    let Subject { rule, policy, .. } = subject;
    let others = || {
        policy.rules.iter().filter(|other| other.id != rule.id && other.class == rule.class || is_before(rule, other))
    };
    let (key, fact) = match &rule.find {
        Find::Pattern { pattern, .. } => {
            let same = |other: &&Rule| matches!(&other.find, Find::Pattern { pattern: p, .. } if p == pattern);
            (
                "pattern",
                format!(
                    "has the pattern of rule {}",
                    policy.rules.iter().filter(|o| is_before(rule, o)).find(same)?.id
                ),
            )
        }
        Find::Fields { names, .. } => {
            let (name, other) = names.iter().find_map(|name| {
                let same = |other: &&Rule| {
                    matches!(&other.find, Find::Fields { names, .. } if names.iter().any(|n| plain(n) == plain(name)))
                };
                others().find(same).map(|other| (name, other))
            })?;
            let at = names.iter().position(|n| n == name).unwrap_or(0) + 1;
            ("fields", format!("name {at} is a name of rule {} too", other.id))
        }
        Find::Shape(shape) => {
            let same = |other: &&Rule| matches!(&other.find, Find::Shape(s) if s == shape);
            (
                "shape",
                format!("has the shape of rule {}", policy.rules.iter().filter(|o| is_before(rule, o)).find(same)?.id),
            )
        }
        // No policy can write such a rule.
        Find::Listed => return None,
    };
    Some(Remark::new(Lint::Duplicate, key, fact))
}

/// Of two that are the same, the later one is told: a user's after a built-in one, else by id.
fn is_before(rule: &Rule, other: &Rule) -> bool {
    rule.id != other.id && (other.origin.is_none() || other.id < rule.id)
}

/// A name as the matcher of keys sees it.
fn plain(name: &str) -> String {
    let split = |c: char| matches!(c, '_' | '-' | ' ');
    name.chars().filter(|c| !split(*c)).flat_map(char::to_lowercase).collect()
}

/// Finds nothing in its own examples.
fn dead(subject: &Subject<'_>) -> Option<Remark> {
    let rule = subject.rule;
    let finds =
        |text: &str| text.lines().any(|line| subject.alone.explain(line.as_bytes()).iter().any(|f| f.rule == rule.id));
    if rule.about().examples.iter().any(|example| finds(&example.input)) {
        return None;
    }
    if let Find::Pattern { keywords, .. } = &rule.find {
        let holds = |word: &str| rule.about().examples.iter().any(|example| example.input.contains(word));
        if !keywords.is_empty() && !keywords.iter().any(holds) {
            let fact = "finds nothing in its own examples: none of its keywords stands in them";
            return Some(Remark::new(Lint::Dead, "keywords", fact));
        }
    }
    Some(Remark::new(Lint::Dead, "examples", "finds nothing in its own examples"))
}

/// Other rules name what it finds, in each of its examples.
fn shadowed(subject: &Subject<'_>) -> Option<Remark> {
    let mut by: BTreeSet<&str> = BTreeSet::new();
    for example in &subject.rule.about().examples {
        let mut tally = Tally::default();
        pipeline::run(subject.all, example.input.as_bytes(), std::io::sink(), &Options::default(), &mut tally).ok()?;
        let named = subject.all.rules().iter().zip(&tally.edits).filter(|(_, edits)| **edits > 0);
        let named: Vec<&str> = named.map(|(name, _)| &*name.id).collect();
        if named.contains(&&*subject.rule.id) {
            return None;
        }
        by.extend(named);
    }
    let by: Vec<&str> = by.into_iter().collect();
    let fact = format!("never stands in the output of its own examples: {} names what it finds", by.join(", "));
    (!by.is_empty()).then(|| Remark::new(Lint::Shadowed, "id", fact))
}
