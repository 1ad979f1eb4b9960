//! What `grant` signs, what it prints for others to sign, and what `grant show` says of it.

use super::grants::{GOOD, POLICY, REASON, place, signed};
use super::{Place, SSH, Said, installed};

const LOG: &str = "password=magpie jo@corp.test 8.8.8.8\n";

fn grant(place: &Place, who: &str, reason: &str, more: &[&str]) -> Said {
    let words =
        ["grant", "--ca", "file:ca", "--key", "alice.pub", "--role", "oncall", "--who", who, "--reason", reason];
    place.logmask(&[&words[..], more].concat(), "")
}

#[test]
fn nothing_unseen_is_signed() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    grant(&place, "Ålice Ünäl@corp", "INC-1 käse", &[]).ends(0);
    for bad in [
        "",
        " ",
        "a\nb",
        "a\u{1b}[2J",
        "a\u{202e}b",
        "a\u{61c}b",
        "a\u{feff}b",
        "a\u{e0041}b",
        "a\u{200b}b",
        "a\u{2066}b",
        "a\tb",
    ] {
        for print in [&[][..], &["--print-command"]] {
            assert_eq!(grant(&place, bad, "INC-1", print).ends(2).stdout, "", "{bad:?}");
            assert_eq!(grant(&place, "alice", bad, print).ends(2).stdout, "", "{bad:?}");
        }
    }
    assert_eq!(grant(&place, &"a".repeat(201), "INC-1", &[]).ends(2).stdout, "");
    // Whoever signed it: it is no grant.
    for bad in ["a\u{61c}b", "a\u{feff}b", "a\u{e0041}b"] {
        let reason = format!("extension:reason@logmask=INC-1 {bad}");
        signed(&place, "ca", &["-n", "logmask:oncall", "-V", "-1m:+1h", "-O", "clear", "-O", &reason]);
        place.logmask(&["grant", "show", "alice-cert.pub", "-c", "policy.yaml"], "").ends(3);
    }
}

#[test]
fn the_printed_command_is_for_the_same_grant() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let what = |name: &str| {
        let said = place.run(&["ssh-keygen", "-L", "-f", name], "").ends(0).stdout;
        let seconds = {
            let line = said.lines().find(|line| line.contains("Valid:")).unwrap().trim().to_owned();
            let words: Vec<&str> = line.split(' ').collect();
            let date = |at: usize| place.run(&["date", "-d", words[at], "+%s"], "").ends(0).stdout;
            (date(2).trim().parse::<i64>().unwrap(), date(4).trim().parse::<i64>().unwrap())
        };
        let rest: Vec<String> = said
            .lines()
            .filter(|line| !line.contains("Valid:") && !line.contains("cert.pub:") && !line.contains("Serial:"))
            .map(str::to_owned)
            .collect();
        (seconds, rest)
    };
    for span in ["1s", "9s", "45s", "2m", "30m", "8h"] {
        let more = ["--for", span, "-c", "policy.yaml", "--classes", "net.ip"];
        place.write("ours-cert.pub", grant(&place, "it's alice", "INC-9 it's down", &more).ends(0).stdout);
        let command = grant(&place, "it's alice", "INC-9 it's down", &[&more[..], &["--print-command"]].concat());
        let command = command.ends(0).stdout;
        let serial = command.split(" -z ").nth(1).unwrap().split(' ').next().unwrap();
        assert!(serial.parse::<u64>().unwrap() > 1 << 20, "{command}");
        place.run(&["sh", "-c", &command.replace("-s CA", "-q -s ca")], "").ends(0);
        let ((from, to), ours) = what("ours-cert.pub");
        let ((their_from, their_to), theirs) = what("alice-cert.pub");
        assert_eq!((to - from, ours), (their_to - their_from, theirs), "{span}");
        // As they are run one after the other.
        assert!((0..=20).contains(&(their_from - from)), "{span}");
    }
    // Nothing is printed that the policy would refuse.
    for more in [&["--for", "1d"][..], &["--classes", "secret.token"]] {
        let said = grant(&place, "alice", "INC-9", &[more, &["-c", "policy.yaml", "--print-command"]].concat()).ends(3);
        assert_eq!(said.stdout, "");
    }
    assert_eq!(grant(&place, "alice", "just so", &["-c", "policy.yaml", "--print-command"]).ends(3).stdout, "");
}

#[test]
fn show_says_what_no_policy_accepts() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let show = |more: &[&str]| place.logmask(&[&["grant", "show", "alice-cert.pub"], more].concat(), "");
    signed(&place, "ca", GOOD);
    assert!(!show(&[]).ends(0).stdout.contains("refused"));
    let times = |times: &'static str| ["-n", "logmask:oncall", "-V", times, "-O", "clear", "-O", REASON].to_vec();
    for (options, what) in [
        (times("-2h:-1h"), "it has expired"),
        (times("+1h:+2h"), "it is not valid yet"),
        (["-h", "-n", "logmask:oncall", "-V", "-1m:+1h", "-O", REASON].to_vec(), "host certificate"),
        (["-n", "alice", "-V", "-1m:+1h", "-O", "clear", "-O", REASON].to_vec(), "no principal"),
    ] {
        signed(&place, "ca", &options);
        let said = show(&[]).ends(3).stdout;
        assert!(said.contains(&format!("refused: {}", if what.starts_with("it") { what } else { "it" })), "{said}");
        assert!(said.contains(what), "{said}");
    }
    let words = ["ssh-keygen", "-q", "-s", "ca", "-I", "al\u{1b}[2Jice", "-z", "7"];
    place.run(&[&words[..], GOOD, &["alice.pub"]].concat(), "").ends(0);
    let said = show(&[]).ends(3).stdout;
    assert!(said.contains("refused: its key id is no name") && !said.contains('\u{1b}'), "{said}");
    // Of several principals the one that is a role.
    let principals = "alice,logmask:boss,logmask:support,logmask:oncall";
    signed(&place, "ca", &["-n", principals, "-V", "-1m:+1h", "-O", "clear", "-O", REASON]);
    let view = ["-c", "policy.yaml", "--view", "oncall", "--grant", "alice-cert.pub", "--proof-key", "file:alice"];
    place.logmask(&view, LOG).ends(0);
    let said = show(&["-c", "policy.yaml"]).ends(0).stdout;
    assert!(said.contains("shows   net.ip, pii.email\nok\n"), "{said}");
}

#[test]
fn all_keys_of_an_authority_file_count_and_none_is_an_error() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    place.write("cas", format!("# two\n{}\n{}", place.read("mallory.pub"), place.read("ca.pub")));
    place.write("policy.yaml", POLICY.replace("[ca.pub]", "[cas]"));
    let view = ["-c", "policy.yaml", "--view", "oncall", "--grant", "alice-cert.pub", "--proof-key", "file:alice"];
    for ca in ["ca", "mallory"] {
        signed(&place, ca, GOOD);
        place.logmask(&view, LOG).ends(0);
    }
    place.logmask(&["policy", "check", "policy.yaml"], "").ends(0);
    for text in ["", "# none\n", "hunter2\n", &format!("{}hunter2\n", place.read("ca.pub"))] {
        place.write("cas", text);
        let said = place.logmask(&["policy", "check", "policy.yaml"], "").ends(2);
        assert!(said.stderr.contains("cas: ") && !said.stderr.contains("hunter2"), "{}", said.stderr);
        place.logmask(&view, LOG).ends(2);
    }
    std::fs::remove_file(place.path("cas")).unwrap();
    place.logmask(&["policy", "check", "policy.yaml"], "").ends(2);
}

#[test]
fn i13_a_proof_is_of_the_key_the_place_and_the_namespace() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    signed(&place, "ca", GOOD);
    let view = ["-c", "policy.yaml", "--view", "oncall", "--grant", "alice-cert.pub", "--proof-key", "file:alice"];
    place.logmask(&view, LOG).ends(0);
    let audit = place.read("audit");
    let lines: Vec<&str> = audit.lines().take(2).collect();
    let entry: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
    let word = |name: &str| entry[name].as_str().unwrap().to_owned();
    let text = format!("logmask-proof/v1\nbastion/shop\n2\n{}\n{}\n", word("prev"), word("session"));
    for (key, namespace, text, holds) in [
        ("alice", "grant@logmask", text.clone(), true),
        ("mallory", "grant@logmask", text.clone(), false),
        ("alice", "audit@logmask", text.clone(), false),
        ("alice", "grant@logmask", text.replace("\n2\n", "\n3\n"), false),
        ("alice", "grant@logmask", text.replace("shop", "bank"), false),
        ("alice", "grant@logmask", text.trim_end().to_owned(), false),
    ] {
        let sign = ["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", namespace];
        let proof = place.run(&sign, &text).ends(0).stdout;
        let mut changed = entry.clone();
        changed["proof"] = proof.into();
        place.write("audit", format!("{}\n{changed}\n", lines[0]));
        let said = place.logmask(&["audit", "verify", "audit"], "");
        assert_eq!(said.code, if holds { 0 } else { 4 }, "{key} {namespace}: {}", said.stderr);
        assert!(holds || said.stderr.contains("entry 2: has a proof that is not of its actor"), "{}", said.stderr);
    }
}

#[test]
fn what_is_revoked_is_revoked_to_ssh_keygen() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let view = ["-c", "policy.yaml", "--view", "oncall", "--grant", "alice-cert.pub", "--proof-key", "file:alice"];
    signed(&place, "ca", GOOD);
    for (serial, good) in [("7", false), ("8", true)] {
        place.write("revoked.txt", format!("{serial}\n"));
        place.write("spec", format!("serial: {serial}\n"));
        place.run(&["ssh-keygen", "-q", "-k", "-f", "list", "-s", "ca.pub", "spec"], "").ends(0);
        let theirs = place.run(&["ssh-keygen", "-Q", "-f", "list", "alice-cert.pub"], "").code == 0;
        let ours = place.logmask(&view, LOG);
        assert_eq!((ours.code == 0, theirs), (good, good), "{serial}: {}", ours.stderr);
    }
}

#[test]
fn a_pseudonym_is_what_openssl_makes_of_it() {
    if !installed(&[("openssl", "openssl"), ("base32", "coreutils")]) {
        return;
    }
    let place = Place::new();
    place.write("secret", "a test key of enough bytes\n");
    place.run(&["chmod", "600", "secret"], "").ends(0);
    for (kind, value) in [("email", "jo@corp.test"), ("ip", "8.8.8.8")] {
        let ours = place.logmask(&["--key", "file:secret"], &format!("{value}\n")).ends(0).stdout;
        let script = format!(
            "printf '{kind}\\0{value}' | openssl dgst -sha256 -hmac \"$(cat secret)\" -binary | base32 | tr A-Z a-z | head -c 10"
        );
        let theirs = place.run(&["bash", "-c", &script], "").ends(0).stdout;
        assert_eq!(ours, format!("REDACTED-{kind}-{theirs}\n"));
    }
}

#[test]
fn kinds_of_authorities_are_judged_or_named() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    for (kind, judged) in [("ecdsa", true), ("rsa", false)] {
        place.run(&["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", kind], "").ends(0);
        place.write("policy.yaml", POLICY.replace("[ca.pub]", &format!("[{kind}.pub]")));
        signed(&place, kind, GOOD);
        let said = place.logmask(&["grant", "show", "alice-cert.pub", "-c", "policy.yaml"], "");
        assert_eq!(said.code, if judged { 0 } else { 3 }, "{kind}: {}", said.stdout);
        assert!(judged || said.stdout.contains("kind of key that is not judged here: ed25519"), "{}", said.stdout);
    }
    // What never ends is no certificate.
    let view = ["-c", "policy.yaml", "--view", "oncall", "--grant", "/dev/zero", "--proof-key", "file:alice"];
    assert_eq!(place.logmask(&view, LOG).ends(3).stdout, "");
}

#[test]
fn what_is_missing_beside_a_grant_is_named() {
    let place = place();
    for (words, what) in [
        (&["-c", "policy.yaml", "--grant", "x"][..], "--view is missing"),
        (&["-c", "policy.yaml", "--proof-key", "file:alice"], "--grant is missing"),
    ] {
        let said = place.logmask(words, LOG).ends(2);
        assert!(said.stderr.contains(what), "{}", said.stderr);
    }
    let said = place.logmask(&["-c", "policy.yaml", "--view", "oncall", "--grant", "x"], LOG).ends(3);
    assert!(said.stderr.contains("--proof-key is missing"), "{}", said.stderr);
}

#[test]
fn the_signing_key_of_a_policy_is_beside_it() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    std::fs::create_dir(place.path("etc")).unwrap();
    for name in ["ca.pub", "revoked.txt"] {
        std::fs::copy(place.path(name), place.path("etc").join(name)).unwrap();
    }
    place.key("etc/akey");
    signed(&place, "ca", GOOD);
    place.write("signers", format!("a {}", place.read("etc/akey.pub")));
    for spec in ["file:akey", "./akey"] {
        let origin = format!("origin: bastion/shop, sign_with: \"{spec}\"");
        place.write("etc/policy.yaml", POLICY.replace("origin: bastion/shop", &origin));
        let view =
            ["-c", "etc/policy.yaml", "--view", "oncall", "--grant", "alice-cert.pub", "--proof-key", "file:alice"];
        place.logmask(&view, LOG).ends(0);
        place.logmask(&["audit", "verify", "etc/audit", "--signers", "signers"], "").ends(0);
    }
}
