//! What a reviewer looks at: `--diff`, `--max-mask-ratio`, the progress bar, and how much `-h` says.

use crate::canary::Canary;
use crate::run::logmask;
use crate::terminal::on_a_terminal;
use std::fs;

const SECRET: &str = "magpie-vol7-quartz";

#[test]
fn a_diff_shows_changed_lines_as_they_come_out() {
    let log = format!("one\ntwo password={SECRET}\r\nthree\n\nlast token={SECRET}");
    let expected = "@@ -2 +2 @@\n+two password=REDACTED-password\r\n@@ -5 +5 @@\n+last token=REDACTED-token\n\
                    \\ No newline at end of file\n";
    for threads in ["1", "2"] {
        let run = logmask().args(["--diff", "-j", threads]).pipe(&log);
        run.exits(0).prints(format!("--- stdin\n+++ stdin\tmasked\n{expected}")).hides(&Canary::new(SECRET));
    }
    logmask().arg("--diff").pipe("clean\n").exits(0).prints("");
    let run = logmask().file("a.log", &log).file("b.log", "clean\n").file("c.log", &log);
    let both = format!("--- a.log\n+++ a.log\tmasked\n{expected}--- c.log\n+++ c.log\tmasked\n{expected}");
    run.args(["--diff", "a.log", "b.log", "c.log"]).pipe("").exits(0).prints(both);
    logmask().args(["--diff", "-o", "out", "a.log"]).file("a.log", &log).pipe("").exits(2).prints("");
}

#[test]
fn a_diff_counts_lines_that_are_dropped_or_withheld() {
    let policy = "version: 1\nrules:\n  - id: noise\n    class: log.noise\n    doc: x\n    pattern: 'NOISE'\n    action: drop-line\n";
    let log = format!("a NOISE\n{}\ntoken=x\n", "y".repeat(70_000));
    for threads in ["1", "2"] {
        let run = logmask().policy(policy).args(["--diff", "--max-line", "65536", "-j", threads]).pipe(&log);
        run.exits(3).prints(
            "--- stdin\n+++ stdin\tmasked\n@@ -1 +1 @@\n+REDACTED-noise\n@@ -2 +2 @@\n\
             +REDACTED-record-too-long-bytes-70000\n@@ -3 +3 @@\n+token=REDACTED-token\n",
        );
    }
}

#[test]
fn a_diff_of_a_large_log_has_the_numbers_of_its_lines() {
    let line =
        |at: usize| if at % 1000 == 7 { format!("{at} token=x{at}\n") } else { format!("{at} clean and some more\n") };
    let log: String = (1..=50_000).map(line).collect();
    let told = |at: usize| format!("@@ -{at} +{at} @@\n+{at} token=REDACTED-token\n");
    let expected: String = (1..=50_000).filter(|at| at % 1000 == 7).map(told).collect();
    for threads in ["1", "3"] {
        let run = logmask().args(["--diff", "-j", threads]).pipe(&log);
        run.exits(0).prints(format!("--- stdin\n+++ stdin\tmasked\n{expected}"));
    }
}

#[test]
fn a_rule_that_masks_too_much_is_named() {
    let policy = "version: 1\nrules:\n  - id: wide\n    class: pii.any\n    doc: x\n    pattern: '[a-f]{4,}'\n    keywords: [a]\n";
    let log = "aaaa bbbb cccc\nxx token=q\n".repeat(10);
    let run = |share: &str| logmask().policy(policy).args(["--max-mask-ratio", share]).pipe(&log);
    run("90%").exits(0).says_lines(0);
    for share in ["0.05", "5%"] {
        let alarm = run(share);
        alarm.exits(1).says("logmask: warning: ").says("(--max-mask-ratio), above all by wide (");
        assert_eq!(alarm.stdout, run("1").stdout, "the log is masked all the same");
    }
    for share in ["5", "x", "-1", ""] {
        run(share).exits(2).prints("");
    }
    // In place the log is not lost for it.
    let run =
        logmask().policy(policy).file("a.log", &log).args(["--in-place", "--max-mask-ratio", "5%", "a.log"]).pipe("");
    run.exits(1).says("a.log: is left as it was: ").says("wide");
    assert_eq!(fs::read_to_string(run.path("a.log")).unwrap(), log);
}

#[test]
fn a_terminal_shows_progress_of_files_and_a_closing_table_and_a_pipe_shows_none() {
    let mut run = logmask();
    let lines = format!("{{\"password\":\"{SECRET}\",\"mail\":\"jo@acme.io\",\"ip\":\"8.8.4.4\"}}\n").repeat(120_000);
    for name in ["a.log", "b.log"] {
        run = run.file(name, &lines);
    }
    let (shown, status) =
        on_a_terminal(&["-j", "1", "-o", "out", "a.log", "b.log"], Some(&run.work()), "never shown", "");
    assert_eq!(status, 0, "{shown}");
    assert!(shown.contains("MiB") && shown.contains("/s") && shown.contains(" left"), "{shown}");
    assert!(shown.contains("RESULT") && shown.contains("2 files: 2 masked, 0 clean"), "{shown}");
    Canary::new(SECRET).assert_gone("the terminal", shown.as_bytes());
    // The same where nobody looks.
    run.args(["-o", "out2", "a.log", "b.log"]).pipe("").exits(0).prints("").says_lines(0);
}

#[test]
fn d12_stdin_that_is_a_terminal_or_directory_is_told_in_plain_words() {
    let (shown, status) = on_a_terminal(&[], None, "never shown", "");
    assert!(shown.contains("nothing to read: stdin is a terminal") && status == 2, "{status} {shown}");
    let (shown, status) = on_a_terminal(&["-", "--color", "never"], None, "", "password=abc\\r\\x04");
    assert!(shown.contains("password=REDACTED-password") && status == 0, "{status} {shown}");
    let dir = std::fs::File::open("/").unwrap();
    let run = std::process::Command::new(crate::run::EXE).stdin(dir).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("stdin: is a directory"));
}

#[test]
fn short_help_fits_on_a_screen_and_long_help_has_everything() {
    let short = String::from_utf8(logmask().arg("-h").pipe("").stdout).unwrap();
    let options = short.lines().filter(|line| line.trim_start().starts_with('-')).count();
    assert!(short.lines().count() <= 48 && options <= 16, "{options} options in\n{short}");
    let long = String::from_utf8(logmask().arg("--help").pipe("").stdout).unwrap();
    for option in ["--max-line", "--max-mask-ratio", "--keep-lines", "--backup", "--hidden", "--in-place", "--diff"] {
        assert!(long.contains(option), "{option}");
    }
    let first = long.find("More options").expect("a heading for the rest");
    assert!(long.find("--in-place").unwrap() < first && long.find("--max-line ").unwrap() > first);
}

#[test]
fn a_diff_of_a_selection_has_nothing_of_what_was_not_asked_for() {
    let log = "2026-03-02T10:00:00Z INFO a password=x1\n2026-03-02T10:00:01Z ERROR b password=x2\n2026-03-02T10:00:02Z INFO c\n2026-03-02T10:00:03Z ERROR d\n{\"level\":\"info\",\"password\":\"x3\"}\n2026-03-02T10:00:04Z ERROR e password=x4";
    let diff = logmask().file("a.log", log).args(["--diff", "--level", "error", "a.log"]).pipe("");
    diff.exits(0).prints("--- a.log\n+++ a.log\tmasked\n@@ -2 +2 @@\n+2026-03-02T10:00:01Z ERROR b password=REDACTED-password\n@@ -6 +6 @@\n+2026-03-02T10:00:04Z ERROR e password=REDACTED-password\n\\ No newline at end of file\n");
}
