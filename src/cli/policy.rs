//! `logmask policy check|test [FILE]...`: is the policy sound, and does it do what its examples say.

use super::args::{PolicyArgs, PolicyCommand, PolicyCommandArgs, PolicyFilesArgs};
use super::{Failure, Status, message, output};
use crate::masker::{Masker, Settings};
use crate::pipeline::{self, Options};
use crate::policy::rule::{Example, Find, Rule};
use crate::policy::{self as written, Docs, Policy};
use crate::tally::Tally;
use std::fmt::Write;
use std::path::PathBuf;

/// Pseudonyms in examples are written with a star, so it does not matter which key this is.
const TEST_KEY: &[u8] = b"the key of policy test";

/// Length of the random-looking end of a pseudonym.
const PSEUDONYM: usize = 10;

pub(super) fn run(args: &PolicyCommandArgs) -> Result<Status, Failure> {
    match &args.command {
        PolicyCommand::Check(args) => check(args),
        PolicyCommand::Test(args) => test(args),
    }
}

/// Loads what the options say, with `files` on top.
pub(super) fn load(args: &PolicyArgs, files: &[PathBuf], docs: Docs) -> Result<Policy, Failure> {
    written::load(args.profile(), files, args.no_floor, docs).map_err(|error| {
        let failure = Failure::usage(error.to_string());
        match error.hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}

fn masker(policy: &Policy) -> Result<Masker, Failure> {
    let settings = Settings { key: TEST_KEY.to_vec(), keep_lines: false, color: false };
    Masker::new(policy, settings).map_err(|error| Failure::usage(error.to_string()))
}

fn check(args: &PolicyFilesArgs) -> Result<Status, Failure> {
    let policy = load(&args.policy, &args.all(), Docs::With)?;
    masker(&policy)?;
    if !policy.weakened.is_empty() {
        message::warning(&format!(
            "the policy switches off or loosens rules of the floor: {}",
            policy.weakened.join(", ")
        ));
    }
    for lint in policy.rules.iter().flat_map(lints) {
        message::warning(&lint);
    }
    let own = policy.rules.iter().filter(|rule| rule.origin.is_some()).count();
    let rules = message::count(policy.rules.len() as u64, "rule");
    output::print(&format!("ok: {rules}, {own} of them not built in\n"))
}

/// What could be better about a rule that somebody wrote.
fn lints(rule: &Rule) -> Vec<String> {
    let Some(path) = &rule.origin else { return Vec::new() };
    let mut lints = Vec::new();
    let mut lint = |fact: &str| lints.push(format!("{}: rule {}: {fact}", path.display(), rule.id));
    if rule.examples.is_empty() {
        lint("has no examples, so nothing proves that it works");
    }
    if rule.unchanged.is_empty() {
        lint("has no near misses (unchanged), so nothing proves that it leaves the rest alone");
    }
    if let Find::Pattern { keywords, anchors, .. } = &rule.find
        && keywords.is_empty()
        && anchors.is_empty()
    {
        lint("has no keyword and no literal beginning, so every record is searched for it, which is slow");
    }
    lints
}

fn test(args: &PolicyFilesArgs) -> Result<Status, Failure> {
    let files = args.all();
    // Nothing named: all that is built in, whatever profile it is in.
    let profile = args.policy.profile.clone().or_else(|| files.is_empty().then(|| "export".to_owned()));
    let policy = load(&PolicyArgs { profile, ..args.policy.clone() }, &files, Docs::With)?;
    let masker = masker(&policy)?;
    // Of a file only its own rules: it may well switch off or loosen built-in ones.
    let rules: Vec<&Rule> = policy.rules.iter().filter(|rule| files.is_empty() || rule.origin.is_some()).collect();
    let (mut tests, mut failures, mut text) = (0, 0, String::new());
    for rule in &rules {
        let examples =
            rule.examples.iter().enumerate().map(|(at, example)| ("example", at, run_example(&masker, example)));
        let near_misses =
            rule.unchanged.iter().enumerate().map(|(at, line)| ("unchanged", at, run_near_miss(&masker, rule, line)));
        for (kind, at, result) in examples.chain(near_misses) {
            tests += 1;
            if let Err(what) = result {
                failures += 1;
                let _ = writeln!(text, "{}: {kind} {}: {what}", rule.id, at + 1);
            }
        }
    }
    let of = format!("{} of {}", message::count(tests, "example"), message::count(rules.len() as u64, "rule"));
    if failures == 0 {
        return output::print(&format!("ok: {of}\n"));
    }
    let _ = writeln!(text, "failed: {failures} of {of}");
    output::print(&message::printable_lines(&text))?;
    Ok(Status::No)
}

/// The output must be the expected one. What is expected was written by the author of the rule, so it may be shown; what
/// came out instead may not.
fn run_example(masker: &Masker, example: &Example) -> Result<(), String> {
    let output = mask(masker, example.input.as_bytes())?;
    match difference(example.output.as_bytes(), &output) {
        None => Ok(()),
        Some(at) => Err(format!(
            "differs from byte {} of the output on\n  expected: {}",
            at + 1,
            message::printable(&example.output)
        )),
    }
}

/// The rule must find nothing. Other rules may.
fn run_near_miss(masker: &Masker, rule: &Rule, line: &str) -> Result<(), String> {
    let found = masker
        .explain(line.as_bytes())
        .into_iter()
        .find(|explanation| explanation.rule == rule.id && explanation.action != "keep");
    match found {
        None => Ok(()),
        Some(found) => {
            Err(format!("is found, line {}, bytes {} to {}", found.line, found.span.start + 1, found.span.end))
        }
    }
}

fn mask(masker: &Masker, input: &[u8]) -> Result<Vec<u8>, String> {
    let mut output = Vec::new();
    match pipeline::run(masker, input, &mut output, &Options::default(), &mut Tally::default()) {
        Ok(_) => Ok(output),
        Err(error) => Err(error.to_string()),
    }
}

/// Where `output` stops being what is `expected`. `REDACTED-email-*` stands for any pseudonym of that label.
fn difference(expected: &[u8], output: &[u8]) -> Option<usize> {
    let mut at = 0;
    for (index, &byte) in expected.iter().enumerate() {
        if byte == b'*' && ends_in_marker(&expected[..index]) {
            for _ in 0..PSEUDONYM {
                if !output.get(at).is_some_and(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7')) {
                    return Some(at);
                }
                at += 1;
            }
        } else {
            if output.get(at) != Some(&byte) {
                return Some(at);
            }
            at += 1;
        }
    }
    (at < output.len()).then_some(at)
}

/// `…REDACTED-<label>-`
fn ends_in_marker(text: &[u8]) -> bool {
    // A label has a dot where it is a class: pseudonyms of fields are named by it.
    let part = |&&byte: &&u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    let label = text.iter().rev().take_while(part).count();
    let (before, label) = text.split_at(text.len() - label);
    before.ends_with(b"REDACTED") && label.len() > 2 && label.starts_with(b"-") && label.ends_with(b"-")
}

#[cfg(test)]
mod tests {
    use super::super::rules::tests::rule;
    use super::*;

    #[test]
    fn a_star_stands_for_a_pseudonym_only_at_a_marker() {
        for (expected, output, at) in [
            ("a", "a", None),
            ("", "", None),
            ("ab", "a", Some(1)),
            ("a", "ab", Some(1)),
            ("<REDACTED-email-*>", "<REDACTED-email-abcdefg234>", None),
            ("REDACTED-email-*", "REDACTED-email-abcdefg23", Some(24)),
            ("REDACTED-email-*", "REDACTED-email-abcdefg2341", Some(25)),
            ("REDACTED-email-*", "REDACTED-email-*", Some(15)),
            ("REDACTED-card-no-* *", "REDACTED-card-no-2222222222 *", None),
            ("REDACTED-pii.name-*", "REDACTED-pii.name-2222222222", None),
            ("*", "*", None),
            ("REDACTED-*", "REDACTED-*", None),
        ] {
            assert_eq!(difference(expected.as_bytes(), output.as_bytes()), at, "{expected} {output}");
        }
    }

    #[test]
    fn only_rules_of_users_are_linted() {
        let find = Find::Pattern {
            pattern: "x+".to_owned(),
            keywords: Vec::new(),
            keywords_inside: true,
            anchors: Vec::new(),
            begin: crate::detect::anchor::Begin::Anywhere,
        };
        let bare = Rule { examples: Vec::new(), unchanged: Vec::new(), find, ..rule("pin") };
        assert!(lints(&bare).is_empty());
        assert_eq!(lints(&Rule { origin: Some("team.yaml".into()), ..bare }).len(), 3);
    }
}
