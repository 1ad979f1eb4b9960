//! `logmask explain`: why something is masked, and why something is not. Never the value.

use crate::canary::Canary;
use crate::run::logmask;

#[test]
fn the_layer_and_the_path_of_a_value_are_named() {
    for (line, said) in [
        (r#"{"user":{"email":"jo@acme.io"}}"#, "pii.email json user.email "),
        (r#"{"msg":"{\"password\":\"magpie\"}"}"#, "secret.password json/json-string msg.password "),
        ("GET /?x=1&api_key=k-88312 HTTP", "secret.key query api_key "),
        ("password=magpie", "secret.password key=value password "),
        ("[pod/web-1/app] password=magpie", "secret.password envelope/key=value password "),
        ("from jo@acme.io", "pii.email text - "),
        (r#"{"m":"to jo\u0040acme.io"}"#, "pii.email json/decoded - "),
    ] {
        logmask().arg("explain").pipe(format!("{line}\n")).exits(0).contains(said);
    }
}

#[test]
fn what_lines_before_say_of_a_line_is_told() {
    let record = "db:\n  password: |\n    magpie\n  n: 1\n-----BEGIN PRIVATE KEY-----\nbWFncGllbWFncGllbWFncGll\n-----END PRIVATE KEY-----\n\
        INSERT INTO u (id, password)\nVALUES (1, 'quartz')\nENV\n- name: DB_PASSWORD\n  value: wren\nend\n";
    let outcome = logmask().arg("explain").pipe(record);
    outcome.exits(0);
    let text = String::from_utf8(outcome.stdout.clone()).unwrap();
    for told in ["3:5-10 password ", "6:1-24 private-key ", "9:13-18 password ", "12:10-13 password "] {
        let line = text.lines().find(|line| line.starts_with(told)).unwrap_or_else(|| panic!("{told}:\n{text}"));
        assert!(line.ends_with(" lines - said by a line before -> redact"), "{line}");
    }
    assert_eq!(text.lines().count(), 4, "{text}");
    for value in ["magpie", "bWFncGll", "quartz", "wren"] {
        assert!(!text.contains(value), "{text}");
    }
}

#[test]
fn what_came_near_is_told_with_what_it_failed_on() {
    for (line, rule, why) in [
        ("id 4111 1111 1111 1112 x", "card", "the check digit (Luhn) does not hold"),
        ("n 9999 9999 9999 9995 x", "card", "no issuer has numbers of this beginning and length"),
        ("to DE89 3704 0044 0532 0130 01 x", "iban", "check digits (mod 97) do not hold"),
        ("token_count=17", "token", "names token, but the key has more words"),
        ("password=${DB_PASSWORD}", "password", "empty, a placeholder"),
        ("from 10.0.0.7 to x", "ipv4", "private, loopback"),
        ("xAKIAIOSFODNN7EXAMPLE", "aws-access-key-id", "matches but for its boundary"),
        ("AKIAIOSFODNN7EXAMPL", "aws-access-key-id", "begins with AKIA, but the 19 characters do not have the form"),
    ] {
        let outcome = logmask().args(["explain", "--why-not"]).pipe(format!("{line}\n"));
        outcome.exits(0);
        let text = String::from_utf8(outcome.stdout.clone()).unwrap();
        let told = text
            .lines()
            .any(|told| told.contains(&format!(" not {rule} ")) && told.contains(why) && told.ends_with("-> stays"));
        assert!(told, "{line}: {rule}, {why}:\n{text}");
    }
    // Without the flag, and where it is masked anyway, nothing is said.
    logmask().arg("explain").pipe("id 4111 1111 1111 1112 x\n").exits(0).prints("");
    logmask().args(["explain", "--why-not"]).pipe("password=magpie\n").exits(0).lacks(" not ");
}

#[test]
fn conditions_of_own_rules_that_fail_are_told_by_name() {
    let policy = "version: 1
rules:
  - {id: order, class: secret.x, pattern: '\\bord_[0-9]{12}\\b', validate: [luhn]}
  - {id: cart, class: secret.x, pattern: '\\bcart_[a-z]{8}\\b', near: [shop]}
  - {id: item, class: secret.x, pattern: '\\bitem_[a-z]{8}\\b', allow: ['item_abc*']}
  - {id: ship, class: secret.x, pattern: '[a-z]{4}-[0-9]{4}', keywords: [parcel]}
";
    for (line, rule, why) in [
        ("ord_123456789012", "order", "luhn does not hold"),
        ("cart_abcdefgh", "cart", "none of the words it asks for is near"),
        ("item_abcdefgh", "item", "the value is allowed"),
        ("ship abcd-1234", "ship", "none of its keywords stands in the line"),
    ] {
        let outcome = logmask()
            .file("p.yaml", policy)
            .args(["explain", "--why-not", "-c", "p.yaml", "--rule", rule])
            .pipe(format!("{line}\n"));
        outcome.exits(0).contains(&format!(" not {rule} ")).contains(why);
    }
}

#[test]
fn a_rule_that_is_not_in_force_is_told_with_who_says_so() {
    let why = |args: &[&str], line: &str| {
        let run = logmask().file("off.yaml", "version: 1\ndisable: [mac]\n").args(["explain", "--why-not"]).args(args);
        run.pipe(format!("{line}\n"))
    };
    let mac = "at 3c:22:fb:01:02:03 x";
    why(&[], mac).exits(0).contains("mac net.mac").lacks(" not mac ");
    why(&["-c", "off.yaml"], mac).exits(0).contains("1:4-20 not mac net.mac: is switched off by disable in off.yaml");
    why(&["-p", "secrets"], mac).exits(0).contains("not mac net.mac: is not in force; profile default has it -> stays");
    let user = "user_id=4711 done";
    let told = why(&[], user);
    told.exits(0).contains("is not in force; profile export has it -> stays");
    // The rule can be asked for by name; one that nobody has cannot.
    why(&["-c", "off.yaml", "--rule", "mac"], mac).exits(0).contains("not mac net.mac: is switched off");
    why(&["--rule", "mac-adress"], mac).exits(2).prints("");
    let named = logmask().file("off.yaml", "version: 1\ndisable: [mac]\n");
    named
        .args(["explain", "-c", "off.yaml", "--rule", "mac"])
        .pipe("x\n")
        .exits(2)
        .says("off.yaml: switches this rule off (disable)");
}

#[test]
fn a_record_that_takes_too_much_work_is_told() {
    let policy = "version: 1\nrules: [{id: slow, class: secret.x, pattern: '.*[^A-Z]|[A-Z]'}]\n";
    let line = "A".repeat(80_000);
    let outcome = logmask().file("p.yaml", policy).args(["explain", "-c", "p.yaml"]).pipe(format!("{line}\n"));
    outcome.exits(0).contains("1:1-80000 withheld: takes too much work");
}

#[test]
fn no_value_is_shown() {
    let canary = Canary::new("magpie-vol7-quartz");
    for line in [
        "password=magpie-vol7-quartz",
        r#"{"x":1,"msg":"password=magpie-vol7-quartz and so on"}"#,
        r#"{"m":"{\"x\":1,\"msg\":\"password=magpie-vol7-quartz and so on\"}"}"#,
        r#"{"magpie":1,"msg":"password: magpie-vol7-quartz","password":["magpie-vol7-quartz"]}"#,
        "token_count=magpie-vol7-quartz",
        "AKIA magpie-vol7-quartz",
        "sk-magpie-vol7-quartz",
    ] {
        logmask().args(["explain", "--why-not"]).pipe(format!("{line}\n")).exits(0).hides(&canary);
    }
}

#[test]
fn what_everybody_may_see_is_told_as_observed() {
    let policy = "version: 1\nroles: {all: {show: [pii.email]}}\naccess: {base: all}\n";
    let run = logmask().file("p.yaml", policy).args(["explain", "-c", "p.yaml"]).pipe("jo@acme.io 8.8.8.8\n");
    run.exits(0)
        .contains("1:1-10 email pii.email text - shape email -> observe\n")
        .contains("net.ip text - shape ipv4 -> pseudonym");
}
