//! Secrets that the caller lists: hidden in every spelling, whichever way they arrive; never shown by the tool.

use crate::canary::Canary;
use crate::reads::Reads;
use crate::run::logmask;
use crate::support::Engine;
use logmask::masker::Literals;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn engine(secrets: &[&str]) -> Engine {
    let mut literals = Literals::default();
    for secret in secrets {
        literals.add(secret.as_bytes()).unwrap();
    }
    Engine::with_literals("default", None, false, literals).unwrap()
}

fn mask(engine: &Engine, text: &str) -> String {
    String::from_utf8(engine.mask(text.as_bytes())).unwrap()
}

#[test]
fn a_listed_secret_is_hidden_in_every_spelling() {
    for secret in ["hunter2-magpie", "q!7$k&<\">@'9/z", "wren~raven_crow", "a1 b2+c3=d4"] {
        let engine = engine(&[secret]);
        let canary = Canary::new(secret);
        for (name, spelling) in canary.spellings().into_iter().filter(|(name, _)| *name != "in part") {
            for (before, after) in [("", ""), ("see ", " there"), ("{\"m\":\"", "\"}"), ("/x?q=", "&r=1"), ("[", "]")] {
                let text = [before.as_bytes(), &spelling, after.as_bytes()].concat();
                let out = engine.mask(&text);
                let shown = String::from_utf8_lossy(&out);
                assert_eq!(
                    canary.left_in(&out),
                    None,
                    "{secret} in {name}: {} {shown}",
                    String::from_utf8_lossy(&text)
                );
                assert!(shown.starts_with(before) && shown.ends_with(after), "{shown}");
            }
        }
    }
}

#[test]
fn a_record_stays_what_it_was() {
    let engine = engine(&["hunter2-magpie", "918273645", "n0t-a\\number", "{\"x\":\"wren raven\"}"]);
    for (text, out) in [
        ("is hunter2-magpie.", "is REDACTED-listed-secret."),
        ("hunter2-magpiehunter2-magpie", "REDACTED-listed-secretREDACTED-listed-secret"),
        (r#"{"a":918273645,"b":1}"#, r#"{"a":"REDACTED-listed-secret","b":1}"#),
        (r#"{"a":[1,19182736450,2]}"#, r#"{"a":[1,"REDACTED-listed-secret",2]}"#),
        (r#"{"a":"n0t-a\\number\\"}"#, r#"{"a":"REDACTED-listed-secret\\"}"#),
        (r#"{"a":{"x":"wren raven"},"b":1}"#, r#"{"a":"REDACTED-listed-secret","b":1}"#),
        ("password=hunter2-magpie", "password=REDACTED-listed-secret"),
        ("user=hunter2-magpie-x", "user=REDACTED-listed-secret-x"),
        ("hunter2-magpi", "hunter2-magpi"),
    ] {
        assert_eq!(mask(&engine, text), out, "{text}");
        assert_eq!(mask(&engine, out), out);
    }
}

#[test]
fn markers_are_left_alone() {
    let engine = engine(&["password", "secret", "email-abc", "card"]);
    for text in ["pin=REDACTED-password", "x REDACTED-listed-secret", "REDACTED-email-abcabcabca", "REDACTED-card, x"] {
        assert_eq!(mask(&engine, text), text);
    }
    assert_eq!(mask(&engine, "a card"), "a REDACTED-listed-secret");
}

#[test]
fn the_lines_of_a_key_are_hidden_wherever_they_stand() {
    let body = "MIIBVgIBADANBgkqhkiG9w0B\nAQEFAASCAUAwggE8AgEAAkEA\nq7BFUpkGp3+LQmlQYx2eqzDV";
    let engine = engine(&[body]);
    for line in body.lines() {
        for text in [line.to_owned(), format!("app-1  | {line}\r\n"), format!("  {line}")] {
            assert!(!mask(&engine, &text).contains(line), "{text}");
        }
    }
    let spelled = body.replace('\n', "\\n");
    assert_eq!(mask(&engine, &format!(r#"{{"key":"{spelled}"}}"#)), r#"{"key":"REDACTED-listed-secret"}"#);
}

#[test]
fn secrets_come_from_the_environment_files_and_commands() {
    let run = || logmask().env("SHOP_TOKEN", "hunter2-magpie").env("SHOP_DEBUG", "true");
    let text = "a hunter2-magpie b aHVudGVyMi1tYWdwaWU= c\n";
    let hidden = "a REDACTED-listed-secret b REDACTED-listed-secret c\n";
    run().args(["--secrets-env", "SHOP_*"]).pipe(text).prints(hidden).exits(0).says("SHOP_DEBUG is not looked for");
    run().args(["--secrets-env", "NO_SUCH_*", "--secrets-env", "SHOP_TOKEN"]).pipe(text).prints("").exits(2);
    run().args(["--secrets-env", "SHOP_{TOKEN,KEY}"]).pipe(text).prints(hidden).exits(0).says_lines(0);
    for list in ["hunter2-magpie\n", "TOKEN=hunter2-magpie\n", "{\"token\":\"hunter2-magpie\"}"] {
        run().file("list", list).args(["--secrets-file", "list"]).pipe(text).prints(hidden).exits(0);
    }
    run().args(["--secrets-cmd", "echo $SHOP_TOKEN"]).pipe(text).prints(hidden).exits(0).says_lines(0);
    run().args(["--secrets-cmd", "echo $SHOP_TOKEN; exit 3"]).pipe(text).prints("").exits(2);
    run().args(["--secrets-file", "no-such"]).pipe(text).prints("").exits(2);
    run().args(["explain", "--secrets-env", "SHOP_TOKEN"]).pipe(text).contains("1:3-16 listed-secret secret.listed");
}

#[test]
fn what_is_wrong_with_a_list_is_told_without_its_values() {
    let canary = Canary::new("hunter2-magpie");
    let short = logmask().file("list", "hunter2-magpie\nq7z\n").args(["--secrets-file", "list"]).pipe("x\n");
    short.prints("").exits(2).says("list:2: shorter than 4 bytes").tells_nobody(&canary);
    assert!(!String::from_utf8_lossy(&short.stderr).contains("q7z"));
    logmask().args(["--secrets-env", "hunter2-magpie"]).pipe("x\n").prints("").exits(2).tells_nobody(&canary);
    logmask().args(["--secrets-cmd", "exit 1 # hunter2-magpie"]).pipe("x\n").exits(2).tells_nobody(&canary);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(200),
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_260_302),
        ..ProptestConfig::default()
    })]

    #[test]
    fn listed_secrets_go_whichever_way_the_input_arrives(
        lines in prop::collection::vec("[ab1\"\\\\{}:, ]{0,8}(hunter2-magpie|nter2-|ab1ab1|a\\\\\"b1)?[ab1\"\\\\ ]{0,8}", 1..8),
        most in 1usize..40, seed: u64, threads in 1usize..4,
    ) {
        let engine = engine(&["hunter2-magpie", "ab1ab1", "ab1ab1ab1", "a\"b1 a", "gpie"]);
        let input = lines.join("\n");
        let whole = engine.mask(input.as_bytes());
        let mut out = Vec::new();
        engine.pump(Reads::new(input.as_bytes(), most, seed), &mut out, threads);
        prop_assert_eq!(whole.escape_ascii().to_string(), out.escape_ascii().to_string());
        for secret in ["hunter2-magpie", "ab1ab1"] {
            prop_assert!(!String::from_utf8_lossy(&whole).contains(secret));
        }
        prop_assert_eq!(engine.mask(&whole), whole);
    }
}
