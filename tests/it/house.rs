//! The floor plan of the house, kept by a test: uses point down only.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each module of `src` with all it may use. A module uses only what stands above it in this table.
const PLAN: &[(&str, &[&str])] = &[
    ("span", &[]),
    ("tally", &[]),
    ("rewrite", &[]),
    ("policy", &["span"]),
    ("validate", &["policy"]),
    ("action", &["policy", "validate", "span"]),
    ("format", &["span"]),
    ("edit", &["span", "action", "policy"]),
    ("block", &["span", "format"]),
    ("select", &[]),
    ("detect", &["span", "policy", "validate", "format", "action"]),
    (
        "masker",
        &["detect", "format", "action", "block", "edit", "policy", "rewrite", "select", "span", "tally", "validate"],
    ),
    ("input", &["rewrite"]),
    ("pipeline", &["rewrite", "input"]),
    (
        "cli",
        &[
            "action", "block", "detect", "edit", "format", "input", "masker", "pipeline", "policy", "rewrite",
            "select", "span", "tally", "validate",
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
        let module = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if module == "lib" || module == "build" {
            continue;
        }
        let Some((_, below)) = PLAN.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("src/{} has no place in the plan", inside.display()));
            continue;
        };
        for used in uses(&std::fs::read_to_string(&file).unwrap()) {
            if used != module && !below.contains(&used.as_str()) {
                wrong.push(format!("src/{} uses {used}, which is not below it", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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

/// Modules of our crate that `source` names in code: `crate::x`, `logmask::x`, `crate::{x, y::Z}`.
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
                Some(list) => found.extend(first_words(list)),
                None => found.extend(word(rest)),
            }
        }
    }
    found
}

/// The first word of each member of a use list, up to its closing brace.
fn first_words(list: &str) -> Vec<String> {
    let (mut depth, mut found) = (0, word(list.trim_start()).into_iter().collect::<Vec<_>>());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.extend(word(list[at + 1..].trim_start())),
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_string())
}

#[test]
fn uses_are_found_in_every_form() {
    let source = "use crate::span::Span; // crate::cli\nuse crate::{\n    edit::{Edit, resolve},\n    tally::Tally,\n};\nlet x = crate::format::json(); mycrate::no; \"crate::text\"; logmask::cli::run()";
    let found: Vec<String> = uses(source).into_iter().collect();
    assert_eq!(found, ["cli", "edit", "format", "span", "tally"]);
}
