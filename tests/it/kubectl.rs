//! The headline use, with a real `kubectl`: `kubectl logs -f … | logmask`.

use crate::api::Api;
use crate::canary::Canary;
use crate::run::{EXE, lines_aside, read_aside, same, wait};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::io::PipeReader;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Within moments: generous, because the machine may be busy.
const MOMENTS: Duration = Duration::from_secs(2);
/// For what takes its time before the first line: connecting, discovery.
const A_WHILE: Duration = Duration::from_secs(30);

/// `kubectl logs … | logmask` in a process group of its own, as a shell would start it.
struct Pipe {
    kubectl: Child,
    filter: Child,
    /// Our end of the pipe between the two, to see what waits in it.
    between: PipeReader,
    _home: TempDir,
}

impl Pipe {
    fn start(api: &Api, args: &[&str]) -> Pipe {
        let home = tempfile::tempdir().unwrap();
        let (between, writer) = std::io::pipe().unwrap();
        let mut kubectl = Command::new("kubectl");
        kubectl.arg(format!("--server={}", api.address)).arg("logs").args(args);
        kubectl.env("KUBECONFIG", "/dev/null").env("HOME", home.path()).env_remove("KUBERNETES_SERVICE_HOST");
        kubectl.stdin(Stdio::null()).stdout(writer).process_group(0);
        let kubectl = kubectl.spawn().unwrap();
        let group = i32::try_from(kubectl.id()).unwrap();
        let mut filter = Command::new(EXE);
        filter.stdin(between.try_clone().unwrap()).stdout(Stdio::piped()).process_group(group);
        let filter = filter.spawn().unwrap();
        Pipe { kubectl, filter, between, _home: home }
    }

    fn lines(&mut self) -> Receiver<String> {
        lines_aside(self.filter.stdout.take().unwrap())
    }

    fn waits_between(&self) -> u64 {
        rustix::io::ioctl_fionread(&self.between).unwrap()
    }

    /// Both are done; their exit codes.
    fn end(mut self) -> (Option<i32>, Option<i32>) {
        drop(self.between);
        let kubectl = wait(&mut self.kubectl, A_WHILE).expect("kubectl ends");
        let filter = wait(&mut self.filter, A_WHILE).expect("logmask ends when kubectl has ended");
        (kubectl.code(), filter.code())
    }
}

/// Whether the test can run. In CI it must.
fn kubectl_is_here() -> bool {
    let here = Command::new("kubectl").args(["version", "--client"]).output().is_ok_and(|out| out.status.success());
    if !here {
        assert!(std::env::var_os("CI").is_none(), "kubectl is missing: apt-get install kubernetes-client");
        eprintln!("SKIPPED: kubectl is missing, the headline use was not tested: apt-get install kubernetes-client");
    }
    here
}

fn patiently(mut done: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < A_WHILE {
        if done() {
            return true;
        }
        thread::sleep(Duration::from_millis(5));
    }
    false
}

#[test]
fn each_followed_line_is_out_and_masked_within_moments() {
    if !kubectl_is_here() {
        return;
    }
    let api = Api::serve(&["api-7d9f-x2x4v"]);
    let mut pipe = Pipe::start(&api, &["-f", "--prefix", "--timestamps", "pod/api-7d9f-x2x4v"]);
    let lines = pipe.lines();
    let canary = Canary::new("magpie-vol7-quartz");
    let said = [
        (r"GET /healthz 200 1.2ms", "GET /healthz 200 1.2ms"),
        (
            r#"{"user":"jo","password":"magpie-vol7-quartz","n":1}"#,
            r#"{"user":"jo","password":"REDACTED-password","n":1}"#,
        ),
        (r"level=info api_key=magpie-vol7-quartz took=3ms", "level=info api_key=REDACTED-api-key took=3ms"),
        (r"reset requested by jo@acme.io", "reset requested by REDACTED-email-*"),
    ];
    let mut slowest = Duration::ZERO;
    for (i, (line, expected)) in said.iter().enumerate() {
        let start = Instant::now();
        api.say("api-7d9f-x2x4v", line);
        // Nothing follows this line until it is out.
        let found = lines.recv_timeout(A_WHILE).expect("the line comes out while nothing follows it");
        let expected = format!("[pod/api-7d9f-x2x4v/app] 2026-03-02T10:00:{i:02}.123456789Z {expected}");
        assert!(same(found.as_bytes(), expected.as_bytes()), "\n   found {found}\nexpected {expected}");
        canary.assert_gone("stdout", found.as_bytes());
        // The first line also waits for kubectl to connect.
        if i > 0 {
            slowest = slowest.max(start.elapsed());
        }
    }
    eprintln!("slowest line from the API server through kubectl and logmask: {slowest:?}");
    assert!(slowest < MOMENTS, "a line took {slowest:?}");
    api.end();
    assert_eq!(pipe.end(), (Some(0), Some(0)));
}

#[test]
fn logs_of_several_pods_and_of_a_deployment_are_masked() {
    if !kubectl_is_here() {
        return;
    }
    let api = Api::serve(&["api-1", "api-2"]);
    for pod in ["api-1", "api-2"] {
        api.say(pod, "start");
        api.say(pod, "login password=magpie-vol7-quartz ok");
    }
    api.end();
    for args in [&["-l", "app=api", "--prefix"][..], &["deploy/api", "--timestamps"], &["api-2"]] {
        let mut pipe = Pipe::start(&api, args);
        let stdout = read_aside(pipe.filter.stdout.take().unwrap());
        assert_eq!(pipe.end(), (Some(0), Some(0)), "{args:?}");
        let found = String::from_utf8(stdout.join().unwrap()).unwrap();
        let pods = if args[0] == "-l" { 2 } else { 1 };
        assert_eq!(found.matches("start\n").count(), pods, "{args:?}: {found}");
        assert_eq!(found.matches("login password=REDACTED-password ok\n").count(), pods, "{args:?}: {found}");
        assert_eq!(found.lines().count(), 2 * pods, "{args:?}: {found}");
    }
}

#[test]
fn an_interrupt_drains_what_kubectl_had_sent() {
    if !kubectl_is_here() {
        return;
    }
    let api = Api::serve(&["api-1"]);
    let mut pipe = Pipe::start(&api, &["-f", "api-1"]);
    let lines = pipe.lines();
    api.say("api-1", "first");
    assert_eq!(lines.recv_timeout(A_WHILE).expect("the first line"), "first");
    // 1. The filter falls behind: everything kubectl sends from here on waits in the pipe.
    let filter = Pid::from_child(&pipe.filter);
    kill_process(filter, Signal::STOP).unwrap();
    let state = format!("/proc/{}/stat", pipe.filter.id());
    assert!(patiently(|| std::fs::read_to_string(&state).unwrap().contains(") T ")), "the filter stops");
    let before = pipe.waits_between();
    for _ in 0..6 {
        api.say("api-1", "login password=magpie-vol7-quartz ok");
    }
    let bytes = 6 * "login password=magpie-vol7-quartz ok\n".len() as u64;
    assert!(patiently(|| pipe.waits_between() == before + bytes), "kubectl passes on what it gets");
    // 2. Ctrl-C goes to both ends, and the filter wakes up to it.
    kill_process_group(Pid::from_child(&pipe.kubectl), Signal::INT).unwrap();
    kill_process(filter, Signal::CONT).unwrap();
    pipe.end();
    let found: Vec<String> = lines.iter().collect();
    assert_eq!(found, ["login password=REDACTED-password ok"; 6]);
}
