//! Whoever is refused is noted, whatever they come with.

use super::grants::{self, POLICY, REASON, signed};
use super::{Place, SSH, Said, installed};
use crate::run::EXE;
use serde_json::Value;

const LOG: &str = "password=magpie jo@corp.test 8.8.8.8\n";

fn last(place: &Place) -> Value {
    serde_json::from_str(place.read("audit").lines().last().unwrap()).unwrap()
}

fn view(place: &Place, role: &str) -> Said {
    let key = ["--grant", "alice-cert.pub", "--proof-key", "file:alice"];
    place.logmask(&[&["-c", "policy.yaml", "--view", role], &key[..]].concat(), LOG)
}

/// What sshd tells of a login with Alice's certificate.
fn told(place: &Place) -> String {
    let certificate = place.read("alice-cert.pub");
    let words: Vec<&str> = certificate.split(' ').take(2).collect();
    place.write("told", format!("publickey {}\n", words.join(" ")));
    format!("SSH_USER_AUTH={}", place.path("told").display())
}

#[test]
fn nothing_in_a_certificate_keeps_a_refusal_from_being_noted() {
    if !installed(SSH) {
        return;
    }
    let place = grants::place();
    let options = |principals: &str, more: &str| {
        let all = ["-n", principals, "-V", "-1m:+1h", "-O", "clear", "-O", REASON].map(str::to_owned);
        let classes = Some(more).filter(|more| !more.is_empty()).map(|more| ["-O".to_owned(), more.to_owned()]);
        all.into_iter().chain(classes.into_iter().flatten()).collect::<Vec<_>>()
    };
    let long = "é".repeat(30_000);
    let principals: Vec<String> = (0..250).map(|n| format!("logmask:{}{n}", "a".repeat(400))).collect();
    let classes: Vec<String> = (0..3000).map(|n| format!("secret.no-such-class-{n}")).collect();
    let classes = format!("extension:classes@logmask={}", classes.join(","));
    for (who, options, asks) in [
        (long.as_str(), options("logmask:oncall", ""), "its key id"),
        ("alice@corp", options(&principals.join(","), ""), "no principal"),
        ("alice@corp", options("logmask:security", &classes), "too many"),
    ] {
        for (ca, fact) in [("ca", asks), ("mallory", "authority")] {
            let sign = ["ssh-keygen", "-q", "-s", ca, "-I", who];
            let options: Vec<&str> = options.iter().map(String::as_str).collect();
            place.run(&[&sign[..], &options, &["alice.pub"]].concat(), "").ends(0);
            let role = if fact == "too many" { "security" } else { "oncall" };
            let said = view(&place, role).ends(3);
            assert!(said.stdout.is_empty() && said.stderr.contains(fact), "{}", said.stderr);
            let entry = last(&place);
            assert!(entry["event"] == "denied" && entry["outcome"].as_str().unwrap().contains(fact), "{entry}");
            let id = entry["claimed"]["id"].as_str().unwrap();
            assert!(id == who || id.ends_with('…') && who.starts_with(id.trim_end_matches('…')), "{id}");
            assert!(entry["grant"]["roles"][0].as_str().unwrap().starts_with("logmask:"), "{entry}");
        }
    }
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
}

#[test]
fn nothing_that_is_asked_for_keeps_a_refusal_from_being_noted() {
    if !installed(SSH) {
        return;
    }
    let place = grants::place();
    signed(&place, "ca", grants::GOOD);
    let asked = "\u{1b}é\n".repeat(30_000);
    let words = ["env", &told(&place), &format!("SSH_ORIGINAL_COMMAND={asked}"), EXE, "broker", "-c", "policy.yaml"];
    place.run(&words, "").ends(3);
    let entry = last(&place);
    let source = entry["source"][0].as_str().unwrap();
    assert!(entry["event"] == "denied" && source.ends_with('…') && asked.starts_with(source.trim_end_matches('…')));
    // From where they say they come.
    let from = format!("SSH_CONNECTION={} 1 2 3", "x".repeat(100_000));
    place.run(&["env", &from, EXE, "-c", "policy.yaml", "--view", "oncall"], LOG).ends(3);
    assert!(last(&place)["actor"]["from"].as_str().unwrap().ends_with('…'));
}

#[test]
fn a_clock_that_went_back_gives_no_list_and_no_grant() {
    if !installed(SSH) || !installed(&[("faketime", "faketime")]) {
        return;
    }
    let place = grants::place();
    place.write("policy.yaml", format!("{POLICY}  sources: {{ app: [echo, a] }}\n"));
    signed(&place, "ca", &["-n", "logmask:oncall", "-V", "-3h:+1h", "-O", "clear", "-O", REASON]);
    let told = told(&place);
    let list = ["env", &told, "faketime", "-f", "+0", EXE, "broker", "-c", "policy.yaml"];
    assert_eq!(place.run(&list, "").ends(0).stdout, "app\n");
    let grant = ["faketime", "-f", "+0", EXE, "grant", "-c", "policy.yaml", "--ca", "file:ca", "--key", "alice.pub"];
    let wish = ["--who", "alice@corp", "--role", "oncall", "--reason", "INC-1"];
    let grant = [&grant[..], &wish].concat();
    place.run(&grant, "").ends(0);
    for (what, words) in [("list", &list[..]), ("grant", &grant)] {
        let back: Vec<&str> = words.iter().map(|word| if *word == "+0" { "-2h" } else { word }).collect();
        let said = place.run(&back, "").ends(3);
        assert!(said.stdout.is_empty() && said.stderr.contains("clock went back"), "{}", said.stderr);
        let entry = last(&place);
        assert_eq!(entry["event"], "denied", "{entry}");
        assert!(entry["outcome"].as_str().unwrap().starts_with(&format!("{what}: clock went back")), "{entry}");
        assert!(entry["grant"]["serial"].is_number(), "{entry}");
    }
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
}
