//! Input that is made to be slow: one fragment over and over, without a newline.

use crate::measure::{cpu, rate};
use crate::support::Engine;
use std::time::Duration;

/// Those that are measured each time.
pub const FRAGMENTS: [&str; 34] = [
    "eyJ-",
    "token=abcDEF123 ",
    "password: |",
    "CEF:0|",
    "WHERE x IN (",
    "token:",
    "a@",
    "1.1.1.",
    "4111 1111 ",
    ":::",
    "password=",
    "ghp_",
    "://",
    "a:b@",
    "-----",
    "\"",
    "x",
    "{",
    "[",
    "\\u0040",
    "%40",
    "{\"a\":",
    ",\\\"lng\\\":",
    "-ey5",
    "EXECVE ",
    "zip -r a b ",
    "Duplicate entry '",
    "WHERE u.token IN ('a', ",
    "token: (",
    "auth=-{c3((",
    "e.`rg login r -auth ",
    "\"token:\\",
    "\":\"BEGIN:VCARD\\\\nFN;8:~o k%2F0FMP",
    "p330:\\\"token\\\":\\'--whe\\n=e~: 111{0^7u145:\\\"token\\\":\\\"--whe=ns%=e~: 11",
];

/// Slower than this is not worth waiting for at full size.
const HOPELESS: Duration = Duration::from_secs(20);

/// Prints the rate for each fragment and what twice the input costs; how many miss their bar.
pub fn report(engine: &Engine, size: usize, rounds: usize) -> usize {
    println!(
        "\n## Worst cases\n\n{} KiB of each fragment; twice the input may take 2.5 times as long, at 5 MB/s or more.\n",
        size >> 10
    );
    println!("| fragment | MB/s | twice the input | |\n|---|--:|--:|---|");
    let mut missed = 0;
    for fragment in FRAGMENTS {
        let input = fragment.repeat(2 * size / fragment.len());
        let time = |part: usize| {
            let run = || cpu(|| engine.pump(&input.as_bytes()[..input.len() / part], std::io::sink(), 1));
            // The fastest: what else happens on the machine only adds.
            (0..rounds.max(5)).map(|_| run()).min().unwrap_or_default()
        };
        // A square law shows at a small size already, long before it hurts.
        if time(64) * 32 * 32 > HOPELESS && time(32) > time(64) * 3 {
            println!("| `{fragment}` | | | HOPELESS, not run at full size |");
            missed += 1;
            continue;
        }
        let (once, twice) = (time(2), time(1));
        let (rate, ratio) = (rate(input.len() / 2, once), twice.as_secs_f64() / once.as_secs_f64().max(1e-9));
        let bad = rate < 5.0 || ratio > 2.5;
        missed += usize::from(bad);
        println!("| `{fragment}` | {rate:.0} | {ratio:.2}x | {} |", if bad { "MISSED" } else { "" });
    }
    missed
}
