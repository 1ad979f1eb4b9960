//! Built-in rules that are not in force: switched off by a policy, or part of a wider profile. Whoever asks why a value
//! stays wants to hear of them.

use crate::cli::{Failure, message};
use crate::masker::{Explanation, Masker, Settings};
use crate::policy::{self, Docs, Policy, builtin};
use std::collections::{BTreeMap, HashSet};

/// Rules that would find more, and why they do not.
pub(super) struct Dormant {
    masker: Masker,
    /// Why a rule is not in force, by its id.
    why: BTreeMap<String, String>,
}

impl Dormant {
    /// What the widest profile has, and `policy` has not.
    pub(super) fn of(policy: &Policy) -> Result<Dormant, Failure> {
        let awake: HashSet<&str> = policy.rules.iter().map(|rule| &*rule.id).collect();
        let (mut rules, mut why) = (Vec::new(), BTreeMap::new());
        for profile in builtin::profiles() {
            let has = policy::load(profile, &[], false, Docs::Without);
            for rule in has.map_err(|error| Failure::usage(error.to_string()))?.rules {
                if !awake.contains(&*rule.id) && !why.contains_key(&*rule.id) {
                    why.insert(rule.id.to_string(), reason(policy, &rule.id, profile));
                    rules.push(rule);
                }
            }
        }
        // No pseudonym is made, so any key will do.
        let settings = Settings { key: vec![0; 32], ..Settings::default() };
        let masker = Masker::new(&Policy { rules, ..Policy::default() }, settings)
            .map_err(|error| Failure::usage(error.to_string()))?;
        Ok(Dormant { masker, why })
    }

    /// What would be found in `record` beyond `found`, each with the reason why it is not.
    pub(super) fn of_record(&self, record: &[u8], found: &[Explanation]) -> Vec<(Explanation, &str)> {
        let is_found = |one: &Explanation| {
            found.iter().any(|other| {
                other.line == one.line && other.span.start <= one.span.start && one.span.end <= other.span.end
            })
        };
        let more = self.masker.explain(record).into_iter().filter(|one| !is_found(one));
        more.filter_map(|one| self.why(&one.rule).map(|why| (one.clone(), why))).collect()
    }

    /// Why the rule `id` is not in force; none if it is, or if there is no such rule.
    pub(super) fn why(&self, id: &str) -> Option<&str> {
        self.why.get(id).map(String::as_str)
    }
}

/// Why a built-in rule is not in force; `profile` is the narrowest that has it.
fn reason(policy: &Policy, id: &str, profile: &str) -> String {
    match policy.off.iter().find(|off| off.rule == id && !off.idle) {
        Some(off) => {
            format!("is switched off by {} in {}", off.why, message::printable(&off.file.display().to_string()))
        }
        None => format!("is not in force; profile {profile} has it"),
    }
}
