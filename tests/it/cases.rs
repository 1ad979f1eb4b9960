//! Behaviour as cases: `tests/it/cases/*.yaml`, exact bytes in, exact bytes out.
//!
//! Each case runs whole, byte by byte, in random reads, on one to four threads, and through the real executable. All
//! ways must give the same bytes, also for pseudonyms, and a line that was valid JSON must still be valid JSON.

use crate::reads::Reads;
use crate::run::{Outcome, beside, difference, logmask, same};
use crate::support::Engine;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One case, or several short ones under one name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The promise, in words.
    name: String,
    /// What comes in.
    #[serde(rename = "in")]
    input: Option<String>,
    /// What goes out. `*` behind `REDACTED-<label>-` stands for a pseudonym.
    out: Option<String>,
    /// Like `in` and `out`, with `\xNN`, `\n`, `\r`, `\t`, `\0` and `\\` for bytes.
    in_bytes: Option<String>,
    out_bytes: Option<String>,
    /// Like `in` and `out`, in hexadecimal.
    in_hex: Option<String>,
    out_hex: Option<String>,
    /// Pairs of one line in and one line out, each a case of its own.
    #[serde(default)]
    lines: Vec<(String, String)>,
    /// Lines that come out as they went in, each a case of its own.
    #[serde(default)]
    unchanged: Vec<String>,
    /// Words of the input that must not come out, where the exact spelling of what stands in is left to the engine.
    #[serde(default)]
    hides: Vec<String>,
    /// Inline policy on top of the profile.
    policy: Option<String>,
    /// Built-in profile.
    profile: Option<String>,
    /// Options; one that [`Engine::options`] does not know runs through the executable only. `--keep-lines` comes first.
    #[serde(default)]
    args: Vec<String>,
    /// Exit status of the executable.
    #[serde(default)]
    exit: i32,
}

/// One run with its expectation.
#[derive(Clone, Debug)]
struct Check {
    name: String,
    input: Vec<u8>,
    out: Option<Vec<u8>>,
    hides: Vec<String>,
    exit: i32,
}

/// Checks that share a set-up: policy, profile, arguments.
type Setup = (Option<String>, String, Vec<String>);

#[test]
fn every_case_comes_out_as_written_whichever_way_it_goes_in() {
    let setups = read();
    let checks: usize = setups.values().map(Vec::len).sum();
    assert!(checks >= 80, "only {checks} cases were found");
    let mut wrong: Vec<String> = setups.iter().flat_map(|(setup, checks)| run_all(setup, checks)).collect();
    let count = wrong.len();
    wrong.truncate(60);
    assert!(wrong.is_empty(), "{count} complaints about {checks} cases\n{}", wrong.join("\n"));
}

/// All cases, by set-up.
fn read() -> BTreeMap<Setup, Vec<Check>> {
    let only = std::env::var("CASE").unwrap_or_default();
    let mut setups: BTreeMap<Setup, Vec<Check>> = BTreeMap::new();
    let mut files: Vec<_> = std::fs::read_dir(beside("cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let cases: Vec<Case> =
            serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for case in cases {
            let setup = (case.policy.clone(), case.profile.clone().unwrap_or("default".into()), case.args.clone());
            let checks = case.checks(&stem).into_iter().filter(|check| check.name.contains(&only));
            setups.entry(setup).or_default().extend(checks);
        }
    }
    setups
}

impl Case {
    fn checks(self, stem: &str) -> Vec<Check> {
        let name = format!("{stem}: {}", self.name);
        let check =
            |input: Vec<u8>, out| Check { name: name.clone(), input, out, hides: self.hides.clone(), exit: self.exit };
        let text = |text: &String| text.clone().into_bytes();
        let mut checks = Vec::new();
        let input = self
            .input
            .as_ref()
            .map(text)
            .or(self.in_bytes.as_deref().map(unescape))
            .or(self.in_hex.as_deref().map(unhex));
        let out = self
            .out
            .as_ref()
            .map(text)
            .or(self.out_bytes.as_deref().map(unescape))
            .or(self.out_hex.as_deref().map(unhex));
        if let Some(input) = input {
            assert!(out.is_some() || !self.hides.is_empty(), "{name}: neither out nor hides");
            checks.push(check(input, out));
        }
        checks.extend(self.lines.iter().map(|(line, out)| check(text(line), Some(text(out)))));
        checks.extend(self.unchanged.iter().map(|line| check(text(line), Some(text(line)))));
        assert!(!checks.is_empty(), "{name}: nothing to check");
        checks
    }
}

/// Runs the checks of one set-up every way; the complaints.
fn run_all((policy, profile, args): &Setup, checks: &[Check]) -> Vec<String> {
    let mut wrong = Vec::new();
    let keep_lines = args.first().is_some_and(|arg| arg == "--keep-lines");
    let options = &args[usize::from(keep_lines)..];
    let run = |input: &[u8]| -> Outcome {
        let run = logmask().keyed().args(["-p", profile]).args(args);
        match policy {
            Some(yaml) => run.policy(yaml).pipe(input),
            None => run.pipe(input),
        }
    };
    let mut engine = match Engine::try_new(profile, policy.as_deref(), keep_lines) {
        Ok(engine) => engine,
        Err(error) => return checks.iter().map(|check| format!("{}: {error}", check.name)).collect(),
    };
    if !engine.options(options) {
        wrong.extend(checks.iter().filter_map(|check| complaint(check, &run(&check.input))));
        return wrong;
    }
    let mut outs = Vec::new();
    for check in checks {
        let whole = engine.mask(&check.input);
        wrong.extend(check.complaint(&whole, b""));
        // The first way that differs says it all.
        if let Some((way, found)) = other_ways(&engine, &check.input).into_iter().find(|(_, found)| *found != whole) {
            wrong.push(format!("{}: {way}{}", check.name, difference(&found, &whole, b"")));
        }
        outs.push(whole);
    }
    // One process for all checks whose lines stand for themselves, one more for each of the others.
    let (together, alone): (Vec<_>, Vec<_>) =
        checks.iter().zip(&outs).partition(|(check, _)| options.is_empty() && check.stands_for_itself());
    let end = |bytes: &[u8]| [bytes, b"\n"].concat();
    let input: Vec<u8> = together.iter().flat_map(|(check, _)| end(&check.input)).collect();
    let expected: Vec<u8> = together.iter().flat_map(|(_, out)| end(out)).collect();
    let outcome = run(&input);
    if outcome.stdout != expected || outcome.status.code() != Some(0) {
        let before = wrong.len();
        wrong.extend(together.iter().filter_map(|(check, out)| differs(check, &run(&check.input), out)));
        if wrong.len() == before {
            let difference = difference(&outcome.stdout, &expected, &outcome.stderr);
            wrong.push(format!("executable, all cases of a set-up in one run: {}{difference}", outcome.status));
        }
    }
    wrong.extend(alone.iter().filter_map(|(check, out)| differs(check, &run(&check.input), out)));
    wrong
}

/// The same input by all the other ways, in process.
fn other_ways(engine: &Engine, input: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for threads in 1..=4 {
        for (most, seed) in [(1, 0), (3, 1), (7, 2), (40, 3), (1 << 20, 4)] {
            let mut out = Vec::new();
            engine.pump(Reads::new(input, most, seed * 8 + threads as u64), &mut out, threads);
            found.push((format!("reads of up to {most} bytes on {threads} threads"), out));
        }
    }
    found
}

/// What is wrong with a run of its own, compared to the case.
fn complaint(check: &Check, outcome: &Outcome) -> Option<String> {
    check.complaint(&outcome.stdout, &outcome.stderr).or_else(|| {
        let wrong = outcome.status.code() != Some(check.exit);
        wrong.then(|| format!("{}: {} instead of {}", check.name, outcome.status, check.exit))
    })
}

/// What is wrong with a run of its own, compared to the run in process.
fn differs(check: &Check, outcome: &Outcome, in_process: &[u8]) -> Option<String> {
    let wrong = outcome.stdout != in_process || outcome.status.code() != Some(check.exit);
    let difference = || difference(&outcome.stdout, in_process, &outcome.stderr);
    wrong.then(|| format!("{}: executable and process differ, {}{}", check.name, outcome.status, difference()))
}

impl Check {
    fn complaint(&self, found: &[u8], stderr: &[u8]) -> Option<String> {
        let found_text = String::from_utf8_lossy(found);
        if let Some(word) = self.hides.iter().find(|word| found_text.contains(word.as_str())) {
            return Some(format!("{}: {word} came out: {found_text}", self.name));
        }
        if let Some(out) = self.out.as_ref().filter(|out| !same(found, out)) {
            return Some(format!("{}:{}", self.name, difference(found, out, stderr)));
        }
        let lines = self.input.split(|b| *b == b'\n').zip(found.split(|b| *b == b'\n'));
        let valid = |line: &[u8]| serde_json::from_slice::<serde_json::Value>(line).is_ok();
        if self.input.split(|b| *b == b'\n').count() != found.split(|b| *b == b'\n').count() {
            // Which line is which is not known: of JSON lines only, JSON lines are left.
            let all = |bytes: &[u8]| bytes.split(|b| *b == b'\n').filter(|line| line.starts_with(b"{")).all(valid);
            return (all(&self.input) && !all(found)).then(|| format!("{}: no longer JSON: {found_text}", self.name));
        }
        let broken =
            lines.into_iter().find(|(before, after)| before.starts_with(b"{") && valid(before) && !valid(after));
        broken.map(|(_, after)| format!("{}: no longer JSON: {}", self.name, String::from_utf8_lossy(after)))
    }

    /// One line without an ending that neither carries anything to the next one nor is told by its place.
    fn stands_for_itself(&self) -> bool {
        let open = ["-----", " stdout ", " stderr ", "\u{feff}", "\"log\":"];
        let text = String::from_utf8_lossy(&self.input);
        let closed = !text.starts_with(['{', '[']) || serde_json::from_str::<serde_json::Value>(&text).is_ok();
        let quotes = text.matches('"').count().is_multiple_of(2);
        let plain = self.exit == 0 && !text.ends_with(['\r', '\\']) && !text.contains('\n');
        plain && closed && quotes && !open.iter().any(|word| text.contains(word))
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), text.bytes());
    while let Some(b) = rest.next() {
        out.push(match b {
            b'\\' => match rest.next().expect("something follows a backslash") {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'0' => 0,
                b'\\' => b'\\',
                b'x' => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    unhex(std::str::from_utf8(&digits).unwrap())[0]
                }
                other => panic!("unknown escape {:?} in {text:?}", other as char),
            },
            b => b,
        });
    }
    out
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}
