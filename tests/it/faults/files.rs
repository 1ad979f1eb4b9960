//! Rows D about files: crashes, full disks, rotation, and modes.

use crate::canary::Canary;
use crate::run::{EXE, lines_aside, logmask, wait};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SECRET: &str = "magpie-vol7-quartz";

fn line() -> String {
    format!("{{\"password\":\"{SECRET}\",\"mail\":\"jo@acme.io\"}}\n")
}

/// Names in `dir`, sorted; none if there is none.
fn names(dir: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .map(|entries| entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

#[test]
fn d14_a_run_that_is_killed_leaves_no_target_and_nothing_to_read() {
    for signal in [Signal::TERM, Signal::INT, Signal::KILL] {
        let mut run = logmask().file("a.log", line().repeat(400_000)).args(["-j", "1", "-o", "out", "a.log"]);
        let out = run.work().join("out");
        let mut child = run.start();
        let begun = Instant::now();
        let size =
            || names(&out).first().and_then(|name| fs::metadata(out.join(name)).ok()).map_or(0, |stat| stat.len());
        while size() == 0 {
            assert!(begun.elapsed() < Duration::from_secs(30) && child.try_wait().unwrap().is_none());
            std::thread::sleep(Duration::from_millis(1));
        }
        kill_process(Pid::from_child(&child), signal).unwrap();
        wait(&mut child, Duration::from_secs(30)).expect("the signal ends it");
        let left = names(&out);
        if signal == Signal::KILL {
            assert!(left.len() == 1 && left[0].starts_with(".logmask-"), "{left:?}");
            assert_eq!(fs::metadata(out.join(&left[0])).unwrap().permissions().mode() & 0o777, 0o600);
        } else {
            assert_eq!(left, Vec::<String>::new(), "{signal:?}");
        }
        run.finish(child).tells_nobody(&Canary::new(SECRET));
    }
}

#[test]
fn d14_a_full_disk_leaves_files_as_they_were() {
    // A disk of 64 KiB, in a name space of our own.
    let script = format!(
        "mount -t tmpfs -o size=64k none /mnt && cd /mnt && i=0 && while [ $i -lt 2000 ]; do printf '%s\\n' 'token={SECRET}'; \
         i=$((i+1)); done >a.log && cp a.log /tmp/a.$$ && {{ \"$0\" --in-place a.log; echo \"status $?\"; }} && \
         cmp a.log /tmp/a.$$ && rm /tmp/a.$$ && ls -A && {{ \"$0\" -o out a.log; echo \"status $?\"; ls -A out; }}"
    );
    let run = Command::new("unshare").args(["-rm", "sh", "-c", &script, EXE]).output();
    let Ok(run) = run else { return skipped() };
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    if said.contains("unshare") || said.contains("mount:") {
        return skipped();
    }
    assert_eq!(String::from_utf8_lossy(&run.stdout), "status 74\na.log\nstatus 74\n", "{said}");
    assert!(said.contains("no space left") && !said.contains(SECRET), "{said}");
}

#[allow(clippy::print_stderr)]
fn skipped() {
    eprintln!(
        "SKIPPED: no name spaces here, so a full disk was not tried: needs unshare of util-linux and the right to mount"
    );
}

#[test]
fn d15_a_directory_that_cannot_be_written_is_told() {
    let run = logmask().file("a.log", line()).args(["-o", "/proc/out", "a.log"]).pipe("");
    run.exits(74).prints("").says("/proc/out").tells_nobody(&Canary::new(SECRET));
    let fifo = logmask().file("a.log", line());
    fs::create_dir(fifo.work().join("out")).unwrap();
    assert!(Command::new("mkfifo").arg(fifo.work().join("out/a.log")).status().unwrap().success());
    fifo.args(["-o", "out", "a.log"]).pipe("").exits(2).says("no regular file");
}

#[test]
fn d15_a_directory_that_cannot_be_read_is_told_and_the_others_are_done() {
    for args in [&["-o", "out", "logs"][..], &["--in-place", "logs"], &["logs"], &["logs/**/*.log"], &["check", "logs"]]
    {
        let dir = tempfile::tempdir().unwrap();
        for file in ["logs/a.log", "logs/u/b.log", "logs/z.log"] {
            let file = dir.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, line()).unwrap();
        }
        let mut strace = Command::new("strace");
        strace
            .args(["-f", "-q", "-o", "/dev/null", "-P", "logs/u", "-e", "inject=openat:error=EACCES", EXE])
            .args(args);
        let Ok(run) = strace.current_dir(dir.path()).stdin(Stdio::null()).output() else { return };
        let (out, said) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        assert_eq!(run.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains("logs/u: permission denied"), "{args:?}: {said}");
        let done = match args[0] {
            "-o" => fs::read_to_string(dir.path().join("out/z.log")).unwrap(),
            "--in-place" => fs::read_to_string(dir.path().join("logs/z.log")).unwrap(),
            _ => out.lines().last().unwrap_or_default().to_owned(),
        };
        assert!(done.contains("REDACTED") || done.starts_with("logs/z.log:"), "{args:?}: {done}");
        assert!(!dir.path().join("out/u").exists());
    }
}

#[test]
fn d15_a_summary_that_is_stdout_too_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.log"), line()).unwrap();
    let script = "\"$0\" --summary json:out a.log >out; echo $?; cat out";
    let run = Command::new("sh").args(["-c", script, EXE]).current_dir(dir.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&run.stdout), "2\n", "{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn d16_files_are_for_their_owner_whatever_the_umask() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.log"), line()).unwrap();
    let script = "umask 000; \"$0\" -o out a.log; stat -c %a out out/a.log";
    let run = Command::new("sh").args(["-c", script, EXE]).current_dir(dir.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&run.stdout), "700\n600\n");
}

#[test]
fn d17_a_sync_that_fails_is_an_error_and_nothing_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.log"), line()).unwrap();
    for args in [&["--in-place", "a.log"][..], &["-o", "out", "a.log"]] {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-q", "-o", "/dev/null", "-e", "inject=fsync:error=EIO", EXE]).args(args);
        let Ok(run) = strace.current_dir(dir.path()).stdin(Stdio::null()).output() else { return };
        let said = String::from_utf8_lossy(&run.stderr);
        if said.contains("PTRACE") {
            return;
        }
        assert_eq!(run.status.code(), Some(74), "{said}");
        assert_eq!(fs::read_to_string(dir.path().join("a.log")).unwrap(), line());
        assert_eq!(names(&dir.path().join("out")), Vec::<String>::new());
    }
}

#[test]
fn d13_a_file_that_shrinks_while_it_is_read_does_no_harm() {
    let mut run = logmask().file("a.log", line().repeat(300_000)).args(["-j", "2", "a.log"]);
    let path = run.work().join("a.log");
    let mut child = run.start();
    let lines = lines_aside(child.stdout.take().unwrap());
    let first = lines.recv_timeout(Duration::from_secs(30)).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_len(10).unwrap();
    assert!(first.starts_with("{\"password\":\"REDACTED-password\""), "{first}");
    while let Ok(line) = lines.recv_timeout(Duration::from_secs(30)) {
        assert!(!line.contains("magpie"), "{line}");
    }
    run.finish(child).exits(0);
}

#[test]
fn f16_names_of_any_bytes_work() {
    use std::os::unix::ffi::OsStrExt;
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9 \xff.log");
    let run = logmask();
    fs::write(run.work().join(name), "token=x\n").unwrap();
    let run = run.arg("-o").arg("out").arg(name).pipe("");
    run.exits(0);
    assert_eq!(fs::read(run.path("out").join(name)).unwrap(), b"token=REDACTED-token\n");
}
