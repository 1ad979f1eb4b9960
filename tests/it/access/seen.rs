//! What is seen, and by whom: with `select`, with fewer classes, with a token that somebody changed, and by what we start.

use super::grants::{GOOD, POLICY, REASON, signed};
use super::seal::{AGE, identity, place as sealing, reveal, rings, sealed, token};
use super::{Place, SSH, installed};

#[test]
fn reveal_shows_only_the_records_that_a_role_may_see() {
    if !installed(AGE) || !installed(SSH) {
        return;
    }
    let place = sealing();
    place.key("ca");
    place.key("alice");
    let policy = place.read("policy.yaml");
    let policy = policy
        .replace("show: [pii.email, net.ip] }", "show: [pii.email, net.ip], select: { where: ['tenant=acme'] } }");
    let policy = policy.replace("show: [] }", "show: [], select: { where: ['tenant=acme'] } }");
    place.write("policy.yaml", policy + "  grant_cas: [ca.pub]\n  audit: { file: audit, origin: shop }\n");
    let log = "tenant=acme user=jo@corp.test\n  goes on with it\ntenant=other user=jim@corp.test\n  and that too\n\
        none user=joe@corp.test\ntenant=acme last=jo@corp.test\n";
    // Who seals is asked for no grant, so everything is sealed here by a policy without limits.
    place.write("all.yaml", place.read("policy.yaml").replace(", select: { where: ['tenant=acme'] }", ""));
    let out = place.logmask(&["-c", "all.yaml", "--keyring", "rings", "--seal", "*"], log).ends(0).stdout;
    let words =
        ["grant", "--ca", "file:ca", "--key", "alice.pub", "--who", "alice", "--reason", "INC-7", "--role", "oncall"];
    place.write("alice-cert.pub", place.logmask(&words, "").ends(0).stdout);
    let words = ["reveal", "-c", "policy.yaml", "--keyring", "rings", "--identity", "file:oncall.key"];
    let words = [&words[..], &["--grant", "alice-cert.pub", "--proof-key", "file:alice"]].concat();
    let view = ["-c", "policy.yaml", "--view", "oncall", "--grant", "alice-cert.pub", "--proof-key", "file:alice"];
    let shown = place.logmask(&words, &out).ends(0).stdout;
    assert_eq!(shown, place.logmask(&view, log).ends(0).stdout);
    assert!(shown.contains("jo@corp.test\n  goes on with it\n") && !shown.contains("jim@") && !shown.contains("joe@"));
}

#[test]
fn a_token_that_was_changed_is_told() {
    if !installed(AGE) {
        return;
    }
    let place = sealing();
    let out = sealed(&place, &["*"], "jo@corp.test\n");
    let token = token(&out, "pii.email").to_owned();
    let frame: Vec<usize> = token.match_indices('~').map(|(at, _)| at).collect();
    let mut texts = vec!["lm1~class~run~short~".to_owned(), "a=lm1~pii.email~r7q2zk~~".replace("~~", "~x~")];
    for at in (4..token.len()).filter(|at| !frame.contains(at)) {
        for byte in ["!", "=", " ", "A", "~"] {
            let mut changed = token.clone();
            changed.replace_range(at..=at, byte);
            if changed != token && !changed.contains("~~") {
                texts.push(changed);
            }
        }
    }
    // One after another in a line: each counts once.
    let all = texts.join("\n") + "\n";
    let said = reveal(&place, "security", &all).ends(4);
    assert_eq!(said.stdout, all);
    for text in texts.iter().step_by(7) {
        let said = reveal(&place, "security", &format!("x {text} y\n")).ends(4);
        assert_eq!(said.stdout, format!("x {text} y\n"));
    }
    for text in
        ["lm1~", "a lm1~ b ~ c ~ d ~", "lm1~x~", "see lm1~<class>~<run>~<base64url>~ in the manual", "~lm1~~~~~"]
    {
        assert_eq!(reveal(&place, "security", &format!("{text}\n")).ends(0).stdout, format!("{text}\n"));
    }
}

#[test]
fn a_grant_for_some_classes_hides_nothing_that_everybody_sees() {
    if !installed(SSH) {
        return;
    }
    let place = super::grants::place();
    place.write("policy.yaml", POLICY.replace("base: viewer", "base: support"));
    let narrow = [GOOD, &["-O", "extension:classes@logmask=pii.email"]].concat();
    signed(&place, "ca", &narrow);
    let view = ["-c", "policy.yaml", "--view", "oncall", "--grant", "alice-cert.pub", "--proof-key", "file:alice"];
    let log = "password=magpie jo@corp.test 8.8.8.8\n";
    assert!(place.logmask(&["-c", "policy.yaml"], log).ends(0).stdout.contains(" 8.8.8.8\n"));
    assert_eq!(place.logmask(&view, log).ends(0).stdout, "password=REDACTED-password jo@corp.test 8.8.8.8\n");
    assert!(place.read("audit").contains("\"classes\":[\"pii.email\",\"net.ip\"]"));
}

#[test]
fn keys_in_the_environment_stay_with_us() {
    let place = Place::new();
    let key = "K=0123456789abcdef0123";
    let run = |more: &[&str], command: &[&str]| {
        let words = [&["env", key, "OTHER=stays", crate::run::EXE, "run"], more, &["--"], command].concat();
        place.run(&words, "").ends(0).stdout
    };
    for more in [&["--key", "env:K"][..], &["--key", "env:K", "--pty"]] {
        let said = run(more, &["sh", "-c", "echo k=${K-none} other=$OTHER"]);
        assert_eq!(said.trim_end(), "k=none other=stays", "{more:?}");
    }
    if installed(SSH) {
        let place = super::grants::place();
        place.write("policy.yaml", POLICY.replace("origin: bastion/shop", "origin: shop, sign_with: 'env:SIGN'"));
        signed(&place, "ca", &["-n", "logmask:oncall", "-V", "-1m:+1h", "-O", "clear", "-O", REASON]);
        let script = "SIGN=$(cat mallory); PROOF=$(cat alice); export SIGN PROOF; exec \"$@\"";
        let words = ["sh", "-c", script, "sh", crate::run::EXE, "run", "-c", "policy.yaml", "--view", "oncall"];
        let more = [
            "--grant",
            "alice-cert.pub",
            "--proof-key",
            "env:PROOF",
            "--",
            "sh",
            "-c",
            "echo ${SIGN+s} ${PROOF+p} end",
        ];
        assert_eq!(place.run(&[&words[..], &more].concat(), "").ends(0).stdout.trim(), "end");
    }
}

#[test]
fn a_key_ring_that_never_comes_is_not_waited_for() {
    if !installed(AGE) {
        return;
    }
    let place = sealing();
    let out = sealed(&place, &["*"], "jo@corp.test\n");
    let token = token(&out, "pii.email").to_owned();
    let forged = token.replace(token.split('~').nth(2).unwrap(), "aaaaaaaaaa");
    place.run(&["mkfifo", "rings/aaaaaaaaaa.security.age"], "").ends(0);
    let said = reveal(&place, "security", &format!("{forged} {token}\n")).ends(4);
    assert_eq!(said.stdout, format!("{forged} jo@corp.test\n"));
    assert!(said.stderr.contains("is no regular file"), "{}", said.stderr);
}

#[test]
fn a_key_ring_that_is_wrapped_anew_belongs_to_whom_it_did() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    if !installed(AGE) {
        return;
    }
    let place = sealing();
    sealed(&place, &["*"], "jo@corp.test\n");
    let new = identity(&place, "new");
    for name in rings(&place) {
        let path = place.path("rings").join(name);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        if rustix::process::geteuid().is_root() {
            chown(&path, Some(65534), Some(65533)).unwrap();
        }
    }
    let of = || {
        let found = rings(&place).into_iter().map(|name| place.path("rings").join(name).metadata().unwrap());
        found.map(|found| (found.uid(), found.gid(), found.mode())).collect::<Vec<_>>()
    };
    let before = of();
    let words = ["keyring", "rewrap", "--identity", "file:oncall.key", "--add", &new, "rings"];
    assert!(place.logmask(&words, "").ends(0).stderr.contains("1 key ring wrapped anew"));
    assert_eq!(of(), before);
}

#[test]
fn a_key_that_no_key_ring_is_wrapped_for_is_told() {
    if !installed(AGE) {
        return;
    }
    let place = sealing();
    sealed(&place, &["*"], "jo@corp.test\n");
    let nobody = identity(&place, "nobody");
    let words = ["keyring", "rewrap", "--identity", "file:security.key", "--drop", &nobody, "rings"];
    let said = place.logmask(&words, "").ends(3);
    assert!(said.stderr.contains("--drop: no key ring"), "{}", said.stderr);
}
