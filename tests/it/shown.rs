//! What is shown of a log: selection and stack traces, as far as `cases` does not say it.

use crate::canary::Canary;
use crate::run::logmask;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The epoch so long ago, in seconds.
fn ago(seconds: u64) -> u64 {
    (SystemTime::now() - Duration::from_secs(seconds)).duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[test]
fn times_are_typed_as_how_long_ago() {
    let new = format!("ts={} msg=new\n", ago(600));
    let input = format!("ts={} msg=old\n{new}ts={} msg=newest\n", ago(7200), ago(60));
    let run = logmask().args(["--since", "15m", "--until", "5m"]).pipe(&input);
    run.exits(0).prints(new);
    logmask().args(["--since", "3h"]).pipe(&input).exits(0).prints(&input);
}

#[test]
fn times_without_a_zone_are_local() {
    let input = "2024-05-01 12:00:00 one\n2024-05-01 13:00:00 two\n";
    let run = |zone: &str| logmask().env("TZ", zone).args(["--since", "2024-05-01T11:00:00Z"]).pipe(input);
    run("UTC").exits(0).prints(input);
    run("UTC-2").exits(0).prints("2024-05-01 13:00:00 two\n");
}

#[test]
fn what_is_typed_wrong_is_refused_and_not_repeated() {
    for (option, value, word) in [
        ("--since", "hunter2", "--since: not a time"),
        ("--until", "hunter2", "--until: not a time"),
        ("--level", "hunter2", "--level: not a level"),
        ("--where", "hunter2", "--where: "),
        ("--stack", "hunter2", "--stack: "),
        ("--context", "hunter2", "--context: "),
        ("--context", "3", "--context without"),
    ] {
        let run = logmask().args([option, value]).pipe("x\n");
        run.exits(2).prints("").says(word).tells_nobody(&Canary::new("hunter2"));
    }
}

#[test]
fn a_stack_key_that_is_wrong_is_told_by_its_place() {
    let run = logmask().policy("version: 1\nstack: hunter2\n").pipe("x\n");
    run.exits(2).prints("").says("policy.yaml:2:").tells_nobody(&Canary::new("hunter2"));
}

const TRACE: &str = "Error: no\n    at a (/a.js:1:9)\n    at b (/a.js:2:9)\n";

#[test]
fn the_summary_counts_what_is_not_shown() {
    let input = format!("{TRACE}next\n{{\"e\":\"x\\n    at a (/a.js:1:9)\\n    at b (/a.js:2:9)\"}}\n");
    let kept = logmask().args(["--summary", "text"]).pipe(&input);
    kept.exits(0).prints(&input).says("2 stack traces kept (--stack fold leaves the first frames)");
    let folded = logmask().args(["--stack", "fold:1", "--summary", "json"]).pipe(&input);
    folded.exits(0).says("\"stack_traces\":2").says("\"stack_frames_folded\":2");
    let selected = logmask().args(["--match", "next", "--summary", "text"]).pipe("next\na\nb\n");
    selected.exits(0).prints("next\n").says("2 lines not selected");
    logmask().args(["--summary", "text"]).pipe("next\n").exits(0).says_lines(4);
}

#[test]
fn edits_are_counted_in_lines_that_are_shown() {
    let log = "INFO password=hunter2-a\nERROR token=hunter2-b\nINFO x\n";
    let shown = |args: &[&str]| logmask().args(args).args(["--summary", "json"]).pipe(log);
    shown(&[]).exits(0).says("\"edits\":2,").says("\"bytes_masked\":18");
    shown(&["--level", "error"]).exits(0).says("\"edits\":1,").says("\"bytes_masked\":9").says("\"mask_ratio\":0.40");
    shown(&["--match", "INFO x"]).exits(0).prints("INFO x\n").says("\"edits\":0,").says("\"bytes_masked\":0");
    // A line of the context is shown after all.
    shown(&["--match", "token", "--context", "1"]).exits(0).says("\"edits\":2,");
    shown(&["--match", "INFO x", "--context", "1"]).exits(0).says("\"edits\":1,").hides(&Canary::new("hunter2"));
    let share = ["--max-mask-ratio", "10%"];
    shown(&share).exits(1);
    shown(&[&share[..], &["--match", "INFO x"]].concat()).exits(0);
    shown(&[&share[..], &["--level", "error"]].concat()).exits(1);
}

#[test]
fn a_context_is_the_same_however_the_lines_come() {
    let line = |i: usize| format!("{i} {} token=hunter2\n", if i % 7 == 3 { "paid" } else { "sent" });
    let input: String = (0..200).map(line).collect();
    let args = ["--match", "paid", "--context", "2", "-j", "4"];
    let whole = logmask().args(args).pipe(&input);
    whole.exits(0).lacks("hunter2").lacks("token=hunter2");
    let shown = String::from_utf8(whole.stdout.clone()).unwrap();
    assert_eq!(shown.lines().count(), (0..200_usize).filter(|i| (1..=5).contains(&(i % 7))).count());
    let pieces = input.clone().into_bytes();
    let run = logmask().args(args).feed(move |stdin| {
        for piece in pieces.chunks(13) {
            stdin.write_all(piece).unwrap();
            std::thread::sleep(Duration::from_micros(200));
        }
    });
    run.exits(0).prints(&whole.stdout);
}

#[test]
fn what_is_shown_of_many_lines_does_not_depend_on_threads() {
    let mut input = String::new();
    for i in 0..20_000 {
        let level = ["INFO", "ERROR", "DEBUG"][i % 3];
        writeln!(input, "2024-05-01 12:00:00 {level} line {i} of jo@acme.test").unwrap();
        if i % 5 == 0 {
            input += &TRACE.repeat(1 + i % 4);
        }
    }
    for args in [&["--stack", "fold:0"][..], &["--level", "error"], &["--level", "error", "--stack", "drop"]] {
        let run = |jobs: &str| {
            let run = logmask().keyed().args(args.iter().copied()).args(["-j", jobs]).file("app.log", &input);
            run.arg("app.log").pipe("")
        };
        let one = run("1");
        let lines = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count();
        assert!(lines(&one.exits(0).stdout) < lines(input.as_bytes()));
        run("2").exits(0).prints(&one.stdout);
        run("4").exits(0).prints(&one.stdout);
    }
}
