//! What is said of a policy that does not load.

use super::*;
use std::time::{Duration, Instant};

#[track_caller]
fn fails(text: &str, message: &str, hint: &str) {
    let (said, hinted) = Folder::with(&[("p", text)]).error(&["p"], false);
    assert_eq!((said.as_str(), hinted.as_deref().unwrap_or("")), (message, hint));
}

const WAYS: &str = "a rule has one of pattern, fields and shape";
const START: &str = "a policy begins with the line: version: 1";
const LIST: &str = "a list is written [a, b], or one item a line after \"- \"";
const RULE_KEYS: &str = "allowed here: id, label, class, doc, source, basis, says, risk, keywords, pattern, fields, shape, not, value, validate, near, allow, action, mode, examples and unchanged";

#[test]
fn wrong_keys_and_names_say_what_is_meant() {
    let table = [
        (rule("patern: x"), "p:5:5: unknown key \"patern\"", format!("did you mean \"pattern\"? {RULE_KEYS}")),
        ("version: 1\nrule: []\n".into(), "p:2:1: unknown key \"rule\"", "did you mean \"rules\"? allowed here: version, extends, rules, disable, allow, actions, stack, propagate, roles and access".into()),
        ("version: 1\nPass word: x\n".into(), "p:2:1: unknown key", "allowed here: version, extends, rules, disable, allow, actions, stack, propagate, roles and access".into()),
        (rule("fields: [x]\naction: redcat"), "p:6:13: unknown action \"redcat\"", "did you mean \"redact\"? allowed here: redact, partial, pseudonym, surrogate, generalise, seal, drop-field, drop-line and keep".into()),
        (rule("fields: [x]\naction: {blur: 1}"), "p:6:14: unknown action \"blur\"", "allowed here: redact, partial, pseudonym, surrogate, generalise, seal, drop-field, drop-line and keep".into()),
        (rule("fields: [x]\naction: {seal: 1}"), "p:6:13: this action takes no settings", String::new()),
        (rule("fields: [x]\naction: {generalise: {date: day}}"), "p:6:33: unknown word \"day\"", "allowed here: month and year".into()),
        (rule("fields: [x]\naction: {generalise: {date: month, digits: 1}}"), "p:6:13: generalise takes one of network, date, digits and number", String::new()),
        (rule("fields: [x]\naction: {redact: 1}"), "p:6:13: this action takes no settings", String::new()),
        (rule("fields: [x]\naction: {}"), "p:6:13: expected an action: its name, or a mapping with its name as the only key", String::new()),
        (rule("fields: [x]\naction: {partial: {frist: 1}}"), "p:6:24: unknown key \"frist\"", "did you mean \"first\"? allowed here: first and last".into()),
        (rule("fields: [x]\naction: {partial: {first: -1}}"), "p:6:31: expected a whole number, found a number", String::new()),
        (rule("fields: [x]\naction: {keep: [], partial: {}}"), "p:6:13: a rule has one action", String::new()),
        (rule("shape: emial"), "p:5:12: unknown shape \"emial\"", "did you mean \"email\"? allowed here: email, ipv4, ipv6, mac, card, iban, ssn, phone, nanp, jwt, url-password, private-key, too-deep and kubernetes-secret".into()),
        (rule("shape: [email]"), "p:5:12: expected one word, found a list", String::new()),
        (rule("fields: [x]\nvalue: wrods"), "p:6:12: unknown kind of value \"wrods\"", "did you mean \"words\"? allowed here: word, words, credential and cookies".into()),
        (rule("fields: [x]\nvalidate: [lunh]"), "p:6:16: unknown validator \"lunh\"", "did you mean \"luhn\"? allowed here: luhn, card, iban, ssn, github-crc32, jwt, entropy, base58check, bech32, full-name, given-name, digit, at-sign and number".into()),
        (rule("fields: [x]\nvalidate: [number]"), "p:6:16: number needs its kind, as in: number: pl-pesel", String::new()),
        (rule("fields: [x]\nvalidate: [entropy]"), "p:6:16: entropy needs its bits a character, as in: entropy: 3.0", String::new()),
        (rule("fields: [x]\nvalidate: [entropy: 9]"), "p:6:16: entropy is over 0 and at most 8 bits a character", String::new()),
        (rule("fields: [x]\nvalidate: [luhn: 9]"), "p:6:16: this validator takes no setting", String::new()),
        (rule("fields: [x]\nvalidate: luhn"), "p:6:15: expected a list, found a string", LIST.into()),
        (rule("fields: pin"), "p:5:13: expected a list, found a string", LIST.into()),
        (rule("fields: [12]"), "p:5:14: expected a string, found a number", "put it in quotes".into()),
        (rule("fields: [x]\nexamples: [{in: a}]"), "p:6:16: key \"out\" is missing here", String::new()),
        (rule("fields: [x]\nexamples: [[a, b]]"), "p:6:16: expected a mapping, found a list", String::new()),
        ("version: 1\nrules: [a]\n".into(), "p:2:9: expected a rule (a mapping), found a string", String::new()),
        ("version: 1\nrules:\n".into(), "p:2:7: expected a list, found nothing", LIST.into()),
        ("version: 1\nrules:\n  - id: a\n".into(), "p:3:5: key \"class\" is missing here", String::new()),
        (
            "version: 1\nroles: {a: {extends: b}, b: {extends: a}}\naccess: {base: a}\n".into(),
            "p:2:22: role \"a\": extends goes round in a circle",
            String::new(),
        ),
        (
            "version: 1\nroles: {a: {extends: b}}\naccess: {base: a}\n".into(),
            "p:2:22: role \"a\": extends an unknown role",
            String::new(),
        ),
        (
            "version: 1\nroles: {a: {}}\n".into(),
            "p:1:1: \"base\" does not name a role",
            "the role that everybody has without a grant".into(),
        ),
        ("only: {}\nversion: 1\n".into(), "p:1:1: key \"only\" is not built yet", String::new()),
    ];
    for (text, message, hint) in table {
        fails(&text, message, &hint);
    }
}

#[test]
fn rules_that_cannot_work_are_refused_by_name() {
    let table = [
        (
            "version: 1\nrules:\n  - {id: Order, class: a.b, fields: [x]}\n".to_owned(),
            "p:3:10: id is not kebab-case",
            "lower-case letters and digits, joined by \"-\", such as order-token",
        ),
        (
            "version: 1\nrules:\n  - {id: a_b, class: a.b, fields: [x]}\n".to_owned(),
            "p:3:10: id is not kebab-case",
            "lower-case letters and digits, joined by \"-\", such as order-token",
        ),
        (
            "version: 1\nrules:\n  - {id: ab, class: Secret, fields: [x]}\n".to_owned(),
            "p:3:21: rule \"ab\": class is not dotted lower-case",
            "such as secret.token, pii.email or net.ip",
        ),
        (rule("doc: x"), "p:3:5: rule \"a-b\": nothing to find", WAYS),
        (rule("pattern: x\nshape: email"), "p:6:12: rule \"a-b\": more than one way to find", WAYS),
        (rule("pattern: x1\nnot: [x]"), "p:6:10: rule \"a-b\": \"not\" goes with \"fields\" only", ""),
        (rule("shape: email\nvalue: word"), "p:6:12: rule \"a-b\": \"value\" goes with \"fields\" only", ""),
        (rule("shape: email\nkeywords: [x]"), "p:6:15: rule \"a-b\": \"keywords\" goes with \"pattern\" only", ""),
        (rule("pattern: '(hunter2'"), "p:5:14: rule \"a-b\": pattern does not compile: unclosed group", ""),
        (
            rule("pattern: '\\p{Greek}'"),
            "p:5:14: rule \"a-b\": pattern does not compile: Unicode not allowed here",
            "patterns work on bytes, Unicode is off",
        ),
        (
            rule("pattern: 'a*'"),
            "p:5:14: rule \"a-b\": pattern matches the empty string",
            "it would be found at every byte",
        ),
        (
            rule("pattern: '^'"),
            "p:5:14: rule \"a-b\": pattern matches the empty string",
            "it would be found at every byte",
        ),
        (
            rule("pattern: 'abc|'"),
            "p:5:14: rule \"a-b\": pattern matches the empty string",
            "it would be found at every byte",
        ),
        (
            rule("pattern: ''"),
            "p:5:14: rule \"a-b\": pattern matches the empty string",
            "it would be found at every byte",
        ),
        (rule("pattern: '[a&&b]'"), "p:5:14: rule \"a-b\": pattern can never match", ""),
        (
            rule("pattern: '(?:[a-z]{1,900}x){1,900}'"),
            "p:5:14: rule \"a-b\": pattern is over its size limit of 1024 KiB",
            "use smaller repetitions",
        ),
        (
            rule("pattern: 'k=(?<secret>.*)'"),
            "p:5:14: rule \"a-b\": group \"secret\" matches the empty string",
            "use + instead of *",
        ),
        (
            rule("pattern: 'k=(?<secert>.+)'"),
            "p:5:14: rule \"a-b\": pattern has a named group other than \"secret\"",
            "unnamed groups are free: (?:...)",
        ),
        (
            rule("pattern: '(?<secret>a)(?<secret>b)'"),
            "p:5:14: rule \"a-b\": pattern does not compile: duplicate capture group name",
            "",
        ),
        (rule("fields: []"), "p:5:13: rule \"a-b\": no field is named", ""),
        (
            rule("fields: [a, 'b..c']"),
            "p:5:17: rule \"a-b\": not a field name",
            "a name, a glob (cust_*) or a path (request.headers.*, **.ssn)",
        ),
        (
            rule("fields: ['**']"),
            "p:5:14: rule \"a-b\": not a field name",
            "a name, a glob (cust_*) or a path (request.headers.*, **.ssn)",
        ),
        (rule("fields: [a]\nnear: [' ']"), "p:6:12: rule \"a-b\": empty word", ""),
        (rule("fields: [a]\nallow: ['**']"), "p:6:13: this allows every value", "to turn a rule off, use disable"),
        (
            "version: 1\nrules:\n  - {id: ab, class: secret.x, fields: [x], action: partial}\n".to_owned(),
            "p:3:52: rule \"ab\": \"partial\" would show a part of a secret",
            "class secret.* takes redact, pseudonym, seal, drop-field or drop-line",
        ),
        (
            format!("{}  - {{id: a-b, class: a.b, fields: [x]}}\n", rule("fields: [x]")),
            "p:6:10: id is taken by another rule of yours",
            "ids are unique over all files",
        ),
        (
            rule("fields: [x]\naction: {keep: [a-c]}"),
            "p:6:21: rule \"a-b\": unknown rule \"a-c\"",
            "did you mean \"a-b\"?",
        ),
        (
            format!("{}disable: [x, a-c]\n", rule("fields: [x]")),
            "p:6:11: unknown rule \"x\"",
            "all built-in ids are listed by: logmask rules",
        ),
        (format!("{}disable: [a-c]\n", rule("fields: [x]")), "p:6:11: unknown rule \"a-c\"", "did you mean \"a-b\"?"),
        (
            format!("{}allow: {{a-c: [x]}}\n", rule("fields: [x]")),
            "p:6:14: unknown rule \"a-c\"",
            "did you mean \"a-b\"?",
        ),
        ("version: 1\nallow: [a, '']\n".to_owned(), "p:2:12: empty value", ""),
    ];
    for (text, message, hint) in table {
        fails(&text, message, hint);
    }
}

#[test]
fn built_in_ids_are_taken() {
    let id = builtin::rules().next().unwrap();
    fails(
        &format!("version: 1\nrules:\n  - id: {id}\n    class: a.b\n    fields: [x]\n"),
        "p:3:9: id is taken by a built-in rule",
        "choose another; disable and allow change built-in rules",
    );
}

#[test]
fn files_that_are_no_policy_are_refused_without_their_content() {
    let log = "2026-03-02 login user=bob password=hunter2\n2026-03-02 logout\n";
    let json = "{\"user\":\"bob\",\"password\":\"hunter2\"}\n";
    let quotes = "quote strings that hold more than letters, digits, \"_\" and \"-\"";
    let colon = "quote strings that hold \": \"";
    let table = [
        (log, "p:1:1: not a policy: expected a mapping", START),
        (json, "p:1:1: not a policy: key \"version\" is missing", START),
        ("password: hunter2\n", "p:1:1: not a policy: key \"version\" is missing", START),
        ("password: hunter2\nhunter2: hunter2\nhunter2: x\n", "p:1:1: not a policy: key \"version\" is missing", START),
        ("10:00 level: info msg: hunter2\n", "p:1:22: not valid YAML: a colon where no key can stand", colon),
        ("[hunter2] hunter2: x\n  [", "p:1:11: not valid YAML", quotes),
        ("'hunter2", "p:1:9: not valid YAML", quotes),
        ("{\"a\":1}\n{\"b\":2}\n", "p:2:1: not valid YAML", quotes),
        ("version: 1\nrules:\n\t- hunter2\n", "p:3:1: not valid YAML: a tab where only spaces may stand", ""),
        ("", "p:1:1: the file is empty", START),
        ("# nothing\n", "p:2:1: the file is empty", START),
        ("version: 2\n", "p:1:10: version is not 1, the only one there is", START),
        ("version: hunter2\n", "p:1:10: version is not 1, the only one there is", START),
        ("version: 1\n---\nversion: 1\n", "p:2:1: a second document begins here", "a policy file holds one document"),
        ("version: 1\nversion: 1\n", "p:2:1: key \"version\" stands twice", ""),
        ("version: 1\nrules:\n  - id: a\n    id: b\n", "p:4:5: key \"id\" stands twice", ""),
        ("version: 1\n1: x\n", "p:2:1: a key must be a string", ""),
        ("version: 1\nrules: !hunter2 []\n", "p:2:8: YAML tags are not used in policies", ""),
        ("version: 1\nrules: *hunter2\n", "p:2:8: this alias has no anchor", ""),
        (
            "version: 1\n<<: {a: b}\n",
            "p:2:1: unknown key",
            "allowed here: version, extends, rules, disable, allow, actions, stack, propagate, roles and access",
        ),
        ("version: 1\nrules: \u{1}\n", "p:2:8: a control character is not allowed in YAML", ""),
    ];
    for (text, message, hint) in table {
        fails(text, message, hint);
    }
}

#[test]
fn no_message_shows_a_value() {
    // Every prefix and every deletion of a line of a policy whose words are all canaries.
    let text = "version: 1\nextends: [Hunter2]\nrules:\n  - id: Hunter2\n    class: Hunter2\n    doc: [Hunter2]\n    pattern: 'Hunter2('\n    action: Hunter2\n    near: Hunter2\n    examples: [{in: Hunter2}]\ndisable: [Hunter2]\nallow: {Hunter2: [Hunter2]}\nHunter2: x\n";
    let check = |text: &str| {
        let folder = Folder::with(&[("p", text)]);
        if let Err(error) = folder.load(&["p"], false) {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("unter2"), "{shown}");
        }
    };
    for end in 0..text.len() {
        check(&text[..end]);
    }
    let lines: Vec<&str> = text.lines().collect();
    for bits in 0..(1_u32 << (lines.len() - 1)) {
        if bits.count_ones() < 4 {
            let kept = lines.iter().enumerate().filter(|(i, _)| *i == 0 || bits >> (i - 1) & 1 == 1);
            check(&kept.map(|(_, line)| format!("{line}\n")).collect::<String>());
        }
    }
}

#[test]
fn unreadable_files_say_why() {
    let folder = Folder::with(&[("large", &"#".repeat(5 << 20))]);
    std::fs::create_dir(folder.path("dir")).unwrap();
    std::fs::write(folder.path("utf16"), b"\xff\xfev\0e\0r\0").unwrap();
    for (name, message, hint) in [
        ("none", "none: does not exist", None),
        ("dir", "dir: is a directory", Some("name the files in it one by one")),
        ("utf16", "utf16: is not UTF-8 text", Some("save it as UTF-8")),
        ("large", "large: is larger than 4 MiB, the limit of a policy file", Some("was a log given as a policy?")),
    ] {
        assert_eq!(folder.error(&[name], false), (message.to_owned(), hint.map(str::to_owned)));
    }
    assert!(folder.load(&["a\nb"], false).unwrap_err().to_string().ends_with("/a?b: does not exist"));
}

#[test]
fn hostile_files_end_soon() {
    let mut bomb = String::from("version: 1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..12 {
        bomb += &format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(", "));
    }
    let wide = format!("version: 1\na: &a {}\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 1000].join(", "));
    let table = [
        ("bomb", bomb),
        ("wide", wide),
        ("flow", "[".repeat(20_000)),
        ("braces", "{a: ".repeat(20_000)),
        ("all", "[".repeat(4 << 20)),
        ("block", "- ".repeat(20_000)),
        ("scalar", format!("version: 1\na: {}", "x".repeat(4_000_000))),
        ("items", format!("version: 1\na: [{}]", "x,".repeat(1_900_000))),
        ("keys", (0..300_000).map(|i| format!("k{i}: x\n")).collect()),
        ("lines", "a: b c\n".repeat(500_000)),
    ];
    for (name, text) in table {
        let folder = Folder::with(&[("p", &text)]);
        let start = Instant::now();
        let error = folder.load(&["p"], false).unwrap_err();
        let took = start.elapsed();
        assert!(error.line > 0, "{name}");
        assert!(took < Duration::from_secs(5), "{name} took {took:?}");
    }
}
