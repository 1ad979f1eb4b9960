//! Sealed values: what one costs, and how fast a log without any goes through `reveal`.

use crate::generate::Corpus;
use crate::measure::{cpu, median, rate};
use crate::random::Random;
use crate::values;
use age::secrecy::ExposeSecret;
use logmask::seal::{Sealer, token};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const EXE: &str = env!("CARGO_BIN_EXE_logmask");

/// Values of one round.
const VALUES: usize = 100_000;

/// Most that a sealed value may cost.
const MOST: Duration = Duration::from_micros(2);

/// Prints both. True if a value costs too much.
pub fn report(corpora: &[Corpus], rounds: usize) -> bool {
    println!("\n## Sealed values\n\n| | µs a value |\n|---|--:|");
    let mut random = Random::new(20_260_302);
    let values: Vec<String> = (0..VALUES).map(|_| values::email(&mut random)).collect();
    let sealer = Sealer::new([("pii.email".to_owned(), 0)]).expect("random bytes");
    let sealed = sealer.class("pii.email").expect("it was asked for");
    let ring = sealer.ring(String::new(), Vec::new(), |_| true);
    let mut out = Vec::new();
    let seal = |out: &mut Vec<u8>| {
        out.clear();
        for value in &values {
            sealed.seal(value.as_bytes(), false, out);
        }
    };
    let each = |time: Duration| time / VALUES as u32;
    let sealing = each(median((0..rounds).map(|_| cpu(|| seal(&mut out))).collect()));
    let open = || {
        let mut from = 0;
        while let Some(token) = token::next(&out, from) {
            from = token.span.end;
            assert!(ring.keys[token.class].open(token.payload).is_some());
        }
    };
    let opening = each(median((0..rounds).map(|_| cpu(open)).collect()));
    for (what, time) in [("seal", sealing), ("find and open", opening)] {
        println!("| {what} | {:.2} |", time.as_secs_f64() * 1e6);
    }
    println!("\n| wall time, file to file | logmask reveal | cat |\n|---|--:|--:|");
    for corpus in corpora.iter().filter(|corpus| "ae".contains(corpus.name)) {
        let [ours, cat] = copies(corpus, rounds).map(|time| rate(corpus.bytes.len(), time));
        println!("| {} {}, without sealed values | {ours:.0} MB/s | {cat:.0} MB/s |", corpus.name, corpus.about);
    }
    sealing > MOST
}

/// The corpus from one file to another, through `reveal` and through `cat`.
fn copies(corpus: &Corpus, rounds: usize) -> [Duration; 2] {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = |name: &str| dir.path().join(name);
    std::fs::write(path("log"), &corpus.bytes).expect("the temporary directory has room");
    std::fs::create_dir(path("rings")).expect("it is new");
    std::fs::write(path("key"), age::x25519::Identity::generate().to_string().expose_secret()).expect("room");
    std::fs::set_permissions(path("key"), PermissionsExt::from_mode(0o600)).expect("it is ours");
    let reveal =
        [EXE, "reveal", "--no-config", "--keyring", "rings", "--identity", "file:key", "--audit", "audit", "log"];
    [&reveal[..], &["cat", "log"]].map(|words| median((0..rounds).map(|_| timed(words, dir.path())).collect()))
}

fn timed(words: &[&str], dir: &Path) -> Duration {
    let out = std::fs::File::create(dir.join("out")).expect("room");
    let begin = Instant::now();
    let status = Command::new(words[0])
        .args(&words[1..])
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(out)
        .status()
        .expect("the program starts");
    assert!(status.success());
    begin.elapsed()
}
