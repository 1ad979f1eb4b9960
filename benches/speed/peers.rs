//! Other programs on the same bytes, as processes of their own.

use crate::naive::{PATTERNS, alternation};
use logmask::policy::{Docs, Find, load};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A program with its arguments.
pub struct Peer {
    /// What the table calls it.
    pub name: &'static str,
    command: Vec<String>,
    /// Share of the corpus it gets, because it is slow: one part in so many.
    pub share: usize,
    /// Corpora it can read; empty: all.
    pub only: &'static str,
    /// It prints how many seconds of CPU time count.
    times_itself: bool,
}

impl Default for Peer {
    fn default() -> Peer {
        Peer { name: "", command: Vec::new(), share: 1, only: "", times_itself: false }
    }
}

/// What 157 of the built-in tokens begin with, as patterns.
fn prefixes() -> Vec<String> {
    let policy = load("default", &[], false, Docs::Without).expect("a built-in profile");
    let begins = policy.rules.iter().filter_map(|rule| match &rule.find {
        Find::Pattern { anchors, .. } => anchors.iter().find(|anchor| anchor.len() > 3),
        _ => None,
    });
    let mut begins: Vec<String> = begins.map(regex::escape).collect();
    begins.sort_unstable();
    begins.dedup();
    // From all letters of the alphabet.
    let step = (begins.len() / 157).max(1);
    begins.into_iter().step_by(step).take(157).collect()
}

/// What can be run on this machine; the rest is named on standard error.
pub fn installed() -> Vec<Peer> {
    let any = alternation();
    // Without word boundaries and lazy groups, which POSIX does not have.
    let posix = any.replace(r"\b", "").replace("(?:", "(");
    // Known paths, which is as fast as jq gets; walking all keys takes it fifteen times as long.
    let fields = ["user.email", "user.ip", "body.password", "http.query.token", "http.headers.authorization"];
    let fields = fields.map(|path| format!(r#"if .{path} then .{path} = "REDACTED" else . end"#)).join(" | ");
    let fields = fields.replace("headers.authorization", r#"headers["authorization"]"#);
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_string()).collect::<Vec<_>>();
    let perl = format!("s#{}#REDACTED#g", any.replace('@', r"\@"));
    let scan = ["python3", concat!(env!("CARGO_MANIFEST_DIR"), "/benches/speed/vectorscan.py")];
    let scan = |patterns: Vec<String>| scan.map(str::to_string).into_iter().chain(patterns).collect::<Vec<_>>();
    let peers = vec![
        Peer { name: "sd", command: words(&["sd", &any, "REDACTED"]), ..Peer::default() },
        Peer {
            name: "ripgrep",
            command: words(&["rg", "--no-config", "-N", "--passthru", "-r", "REDACTED", &any, "-"]),
            ..Peer::default()
        },
        Peer {
            name: "sed -E",
            command: words(&["sed", "-E", &format!("s#{}#REDACTED#g", posix.replace('#', "\\#"))]),
            share: 8,
            only: "abcd",
            ..Peer::default()
        },
        Peer { name: "perl", command: words(&["perl", "-pe", &perl]), share: 16, only: "abcd", ..Peer::default() },
        Peer { name: "jq, fields", command: words(&["jq", "-c", &fields]), share: 8, only: "b", ..Peer::default() },
        Peer {
            name: "vectorscan, 13 patterns, scan only",
            command: scan(PATTERNS.map(|(_, pattern)| pattern.to_string()).to_vec()),
            times_itself: true,
            ..Peer::default()
        },
        Peer {
            name: "vectorscan, 157 literals, scan only",
            command: scan(prefixes()),
            times_itself: true,
            ..Peer::default()
        },
    ];
    let here = |peer: &Peer| {
        if peer.times_itself {
            // Empty input tells whether the library is there.
            let here = Command::new(&peer.command[0])
                .args(&peer.command[1..])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success());
            if !here {
                eprintln!("SKIPPED: libvectorscan5 is not installed and {} has no row in the table", peer.name);
            }
            return here;
        }
        let program = &peer.command[0];
        let here = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
        if !here {
            eprintln!("SKIPPED: {program} is not installed and has no row in the table");
        }
        here
    };
    peers.into_iter().filter(here).collect()
}

impl Peer {
    /// Our own executable on so many threads.
    pub fn ourselves(name: &'static str, threads: usize) -> Peer {
        let command =
            [env!("CARGO_BIN_EXE_logmask"), "-j"].map(str::to_string).into_iter().chain([threads.to_string()]);
        Peer { name, command: command.collect(), ..Peer::default() }
    }

    /// (CPU, wall) of one run on `file`.
    pub fn run(&self, file: &Path) -> Option<(Duration, Duration)> {
        // bash tells user and system time of a child to the millisecond; std tells neither.
        let script = if self.times_itself {
            r#""$@" >&2; echo 0 0 >&2"#
        } else {
            r#"TIMEFORMAT="%3U %3S %3R"; time "$@" >/dev/null 2>&1"#
        };
        let mut bash = Command::new("bash");
        bash.args(["-c", script, "bash"]).args(&self.command).stdin(std::fs::File::open(file).ok()?).env("LC_ALL", "C");
        let output = bash.stdout(Stdio::null()).output().ok()?;
        let text = String::from_utf8(output.stderr).ok()?;
        let times: Vec<f64> = text.split_whitespace().filter_map(|time| time.parse().ok()).collect();
        let [user, system, real] = times[..] else {
            eprintln!("SKIPPED: {} did not run: {text}", self.name);
            return None;
        };
        if !output.status.success() {
            eprintln!("SKIPPED: {} ended with {}", self.name, output.status);
            return None;
        }
        Some((Duration::from_secs_f64(user + system), Duration::from_secs_f64(real)))
    }
}
