//! Looks for input that is slow: fragments, examples of rules and their keywords are cut, joined and repeated, and what
//! comes out slowest is changed again. What was found once stands in `worst`.

use crate::measure::{cpu, rate};
use crate::random::Random;
use crate::support::Engine;
use crate::worst::FRAGMENTS;
use logmask::policy::{Docs, Find, load};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Length of a try, in bytes.
const SIZE: usize = 128 << 10;
/// Longest fragment: a longer one repeats too rarely to be slow.
const LONGEST: usize = 160;
/// The slowest of so many are changed again.
const KEPT: usize = 64;

/// Searches for `seconds` and prints the slowest fragments, with what four times the input costs.
pub fn report(engine: &Engine, seconds: u64) {
    // Another search each time.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut random = Random::new(now.as_nanos() as u64);
    let seeds = seeds();
    let mut slowest: Vec<(Duration, Vec<u8>)> = Vec::new();
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut tries = 0;
    for seed in &seeds {
        keep(&mut slowest, engine, seed.clone());
    }
    while Instant::now() < end {
        let fragment = mutated(&mut random, &slowest, &seeds);
        if !fragment.is_empty() && fragment.len() <= LONGEST {
            tries += 1;
            keep(&mut slowest, engine, fragment);
        }
    }
    println!("\n## Slowest of {tries} fragments, {} KiB of each\n", SIZE >> 10);
    println!("| fragment | MB/s | four times the input |\n|---|--:|--:|");
    for (time, fragment) in slowest.iter().take(20) {
        let ratio = timed(engine, fragment, 4 * SIZE).as_secs_f64() / time.as_secs_f64();
        println!("| `{}` | {:.1} | {ratio:.1}x |", fragment.escape_ascii(), rate(SIZE, *time));
    }
}

/// Fragments, examples, keywords, and literals that patterns begin with.
fn seeds() -> Vec<Vec<u8>> {
    let policy = load("default", &[], false, Docs::With).expect("a built-in profile");
    let mut seeds: Vec<Vec<u8>> = FRAGMENTS.iter().map(|text| text.as_bytes().to_vec()).collect();
    for rule in &policy.rules {
        seeds.extend(rule.about().examples.iter().map(|example| example.input.as_bytes().to_vec()));
        seeds.extend(rule.about().unchanged.iter().map(|text| text.as_bytes().to_vec()));
        if let Find::Pattern { keywords, anchors, .. } = &rule.find {
            seeds.extend(keywords.iter().chain(anchors.iter()).map(|text| text.as_bytes().to_vec()));
        }
    }
    seeds.extend(b"\"'{}[]()<>=:;,.&?/\\|@#$%^*~`+-_ \t\x1b0aA".iter().map(|byte| vec![*byte]));
    for seed in &mut seeds {
        seed.truncate(LONGEST);
    }
    seeds
}

fn timed(engine: &Engine, fragment: &[u8], size: usize) -> Duration {
    let input = fragment.repeat(size / fragment.len());
    cpu(|| engine.pump(&input[..], std::io::sink(), 1))
}

/// Keeps `fragment` if it is one of the slowest; a fragment is measured twice before it is believed.
fn keep(slowest: &mut Vec<(Duration, Vec<u8>)>, engine: &Engine, fragment: Vec<u8>) {
    let enough =
        |slowest: &[(Duration, Vec<u8>)], time| slowest.len() < KEPT || slowest.last().is_some_and(|l| l.0 < time);
    let mut time = timed(engine, &fragment, SIZE);
    if !enough(slowest, time) || slowest.iter().any(|(_, known)| *known == fragment) {
        return;
    }
    time = time.min(timed(engine, &fragment, SIZE));
    if enough(slowest, time) {
        let at = slowest.partition_point(|(other, _)| *other > time);
        slowest.insert(at, (time, fragment));
        slowest.truncate(KEPT);
    }
}

/// A slow fragment with something done to it.
fn mutated(random: &mut Random, slowest: &[(Duration, Vec<u8>)], seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut fragment = slowest[random.below(slowest.len())].1.clone();
    for _ in 0..=random.below(2) {
        let other = match random.below(3) {
            0 => &slowest[random.below(slowest.len())].1,
            _ => &seeds[random.below(seeds.len())],
        };
        let at = random.below(fragment.len() + 1);
        match random.below(5) {
            // Something in between.
            0 => drop(fragment.splice(at..at, other.iter().copied())),
            // A piece of it is gone,
            1 => drop(fragment.drain(at..fragment.len().min(at + 1 + random.below(8)))),
            // or stands there twice.
            2 => {
                let piece = fragment[at..fragment.len().min(at + 1 + random.below(16))].to_vec();
                fragment.splice(at..at, piece);
            }
            // Only the beginning or the end of it.
            3 => fragment.truncate(at),
            _ => drop(fragment.drain(..at)),
        }
    }
    fragment
}
