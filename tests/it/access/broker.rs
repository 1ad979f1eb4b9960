//! The broker behind a real sshd: who gets in, what they may ask for, and what they see of it.

use super::grants::{self, REASON, signed};
use super::seal::{AGE, identity};
use super::sshd::Sshd;
use super::{Place, SSH, installed};
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SERVER: &[(&str, &str)] = &[("sshd", "openssh-server"), ("ssh", "openssh-client"), ("gzip", "gzip")];

const SOURCES: &str = r#"  sources:
    checkout: [sh, -c, 'echo "password=magpie jo@corp.test 8.8.8.8"; echo "token=magpie jo@corp.test" >&2; exit 5']
    quiet: { run: [sh, -c, 'echo $$ > PLACE/pid; echo begins; sleep 1000 & wait'], roles: [support] }
    packed: [sh, -c, 'echo password=magpie | gzip']
    picture: [printf, '\211PNG\r\n\032\npassword=magpie\n']
    audits: { run: [cat, PLACE/audit], roles: [security] }
    gone: [/no/such/program]
"#;

/// A broker, and Alice with a grant as `oncall`.
fn place() -> Option<(Place, Sshd)> {
    if !installed(SSH) || !installed(SERVER) {
        return None;
    }
    let place = grants::place();
    write_policy(&place, "");
    signed(&place, "ca", grants::GOOD);
    let sshd = Sshd::start(&place, &["logmask:viewer", "logmask:support", "logmask:oncall", "logmask:security"]);
    Some((place, sshd))
}

fn write_policy(place: &Place, more: &str) {
    let sources = SOURCES.replace("PLACE", place.path("").to_str().unwrap().trim_end_matches('/'));
    place.write("policy.yaml", format!("{}{sources}{more}", grants::POLICY));
}

fn noted(place: &Place, event: &str) -> usize {
    std::fs::read_to_string(place.path("audit")).unwrap_or_default().matches(&format!("\"event\":\"{event}\"")).count()
}

#[test]
fn i14_a_grant_shows_a_source_as_its_role_sees_it() {
    let Some((place, sshd)) = place() else { return };
    assert_eq!(sshd.ask(&place, &[]).ends(0).stdout, "checkout\ngone\npacked\npicture\nquiet\n");
    assert_eq!(noted(&place, "list"), 1);
    std::fs::remove_file(place.path("audit")).unwrap();
    // Both streams are masked, and the status is that of the source.
    let said = sshd.ask(&place, &["checkout"]).ends(5);
    assert_eq!(said.stdout, "password=REDACTED-password jo@corp.test 8.8.8.8\n");
    assert_eq!(said.stderr, "token=REDACTED-token jo@corp.test\n");
    let audit = place.read("audit");
    let entries: Vec<serde_json::Value> = audit.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = entries.iter().map(|entry| entry["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["open", "reveal", "reveal.end"]);
    assert_eq!((&entries[1]["actor"]["id"], &entries[1]["actor"]["from"]), (&"alice@corp".into(), &"127.0.0.1".into()));
    assert_eq!((&entries[1]["reason"], &entries[1]["source"][0]), (&"INC-1 checkout".into(), &"checkout".into()));
    assert_eq!((&entries[1]["grant"]["serial"], &entries[1]["grant"]["roles"][0]), (&7.into(), &"oncall".into()));
    assert_eq!(entries[2]["output"].as_str(), Some(super::audit::hex(said.stdout.as_bytes()).as_str()));
    assert!(!audit.contains("magpie") && !audit.contains("jo@corp.test"), "{audit}");
    // The first entry is there before the source runs: it sees it.
    signed(&place, "ca", &["-n", "logmask:security", "-V", "-1m:+1h", "-O", "clear", "-O", REASON]);
    let seen = sshd.ask(&place, &["audits"]).ends(0).stdout;
    assert_eq!(seen.lines().count(), 4, "{seen}");
    // What is packed is not judged by its packed bytes, and what is no log is not shown.
    assert_eq!(sshd.ask(&place, &["packed"]).ends(0).stdout, "password=magpie\n");
    signed(&place, "ca", grants::GOOD);
    assert_eq!(sshd.ask(&place, &["packed"]).ends(0).stdout, "password=REDACTED-password\n");
    let said = sshd.ask(&place, &["picture"]).ends(2);
    assert!(
        said.stdout.is_empty() && said.stderr.contains("PNG") && !said.stderr.contains("magpie"),
        "{}",
        said.stderr
    );
    sshd.ask(&place, &["gone"]).ends(74);
    assert_eq!(noted(&place, "reveal"), noted(&place, "reveal.end"));
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
}

#[test]
fn i14_sshd_and_we_refuse_what_is_no_grant() {
    let Some((place, sshd)) = place() else { return };
    // sshd lets nobody in, so there is nothing to note.
    for (what, options) in [
        ("expired", &["-n", "logmask:oncall", "-V", "-2h:-1h", "-O", "clear", "-O", REASON][..]),
        ("wrong principal", &["-n", "logmask:boss", "-V", "-1m:+1h", "-O", "clear", "-O", REASON]),
        ("critical option", &[grants::GOOD, &["-O", "critical:other@logmask=x"]].concat()),
        ("no principal", &["-V", "-1m:+1h", "-O", "clear", "-O", REASON]),
    ] {
        signed(&place, "ca", options);
        let said = sshd.ask(&place, &["checkout"]);
        assert_eq!((said.code, said.stdout.as_str()), (255, ""), "{what}: {}", said.stderr);
    }
    std::fs::remove_file(place.path("alice-cert.pub")).unwrap();
    assert_eq!(sshd.ask(&place, &["checkout"]).ends(255).stdout, "");
    assert!(!place.path("audit").exists());
    // sshd does, and we do not.
    let too_long = ["-n", "logmask:oncall", "-V", "-1m:+9h", "-O", "clear", "-O", REASON];
    let no_reason = ["-n", "logmask:oncall", "-V", "-1m:+1h", "-O", "clear"];
    for (at, (what, options)) in [("too long", &too_long[..]), ("no reason", &no_reason)].into_iter().enumerate() {
        signed(&place, "ca", options);
        for asked in [&["checkout"][..], &[]] {
            let said = sshd.ask(&place, asked);
            assert_eq!((said.code, said.stdout.as_str()), (3, ""), "{what}: {}", said.stderr);
        }
        assert_eq!(noted(&place, "denied"), 2 * at + 2, "{what}");
    }
    signed(&place, "ca", grants::GOOD);
    place.write("revoked.txt", "7\n");
    assert_eq!(sshd.ask(&place, &["checkout"]).ends(3).stdout, "");
    place.write("revoked.txt", "");
    // An authority of this sshd that is none of the policy.
    write_policy(&place, "");
    place.write("policy.yaml", place.read("policy.yaml").replace("ca.pub", "mallory.pub"));
    assert_eq!(sshd.ask(&place, &["checkout"]).ends(3).stdout, "");
    assert_eq!(noted(&place, "denied"), 6);
    assert_eq!(noted(&place, "reveal"), 0);
}

#[test]
fn i15_what_is_asked_for_goes_through_no_shell() {
    let Some((place, sshd)) = place() else { return };
    let trap = place.path("trap");
    let trap = trap.to_str().unwrap();
    let attacks = [
        format!("checkout; touch {trap}"),
        format!("checkout && touch {trap}"),
        format!("checkout | tee {trap}"),
        format!("$(touch {trap})"),
        format!("`touch {trap}`"),
        format!("checkout\ntouch {trap}"),
        format!("checkout > {trap}"),
        format!("sh -c 'touch {trap}'"),
        "--policy /etc/passwd".to_owned(),
        "-h".to_owned(),
        "../checkout".to_owned(),
        "checkout --view security".to_owned(),
        "nosuch".to_owned(),
        // For another role.
        "audits".to_owned(),
        "\u{1b}[2J\u{202e}".to_owned(),
        "x".repeat(100_000),
    ];
    for (at, attack) in attacks.iter().enumerate() {
        let said = sshd.ask(&place, &[attack]);
        let shown: String = attack.chars().take(80).collect();
        assert_eq!((said.code, said.stdout.as_str()), (3, ""), "{shown}: {}", said.stderr);
        assert!(!place.path("trap").exists(), "{shown}");
        assert_eq!(noted(&place, "denied"), at + 1, "{shown}");
        assert!(!said.stderr.contains("touch"), "{}", said.stderr);
    }
    let audit = place.read("audit");
    assert!(audit.bytes().all(|b| b == b'\n' || (b' '..=b'~').contains(&b)) && audit.contains("; touch"), "{audit}");
    assert_eq!(noted(&place, "reveal"), 0);
    // Files are not copied, either.
    let words = sshd.words("alice", &["sftp"]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let words = [&words[..1], &["-s"], &words[1..]].concat();
    place.run(&words, "").ends(3);
}

/// The number of the process that source `quiet` is, once it has begun.
fn quiet(place: &Place) -> i32 {
    let started = Instant::now();
    loop {
        assert!(started.elapsed() < Duration::from_secs(30), "the source does not begin");
        let text = std::fs::read_to_string(place.path("pid")).unwrap_or_default();
        if let Some(pid) = text.strip_suffix('\n').and_then(|pid| pid.parse().ok()) {
            return pid;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Neither the process nor what it has started is there any more.
fn ends(group: i32) {
    let started = Instant::now();
    while Command::new("kill")
        .args(["-0", "--", &format!("-{group}")])
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
    {
        assert!(started.elapsed() < Duration::from_secs(30), "the source goes on");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn i12_a_source_ends_with_the_grant() {
    let Some((place, sshd)) = place() else { return };
    signed(&place, "ca", &["-n", "logmask:oncall", "-V", "-1m:+6s", "-O", "clear", "-O", REASON]);
    let said = sshd.ask(&place, &["quiet"]).ends(3);
    assert!(said.stdout == "begins\n" && said.stderr.contains("expired"), "{}", said.stderr);
    ends(quiet(&place));
    assert!(place.read("audit").contains("\"outcome\":\"expired\""));
    assert_eq!(noted(&place, "reveal.end"), 1);
}

#[test]
fn a_source_ends_when_nobody_reads_it_any_more() {
    let Some((place, sshd)) = place() else { return };
    let words = sshd.words("alice", &["quiet"]);
    let mut client = Command::new(&words[0])
        .args(&words[1..])
        .current_dir(place.path(""))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let group = quiet(&place);
    client.kill().unwrap();
    client.wait().unwrap();
    ends(group);
    let started = Instant::now();
    while noted(&place, "reveal.end") == 0 {
        assert!(started.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(place.read("audit").contains("\"outcome\":\"reader gone\""));
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
}

#[test]
fn a_reader_that_leaves_at_the_end_tears_no_entry() {
    if !installed(SSH) {
        return;
    }
    let place = grants::place();
    let policy = format!("{}  sources:\n    some: [seq, '1', '3000']\n", grants::POLICY);
    place.key("sign");
    place.write("policy.yaml", policy.replace("audit: {", "audit: { sign_with: 'file:sign', "));
    signed(&place, "ca", grants::GOOD);
    let kind = place.read("alice-cert.pub").split(' ').take(2).collect::<Vec<_>>().join(" ");
    place.write("told", format!("publickey {kind}\n"));
    // The reader, the end of the source and the end of both streams come at the same time, each with an end to note.
    for run in 1..=25 {
        let mut broker = Command::new(crate::run::EXE)
            .args(["broker", "--policy", "policy.yaml"])
            .envs([("SSH_ORIGINAL_COMMAND", "some"), ("SSH_USER_AUTH", "told")])
            .current_dir(place.path(""))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 2];
        broker.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
        drop(broker.stdout.take());
        broker.wait().unwrap();
        let audit = place.read("audit");
        let last = audit.lines().last().unwrap();
        assert!(audit.ends_with('\n') && last.contains("\"event\":\"checkpoint\""), "run {run}: {last}");
        assert_eq!((noted(&place, "reveal"), noted(&place, "reveal.end")), (run, run));
    }
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
}

#[test]
fn without_an_audit_or_a_certificate_no_source_runs() {
    if !installed(SSH) {
        return;
    }
    let place = grants::place();
    write_policy(&place, "    trap: [touch, trap]\n");
    signed(&place, "ca", grants::GOOD);
    // As sshd tells it.
    let kind = place.read("alice-cert.pub").split(' ').take(2).collect::<Vec<_>>().join(" ");
    let told = format!("publickey {kind}\n");
    let ask = |told: Option<&str>, env: &[&str]| {
        if let Some(told) = told {
            place.write("told", told);
        }
        let words =
            [&["env", "SSH_ORIGINAL_COMMAND=trap"], env, &[crate::run::EXE, "broker", "--policy", "policy.yaml"]];
        place.run(&words.concat(), "")
    };
    let with = ["SSH_USER_AUTH=told"];
    ask(None, &[]).ends(3);
    ask(None, &["SSH_USER_AUTH=missing"]).ends(3);
    for told in ["", "password\n", &format!("{told}{told}"), &told[..told.len() - 40], "publickey ssh-ed25519 AAAA\n"] {
        ask(Some(told), &with).ends(3);
    }
    assert_eq!(noted(&place, "denied"), 7);
    // A file that others can write is not sshd's.
    place.write("told", &told);
    place.run(&["chmod", "666", "told"], "").ends(0);
    ask(None, &with).ends(3);
    place.run(&["chmod", "600", "told"], "").ends(0);
    assert!(!place.path("trap").exists());
    for audit in ["/dev/full", "missing/audit", "."] {
        place.write("policy.yaml", place.read("policy.yaml").replace("file: audit,", &format!("file: {audit},")));
        let said = ask(None, &with).ends(4);
        assert!(said.stdout.is_empty() && !place.path("trap").exists(), "{audit}");
        write_policy(&place, "    trap: [touch, trap]\n");
    }
    place.write("policy.yaml", place.read("policy.yaml").replace("  audit: {", "  #audit: {"));
    ask(None, &with).ends(4);
    assert!(!place.path("trap").exists());
    write_policy(&place, "    trap: [touch, trap]\n");
    ask(None, &with).ends(0);
    assert!(place.path("trap").exists());
}

#[test]
fn what_is_sealed_is_opened_with_a_key_that_only_the_broker_has() {
    if !installed(SSH) || !installed(SERVER) || !installed(AGE) {
        return;
    }
    let place = grants::place();
    let public = identity(&place, "broker");
    write_policy(&place, &format!("  recipients: {{ oncall: [{public}], security: [{public}] }}\n"));
    std::fs::create_dir(place.path("rings")).unwrap();
    let log = "password=magpie-hunter2 jo@corp.test 8.8.8.8\n";
    let seal = ["-c", "policy.yaml", "--keyring", "rings", "--seal", "secret.*", "--seal", "pii.*"];
    let sealed = place.logmask(&seal, log).ends(0).stdout;
    assert!(!sealed.contains("magpie") && !sealed.contains("jo@corp"), "{sealed}");
    let dir = place.path("");
    let dir = dir.to_str().unwrap().trim_end_matches('/');
    let options = format!("--keyring {dir}/rings --identity file:{dir}/broker.key");
    let sshd = Sshd::with(&place, &["logmask:oncall", "logmask:security"], &options);
    let ask = |input: &str| {
        let words = sshd.words("alice", &["reveal"]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        place.run(&words, input)
    };
    signed(&place, "ca", grants::GOOD);
    let said = ask(&sealed).ends(3);
    assert!(said.stdout.contains(" jo@corp.test ") && !said.stdout.contains("magpie"), "{}", said.stdout);
    signed(&place, "ca", &["-n", "logmask:security", "-V", "-1m:+1h", "-O", "clear", "-O", REASON]);
    let opened = ask(&sealed).ends(0).stdout;
    assert!(opened.starts_with("password=magpie-hunter2 jo@corp.test "), "{opened}");
    let audit = place.read("audit");
    assert!(audit.contains(r#""opened":{"pii.email":1},"sealed":1"#) && !audit.contains("magpie"), "{audit}");
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
    // Without a grant nothing is opened, and that is noted.
    signed(&place, "ca", &["-n", "logmask:security", "-V", "-1m:+1h", "-O", "clear"]);
    assert_eq!(ask(&sealed).ends(3).stdout, "");
    assert_eq!(noted(&place, "denied"), 1);
    // A broker that has no key says so.
    let sshd = Sshd::start(&place, &["logmask:security"]);
    signed(&place, "ca", &["-n", "logmask:security", "-V", "-1m:+1h", "-O", "clear", "-O", REASON]);
    assert_eq!(sshd.ask(&place, &["reveal"]).ends(3).stdout, "");
}

#[test]
fn a_source_is_a_program_with_a_plain_name() {
    let place = grants::place();
    for (more, fact) in [
        ("    reveal: [ls]\n", "named as a request"),
        ("    A B: [ls]\n", "no plain word"),
        ("    a: []\n", "has no program"),
        ("    a: ls\n", "expected a program with its arguments"),
        ("    a: {run: [ls], roles: [boss]}\n", "for an unknown role"),
        ("    a: {roles: [viewer]}\n", "\"run\" is missing"),
    ] {
        write_policy(&place, more);
        let said = place.logmask(&["policy", "check", "policy.yaml"], "").ends(2);
        assert!(said.stderr.contains(fact), "{more}: {}", said.stderr);
    }
}
