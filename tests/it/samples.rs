//! Small samples of formats in the wild pass with their structure intact.
//!
//! `tests/it/samples/*.log` are our own lines in the grammar of each format. Every planted value has the word `magpie`
//! in it, so that nobody has to say twice what should be gone.

use crate::run::{beside, logmask};
use crate::support::Engine;

/// Name and bytes of each sample.
fn samples() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(beside("samples")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &std::path::Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect()
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split(|b| *b == b'\n').collect()
}

#[test]
fn samples_lose_what_was_planted_and_keep_their_structure() {
    let engine = Engine::new("default", None, false);
    let mut wrong = Vec::new();
    for (name, input) in samples() {
        let out = engine.mask(&input);
        let (before, after) = (lines(&input), lines(&out));
        if before.len() != after.len() {
            wrong.push(format!("{name}: {} lines became {}", before.len(), after.len()));
        }
        for (number, (before, after)) in before.iter().zip(&after).enumerate() {
            let place = format!("{name}:{}: {}", number + 1, String::from_utf8_lossy(after));
            let json = |line: &[u8]| serde_json::from_slice::<serde_json::Value>(line).is_ok();
            if after.windows(6).any(|window| window == b"magpie") {
                wrong.push(format!("leaks {place}"));
            }
            if json(before) && !json(after) {
                wrong.push(format!("no longer JSON {place}"));
            }
            if !before.windows(6).any(|window| window == b"magpie") && before != after {
                wrong.push(format!("changed for nothing {place}"));
            }
            if before.ends_with(b"\r") != after.ends_with(b"\r") {
                wrong.push(format!("line ending {place}"));
            }
        }
        if engine.mask(&out) != out {
            wrong.push(format!("{name}: a second run changes it"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_samples_in_one_run_of_the_executable_are_the_samples_one_by_one() {
    let engine = Engine::new("default", None, false);
    let input: Vec<u8> = samples().into_iter().flat_map(|(_, bytes)| bytes).collect();
    logmask().keyed().args(["-j", "2"]).pipe(&input).exits(0).prints(engine.mask(&input));
}
