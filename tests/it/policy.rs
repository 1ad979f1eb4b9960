//! `logmask policy …`: what people who write policies need.

use crate::run::{Outcome, logmask};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const ORDER: &str = "version: 1
rules:
  - id: order-token
    class: secret.order
    pattern: '\\bord_[a-z]{8}\\b'
    examples: [{in: 'x ord_abcdefgh', out: 'x REDACTED-order-token'}]
    unchanged: ['ord_short']
";

fn text(outcome: &Outcome) -> String {
    String::from_utf8(outcome.stdout.clone()).unwrap()
}

/// Which of `documents` the schema accepts, by python's jsonschema; `None` if it is not installed.
fn accepted(documents: &[Value]) -> Option<Vec<bool>> {
    const JUDGE: &str = "import json, sys, jsonschema
schema, documents = json.load(sys.stdin)
jsonschema.Draft7Validator.check_schema(schema)
print(json.dumps([jsonschema.Draft7Validator(schema).is_valid(d) for d in documents]))";
    let there = Command::new("python3").args(["-c", "import jsonschema"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: this test needs python3-jsonschema (apt-get install python3-jsonschema)");
        return None;
    }
    let schema: Value = serde_json::from_slice(&logmask().args(["policy", "schema"]).pipe("").stdout).unwrap();
    let mut judge = Command::new("python3");
    let mut judge = judge.args(["-c", JUDGE]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let input = serde_json::to_vec(&(schema, documents)).unwrap();
    judge.stdin.take().unwrap().write_all(&input).unwrap();
    Some(serde_json::from_slice(&judge.wait_with_output().unwrap().stdout).unwrap())
}

#[test]
fn the_schema_accepts_every_built_in_pack() {
    fn packs(folder: &Path, found: &mut Vec<Value>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                packs(&path, found);
            } else {
                found.push(serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap());
            }
        }
    }
    let mut documents = Vec::new();
    packs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"), &mut documents);
    assert!(documents.len() > 20);
    let Some(accepted) = accepted(&documents) else { return };
    let refused: Vec<String> = documents
        .iter()
        .zip(accepted)
        .filter(|(_, yes)| !yes)
        .map(|(d, _)| d.to_string().chars().take(300).collect())
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

/// Each policy with whether it is good: the schema and the program must say the same.
#[test]
fn the_schema_says_what_the_program_says() {
    let rule = |rest: &str| format!("version: 1\nrules: [{{id: a-b, class: x.y, {rest}}}]\n");
    let cases = [
        (ORDER.to_owned(), true),
        ("version: 1\n".to_owned(), true),
        ("version: 2\n".to_owned(), false),
        ("rules: []\n".to_owned(), false),
        ("version: 1\nfoo: 1\n".to_owned(), false),
        ("version: 1\nextends: ['builtin:export']\ndisable: [mac]\nallow: ['*@x.io']\n".to_owned(), true),
        ("version: 1\nallow: {email: ['*@x.io']}\n".to_owned(), true),
        ("version: 1\nallow: {email: '*@x.io'}\n".to_owned(), false),
        (rule("pattern: 'ab+c'"), true),
        (rule("pattern: 'ab+c', mode: observe"), true),
        (rule("pattern: 'ab+c', mode: on"), false),
        (rule("pattern: 'ab+c', fields: [x]"), false),
        (rule("doc: nothing to find"), false),
        (rule("fields: [pin, 'a.*.b'], not: [no], value: words, action: {partial: {last: 2}}"), true),
        (rule("fields: [pin], value: wide"), false),
        (rule("fields: []"), false),
        (rule("shape: email, action: {keep: [email]}"), true),
        (rule("shape: e-mail"), false),
        (rule("shape: email, validate: [luhn, {entropy: 3}]"), true),
        (rule("shape: email, validate: [{entropy: 9}]"), false),
        (rule("shape: email, validate: [entropy]"), false),
        (rule("shape: email, action: redcat"), false),
        (rule("shape: email, near: [''], action: redact"), false),
        (rule("shape: email, examples: [{in: a}]"), false),
        (rule("shape: email, source: [a, b]"), true),
        ("version: 1\nrules: [{id: A, class: x.y, shape: email}]\n".to_owned(), false),
        ("version: 1\nrules: [{id: a, class: x, shape: email}]\n".to_owned(), false),
    ];
    let documents: Vec<Value> = cases.iter().map(|(yaml, _)| serde_yaml::from_str(yaml).unwrap()).collect();
    let by_schema = accepted(&documents);
    for (i, (yaml, good)) in cases.iter().enumerate() {
        let status = logmask().policy(yaml).args(["--color", "never"]).pipe("").status.code();
        assert_eq!(status, Some(if *good { 0 } else { 2 }), "the program: {yaml}");
        if let Some(by_schema) = &by_schema {
            assert_eq!(by_schema[i], *good, "the schema: {yaml}");
        }
    }
}

#[test]
fn the_starter_is_a_good_policy_that_passes_its_own_test() {
    let run = logmask().args(["policy", "init", "new.yaml"]);
    let path = run.work().join("new.yaml");
    let outcome = run.pipe("");
    outcome.exits(0).contains("new.yaml: written");
    let yaml = std::fs::read_to_string(&path).unwrap();
    logmask().file("new.yaml", &yaml).args(["policy", "check", "new.yaml"]).pipe("").exits(0).says_lines(0);
    logmask().file("new.yaml", &yaml).args(["policy", "test", "new.yaml"]).pipe("").exits(0).contains("ok: 3 examples");
    for stdout in [&["policy", "init"][..], &["policy", "init", "-"]] {
        logmask().args(stdout).pipe("").exits(0).prints(&yaml);
    }
    // Each comment that holds a key can be taken out.
    for line in yaml.lines().filter(|line| line.trim_start().starts_with("# ") && line.contains(": ")) {
        let key = line.trim_start_matches(['#', ' ']).split(':').next().unwrap();
        if !matches!(key, "label" | "source" | "risk" | "keywords" | "validate" | "near" | "allow" | "mode" | "disable")
        {
            continue;
        }
        let on = yaml.replace(line, &line.replacen("# ", "", 1));
        logmask().policy(on).pipe("").exits(0);
    }
}

#[test]
fn many_rules_of_the_floor_that_are_off_are_told_by_some_names_and_a_number() {
    let run = logmask().file("p.yaml", "version: 1\nextends: []\n");
    let run = run.args(["--no-floor", "-c", "p.yaml", "--summary", "text"]).pipe("a\n");
    run.exits(0).prints("a\n").says("rules of the floor: ably-key, ").says(" more\n");
    assert!(run.stderr.len() < 2000, "{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn the_starter_overwrites_nothing() {
    let run = logmask().file("mine.yaml", "version: 1\n").args(["policy", "init", "mine.yaml"]);
    let path = run.work().join("mine.yaml");
    let outcome = run.pipe("");
    outcome.exits(2).says("mine.yaml: file exists");
    assert_eq!(std::fs::read_to_string(path).unwrap(), "version: 1\n");
}

#[test]
fn what_is_in_force_is_shown_with_its_origin() {
    let top = "version: 1\nextends: [./base.yaml]\ndisable: [mac]\nallow: {email: ['*@x.io']}\n";
    let run = |args: &[&str]| {
        let run = logmask().file("top.yaml", top).file("base.yaml", ORDER);
        run.args(["policy", "show", "top.yaml"]).args(args).pipe("")
    };
    let shown = run(&[]);
    shown.exits(0).contains("# ./base.yaml:5\n").contains("action: redact").contains("# default\n");
    shown.contains("# off: mac    top.yaml:3 (disable)").contains("# builtin:personal/shapes, top.yaml:4\n");
    shown.lacks("id: ipv4");
    let all = run(&["--effective"]);
    all.exits(0).contains("id: ipv4").contains("# builtin:net/addresses\n").lacks("id: mac ");
    // It is YAML, and says what the rules are.
    let yaml: Value = serde_yaml::from_str(&text(&all)).unwrap();
    let order = yaml["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "order-token").unwrap();
    assert_eq!(order["pattern"], r"\bord_[a-z]{8}\b");
    run(&["--rule", "order-token"]).exits(0).contains("order-token").lacks("email");
    run(&["--rule", "order-tokn"]).exits(2).says("did you mean order-token?");
}

#[test]
fn a_rule_that_observes_counts_and_changes_nothing() {
    let observe = ORDER.replace("    pattern", "    mode: observe\n    pattern");
    let line = "ord_abcdefgh password=ord_ijklmnop {\"password\":\"ord_qrstuvwx\"}\n";
    let outcome = logmask().policy(&observe).args(["--summary", "json"]).pipe(line);
    outcome.exits(0).prints("ord_abcdefgh password=REDACTED-password {\"password\":\"REDACTED-password\"}\n");
    outcome.says(r#""observed":[{"rule":"order-token","class":"secret.order","findings":3}]"#);
    logmask()
        .policy(&observe)
        .args(["--summary", "text"])
        .pipe(line)
        .says("3 order-token (secret.order) observed, not masked");
    // Its examples say what it would do.
    logmask().file("o.yaml", &observe).args(["policy", "test", "o.yaml"]).pipe("").exits(0);
    // Off is as if it were not there.
    let off = observe.replace("observe", "off");
    logmask()
        .policy(&off)
        .args(["--summary", "json"])
        .pipe("ord_abcdefgh\n")
        .prints("ord_abcdefgh\n")
        .says(r#""observed":[]"#);
    let shown = logmask().file("o.yaml", &off).args(["policy", "show", "o.yaml"]).pipe("");
    shown.exits(0).contains("# off: order-token    o.yaml:5 (mode: off)\n");
}

#[test]
fn a_keep_rule_that_observes_withdraws_nothing() {
    let keep = "version: 1\nrules: [{id: ours, class: pii.ours, pattern: '[a-z]+@x\\.io', action: {keep: [email]}, mode: observe}]\n";
    logmask().policy(keep).pipe("to jo@x.io\n").exits(0).prints("to REDACTED-email-*\n");
    logmask().policy(keep.replace(", mode: observe", "")).pipe("to jo@x.io\n").prints("to jo@x.io\n");
}

#[test]
fn results_are_written_as_junit() {
    let wrong = ORDER.replace("out: 'x REDACTED-order-token'", "out: 'x <&\">'");
    let run = logmask().file("o.yaml", wrong).args(["policy", "test", "o.yaml", "--junit", "out.xml"]);
    let path = run.work().join("out.xml");
    let outcome = run.pipe("");
    outcome.exits(1);
    let xml = std::fs::read_to_string(path).unwrap();
    assert!(xml.contains(r#"tests="2" failures="1""#), "{xml}");
    assert!(xml.contains(r#"<testcase classname="order-token" name="unchanged 1"/>"#), "{xml}");
    assert!(
        xml.contains(r#"<failure message="differs from byte 3 of the output on"#)
            && xml.contains("&lt;&amp;&quot;&gt;"),
        "{xml}"
    );
    let parsed = Command::new("python3")
        .args(["-c", "import sys, xml.dom.minidom as m; m.parseString(sys.argv[1].encode())", &xml])
        .output();
    assert!(parsed.is_ok_and(|output| output.status.success()), "{xml}");
}

#[test]
fn coverage_names_the_rules_that_never_fire() {
    let two = format!("{ORDER}  - id: cart-token\n    class: secret.cart\n    pattern: '\\bcart_[a-z]{{8}}\\b'\n");
    let run = logmask().file("two.yaml", &two).file("app.log", "password=ord_abcdefgh\n");
    let outcome = run.args(["policy", "test", "two.yaml", "--coverage", "app.log"]).pipe("");
    // Found, though another rule names it.
    outcome.exits(0).contains("coverage: 1 of 2 rules fired\nnever fired: cart-token\n");
}

#[test]
fn diff_says_what_would_become_visible_and_what_hidden() {
    let new = "version: 1\nallow: ['*@x.io']\nrules: [{id: order-token, class: secret.order, pattern: '\\bord_[a-z]{8}\\b'}]\n";
    let log = "to jo@x.io ord_abcdefgh\nnothing\n{\"email\":\"jo@x.io\",\"password\":\"magpie-magpie\"}\n";
    let run = |args: &[&str]| {
        let run = logmask().file("new.yaml", new).file("old.yaml", "version: 1\n").file("app.log", log);
        run.args(["policy", "diff"]).args(args).pipe("")
    };
    let outcome = run(&["old.yaml", "new.yaml", "--on", "app.log"]);
    outcome.exits(1).prints(
        "visible app.log:1:4-10 email pii.email pseudonym\n\
         hidden app.log:1:12-23 order-token secret.order redact\n\
         visible app.log:3:11-17 email pii.email pseudonym\n\
         would become visible: 2 places in 2 lines\n\
         would be masked by a weaker action: 0 places in 0 lines\n\
         would become hidden: 1 place in 1 line\n",
    );
    run(&["new.yaml", "old.yaml", "--on", "app.log"]).exits(1).contains("would become visible: 1 place in 1 line");
    run(&["old.yaml", "old.yaml", "--on", "app.log"]).exits(0).contains("would become visible: 0 places");
    run(&["builtin:secrets", "builtin:default", "--on", "app.log"])
        .exits(0)
        .contains("would become hidden: 2 places in 2 lines");
    run(&["builtin:default", "builtin:secrets", "--on", "app.log"])
        .exits(1)
        .contains("would become visible: 2 places in 2 lines");
    run(&["builtin:none", "old.yaml", "--on", "app.log"]).exits(2).prints("");
    // What is read twice must be there twice.
    for gone in ["-", "/dev/stdin", "."] {
        run(&["old.yaml", "new.yaml", "--on", gone]).exits(2).prints("").says("--on: is read twice");
    }
}

#[test]
fn diff_names_a_weaker_action() {
    let with = |action: &str| {
        format!("version: 1\nrules: [{{id: loyalty, class: pii.x, fields: [loyalty_no], action: {action}}}]\n")
    };
    let run = logmask().file("old.yaml", with("redact")).file("new.yaml", with("{partial: {last: 4}}"));
    let outcome = run
        .file("app.log", "loyalty_no=123456789012\n")
        .args(["policy", "diff", "old.yaml", "new.yaml", "--on", "app.log"])
        .pipe("");
    outcome
        .exits(1)
        .contains("weaker app.log:1:12-23 loyalty pii.x partial\n")
        .contains("by a weaker action: 1 place in 1 line");
}

/// As editors use the schema: through the YAML language server, which `.ci/run` installs from npm.
#[test]
fn the_yaml_language_server_completes_its_checks_with_the_schema() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let server = root.join("target/tools/node_modules/.bin/yaml-language-server");
    if !server.exists() {
        eprintln!("SKIPPED: this test needs npm install --prefix target/tools yaml-language-server");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let schema = dir.path().join("schema.json");
    std::fs::write(&schema, logmask().args(["policy", "schema"]).pipe("").stdout).unwrap();
    let starter = text(&logmask().args(["policy", "init"]).pipe(""));
    let texts = [
        ORDER,
        "version: 1\nfoo: 1\n",
        "version: 1\nrules: [{id: a-b, class: x.y, shape: e-mail}]\n",
        "version: 1\nrules:\n  - id: a-b\n    class: x.y\n    pattern: x\n    mode: off\n",
        &starter.replace("# yaml-language-server: $schema=./logmask.schema.json\n", ""),
    ];
    let mut client = Command::new("python3");
    client.arg(root.join("tests/it/language_server.py")).arg(server).arg(format!("file://{}", schema.display()));
    let mut client = client.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    client.stdin.take().unwrap().write_all(&serde_json::to_vec(&texts).unwrap()).unwrap();
    let said: Vec<Vec<String>> = serde_json::from_slice(&client.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(said[0], [""; 0]);
    assert_eq!(said[1], ["Property foo is not allowed."]);
    assert!(said[2][0].contains("Valid values: \"email\""), "{said:?}");
    assert_eq!(said[3], [""; 0]);
    assert_eq!(said[4], [""; 0]);
}
