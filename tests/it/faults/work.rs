//! Rows G: hostile log content that is slow to judge is withheld, not waited for.

use crate::run::logmask;
use std::time::{Duration, Instant};

fn policy(pattern: &str) -> String {
    format!("version: 1\nrules:\n  - id: slow\n    class: secret.slow\n    pattern: '{pattern}'\n")
}

/// A record that a user's pattern would take quadratic time for; in unoptimised builds these ran for a minute.
#[test]
fn g02_a_record_that_a_pattern_takes_too_long_for_is_withheld() {
    for (pattern, line) in [
        (".*[^A-Z]|[A-Z]", "A".repeat(80_000)),
        ("key=(?:[^;]*;end|x)", "key=x".repeat(200_000)),
        (r"\bkey=(?:[^;]*;end|x)", "key=x ".repeat(200_000)),
        (r"[A-Z](?:[^0-9]*[0-9])?", "A".repeat(1_000_000)),
        (r"(?s:.)*\d|x", "x".repeat(300_000)),
    ] {
        let start = Instant::now();
        let input = format!("before\n{line}\nafter\n");
        let outcome = logmask().policy(policy(pattern)).pipe(&input);
        assert!(start.elapsed() < Duration::from_secs(20), "{pattern} took {:?}", start.elapsed());
        let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
        let withheld = format!("\nREDACTED-record-too-much-work-bytes-{}\n", line.len());
        assert!(text.contains(&withheld), "{pattern}: {} bytes out", text.len());
        outcome.exits(3).says("that would take too much work");
    }
}

/// The limit is for hostile lines: ordinary patterns may match as often as they like.
#[test]
fn g02_patterns_that_stop_soon_run_on_long_lines() {
    for (pattern, part, masked) in [
        (r"\bord_[a-z]{8}\b", "ord_abcdefgh ", "REDACTED-slow "),
        ("ord_[a-z]{8}", "xord_abcdefgh,", "xREDACTED-slow,"),
        ("[0-9]{3}x", "123x ", "REDACTED-slow "),
        (r"user (?<secret>[^,]+),", "user jo,", "user REDACTED-slow,"),
    ] {
        let outcome = logmask().policy(policy(pattern)).pipe(part.repeat(50_000) + "\n");
        outcome.exits(0).prints(masked.repeat(50_000) + "\n");
    }
}
