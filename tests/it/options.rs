//! Options as nobody thought of them together: whatever is typed, nothing is shown that a rule hides, the status is one of
//! those that are documented, and who is refused is told why.

use crate::run::EXE;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const SECRET: &str = "hunter2-magpie-X9";

/// What may be typed, a word or a pair at a time.
const TYPED: &str = "--diff|-o out|--in-place|--backup .bak|--summary|--summary sum.json|--max-mask-ratio 0.1|--max-mask-ratio x|--keep-lines\
|-p secrets|-p export|-p nosuch|--level warn|--since 1h|--until 2020-01-01|--where a=*|--where user=jo*|--stack fold|--stack drop\
|--max-line 10|--max-line 64MiB|--max-line 0|-j 4|-j 999|--color always|--key file:key|--key env:NOPE|--no-config|--no-floor\
|--audit aud|--audit-key file:key|--reason x|--view a|--seal pii.*|--keyring rings|--secrets-file key|--require-input|-c own.yaml\
|-c missing.yaml|--lock lock|--context 2|--hidden|-v|--help|-|--format sarif|--format json|--format github|--format x|--max 1\
|--fail-on pii.email|--baseline base.json|--changed|--effective|--on log|--junit j.xml|bash|aud|log|own.yaml|dir|no-file|empty|picture";

const COMMANDS: &str = "|||||check|explain|policy check|policy show|policy test|policy diff|policy schema|policy init|policy lock\
|rules|reveal|audit verify|audit show|audit receipt|audit head|audit repair|grant show|keyring rewrap|completions|man|broker|run";

/// Numbers that follow from each other (Knuth's MMIX).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn one<'a>(&mut self, of: &'a str) -> Vec<&'a str> {
        let all: Vec<&str> = of.split('|').collect();
        all[self.below(all.len())].split_whitespace().collect()
    }
}

fn line() -> String {
    format!("2026-03-02T14:00:00Z INFO password={SECRET} user jo.magpie@corp.test done\n")
}

fn fill(dir: &Path) {
    let write = |name: &str, text: &str| std::fs::write(dir.join(name), text).unwrap();
    std::fs::create_dir(dir.join("dir")).unwrap();
    write("log", &(line().repeat(3) + &format!("{{\"password\":\"{SECRET}\"}}\n")));
    write("dir/log", &line());
    write("empty", "");
    std::fs::write(dir.join("picture"), [b"\x89PNG\r\n\x1a\npassword=", SECRET.as_bytes()].concat()).unwrap();
    write("key", "0123456789abcdef0123\n");
    write("own.yaml", "version: 1\nrules:\n  - {id: zap, class: pii.zap, pattern: 'zap-[0-9]+', action: redact}\n");
}

fn run(dir: &Path, words: &[&str]) -> Output {
    let mut child = Command::new(EXE)
        .args(words)
        .current_dir(dir)
        .env("HOME", dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Who refuses does not read.
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), line().as_bytes());
    child.wait_with_output().unwrap()
}

/// All files below `dir` that hold the secret, but for those that did before and copies of these.
fn holding(dir: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            holding(&path, found);
        } else if name != "picture" && path.extension().is_none_or(|end| end != "bak") {
            let bytes = std::fs::read(&path).unwrap();
            if memchr::memmem::find(&bytes, SECRET.as_bytes()).is_some() {
                found.push(path.display().to_string());
            }
        }
    }
}

#[test]
fn whatever_is_typed_nothing_is_shown_and_who_is_refused_is_told() {
    let mut chance = Chance(7);
    for _ in 0..250 {
        let dir = tempfile::tempdir().unwrap();
        fill(dir.path());
        let mut words = chance.one(COMMANDS);
        let filter = words.is_empty();
        let command = words == ["run"];
        for _ in 0..chance.below(5) {
            words.extend(chance.one(TYPED));
        }
        if filter {
            words.extend(chance.one("log|dir|empty|log picture|-|"));
        } else if command {
            words.extend(["--", "sh", "-c", "cat log; cat log >&2"]);
        }
        let output = run(dir.path(), &words);
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let code = output.status.code().unwrap_or(-1);
        // What a command says is its own.
        assert!([0, 1, 2, 3, 4, 74].contains(&code) || command, "{words:?}: {code} {stderr}");
        assert!(!stdout.contains(SECRET) && !stderr.contains(SECRET), "{words:?}: {stdout}{stderr}");
        assert!(command || code != 2 && code != 74 || stderr.contains("logmask: "), "{words:?}: {code} {stderr}");
        let mut found = Vec::new();
        holding(dir.path(), &mut found);
        found.retain(|path| !path.ends_with("/log") || path.contains("/out/"));
        assert!(found.is_empty(), "{words:?}: {found:?}");
    }
}

#[test]
fn a_line_is_withheld_from_one_byte_over_the_bound_on() {
    let dir = tempfile::tempdir().unwrap();
    for (length, code) in [(99, 0), (100, 0), (101, 3)] {
        for ending in ["\n", "\r\n", ""] {
            let long = format!("a\n{}{ending}", "x".repeat(length));
            std::fs::write(dir.path().join("log"), &long).unwrap();
            let expected = if code == 0 { long } else { format!("a\nREDACTED-record-too-long-bytes-{length}{ending}") };
            for threads in ["1", "4"] {
                let output = run(dir.path(), &["--no-config", "--max-line", "100", "-j", threads, "log"]);
                assert_eq!(output.status.code(), Some(code), "{length} {ending:?}");
                assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{length} {ending:?}");
            }
        }
    }
}
