//! Section J of the faults: sealed values and key rings, with the age of others and Python's AESSIV.

use super::{Place, Said, installed};
use std::os::unix::fs::PermissionsExt;

pub const AGE: &[(&str, &str)] = &[("age", "age"), ("age-keygen", "age")];

pub const LOG: &str = "{\"email\":\"jo@corp.test\",\"password\":12345,\"token\":[\"magpie\",2]}\n\
    user jo@corp.test password=magpie-hunter2, from 8.8.8.8\n";

/// Two roles with a key each, and the directory `rings`.
pub fn place() -> Place {
    let place = Place::new();
    let mut policy = "version: 1
roles:
  viewer: { show: [] }
  oncall: { extends: viewer, show: [pii.email, net.ip] }
  security: { extends: oncall, show: ['secret.*'] }
access:
  base: viewer
  recipients:
"
    .to_owned();
    for role in ["oncall", "security", "other"] {
        let public = identity(&place, role);
        if role != "other" {
            policy += &["    ", role, ": [", &public, "]\n"].concat();
        }
    }
    place.write("policy.yaml", policy);
    std::fs::create_dir(place.path("rings")).unwrap();
    place
}

/// A key of age, `name.key`; gives its public key.
pub fn identity(place: &Place, name: &str) -> String {
    place.run(&["age-keygen", "-o", &format!("{name}.key")], "").ends(0);
    place.run(&["age-keygen", "-y", &format!("{name}.key")], "").ends(0).stdout.trim().to_owned()
}

pub fn sealed(place: &Place, classes: &[&str], log: &str) -> String {
    let mut words = vec!["-c", "policy.yaml", "--keyring", "rings"];
    words.extend(classes.iter().flat_map(|class| ["--seal", class]));
    place.logmask(&words, log).ends(0).stdout
}

/// What `reveal` says with the key of this role and without a grant.
pub fn reveal(place: &Place, key: &str, sealed: &str) -> Said {
    let identity = format!("file:{key}.key");
    let words = ["reveal", "--no-config", "--keyring", "rings", "--identity", &identity, "--audit", "audit"];
    place.logmask(&words, sealed)
}

/// Names of the key rings.
pub fn rings(place: &Place) -> Vec<String> {
    let entries = std::fs::read_dir(place.path("rings")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The first token of a class.
pub fn token<'s>(sealed: &'s str, class: &str) -> &'s str {
    let start = sealed.find(&format!("lm1~{class}~")).unwrap();
    let end = sealed[start..].match_indices('~').nth(3).unwrap().0;
    &sealed[start..=start + end]
}

#[test]
fn what_is_sealed_comes_back_byte_for_byte_to_whoever_has_the_key() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let out = sealed(&place, &["*"], LOG);
    for value in ["jo@corp", "12345", "magpie", "8.8.8.8"] {
        assert!(!out.contains(value), "{out}");
    }
    assert!(!out.contains("REDACTED"), "{out}");
    // Equal values are equal, a JSON value is one afterwards.
    assert_eq!(out.matches(token(&out, "pii.email")).count(), 2);
    let line: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert!(line["password"].as_str().unwrap().starts_with("lm1~secret.password~"));
    assert_eq!(reveal(&place, "security", &out).ends(0).stdout, LOG);
    // Two runs have nothing in common.
    let again = sealed(&place, &["*"], LOG);
    assert_ne!(token(&again, "pii.email"), token(&out, "pii.email"));
    assert_eq!(reveal(&place, "security", &(again + &out)).ends(0).stdout, LOG.repeat(2));
}

#[test]
fn j01_a_changed_byte_stays_sealed_and_is_counted() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let out = sealed(&place, &["pii.email"], "jo@corp.test\n");
    let mut changed = String::new();
    for at in 0..out.len() - 1 {
        let mut bytes = out.clone().into_bytes();
        bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
        changed += std::str::from_utf8(&bytes).unwrap();
    }
    let said = reveal(&place, "security", &(changed.clone() + &out)).ends(4);
    assert_eq!(said.stdout, changed + "jo@corp.test\n");
    assert!(said.stderr.contains("cannot be opened"), "{}", said.stderr);
    let audit = place.read("audit");
    assert!(audit.contains("\"opened\":{\"pii.email\":1},\"sealed\":") && !audit.contains("jo@corp.test"), "{audit}");
}

#[test]
fn j02_a_token_of_another_class_or_run_stays_sealed() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let one = sealed(&place, &["*"], LOG);
    let other = sealed(&place, &["*"], LOG);
    let run = |text: &str| text.split('~').nth(2).unwrap().to_owned();
    let moved = token(&one, "pii.email").replace("pii.email", "net.ip") + "\n";
    assert_eq!(reveal(&place, "security", &moved).ends(4).stdout, moved);
    let moved = token(&one, "pii.email").replace(&run(&one), &run(&other)) + "\n";
    assert_eq!(reveal(&place, "security", &moved).ends(4).stdout, moved);
    // What only looks like one, from anybody.
    let forged = format!("lm1~pii.email~../../etc~{0}~ lm1~pii.email~aaaaaaaaaa~{0}~ lm1~x~\n", "A".repeat(43));
    assert_eq!(reveal(&place, "security", &forged).ends(4).stdout, forged);
    assert_eq!(reveal(&place, "security", "lm1~x~ lm1~a~b~\n").ends(0).stdout, "lm1~x~ lm1~a~b~\n");
}

#[test]
fn j03_a_damaged_key_ring_is_refused_whole() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let out = sealed(&place, &["*"], LOG);
    let name = format!("rings/{}", rings(&place)[1]);
    let whole = std::fs::read(place.path(&name)).unwrap();
    std::fs::remove_file(place.path("rings").join(&rings(&place)[0])).unwrap();
    for damaged in [&whole[..whole.len() - 1], &whole[..100], &[&whole[..], b"x"].concat(), b""] {
        place.write(&name, damaged);
        let said = reveal(&place, "security", &out).ends(4);
        assert_eq!(said.stdout, out);
        assert!(said.stderr.contains("is damaged"), "{}", said.stderr);
        place.run(&["age", "-d", "-i", "security.key", &name], "").ends(1);
    }
    // Whole, but for somebody else.
    place.write(&name, &whole);
    assert_eq!(reveal(&place, "other", &out).ends(3).stdout, out);
    assert_eq!(reveal(&place, "security", &out).ends(0).stdout, LOG);
    // Under the name of another run it says nothing of that.
    let moved = place.path("rings").join("aaaaaaaaaa.security.age");
    std::fs::rename(place.path(&name), moved).unwrap();
    let run = out.split('~').nth(2).unwrap();
    assert_eq!(reveal(&place, "security", &out.replace(run, "aaaaaaaaaa")).ends(4).stdout.matches("lm1~").count(), 6);
}

#[test]
fn j04_without_a_recipient_nothing_is_written() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let policy = place.read("policy.yaml");
    let refused = |policy: &str, class: &str| {
        place.write("policy.yaml", policy);
        let said = place.logmask(&["-c", "policy.yaml", "--keyring", "rings", "--seal", class], LOG).ends(2);
        assert_eq!((said.stdout.as_str(), rings(&place).len()), ("", 0), "{}", said.stderr);
    };
    refused(&policy, "pay.card");
    refused(&policy, "no.such");
    refused(&policy.replace("age1", "age1hunter2"), "pii.email");
    refused(&policy[..policy.find("access:").unwrap()].replace("roles:", "# roles:").replace("\n  ", "\n  # "), "*");
    let keyless: String = policy.lines().filter(|line| !line.contains("age1")).flat_map(|line| [line, "\n"]).collect();
    refused(&keyless.replace("recipients:", "recipients: {}"), "*");
    place.logmask(&["-c", "policy.yaml", "--seal", "*"], LOG).ends(2);
    // Of a family, what nobody could open is masked as ever.
    place.write("policy.yaml", &policy);
    let out = sealed(&place, &["pii.*"], "mail jo@corp.test phone=+12025550123\n");
    assert!(
        out.contains("lm1~pii.email~") && out.contains("REDACTED-phone") && !out.contains("lm1~pii.phone"),
        "{out}"
    );
}

#[test]
fn j05_without_a_key_ring_on_disk_nothing_is_written() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    for directory in ["nowhere", "policy.yaml", "/proc"] {
        let said = place.logmask(&["-c", "policy.yaml", "--seal", "*", "--keyring", directory], LOG).ends(74);
        assert_eq!(said.stdout, "", "{directory}");
    }
    if installed(&[("strace", "strace")]) {
        for call in ["fsync", "write"] {
            let exe = crate::run::EXE;
            let line = format!(
                "strace -f -o trace -e trace={call} -e inject={call}:error=ENOSPC:when=1+ \
                 {exe} -c policy.yaml --seal '*' --keyring rings"
            );
            let said = place.run(&["sh", "-c", &line], LOG);
            assert_eq!((said.code, said.stdout.as_str()), (74, ""), "{call}: {}", said.stderr);
            assert!(rings(&place).is_empty(), "{call}");
        }
    }
}

#[test]
fn j08_a_role_opens_what_it_sees_and_no_more() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let out = sealed(&place, &["*"], LOG);
    let said = reveal(&place, "oncall", &out).ends(3);
    assert!(said.stdout.contains("jo@corp.test") && said.stdout.contains("8.8.8.8\n"), "{}", said.stdout);
    assert!(!said.stdout.contains("magpie") && said.stdout.matches("lm1~secret.").count() == 3, "{}", said.stdout);
    assert!(said.stderr.contains("3 sealed values not for you"), "{}", said.stderr);
    // The higher role also opens the ring of the lower one, whose keys it has anyway.
    let lower = rings(&place).into_iter().find(|name| name.contains(".oncall.")).unwrap();
    let keys = place.run(&["age", "-d", "-i", "security.key", &format!("rings/{lower}")], "").ends(0).stdout;
    let keys: serde_json::Value = serde_json::from_str(&keys).unwrap();
    assert_eq!(keys["keys"].as_object().unwrap().keys().collect::<Vec<_>>(), ["net.ip", "pii.email"]);
    // Who masks cannot unmask: nothing of the keys is left but what is wrapped.
    assert_eq!(rings(&place).len(), 2);
    for name in rings(&place) {
        let mode = std::fs::metadata(place.path("rings").join(&name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        place.run(&["age", "-d", "-i", "other.key", &format!("rings/{name}")], "").ends(1);
    }
}

/// Opens each token on standard input with the key ring in `ring`; anybody can.
const PYTHON: &str = r#"
import base64, json, re, sys
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
ring = json.load(open("ring"))
assert ring["v"] == 1
def opened(token):
    _, clas, run, payload = token[1].split("~")
    assert run == ring["run"]
    data = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    padded = AESSIV(bytes.fromhex(ring["keys"][clas])).decrypt(data, [b"lm1", clas.encode(), run.encode()])
    value = padded.rstrip(b"\0")
    assert value[-1] == 0x80
    return value[:-1].decode()
print(re.sub(r"(lm1~[a-z0-9.-]+~[a-z0-9]+~[A-Za-z0-9_-]+)~", opened, sys.stdin.read()), end="")
"#;

/// Whether Python has what it takes.
fn aessiv(place: &Place) -> bool {
    let has = installed(&[("python3", "python3")])
        && place.run(&["python3", "-c", "from cryptography.hazmat.primitives.ciphers.aead import AESSIV"], "").code
            == 0;
    if !has {
        eprintln!("SKIPPED: needs the package python3-cryptography");
    }
    has
}

#[test]
fn j09_age_opens_the_key_ring_and_python_the_token() {
    let place = Place::new();
    if !installed(AGE) || !aessiv(&place) {
        return;
    }
    let place = self::place();
    let out = sealed(&place, &["*"], LOG);
    let ring = format!("rings/{}", rings(&place).into_iter().find(|name| name.contains(".security.")).unwrap());
    place.run(&["age", "-d", "-i", "security.key", "-o", "ring", &ring], "").ends(0);
    let said = place.run(&["python3", "-c", PYTHON], &out).ends(0).stdout;
    // The quotes that came with a token only logmask takes away.
    assert_eq!(said, LOG.replace("12345", "\"12345\"").replace("[\"magpie\",2]", "\"[\"magpie\",2]\""));
}

#[test]
fn j10_a_private_key_that_others_may_read_is_refused() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let out = sealed(&place, &["*"], LOG);
    std::fs::set_permissions(place.path("security.key"), PermissionsExt::from_mode(0o644)).unwrap();
    let said = reveal(&place, "security", &out).ends(2);
    assert!(said.stdout.is_empty() && said.stderr.contains("chmod 600"), "{}", said.stderr);
    std::fs::set_permissions(place.path("security.key"), PermissionsExt::from_mode(0o600)).unwrap();
    for wrong in ["no key at all", "AGE-SECRET-KEY-1HUNTER2\n", ""] {
        place.write("wrong.key", wrong);
        std::fs::set_permissions(place.path("wrong.key"), PermissionsExt::from_mode(0o600)).unwrap();
        let said = reveal(&place, "wrong", &out).ends(2);
        assert!(said.stdout.is_empty() && !said.stderr.contains("HUNTER2"), "{}", said.stderr);
    }
}

#[test]
fn a_policy_says_what_is_sealed() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    let policy = place.read("policy.yaml");
    let run = |more: &str, words: &[&str]| {
        place.write("policy.yaml", policy.clone() + more);
        place.logmask(&[&["-c", "policy.yaml"], words].concat(), LOG)
    };
    let ring = ["--keyring", "rings"];
    // By class for the built-in rules, and by a rule of one's own.
    let own =
        "actions: { pii.email: seal }\nrules: [{ id: hop, class: net.ip, pattern: '8[.]8[.]8[.]8', action: seal }]\n";
    let out = run(own, &ring).ends(0).stdout;
    assert_eq!(out.matches("lm1~pii.email~").count(), 2, "{out}");
    assert!(out.contains("password=REDACTED-password") && !out.contains("jo@corp"), "{out}");
    let shown = reveal(&place, "oncall", &out).ends(0).stdout;
    assert!(shown.contains("user jo@corp.test password=REDACTED-password"), "{shown}");
    // Only the rules that say so, not all of their class.
    let one = "actions: { email-field: seal }\n";
    let out = run(one, &ring).ends(0).stdout;
    assert!(out.contains("{\"email\":\"lm1~") && out.contains("user REDACTED-email-"), "{out}");
    // With --seal both.
    let out = run(one, &[&ring[..], &["--seal", "secret.*"]].concat()).ends(0).stdout;
    assert!(out.contains("lm1~pii.email~") && out.contains("password=lm1~secret.password~"), "{out}");
    // J04: nowhere to put the keys, nobody who could open it, nothing to seal.
    for (more, words, fact) in [
        (one, &[][..], "--keyring is missing"),
        ("actions: { card: seal }\n", &ring, "nobody could open it"),
        ("", &ring, "nothing is sealed"),
    ] {
        let said = run(more, words).ends(2);
        assert!(said.stdout.is_empty() && said.stderr.contains(fact), "{more}: {}", said.stderr);
    }
    place.write("alone.yaml", "version: 1\nactions: { pii: seal }\n");
    let said = place.logmask(&["-c", "alone.yaml", "--keyring", "rings"], LOG).ends(2);
    assert!(said.stdout.is_empty() && said.stderr.contains("recipients"), "{}", said.stderr);
    // What is only told seals nothing.
    place.logmask(&["explain", "-c", "alone.yaml"], "jo@corp.test\n").ends(0);
    place.logmask(&["policy", "check", "alone.yaml"], "").ends(0);
}

#[test]
fn values_that_overlap_are_sealed_for_those_who_see_all_of_them() {
    if !installed(AGE) {
        return;
    }
    let place = place();
    // An e-mail address as a password: whoever sees passwords sees addresses.
    let log = "password=jo@corp.test\n{\"password\":\"jo@corp.test\"}\n";
    for classes in [&["pii.email", "secret.*"][..], &["secret.*"], &["*"]] {
        let out = sealed(&place, classes, log);
        assert!(!out.contains("jo@corp") && !out.contains("REDACTED"), "{out}");
        assert_eq!(reveal(&place, "security", &out).ends(0).stdout, log);
        assert_eq!(reveal(&place, "oncall", &out).ends(3).stdout, out);
    }
    // Nobody asked for the password to be sealed, so it is gone, and with it what is in it.
    let out = sealed(&place, &["pii.email"], log);
    assert!(out.starts_with("password=REDACTED-"), "{out}");
}

#[test]
fn values_that_only_one_role_sees_together_are_sealed_twice() {
    if !installed(AGE) {
        return;
    }
    let place = Place::new();
    let mut policy = "version: 1
roles:
  viewer: {}
  mail: { extends: viewer, show: [pii.email] }
  vault: { extends: viewer, show: ['secret.*'] }
  both: { extends: vault, show: [pii.email] }
access:
  base: viewer
  recipients:
"
    .to_owned();
    for role in ["mail", "vault", "both"] {
        let public = identity(&place, role);
        policy += &["    ", role, ": [", &public, "]\n"].concat();
    }
    place.write("policy.yaml", policy);
    std::fs::create_dir(place.path("rings")).unwrap();
    let log = "{\"password\":\"jo@corp.test\",\"email\":\"ann@corp.test\",\"token\":\"magpie\"}\n";
    let out = sealed(&place, &["*"], log);
    assert!(!out.contains("corp.test") && !out.contains("REDACTED"), "{out}");
    assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{out}");
    assert_eq!(reveal(&place, "both", &out).ends(0).stdout, log);
    for (role, sees) in [("mail", "\"email\":\"ann@corp.test\""), ("vault", "\"token\":\"magpie\"")] {
        let said = reveal(&place, role, &out).ends(3);
        assert!(said.stdout.contains(sees) && !said.stdout.contains("jo@corp.test"), "{role}: {}", said.stdout);
        // What they cannot open stays as it is, and so stays JSON.
        assert!(serde_json::from_str::<serde_json::Value>(&said.stdout).is_ok(), "{}", said.stdout);
        assert_eq!(reveal(&place, "both", &said.stdout).ends(0).stdout, log);
    }
    // A second run leaves it as it is.
    assert_eq!(sealed(&place, &["*"], &out), out);
}
