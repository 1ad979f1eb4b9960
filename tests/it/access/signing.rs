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
