//! Rows D (standard streams) and E (life cycle).

use crate::canary::Canary;
use crate::run::{EXE, logmask, wait};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::Duration;

const INPUT: &str = "first password=magpie-vol7-quartz\nsecond\n";
const OUTPUT: &str = "first password=REDACTED-password\nsecond\n";

fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

#[test]
fn d01_a_reader_that_leaves_early_ends_the_run_quietly() {
    for threads in ["1", "2"] {
        let mut run = logmask().args(["-j", threads]);
        let mut child = run.start();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        let mut stdin = child.stdin.take().unwrap();
        // Ends when the run does: the write fails then.
        let feeding = std::thread::spawn(move || while stdin.write_all(INPUT.repeat(1000).as_bytes()).is_ok() {});
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        drop(reader);
        let outcome = run.finish(child);
        feeding.join().unwrap();
        assert_eq!(line, "first password=REDACTED-password\n");
        let status = outcome.status;
        assert!(status.code() == Some(141) || status.signal() == Some(13), "{status}");
        outcome.says_lines(0);
    }
}

#[test]
fn d02_a_full_disk_behind_stdout_is_an_error_in_one_line() {
    let run = logmask().stdout(full()).pipe(INPUT);
    run.exits(74).says("logmask: error: ").says_lines(1).tells_nobody(&Canary::new("magpie-vol7-quartz"));
}

#[test]
fn d03_a_full_or_closed_stderr_does_not_stop_the_work() {
    logmask().stderr(full()).pipe(INPUT).exits(0).prints(OUTPUT);
    // There is something to say, and nobody to say it to.
    let long = format!("{}\n{INPUT}", "x".repeat(70_000));
    let run = logmask().args(["--max-line", "65536"]).stderr(full()).pipe(&long);
    run.exits(3).prints(format!("REDACTED-record-too-long-bytes-70000\n{OUTPUT}"));
    logmask().stderr(full()).arg("--no-such-option").pipe(INPUT).exits(2).prints("");
    let mut closed = Command::new("sh");
    closed.args(["-c", "exec \"$0\" 2>&-", EXE]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = closed.spawn().unwrap();
    child.stdin.take().unwrap().write_all(INPUT.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stdout).as_ref()), (Some(0), OUTPUT));
}

#[test]
fn e01_a_signal_in_the_middle_of_a_line_lets_nothing_of_it_out() {
    for signal in [Signal::TERM, Signal::HUP, Signal::KILL] {
        let mut run = logmask();
        let mut child = run.start();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"whole\npassword=magpie-vol7-quartz and mo").unwrap();
        let mut out = String::new();
        reader.read_line(&mut out).unwrap();
        kill_process(Pid::from_child(&child), signal).unwrap();
        let status = wait(&mut child, Duration::from_secs(30)).expect("the signal ends it");
        std::io::Read::read_to_string(&mut reader, &mut out).unwrap();
        assert_eq!((out.as_str(), status.signal()), ("whole\n", Some(signal.as_raw())));
        run.finish(child).tells_nobody(&Canary::new("magpie-vol7-quartz"));
    }
}

#[test]
fn e08_an_ordinary_error_has_no_backtrace() {
    for level in ["1", "full"] {
        for args in [&["-c", "missing.yaml"][..], &["missing.log"], &["--max-line", "x"]] {
            let run = logmask().env("RUST_BACKTRACE", level).args(args).pipe(INPUT);
            run.prints("").tells_nobody(&Canary::new("magpie-vol7-quartz"));
            let said = String::from_utf8_lossy(&run.stderr).to_lowercase();
            assert!(!run.status.success() && said.starts_with("logmask: error: "), "{}: {said}", run.status);
            assert!(!said.contains("backtrace") && !said.contains(".rs:") && !said.contains(" at src/"), "{said}");
        }
    }
}
