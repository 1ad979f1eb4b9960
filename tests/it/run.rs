//! The real executable, run on some bytes: `logmask().policy("…").pipe("pin=1\n").prints("pin=REDACTED-pin\n")`.

use crate::canary::Canary;
use crate::support::KEY;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The executable under test.
pub const EXE: &str = env!("CARGO_BIN_EXE_logmask");

/// No run of a test may take longer; only a hang does.
const PATIENCE: Duration = Duration::from_secs(120);

/// A run of the executable that has not started yet.
pub struct Logmask {
    /// Holds `work` (current directory), `tmp` (`TMPDIR`) and what the test itself placed beside them.
    dir: TempDir,
    placed: Vec<PathBuf>,
    args: Vec<OsString>,
    envs: Vec<(String, String)>,
    stdout: Option<Stdio>,
    stderr: Option<Stdio>,
}

/// What a run left behind.
pub struct Outcome {
    /// All of standard output.
    pub stdout: Vec<u8>,
    /// All of standard error.
    pub stderr: Vec<u8>,
    /// How it ended.
    pub status: ExitStatus,
    dir: TempDir,
    placed: Vec<PathBuf>,
}

/// A run with the built-in default policy.
pub fn logmask() -> Logmask {
    let dir = tempfile::tempdir().unwrap();
    for name in ["work", "tmp"] {
        std::fs::create_dir(dir.path().join(name)).unwrap();
    }
    Logmask { dir, placed: Vec::new(), args: Vec::new(), envs: Vec::new(), stdout: None, stderr: None }
}

impl Logmask {
    /// Adds a policy file with this text.
    pub fn policy(self, yaml: impl AsRef<[u8]>) -> Logmask {
        let path = self.dir.path().join("policy.yaml");
        std::fs::write(&path, yaml).unwrap();
        self.arg("-c").arg(path)
    }

    /// Puts a file into the working directory.
    pub fn file(mut self, name: &str, bytes: impl AsRef<[u8]>) -> Logmask {
        let path = self.work().join(name);
        std::fs::write(&path, bytes).unwrap();
        self.placed.push(path);
        self
    }

    /// Makes pseudonyms the same as in the runs in process.
    pub fn keyed(self) -> Logmask {
        self.arg("--key").arg("env:LOGMASK_TEST_KEY").env("LOGMASK_TEST_KEY", KEY)
    }

    /// Adds an argument.
    pub fn arg(mut self, arg: impl Into<OsString>) -> Logmask {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments.
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Logmask {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Logmask {
        self.envs.push((name.into(), value.into()));
        self
    }

    /// Sends standard output elsewhere.
    pub fn stdout(mut self, to: impl Into<Stdio>) -> Logmask {
        self.stdout = Some(to.into());
        self
    }

    /// Sends standard error elsewhere.
    pub fn stderr(mut self, to: impl Into<Stdio>) -> Logmask {
        self.stderr = Some(to.into());
        self
    }

    /// Runs it with `input` on standard input.
    pub fn pipe(self, input: impl AsRef<[u8]>) -> Outcome {
        let bytes = input.as_ref().to_vec();
        // A run that stops early leaves us with a broken pipe, which is its right.
        self.feed(move |stdin| drop(stdin.write_all(&bytes)))
    }

    /// Runs it with whatever `feed` writes on standard input, which is closed when `feed` returns.
    pub fn feed(mut self, feed: impl FnOnce(&mut std::process::ChildStdin) + Send + 'static) -> Outcome {
        let mut child = self.start();
        let mut stdin = child.stdin.take().unwrap();
        let feeding = thread::spawn(move || feed(&mut stdin));
        let outcome = self.finish(child);
        feeding.join().unwrap();
        outcome
    }

    /// Starts it and leaves the rest to the caller.
    pub fn start(&mut self) -> Child {
        let mut command = Command::new(EXE);
        command.args(&self.args).current_dir(self.work()).env("TMPDIR", self.dir.path().join("tmp"));
        command
            .env("HOME", self.dir.path())
            .env_remove("RUST_BACKTRACE")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("LOGMASK_CONFIG")
            .envs(self.envs.iter().cloned());
        command.stdin(Stdio::piped());
        command.stdout(self.stdout.take().unwrap_or_else(Stdio::piped));
        command.stderr(self.stderr.take().unwrap_or_else(Stdio::piped));
        command.spawn().unwrap()
    }

    /// Waits for `child` to end by itself.
    pub fn finish(self, mut child: Child) -> Outcome {
        let stdout = child.stdout.take().map(read_aside);
        let stderr = child.stderr.take().map(read_aside);
        let status = wait(&mut child, PATIENCE).unwrap_or_else(|| {
            child.kill().unwrap();
            panic!("{EXE} {:?} did not end within {PATIENCE:?}", self.args)
        });
        let all = |side: Option<thread::JoinHandle<Vec<u8>>>| side.map(|side| side.join().unwrap()).unwrap_or_default();
        Outcome { stdout: all(stdout), stderr: all(stderr), status, dir: self.dir, placed: self.placed }
    }

    /// Its working directory.
    pub fn work(&self) -> PathBuf {
        self.dir.path().join("work")
    }
}

impl Outcome {
    /// Standard output is exactly `expected`, where `*` behind a label stands for any pseudonym.
    #[track_caller]
    pub fn prints(&self, expected: impl AsRef<[u8]>) -> &Outcome {
        let expected = expected.as_ref();
        assert!(same(&self.stdout, expected), "{}", difference(&self.stdout, expected, &self.stderr));
        self
    }

    /// The exit status is `code`.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Outcome {
        assert_eq!(self.status.code(), Some(code), "{}: {}", self.status, text(&self.stderr));
        self
    }

    /// Standard output contains `words`.
    #[track_caller]
    pub fn contains(&self, words: &str) -> &Outcome {
        assert!(text(&self.stdout).contains(words), "expected {words:?} in: {}", text(&self.stdout));
        self
    }

    /// Standard output does not contain `words`.
    #[track_caller]
    pub fn lacks(&self, words: &str) -> &Outcome {
        assert!(!text(&self.stdout).contains(words), "found {words:?} in: {}", text(&self.stdout));
        self
    }

    /// Standard error contains `words`.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Outcome {
        assert!(text(&self.stderr).contains(words), "expected {words:?} in: {}", text(&self.stderr));
        self
    }

    /// Standard error has so many lines.
    #[track_caller]
    pub fn says_lines(&self, lines: usize) -> &Outcome {
        assert_eq!(text(&self.stderr).lines().count(), lines, "{}", text(&self.stderr));
        self
    }

    /// Where `name` stands in its working directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("work").join(name)
    }

    /// No spelling of `canary` stands on standard output or error, or in a file the run wrote.
    #[track_caller]
    pub fn hides(&self, canary: &Canary) -> &Outcome {
        canary.assert_gone("stdout", &self.stdout);
        self.tells_nobody(canary)
    }

    /// The same without standard output.
    #[track_caller]
    pub fn tells_nobody(&self, canary: &Canary) -> &Outcome {
        canary.assert_gone("stderr", &self.stderr);
        for name in ["work", "tmp"] {
            canary.assert_not_under(&self.dir.path().join(name), &self.placed);
        }
        self
    }
}

/// Whether `found` is `expected`, where `*` behind a label stands for any pseudonym.
pub fn same(found: &[u8], expected: &[u8]) -> bool {
    let (mut f, mut e) = (0, 0);
    while e < expected.len() {
        if expected[e] == b'*' && ends_in_label(&expected[..e]) {
            let Some(suffix) = found.get(f..f + PSEUDONYM) else { return false };
            if !suffix.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
                return false;
            }
            f += PSEUDONYM;
        } else if found.get(f) == Some(&expected[e]) {
            f += 1;
        } else {
            return false;
        }
        e += 1;
    }
    f == found.len()
}

/// Characters of a pseudonym behind its label.
const PSEUDONYM: usize = 10;

/// Whether `text` ends in `REDACTED-<label>-`.
fn ends_in_label(text: &[u8]) -> bool {
    let Some(at) = memchr::memmem::rfind(text, b"REDACTED-") else { return false };
    let label = &text[at + 9..];
    label.len() > 1 && label.ends_with(b"-") && label.iter().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(b))
}

/// What differs, in words for a failing test.
pub fn difference(found: &[u8], expected: &[u8], stderr: &[u8]) -> String {
    format!("\n  found {}\nexpected {}\n stderr {}", shown(found), shown(expected), text(stderr))
}

fn shown(bytes: &[u8]) -> String {
    let cut = &bytes[..bytes.len().min(4000)];
    format!(
        "({} bytes) {}",
        bytes.len(),
        cut.escape_ascii().to_string().replace("\\n", "\\n\n         ").replace("\\\"", "\"")
    )
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The exit status of `child`, or `None` if it still runs after `patience`.
pub fn wait(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        if start.elapsed() > patience {
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

/// Reads `from` to its end on a thread of its own.
pub fn read_aside(mut from: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        bytes
    })
}

/// Lines of `from` as they come, without their endings.
pub fn lines_aside(from: impl Read + Send + 'static) -> Receiver<String> {
    let (tx, rx) = channel();
    thread::spawn(move || {
        for line in BufReader::new(from).lines() {
            if tx.send(line.unwrap()).is_err() {
                return;
            }
        }
    });
    rx
}

/// The file `name` beside the tests.
pub fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(name)
}

#[test]
fn a_star_behind_a_label_stands_for_a_pseudonym_only() {
    assert!(same(b"to REDACTED-email-k3v5abcdef, x", b"to REDACTED-email-*, x"));
    assert!(!same(b"to REDACTED-email-k3v5abcde, x", b"to REDACTED-email-*, x"));
    assert!(!same(b"to bob, x", b"to *, x"));
    assert!(same(b"a-*", b"a-*"));
}
