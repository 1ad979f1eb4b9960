//! The floor plan of the house, kept by a test: uses point down only.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each module of `src` with all it may use. A module uses only what stands above it in this table. Some
/// files of `detect` stand alone and have their own place: the build shares `anchor`, `leads` and what spells names out, and
/// `jwt` is a shape and a validator. So do the numbers that policies name as validators.
const PLAN: &[(&str, &[&str])] = &[
    ("span", &[]),
    ("slashes", &[]),
    ("tally", &[]),
    ("rewrite", &[]),
    ("room", &[]),
    ("owner", &[]),
    ("audit", &["owner"]),
    ("detect::anchor", &[]),
    ("detect::leads", &["detect::anchor"]),
    ("detect::names::words", &[]),
    ("detect::names::spelled", &["detect::names::words"]),
    ("detect::shape::jwt", &["span"]),
    ("validate::luhn", &[]),
    ("validate::number", &["validate::luhn"]),
    ("seal", &["span"]),
    ("policy", &["span", "detect::anchor", "detect::leads", "detect::names::spelled", "validate::number"]),
    ("validate", &["policy", "detect::shape::jwt", "validate::luhn", "validate::number"]),
    ("action", &["policy", "seal", "validate", "validate::luhn", "validate::number"]),
    ("access", &["policy"]),
    ("format", &["span", "slashes"]),
    ("edit", &["span", "format", "room"]),
    ("listed", &["span", "slashes"]),
    ("block", &["span", "slashes", "format"]),
    ("detect", &["span", "slashes", "policy", "validate", "format", "edit", "block", "listed", "room"]),
    ("stack", &["span", "slashes", "policy", "format"]),
    ("select", &["span", "slashes", "policy", "format", "detect", "stack"]),
    (
        "masker",
        &[
            "stack", "select", "detect", "action", "format", "edit", "block", "listed", "policy", "rewrite", "room",
            "seal", "slashes", "span", "tally",
        ],
    ),
    ("reveal", &["format", "policy", "rewrite", "seal", "span"]),
    ("input", &["rewrite", "room"]),
    ("pipeline", &["rewrite", "room", "input"]),
    (
        "cli",
        &[
            "access",
            "audit",
            "owner",
            "pipeline",
            "input",
            "masker",
            "select",
            "listed",
            "policy",
            "reveal",
            "rewrite",
            "seal",
            "span",
            "tally",
            "detect::anchor",
        ],
    ),
    ("main", &["cli"]),
];

/// What stands on the top level. Everything else is hidden or inside.
const TOP: &[&str] = &["Cargo.lock", "Cargo.toml", "README.md", "benches", "rules", "src", "tests"];

/// A source file is read in one go.
const MOST_LINES: usize = 400;

/// Files that a program wrote, and nobody reads in one go.
const GENERATED: &[&str] = &[];

#[test]
fn modules_only_look_down() {
    let mut wrong = Vec::new();
    for file in sources("src") {
        let inside = file.strip_prefix(root().join("src")).unwrap();
        let path = inside.with_extension("").iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>().join("::");
        if path == "lib" || path.starts_with("build::") {
            continue;
        }
        let Some((module, below)) = place(&path) else {
            wrong.push(format!("src/{} has no place in the plan", inside.display()));
            continue;
        };
        for used in uses(&std::fs::read_to_string(&file).unwrap()) {
            // A name that has no place, such as a macro of ours, is a use of a module that nobody planned.
            let known = place(&used).map_or(used.as_str(), |(name, _)| name);
            if known != module && !below.contains(&known) {
                wrong.push(format!("src/{} uses {used}, which is not below it", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The innermost place of the plan that holds `path`.
fn place(path: &str) -> Option<(&'static str, &'static [&'static str])> {
    let holds = |name: &str| path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    PLAN.iter().copied().filter(|(name, _)| holds(name)).max_by_key(|(name, _)| name.len())
}

#[test]
fn the_plan_has_no_circle() {
    for (i, (name, below)) in PLAN.iter().enumerate() {
        for used in *below {
            assert!(PLAN[..i].iter().any(|(earlier, _)| earlier == used), "{used} must stand above {name}");
        }
    }
}

#[test]
fn the_top_level_is_what_the_design_lists() {
    let found: BTreeSet<String> = std::fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && name != "target")
        .collect();
    assert_eq!(found, TOP.iter().map(|name| (*name).to_string()).collect());
}

#[test]
fn every_file_can_be_read_in_one_go() {
    let mut long = Vec::new();
    for file in ["src", "tests", "benches"].into_iter().flat_map(sources) {
        let name = file.strip_prefix(root()).unwrap().to_str().unwrap();
        let lines = std::fs::read_to_string(&file).unwrap().lines().count();
        if lines > MOST_LINES && !GENERATED.contains(&name) {
            long.push(format!("{name} has {lines} lines, {MOST_LINES} are enough"));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files under `dir`, sorted.
fn sources(dir: &str) -> Vec<PathBuf> {
    fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(dir), &mut found);
    found.sort();
    found
}

/// Modules of our crate that `source` names in code: `crate::x::y`, `logmask::x`, `crate::{x, y::Z}`.
fn uses(source: &str) -> BTreeSet<String> {
    let code: String = source.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for root in ["crate::", "logmask::"] {
        for (at, _) in code.match_indices(root) {
            let line = &code[code[..at].rfind('\n').unwrap_or(0)..at];
            let in_text = line.matches('"').count() % 2 == 1;
            if in_text || line.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let rest = &code[at + root.len()..];
            match rest.strip_prefix('{') {
                Some(list) => found.extend(members(list)),
                None => found.extend(module(rest)),
            }
        }
    }
    found
}

/// The module of each member of a use list, up to its closing brace.
fn members(list: &str) -> Vec<String> {
    let (mut depth, mut found) = (0, module(list.trim_start()).into_iter().collect::<Vec<_>>());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.extend(module(list[at + 1..].trim_start())),
            _ => {}
        }
    }
    found
}

/// The words `text` begins with that may be modules: `a::b` of `a::b::C`.
fn module(text: &str) -> Option<String> {
    let small = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':').unwrap_or(text.len());
    let words: Vec<&str> = text[..end].split("::").take_while(small).collect();
    (!words.is_empty()).then(|| words.join("::"))
}

#[test]
fn uses_are_found_in_every_form() {
    let source = "use crate::span::Span; // crate::cli\nuse crate::{\n    edit::{Edit, resolve},\n    tally::Tally,\n};\nlet x = crate::format::json(); use crate::detect::anchor::{self, Begin}; mycrate::no; \"crate::text\"; logmask::cli::run()";
    let found: Vec<String> = uses(source).into_iter().collect();
    assert_eq!(found, ["cli::run", "detect::anchor", "edit", "format::json", "span", "tally"]);
}
