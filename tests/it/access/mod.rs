//! Who sees what, and the record of it, with the real outside programs: ssh-keygen, sshd, age, jq.

mod audit;
mod broker;
mod chain;
mod grants;
mod noted;
mod refused;
mod reveal;
mod seal;
mod seen;
mod signers;
mod signing;
mod sshd;
mod trail;
mod views;

use crate::run::EXE;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A directory with keys in it, where commands run.
pub struct Place(TempDir);

/// What a command said.
pub struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Said {
    fn of(output: &Output) -> Said {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Said { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// With this exit status, or the test fails.
    pub fn ends(self, code: i32) -> Said {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }
}

impl Place {
    pub fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// A key pair of OpenSSH, `name` and `name.pub`.
    pub fn key(&self, name: &str) {
        self.run(&["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", name], "").ends(0);
    }

    /// `program` of `words[0]` with the other words, fed with `input`.
    pub fn run(&self, words: &[&str], input: &str) -> Said {
        run(self.0.path(), Path::new(words[0]), &words[1..], input)
    }

    /// Our executable.
    pub fn logmask(&self, words: &[&str], input: &str) -> Said {
        run(self.0.path(), Path::new(EXE), words, input)
    }
}

fn run(dir: &Path, program: &Path, words: &[&str], input: &str) -> Said {
    let mut child = Command::new(program)
        .args(words)
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let feed = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    Said::of(&output)
}

/// The rows of the table of faults that a test is named for: `k05_k06_…` for two, `i01_to_i10_…` for ten.
fn rows(name: &str) -> Vec<String> {
    let is_row = |word: &str| word.len() == 3 && "ijk".contains(&word[..1]) && word[1..].parse::<u8>().is_ok();
    let words: Vec<&str> = name.split('_').take_while(|word| *word == "to" || is_row(word)).collect();
    match words[..] {
        [from, "to", to] => {
            let number = |row: &str| row[1..].parse::<u8>().unwrap();
            (number(from)..=number(to)).map(|number| format!("{}{number:02}", &from[..1])).collect()
        }
        _ => words.into_iter().map(str::to_owned).collect(),
    }
}

#[test]
fn every_fault_of_grants_seals_and_audit_has_a_test() {
    let mut proved = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(crate::run::beside("access")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for (at, _) in text.match_indices("#[test]\nfn ") {
            proved.extend(rows(text[at + 11..].split('(').next().unwrap()));
        }
    }
    let all = [("i", 16), ("j", 10), ("k", 11)];
    let all = all.iter().flat_map(|(section, most)| (1..=*most).map(move |row| format!("{section}{row:02}")));
    assert_eq!(proved, all.collect());
}

/// Whether all `programs` are here; says so if not.
pub fn installed(programs: &[(&str, &str)]) -> bool {
    let missing: Vec<&str> = programs
        .iter()
        .filter(|(program, _)| {
            let found = std::env::var("PATH").unwrap_or_default();
            !found.split(':').chain(["/usr/sbin"]).any(|dir| Path::new(dir).join(program).exists())
        })
        .map(|(_, package)| *package)
        .collect();
    if !missing.is_empty() {
        eprintln!("SKIPPED: needs the packages {}", missing.join(", "));
    }
    missing.is_empty()
}

/// What the audit tests need.
pub const SSH: &[(&str, &str)] = &[("ssh-keygen", "openssh-client"), ("jq", "jq"), ("sha256sum", "coreutils")];
