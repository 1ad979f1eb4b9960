//! Who sees more sees at least what others see, byte for byte, in every log that the repository has.

use super::{Masker, Scratch, Settings, State};
use crate::policy::roles::{STACKTRACE, covers};
use crate::policy::{Docs, Policy, load};
use crate::rewrite::Rewrite;
use proptest::prelude::*;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Roles: the one that each extends, and the classes that it shows besides. The first is the base; the first six are a ladder,
/// the others stand beside it, down to one that extends none.
const ROLES: [(Option<usize>, &[&str]); 12] = [
    (None, &[]),
    (Some(0), &["net.*"]),
    (Some(1), &["pii.email", "pii.user", STACKTRACE]),
    (Some(2), &["pii.*"]),
    (Some(3), &["pay.*"]),
    (Some(4), &["secret.*"]),
    (Some(0), &["secret.*"]),
    (Some(0), &["pii.*"]),
    (Some(1), &["pay.*", "secret.password", STACKTRACE]),
    (Some(6), &["pii.email"]),
    (Some(0), &["pii.name", "net.ip"]),
    (None, &["secret.token", "secret.key", "pii.*"]),
];

fn masker(policy: &Policy) -> Masker {
    Masker::new(policy, Settings { key: vec![7; 16], ..Settings::default() }).unwrap()
}

fn shown(role: usize) -> Vec<&'static str> {
    let (below, show) = ROLES[role];
    [below.map(shown).unwrap_or_default(), show.to_vec()].concat()
}

/// Does `higher` show all classes that `lower` shows, because it extends that or by what it shows itself?
fn is_above(higher: usize, lower: usize) -> bool {
    let shows = shown(higher);
    shown(lower).iter().all(|class| shows.iter().any(|show| show == class || covers(show, class)))
}

/// What each role sees; and the same with the rules taken out that it sees.
static VIEWS: LazyLock<Vec<(Masker, Masker)>> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("roles.yaml");
    let named = |(at, (below, show)): (usize, &(Option<usize>, &[&str]))| {
        let extends = below.map_or_else(String::new, |below| format!("extends: r{below}, "));
        format!("  r{at}: {{ {extends}show: ['{}'] }}\n", show.join("', '")).replace("['']", "[]")
    };
    let roles: String = ROLES.iter().enumerate().map(named).collect();
    std::fs::write(&file, format!("version: 1\nroles:\n{roles}access: {{ base: r0 }}\n")).unwrap();
    let all = load("export", &[file], false, Docs::Without).unwrap();
    let view = |role| {
        let shows = shown(role);
        let (mut relaxed, mut without) = (all.clone(), all.clone());
        all.roles.as_ref().unwrap().relax(&mut relaxed, &shows);
        without.rules.retain(|rule| !shows.iter().any(|show| covers(show, &rule.class)));
        (masker(&relaxed), masker(&without))
    };
    (0..ROLES.len()).map(view).collect()
});

/// Which bytes of `log` are hidden.
fn hidden(masker: &Masker, log: &[u8]) -> Vec<bool> {
    let mut scratch = Scratch { places: Some(Vec::new()), ..Scratch::default() };
    masker.rewrite(log, &mut State::default(), &mut scratch, &mut Vec::new());
    let mut hidden = vec![false; log.len()];
    for place in scratch.places.unwrap() {
        hidden[place.span.range()].fill(true);
    }
    hidden
}

/// The lines of `log` in which `inner` hides a byte that `outer` does not.
fn beyond(log: &[u8], inner: &[bool], outer: &[bool]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in log.split_inclusive(|byte| *byte == b'\n') {
        let end = start + line.len();
        if inner[start..end].iter().zip(&outer[start..end]).any(|(inner, outer)| *inner && !*outer) {
            lines.push(String::from_utf8_lossy(line).into_owned());
        }
        start = end;
    }
    lines
}

/// For `log`: what a lower role sees and a higher one does not, and what a role sees of `of` that none of its classes allows.
fn wrong(log: &[u8], of: &[u8]) -> Vec<String> {
    let mut wrong = Vec::new();
    let all: Vec<Vec<bool>> = VIEWS.iter().map(|(view, _)| hidden(view, log)).collect();
    for (role, (here, (_, without))) in all.iter().zip(VIEWS.iter()).enumerate() {
        for (lower, below) in all.iter().enumerate().filter(|(lower, _)| *lower != role && is_above(role, *lower)) {
            let less = beyond(log, here, below).into_iter();
            wrong.extend(less.map(|line| format!("role {role} sees less than {lower}: {line}")));
        }
        let mut least = hidden(without, log);
        if !of.is_empty() {
            let places: Vec<usize> = memchr::memmem::find_iter(log, of).collect();
            let inside = |at| places.iter().any(|start| (*start..start + of.len()).contains(&at));
            least.iter_mut().enumerate().for_each(|(at, hidden)| *hidden &= inside(at));
        }
        // A marker of a rule that was taken out is no marker any more.
        let much = beyond(log, &least, here).into_iter().filter(|line| !line.contains("REDACTED-"));
        wrong.extend(much.map(|line| format!("role {role} sees too much: {line}")));
    }
    wrong
}

/// All logs of the tests, and of the folders that the environment names in `LOGMASK_CORPORA`, one after another as in `PATH`.
fn corpora() -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join("tests/it/samples"), root.join("tests/it/cases")];
    folders.extend(std::env::var_os("LOGMASK_CORPORA").iter().flat_map(std::env::split_paths));
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let text = std::fs::read(entry.path()).unwrap();
            if entry.path().extension().is_some_and(|end| end == "jsonl") {
                // Each line is a sample of its own.
                let lines =
                    text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Value>(line).ok());
                let lines = lines.filter_map(|sample| sample["line"].as_str().map(|line| line.to_owned().into_bytes()));
                found.extend(lines.map(|line| (entry.path(), line)));
            } else {
                found.push((entry.path(), text));
            }
        }
    }
    found
}

#[test]
fn each_role_sees_what_the_roles_below_it_see_and_no_class_of_others() {
    let corpora = corpora();
    assert!(corpora.len() > 30);
    let wrong: Vec<String> = corpora
        .iter()
        .flat_map(|(path, log)| wrong(log, b"").into_iter().map(|line| format!("{}: {line}", path.display())))
        .collect();
    assert!(wrong.is_empty(), "{} lines:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

/// Stands where it is one, and where it is none.
const SECRET: &str = "hunter2-Magpie9";

/// Pieces of which lines are made that several rules claim.
const PIECES: [&str; 22] = [
    "password=",
    "email: ",
    "\"token\":\"",
    "\"user_email\":\"",
    "{",
    "}",
    "\"",
    "jo@corp.test",
    "8.8.8.8",
    SECRET,
    " ",
    ",",
    "Authorization: Bearer ",
    "https://app:",
    "@db.example/x?key=",
    "4111 1111 1111 1111",
    "\\\"",
    "%40",
    "\n",
    "name=",
    "client_ip=",
    "'",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 8 * ProptestConfig::default().cases, ..ProptestConfig::default() })]
    #[test]
    fn roles_are_monotone_on_whatever_is_written(pieces in proptest::collection::vec(0..PIECES.len(), 1..24)) {
        let log: String = pieces.iter().map(|at| PIECES[*at]).collect();
        // Between quotes that nobody closes it is open which byte belongs to which value; a secret is one.
        let wrong = wrong(log.as_bytes(), SECRET.as_bytes());
        prop_assert!(wrong.is_empty(), "{log}\n{}", wrong.join("\n"));
    }
}

/// Which value of the first line is known again on the second must not depend on what the role sees.
#[test]
fn a_value_inside_a_covered_one_is_known_again() {
    for log in [
        format!("password=jo@corp.test\"token\":\" @db.example/x?key={SECRET}\n\"user_email\":\"{SECRET}"),
        format!("\"token\":\"\"token\":\"email: {{\"token\":\"{{\"user_email\":\"}}{SECRET}"),
        format!("\"token\":\"\"token\":\"email: {{\\\"\"{SECRET}email: \\\""),
        format!("email: {{jo@corp.test{SECRET}\"token\":\""),
    ] {
        let wrong = wrong(log.as_bytes(), SECRET.as_bytes());
        assert!(wrong.is_empty(), "{log}\n{}", wrong.join("\n"));
    }
}

#[test]
fn a_value_before_a_key_in_what_is_open_is_no_key() {
    for log in [
        format!("password={{\"{SECRET}\"\"token\":\""),
        format!("password={{\"{SECRET}\"\"token\":\"x\n"),
        format!("\"password\": {{\n  \"{SECRET}\"\"token\":\"x\n"),
    ] {
        let wrong = wrong(log.as_bytes(), SECRET.as_bytes());
        assert!(wrong.is_empty(), "{log}\n{}", wrong.join("\n"));
        let hidden = hidden(&VIEWS[0].0, log.as_bytes());
        let at = log.find(SECRET).unwrap();
        assert!(hidden[at..at + SECRET.len()].iter().all(|hidden| *hidden), "{log}");
    }
}
