//! The commands of the README, run as they stand there.
//!
//! Fenced blocks are marked in the words behind their language, which readers do not see:
//!
//! - ```` ```json file=app.log ```` – its text is put into the working directory as `app.log`;
//! - ```` ```sh run ```` – a script that must succeed (`run=1`: must end with status 1);
//! - ```` ```yaml script ```` – steps of a CI job: what stands under `run` and `script` must succeed, as above;
//! - ```` ```console run ```` – a session: lines behind `$ ` are commands, the lines up to the next command are what
//!   they print on standard output and standard error. `…` stands for anything within a line, a line of `…` alone for
//!   any lines, and pseudonyms only need to be pseudonyms of the same label.
//!
//! Where a program is missing that a block runs, the rest of its section is told and skipped.
//!
//! All blocks run in order in one directory that starts with the files of `tests/it/readme/`, `logmask` being the
//! executable under test and `kubectl` a stand-in.

use crate::run::{EXE, beside};
use regex::Regex;
use std::path::Path;
use std::process::Command;

/// Programs that not every machine has, with their Debian packages.
const PROGRAMS: [(&str, &str); 5] = [
    ("ssh-keygen", "openssh-client"),
    ("/usr/sbin/sshd", "openssh-server"),
    ("age-keygen", "age"),
    ("jq", "jq"),
    ("git", "git"),
];

struct Block {
    line: usize,
    /// The number of the heading it stands under.
    section: usize,
    language: String,
    marks: Vec<String>,
    text: String,
}

#[test]
fn the_commands_of_the_readme_do_what_it_says() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let blocks = blocks(&std::fs::read_to_string(readme).unwrap());
    let ran = run_all(&blocks);
    assert!(ran > 0, "no block of the README is marked to be run");
}

#[test]
fn the_runner_of_the_readme_notices_what_is_wrong() {
    let page = "```text file=a.txt\nx 1\ny 22\n```\nWords.\n```sh run\ngrep -q x a.txt\n```\n```console run\n$ cat a.txt\nx …\n…\n$ echo REDACTED-email-aaaaaaaaaa; echo oops >&2\nREDACTED-email-k3v5k3v5k3\noops\n```\n```sh\nfalse\n```\n```sh run=3\nexit 3\n```\n";
    assert_eq!(run_all(&blocks(page)), 3);
    for wrong in [
        "```sh run\nfalse\ntrue\n```\n",
        "```console run\n$ echo a\nb\n```\n",
        "```sh run=1\ntrue\n```\n",
        "```sh rnu\n```\n",
    ] {
        assert!(std::panic::catch_unwind(|| run_all(&blocks(wrong))).is_err(), "{wrong}");
    }
}

/// What `block` runs and is not installed here: the package to install.
fn missing(block: &Block) -> Option<&'static str> {
    let runs = |program: &str| block.text.split([' ', '"', '\n', '|', '(']).any(|word| word == program);
    let there =
        |program: &str| std::env::split_paths(&std::env::var_os("PATH").unwrap()).any(|dir| dir.join(program).exists());
    let absent = |(program, _): &&(&str, &str)| runs(program) && !there(program);
    PROGRAMS.iter().find(absent).map(|(_, package)| *package)
}

/// Fenced blocks, with the line each starts on.
fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut section = 0;
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        // A block may be indented, as part of a list.
        let bare = line.trim_start();
        let Some(info) = bare.strip_prefix("```") else {
            section += usize::from(line.starts_with('#'));
            continue;
        };
        let indent = &line[..line.len() - bare.len()];
        let mut words = info.split_whitespace().map(str::to_string);
        let language = words.next().unwrap_or_default();
        let text = lines.by_ref().map(|(_, line)| line.strip_prefix(indent).unwrap_or(line));
        let text = text.take_while(|line| *line != "```");
        let text = text.flat_map(|line| [line, "\n"]).collect();
        found.push(Block { line: number + 1, section, language, marks: words.collect(), text });
    }
    found
}

/// Runs what is marked and says how many blocks that were.
fn run_all(blocks: &[Block]) -> usize {
    let dir = tempfile::tempdir().unwrap();
    if let Ok(entries) = std::fs::read_dir(beside("readme")) {
        for entry in entries.flatten() {
            std::fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
        }
    }
    let mut ran = 0;
    let mut skipped = None;
    for block in blocks {
        if let Some(package) = missing(block).filter(|_| !block.marks.is_empty()) {
            assert!(std::env::var_os("CI").is_none(), "README.md:{}: needs {package}", block.line);
            eprintln!("SKIPPED: README.md:{} and the rest of its section: apt-get install {package}", block.line);
            skipped = Some(block.section);
        }
        if skipped == Some(block.section) {
            continue;
        }
        for mark in &block.marks {
            let (word, value) = mark.split_once('=').unwrap_or((mark, ""));
            match (block.language.as_str(), word) {
                (_, "file") => std::fs::write(dir.path().join(value), &block.text).unwrap(),
                ("sh", "run") => {
                    let (status, output) = shell(dir.path(), &block.text);
                    let wanted = value.parse().unwrap_or(0);
                    assert!(status == Some(wanted), "README.md:{}: status {status:?}: {output}", block.line);
                    ran += 1;
                }
                ("yaml", "script") => {
                    let yaml = serde_yaml::from_str(&block.text).unwrap();
                    let mut scripts = Vec::new();
                    collect_scripts(&yaml, &mut scripts);
                    assert!(!scripts.is_empty(), "README.md:{}: no script", block.line);
                    for script in scripts {
                        let (status, output) = shell(dir.path(), &script);
                        assert!(status == Some(0), "README.md:{}: status {status:?}: {output}", block.line);
                    }
                    ran += 1;
                }
                ("console", "run") => {
                    session(dir.path(), block);
                    ran += 1;
                }
                _ => panic!("README.md:{}: unknown mark {mark:?}", block.line),
            }
        }
    }
    ran
}

/// What stands under `run` and `script`, anywhere in the steps of a CI job.
fn collect_scripts(yaml: &serde_yaml::Value, found: &mut Vec<String>) {
    match yaml {
        serde_yaml::Value::Sequence(items) => items.iter().for_each(|item| collect_scripts(item, found)),
        serde_yaml::Value::Mapping(members) => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    (Some("run"), serde_yaml::Value::String(script)) => found.push(script.clone()),
                    (Some("script"), serde_yaml::Value::Sequence(lines)) => {
                        found.extend(lines.iter().filter_map(|line| line.as_str().map(str::to_string)));
                    }
                    _ => collect_scripts(value, found),
                }
            }
        }
        _ => {}
    }
}

/// Runs each command of a session and compares what it prints.
fn session(dir: &Path, block: &Block) {
    let mut rest = block.text.lines().peekable();
    while let Some(line) = rest.next() {
        let Some(command) = line.strip_prefix("$ ") else { panic!("README.md:{}: no command: {line}", block.line) };
        let mut command = command.to_string();
        while command.ends_with('\\') {
            command = format!("{command}\n{}", rest.next().unwrap_or_default());
        }
        let mut expected = Vec::new();
        while let Some(line) = rest.next_if(|line| !line.starts_with("$ ")) {
            expected.push(line);
        }
        let (_, output) = shell(dir, &command);
        assert!(
            pattern(&expected).is_match(&output),
            "README.md:{}: {command}\nprints\n{output}\nbut the page says\n{}",
            block.line,
            expected.join("\n")
        );
    }
}

/// Standard output and standard error of `script`, as a terminal shows them.
fn shell(dir: &Path, script: &str) -> (Option<i32>, String) {
    let bin = Path::new(EXE).parent().unwrap();
    let path = format!("{}:{}:{}", dir.display(), bin.display(), std::env::var("PATH").unwrap());
    let mut sh = Command::new("sh");
    sh.args(["-ec", &format!("exec 2>&1\n{script}")]).current_dir(dir).env("PATH", path).env("HOME", dir);
    sh.env_remove("XDG_CONFIG_HOME").env_remove("LOGMASK_CONFIG");
    let output = sh.stdin(std::process::Stdio::null()).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn pattern(expected: &[&str]) -> Regex {
    let pseudonym = Regex::new(r"REDACTED\\-([a-z0-9.\\-]*?)\\-[a-z2-7]{10}(?-u:\b)").unwrap();
    let line = |line: &&str| match *line {
        "…" => "(?:[^\n]*\n)*?".to_string(),
        line => {
            let line = regex::escape(line).replace('…', "[^\n]*?");
            format!("{}\n", pseudonym.replace_all(&line, r"REDACTED-$1-[a-z2-7]{10}"))
        }
    };
    Regex::new(&format!("^{}$", expected.iter().map(line).collect::<String>())).unwrap()
}
