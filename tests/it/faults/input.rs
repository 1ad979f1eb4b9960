//! Rows A (chunks and streams), C (structure) and E07–E09.

use crate::canary::Canary;
use crate::run::{Logmask, lines_aside, logmask};
use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

const SECRET: &str = "magpie-vol7-quartz";

/// Rules of a test's own: `(id, pattern)`.
fn rules(rules: &[(&str, &str)]) -> String {
    let rule = |(id, pattern): &(&str, &str)| {
        format!("  - id: {id}\n    class: secret.{id}\n    doc: For a test.\n    pattern: '{pattern}'\n")
    };
    format!("version: 1\nrules:\n{}", rules.iter().map(rule).collect::<String>())
}

/// Writes the pieces with a pause after each, so that each is a read of its own.
fn pieces(run: Logmask, pieces: Vec<Vec<u8>>) -> crate::run::Outcome {
    run.feed(move |stdin| {
        for piece in pieces {
            stdin.write_all(&piece).unwrap();
            thread::sleep(Duration::from_millis(1));
        }
    })
}

/// `line` once for each place where it can be cut in two.
fn cut_everywhere(line: &[u8]) -> Vec<Vec<u8>> {
    (1..line.len()).flat_map(|at| [line[..at].to_vec(), line[at..].to_vec()]).collect()
}

#[test]
fn a01_a_secret_cut_at_any_byte_over_two_reads_is_masked() {
    let line = format!("{{\"user\":\"jo\",\"password\":\"{SECRET}\"}} token={SECRET}\n");
    let expected = "{\"user\":\"jo\",\"password\":\"REDACTED-password\"} token=REDACTED-token\n";
    let run = pieces(logmask(), cut_everywhere(line.as_bytes()));
    run.exits(0).prints(expected.repeat(line.len() - 1)).hides(&Canary::new(SECRET));
    let bytes = line.bytes().map(|b| vec![b]).collect();
    pieces(logmask(), bytes).exits(0).prints(expected);
}

#[test]
fn a02_a_secret_that_overlaps_itself_is_found_over_a_cut() {
    let policy = rules(&[("short", "aab"), ("long", "ababc")]);
    let parts = |parts: &[&str]| parts.iter().map(|part| part.as_bytes().to_vec()).collect();
    pieces(logmask().policy(&policy), parts(&["x aa", "ab\n"])).prints("x aREDACTED-short\n");
    pieces(logmask().policy(&policy), parts(&["x abab", "abc\n"])).prints("x abREDACTED-long\n");
}

#[test]
fn a03_a_secret_longer_than_any_window_goes_whole() {
    for length in [300, 64 << 10, 1 << 20] {
        let secret: String = (0..length).map(|i| char::from(b"bdfgkmpqvwz"[i * i % 127 % 11])).collect();
        let input = format!("a password={secret} b\n{{\"api_key\":\"{secret}\",\"n\":1}}\n");
        let expected = "a password=REDACTED-password b\n{\"api_key\":\"REDACTED-api-key\",\"n\":1}\n";
        logmask().pipe(input).exits(0).prints(expected);
    }
}

#[test]
fn a04_of_a_secret_and_its_prefix_the_longer_goes_whole() {
    let (short, long) = (("short", "sk-live"), ("long", "sk-live-12345"));
    for order in [[short, long], [long, short]] {
        logmask().policy(rules(&order)).pipe("x sk-live-12345 y\n").exits(0).prints("x REDACTED-long y\n");
    }
}

#[test]
fn a05_overlapping_findings_hide_their_union() {
    let policy = rules(&[("beta", "def ghi"), ("alpha", "abc def")]);
    logmask().policy(policy).pipe("x abc def ghi y\n").exits(0).prints("x REDACTED-alpha y\n");
}

#[test]
fn a06_a_line_as_long_as_a_buffer_is_masked_like_any() {
    for size in [1 << 16, 1 << 18, 1 << 20] {
        for length in size - 2..=size + 2 {
            let line = |value: &str, pad: usize| format!("{} password={value}\nnext\n", "x".repeat(pad));
            let pad = length - format!(" password={SECRET}\n").len();
            logmask().pipe(line(SECRET, pad)).exits(0).prints(line("REDACTED-password", pad));
        }
    }
}

#[test]
fn a06_only_a_line_longer_than_max_line_is_withheld() {
    let max = 1 << 16;
    let run = |length: usize| {
        let input = format!("first\n{}\nlast\n", "x".repeat(length));
        logmask().args(["--max-line", &max.to_string()]).pipe(input)
    };
    run(max).exits(0).prints(format!("first\n{}\nlast\n", "x".repeat(max)));
    let long = run(max + 1);
    long.exits(3).prints(format!("first\nREDACTED-record-too-long-bytes-{}\nlast\n", max + 1)).says("--max-line");
}

#[test]
fn a07_a_character_cut_over_two_reads_comes_out_whole() {
    let line = "né 🦀 password=é🦀é ende\n";
    let run = pieces(logmask(), cut_everywhere(line.as_bytes()));
    run.exits(0).prints("né 🦀 password=REDACTED-password ende\n".repeat(line.len() - 1));
}

#[test]
fn a08_a_line_ending_cut_over_two_reads_is_kept() {
    let line = b"a\r\npassword=x1\r\n";
    let run = pieces(logmask(), cut_everywhere(line));
    run.exits(0).prints("a\r\npassword=REDACTED-password\r\n".repeat(line.len() - 1));
}

#[test]
fn a09_a_secret_in_the_last_bytes_goes_and_no_newline_is_invented() {
    let run = logmask().pipe(format!("a\npassword={SECRET}"));
    run.exits(0).prints("a\npassword=REDACTED-password").hides(&Canary::new(SECRET));
}

#[test]
fn a10_nothing_of_an_unfinished_line_is_out_before_its_end() {
    let run = logmask().feed(|stdin| {
        stdin.write_all(b"whole\npassword: hun").unwrap();
        thread::sleep(Duration::from_millis(500));
        stdin.write_all(b"ter2\n").unwrap();
    });
    run.exits(0).prints("whole\npassword: REDACTED-password\n");
}

#[test]
fn a11_a_complete_line_is_out_before_the_next_one_comes() {
    for threads in ["1", "2"] {
        let mut run = logmask().args(["-j", threads]);
        let mut child = run.start();
        let mut stdin = child.stdin.take().unwrap();
        let lines = lines_aside(child.stdout.take().unwrap());
        let mut slowest = Duration::ZERO;
        for i in 0..50 {
            let start = Instant::now();
            stdin.write_all(format!("{i} token=abc\n").as_bytes()).unwrap();
            let line =
                lines.recv_timeout(Duration::from_secs(20)).expect("the line comes out while nothing follows it");
            assert_eq!(line, format!("{i} token=REDACTED-token"));
            slowest = slowest.max(start.elapsed());
        }
        drop(stdin);
        run.finish(child).exits(0);
        assert!(slowest < Duration::from_secs(1), "a line took {slowest:?}");
    }
}

#[test]
fn a15_a_secret_over_a_cri_cut_goes_from_both_parts() {
    let at = |second: usize, rest: &str| format!("2026-03-02T10:00:0{second}.123456789Z {rest}\n");
    let input = at(1, "stdout P x password=magpie-") + &at(2, "stdout F vol7-quartz y") + &at(3, "stdout F z");
    let run = logmask().pipe(input);
    run.exits(0).hides(&Canary::new("magpie-vol7-quartz"));
    let out = String::from_utf8(run.stdout.clone()).unwrap();
    assert!(!out.contains("magpie") && !out.contains("quartz"), "{out}");
    assert!(out.contains("stdout P x password=REDACTED-password") && out.ends_with(&at(3, "stdout F z")), "{out}");
}

#[test]
fn c09_masking_twice_is_masking_once() {
    let input = std::fs::read(crate::run::beside("samples/kubectl_prefix_timestamps.log")).unwrap();
    let once = logmask().keyed().pipe(input).stdout;
    logmask().keyed().pipe(&once).exits(0).prints(&once);
}

#[test]
fn c10_a_marker_that_another_rule_would_match_is_left_alone() {
    let policy = rules(&[("alpha", "one"), ("beta", "REDACTED"), ("gamma", "alpha")]);
    logmask().policy(policy).pipe("x one y\n").exits(0).prints("x REDACTED-alpha y\n");
}

#[test]
fn c11_the_order_of_rules_does_not_matter() {
    let given = [("aa", "abc+"), ("bb", "cc d"), ("cc", "d e fgh"), ("dd", "x[0-9]+")];
    let input = "1 abccc d e fgh x12\n2 abc d\n3 ccc d\n4 password=x99\n";
    // The longest of what unites names the marker.
    let expected = "1 REDACTED-cc REDACTED-dd\n2 REDACTED-aa d\n3 cREDACTED-bb\n4 password=REDACTED-dd\n";
    for turn in 0..given.len() {
        let mut order = given;
        order.rotate_left(turn);
        logmask().policy(rules(&order)).pipe(input).exits(0).prints(expected);
        order.reverse();
        logmask().policy(rules(&order)).pipe(input).exits(0).prints(expected);
    }
}

#[test]
fn e07_workers_that_finish_out_of_order_do_not_change_the_order() {
    let mut input = Vec::new();
    for i in 0..40_000 {
        // Stretches of dense lines between stretches of clean ones keep the workers apart.
        let dense = i / 3000 % 2 == 0;
        let rest = if dense { "a@b.io password=abc c@d.io token=def ".repeat(4) } else { "clean ".repeat(3) };
        writeln!(input, "{i} {rest}").unwrap();
    }
    let one = logmask().keyed().args(["-j", "1"]).pipe(&input);
    one.exits(0);
    for threads in ["2", "4"] {
        logmask().keyed().args(["-j", threads]).pipe(&input).exits(0).prints(&one.stdout);
    }
}

#[test]
fn e09_empty_input_newlines_and_clean_lines_come_out_as_they_went_in() {
    for input in [&b""[..], b"\n", b"\n\n\n", b"\r\n\r\n", b"one\n\ntwo", b" \n", b"\0\n\0"] {
        logmask().pipe(input).exits(0).prints(input).says_lines(0);
    }
}
