//! The literals of all built-in rules, made ready by `build.rs`: making their table took a third of the start.

use super::anchors::table::{Literal, Owner, Table};

// `PATTERNS`, how many built-in rules have a pattern; `TABLE`, their literals and the words at which detectors written by hand
// look; `WORDS` and `TOKENS`, what words and long tokens among these begin with.
include!(concat!(env!("OUT_DIR"), "/literals.rs"));
