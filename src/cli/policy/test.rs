//! `logmask policy test [FILE]...`: does each rule do what its examples say, and does it ever fire?

use super::args::TestArgs;
use super::{load, masker};
use crate::cli::args::PolicyArgs;
use crate::cli::source::{Binary, Source};
use crate::cli::{Failure, Status, message, output};
use crate::masker::Masker;
use crate::pipeline::{self, Options};
use crate::policy::about::Example;
use crate::policy::rule::Rule;
use crate::policy::{Docs, EVERYTHING, Policy};
use crate::tally::Tally;
use std::fmt::Write;
use std::io;
use std::path::PathBuf;

/// Length of the random-looking end of a pseudonym.
const PSEUDONYM: usize = 10;

/// What one example came to.
struct Outcome<'p> {
    rule: &'p str,
    /// `example 1`, `unchanged 2`.
    name: String,
    /// Why it failed.
    fault: Option<String>,
}

pub(super) fn run(args: &TestArgs) -> Result<Status, Failure> {
    let files = args.files.all();
    // Nothing named: all that is built in, whatever profile it is in.
    let profile = args.files.policy.profile.clone().or_else(|| files.is_empty().then(|| EVERYTHING.to_owned()));
    let no_config = args.files.policy.no_config || files.is_empty();
    let policy = load(&PolicyArgs { profile, no_config, ..args.files.policy.clone() }, &files, Docs::With)?;
    // A rule that only observes does to its examples what it would do.
    let masker = masker(&Policy { observed: Vec::new(), ..policy.clone() })?;
    // Of a file only its own rules: it may well switch off or loosen built-in ones.
    let rules: Vec<&Rule> = policy.rules.iter().filter(|rule| files.is_empty() || rule.origin.is_some()).collect();
    let outcomes: Vec<Outcome> = rules.iter().flat_map(|rule| outcomes(&masker, rule)).collect();
    if let Some(path) = &args.junit {
        std::fs::write(path, junit(&outcomes))
            .map_err(|error| Failure::io(format!("{}: {}", path.display(), message::fact(&error))))?;
    }
    let mut text = String::new();
    for Outcome { rule, name, fault } in &outcomes {
        if let Some(fault) = fault {
            let _ = writeln!(text, "{rule}: {name}: {fault}");
        }
    }
    let failures = outcomes.iter().filter(|outcome| outcome.fault.is_some()).count();
    let tests = message::count(outcomes.len() as u64, "example");
    let of = format!("{tests} of {}", message::count(rules.len() as u64, "rule"));
    let _ = if failures == 0 { writeln!(text, "ok: {of}") } else { writeln!(text, "failed: {failures} of {of}") };
    if !args.coverage.is_empty() {
        text += &coverage(&policy, &rules, &args.coverage)?;
    }
    output::print(&message::printable_lines(&text))?;
    Ok(if failures == 0 { Status::Done } else { Status::No })
}

fn outcomes<'p>(masker: &Masker, rule: &'p Rule) -> Vec<Outcome<'p>> {
    let outcome = |kind: &str, at: usize, result: Result<(), String>| Outcome {
        rule: &rule.id,
        name: format!("{kind} {}", at + 1),
        fault: result.err(),
    };
    let examples = rule
        .about()
        .examples
        .iter()
        .enumerate()
        .map(|(at, example)| outcome("example", at, run_example(masker, example)));
    let near_misses = rule
        .about()
        .unchanged
        .iter()
        .enumerate()
        .map(|(at, line)| outcome("unchanged", at, run_near_miss(masker, rule, line)));
    examples.chain(near_misses).collect()
}

/// The results as JUnit writes them: one suite, a case for each example, by rule.
fn junit(outcomes: &[Outcome]) -> String {
    let failures = outcomes.iter().filter(|outcome| outcome.fault.is_some()).count();
    let counts = format!("name=\"logmask policy test\" tests=\"{}\" failures=\"{failures}\"", outcomes.len());
    let mut xml =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite {counts}>\n");
    for Outcome { rule, name, fault } in outcomes {
        let _ = write!(xml, "    <testcase classname=\"{}\" name=\"{name}\"", escaped(rule));
        let _ = match fault {
            None => writeln!(xml, "/>"),
            Some(fault) => writeln!(xml, "><failure message=\"{}\"/></testcase>", escaped(fault)),
        };
    }
    xml + "  </testsuite>\n</testsuites>\n"
}

/// Text for an attribute; characters that XML does not have are spelled out.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for char in message::printable(text).chars() {
        match char {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\u{fffe}' | '\u{ffff}' => out.push('?'),
            char => out.push(char),
        }
    }
    out
}

/// Which of `rules` find nothing in the logs.
fn coverage(policy: &Policy, rules: &[&Rule], logs: &[PathBuf]) -> Result<String, Failure> {
    // One run counts what is found, also where another rule names it; the other also looks into packed texts.
    let all = policy.rules.iter().map(|rule| rule.id.to_string());
    let mut observed: Vec<String> = all.collect();
    observed.sort_unstable();
    let (counting, masking) = (masker(&Policy { observed, ..policy.clone() })?, masker(policy)?);
    let mut tally = Tally::default();
    for path in logs {
        for masker in [&counting, &masking] {
            let source = Source::open(path, Binary::Refused)?;
            pipeline::run(masker, source.lines, io::sink(), &Options::default(), &mut tally)
                .map_err(|error| Failure::io(format!("{}: {error}", source.name)))?;
        }
    }
    let count = |counts: &[u64], at: usize| counts.get(at).is_some_and(|count| *count > 0);
    let fired = |rule: &Rule| {
        let at = counting.rules().iter().position(|name| name.id == rule.id);
        at.is_some_and(|at| count(&tally.edits, at) || count(&tally.observed, at))
    };
    let never: Vec<&str> = rules.iter().filter(|rule| !fired(rule)).map(|rule| &*rule.id).collect();
    let mut text =
        format!("coverage: {} of {} fired\n", rules.len() - never.len(), message::count(rules.len() as u64, "rule"));
    for id in never {
        let _ = writeln!(text, "never fired: {id}");
    }
    Ok(text)
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
}
