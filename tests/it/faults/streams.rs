//! Rows D about standard streams that are closed, full, slow or do not block, with faults injected by strace.

use crate::canary::Canary;
use crate::run::{EXE, Outcome, logmask, read_aside};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::Duration;

const INPUT: &str = "first password=magpie-vol7-quartz\nsecond\n";
const OUTPUT: &str = "first password=REDACTED-password\nsecond\n";

/// `SCRIPT` in a shell, where `$0` is the executable; `INPUT` on stdin.
fn shell(script: &str) -> (Option<i32>, String, String) {
    let mut sh = Command::new("sh");
    sh.args(["-c", script, EXE]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = sh.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let _ = stdin.write_all(INPUT.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().or(output.status.signal().map(|s| 128 + s)), text(output.stdout), text(output.stderr))
}

#[test]
fn d08_a_slow_pipe_that_does_not_block_gets_all_bytes() {
    let (reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).unwrap();
    fcntl_setfl(&writer, fcntl_getfl(&writer).unwrap() | OFlags::NONBLOCK).unwrap();
    let input = INPUT.repeat(20_000);
    let mut run = logmask().stdout(Stdio::from(writer));
    let mut child = run.start();
    // The parent's copy of the pipe's end is gone with the builder that had it.
    let mut stdin = child.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let mut reader = std::fs::File::from(reader);
    std::thread::sleep(Duration::from_millis(200));
    let mut all = Vec::new();
    let mut piece = [0; 16_000];
    while let Ok(read @ 1..) = reader.read(&mut piece) {
        all.extend_from_slice(&piece[..read]);
        if all.len() < 300_000 {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    feeding.join().unwrap();
    run.finish(child).exits(0);
    assert!(all == OUTPUT.repeat(20_000).as_bytes(), "{} bytes", all.len());
}

#[test]
fn d09_a_stdin_that_does_not_block_is_waited_for() {
    let (reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).unwrap();
    fcntl_setfl(&reader, fcntl_getfl(&reader).unwrap() | OFlags::NONBLOCK).unwrap();
    let mut run = Command::new(EXE);
    let mut child = run.stdin(Stdio::from(reader)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let out = read_aside(child.stdout.take().unwrap());
    let mut writer = std::fs::File::from(writer);
    for line in INPUT.split_inclusive('\n') {
        std::thread::sleep(Duration::from_millis(100));
        writer.write_all(line.as_bytes()).unwrap();
    }
    drop((writer, run));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(out.join().unwrap(), OUTPUT.as_bytes());
}

#[test]
fn d10_a_closed_stdin_is_an_empty_input_and_can_be_refused() {
    assert_eq!(shell("\"$0\" <&-"), (Some(0), String::new(), String::new()));
    let (code, _, said) = shell("\"$0\" --require-input <&-");
    assert!(code == Some(2) && said.contains("no input"), "{code:?} {said}");
}

#[test]
fn d11_a_closed_stdout_is_noticed() {
    for command in ["\"$0\"", "\"$0\" -j 2", "\"$0\" --diff", "\"$0\" run -- echo x"] {
        let (code, _, said) = shell(&format!("{command} >&-"));
        assert!(
            code == Some(0) && said.starts_with("logmask: warning: stdout is closed, or"),
            "{command} {code:?} {said}"
        );
    }
    // As Python's `subprocess.DEVNULL` is.
    for command in ["\"$0\" 1<>/dev/null", "echo x | \"$0\" 1<>/dev/null"] {
        assert_eq!(shell(command).0, Some(0), "{command}");
    }
    // Thrown away on purpose, or not needed.
    for command in ["\"$0\" >/dev/null", "\"$0\" policy check >/dev/null", "\"$0\" --version >/dev/null"] {
        assert_eq!(shell(command).0, Some(0), "{command}");
    }
    let (code, _, said) =
        shell("cd \"$(mktemp -d)\" && echo token=x >a.log && \"$0\" -o out a.log >&- && cat out/a.log >&2");
    assert!(code == Some(0) && said == "token=REDACTED-token\n", "{code:?} {said}");
}

#[test]
fn d05_a_limit_on_file_size_is_told() {
    let (code, _, said) = shell("cd \"$(mktemp -d)\" && ulimit -f 16 && yes token=x | head -c 100000 | \"$0\" >out");
    assert!(code == Some(74) && said.contains("stdout: file too large"), "{code:?} {said}");
}

#[test]
fn d19_few_descriptors_are_enough() {
    assert_eq!(shell("ulimit -n 9; \"$0\""), (Some(0), OUTPUT.to_owned(), String::new()));
    assert_eq!(shell("ulimit -n 9; \"$0\" -j 2"), (Some(0), OUTPUT.to_owned(), String::new()));
}

#[test]
fn e03_without_memory_nothing_gets_through() {
    let (code, out, _) = shell("ulimit -v 4000; \"$0\"");
    assert!(code != Some(0) && !out.contains("magpie"), "{code:?}");
}

/// `logmask ARGS` with `INPUT` under strace; None if that cannot be done here.
#[allow(clippy::print_stderr)]
fn traced(inject: &str, args: &[&str]) -> Option<(Option<i32>, String, String)> {
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    if !works.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: strace is missing or may not trace: apt-get install strace");
        return None;
    }
    let mut strace = Command::new("strace");
    strace.args(["-f", "-q", "-o", "/dev/null", "-e", inject, EXE]).args(args);
    strace.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = strace.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(INPUT.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Some((output.status.code(), text(output.stdout), text(output.stderr)))
}

#[test]
fn d06_an_interrupted_call_is_tried_again() {
    for call in ["read", "write"] {
        for when in 1..=6 {
            let Some(run) = traced(&format!("inject={call}:error=EINTR:when={when}"), &[]) else { return };
            // The first reads are those of the loader, which gives up.
            if run.0 != Some(127) {
                assert_eq!(run, (Some(0), OUTPUT.to_owned(), String::new()), "{call} {when}");
            }
        }
    }
}

#[test]
fn d07_any_read_or_write_that_fails_ends_the_run_with_a_masked_prefix() {
    let mut failed = 0;
    for (call, most) in [("read", 30), ("write", 2)] {
        for when in 1..=most {
            let Some((code, out, said)) = traced(&format!("inject={call}:error=EIO:when={when}"), &[]) else { return };
            Canary::new("magpie-vol7-quartz").assert_gone("output", format!("{out}{said}").as_bytes());
            assert!(OUTPUT.starts_with(&out), "{call} {when}: {out}");
            assert!(code == Some(0) && out == OUTPUT || code != Some(0), "{call} {when}: {code:?}");
            failed += usize::from(code == Some(74));
        }
    }
    assert!(failed >= 2, "a read and a write of the log failed");
}

#[test]
fn e06_stops_and_window_changes_change_nothing() {
    use rustix::process::{Pid, Signal, kill_process};
    let input = INPUT.repeat(5000);
    let mut run = logmask();
    let mut child = run.start();
    let mut stdin = child.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || {
        for piece in input.as_bytes().chunks(50_000) {
            stdin.write_all(piece).unwrap();
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    let out = read_aside(child.stdout.take().unwrap());
    for _ in 0..10 {
        for signal in [Signal::STOP, Signal::CONT, Signal::WINCH] {
            kill_process(Pid::from_child(&child), signal).unwrap();
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    feeding.join().unwrap();
    let outcome: Outcome = run.finish(child);
    outcome.exits(0);
    assert!(out.join().unwrap() == OUTPUT.repeat(5000).as_bytes());
}

#[test]
fn e04_e05_no_core_file_and_no_look_into_memory() {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    let mut command = Command::new(EXE);
    // What is root's cannot be hidden from root.
    let root = rustix::process::geteuid().is_root();
    if root {
        command.uid(65534).gid(65534).current_dir("/");
    }
    // That user reads no policy of root's.
    command.env("HOME", "/");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(b"token=x\n").unwrap();
    // It has begun its work when a line comes out.
    let mut line = [0; 8];
    child.stdout.as_mut().unwrap().read_exact(&mut line).unwrap();
    let place = format!("/proc/{}/environ", child.id());
    // The kernel gives the files of a process without core files to root (proc(5)).
    assert_eq!(std::fs::metadata(&place).unwrap().uid(), 0, "it can be dumped");
    let mut spy = Command::new("cat");
    if root {
        spy.uid(65534).gid(65534);
    }
    let seen = spy.arg(&place).stderr(Stdio::null()).output().unwrap();
    assert!(!seen.status.success() && seen.stdout.is_empty());
    drop(child.stdin.take());
    child.wait().unwrap();
}
