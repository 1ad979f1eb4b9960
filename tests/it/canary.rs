//! A planted value, and the search for what is left of it in any spelling.

use std::fmt::Write as _;
use std::path::Path;

/// A value that must not get out.
#[derive(Clone, Debug)]
pub struct Canary {
    value: Vec<u8>,
}

/// Shortest piece of a canary that counts as a leak.
const WINDOW: usize = 8;

impl Canary {
    /// The canary `value`, which no other text of the test may contain in part.
    pub fn new(value: impl AsRef<[u8]>) -> Canary {
        Canary { value: value.as_ref().to_vec() }
    }

    /// What of the canary stands in `place`: the spelling, or `None` if nothing does.
    pub fn left_in(&self, place: &[u8]) -> Option<&'static str> {
        self.spellings().into_iter().find(|(_, bytes)| contains(place, bytes)).map(|(spelling, _)| spelling)
    }

    /// Fails if any spelling of the canary stands in `place`, which the message calls `name`.
    pub fn assert_gone(&self, name: &str, place: &[u8]) {
        if let Some(spelling) = self.left_in(place) {
            panic!("{name} still has the canary ({spelling}):\n{}", String::from_utf8_lossy(place));
        }
    }

    /// The same for the names and contents of all files under `dir`, but for those in `placed`.
    pub fn assert_not_under(&self, dir: &Path, placed: &[std::path::PathBuf]) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if placed.contains(&path) {
                continue;
            }
            self.assert_gone("a file name", path.to_string_lossy().as_bytes());
            if path.is_dir() {
                self.assert_not_under(&path, placed);
            } else {
                self.assert_gone(&path.display().to_string(), &std::fs::read(&path).unwrap());
            }
        }
    }

    /// Each spelling that is searched for, and its name; of the value in part only pieces.
    pub fn spellings(&self) -> Vec<(&'static str, Vec<u8>)> {
        let v = &self.value;
        let each = |f: &dyn Fn(u8) -> String| v.iter().map(|&b| f(b)).collect::<String>().into_bytes();
        let mut found = vec![
            ("raw", v.clone()),
            ("hex", each(&|b| format!("{b:02x}"))),
            ("upper hex", each(&|b| format!("{b:02X}"))),
            ("percent", each(&|b| format!("%{b:02x}"))),
            ("upper percent", each(&|b| format!("%{b:02X}"))),
            ("JSON escape", each(&|b| format!("\\u{b:04x}"))),
            ("upper JSON escape", each(&|b| format!("\\u{b:04X}"))),
            ("JSON", json_inside(v)),
        ];
        for shift in 0..3 {
            found.push(("base64", base64_inside(v, shift, *b"+/")));
            found.push(("base64url", base64_inside(v, shift, *b"-_")));
        }
        found.extend(v.windows(WINDOW.min(v.len())).map(|window| ("in part", window.to_vec())));
        found
    }
}

fn contains(place: &[u8], bytes: &[u8]) -> bool {
    memchr::memmem::find(place, bytes).is_some()
}

fn json_inside(value: &[u8]) -> Vec<u8> {
    let mut out = String::new();
    for c in String::from_utf8_lossy(value).chars() {
        match c {
            '"' | '\\' => write!(out, "\\{c}").unwrap(),
            c if (c as u32) < 0x20 => write!(out, "\\u{:04x}", c as u32).unwrap(),
            c => out.push(c),
        }
    }
    out.into_bytes()
}

/// Base64 of `value` as it stands behind `shift` other bytes, without the characters that mix with its neighbours.
fn base64_inside(value: &[u8], shift: usize, last_two: [u8; 2]) -> Vec<u8> {
    let alphabet: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(last_two).collect();
    let bits: Vec<u8> = value.iter().flat_map(|b| (0..8).rev().map(move |i| b >> i & 1)).collect();
    let skip = (6 - shift * 8 % 6) % 6;
    let whole = bits[skip..].chunks_exact(6);
    whole.map(|six| alphabet[six.iter().fold(0, |n, &bit| n << 1 | usize::from(bit))]).collect()
}

#[test]
fn a_canary_is_found_in_every_spelling() {
    let canary = Canary::new("hunter2-magpie");
    let known = [
        "68756e746572322d6d6167706965",
        "aHVudGVyMi1tYWdwaWU=",
        "eDpodW50ZXIyLW1hZ3BpZQ==",
        "fmh1bnRlcjItbWFncGllfg==",
    ];
    for text in known.iter().chain(&["x hunter2-", "%68%75%6e%74%65%72%32%2d%6d%61%67%70%69%65"]) {
        assert!(canary.left_in(text.as_bytes()).is_some(), "{text}");
    }
    assert_eq!(canary.left_in(b"REDACTED-password hunter3 magpie"), None);
}
