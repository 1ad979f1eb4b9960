//! Rows F: a policy or command line that is wrong stops the run before it starts.

use crate::canary::Canary;
use crate::run::{Logmask, Outcome, logmask, wait};
use std::time::Duration;

const SECRET: &str = "magpie-vol7-quartz";

/// One good rule, to be spoilt.
const GOOD: &str = "version: 1\nrules:\n  - id: order-token\n    class: secret.order\n    doc: For a test.\n    pattern: 'ord_[a-z]{8}'\n";

/// The run refuses: exit 2 while nothing has come in yet, nothing on standard output.
#[track_caller]
fn refuses(mut run: Logmask) -> Outcome {
    let mut child = run.start();
    // Standard input stays open and empty: whoever waits for it never ends.
    let stdin = child.stdin.take();
    let ended = wait(&mut child, Duration::from_secs(20));
    drop(stdin);
    let outcome = run.finish(child);
    assert!(ended.is_some(), "waits for input instead of refusing");
    outcome.exits(2).prints("").says("logmask: error: ").hides(&Canary::new(SECRET));
    outcome
}

#[test]
fn the_good_policy_of_these_tests_is_good() {
    logmask().policy(GOOD).pipe("x ord_abcdefgh\n").exits(0).prints("x REDACTED-order-token\n");
}

#[test]
fn f01_a_policy_that_is_missing_empty_or_a_directory_is_refused_before_reading() {
    refuses(logmask().args(["-c", "missing.yaml"])).says("missing.yaml");
    refuses(logmask().file("empty.yaml", "").args(["-c", "empty.yaml"])).says("empty.yaml");
    refuses(logmask().file("blank.yaml", "\n# nothing\n").args(["-c", "blank.yaml"])).says("blank.yaml");
    refuses(logmask().args(["-c", "."]));
    let unreadable = logmask().file("shut.yaml", GOOD);
    let path = unreadable.work().join("shut.yaml");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_err() {
        refuses(unreadable.args(["-c", "shut.yaml"])).says("shut.yaml");
    }
    refuses(logmask().args(["-p", "no-such-profile"]));
}

#[test]
fn f02_an_unknown_key_type_or_action_is_refused_with_its_place() {
    for (right, wrong, place) in [
        ("    pattern:", "    patern:", "policy.yaml:6"),
        ("    doc: For a test.", "    doc: For a test.\n    action: redcat", "policy.yaml:6"),
        ("    doc: For a test.", "    doc: For a test.\n    validate: [luhnn]", "policy.yaml:6"),
        ("version: 1", "version: 2", "policy.yaml:1"),
        ("rules:", "rule:", "policy.yaml:2"),
        ("  - id: order-token\n", "  - id: 7\n", "policy.yaml:3"),
        ("    class: secret.order\n", "    class: [secret]\n", "policy.yaml:4"),
    ] {
        let policy = GOOD.replace(right, wrong);
        assert_ne!(policy, GOOD);
        refuses(logmask().policy(policy)).says(place);
    }
}

#[test]
fn f02_a_typo_is_answered_with_what_was_meant() {
    refuses(logmask().policy(GOOD.replace("    pattern:", "    patern:"))).says("patern").says("pattern");
    refuses(logmask().policy(GOOD.replace("    doc: For a test.", "    action: redcat"))).says("redact");
}

#[test]
fn f03_duplicate_keys_second_documents_tabs_and_other_encodings_are_refused() {
    refuses(logmask().policy(GOOD.replace("    doc:", "    doc: twice\n    doc:")));
    refuses(logmask().policy(format!("{GOOD}---\n{GOOD}")));
    refuses(logmask().policy(GOOD.replace("    class:", "\tclass:")));
    for big_endian in [false, true] {
        let unit = |c: u16| if big_endian { c.to_be_bytes() } else { c.to_le_bytes() };
        let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(GOOD.encode_utf16()).flat_map(unit).collect();
        refuses(logmask().policy(utf16));
    }
}

#[test]
fn f04_a_log_given_as_policy_is_not_quoted_back() {
    for log in [
        format!("user=bob password={SECRET}\n"),
        format!("{{\"password\":\"{SECRET}\"}}\n"),
        format!("password: {SECRET}\n"),
        format!("{SECRET}: 1\n"),
        format!("version: 1\nPassword {SECRET}: 1\n"),
        format!("version: {SECRET}\n"),
        format!("version: 1\nrules:\n  - {SECRET}\n"),
        format!("version: 1\nrules: {SECRET}\n"),
        format!("version: 1\nrules:\n  - id: a\n    pattern: ['{SECRET}']\n"),
        format!("version: 1\nrules:\n  - id: a\n    class: secret.a\n    doc: x\n    pattern: '(?<secret>{SECRET}'\n"),
        format!("2026-03-02T10:00:00Z INFO password: \"{SECRET}\n"),
        format!("- {SECRET}\n- [{SECRET}\n"),
    ] {
        // Its own place and kind may be told, its content may not.
        refuses(logmask().policy(log)).says("policy.yaml");
    }
}

#[test]
fn f05_a_secret_in_a_wrong_argument_is_not_echoed() {
    for args in [
        &["--max-line", SECRET][..],
        &["-j", SECRET],
        &["-p", SECRET],
        &["--summary", SECRET],
        &["--key", SECRET],
        &["--key", "pass:magpie-vol7-quartz"],
        &["--magpie-vol7-quartz"],
        &["--color=magpie-vol7-quartz"],
        &["--keep-lines=magpie-vol7-quartz"],
        &["policy", SECRET],
    ] {
        refuses(logmask().args(args));
    }
}

#[test]
fn f06_a_pattern_that_does_not_compile_is_refused_by_rule_name() {
    for pattern in ["ord_(", "ord_[z-a]", "ord_(?:[a-z]{1000}){1000}", "(?<secret>a)(?<secret>b)", r"ord_\p{Nope}"] {
        refuses(logmask().policy(GOOD.replace("ord_[a-z]{8}", pattern))).says("order-token");
    }
}

#[test]
fn f07_a_rule_that_matches_nothing_at_all_is_refused() {
    for pattern in ["a*", "^", "$", r"\b", "ord|", "(?:)", "ord_(?<secret>[a-z]*)", "x?y?"] {
        refuses(logmask().policy(GOOD.replace("ord_[a-z]{8}", pattern))).says("order-token");
    }
}

#[test]
fn a_policy_that_everybody_can_write_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let run = logmask().file("open.yaml", "version: 1\n").args(["-c", "open.yaml"]);
    std::fs::set_permissions(run.work().join("open.yaml"), std::fs::Permissions::from_mode(0o666)).unwrap();
    run.pipe("a\n").exits(0).prints("a\n").says("open.yaml: everybody can write this policy");
}

#[test]
fn a_policy_from_a_named_pipe_is_read_once() {
    let run = logmask().args(["-c", "pipe"]);
    let pipe = run.work().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let policy = "version: 1\nrules:\n  - id: order\n    class: secret.token\n    pattern: '\\bord_[0-9]{6}\\b'\n";
    // Ends when the policy was read, and would wait for ever if nobody read it.
    let writer = std::thread::spawn(move || std::fs::write(pipe, policy));
    run.pipe("ord_123456\n").exits(0).prints("REDACTED-order\n");
    writer.join().unwrap().unwrap();
}
