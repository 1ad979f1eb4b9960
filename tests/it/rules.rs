//! The built-in rules do what their examples say, through the command that users have.

use crate::run::logmask;
use logmask::policy::{Docs, Rule, load};

#[test]
fn every_built_in_rule_passes_its_examples_and_leaves_its_near_misses() {
    let outcome = logmask().args(["policy", "test"]).pipe("");
    let said = String::from_utf8_lossy(&outcome.stdout);
    assert!(outcome.status.success(), "{said}");
    let count = |at: usize| said.split(' ').nth(at).and_then(|word| word.parse::<usize>().ok()).unwrap_or(0);
    assert!(said.starts_with("ok: ") && count(1) > 2 * count(4) && count(4) > 400, "{said}");
}

#[test]
fn a_rule_is_listed_with_its_profile_and_documented() {
    logmask()
        .args(["rules", "password"])
        .pipe("")
        .exits(0)
        .contains("\n  profile   secrets\n")
        .contains("\n  example   ");
    logmask().args(["rules", "-p", "secrets"]).pipe("").exits(0).contains("\npassword ").lacks("\nemail ");
    logmask().args(["rules", "pasword"]).pipe("").exits(2).says("did you mean password?");
}

#[test]
fn every_built_in_rule_has_what_people_read() {
    let policy = load("export", &[], false, Docs::With).unwrap();
    let lacks = |rule: &&Rule| {
        rule.about().doc.is_empty()
            || rule.about().source.is_empty()
            || rule.about().examples.is_empty()
            || rule.about().unchanged.is_empty()
    };
    let lacking: Vec<&str> = policy.rules.iter().filter(lacks).map(|rule| &*rule.id).collect();
    assert!(lacking.is_empty(), "without doc, source, examples or near misses: {}", lacking.join(", "));
}
