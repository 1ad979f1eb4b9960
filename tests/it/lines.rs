//! Lines of many programs: what stays, and what goes wherever it stands.
//!
//! `lines/ordinary.log` holds what programs of all kinds write every day; nothing in it may change. In
//! `lines/planted.log` what stands between `⟦` and `⟧` is gone from the output and all the rest of its line stays in
//! place; the brackets are no part of the line.

use crate::run::beside;
use crate::support::Engine;

fn read(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(beside("lines").join(name)).unwrap();
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Masks the lines as one text and gives back one line for each.
fn masked(lines: &[String]) -> Vec<String> {
    let out = Engine::new("default", None, false).mask((lines.join("\n") + "\n").as_bytes());
    let out = String::from_utf8(out).unwrap();
    let out: Vec<String> = out.lines().map(str::to_owned).collect();
    assert_eq!(out.len(), lines.len(), "lines went missing");
    out
}

#[test]
fn ordinary_lines_stay() {
    let lines = read("ordinary.log");
    assert!(lines.len() >= 800, "only {} lines", lines.len());
    let changed = lines.iter().zip(masked(&lines)).filter(|(before, after)| *before != after);
    let changed: Vec<String> = changed.map(|(before, after)| format!("- {before}\n+ {after}")).collect();
    assert!(changed.is_empty(), "{} lines changed\n{}", changed.len(), changed.join("\n"));
}

#[test]
fn planted_values_go_and_the_rest_of_their_lines_stays() {
    let marked = read("planted.log");
    assert!(marked.len() >= 170, "only {} lines", marked.len());
    let lines: Vec<String> = marked.iter().map(|line| line.replace(['⟦', '⟧'], "")).collect();
    let mut wrong = Vec::new();
    for (marked, after) in marked.iter().zip(masked(&lines)) {
        let mut at = 0;
        for (index, part) in marked.split(['⟦', '⟧']).enumerate() {
            if index % 2 == 1 {
                if after.contains(part) {
                    wrong.push(format!("leaks {part}\n- {marked}\n+ {after}"));
                }
            } else if let Some(found) = after[at..].find(part) {
                at += found + part.len();
            } else {
                wrong.push(format!("lost {part:?}\n- {marked}\n+ {after}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} complaints\n{}", wrong.len(), wrong.join("\n"));
}
