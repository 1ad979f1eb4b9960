//! `logmask run -- CMD`: both streams masked, signals passed on, the status of the command.

use crate::canary::Canary;
use crate::run::{EXE, Logmask, lines_aside, logmask, wait};
use crate::terminal::on_a_terminal;
use rustix::process::{Pid, Signal, kill_process};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::Duration;

const SECRET: &str = "magpie-vol7-quartz";

/// `logmask run -- sh -c SCRIPT`
fn sh(script: &str) -> Logmask {
    logmask().args(["run", "--", "sh", "-c", script])
}

#[test]
fn both_streams_are_masked_and_stay_apart() {
    let run = sh(&format!("echo out password={SECRET}; echo err token={SECRET} >&2; exit 9")).pipe("");
    run.exits(9).prints("out password=REDACTED-password\n").hides(&Canary::new(SECRET));
    assert_eq!(run.stderr, b"err token=REDACTED-token\n");
}

#[test]
fn stdin_is_the_commands_own() {
    logmask()
        .args(["run", "--", "cat"])
        .pipe("a token=x\r\nno newline")
        .exits(0)
        .prints("a token=REDACTED-token\r\nno newline");
}

#[test]
fn secrets_of_the_environment_are_hidden_in_every_spelling() {
    let canary = Canary::new(SECRET);
    let script = "for x in \"$API_TOKEN\" \"$(printf %s \"$API_TOKEN\" | base64)\" \"$(printf '{%s}' \"$API_TOKEN\" | od -An -tx1 | tr -d ' \\n')\"; do echo \"got $x.\"; echo \"err $x.\" >&2; done; echo $0";
    let run = || sh(script).env("API_TOKEN", SECRET);
    let outcome = run().pipe("");
    outcome.exits(0).hides(&canary);
    assert_eq!(String::from_utf8_lossy(&outcome.stderr).matches("REDACTED-listed-secret").count(), 3);
    for (name, value) in
        [("DATABASE_URL", format!("postgres://app:{SECRET}@db/x")), ("MY_DB_PASSWORD", SECRET.to_owned())]
    {
        let script = format!("echo \"{SECRET}\"");
        sh(&script).env(name, &value).pipe("").exits(0).prints("REDACTED-listed-secret\n").hides(&canary);
    }
    logmask()
        .args(["run", "--pty", "--", "sh", "-c", "echo \"it is $API_TOKEN\""])
        .env("API_TOKEN", SECRET)
        .pipe("")
        .hides(&canary);
    // Rules of a team name variables too, and what is no secret stays.
    let policy = "version: 1\nrules: [{id: pin-code, class: secret.pin, fields: [shop_pin]}]\n";
    let own = || {
        logmask()
            .file("p.yaml", policy)
            .env("SHOP_PIN", SECRET)
            .env("DB_PASSWORD", "postgres")
            .env("TOKEN_FILE", "/run/secrets/x1")
    };
    let words = format!("echo {SECRET} postgres /run/secrets/x1");
    own()
        .args(["run", "-c", "p.yaml", "--", "sh", "-c", &words])
        .pipe("")
        .prints("REDACTED-listed-secret postgres /run/secrets/x1\n");
}

#[test]
fn the_environment_can_be_left_alone() {
    let run =
        logmask().args(["run", "--no-env-secrets", "--", "sh", "-c", "echo it is $API_TOKEN"]).env("API_TOKEN", SECRET);
    run.pipe("").exits(0).prints(format!("it is {SECRET}\n"));
}

#[test]
fn each_stream_keeps_its_order_however_much_comes() {
    let script = "i=0; while [ $i -lt 3000 ]; do echo $i a token=x$i; echo $i b >&2; i=$((i+1)); done";
    let run = sh(script).pipe("");
    let lines = |rest: &str| (0..3000).flat_map(|i| [i.to_string(), format!(" {rest}\n")]).collect::<String>();
    run.exits(0).prints(lines("a token=REDACTED-token"));
    assert_eq!(String::from_utf8_lossy(&run.stderr), lines("b"));
}

#[test]
fn the_status_is_the_commands_else_ours() {
    sh("exit 0").pipe("").exits(0);
    sh("exit 3").pipe("").exits(3).says_lines(0);
    sh("kill -TERM $$").pipe("").exits(143);
    sh("kill -KILL $$").pipe("").exits(137);
    let long = "head -c 70000 /dev/zero | tr '\\0' x; echo";
    let withheld = |script: &str| logmask().args(["run", "--max-line", "65536", "--", "sh", "-c", script]).pipe("");
    withheld(long).exits(3).prints("REDACTED-record-too-long-bytes-70000\n");
    withheld(&format!("{long}; exit 1")).exits(1);
    let missing = logmask().args(["run", "--", SECRET]).pipe("");
    missing.exits(127).prints("").says("the command cannot be run").tells_nobody(&Canary::new(SECRET));
    logmask().args(["run", "--nosuch", "true"]).pipe("").exits(127).says("an option that logmask run does not have?");
    logmask().file("text", "x").args(["run", "--", "./text"]).pipe("").exits(126).prints("");
    // A policy that does not load: nothing is run.
    let refused = logmask().policy("version: 1\nruless: []\n").pipe("");
    refused.exits(2);
    let run = logmask().args(["run", "-c", "none.yaml", "--", "touch", "ran"]).pipe("");
    run.exits(2).prints("");
    assert!(!run.path("ran").exists());
    logmask().arg("run").pipe("").exits(2).prints("");
}

#[test]
fn a_line_is_out_while_the_command_runs() {
    let mut run = sh("echo token=abc; read go; echo done");
    let mut child = run.start();
    let lines = lines_aside(child.stdout.take().unwrap());
    assert_eq!(lines.recv_timeout(Duration::from_secs(20)).unwrap(), "token=REDACTED-token");
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), b"\n").unwrap();
    assert_eq!(lines.recv_timeout(Duration::from_secs(20)).unwrap(), "done");
    run.finish(child).exits(0);
}

#[test]
fn signals_are_passed_on_and_what_the_command_says_of_them_comes_out() {
    // What was ignored when we were started (a job in the background, nohup) stays so for the command.
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    let ignored = u64::from_str_radix(ignored.trim(), 16).unwrap();
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::USR1] {
        if ignored >> (signal.as_raw() - 1) & 1 == 1 {
            continue;
        }
        let name = format!("{signal:?}");
        let trap = signal.as_raw();
        let script = format!("trap 'echo bye token=x; exit 7' {trap}; echo ready; while :; do sleep 0.02; done");
        let mut run = sh(&script);
        let mut child = run.start();
        let lines = lines_aside(child.stdout.take().unwrap());
        assert_eq!(lines.recv_timeout(Duration::from_secs(20)).unwrap(), "ready", "{name}");
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(lines.recv_timeout(Duration::from_secs(20)).unwrap(), "bye token=REDACTED-token", "{name}");
        run.finish(child).exits(7);
    }
}

#[test]
fn what_the_command_leaves_running_can_be_interrupted() {
    let mut run = sh("echo ready; sleep 60 & exit 0");
    let mut child = run.start();
    let lines = lines_aside(child.stdout.take().unwrap());
    assert_eq!(lines.recv_timeout(Duration::from_secs(20)).unwrap(), "ready");
    std::thread::sleep(Duration::from_millis(300));
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let status = wait(&mut child, Duration::from_secs(20)).expect("the signal ends it");
    assert_eq!(status.signal(), Some(15));
    // `sleep` holds stderr; it is not waited for.
    drop(child.stderr.take());
}

#[test]
fn a_reader_that_leaves_ends_the_command_too() {
    let pipe = Command::new("sh")
        .args(["-c", "\"$0\" run -- yes token=x | head -n 1", EXE])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(
        (String::from_utf8_lossy(&pipe.stdout).as_ref(), pipe.stderr.as_slice()),
        ("token=REDACTED-token\n", &b""[..])
    );
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    // Told by a broken pipe, as in any pipeline.
    logmask().args(["run", "--", "yes"]).stdout(full).pipe("").exits(141).says("logmask: error: stdout: ");
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let gone = logmask().args(["run", "--pty", "--", "yes"]).stdout(full).pipe("");
    // By SIGHUP, or by a write that fails where that is ignored.
    assert!(matches!(gone.status.code(), Some(129 | 1)), "{}", gone.status);
    gone.says("logmask: error: stdout: ");
}

#[test]
fn with_pty_the_command_has_a_terminal() {
    let script = format!("test -t 1 && test -t 2 && echo tty; echo password={SECRET} >&2; exit 5");
    let run = logmask().args(["run", "--pty", "--", "sh", "-c", &script]).pipe("");
    run.exits(5).prints("tty\r\npassword=REDACTED-password\r\n").hides(&Canary::new(SECRET));
    // What comes from a pipe has an end and no echo.
    let run = logmask().args(["run", "--pty", "--", "cat"]).pipe("token=x\nlast");
    run.exits(0).prints("token=REDACTED-token\r\nlast");
    // One that has nothing more to say is not hung up on.
    let run = logmask().args(["run", "--pty", "--", "sh", "-c", "exec >&- 2>&-; sleep 0.2; exit 6"]).pipe("");
    run.exits(6).prints("");
}

#[test]
fn keys_reach_a_command_with_a_terminal_and_ctrl_c_reaches_it_once() {
    let script = "echo ready; read x; echo got token=$x; exit 4";
    let color = ["--color", "never"];
    let run = |extra: &[&'static str], script: &'static str, keys: &str| {
        let args: Vec<&str> =
            ["run"].iter().chain(&color).chain(extra).copied().chain(["--", "sh", "-c", script]).collect();
        on_a_terminal(&args, None, "ready", keys)
    };
    let (shown, status) = run(&["--pty"], script, "hello\\r");
    assert!(shown.contains("got token=REDACTED-token\r\n") && status == 4, "{status}: {shown}");
    let count =
        "trap 'n=$((n+1))' INT; echo ready; i=0; while [ $i -lt 30 ]; do sleep 0.02; i=$((i+1)); done; echo n=$n.";
    for extra in [&["--pty"][..], &[]] {
        let (shown, status) = run(extra, count, "\\x03");
        assert!(shown.contains("n=1.") && status == 0, "{extra:?} {status}: {shown}");
    }
}
