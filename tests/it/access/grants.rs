//! Section I of the faults: grants, signed by ssh-keygen and by us; and what roles see.

use super::{Place, SSH, Said, installed};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub const POLICY: &str = "version: 1
roles:
  viewer: { show: [] }
  support: { extends: viewer, show: [net.ip] }
  oncall: { extends: support, show: [pii.email] }
  security: { extends: oncall, show: ['secret.*'] }
access:
  base: viewer
  grant_cas: [ca.pub]
  max_grant: 8h
  require_reason: '^[A-Z]+-[0-9]+'
  revoked: revoked.txt
  audit: { file: audit, origin: bastion/shop }
";

const LOG: &str = "password=magpie jo@corp.test 8.8.8.8\n";

/// A policy, an authority, and Alice's key.
pub fn place() -> Place {
    let place = Place::new();
    for name in ["ca", "alice", "mallory"] {
        place.key(name);
    }
    place.write("revoked.txt", "# nothing yet\n");
    place.write("policy.yaml", POLICY);
    place
}

/// A certificate for Alice by ssh-keygen.
pub fn signed(place: &Place, ca: &str, options: &[&str]) {
    let words = [&["ssh-keygen", "-q", "-s", ca, "-I", "alice@corp", "-z", "7"], options, &["alice.pub"]].concat();
    place.run(&words, "").ends(0);
}

pub const REASON: &str = "extension:reason@logmask=INC-1 checkout";

pub const GOOD: &[&str] = &["-n", "logmask:oncall", "-V", "-1m:+1h", "-O", "clear", "-O", REASON];

fn view(place: &Place, role: &str) -> Said {
    let key = ["--grant", "alice-cert.pub", "--proof-key", "file:alice"];
    place.logmask(&[&["-c", "policy.yaml", "--view", role], &key[..]].concat(), LOG)
}

#[test]
fn a_grant_shows_the_classes_of_its_role_and_is_noted_first() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    signed(&place, "ca", GOOD);
    assert_eq!(view(&place, "oncall").ends(0).stdout, "password=REDACTED-password jo@corp.test 8.8.8.8\n");
    let said = view(&place, "support").ends(0).stdout;
    assert!(said.contains(" 8.8.8.8\n") && !said.contains("jo@corp.test") && !said.contains("magpie"), "{said}");
    let audit = place.read("audit");
    assert!(audit.contains("\"event\":\"reveal\"") && audit.contains("\"reason\":\"INC-1 checkout\""), "{audit}");
    assert!(audit.contains("\"classes\":[\"net.ip\",\"pii.email\"]") && !audit.contains("jo@corp.test"), "{audit}");
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
    // The proof is of the entry's own place and of the actor's key.
    let lines: Vec<&str> = audit.lines().collect();
    let forged = audit.replace(
        &lines[1][lines[1].find("SHA256:").unwrap()..][..50],
        &"SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"[..50],
    );
    place.write("audit", forged);
    place.logmask(&["audit", "verify", "audit"], "").ends(4);
}

#[test]
fn without_a_grant_only_the_base_view_is_given() {
    let place = place();
    let said = place.logmask(&["-c", "policy.yaml", "--key", "file:alice"], LOG).ends(0).stdout;
    assert!(!said.contains("8.8.8.8") && !said.contains("magpie"), "{said}");
    assert!(!place.path("audit").exists());
    place.logmask(&["-c", "policy.yaml", "--view", "viewer"], LOG).ends(0);
    let said = place.logmask(&["-c", "policy.yaml", "--view", "oncall"], LOG).ends(3);
    assert_eq!(said.stdout, "");
    assert!(place.read("audit").contains("\"event\":\"denied\""));
    place.logmask(&["--view", "oncall"], LOG).ends(2);
    place.logmask(&["-c", "policy.yaml", "--view", "nobody"], LOG).ends(2);
}

#[test]
fn i01_to_i10_what_is_no_grant_is_refused_and_noted() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let mut expected = 0;
    let role = |role: &'static str| ["-n", role, "-V", "-1m:+1h", "-O", "clear", "-O", REASON].to_vec();
    let times = |times: &'static str| ["-n", "logmask:oncall", "-V", times, "-O", "clear", "-O", REASON].to_vec();
    let reason = |reason: &'static str| ["-n", "logmask:oncall", "-V", "-1m:+1h", "-O", "clear", "-O", reason].to_vec();
    let with = |more: &[&'static str]| [GOOD, more].concat();
    for (what, ca, options) in [
        ("expired", "ca", times("-2h:-1h")),
        ("not valid yet", "ca", times("+1h:+2h")),
        ("wrong authority", "mallory", GOOD.to_vec()),
        ("no principals", "ca", ["-V", "-1m:+1h", "-O", "clear", "-O", REASON].to_vec()),
        ("host certificate", "ca", ["-h", "-n", "logmask:oncall", "-V", "-1m:+1h", "-O", REASON].to_vec()),
        ("critical option", "ca", with(&["-O", "critical:other@logmask=x"])),
        ("forced command", "ca", with(&["-O", "force-command=ls"])),
        ("no reason", "ca", ["-n", "logmask:oncall", "-V", "-1m:+1h", "-O", "clear"].to_vec()),
        ("reason that does not match", "ca", reason("extension:reason@logmask=just so")),
        ("reason with escapes", "ca", reason("extension:reason@logmask=INC-1 \u{1b}[2J")),
        ("reason of two lines", "ca", reason("extension:reason@logmask=INC-1\nx")),
        ("too long", "ca", times("-1m:+9h")),
        ("forever", "ca", times("always:forever")),
        ("login certificate", "ca", role("oncall")),
        ("lower role", "ca", role("logmask:support")),
        ("unknown role", "ca", role("logmask:boss")),
        ("its own authority", "alice", GOOD.to_vec()),
        ("class of another role", "ca", with(&["-O", "extension:classes@logmask=secret.token"])),
    ] {
        place.write(
            "policy.yaml",
            POLICY.replace("[ca.pub]", if what.starts_with("its own") { "[alice.pub]" } else { "[ca.pub]" }),
        );
        signed(&place, ca, &options);
        let said = view(&place, "oncall");
        assert_eq!((said.code, said.stdout.as_str()), (3, ""), "{what}: {}", said.stderr);
        expected += 1;
        let noted = place.read("audit").matches("\"event\":\"denied\"").count();
        assert_eq!(noted, expected, "{what}");
    }
    // I02: a byte changed, and half of it.
    place.write("policy.yaml", POLICY);
    signed(&place, "ca", GOOD);
    let good = place.read("alice-cert.pub");
    for at in [60, good.len() / 2, good.len() - 60] {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        place.write("alice-cert.pub", bytes);
        assert_eq!(view(&place, "oncall").ends(3).stdout, "");
    }
    place.write("alice-cert.pub", &good[..good.len() / 2]);
    view(&place, "oncall").ends(3);
    // I10: revoked by number, by key, with its authority; and a list that is none, or is not there.
    place.write("alice-cert.pub", &good);
    view(&place, "oncall").ends(0);
    let line = |key: &str| place.run(&["ssh-keygen", "-l", "-f", key], "").stdout;
    let print = |key: &str| line(key).split(' ').nth(1).unwrap().to_owned();
    let padded = print("alice.pub") + "=";
    for list in ["7\n", &print("alice.pub"), &padded, &print("ca.pub"), &line("mallory.pub"), "not a list"] {
        place.write("revoked.txt", list);
        assert_eq!(view(&place, "oncall").ends(3).stdout, "");
    }
    std::fs::remove_file(place.path("revoked.txt")).unwrap();
    view(&place, "oncall").ends(3);
    // I13: somebody else's key.
    place.write("revoked.txt", "");
    let stolen = ["--grant", "alice-cert.pub", "--proof-key", "file:mallory"];
    let said = place.logmask(&[&["-c", "policy.yaml", "--view", "oncall"], &stolen[..]].concat(), LOG).ends(3);
    assert_eq!(said.stdout, "");
}

#[test]
fn i11_a_clock_that_went_back_is_refused() {
    if !installed(SSH) || !installed(&[("faketime", "faketime")]) {
        return;
    }
    let place = place();
    signed(&place, "ca", &["-n", "logmask:oncall", "-V", "-3h:+1h", "-O", "clear", "-O", REASON]);
    view(&place, "oncall").ends(0);
    let words = [
        "faketime",
        "-f",
        "-2h",
        crate::run::EXE,
        "-c",
        "policy.yaml",
        "--view",
        "oncall",
        "--grant",
        "alice-cert.pub",
        "--proof-key",
        "file:alice",
    ];
    for _ in 0..2 {
        let said = place.run(&words, LOG).ends(3);
        assert!(said.stdout.is_empty() && said.stderr.contains("clock went back"), "{}", said.stderr);
        let audit = place.read("audit");
        let entry: serde_json::Value = serde_json::from_str(audit.lines().last().unwrap()).unwrap();
        assert_eq!((&entry["event"], &entry["actor"]["id"]), (&"denied".into(), &"alice@corp".into()));
        assert!(entry["outcome"].as_str().unwrap().contains("clock went back"), "{entry}");
        // With the time of the entry before it, or the second try would not be behind any more.
        let times: Vec<&str> = audit.lines().map(|line| &line[line.find("\"time\"").unwrap()..][8..28]).collect();
        assert!(times.is_sorted(), "{times:?}");
    }
    // What is refused for another reason is noted too.
    place.write("revoked.txt", "7\n");
    place.run(&words, LOG).ends(3);
    assert!(place.read("audit").lines().last().unwrap().contains("it is revoked"));
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
}

#[test]
fn i12_a_stream_ends_when_the_grant_does() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    signed(&place, "ca", &["-n", "logmask:oncall", "-V", "-1m:+3s", "-O", "clear", "-O", REASON]);
    let started = Instant::now();
    let mut child = Command::new(crate::run::EXE)
        .args(["-c", "policy.yaml", "--view", "oncall", "--grant", "alice-cert.pub", "--proof-key", "file:alice"])
        .current_dir(place.path(""))
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // Nothing comes, and the end of the input does not, either.
    let _stdin = child.stdin.take();
    assert_eq!(child.wait().unwrap().code(), Some(3));
    assert!(started.elapsed() < Duration::from_secs(30));
    assert!(place.read("audit").contains("\"outcome\":\"expired\""));
}

#[test]
fn a_request_is_approved_and_the_equal_command_gives_the_same() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let wish = ["--key", "alice.pub", "--role", "oncall", "--for", "30m", "--reason", "INC-9 it's down"];
    let request = place.logmask(&[&["grant", "request"], &wish[..]].concat(), "").ends(0).stdout;
    let ticket = format!("Hi,\n{request}Thanks\n");
    let approve = ["grant", "approve", "--ca", "file:ca", "--who", "alice@corp", "-c", "policy.yaml"];
    place.write("alice-cert.pub", place.logmask(&approve, &ticket).ends(0).stdout);
    let said = place.run(&["ssh-keygen", "-L", "-f", "alice-cert.pub"], "").ends(0).stdout;
    assert!(
        said.contains("user certificate") && said.contains("logmask:oncall") && said.contains("alice@corp"),
        "{said}"
    );
    let said = place.logmask(&["grant", "show", "alice-cert.pub", "-c", "policy.yaml"], "").ends(0).stdout;
    assert!(said.contains("reason  INC-9 it's down\n") && said.ends_with("\nok\n"), "{said}");
    view(&place, "oncall").ends(0);
    let who = ["--who", "alice@corp", "--print-command"];
    let command = place.logmask(&[&["grant"], &wish[..], &who[..]].concat(), "").ends(0).stdout;
    place.run(&["bash", "-c", &command.replace("-s CA", "-q -s ca")], "").ends(0);
    assert_eq!(view(&place, "oncall").ends(0).stdout, "password=REDACTED-password jo@corp.test 8.8.8.8\n");
    // Not on terms that the policy does not have.
    let long = [
        "grant",
        "--ca",
        "file:ca",
        "--key",
        "alice.pub",
        "--role",
        "oncall",
        "--for",
        "1d",
        "--reason",
        "INC-1",
        "--who",
        "a",
        "-c",
        "policy.yaml",
    ];
    assert_eq!(place.logmask(&long, "").ends(3).stdout, "");
}

#[test]
fn a_request_that_was_changed_is_not_approved() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let wish = ["--who", "alice@corp", "--role", "oncall", "--for", "30m", "--reason", "INC-9 it's down"];
    let request = |more: &[&str]| place.logmask(&[&["grant", "request"], &wish[..], more].concat(), "").ends(0).stdout;
    let approve = |text: &str, more: &[&str]| {
        place.logmask(&[&["grant", "approve", "--ca", "file:ca", "-c", "policy.yaml"], more].concat(), text)
    };
    let (plain, signed) = (request(&["--key", "alice.pub"]), request(&["--proof-key", "file:alice"]));
    let said = approve(&plain, &[]).ends(0);
    assert!(said.stdout.starts_with("ssh-ed25519-cert-v01@openssh.com ") && said.stderr.contains("has not signed"));
    let said = approve(&signed, &[]).ends(0);
    assert!(said.stderr.contains("alice@corp") && said.stderr.contains("which has signed"), "{}", said.stderr);
    for text in [
        signed.replace("oncall", "security"),
        plain.replace("oncall", "security"),
        plain.replace("30m", "8h"),
        plain.replace("alice@corp", "root"),
        plain.replace("reason: INC-9", "reason: INC-9 \u{1b}[2J"),
        plain.replace("role: ", "note: x\nrole: "),
        format!("{plain}{plain}"),
        plain.replace("-----END", "-----EN"),
        " ".repeat(100_000) + &plain,
        "x".repeat(10_000_000),
        String::new(),
    ] {
        let said = approve(&text, &[]);
        assert!(matches!(said.code, 2 | 3) && said.stdout.is_empty(), "{}: {}", text.len(), said.stderr);
    }
    assert_eq!(approve(&plain, &["--who", "bob@corp"]).ends(3).stdout, "");
    // Not on terms that the policy does not have; that is noted.
    let long = plain.replace("30m", "1d");
    let body: String =
        long.lines().skip(1).take_while(|line| !line.starts_with("sum")).map(|l| l.to_owned() + "\n").collect();
    let sum = super::audit::hex(body.as_bytes());
    let long = format!("-----BEGIN LOGMASK REQUEST-----\n{body}sum: {}\n-----END LOGMASK REQUEST-----\n", &sum[..16]);
    let said = approve(&long, &[]).ends(3);
    assert!(said.stdout.is_empty() && said.stderr.contains("max_grant"), "{}", said.stderr);
    assert!(place.read("audit").contains("\"event\":\"denied\""));
    // Nobody signs for themselves.
    let said = approve(&plain, &["--ca", "file:alice"]);
    assert!(said.code != 0 && said.stdout.is_empty());
    let own = ["grant", "approve", "--ca", "file:alice"];
    assert_eq!(place.logmask(&own, &plain).ends(3).stdout, "");
    place
        .logmask(
            &[
                "grant",
                "request",
                "--proof-key",
                "file:alice",
                "--key",
                "mallory.pub",
                "--role",
                "oncall",
                "--reason",
                "x",
            ],
            "",
        )
        .ends(2);
}

#[test]
fn i16_a_role_that_extends_itself_is_refused_before_anything_is_read() {
    let place = place();
    place.write("policy.yaml", POLICY.replace("viewer: { show: [] }", "viewer: { extends: security }"));
    let said = place.logmask(&["-c", "policy.yaml"], LOG).ends(2);
    assert!(said.stdout.is_empty() && said.stderr.contains("circle"), "{}", said.stderr);
}

#[test]
fn i12_a_command_ends_when_the_grant_does() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    for deaf in ["", "trap '' TERM; "] {
        signed(&place, "ca", &["-n", "logmask:oncall", "-V", "-1m:+4s", "-O", "clear", "-O", REASON]);
        let script = format!("{deaf}echo $$ > pid; echo jo@corp.test; while :; do sleep 0.1; done");
        let words = ["-c", "policy.yaml", "--view", "oncall", "--grant", "alice-cert.pub", "--proof-key", "file:alice"];
        let said = place.logmask(&[&["run"], &words[..], &["--", "sh", "-c", &script]].concat(), "").ends(3);
        assert_eq!(said.stdout, "jo@corp.test\n");
        assert!(said.stderr.contains("expired"), "{}", said.stderr);
        // Killed, it may take a moment to go, and may still be waited for by whoever looks after orphans.
        let path = format!("/proc/{}/status", place.read("pid").trim());
        let runs = || std::fs::read_to_string(&path).is_ok_and(|status| !status.contains("State:\tZ"));
        let patience = std::time::Instant::now();
        while runs() {
            assert!(patience.elapsed().as_secs() < 10, "it still runs");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert!(place.read("audit").lines().last().unwrap().contains("\"outcome\":\"expired\""));
    }
}
