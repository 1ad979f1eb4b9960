//! The promises that hold for any input, as properties. `PROPTEST_CASES` sets how many inputs are tried; without it
//! they are few, and the same each time, so that a run says the same today and tomorrow.
//!
//! A failure found here becomes a case in `tests/it/cases/`.

use crate::canary::Canary;
use crate::reads::Reads;
use crate::records::{Piece, Record, json_line, line, logfmt_line, url_line};
use crate::sealing::inputs;
use crate::support::Engine;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use regex::bytes::Regex;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new("default", None, false));
static MARKER: LazyLock<Regex> = LazyLock::new(|| Regex::new("^REDACTED-[a-z0-9.-]*[a-z0-9]").unwrap());

/// As many inputs as `PROPTEST_CASES` says, or a quick look that is always the same.
fn some() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    let rng_seed = if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(20_260_302) };
    ProptestConfig { cases: asked.unwrap_or(1000), failure_persistence: None, rng_seed, ..ProptestConfig::default() }
}

/// Whether `out` is the record with a marker in place of each planted value and not one other byte changed.
fn only_planted_values_changed(record: &Record, out: &[u8]) -> Result<(), String> {
    let mut rest = out;
    for piece in &record.pieces {
        match piece {
            Piece::Stays(text) => {
                rest = rest.strip_prefix(text.as_bytes()).ok_or_else(|| {
                    format!("expected {text:?} at {:?}", String::from_utf8_lossy(&rest[..rest.len().min(80)]))
                })?;
            }
            Piece::Goes { bare_json, .. } => {
                let quote: &[u8] = if *bare_json { b"\"" } else { b"" };
                rest = rest.strip_prefix(quote).ok_or("a bare JSON value needs its quotes")?;
                let marker = MARKER.find(rest).ok_or_else(|| {
                    format!("expected a marker at {:?}", String::from_utf8_lossy(&rest[..rest.len().min(80)]))
                })?;
                rest = &rest[marker.end()..];
                rest = rest.strip_prefix(quote).ok_or("a bare JSON value needs its quotes")?;
            }
        }
    }
    if rest.is_empty() { Ok(()) } else { Err(format!("too much: {:?}", String::from_utf8_lossy(rest))) }
}

/// Promises 1, 2 and 8 for one record.
fn keeps_its_promises(record: &Record) -> Result<Vec<u8>, TestCaseError> {
    let input = record.text();
    let out = ENGINE.mask(input.as_bytes());
    for secret in record.secrets() {
        if let Some(spelling) = Canary::new(&secret).left_in(&out) {
            let out = String::from_utf8_lossy(&out);
            return Err(TestCaseError::fail(format!("{secret} is left ({spelling})\n in {input}out {out}")));
        }
    }
    only_planted_values_changed(record, &out)
        .map_err(|wrong| TestCaseError::fail(format!("{wrong}\n in {input}out {}", String::from_utf8_lossy(&out))))?;
    prop_assert_eq!(text(&ENGINE.mask(&out)), text(&out), "the second run");
    Ok(out)
}

proptest! {
    #![proptest_config(some())]

    #[test]
    fn json_hides_what_was_planted_and_keeps_the_rest(record in json_line()) {
        let out = keeps_its_promises(&record)?;
        let before: serde_json::Value = serde_json::from_str(&record.text()).expect("the builder writes JSON");
        let after: Result<serde_json::Value, _> = serde_json::from_slice(&out);
        let after = after.map_err(|_| TestCaseError::fail(format!("no longer JSON: {}", String::from_utf8_lossy(&out))))?;
        prop_assert!(same_shape(&before, &after), "{}", after);
    }

    #[test]
    fn logfmt_hides_what_was_planted_and_keeps_the_rest(record in logfmt_line()) {
        keeps_its_promises(&record)?;
    }

    #[test]
    fn urls_hide_what_was_planted_and_keep_the_rest(record in url_line()) {
        keeps_its_promises(&record)?;
    }

    #[test]
    fn the_way_the_input_arrives_does_not_matter(
        records in prop::collection::vec(line(), 1..12), most in 1usize..200, seed: u64, threads in 1usize..5,
        ended: bool,
    ) {
        let mut input: String = records.iter().map(Record::text).collect();
        if !ended {
            input.pop();
        }
        let mut out = Vec::new();
        ENGINE.pump(Reads::new(input.as_bytes(), most, seed), &mut out, threads);
        prop_assert_eq!(text(&out), text(&ENGINE.mask(input.as_bytes())));
    }

    #[test]
    fn masking_commutes_with_cat_split_head_and_grep(
        records in prop::collection::vec(line(), 1..12), at in any::<prop::sample::Index>(),
    ) {
        let lines: Vec<String> = records.iter().map(Record::text).collect();
        let masked: Vec<Vec<u8>> = lines.iter().map(|line| ENGINE.mask(line.as_bytes())).collect();
        // cat, split: the parts masked one by one are the whole masked.
        prop_assert_eq!(ENGINE.mask(lines.concat().as_bytes()), masked.concat());
        let at = at.index(lines.len());
        prop_assert_eq!(ENGINE.mask(lines[..at].concat().as_bytes()), masked[..at].concat());
        // grep: lines chosen before are lines chosen after.
        let chosen = |i: &usize| i % 2 == at % 2;
        let before: String = (0..lines.len()).filter(chosen).map(|i| lines[i].as_str()).collect();
        let after: Vec<u8> = (0..lines.len()).filter(chosen).flat_map(|i| masked[i].clone()).collect();
        prop_assert_eq!(ENGINE.mask(before.as_bytes()), after);
    }

    #[test]
    fn pieces_of_cases_keep_their_number_of_lines_however_they_are_glued(pieces in prop::collection::vec(piece(), 1..12)) {
        let input = pieces.concat();
        let lines = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count();
        prop_assert_eq!(lines(&ENGINE.mask(&input)), lines(&input), "{}", text(&input));
    }

    #[test]
    fn any_bytes_keep_their_number_of_lines(bytes in bytes(), seed: u64) {
        let out = ENGINE.mask(&bytes);
        let lines = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count();
        prop_assert_eq!(lines(&bytes), lines(&out));
        prop_assert_eq!(bytes.ends_with(b"\n"), out.ends_with(b"\n"));
        let mut split = Vec::new();
        ENGINE.pump(Reads::new(&bytes, 9, seed), &mut split, 1 + seed as usize % 3);
        prop_assert_eq!(text(&split), text(&out), "in small reads, {}", text(&bytes));
        // Where values of several kinds are glued together, a second run may hide more; it never changes the lines.
        let again = ENGINE.mask(&out);
        prop_assert_eq!(lines(&again), lines(&out));
    }
}

/// A part of one of the cases, or what opens, closes or escapes something.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    static INPUTS: LazyLock<Vec<String>> = LazyLock::new(inputs);
    let glue = vec![
        "\\\"",
        "\"",
        "\"\"",
        "'",
        "\n",
        "\n  \\\"",
        "{",
        "(\n",
        "password:\n",
        "{\"log\":\"",
        "\\n\"}\n",
        "\\",
        "<<EOT\n",
    ];
    let case = any::<(prop::sample::Index, prop::sample::Index, prop::sample::Index)>();
    let part = case.prop_map(|(of, from, to)| {
        let input = of.get(&INPUTS).as_bytes();
        let (from, to) = (from.index(input.len() + 1), to.index(input.len() + 1));
        input[from.min(to)..from.max(to)].to_vec()
    });
    prop_oneof![2 => part, 1 => prop::sample::select(glue).prop_map(|glue| glue.as_bytes().to_vec())]
}

/// Bytes that are all over the place, and text that is nearly a record.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(vec![
        "password",
        "token",
        "api_key",
        "Authorization: ",
        "Bearer ",
        "Cookie: ",
        "=",
        ":",
        "\"",
        "\\\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        "'",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\0",
        "@",
        ".",
        "a",
        "x1",
        "://",
        "?",
        "&",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "REDACTED-",
        "REDACTED-password",
        "\\u0040",
        "%40",
        "eyJ",
        "4111 1111 1111 1111",
        "8.8.4.4",
        "::1",
        "2026-03-02T10:00:00.1Z stdout P ",
        "2026-03-02T10:00:00.1Z stdout F ",
        "{\"log\":\"",
        "\x1b[31m",
        "[pod/a/b] ",
        "é",
        "null",
        "<",
        ">",
        "${",
        "\t",
    ]);
    let nearly = prop::collection::vec(word, 0..40).prop_map(|words| words.concat().into_bytes());
    let random = prop::collection::vec(any::<u8>(), 0..300);
    let mixed = (nearly.clone(), prop::collection::vec(any::<u8>(), 0..8), nearly.clone());
    prop_oneof![3 => nearly, 1 => random, 1 => mixed.prop_map(|(a, b, c)| [a, b, c].concat())]
}

/// Readable, and different for different bytes.
fn text(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// Same kinds and keys everywhere, and the same values but for those that turned into markers.
fn same_shape(before: &serde_json::Value, after: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Object, String};
    match (before, after) {
        (_, String(text)) if text.contains("REDACTED-") => true,
        (Object(a), Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same_shape(value, other)))
        }
        (Array(a), Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_shape(a, b)),
        (a, b) => a == b,
    }
}
