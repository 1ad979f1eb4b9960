//! What rules cost: those of a user, listed secrets, and each built-in rule on lines that it does not match.

use crate::generate::Corpus;
use crate::measure::{cpu, median, rate};
use crate::random::Random;
use logmask::masker::{Literals, Masker, Scratch, Settings, State};
use logmask::policy::{Docs, Policy, load};
use logmask::rewrite::Rewrite;
use std::time::Duration;

/// Rules of a user that are measured together, and secrets.
const PATTERNS: usize = 200;
const SECRETS: usize = 10_000;
/// The slowest rules that are listed.
const SLOWEST: usize = 10;
/// Bytes of a chunk, and of the lines on which each rule is measured.
const CHUNK: usize = 256 << 10;
const LINES: usize = 1 << 20;

/// Prints both tables.
pub fn report(corpora: &[Corpus], rounds: usize) {
    added(corpora, rounds);
    each(corpora, rounds);
}

/// What is added to the default policy, and the throughput that is left.
fn added(corpora: &[Corpus], rounds: usize) {
    let own = |rules: &str| {
        let file = tempfile::Builder::new().suffix(".yaml").tempfile().expect("a temporary file");
        let rules = if rules.is_empty() { String::new() } else { format!("rules:\n{rules}") };
        std::fs::write(file.path(), format!("version: 1\nextends: [builtin:default]\n{rules}")).expect("room");
        load("default", &[file.path().to_owned()], false, Docs::Without).expect("the rules are right")
    };
    let mut random = Random::new(20_261_126);
    let (mut patterns, mut inside) = (String::new(), String::new());
    for at in 0..PATTERNS {
        let rule = |pattern: &str| format!("  - {{id: own-{at}, class: secret.x, pattern: '{pattern}'}}\n");
        patterns += &rule(&format!(r"\bown{at:03}_[a-z0-9]{{16,40}}\b"));
        // Words as different as those that people choose, which may stand behind others.
        let word: String = random.token(6).to_lowercase();
        inside += &rule(&format!("{word}_[a-z0-9]{{16,40}}"));
    }
    let wide = "  - {id: wide, class: secret.x, pattern: '[a-f0-9]{4}-[A-Z]{2}[0-9]{2}'}\n";
    let mut secrets = Literals::default();
    for _ in 0..SECRETS {
        secrets.add(random.token(24).as_bytes()).expect("24 random characters");
    }
    let maskers = [
        ("the default policy".to_owned(), masker(&own(""), Literals::default())),
        (format!("and {PATTERNS} patterns with literals"), masker(&own(&patterns), Literals::default())),
        (format!("and {PATTERNS} that may begin inside words"), masker(&own(&inside), Literals::default())),
        ("and one pattern without any".to_owned(), masker(&own(wide), Literals::default())),
        (format!("and {SECRETS} listed secrets"), masker(&own(""), secrets)),
    ];
    let shown: Vec<&Corpus> = corpora.iter().filter(|corpus| "abcd".contains(corpus.name)).collect();
    let mut times = vec![vec![Vec::new(); shown.len()]; maskers.len()];
    for _ in 0..rounds {
        for (column, corpus) in shown.iter().enumerate() {
            for (row, (_, masker)) in maskers.iter().enumerate() {
                times[row][column].push(pass(masker, &corpus.bytes));
            }
        }
    }
    println!("\n## Rules of one's own\n\nMB/s of CPU time on one core, and what is left of the first row.\n");
    let head: Vec<String> = shown.iter().map(|corpus| format!("{} {}", corpus.name, corpus.about)).collect();
    println!("| | {} |\n|---|{}", head.join(" | "), "--:|".repeat(shown.len()));
    let of = |row: usize, column: usize| rate(shown[column].bytes.len(), median(times[row][column].clone()));
    for (row, (name, _)) in maskers.iter().enumerate() {
        let cell = |column: usize| match row {
            0 => format!("{:.0}", of(0, column)),
            _ => format!("{:.0} ({:.0} %)", of(row, column), 100.0 * of(row, column) / of(0, column)),
        };
        println!("| {name} | {} |", (0..shown.len()).map(cell).collect::<Vec<_>>().join(" | "));
    }
}

/// Each rule alone, against none at all, on ordinary lines. Those that find something there are left out.
fn each(corpora: &[Corpus], rounds: usize) {
    let lines: Vec<u8> = corpora
        .iter()
        .filter(|corpus| "abc".contains(corpus.name))
        .flat_map(|corpus| corpus.bytes[..LINES.min(corpus.bytes.len())].iter().copied())
        .collect();
    let count = memchr::memchr_iter(b'\n', &lines).count().max(1);
    let all = load("default", &[], false, Docs::Without).expect("a built-in profile");
    let none = masker(&Policy { rules: Vec::new(), ..all.clone() }, Literals::default());
    let least = |masker: &Masker| (0..rounds.max(3)).map(|_| pass(masker, &lines)).min().unwrap_or_default();
    let bare = least(&none);
    let mut costs = Vec::new();
    for rule in &all.rules {
        let alone = masker(&Policy { rules: vec![rule.clone()], ..all.clone() }, Literals::default());
        if finds(&alone, &lines) {
            continue;
        }
        costs.push((least(&alone).saturating_sub(bare), &*rule.id));
    }
    costs.sort_unstable_by(|a, b| b.cmp(a));
    let total: Duration = costs.iter().map(|(time, _)| *time).sum();
    println!(
        "\n## Rules on lines they do not match\n\nEach rule alone, against no rule; {} of {} rules.\n",
        costs.len(),
        all.rules.len()
    );
    println!("| rule | ns a line |\n|---|--:|");
    let of = |time: Duration| time.as_secs_f64() * 1e9 / count as f64;
    for (time, id) in costs.iter().take(SLOWEST) {
        println!("| {id} | {:.1} |", of(*time));
    }
    println!("| all of them, one by one | {:.0} |", of(total));
}

fn masker(policy: &Policy, literals: Literals) -> Box<Masker> {
    let settings = Settings { key: vec![7; 16], literals, ..Settings::default() };
    Box::new(Masker::new(policy, settings).expect("the policy compiles"))
}

fn pass(masker: &Masker, bytes: &[u8]) -> Duration {
    let (mut scratch, mut state, mut out) = (Scratch::default(), State::default(), Vec::new());
    cpu(|| {
        for chunk in chunks(bytes) {
            out.clear();
            masker.rewrite(chunk, &mut state, &mut scratch, &mut out);
        }
    })
}

fn finds(masker: &Masker, bytes: &[u8]) -> bool {
    let (mut scratch, mut state, mut out) = (Scratch::default(), State::default(), Vec::new());
    chunks(bytes).any(|chunk| {
        out.clear();
        masker.rewrite(chunk, &mut state, &mut scratch, &mut out);
        out != chunk
    })
}

/// The lines, so many at a time.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let end = match rest.get(CHUNK..) {
            Some(more) => CHUNK + more.iter().position(|byte| *byte == b'\n').map_or(more.len(), |at| at + 1),
            None => rest.len(),
        };
        let (chunk, behind) = rest.split_at(end);
        rest = behind;
        (!chunk.is_empty()).then_some(chunk)
    })
}
