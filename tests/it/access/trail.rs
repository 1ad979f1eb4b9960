//! The audit trail of views: what is written when things go wrong, what is never written, and what others read of it.

use super::grants::{self, GOOD, POLICY, REASON, signed};
use super::{Place, SSH, installed};
use crate::run::EXE;
use serde_json::Value;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const LOG: &str = "password=hunter2-magpie jo@corp.test 8.8.8.8\n";

const VIEW: [&str; 8] =
    ["-c", "policy.yaml", "--view", "oncall", "--grant", "alice-cert.pub", "--proof-key", "file:alice"];

fn place() -> Place {
    let place = grants::place();
    signed(&place, "ca", GOOD);
    place
}

fn entries(place: &Place) -> Vec<Value> {
    place.read("audit").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn k01_no_audit_no_view() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    for file in ["missing/audit", "/dev/full", "/proc/version", "."] {
        place.write("policy.yaml", POLICY.replace("file: audit,", &format!("file: {file},")));
        let said = place.logmask(&VIEW, LOG).ends(4);
        assert_eq!(said.stdout, "", "{file}");
        // Who may not look is not told more for it.
        std::fs::rename(place.path("alice-cert.pub"), place.path("kept")).unwrap();
        assert_eq!(place.logmask(&VIEW, LOG).stdout, "");
        std::fs::rename(place.path("kept"), place.path("alice-cert.pub")).unwrap();
    }
    place.write("policy.yaml", POLICY);
    if !installed(&[("strace", "strace")]) {
        return;
    }
    let audit = place.path("audit");
    for inject in [
        "inject=write:error=ENOSPC",
        "inject=write:error=EIO",
        "inject=fdatasync:error=EIO",
        "inject=flock:error=ENOLCK",
    ] {
        let trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", audit.to_str().unwrap(), "-e", inject, EXE];
        let said = place.run(&[&trace[..], &VIEW].concat(), LOG);
        assert_eq!((said.code, said.stdout.as_str()), (4, ""), "{inject}: {}", said.stderr);
        assert_eq!(std::fs::read(&audit).unwrap_or_default(), b"", "{inject}");
    }
    // A disk that is full later on: what was shown stays noted, and the status says that the end is not.
    let later = "inject=write:error=ENOSPC:when=3+";
    let trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", audit.to_str().unwrap(), "-e", later, EXE];
    let said = place.run(&[&trace[..], &VIEW].concat(), LOG).ends(4);
    assert!(said.stdout.contains("jo@corp.test") && said.stderr.contains("no space"), "{}", said.stderr);
    assert!(place.logmask(&["audit", "verify", "audit"], "").ends(0).stdout.contains("began and did not end"));
}

#[test]
fn a_chain_of_another_name_is_not_gone_on_with() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    // Whoever writes to it first.
    place.logmask(&["-c", "policy.yaml", "--audit", "audit"], LOG).ends(0);
    place.logmask(&VIEW, LOG).ends(0);
    assert!(place.logmask(&["audit", "verify", "audit"], "").ends(0).stdout.contains("\nchain bastion/shop\n"));
    place.write("policy.yaml", POLICY.replace("bastion/shop", "bank/vault"));
    let before = place.read("audit");
    let said = place.logmask(&VIEW, LOG).ends(4);
    assert!(said.stdout.is_empty() && said.stderr.contains("another name"), "{}", said.stderr);
    place.logmask(&VIEW[..4], LOG).ends(4);
    assert_eq!(place.read("audit"), before);
}

/// A view whose input does not end, once it has begun.
fn follow(place: &Place) -> Child {
    let mut child = Command::new("env")
        .args(["--default-signal=INT,TERM,HUP,PIPE", EXE])
        .args(VIEW)
        .current_dir(place.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.as_mut().unwrap().write_all(LOG.as_bytes()).unwrap();
    let started = Instant::now();
    while !std::fs::read_to_string(place.path("audit")).unwrap_or_default().contains("\"reveal\"") {
        assert!(started.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(10));
    }
    // Its first line is out when it watches for signals.
    let mut byte = [0];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut byte).unwrap();
    child
}

#[test]
fn k05_only_a_kill_leaves_a_session_open() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    for (signal, outcome) in [("TERM", "interrupted"), ("HUP", "interrupted"), ("PIPE", "reader gone")] {
        let mut child = follow(&place);
        // Its input stays open: it does not end by itself.
        let mut stdin = child.stdin.take().unwrap();
        if signal == "PIPE" {
            drop(child.stdout.take());
            // A process that another test starts just now may have our end of the pipe for a moment more.
            let started = Instant::now();
            while child.try_wait().unwrap().is_none() && started.elapsed() < Duration::from_secs(30) {
                let _ = stdin.write_all(LOG.as_bytes());
                std::thread::sleep(Duration::from_millis(10));
            }
        } else {
            Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
        }
        assert!(!child.wait().unwrap().success(), "{signal}");
        let entries = entries(&place);
        let end = entries.last().unwrap();
        assert_eq!((&end["event"], &end["outcome"]), (&"reveal.end".into(), &outcome.into()), "{signal}");
        std::fs::remove_file(place.path("audit")).unwrap();
    }
    let mut child = follow(&place);
    child.kill().unwrap();
    child.wait().unwrap();
    let session = entries(&place).last().unwrap()["session"].as_str().unwrap().to_owned();
    let said = place.logmask(&["audit", "verify", "audit"], "").ends(0).stdout;
    assert!(said.contains(&format!("session {session} began and did not end")), "{said}");
    // The next run repairs nothing and hides nothing.
    place.logmask(&VIEW, LOG).ends(0);
    let said = place.logmask(&["audit", "verify", "audit"], "").ends(0).stdout;
    assert!(said.contains(&session) && said.starts_with("ok: 4 entries"), "{said}");
}

#[test]
fn a_file_that_was_moved_away_is_begun_anew_under_its_name() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let mut child = follow(&place);
    std::fs::rename(place.path("audit"), place.path("moved")).unwrap();
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    child.wait().unwrap();
    assert_eq!((&entries(&place)[0]["event"], &entries(&place)[0]["origin"]), (&"open".into(), &"bastion/shop".into()));
    place.logmask(&VIEW, LOG).ends(0);
    // That it was is seen.
    place.logmask(&["audit", "verify", "moved", "audit"], "").ends(4);
}

#[test]
fn k08_what_a_grant_says_cannot_leave_its_entry() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let forged = "INC-1 x\",\"outcome\":\"done\"} outcome=done seq=9";
    let reason = format!("extension:reason@logmask={forged}");
    signed(&place, "ca", &["-n", "logmask:oncall", "-V", "-1m:+1h", "-O", "clear", "-O", &reason]);
    place.logmask(&VIEW, LOG).ends(0);
    let all = entries(&place);
    assert_eq!(
        all.iter().map(|entry| entry["event"].as_str().unwrap()).collect::<Vec<_>>(),
        ["open", "reveal", "reveal.end"]
    );
    assert_eq!((&all[1]["reason"], &all[1]["outcome"]), (&forged.into(), &Value::Null));
    let shown = place.logmask(&["audit", "show", "audit"], "").ends(0).stdout;
    assert!(shown.lines().count() == 3 && shown.contains("\"INC-1 x\\\",\\\"outcome"), "{shown}");
    // A name that moves the cursor is refused, and noted in ASCII.
    let words = ["ssh-keygen", "-q", "-s", "ca", "-I", "al\u{1b}[2J\u{202e}\u{2028}ice", "-z", "7"];
    place.run(&[&words[..], GOOD, &["alice.pub"]].concat(), "").ends(0);
    place.logmask(&VIEW, LOG).ends(3);
    let audit = place.read("audit");
    assert!(audit.lines().count() == 4 && audit.bytes().all(|b| b == b'\n' || (b' '..=b'~').contains(&b)), "{audit}");
    for form in ["text", "json", "ocsf"] {
        let shown = place.logmask(&["audit", "show", "audit", "--format", form], "").ends(0).stdout;
        assert!(shown.lines().count() == 4 && !shown.contains(['\u{1b}', '\u{202e}', '\u{2028}']), "{form}: {shown}");
    }
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
}

#[test]
fn k11_no_value_is_ever_in_the_audit_file() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    signed(&place, "ca", &["-n", "logmask:security", "-V", "-1m:+1h", "-O", "clear", "-O", REASON]);
    let view = VIEW.map(|word| if word == "oncall" { "security" } else { word });
    assert_eq!(place.logmask(&view, LOG).ends(0).stdout, LOG);
    place.logmask(&["-c", "policy.yaml", "--audit", "audit", "--reason", "INC-2"], LOG).ends(0);
    place.logmask(&VIEW.map(|word| if word == "oncall" { "security" } else { word })[..4], LOG).ends(3);
    let audit = place.read("audit");
    assert!(audit.contains(r#""shown":{"net.ip":1,"pii.email":1,"secret.password":1}"#), "{audit}");
    for value in ["hunter2-magpie", "jo@corp.test", "8.8.8.8"] {
        let bytes = value.as_bytes();
        let hex = data_encoding::HEXLOWER.encode(bytes);
        let shifts = (0..3).map(|shift| {
            let text = data_encoding::BASE64.encode(&[&b"xxx"[..shift], bytes].concat());
            text[4..text.len() - 4].to_owned()
        });
        // Nor a digest of it, which could be guessed.
        let digest = super::audit::hex(bytes);
        for spelled in [value.to_owned(), hex, digest].into_iter().chain(shifts) {
            assert!(!audit.contains(&spelled), "{spelled}");
        }
    }
}

/// What API Activity (6003) of OCSF 1.3.0 requires: <https://schema.ocsf.io/1.3.0/classes/api_activity>, and the objects of its
/// attributes. Of a list in the second table one must be there.
const REQUIRED: [&str; 14] = [
    "/activity_id",
    "/category_uid",
    "/class_uid",
    "/type_uid",
    "/severity_id",
    "/time",
    "/metadata/version",
    "/metadata/product/name",
    "/metadata/product/vendor_name",
    "/actor",
    "/api/operation",
    "/src_endpoint",
    "/unmapped/entry/seq",
    "/metadata/uid",
];
const ONE_OF: [(&str, &[&str]); 3] = [
    ("/actor", &["process", "user", "invoked_by", "session", "app_name", "app_uid"]),
    ("/actor/user", &["account", "name", "uid"]),
    (
        "/src_endpoint",
        &["ip", "uid", "name", "hostname", "svc_name", "instance_uid", "interface_uid", "interface_name"],
    ),
];

fn no_nulls(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => items.iter().all(no_nulls),
        Value::Object(pairs) => pairs.values().all(no_nulls),
        _ => true,
    }
}

#[test]
fn every_entry_is_an_event_of_the_open_schema() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    // One of each kind.
    place.run(&[&["env", "SSH_CONNECTION=192.0.2.7 1 192.0.2.1 22", EXE], &VIEW[..]].concat(), LOG).ends(0);
    place.logmask(&VIEW[..4], LOG).ends(3);
    let key = ["--audit", "audit", "--audit-key", "file:ca", "--reason", "INC-2 \"x\""];
    place.logmask(&[&["-c", "policy.yaml"], &key[..]].concat(), LOG).ends(0);
    let grant =
        ["grant", "--ca", "file:ca", "--key", "mallory.pub", "--who", "m", "--role", "support", "--reason", "INC-3"];
    place.logmask(&[&grant[..], &["-c", "policy.yaml"]].concat(), "").ends(0);
    place.write("audit", place.read("audit") + "{\"v\":1,");
    place.logmask(&["audit", "repair", "audit"], "").ends(0);
    let events = place.logmask(&["audit", "show", "audit", "--format", "ocsf"], "").ends(0).stdout;
    let events: Vec<Value> = events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = events.iter().map(|event| event["api"]["operation"].as_str().unwrap()).collect();
    for name in ["open", "reveal", "reveal.end", "denied", "mask", "mask.end", "checkpoint", "grant", "repair"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    for event in &events {
        for path in REQUIRED {
            assert!(event.pointer(path).is_some_and(|value| !value.is_null()), "{path} of {event}");
        }
        for (path, names) in ONE_OF {
            let Some(object) = event.pointer(path) else { continue };
            assert!(names.iter().any(|name| object[name].is_string() || object[name].is_object()), "{path} of {event}");
        }
        let number =
            |path: &str| event.pointer(path).and_then(Value::as_u64).unwrap_or_else(|| panic!("{path}: {event}"));
        assert_eq!(number("/category_uid"), 6);
        assert_eq!(number("/class_uid"), 6003);
        assert_eq!(number("/type_uid"), 600_300 + number("/activity_id"));
        assert!(
            [1, 2, 99].contains(&number("/activity_id")) && number("/severity_id") <= 6 && number("/status_id") <= 2
        );
        // Other activities have a name of their own.
        assert_eq!(number("/activity_id") == 99, event["activity_name"].is_string());
        assert!(number("/time") > 1_700_000_000_000);
        // Nothing is there without a value.
        assert!(no_nulls(event), "{event}");
    }
    let of = |name: &str| &events[names.iter().position(|other| *other == name).unwrap()];
    for name in ["reveal", "reveal.end"] {
        assert_eq!(of(name)["actor"]["user"]["name"], "alice@corp", "{name}");
        assert_eq!(of(name)["src_endpoint"]["ip"], "192.0.2.7", "{name}");
    }
    assert_eq!((&of("denied")["status_id"], &of("denied")["severity_id"]), (&2.into(), &3.into()));
    assert_eq!(of("mask")["message"], "INC-2 \"x\"");
    assert_eq!(of("mask")["resources"][0]["name"], "stdin");
    // Whose entries: the end of a session is theirs, too.
    let own = place.logmask(&["audit", "show", "audit", "--who", "alice@corp"], "").ends(0).stdout;
    let own: Vec<&str> = own.lines().map(|line| line.split(' ').nth(2).unwrap()).collect();
    assert_eq!(own, ["reveal", "reveal.end"]);
    // Since when, in the words that masking takes, too.
    for (since, seen) in [("1h", 2), ("2000-01-01", 2), ("2000-01-01T00:00:00Z", 2), ("@9999999999", 0)] {
        let words = ["audit", "show", "audit", "--who", "alice@corp", "--since", since];
        assert_eq!(place.logmask(&words, "").ends(0).stdout.lines().count(), seen, "{since}");
    }
    place.logmask(&["audit", "show", "audit", "--since", "soon"], "").ends(2);
}
