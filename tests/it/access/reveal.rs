//! Reveal: who may, what is noted before and after, and what comes out.

use super::seal::{AGE, LOG, identity, place, reveal, rings, sealed, token};
use super::{Place, SSH, Said, installed};
use crate::run::EXE;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The place with an authority and with Alice, who has a key and no grant yet.
fn granting() -> Option<Place> {
    if !installed(AGE) || !installed(SSH) {
        return None;
    }
    let place = place();
    for name in ["ca", "alice", "mallory"] {
        place.key(name);
    }
    let policy = place.read("policy.yaml") + "  grant_cas: [ca.pub]\n  audit: { file: audit, origin: bastion/shop }\n";
    place.write("policy.yaml", policy);
    Some(place)
}

fn grant(place: &Place, more: &[&str]) {
    let words = ["grant", "--ca", "file:ca", "--key", "alice.pub", "--who", "alice@corp", "--reason", "INC-7 checkout"];
    let said = place.logmask(&[&words[..], more].concat(), "").ends(0);
    place.write("alice-cert.pub", said.stdout);
}

/// The words with which Alice reveals, with the key ring's identity `key`.
fn words<'w>(key: &'w str, more: &[&'w str]) -> Vec<&'w str> {
    let words = ["reveal", "-c", "policy.yaml", "--keyring", "rings", "--identity", key];
    let grant = ["--grant", "alice-cert.pub", "--proof-key", "file:alice"];
    [&words[..], &grant, more].concat()
}

fn security(place: &Place, more: &[&str], sealed: &str) -> Said {
    place.logmask(&words("file:security.key", more), sealed)
}

#[test]
fn a_grant_limits_what_is_opened_and_is_noted_first() {
    let Some(place) = granting() else { return };
    let out = sealed(&place, &["*"], LOG);
    // The identity opens all; the grant is for less.
    grant(&place, &["--role", "oncall"]);
    let said = security(&place, &[], &out).ends(3);
    assert!(said.stdout.contains("jo@corp.test") && said.stdout.contains("8.8.8.8"), "{}", said.stdout);
    assert!(!said.stdout.contains("magpie") && !said.stdout.contains("12345"), "{}", said.stdout);
    let audit = place.read("audit");
    for part in [
        "\"event\":\"reveal\"",
        "\"id\":\"alice@corp\"",
        "\"reason\":\"INC-7 checkout\"",
        "\"classes\":[\"net.ip\",\"pii.email\"]",
        "\"opened\":{\"net.ip\":1,\"pii.email\":2},\"sealed\":3",
        "\"proof\":",
    ] {
        assert!(audit.contains(part), "{part}: {audit}");
    }
    assert!(!audit.contains("jo@corp.test") && !audit.contains("8.8.8.8"), "{audit}");
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
    // A grant for one class, and a view that is lower than the role.
    grant(&place, &["--role", "security", "--classes", "secret.password"]);
    let said = security(&place, &[], &out).ends(3).stdout;
    assert!(said.contains("\"password\":12345") && said.contains("magpie-hunter2") && !said.contains("jo@"), "{said}");
    grant(&place, &["--role", "security"]);
    assert_eq!(security(&place, &[], &out).ends(0).stdout, LOG);
    let said = security(&place, &["--view", "oncall"], &out).ends(3).stdout;
    assert!(said.contains("jo@corp.test") && !said.contains("magpie"), "{said}");
}

#[test]
fn a_refusal_is_noted_and_nothing_is_opened() {
    let Some(place) = granting() else { return };
    let out = sealed(&place, &["*"], LOG);
    let mut denied = 0;
    let mut refused = |said: Said, what: &str| {
        assert_eq!(said.ends(3).stdout, "", "{what}");
        denied += 1;
        assert_eq!(place.read("audit").matches("\"event\":\"denied\"").count(), denied, "{what}");
    };
    let bare = ["reveal", "-c", "policy.yaml", "--keyring", "rings", "--identity", "file:security.key"];
    refused(place.logmask(&bare, &out), "no grant");
    grant(&place, &["--role", "security"]);
    let other = ["--grant", "alice-cert.pub", "--proof-key", "file:mallory"];
    refused(place.logmask(&[&bare[..], &other].concat(), &out), "another's grant");
    refused(place.logmask(&[&bare[..], &other[..2]].concat(), &out), "no proof");
    refused(security(&place, &["--view", "boss"], &out), "no such role");
    grant(&place, &["--role", "boss"]);
    refused(security(&place, &[], &out), "a role that the policy does not name");
    grant(&place, &["--role", "oncall", "--for", "30h"]);
    refused(security(&place, &[], &out), "too long");
    grant(&place, &["--role", "oncall", "--for", "1s"]);
    std::thread::sleep(Duration::from_millis(1100));
    refused(security(&place, &[], &out), "expired");
    assert!(!place.read("audit").contains("\"event\":\"reveal\""));
}

#[test]
fn k01_without_an_audit_nothing_is_opened() {
    let Some(place) = granting() else { return };
    let out = sealed(&place, &["*"], LOG);
    let bare = ["reveal", "--no-config", "--keyring", "rings", "--identity", "file:security.key"];
    let nothing = |said: Said| {
        let said = said.ends(4);
        assert!(said.stdout.is_empty() && said.stderr.contains("audit"), "{}", said.stderr);
    };
    nothing(place.logmask(&bare, &out));
    for file in ["/dev/full", "no/such/file", "rings"] {
        nothing(place.logmask(&[&bare[..], &["--audit", file]].concat(), &out));
    }
    place.write("torn", "{\"v\":1,");
    nothing(place.logmask(&[&bare[..], &["--audit", "torn"]].concat(), &out));
    grant(&place, &["--role", "security"]);
    place.write("policy.yaml", place.read("policy.yaml").replace("file: audit,", "file: /dev/full,"));
    nothing(security(&place, &[], &out));
    if installed(&[("strace", "strace")]) {
        let line = format!(
            "strace -f -o trace -e trace=fdatasync -e inject=fdatasync:error=EIO {EXE} {} --audit lost",
            bare.join(" ")
        );
        nothing(place.run(&["sh", "-c", &line], &out));
    }
    // The log itself is no audit file.
    place.write("sealed", &out);
    place.logmask(&[&bare[..], &["--audit", "sealed", "sealed"]].concat(), "").ends(2);
    assert_eq!(place.read("sealed"), out);
}

#[test]
fn i12_a_reveal_ends_with_the_grant_and_begins_with_its_entry() {
    let Some(place) = granting() else { return };
    let out = sealed(&place, &["*"], LOG);
    grant(&place, &["--role", "security", "--for", "20s"]);
    let mut child = Command::new(EXE)
        .args(words("file:security.key", &[]))
        .current_dir(place.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    // Nothing came in yet, and it is noted already.
    while !std::fs::read_to_string(place.path("audit")).is_ok_and(|audit| audit.contains("\"event\":\"reveal\"")) {
        assert!(started.elapsed() < Duration::from_secs(19));
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(out.as_bytes()).unwrap();
    let mut first = vec![0; LOG.len()];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    assert_eq!(String::from_utf8(first).unwrap(), LOG);
    // A line that is not whole when the grant ends never comes out.
    stdin.write_all(out.trim_end().as_bytes()).unwrap();
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    let (line, _) = LOG.split_once('\n').unwrap();
    assert_eq!(rest, line.to_owned() + "\n");
    assert_eq!(child.wait().unwrap().code(), Some(3));
    assert!(started.elapsed() < Duration::from_secs(60));
    assert!(place.read("audit").contains("\"outcome\":\"expired\""));
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
}

#[test]
fn the_way_the_input_arrives_does_not_matter() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let out = sealed(&place, &["*"], &LOG.repeat(50));
    place.write("sealed", &out);
    for jobs in ["1", "4"] {
        let words = ["reveal", "--no-config", "--keyring", "rings", "--identity", "file:security.key", "-j", jobs];
        let files = ["--audit", "audit", "sealed", "sealed"];
        assert_eq!(place.logmask(&[&words[..], &files].concat(), "").ends(0).stdout, LOG.repeat(100));
    }
    let small = &out[..out.len() / 50];
    let mut child = Command::new(EXE)
        .args(["reveal", "--no-config", "--keyring", "rings", "--identity", "file:security.key", "--audit", "audit"])
        .current_dir(place.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for byte in small.as_bytes() {
        stdin.write_all(&[*byte]).unwrap();
    }
    drop(stdin);
    assert_eq!(child.wait_with_output().unwrap().stdout, LOG.as_bytes());
    // The last line needs no ending, and other line endings stay.
    let windows = LOG.trim_end().replace('\n', "\r\n");
    let out = sealed(&place, &["*"], &windows);
    assert_eq!(reveal(&place, "security", &out).ends(0).stdout, windows);
}

#[test]
fn a_second_run_leaves_what_is_sealed() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let out = sealed(&place, &["*"], LOG);
    for words in
        [&["-p", "secrets"][..], &["-p", "export"], &["-c", "policy.yaml", "--seal", "*", "--keyring", "rings"]]
    {
        assert_eq!(place.logmask(words, &out).ends(0).stdout, out, "{words:?}");
    }
    // Whatever a rule would find in a token by chance, and whatever stands round it.
    let mail = token(&out, "pii.email");
    let chance = mail.replace(&mail[mail.len() - 44..mail.len() - 1], &("-sk-".to_owned() + &"a1B".repeat(12) + "A2A"));
    for line in [
        format!("api_key={chance}\n"),
        format!("password is {mail}, {mail}.\n"),
        format!("Authorization: Bearer {mail}\nCookie: sid={mail}\n"),
        format!("https://jo:{mail}@host/?token={mail}&n=1\n"),
        format!("{{\"password\":\"{mail}\",\"m\":\"{{\\\"token\\\":\\\"{mail}{mail}\\\"}}\"}}\n"),
    ] {
        assert_eq!(place.logmask(&["-p", "export"], &line).ends(0).stdout, line);
    }
    // A token and more is none, and what lacks the shape of one is a value like any.
    for value in [mail.to_owned() + "x", mail[..mail.len() - 1].to_owned(), "lm1~a~b~hunter2~".to_owned()] {
        let said = place.logmask(&[], &format!("password={value}\n")).ends(0).stdout;
        assert_eq!(said, "password=REDACTED-password\n", "{value}");
    }
}

#[test]
fn j07_lengths_are_hidden_in_steps() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let line = |length: usize| format!("{{\"password\":\"{}\"}}\n", "m".repeat(length));
    let length = |count: usize| {
        let out = sealed(&place, &["secret.*"], &line(count));
        assert_eq!(reveal(&place, "security", &out).ends(0).stdout, line(count), "{count}");
        out.len()
    };
    // An empty value is none: there is nothing to seal.
    assert_eq!(sealed(&place, &["secret.*"], &line(0)), line(0));
    let lengths = [1, 15, 16, 17, 31, 1 << 20].map(length);
    assert!(lengths[0] == lengths[1] && lengths[1] < lengths[2], "{lengths:?}");
    assert!(lengths[2] == lengths[3] && lengths[3] == lengths[4], "{lengths:?}");
    assert!(lengths[5] < 1_500_000, "{lengths:?}");
}

/// Encodes each line, checks that tokens stay as they are, and that decoding gives the line again.
const ENCODERS: &str = r#"
import csv, html, io, json, re, shlex, subprocess, sys, urllib.parse, xml.sax.saxutils as sax, xml.etree.ElementTree as xml
def row(t):
    out = io.StringIO(); csv.writer(out).writerow([t, "x"]); return out.getvalue()
ways = {
    "json": (lambda t: json.dumps({"m": t}), lambda t: json.loads(t)["m"]),
    "url": (lambda t: urllib.parse.quote(t, safe=""), urllib.parse.unquote),
    "form": (lambda t: urllib.parse.urlencode({"m": t}), lambda t: urllib.parse.parse_qs(t)["m"][0]),
    "xml": (lambda t: "<a b=%s>%s</a>" % (sax.quoteattr(t), sax.escape(t)), lambda t: xml.fromstring(t).text),
    "csv": (row, lambda t: next(csv.reader(io.StringIO(t)))[0]),
    "html": (html.escape, html.unescape),
    "shell": (shlex.quote, lambda t: subprocess.run(["sh", "-c", "printf %s " + t], capture_output=True, text=True).stdout),
}
token = re.compile(r"lm1~[a-z0-9.-]+~[a-z0-9]+~[A-Za-z0-9_-]+~")
for line in sys.stdin.read().splitlines():
    tokens = token.findall(line)
    for name, (encode, decode) in ways.items():
        coded = encode(line)
        assert set(token.findall(coded)) == set(tokens), (name, coded)
        assert decode(coded) == line, name
    # Bare, as one word of a shell.
    for one in tokens:
        assert ways["shell"][1](one) == one
        print(json.dumps({"m": "to " + one}))
"#;

#[test]
fn j06_encoders_leave_tokens_alone() {
    if !installed(AGE) || !installed(&[("python3", "python3")]) {
        return;
    }
    let place = place();
    let out = sealed(&place, &["*"], LOG);
    let coded = place.run(&["python3", "-c", ENCODERS], &out).ends(0).stdout;
    let said = reveal(&place, "security", &coded).ends(0).stdout;
    assert_eq!(said.matches("{\"m\": \"to jo@corp.test\"}\n").count(), 2, "{said}");
}

#[test]
fn every_sample_comes_back_byte_for_byte() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let all = "  oncall: { extends: viewer, show: [pii.email, net.ip] }\n";
    let wide = "  oncall: { extends: viewer, show: ['pii.*', 'net.*', 'pay.*'] }\n";
    let policy = place.read("policy.yaml");
    assert!(policy.contains(all));
    let wider = policy.replace(all, wide).replace("'secret.*'", "'secret.*', 'pii.*', 'net.*'");
    // Who may see one class may see all: what unites is sealed as one.
    place.write("policy.yaml", wider.lines().filter(|line| !line.contains("oncall: [")).collect::<Vec<_>>().join("\n"));
    let mut opened = 0;
    for entry in std::fs::read_dir(crate::run::beside("samples")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_str().unwrap();
        for profile in ["default", "export"] {
            let words =
                ["-c", "policy.yaml", "-p", profile, "--stack", "keep", "--seal", "*", "--keyring", "rings", name];
            // Bytes, not text: some are no UTF-8.
            let sealed = Command::new(EXE).args(words).current_dir(place.path("")).output().unwrap();
            assert!(sealed.status.success(), "{name}");
            std::fs::write(place.path("sealed"), &sealed.stdout).unwrap();
            let words = ["reveal", "--no-config", "--keyring", "rings", "--identity", "file:security.key"];
            let words = [&words[..], &["--audit", "audit", "sealed"]].concat();
            let said = Command::new(EXE).args(words).current_dir(place.path("")).output().unwrap();
            assert!(said.status.success(), "{name}");
            assert!(said.stdout == std::fs::read(&path).unwrap(), "{name} {profile}");
            opened += usize::from(said.stdout != sealed.stdout);
        }
    }
    assert!(opened > 20, "{opened}");
}

#[test]
fn files_commands_and_closed_pipes_are_as_with_masking() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let seal = ["-c", "policy.yaml", "--seal", "*", "--keyring", "rings"];
    place.write("a.log", LOG);
    place.write("b.log", LOG);
    place.logmask(&[&seal[..], &["--in-place", "a.log", "b.log"]].concat(), "").ends(0);
    assert_eq!(rings(&place).len(), 2, "one run");
    assert!(!place.read("a.log").contains("jo@"));
    assert_eq!(place.read("a.log"), place.read("b.log"));
    assert_eq!(reveal(&place, "security", &place.read("a.log")).ends(0).stdout, LOG);
    place.write("c.log", LOG);
    let out = place.logmask(&[&["run"], &seal[..], &["--", "cat", "c.log"]].concat(), "").ends(0).stdout;
    assert_eq!(reveal(&place, "security", &out).ends(0).stdout, LOG);
    place.write("many", out.repeat(5000));
    let line = |to: &str| {
        format!("{EXE} reveal --no-config --keyring rings --identity file:security.key --audit audit many {to}")
    };
    let said = place.run(&["bash", "-c", &(line("| head -n 1") + "; exit ${PIPESTATUS[0]}")], "").ends(141);
    assert_eq!((said.stdout.lines().count(), said.stderr.as_str()), (1, ""));
    place.run(&["sh", "-c", &line("> /dev/full")], "").ends(74);
    place.run(&["sh", "-c", &line(">> many")], "").ends(2);
    let missing = line("").replace("--keyring rings", "--keyring nowhere");
    assert_eq!(place.run(&["sh", "-c", &missing], "").ends(2).stdout, "");
}

#[test]
fn rings_are_wrapped_for_others() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let out = sealed(&place, &["*"], LOG);
    let again = sealed(&place, &["*"], LOG);
    let public =
        |name: &str| place.run(&["age-keygen", "-y", &format!("{name}.key")], "").ends(0).stdout.trim().to_owned();
    let (oncall, other) = (public("oncall"), public("other"));
    let new = identity(&place, "new");
    let rewrap = |words: &[&str]| place.logmask(&[&["keyring", "rewrap"], words, &["rings"]].concat(), "");
    // Who comes in place of another.
    let said = rewrap(&["--identity", "file:oncall.key", "--add", &new, "--drop", &oncall]).ends(0);
    assert!(said.stderr.contains("2 key rings wrapped anew") && said.stderr.contains("2 key rings for other"));
    assert_eq!(reveal(&place, "oncall", &out).ends(3).stdout, out);
    let said = reveal(&place, "new", &(out.clone() + &again)).ends(3).stdout;
    assert!(said.matches("jo@corp.test").count() == 4 && !said.contains("magpie"), "{said}");
    // Security still opens both, and age opens what we have wrapped.
    assert_eq!(reveal(&place, "security", &out).ends(0).stdout, LOG);
    let lower: Vec<String> = rings(&place).into_iter().filter(|name| name.contains(".oncall.")).collect();
    place.run(&["age", "-d", "-i", "new.key", &format!("rings/{}", lower[0])], "").ends(0);
    place.run(&["age", "-d", "-i", "oncall.key", &format!("rings/{}", lower[0])], "").ends(1);
    // Whoever comes gets the keys of one role only.
    let said = rewrap(&["--identity", "file:security.key", "--add", &other]).ends(2);
    assert!(said.stderr.contains("--role: oncall, security"), "{}", said.stderr);
    rewrap(&["--identity", "file:security.key", "--add", &other, "--role", "oncall"]).ends(0);
    let said = reveal(&place, "other", &out).ends(3).stdout;
    assert!(said.contains("jo@corp.test") && !said.contains("magpie"), "{said}");
    // What cannot be done changes nothing.
    let before: Vec<Vec<u8>> =
        rings(&place).iter().map(|name| std::fs::read(place.path("rings").join(name)).unwrap()).collect();
    let security = public("security");
    rewrap(&["--identity", "file:security.key", "--drop", &security, "--role", "security"]).ends(2);
    rewrap(&["--identity", "file:security.key", "--add", "age1hunter2"]).ends(2);
    rewrap(&["--identity", "file:security.key"]).ends(2);
    rewrap(&["--identity", "file:nobody.key", "--add", &other]).ends(2);
    place.logmask(&["keyring", "rewrap", "--identity", "file:new.key", "--add", &other, "nowhere"], "").ends(2);
    let after: Vec<Vec<u8>> =
        rings(&place).iter().map(|name| std::fs::read(place.path("rings").join(name)).unwrap()).collect();
    assert!(before == after);
    place.write(&format!("rings/{}", lower[0]), "age-encryption.org/v1\nhunter2\n");
    let said = rewrap(&["--identity", "file:new.key", "--drop", &other]).ends(4);
    assert!(said.stderr.contains("is damaged") && said.stderr.contains("1 key ring wrapped anew"), "{}", said.stderr);
}
