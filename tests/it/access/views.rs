//! What is part of a view beside classes: stack traces and which records; and that roles form a ladder.

use super::grants::{self, REASON, signed};
use super::{Place, SSH, installed};
use std::fmt::Write;

const ROLES: &str = "version: 1
roles:
  viewer: { select: { since: 1h, level: warn } }
  support: { extends: viewer, show: [net.ip], select: { since: 24h, level: info, where: ['tenant=acme'] } }
  oncall: { extends: support, show: [pii.email, stacktrace], select: { level: info } }
  lead: { extends: oncall }
  security: { extends: lead, show: ['secret.*'], select: {} }
access:
  base: viewer
  grant_cas: [ca.pub]
  audit: { file: audit }
";

fn seen(place: &Place, role: &str, more: &[&str], log: &str) -> String {
    let key = ["--grant", "alice-cert.pub", "--proof-key", "file:alice", "-c", "policy.yaml", "--view", role];
    place.logmask(&[&key[..], more].concat(), log).ends(0).stdout
}

/// So many minutes ago.
fn ago(minutes: i64) -> String {
    let now = jiff::Timestamp::now().as_second();
    jiff::Timestamp::from_second(now - 60 * minutes).unwrap().to_string()
}

fn place(policy: &str) -> Place {
    let place = grants::place();
    place.write("policy.yaml", policy);
    signed(&place, "ca", &["-n", "logmask:security", "-V", "-1m:+1h", "-O", "clear", "-O", REASON]);
    place
}

#[test]
fn a_role_sees_the_records_it_may_and_the_selection_only_narrows_them() {
    if !installed(SSH) {
        return;
    }
    // Who sees more sees more records, too: support sees fewer tenants than viewer would be an error, so viewer has the same.
    let policy = ROLES.replace("since: 1h, level: warn }", "since: 1h, level: warn, where: ['tenant=acme'] }");
    let place = place(&policy);
    let line = |minutes, level: &str, rest: &str| format!("{} {level} {rest}\n", ago(minutes));
    let log = [
        line(5, "ERROR", "tenant=acme n=1 jo@corp.test 8.8.8.8"),
        line(5, "INFO", "tenant=acme n=2"),
        line(120, "ERROR", "tenant=acme n=3"),
        line(3000, "ERROR", "tenant=acme n=4"),
        line(5, "ERROR", "tenant=other n=5"),
        line(5, "DEBUG", "tenant=acme n=6"),
        "no time, no level, tenant=acme n=7\n".to_owned(),
    ]
    .concat();
    let numbers = |text: &str| -> String {
        text.lines().filter_map(|line| line.split("n=").nth(1)).map(|rest| &rest[..1]).collect()
    };
    let mut before = String::new();
    for (role, expected) in
        [("viewer", "1"), ("support", "123"), ("oncall", "12345"), ("lead", "12345"), ("security", "1234567")]
    {
        let said = seen(&place, role, &[], &log);
        assert_eq!(numbers(&said), expected, "{role}: {said}");
        assert!(before.chars().all(|number| expected.contains(number)));
        // Options narrow, and the lines around a selected one are no way out.
        for more in [
            &["--level", "debug"][..],
            &["--since", "90d"],
            &["--match", "n=", "--context", "9"],
            &["--where", "tenant=*"],
        ] {
            let said = numbers(&seen(&place, role, more, &log));
            assert!(said.chars().all(|number| expected.contains(number)), "{role} {more:?}: {said}");
        }
        assert_eq!(numbers(&seen(&place, role, &["--match", "n=1"], &log)), "1");
        assert_eq!(seen(&place, role, &["--keep-lines"], &log).lines().count(), 7);
        before = expected.to_owned();
    }
    // Without a grant it is the same as the base view.
    assert_eq!(numbers(&place.logmask(&["-c", "policy.yaml"], &log).ends(0).stdout), "1");
    assert_eq!(
        numbers(&place.logmask(&["-c", "policy.yaml", "-j4"], &log.repeat(2000)).ends(0).stdout),
        "1".repeat(2000)
    );
    place.write("a.log", &log);
    place.logmask(&["-c", "policy.yaml", "--in-place", "a.log"], "").ends(2);
    assert_eq!(place.read("a.log"), log);
    let ends = place.read("audit");
    assert!(ends.contains(r#""shown":{"net.ip":1,"pii.email":1}"#) && !ends.contains("8.8.8.8"), "{ends}");
}

#[test]
fn full_stack_traces_are_part_of_a_view() {
    if !installed(SSH) {
        return;
    }
    let place = place(&grants::POLICY.replace("[pii.email]", "[pii.email, stacktrace]"));
    let frames = "\tat shop.Cart.total(Cart.java:7)\n".repeat(9);
    let log = format!("ERROR x\njava.lang.IllegalStateException: no\n{frames}");
    for (role, count) in [("viewer", 3), ("support", 3), ("oncall", 9), ("security", 9)] {
        let said = seen(&place, role, &[], &log);
        assert_eq!(said.matches("Cart.java").count(), count, "{role}: {said}");
        // Nobody asks for more than the role has.
        assert_eq!(seen(&place, role, &["--stack", "keep"], &log).matches("Cart.java").count(), count, "{role}");
        assert_eq!(seen(&place, role, &["--stack", "drop"], &log).matches("Cart.java").count(), 0, "{role}");
    }
}

#[test]
fn a_ladder_that_goes_down_is_an_error_with_its_place() {
    let place = Place::new();
    place.write("ca.pub", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti\n");
    let check = |from: &str, to: &str| {
        assert!(ROLES.contains(from), "{from}");
        // The tenant of the test above is an error by itself.
        let policy = ROLES.replace(", where: ['tenant=acme'] }", " }");
        place.write("policy.yaml", policy.replace(from, to));
        place.logmask(&["policy", "check", "policy.yaml"], "")
    };
    check("version: 1", "version: 1").ends(0);
    place.write("policy.yaml", ROLES);
    let said = place.logmask(&["policy", "check", "policy.yaml"], "").ends(2).stderr;
    assert!(said.contains("policy.yaml:4:") && said.contains("fewer records"), "{said}");
    for (from, to, line, fact) in [
        ("select: {} }", "select: { since: 1h } }", 7, "fewer records"),
        ("select: { level: info } }", "select: { level: error } }", 5, "fewer records"),
        ("select: {} }", "select: { where: ['a=b'] } }", 7, "fewer records"),
        ("lead: { extends: oncall }", "lead: { select: { since: 1m } }", 6, "less than everybody sees"),
        ("since: 1h,", "since: soon,", 3, "not a time span"),
        ("level: warn", "level: loud", 3, "unknown word \"loud\""),
        ("since: 1h,", "sinse: 1h,", 3, "unknown key \"sinse\""),
        ("select: {} }", "select: { where: [x] } }", 7, "what its value is like"),
        ("show: [net.ip]", "show: [net]", 4, "no rule has a class"),
        ("pii.email,", "pii.emial,", 5, "no rule has a class"),
        ("extends: oncall", "extends: onclal", 6, "extends an unknown role"),
    ] {
        let said = check(from, to).ends(2).stderr;
        assert!(said.contains(&format!("policy.yaml:{line}:")) && said.contains(fact), "{to}: {said}");
        // Nothing is masked by such a policy, either.
        assert_eq!(place.logmask(&["-c", "policy.yaml"], "password=magpie\n").ends(2).stdout, "");
    }
    assert!(check("show: [net.ip]", "show: [net]").stderr.contains("did you mean \"net.*\"?"));
    assert!(check("pii.email,", "pii.emial,").stderr.contains("did you mean \"pii.email\"?"));
    assert!(check("'secret.*'", "secret").stderr.contains("did you mean \"secret.*\"?"));
    check("'secret.*'", "'secret.*', health.record").ends(2);
    // Of a pack that is not in force: said, and no error.
    let said = check("show: [net.ip]", "show: [net.ip, pii.user]").ends(0);
    assert!(
        said.stderr.contains("policy.yaml:4: role support: no rule in force has the class pii.user"),
        "{}",
        said.stderr
    );
    // Base views that show what the floor hides.
    let said = check("viewer: {", "viewer: { show: ['secret.*'],").ends(0).stderr;
    assert!(said.contains("policy.yaml:3: role viewer: everybody sees"), "{said}");
    place.logmask(&["policy", "check", "--strict", "policy.yaml"], "").ends(1);
    let said = place.logmask(&["-c", "policy.yaml", "--view", "viewer"], "x\n").ends(0).stderr;
    assert!(said.contains("warning: everybody sees without a grant"), "{said}");
}

#[test]
fn roles_beside_each_other_see_what_is_theirs_and_no_more() {
    if !installed(SSH) {
        return;
    }
    let policy = "version: 1
roles:
  viewer: {}
  mail: { extends: viewer, show: [pii.email] }
  vault: { extends: viewer, show: ['secret.*'] }
access:
  base: viewer
  grant_cas: [ca.pub]
  audit: { file: audit }
";
    let place = place(policy);
    signed(&place, "ca", &["-n", "logmask:mail,logmask:vault", "-V", "-1m:+1h", "-O", "clear", "-O", REASON]);
    // One value within the other, in either order.
    let log = "{\"password\":{\"email\":\"jo@corp.test\",\"x\":\"magpie\"}}\n";
    let of = |role: &str| seen(&place, role, &["--key", "file:alice"], log);
    let base = place.logmask(&["-c", "policy.yaml", "--key", "file:alice"], log).ends(0).stdout;
    assert!(!base.contains("jo@corp") && !base.contains("magpie"), "{base}");
    // Whoever sees secrets and not addresses does not see an address for its standing in a secret.
    assert!(of("vault").contains("magpie") && !of("vault").contains("jo@corp"), "{}", of("vault"));
    assert!(!of("mail").contains("magpie") && !of("mail").contains("jo@corp"), "{}", of("mail"));
}

#[test]
fn roles_that_look_like_a_ladder_and_are_none_are_told() {
    let place = Place::new();
    let check = |roles: &str| {
        place.write("policy.yaml", format!("version: 1\nroles:\n  viewer: {{}}\n{roles}access: {{ base: viewer }}\n"));
        place.logmask(&["policy", "check", "policy.yaml"], "").ends(0).stderr
    };
    let said =
        check("  a: { extends: viewer, show: [net.ip] }\n  b: { extends: viewer, show: ['net.*', pii.email] }\n");
    assert!(said.contains("policy.yaml:5: role b: sees all that role a sees, and does not extend it"), "{said}");
    place.write(
        "policy.yaml",
        "version: 1
roles:
  viewer: { select: { since: 1h } }
  a: { extends: viewer, show: [net.ip], select: { since: 9h } }
  b: { extends: viewer, show: [net.ip, pii.email], select: { since: 2h } }
access: { base: viewer }
",
    );
    let said = place.logmask(&["policy", "check", "policy.yaml"], "").ends(0).stderr;
    assert!(said.contains("role b: shows all classes that role a shows, but fewer records (select: since)"), "{said}");
    // Neither above the other: two teams.
    let said = check("  a: { extends: viewer, show: [net.ip] }\n  b: { extends: viewer, show: [pii.email] }\n");
    assert!(!said.contains("role"), "{said}");
}

/// What is left of a line between its markers, without the quotes that a marker may have got.
fn left(line: &str) -> Vec<String> {
    let marker = regex::Regex::new("REDACTED-[A-Za-z0-9_.-]+").unwrap();
    let trim = |part: &str| part.trim_matches(['"', '\'', '\\', '`']).to_owned();
    marker.split(line).map(trim).filter(|part| !part.is_empty()).collect()
}

/// Whether all that `below` has stands in `above`, whole and in order.
fn has_all(above: &[String], below: &[String]) -> bool {
    let (mut at, mut from) = (0, 0);
    below.iter().all(|part| {
        while let Some(text) = above.get(at) {
            if let Some(found) = text[from..].find(part.as_str()) {
                from += found + part.len();
                return true;
            }
            (at, from) = (at + 1, 0);
        }
        false
    })
}

#[test]
fn who_sees_more_sees_at_least_what_others_see() {
    assert!(has_all(&left("a=\"b\" c REDACTED-x d"), &left("a=\"REDACTED-y\" c REDACTED-x d")));
    assert!(!has_all(&left("a REDACTED-x d"), &left("a b REDACTED-x")));
    if !installed(SSH) {
        return;
    }
    let place = grants::place();
    let mut corpus = String::new();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/samples")).unwrap() {
        corpus += &String::from_utf8_lossy(&std::fs::read(entry.unwrap().path()).unwrap());
    }
    let rules = place.logmask(&["rules", "-p", "export"], "").ends(0).stdout;
    let classes: std::collections::BTreeSet<&str> =
        rules.lines().filter_map(|rule| rule.split_whitespace().nth(1)).filter(|class| class.contains('.')).collect();
    // Each ladder shows the classes in another order, and everybody may climb it.
    for ladder in 0..3 {
        let mut policy = "version: 1\nroles:\n".to_owned();
        for step in 0..4 {
            let below = if step > 0 { format!("extends: r{}, ", step - 1) } else { String::new() };
            let own = classes.iter().enumerate().filter(|(at, _)| (at + at / 4 * ladder) % 4 == step);
            let own: Vec<&str> = own.map(|(_, class)| *class).collect();
            writeln!(policy, "  r{step}: {{ {below}show: ['{}'] }}", own.join("', '")).unwrap();
        }
        place.write("ladder.yaml", policy + "access: { base: r3 }\n");
        let mut below: Vec<Vec<String>> = Vec::new();
        for step in 0..4 {
            let role = format!("r{step}");
            let words = ["-c", "ladder.yaml", "-p", "export", "--keep-lines", "--key", "file:ca", "--view", &role];
            let seen = place.logmask(&words, &corpus).ends(0).stdout;
            let seen: Vec<Vec<String>> = seen.lines().map(left).collect();
            for (line, (above, below)) in seen.iter().zip(&below).enumerate() {
                assert!(has_all(above, below), "{role}: line {}: {above:?} {below:?}", line + 1);
            }
            below = seen;
        }
    }
}
