//! How fast, compared to what people use today: `cargo bench --bench speed`, with `-- --quick` for a look. See benches/README.md.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod generate;
mod measure;
mod naive;
mod peers;
mod process;
mod random;
mod rules;
mod seal;
mod search;
// The same way into the engine as the tests have.
#[allow(dead_code)]
#[path = "../../tests/it/support.rs"]
mod support;
mod system;
mod values;
mod worst;

use generate::Corpus;
use measure::{cpu, median, rate};
use peers::Peer;
use std::path::Path;
use std::time::Duration;
use support::Engine;

/// What was asked for.
struct Options {
    mib: usize,
    rounds: usize,
    parts: Vec<String>,
    write: Option<String>,
    search: Option<u64>,
}

fn options() -> Options {
    let size = std::env::var("LOGMASK_BENCH_MIB").ok().and_then(|mib| mib.parse().ok());
    let mut options = Options { mib: size.unwrap_or(32), rounds: 5, parts: Vec::new(), write: None, search: None };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{arg} needs a number"));
        match arg.as_str() {
            "--quick" => (options.mib, options.rounds) = (size.unwrap_or(4), 3),
            "--mib" => options.mib = number(),
            "--rounds" => options.rounds = number(),
            "--write" => options.write = args.next(),
            // cargo says what it is.
            "--bench" => {}
            "--search" => options.search = Some(number() as u64),
            "speed" | "process" | "seal" | "rules" | "worst" => options.parts.push(arg),
            other => {
                panic!(
                    "unknown argument {other}; known: --quick --mib N --rounds N --write DIR --search SECONDS speed process seal rules worst"
                )
            }
        }
    }
    options
}

fn main() {
    let options = options();
    let asked = |part: &str| options.parts.is_empty() || options.parts.iter().any(|asked| asked == part);
    let corpora = generate::all(options.mib.max(1));
    if let Some(dir) = &options.write {
        for corpus in &corpora {
            std::fs::write(Path::new(dir).join(format!("{}.log", corpus.name)), &corpus.bytes)
                .expect("the corpus is written");
        }
        return;
    }
    let engine = Engine::new("default", None, false);
    if let Some(seconds) = options.search {
        search::report(&engine, seconds);
        return;
    }
    if asked("speed") {
        speed(&corpora, &engine, options.rounds.max(1));
    }
    if asked("process") {
        process::report(&corpora, options.rounds.max(1));
    }
    if asked("seal") && seal::report(&corpora, options.rounds.max(1)) {
        println!("\nA sealed value costs too much.");
        std::process::exit(1);
    }
    if asked("rules") {
        rules::report(&corpora, options.rounds.max(1));
    }
    let missed = if asked("worst") { worst::report(&engine, 4 << 20, options.rounds.max(1)) } else { 0 };
    if missed > 0 {
        println!("\n{missed} worst cases miss their bar.");
        std::process::exit(1);
    }
}

/// A row of the table: name, and for each corpus the times of all rounds and the bytes of one.
struct Row {
    name: String,
    times: Vec<(usize, Vec<Duration>)>,
}

fn speed(corpora: &[Corpus], engine: &Engine, rounds: usize) {
    let naive = naive::Naive::new();
    let processes: Vec<Peer> = [Peer::ourselves("logmask, process", 1)].into_iter().chain(peers::installed()).collect();
    let two = Peer::ourselves("logmask -j2, wall", 2);
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut rows: Vec<Row> = ["logmask", "naive"]
        .into_iter()
        .map(str::to_string)
        .chain(processes.iter().map(|peer| peer.name.to_string()))
        .chain(["logmask -j1, wall".to_string(), two.name.to_string()])
        .map(|name| Row { name, times: Vec::new() })
        .collect();
    for corpus in corpora {
        eprintln!("measuring {} ({})", corpus.name, corpus.about);
        let text = std::str::from_utf8(&corpus.bytes).expect("the corpora are text");
        let files: Vec<_> =
            processes.iter().map(|peer| share(&corpus.bytes, peer.share, dir.path(), corpus.name)).collect();
        let all = share(&corpus.bytes, 1, dir.path(), corpus.name);
        let sizes =
            [corpus.bytes.len(); 2].into_iter().chain(files.iter().map(|file| file.1)).chain([corpus.bytes.len(); 2]);
        rows.iter_mut().zip(sizes).for_each(|(row, size)| row.times.push((size, Vec::new())));
        let mut out = String::new();
        // Tools take turns, so that a busy moment of the machine hits all of them.
        for _ in 0..rounds {
            let mut note = |row: usize, time: Option<Duration>| {
                rows[row].times.last_mut().expect("just pushed").1.extend(time);
            };
            note(0, Some(cpu(|| engine.pump(&corpus.bytes[..], std::io::sink(), 1))));
            note(1, Some(cpu(|| naive.mask(text, &mut out))));
            for (i, (peer, file)) in processes.iter().zip(&files).enumerate() {
                if peer.only.is_empty() || peer.only.contains(corpus.name) {
                    note(2 + i, peer.run(&file.0).map(|(cpu, _)| cpu));
                }
            }
            note(2 + processes.len(), processes[0].run(&all.0).map(|(_, wall)| wall));
            note(3 + processes.len(), two.run(&all.0).map(|(_, wall)| wall));
        }
    }
    print(corpora, &rows);
}

/// The first part of `share` of the corpus in a file, cut at a line end.
fn share(bytes: &[u8], share: usize, dir: &Path, name: &str) -> (std::path::PathBuf, usize) {
    let wanted = bytes.len() / share;
    let end = bytes[wanted - 1..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |at| wanted + at);
    let path = dir.join(format!("{name}-{share}.log"));
    if !path.exists() {
        std::fs::write(&path, &bytes[..end]).expect("the temporary directory has room");
    }
    (path, end)
}

fn print(corpora: &[Corpus], rows: &[Row]) {
    let rate = |row: &Row, i: usize| {
        let (size, times) = &row.times[i];
        if times.is_empty() { None } else { Some(rate(*size, median(times.clone()))) }
    };
    println!(
        "\n## Speed\n\nMB/s of CPU time on one core (10^6 bytes), median; in brackets logmask (first row) to this row.\n"
    );
    let head: Vec<String> = corpora.iter().map(|corpus| format!("{} {}", corpus.name, corpus.about)).collect();
    println!("| | {} |\n|---|{}", head.join(" | "), "--:|".repeat(corpora.len()));
    for row in rows {
        let cell = |i: usize| match (rate(row, i), rate(&rows[0], i)) {
            (Some(rate), Some(ours)) if row.name != "logmask" => format!("{rate:.0} ({:.1}x)", ours / rate),
            (Some(rate), _) => format!("{rate:.0}"),
            (None, _) => "–".to_string(),
        };
        println!("| {} | {} |", row.name, (0..corpora.len()).map(cell).collect::<Vec<_>>().join(" | "));
    }
}
