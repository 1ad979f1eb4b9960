//! The engine in process: the one place where tests and benches depend on how it is called.

use logmask::masker::{Literals, Masker, Settings};
use logmask::pipeline::{Options, run};
use logmask::policy::{Docs, Stack, load};
use logmask::select::{Clock, Level, Selection};
use logmask::tally::Tally;
use std::io::{Read, Write};

/// A key for runs that have to give the same pseudonyms.
pub const KEY: &str = "a-key-for-tests-only-0123456789";

/// A policy, ready to run.
pub struct Engine(Masker);

impl Engine {
    /// The built-in `profile` with `policy` (YAML) on top.
    pub fn new(profile: &str, policy: Option<&str>, keep_lines: bool) -> Engine {
        Engine::try_new(profile, policy, keep_lines).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same, or why not.
    pub fn try_new(profile: &str, policy: Option<&str>, keep_lines: bool) -> Result<Engine, String> {
        Engine::with_literals(profile, policy, keep_lines, Literals::default())
    }

    /// The same, with listed secrets.
    pub fn with_literals(
        profile: &str,
        policy: Option<&str>,
        keep_lines: bool,
        literals: Literals,
    ) -> Result<Engine, String> {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("policy.yaml");
        let files: Vec<_> = policy.iter().map(|_| path.clone()).collect();
        if let Some(yaml) = policy {
            std::fs::write(&path, yaml).expect("it can be written to");
        }
        let policy = load(profile, &files, false, Docs::Without).map_err(|error| error.to_string())?;
        let settings = Settings { key: KEY.as_bytes().to_vec(), keep_lines, literals, ..Settings::default() };
        Masker::new(&policy, settings).map(Engine).map_err(|error| error.to_string())
    }

    /// Applies options that change what is shown; false if one is unknown here.
    pub fn options(&mut self, args: &[String]) -> bool {
        let mut selection = Selection::default();
        selection.clock = Clock::now();
        for pair in args.chunks(2) {
            let [option, value] = pair else { return false };
            match option.as_str() {
                "--stack" => self.0.set_stack(Stack::parse(value).expect("a way to deal with stack traces")),
                "--since" => selection.since = selection.clock.parse(value),
                "--until" => selection.until = selection.clock.parse(value),
                "--level" => selection.level = Level::parse(value),
                "--where" => selection.field(value).expect("a field"),
                "--match" => selection.text(value.as_bytes()),
                _ => return false,
            }
        }
        self.0.select(selection);
        true
    }

    /// Moves `input` to `output` on so many threads.
    pub fn pump(&self, input: impl Read + Send, output: impl Write + Send, threads: usize) {
        let options = Options { threads, ..Options::default() };
        run(&self.0, input, output, &options, &mut Tally::default()).unwrap_or_else(|error| panic!("{error}"));
    }

    /// `input`, masked in one go.
    pub fn mask(&self, input: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        self.pump(input, &mut out, 1);
        out
    }
}
