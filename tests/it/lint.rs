//! `logmask policy check`: each remark is made where it is due, and nowhere else.

use crate::run::logmask;

/// A rule that nothing is to be said about, with the lines that `rest` adds.
fn rule(id: &str, rest: &str) -> String {
    format!("  - id: {id}\n    class: secret.x\n{rest}    unchanged: ['nothing here']\n")
}

/// What is said of a policy of these rules, without the file name.
fn remarks(rules: &[String]) -> Vec<String> {
    let policy = format!("version: 1\nrules:\n{}", rules.concat());
    let outcome = logmask().file("p.yaml", policy).args(["policy", "check", "p.yaml"]).pipe("");
    outcome.exits(0).contains("ok: ");
    let said = String::from_utf8(outcome.stderr.clone()).unwrap();
    said.lines().map(|line| line.strip_prefix("logmask: warning: p.yaml:").unwrap_or(line).to_owned()).collect()
}

fn one(rules: &[String], begin: &str, end: &str) {
    let found = remarks(rules);
    assert!(found.len() == 1 && found[0].starts_with(begin) && found[0].ends_with(end), "{found:#?}");
}

const GOOD: &str =
    "    pattern: '\\bord_[a-z]{8}\\b'\n    examples: [{in: 'x ord_abcdefgh', out: 'x REDACTED-good'}]\n";

#[test]
fn a_good_rule_gets_no_remark() {
    assert_eq!(remarks(&[rule("good", GOOD)]), [""; 0]);
    let outcome = logmask().file("p.yaml", format!("version: 1\nrules:\n{}", rule("good", GOOD)));
    outcome.args(["policy", "check", "--strict", "p.yaml"]).pipe("").exits(0);
}

#[test]
fn missing_examples_and_near_misses_are_told() {
    let found = remarks(&["  - id: bare\n    class: secret.x\n    pattern: '\\bord_[a-z]{8}\\b'\n".to_owned()]);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("3: rule bare: has no examples") && found[0].ends_with("(no-examples)"));
    assert!(found[1].ends_with("(no-near-misses)"));
    let bare = "version: 1\nrules:\n  - id: bare\n    class: secret.x\n    pattern: '\\bord_[a-z]{8}\\b'\n";
    let strict = logmask().file("p.yaml", bare).args(["policy", "check", "--strict", "p.yaml"]).pipe("");
    strict.exits(1).prints("not ok: 2 remarks\n");
}

#[test]
fn an_unanchored_pattern_is_told_with_its_measured_cost() {
    let found = remarks(&[rule(
        "loose",
        "    pattern: '[a-f]{3}[0-9]{3}[g-k]'\n    examples: [{in: 'abc123k', out: 'REDACTED-loose'}]\n",
    )]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0].starts_with("5: rule loose: has no keyword and no literal at its beginning: it steps over 1."),
        "{found:?}"
    );
    // A keyword makes it cheap, and says so by silence.
    one(
        &[rule(
            "loose",
            "    pattern: '[a-f]{3}[0-9]{3}[g-k]'\n    keywords: [order]\n    examples: [{in: 'abc123k', out: 'REDACTED-loose'}]\n",
        )],
        "6: rule loose: finds nothing in its own examples: none of its keywords",
        "(dead)",
    );
}

#[test]
fn a_pattern_that_hostile_lines_make_slow_is_told() {
    for pattern in ["key=(?:[^;]*;end|x)", r"\bkey=(?:[^;]*;end|x)"] {
        let body = format!("    pattern: '{pattern}'\n    examples: [{{in: 'key=x', out: 'REDACTED-slow'}}]\n");
        one(&[rule("slow", &body)], "5: rule slow: a line of 65536 bytes can cost over ", "(costly)");
    }
    let found =
        remarks(&[rule("slow", "    pattern: '.*[^A-Z]|[A-Z]'\n    examples: [{in: 'A', out: 'REDACTED-slow'}]\n")]);
    for lint in ["(costly)", "(unanchored)", "(too-wide)"] {
        assert!(found.iter().any(|line| line.ends_with(lint)), "{lint}: {found:#?}");
    }
}

#[test]
fn a_rule_that_finds_something_in_ordinary_lines_is_too_wide() {
    one(
        &[rule(
            "digits",
            "    pattern: '\\b(?:INFO|WARN|ERROR)\\b'\n    examples: [{in: 'INFO', out: 'REDACTED-digits'}]\n",
        )],
        "5: rule digits: finds something in ",
        "ordinary log lines (too-wide)",
    );
}

#[test]
fn the_cost_of_a_rule_that_matches_everything_is_no_number() {
    let found = remarks(&[rule("all", "    pattern: '[a-z0-9.]+'\n    examples: [{in: 'a', out: 'REDACTED-all'}]\n")]);
    assert!(found.iter().any(|line| line.contains("every byte of a log is looked at (unanchored)")), "{found:#?}");
}

#[test]
fn duplicates_shadows_and_dead_rules_are_told() {
    let found = remarks(&[rule("good", GOOD), rule("twin", GOOD)]);
    assert!(
        found.iter().any(|line| line.contains("rule twin: has the pattern of rule good (duplicate)")),
        "{found:#?}"
    );
    one(
        &[rule(
            "pin",
            "    fields: [loyalty_qx, door_qx, PassWord]\n    examples: [{in: 'door_qx=1', out: 'door_qx=REDACTED-pin'}]\n",
        )],
        "5: rule pin: name 3 is a name of rule password too",
        "(duplicate)",
    );
    // `password=…` is named by the built-in rule, being the same length and first in the alphabet.
    let shadowed = "    pattern: '\\bord_[a-z]{8}\\b'\n    examples: [{in: 'password=ord_abcdefgh', out: 'password=REDACTED-password'}]\n";
    one(
        &[rule("zz-order", shadowed)],
        "3: rule zz-order: never stands in the output of its own examples: password",
        "(shadowed)",
    );
    one(
        &[rule(
            "dead",
            "    pattern: '\\bord_[a-z]{8}\\b'\n    validate: [luhn]\n    examples: [{in: 'ord_abcdefgh', out: 'REDACTED-dead'}]\n",
        )],
        "7: rule dead: finds nothing in its own examples",
        "(dead)",
    );
}

#[test]
fn lists_that_do_nothing_are_told() {
    let policy = "version: 1\nextends: [./more.yaml]\nallow: {order: ['x']}\n";
    let more =
        format!("version: 1\nrules:\n{}", rule("order", &format!("    mode: off\n{}", GOOD.replace("good", "order"))));
    let outcome = logmask().file("p.yaml", policy).file("more.yaml", more).args(["policy", "check", "p.yaml"]).pipe("");
    outcome.exits(0).says("p.yaml:3: allows values of order, which is not in force (dead)");
}

#[test]
fn a_risky_action_for_the_class_is_told() {
    for (class, action, said) in [
        ("secret.x", "pseudonym", "test guesses"),
        ("pii.name", "{partial: {last: 4}}", "partial shows a part"),
        ("pii.name", "drop-line", "drop-line takes whole lines"),
    ] {
        let policy = format!(
            "version: 1\nrules:\n  - id: risky\n    class: {class}\n    pattern: '\\bord_[a-z]{{8}}\\b'\n    action: {action}\n"
        );
        let outcome = logmask().file("p.yaml", policy).args(["policy", "check", "p.yaml"]).pipe("");
        outcome.exits(0).says("p.yaml:6: rule risky: ").says(said).says("(risky-action)");
    }
}
