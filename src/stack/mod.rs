//! Stack traces, line by line: which lines are frames, what is left of them, and how many went.
//!
//! `line` knows what frames look like in each language; `trace` follows a trace from line to line, for each source;
//! `inside` does the same for traces within a string, where line breaks are spelled out, and
//! `lists` folds lists of frames in JSON.

mod drawn;
pub mod inside;
mod line;
pub mod lists;
mod place;
pub mod trace;

use aho_corasick::packed::{Config, MatchKind, Searcher};
use std::sync::LazyLock;

/// What the first line of a trace has, or any that is a frame by itself. Only such a line opens a trace.
const SIGNS: [&str; 30] = [
    "\tat ",
    "  at ",
    "\\tat ",
    "Traceback (most",
    "File \"",
    "File \\",
    "goroutine ",
    ".go:",
    "tack backtrace:",
    "#0 ",
    "#1 ",
    "#2 ",
    "0# ",
    ":in '",
    ":in `",
    "\tfrom ",
    ".ex:",
    ".exs:",
    ".erl:",
    "in function  ",
    "in call from ",
    " called at ",
    " 0x",
    " [0x",
    "\u{2502}",
    "\"frames\"",
    // In a string.
    "\"frames\\",
    // In a list.
    "\"at ",
    ".php:",
    // Objects in a list.
    "tackTrace",
];

/// The first place at or after `from` that may belong to a trace.
pub fn sign(text: &[u8], from: usize) -> Option<usize> {
    static SEARCH: LazyLock<Option<Searcher>> =
        LazyLock::new(|| Config::new().match_kind(MatchKind::LeftmostFirst).builder().extend(SIGNS).build());
    match &*SEARCH {
        Some(search) => {
            search.find_in(text, aho_corasick::Span { start: from, end: text.len() }).map(|hit| hit.start())
        }
        // Without vector instructions: every place may.
        None => (from < text.len()).then_some(from),
    }
}

/// Does `text`, a payload, belong to the trace or the record before it?
pub fn continues(text: &[u8]) -> bool {
    line::read(text, None).0 != line::Part::Other || line::is_cause(text)
}
