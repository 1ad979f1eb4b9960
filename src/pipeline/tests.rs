#![allow(clippy::unwrap_used)]

use super::{Error, Options, Outcome, run};
use crate::rewrite::{Rewrite, Withheld};
use proptest::prelude::*;
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Writes `[n]` before each record of `n` lines, `x` as `XX`, and hides lines from `BEGIN` to `END`. A record is a line, or
/// the lines from `{` to `}`. `panic` in a record panics.
struct Sample;

#[derive(Clone, Debug, Default, PartialEq)]
struct Counts {
    records: u64,
    withheld: Vec<(u64, usize)>,
}

fn record(bytes: &[u8]) -> Option<usize> {
    let mut end = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        end += line.len();
        if !line.ends_with(b"\n") {
            return None;
        }
        if !bytes.starts_with(b"{") || line.trim_ascii_end() == b"}" {
            return Some(end);
        }
    }
    None
}

impl Rewrite for Sample {
    type Scratch = ();
    type State = bool;
    type Tally = Counts;

    fn cut(&self, bytes: &[u8]) -> usize {
        assert!(!bytes.windows(8).any(|part| part == b"cutpanic"));
        let mut end = 0;
        while let Some(more) = record(&bytes[end..]) {
            end += more;
        }
        end
    }

    fn rewrite(&self, chunk: &[u8], state: &mut bool, _scratch: &mut (), out: &mut Vec<u8>) -> Counts {
        assert!(out.is_empty());
        let mut counts = Counts::default();
        let mut rest = chunk;
        while !rest.is_empty() {
            let (one, more) = rest.split_at(record(rest).unwrap_or(rest.len()));
            assert!(!one.starts_with(b"panic"), "hunter2");
            counts.records += 1;
            out.extend_from_slice(format!("[{}]", one.split_inclusive(|&byte| byte == b'\n').count()).as_bytes());
            for line in one.split_inclusive(|&byte| byte == b'\n') {
                for &byte in line {
                    match byte {
                        b'\n' | b'\r' => out.push(byte),
                        _ if *state => out.push(b'#'),
                        b'x' => out.extend_from_slice(b"XX"),
                        _ => out.push(byte),
                    }
                }
                *state = line.starts_with(b"BEGIN") || *state && !line.starts_with(b"END");
            }
            rest = more;
        }
        counts
    }

    fn withhold(&self, _why: Withheld, head: &[u8], bytes: u64, ending: &[u8], out: &mut Vec<u8>) -> Counts {
        assert!(head.len() as u64 == bytes.min(4096) && !head.contains(&b'\n'));
        out.extend_from_slice(format!("<{bytes}>").as_bytes());
        out.extend_from_slice(ending);
        Counts { records: 0, withheld: vec![(bytes, ending.len())] }
    }

    fn merge(total: &mut Counts, mut part: Counts) {
        total.records += part.records;
        total.withheld.append(&mut part.withheld);
    }
}

/// Gives what it was told, read by read.
struct Script(VecDeque<io::Result<Vec<u8>>>);

impl Script {
    /// Reads of these sizes, over and over.
    fn split(bytes: &[u8], sizes: &[usize]) -> Script {
        let (mut rest, mut reads) = (bytes, VecDeque::new());
        for &size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (now, later) = rest.split_at(size.clamp(1, rest.len()));
            reads.push_back(Ok(now.to_vec()));
            rest = later;
        }
        Script(reads)
    }
}

impl Read for Script {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        assert!(!into.is_empty());
        match self.0.pop_front() {
            None => Ok(0),
            Some(Err(error)) => Err(error),
            Some(Ok(mut bytes)) => {
                let now = bytes.len().min(into.len());
                into[..now].copy_from_slice(&bytes[..now]);
                let rest = bytes.split_off(now);
                if !rest.is_empty() {
                    self.0.push_front(Ok(rest));
                }
                Ok(now)
            }
        }
    }
}

fn options(threads: usize) -> Options<'static> {
    Options { threads, max_line: 20, piece: 16, hold_lines: 4, idle: None }
}

fn run_with(input: impl Read + Send, options: &Options<'_>) -> (Vec<u8>, Counts, Result<Outcome, Error>) {
    let (mut output, mut counts) = (Vec::new(), Counts::default());
    let result = run(&Sample, input, &mut output, options, &mut counts);
    (output, counts, result)
}

fn text(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

#[track_caller]
fn same_however_it_arrives(input: &[u8], splits: &[&[usize]]) -> (Vec<u8>, Counts) {
    let (output, counts, result) = run_with(input, &options(1));
    assert_eq!(result.unwrap(), Outcome { bytes_in: input.len() as u64, bytes_out: output.len() as u64 });
    for threads in 1..=4 {
        for split in splits {
            let (other, other_counts, result) = run_with(Script::split(input, split), &options(threads));
            result.unwrap();
            assert_eq!(text(&other), text(&output), "{threads} threads, reads of {split:?}, input {}", text(input));
            assert_eq!(other_counts, counts);
        }
    }
    (output, counts)
}

proptest! {
    #[test]
    fn output_does_not_depend_on_reads_or_threads(
        lines in prop::collection::vec(
            prop_oneof![
                Just("{\n".to_owned()), Just("}\n".to_owned()), Just("BEGIN\n".to_owned()), Just("END\r\n".to_owned()),
                "[ax]{0,6}\n", "[ax\r]{0,6}\r\n", "x{17,24}\r?\n", "[a\r]{18,23}\n", "a{40,60}\n",
            ], 0..30),
        tail in "[ax\r{]{0,24}",
        sizes in prop::collection::vec(1usize..40, 1..8),
    ) {
        let input = lines.concat() + &tail;
        same_however_it_arrives(input.as_bytes(), &[&[1], &[1000], &sizes]);
    }
}

#[test]
fn a_line_too_long_is_withheld_at_every_length_and_every_split() {
    for ending in ["\n", "\r\n", ""] {
        for length in 17..70 {
            let input = format!("a\n{}{ending}", "y".repeat(length));
            let splits: Vec<Vec<usize>> = (1..input.len()).map(|at| vec![at, 1000]).collect();
            let splits: Vec<&[usize]> = splits.iter().map(Vec::as_slice).chain([&[1][..]]).collect();
            let (output, _) = same_however_it_arrives(input.as_bytes(), &splits);
            let expected = if length > 20 {
                format!("[1]a\n<{length}>{ending}")
            } else {
                format!("[1]a\n[1]{}{ending}", "y".repeat(length))
            };
            assert_eq!(text(&output), text(expected.as_bytes()));
        }
    }
}

#[test]
fn a_carriage_return_alone_counts_as_content() {
    let (output, _) = same_however_it_arrives(format!("{}\r", "y".repeat(20)).as_bytes(), &[&[1], &[20, 1], &[1000]]);
    assert_eq!(text(&output), "<21>");
    let (output, _) =
        same_however_it_arrives(format!("{}\r\r\nb", "y".repeat(19)).as_bytes(), &[&[1], &[20, 1], &[1000]]);
    assert_eq!(text(&output), format!("[1]{}\\r\\r\\n[1]b", "y".repeat(19)));
}

#[test]
fn a_long_head_is_kept_up_to_four_kibibytes() {
    let input = format!("{}\nb\n", "y".repeat(10_000));
    let (output, counts) = same_however_it_arrives(input.as_bytes(), &[&[1], &[4095], &[4096], &[4097], &[7000]]);
    assert_eq!(text(&output), "<10000>\\n[1]b\\n");
    assert_eq!(counts.withheld, [(10_000, 1)]);
}

#[test]
fn no_newline_is_invented() {
    for input in ["", "\n", "a", "a\nb", "a\r\nb\r", "\n\n"] {
        let (output, _) = same_however_it_arrives(input.as_bytes(), &[&[1], &[2]]);
        assert_eq!(text(&output).matches("\\n").count(), input.matches('\n').count());
    }
}

#[test]
fn a_record_over_lines_is_held_and_never_longer_than_the_bound() {
    assert_eq!(text(&same_however_it_arrives(b"{\na\n}\nb\n", &[&[1]]).0), "[3]{\\na\\n}\\n[1]b\\n");
    // Passed after four lines and more than sixteen bytes, or before twenty bytes are exceeded.
    let (output, _) = same_however_it_arrives(b"{\naaaaa\naaaaa\naaaaa\naaaaa\naaaaa\n}\n", &[&[1], &[7]]);
    assert_eq!(text(&output), "[4]{\\naaaaa\\naaaaa\\naaaaa\\n[1]aaaaa\\n[1]aaaaa\\n[1]}\\n");
    let (output, _) = same_however_it_arrives(b"{\naaaaaaaaaaa\naaaaaaaaaa\n}\n", &[&[1], &[7]]);
    assert_eq!(text(&output), "[2]{\\naaaaaaaaaaa\\n[1]aaaaaaaaaa\\n[1]}\\n");
}

#[test]
fn an_unfinished_record_is_passed_at_the_end() {
    assert_eq!(text(&same_however_it_arrives(b"{\na\nx", &[&[1]]).0), "[3]{\\na\\nXX");
}

#[test]
fn an_interrupted_read_is_tried_again() {
    let mut script = Script::split(b"a\nx\nb", &[1]);
    for at in (0..=5).rev() {
        script.0.insert(at, Err(io::ErrorKind::Interrupted.into()));
    }
    let (output, _, result) = run_with(script, &options(1));
    result.unwrap();
    assert_eq!(text(&output), "[1]a\\n[1]XX\\n[1]b");
}

#[test]
fn after_a_failed_read_no_part_of_a_record_comes_out() {
    for threads in 1..=4 {
        for reads in 0..=9 {
            let mut script = Script::split(b"a\nb\n{\nx\n}c", &[1]);
            script.0.insert(reads, Err(io::Error::other("disk")));
            let (output, _, result) = run_with(script, &options(threads));
            assert!(matches!(result, Err(Error::Read(_))));
            let whole = match reads {
                0 | 1 => "",
                2 | 3 => "[1]a\\n",
                _ => "[1]a\\n[1]b\\n",
            };
            assert_eq!(text(&output), whole, "after {reads} reads");
        }
    }
}

/// Fails once it has taken some bytes; takes a few at a time, with interruptions.
struct Failing {
    taken: Arc<Mutex<Vec<u8>>>,
    most: usize,
    calls: usize,
}

impl Write for Failing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.calls += 1;
        if self.calls.is_multiple_of(2) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let mut taken = self.taken.lock().unwrap();
        let now = bytes.len().min(3).min(self.most - taken.len());
        if now == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        taken.extend_from_slice(&bytes[..now]);
        Ok(now)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_failing_output_ends_the_run_with_a_rewritten_prefix() {
    let input = b"a\nxx\nb\n".repeat(50);
    let (full, _, _) = run_with(&input[..], &options(1));
    for threads in 1..=4 {
        for most in (0..full.len()).step_by(7) {
            let taken = Arc::default();
            let output = Failing { taken: Arc::clone(&taken), most, calls: 0 };
            let result = run(&Sample, &input[..], output, &options(threads), &mut Counts::default());
            assert!(matches!(result, Err(Error::Write(_))), "{result:?}");
            assert_eq!(text(&taken.lock().unwrap()), text(&full[..most]));
        }
    }
}

#[test]
fn after_a_panic_nothing_of_that_chunk_or_later_comes_out() {
    let mut input = b"0123456789abc\n".repeat(20);
    input.extend_from_slice(b"panic: 45678\n");
    input.extend_from_slice(&b"x\n".repeat(300));
    for threads in 1..=4 {
        let (output, counts, result) = run_with(&input[..], &options(threads));
        assert!(matches!(result, Err(Error::Fault)));
        assert_eq!(text(&output), text(&b"[1]0123456789abc\n".repeat(counts.records as usize)));
        assert!(counts.records >= 18);
    }
}

#[test]
fn a_panic_while_cutting_is_a_fault_too() {
    for threads in 1..=4 {
        let (output, _, result) = run_with(&b"a\n0123456789abcde\ncutpanic\n"[..], &options(threads));
        assert!(matches!(result, Err(Error::Fault)));
        assert!(!text(&output).contains("cutpanic"));
    }
}

/// Says how much had been written whenever a read comes.
struct Watching<'a> {
    script: Script,
    written: &'a AtomicUsize,
    seen: &'a Mutex<Vec<usize>>,
}

impl Read for Watching<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.seen.lock().unwrap().push(self.written.load(Ordering::SeqCst));
        self.script.read(into)
    }
}

struct Counting<'a>(&'a AtomicUsize);

impl Write for Counting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(bytes.len(), Ordering::SeqCst);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_complete_line_is_out_before_the_next_read() {
    let (written, seen) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let script = Script::split(b"a\nbc\nd", &[2, 3, 1]);
    let input = Watching { script, written: &written, seen: &seen };
    run(&Sample, input, Counting(&written), &options(1), &mut Counts::default()).unwrap();
    assert_eq!(seen.into_inner().unwrap(), [0, 5, 11, 11]);
}

#[test]
fn long_records_come_out_whole_and_in_order() {
    let long = "y".repeat(3 << 20);
    let input = format!("a\n{long}\nb\n{long}x\nc\n{{\n{long}\n}}\n{long}{long}\nd\n");
    let idle = || false;
    let expected = format!("[1]a\n[1]{long}\n[1]b\n[1]{long}XX\n[1]c\n[3]{{\n{long}\n}}\n<{}>\n[1]d\n", 6 << 20);
    for threads in 1..=3 {
        let options = Options { threads, max_line: 4 << 20, idle: Some(&idle), ..Options::default() };
        let (output, _, result) = run_with(input.as_bytes(), &options);
        result.unwrap();
        assert!(output == expected.as_bytes(), "{threads} threads");
    }
}
