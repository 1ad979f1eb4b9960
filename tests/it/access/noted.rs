//! What the audit file tells beside what was shown: of whom it is proved, of runs that were cut short, and to whoever has
//! only a piece of it.

use super::grants::{self, GOOD, POLICY, REASON, signed};
use super::sshd::Sshd;
use super::{Place, SSH, installed};
use crate::run::EXE;
use serde_json::Value;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

const LOG: &str = "password=hunter2-magpie jo@corp.test 8.8.8.8\n";

const VIEW: [&str; 8] =
    ["-c", "policy.yaml", "--view", "oncall", "--grant", "alice-cert.pub", "--proof-key", "file:alice"];

/// A policy whose audit file is signed, and Alice's grant.
fn place() -> Place {
    let place = grants::place();
    place.key("sign");
    place.write("policy.yaml", POLICY.replace("origin: bastion/shop", "origin: shop, sign_with: 'file:sign'"));
    place.write("signers", format!("audit namespaces=\"audit@logmask\" {}", place.read("sign.pub")));
    signed(&place, "ca", GOOD);
    place
}

fn entries(place: &Place) -> Vec<Value> {
    place.read("audit").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn entry(place: &Place, event: &str) -> Value {
    entries(place).into_iter().rfind(|entry| entry["event"] == event).unwrap_or_default()
}

fn print_of(place: &Place, key: &str) -> String {
    let said = place.run(&["ssh-keygen", "-l", "-f", &format!("{key}.pub")], "").ends(0).stdout;
    said.split(' ').nth(1).unwrap().to_owned()
}

#[test]
fn a_run_that_is_cut_short_says_what_came_out_until_then() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let words = ["--audit", "audit", "--audit-key", "file:sign"];
    for (words, event, counted) in [(&VIEW[..], "reveal.end", "shown"), (&words, "mask.end", "rules")] {
        let mut child = Command::new("env")
            .args(["--default-signal=INT,TERM,HUP,PIPE", EXE])
            .args(words)
            .current_dir(place.path(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Its input stays open: it does not end by itself.
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(LOG.as_bytes()).unwrap();
        let (mut line, mut byte) = (Vec::new(), [0]);
        while byte != [b'\n'] {
            child.stdout.as_mut().unwrap().read_exact(&mut byte).unwrap();
            line.extend(byte);
        }
        // What is counted is told behind the write.
        std::thread::sleep(std::time::Duration::from_millis(300));
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(!child.wait().unwrap().success());
        let end = entry(&place, event);
        let counts = &end["counts"];
        assert_eq!((&counts["lines"], &counts["bytes_in"]), (&1.into(), &LOG.len().into()), "{end}");
        assert_eq!(end["output"].as_str(), Some(super::audit::hex(&line).as_str()), "{event}");
        assert!(counts[counted].as_object().is_some_and(|all| !all.is_empty()), "{end}");
        assert_eq!(entries(&place).last().unwrap()["event"], "checkpoint", "{event}");
        place.logmask(&["audit", "verify", "audit", "--signers", "signers"], "").ends(0);
    }
}

#[test]
fn a_command_is_told_by_its_program_and_what_it_printed() {
    let place = Place::new();
    let script = "echo jo@corp.test; echo to jo@corp.test >&2";
    for pty in [&[][..], &["--pty"]] {
        for (program, named) in [("sh", true), ("/bin/sh", true), ("hunter2-magpie", false), ("TOKEN=magpie", false)] {
            let words = [&["run"], pty, &["--no-config", "--audit", "audit", "--", program, "-c", script]].concat();
            let said = place.logmask(&words, "").ends(if named { 0 } else { 127 });
            let begun = entry(&place, "mask");
            assert_eq!(begun["source"], if named { serde_json::json!([program]) } else { Value::Null }, "{begun}");
            let end = entry(&place, "mask.end");
            assert_eq!(end["output"].as_str(), Some(super::audit::hex(said.stdout.as_bytes()).as_str()), "{end}");
            if named && pty.is_empty() {
                assert_eq!(end["input"].as_str(), Some(super::audit::hex(b"jo@corp.test\n").as_str()), "{end}");
                assert_eq!(end["stderr"].as_str(), Some(super::audit::hex(said.stderr.as_bytes()).as_str()), "{end}");
            }
        }
    }
    assert!(!place.read("audit").contains("corp.test") && !place.read("audit").contains("magpie"));
}

#[test]
fn a_signal_ends_who_waits_for_the_audit_file() {
    let place = Place::new();
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    let file = std::fs::File::open(place.path("audit")).unwrap();
    rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let mut child = Command::new("env")
        .args(["--default-signal=TERM", EXE, "--audit", "audit"])
        .current_dir(place.path(""))
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert!(child.try_wait().unwrap().is_none(), "it waits");
    let started = std::time::Instant::now();
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(!child.wait().unwrap().success());
    assert!(started.elapsed().as_secs() < 10, "it waited for the file");
    drop(file);
    // It has begun nothing.
    assert!(place.logmask(&["audit", "verify", "audit"], "").ends(0).stdout.starts_with("ok: 3 entries"));
}

#[test]
fn a_signal_at_any_moment_leaves_no_session_open() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    place.write("log", LOG);
    let audit = ["-c", "policy.yaml", "--audit", "audit", "--audit-key", "file:sign"];
    let ways = [&["log"][..], &["-o", "out", "log"], &["run", "--", "cat", "log"], &VIEW];
    for (run, way) in ways.into_iter().cycle().take(60).enumerate() {
        let words = match way[0] {
            "-c" => way.to_vec(),
            "run" => [&["run"][..], &audit, &way[1..]].concat(),
            _ => [&audit, way].concat(),
        };
        let length = || std::fs::metadata(place.path("audit")).map_or(0, |stat| stat.len());
        let before = length();
        let mut child = Command::new("env")
            .args(["--default-signal=INT,TERM,HUP,PIPE", EXE])
            .args(&words)
            .current_dir(place.path(""))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // As soon as there is an entry.
        while length() == before && child.try_wait().unwrap().is_none() {}
        let pid = rustix::process::Pid::from_child(&child);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        child.wait().unwrap();
        assert_ne!(length(), before, "{words:?}");
        let last = entries(&place).pop().unwrap();
        assert_eq!(last["event"], "checkpoint", "run {run}: {words:?}: {last}");
    }
    let said = place.logmask(&["audit", "verify", "audit", "--signers", "signers"], "").ends(0).stdout;
    assert!(!said.contains("did not end"), "{said}");
}

#[test]
fn who_is_refused_is_told_as_far_as_it_is_proved() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    // Anybody has Alice's certificate; her key they do not have.
    let words = ["-c", "policy.yaml", "--view", "oncall", "--grant", "alice-cert.pub", "--proof-key", "file:mallory"];
    place.logmask(&words, LOG).ends(3);
    let denied = entry(&place, "denied");
    assert_eq!(denied["actor"]["id"], denied["actor"]["user"]);
    assert_eq!(denied["claimed"]["id"], "alice@corp");
    assert_eq!(denied["claimed"]["key"], print_of(&place, "alice").as_str());
    assert_eq!(denied["grant"]["key"], denied["claimed"]["key"]);
    assert_eq!(entries(&place).last().unwrap()["event"], "checkpoint");
    let shown = place.logmask(&["audit", "show", "audit", "--who", "alice@corp"], "").ends(0).stdout;
    assert!(shown.contains(" denied ") && shown.contains(" claimed=alice@corp "), "{shown}");
    // A role that there is not was asked for, too.
    let count = entries(&place).len();
    place.logmask(&["-c", "policy.yaml", "--view", "nosuch"], LOG).ends(2);
    assert_eq!(entries(&place).len(), count + 2);
    assert_eq!(entry(&place, "denied")["outcome"], "view: --view: no such role");
    place.logmask(&["audit", "verify", "audit", "--signers", "signers"], "").ends(0);
}

#[test]
fn a_grant_that_was_signed_is_proved_by_its_authority() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let sign = |serial: &str| {
        let words = ["grant", "--ca", "file:ca", "--key", "alice.pub", "--who", "alice", "--role", "oncall"];
        let more = ["--reason", "INC-1", "-c", "policy.yaml", "--serial", serial];
        place.logmask(&[&words[..], &more].concat(), "").ends(0);
        entry(&place, "grant")
    };
    let grant = sign("9007199254740993");
    assert_eq!(grant["actor"]["key"], print_of(&place, "ca").as_str());
    assert_eq!(grant["grant"]["key"], print_of(&place, "alice").as_str());
    // A number that jq would round.
    let rounded = place.run(&["jq", "-r", "select(.event==\"grant\").grant.serial", "audit"], "").ends(0).stdout;
    assert_eq!(rounded, "9007199254740993\n");
    assert_eq!(sign("42")["grant"]["serial"], 42);
    let verify = ["audit", "verify", "audit", "--signers", "signers"];
    place.logmask(&verify, "").ends(0);
    // A proof of nobody, or of somebody else, is none: the last entries, with hashes as they should be.
    let whole = place.read("audit");
    for (from, to) in [(print_of(&place, "ca"), print_of(&place, "alice")), ("\"key\":".into(), "\"kez\":".into())] {
        let lines: Vec<&str> = whole.lines().collect();
        let at = lines.len() - 2;
        let text = [&lines[..at], &[&lines[at].replacen(&from, &to, 1)]].concat().join("\n") + "\n";
        assert_ne!(text, whole);
        place.write("audit", text);
        let said = place.logmask(&["audit", "verify", "audit"], "").ends(4).stderr;
        assert!(said.contains("a proof that is not of its actor"), "{said}");
    }
    // Numbers that are drawn are kept by all.
    let words = ["grant", "--key", "alice.pub", "--who", "a", "--role", "oncall", "--reason", "x", "--print-command"];
    let said = place.logmask(&words, "").ends(0).stdout;
    let serial: u64 = said.split(" -z ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(serial < 1 << 53, "{said}");
}

#[test]
fn a_receipt_is_verified_alone() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    place.logmask(&VIEW, LOG).ends(0);
    // What was shown has one as well, if it is asked for.
    let shown = entry(&place, "reveal.end")["session"].as_str().unwrap().to_owned();
    let said = place.logmask(&["audit", "receipt", "audit", "--session", &shown], "").ends(0);
    place.write("receipt", said.stdout);
    place.logmask(&["audit", "verify", "--receipt", "receipt", "--signers", "signers"], "").ends(0);
    place.logmask(&["audit", "receipt", "audit"], "").ends(2);
    let mask = ["--audit", "audit", "--audit-key", "file:sign", "--reason", "INC-7"];
    // Another run begins, and this one ends meanwhile: the other's end is behind the last checkpoint.
    let wait = "until grep -qs other audit; do sleep 0.01; done";
    // A shell may let the last command take its place, and close the pipe.
    let inner = "\"$0\" \"$@\" <log >/dev/null; :";
    let script = format!("{{ echo a; {wait}; {inner}; }} | \"$0\" --audit audit --reason other");
    place.write("log", LOG);
    place.run(&[&["sh", "-c", &script, EXE], &mask[..]].concat(), "").ends(0);
    let ids: Vec<String> = entries(&place)
        .iter()
        .filter(|entry| entry["event"] == "mask.end")
        .map(|entry| entry["session"].as_str().unwrap().to_owned())
        .collect();
    let mut unsigned = 0;
    for id in &ids {
        let said = place.logmask(&["audit", "receipt", "audit", "--session", id], "").ends(0);
        place.write("receipt", &said.stdout);
        let verify = ["audit", "verify", "--receipt", "receipt", "--signers", "signers"];
        if said.stderr.contains("nothing after this run is signed") {
            let said = place.logmask(&verify, "").ends(4).stderr;
            assert!(said.contains("no checkpoint signs it"), "{said}");
            place.logmask(&["audit", "verify", "--receipt", "receipt"], "").ends(0);
            unsigned += 1;
            continue;
        }
        let told = place.logmask(&verify, "").ends(0).stdout;
        assert!(told.contains("signed through") && told.contains("begins before"), "{told}");
        let alone = place.logmask(&["audit", "verify", "receipt"], "").ends(4).stderr;
        assert!(alone.contains("receipt: entry ") && alone.contains("--receipt"), "{alone}");
        for (from, to) in [("INC-7", "INC-8"), ("\"lines\":1", "\"lines\":2"), ("shop", "shoq")] {
            if said.stdout.contains(from) {
                place.write("receipt", said.stdout.replace(from, to));
                place.logmask(&verify, "").ends(4);
            }
        }
        let lines: Vec<&str> = said.stdout.lines().collect();
        place.write("receipt", lines[1..].join("\n"));
        place.logmask(&verify, "").ends(4);
    }
    assert_eq!((ids.len(), unsigned), (2, 1));
}

#[test]
fn a_wrong_clock_in_the_file_is_gone_past_knowingly() {
    if !installed(SSH) || !installed(&[("faketime", "faketime")]) {
        return;
    }
    let place = place();
    let ahead = [&["faketime", "-f", "+2d", EXE], &["-c", "policy.yaml", "--audit", "audit"][..]].concat();
    place.run(&ahead, LOG).ends(0);
    let said = place.logmask(&VIEW, LOG).ends(3);
    assert!(said.stderr.contains("clock went back") && said.stderr.contains("audit repair --clock"), "{}", said.stderr);
    let said = place.logmask(&["audit", "repair", "audit", "--clock", "--audit-key", "file:sign"], "").ends(0).stdout;
    assert!(said.starts_with("went on "), "{said}");
    assert!(entry(&place, "repair")["outcome"].as_str().unwrap().starts_with("clock went back"));
    place.logmask(&VIEW, LOG).ends(0);
    assert_eq!(place.logmask(&["audit", "repair", "audit", "--clock"], "").ends(0).stdout, "nothing to repair\n");
    place.logmask(&["audit", "verify", "audit", "--signers", "signers"], "").ends(0);
}

#[test]
fn who_looks_does_not_choose_the_audit_file() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let said = place.logmask(&[&VIEW[..], &["--audit", "mine"]].concat(), LOG).ends(2);
    assert!(said.stdout.is_empty() && said.stderr.contains("the policy names another audit file"), "{}", said.stderr);
    assert!(!place.path("mine").exists());
    // The same file is the same file.
    place.logmask(&[&VIEW[..], &["--audit", "./audit"]].concat(), LOG).ends(2);
    place.logmask(&VIEW, LOG).ends(0);
    place.logmask(&[&VIEW[..], &["--audit", "./audit"]].concat(), LOG).ends(0);
    // Masking shows nothing.
    place.logmask(&["-c", "policy.yaml", "--audit", "mine"], LOG).ends(0);
}

#[test]
fn a_list_of_no_authorities_is_a_slip() {
    let place = grants::place();
    place.write("policy.yaml", POLICY.replace("grant_cas: [ca.pub]", "grant_cas: []"));
    let said = place.logmask(&["policy", "check", "policy.yaml"], "").ends(2);
    assert!(
        said.stderr.contains("policy.yaml:9:") && said.stderr.contains("\"grant_cas\" is empty"),
        "{}",
        said.stderr
    );
}

#[test]
fn the_broker_gives_the_role_that_sshd_let_in() {
    if !installed(SSH) || !installed(&[("sshd", "openssh-server"), ("ssh", "openssh-client")]) {
        return;
    }
    let place = place();
    let source = "  sources:\n    shop: [sh, -c, 'echo jo@corp.test 8.8.8.8; echo to jo@corp.test >&2']\n";
    place.write("policy.yaml", place.read("policy.yaml") + source);
    let both = ["-n", "logmask:support,logmask:oncall", "-V", "-1m:+1h", "-O", "clear", "-O", REASON];
    signed(&place, "ca", &both);
    let dir = place.path("");
    let option = format!("--principals {}/principals", dir.to_str().unwrap().trim_end_matches('/'));
    let told = |principals: &[&str], option: &str, code| {
        let sshd = Sshd::with(&place, principals, option);
        sshd.ask(&place, &["shop"]).ends(code).stdout
    };
    // This account is for one role only.
    let support = told(&["logmask:support"], &option, 0);
    assert!(support.ends_with(" 8.8.8.8\n") && !support.contains("jo@corp"), "{support}");
    assert_eq!(told(&["no-pty logmask:oncall"], &option, 0), "jo@corp.test 8.8.8.8\n");
    assert_eq!(told(&["logmask:support", "logmask:oncall"], &option, 0), "jo@corp.test 8.8.8.8\n");
    // What went to stderr is summed up, too.
    assert_eq!(entry(&place, "reveal.end")["stderr"], super::audit::hex(b"to jo@corp.test\n").as_str());
    // Without the file nobody knows which role sshd has let in.
    assert_eq!(told(&["logmask:support"], "", 3), "");
    assert!(entry(&place, "denied")["outcome"].as_str().unwrap().contains("several principals"));
    // A list of sources is noted, by whom; and so is who asks for another one, whose key sshd has seen.
    signed(&place, "ca", GOOD);
    let sshd = Sshd::with(&place, &["logmask:oncall"], "");
    assert_eq!(sshd.ask(&place, &[]).ends(0).stdout, "shop\n");
    let list = entry(&place, "list");
    assert_eq!((&list["actor"]["id"], &list["grant"]["roles"][0]), (&"alice@corp".into(), &"oncall".into()));
    sshd.ask(&place, &["nosuch"]).ends(3);
    let denied = entry(&place, "denied");
    assert_eq!((&denied["actor"]["id"], &denied["claimed"]), (&"alice@corp".into(), &Value::Null));
    place.logmask(&["audit", "verify", "audit", "--signers", "signers"], "").ends(0);
}
