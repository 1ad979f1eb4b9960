//! The executable as people meet it: how soon it starts, how soon a line is through, how much memory it takes.

use crate::generate::Corpus;
use crate::measure::median;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const EXE: &str = env!("CARGO_BIN_EXE_logmask");

fn start(program: &[&str]) -> Child {
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().expect("the program starts")
}

/// Prints the three.
pub fn report(corpora: &[Corpus], rounds: usize) {
    println!("\n## Process\n");
    println!("| | logmask | cat |\n|---|--:|--:|");
    let both = |measure: &dyn Fn(&[&str]) -> Duration| [&[EXE][..], &["cat"]].map(measure);
    let show = |what: &str, [ours, cat]: [Duration; 2]| {
        println!("| {what} | {} µs | {} µs |", ours.as_micros(), cat.as_micros());
    };
    show("start to first byte", both(&|program| median((0..10 * rounds).map(|_| first_byte(program)).collect())));
    let (lines, at) = (100 * rounds, |percent: usize| 100 * rounds * percent / 100);
    let [ours, cat] = [&[EXE][..], &["cat"]].map(|program| latencies(program, lines));
    show("latency of a line in a pipe, median", [ours[at(50)], cat[at(50)]]);
    show("latency of a line in a pipe, 99 of 100", [ours[at(99)], cat[at(99)]]);
    println!("\n| peak memory | 1 thread | 2 threads |\n|---|--:|--:|");
    for corpus in corpora.iter().filter(|corpus| "be".contains(corpus.name)) {
        let peak = |threads| {
            peak_memory(&[EXE, "-j", threads], &corpus.bytes)
                .map_or("?".into(), |kib| format!("{:.1} MiB", kib as f64 / 1024.0))
        };
        println!("| {} {} | {} | {} |", corpus.name, corpus.about, peak("1"), peak("2"));
    }
}

/// From the start of the process to the first byte of its output.
fn first_byte(program: &[&str]) -> Duration {
    let begin = Instant::now();
    let mut child = start(program);
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(b"first line\n").expect("it reads");
    let mut byte = [0];
    child.stdout.take().expect("it is piped").read_exact(&mut byte).expect("it prints");
    let time = begin.elapsed();
    drop(stdin);
    child.wait().expect("it ends");
    time
}

/// From the write of a line to its arrival, while nothing follows; sorted.
fn latencies(program: &[&str], lines: usize) -> Vec<Duration> {
    let mut child = start(program);
    let mut stdin = child.stdin.take().expect("it is piped");
    let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    let mut once = |i: usize| {
        // Both ends are asleep, as they are behind a quiet service. Line on line would measure a hot cache only.
        std::thread::sleep(Duration::from_millis(2));
        let begin = Instant::now();
        writeln!(stdin, "{i} level=info msg=\"request completed\" user=u17 password=abc took=3ms").expect("it reads");
        line.clear();
        stdout.read_line(&mut line).expect("it prints");
        begin.elapsed()
    };
    once(0);
    let mut times: Vec<Duration> = (0..lines).map(once).collect();
    times.sort();
    drop(stdin);
    child.wait().expect("it ends");
    times
}

/// Most resident memory in KiB after all of `bytes` went through, while the process still runs.
fn peak_memory(program: &[&str], bytes: &[u8]) -> Option<u64> {
    let mut child = start(program);
    let mut stdin = child.stdin.take().expect("it is piped");
    let mut stdout = child.stdout.take().expect("it is piped");
    let reading = std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
    let written = stdin.write_all(bytes);
    // The last line is written; nothing larger is to come.
    std::thread::sleep(Duration::from_millis(300));
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok();
    drop(stdin);
    child.wait().expect("it ends");
    reading.join().expect("reading does not panic").ok()?;
    written.ok()?;
    status?.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
}
