//! `logmask policy check [FILE]...`: what is wrong with a policy, and what could be better.

use super::args::PolicyFilesArgs;
use super::{load, masker};
use crate::cli::{Failure, Status, message, output};
use crate::policy::Docs;
use crate::policy::rule::{Find, Rule};

pub(super) fn run(args: &PolicyFilesArgs) -> Result<Status, Failure> {
    let policy = load(&args.policy, &args.all(), Docs::With)?;
    masker(&policy)?;
    if !policy.weakened.is_empty() {
        message::warning(&format!(
            "the policy switches off or loosens rules of the floor: {}",
            policy.weakened.join(", ")
        ));
    }
    for lint in policy.rules.iter().flat_map(lints) {
        message::warning(&lint);
    }
    let own = policy.rules.iter().filter(|rule| rule.origin.is_some()).count();
    let rules = message::count(policy.rules.len() as u64, "rule");
    output::print(&format!("ok: {rules}, {own} of them not built in\n"))
}

/// What could be better about a rule that somebody wrote.
fn lints(rule: &Rule) -> Vec<String> {
    let Some(path) = &rule.origin else { return Vec::new() };
    let mut lints = Vec::new();
    let mut lint = |fact: &str| lints.push(format!("{}: rule {}: {fact}", path.display(), rule.id));
    if rule.examples.is_empty() {
        lint("has no examples, so nothing proves that it works");
    }
    if rule.unchanged.is_empty() {
        lint("has no near misses (unchanged), so nothing proves that it leaves the rest alone");
    }
    if let Find::Pattern { keywords, anchors, .. } = &rule.find
        && keywords.is_empty()
        && anchors.is_empty()
    {
        lint("has no keyword and no literal beginning, so every record is searched for it, which is slow");
    }
    lints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::rules::tests::rule;

    #[test]
    fn only_rules_of_users_are_linted() {
        let find = Find::Pattern {
            pattern: "x+".to_owned(),
            keywords: Vec::new(),
            keywords_inside: true,
            anchors: Vec::new(),
            begin: crate::detect::anchor::Begin::Anywhere,
        };
        let bare = Rule { examples: Vec::new(), unchanged: Vec::new(), find, ..rule("pin") };
        assert!(lints(&bare).is_empty());
        assert_eq!(lints(&Rule { origin: Some("team.yaml".into()), ..bare }).len(), 3);
    }
}
