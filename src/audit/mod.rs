//! Who saw what, when and why: JSON Lines, each chained to the one before by its SHA-256, with signed checkpoints.
//!
//! Knows no line of a log. `log` appends, `upkeep` repairs and rotates, `verify` judges a file, `sign` is the only place
//! that knows SSHSIG. An entry is ASCII; whatever comes from outside stands in it escaped. Anybody can check a file with jq, sha256sum and ssh-keygen.

mod log;
pub mod sign;
mod signers;
mod upkeep;
mod verify;

pub use log::{Error, Log, Next, begin_nothing, between_entries, head};
pub use signers::Signer;
pub use verify::{Anchor, Fault, NO_FIRST, Report, verify, verify_piece};

use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Version of the format; stands in each entry.
pub const VERSION: u8 = 1;

/// What the first entry of a file names as the one before it.
pub const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Longest line of an audit file, in bytes. What would be longer is refused.
pub const LONGEST: usize = 64 << 10;

/// What an entry tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Event {
    /// First entry of a file: names the chain.
    #[default]
    #[serde(rename = "open")]
    Open,
    /// Masking begins.
    #[serde(rename = "mask")]
    Mask,
    /// Masking has ended, and what it came to.
    #[serde(rename = "mask.end")]
    MaskEnd,
    /// One file of such a run is at its place, and what it came to.
    #[serde(rename = "file")]
    File,
    /// More than the base view is about to be shown.
    #[serde(rename = "reveal")]
    Reveal,
    /// It was, and what it came to.
    #[serde(rename = "reveal.end")]
    RevealEnd,
    /// A grant was signed.
    #[serde(rename = "grant")]
    Grant,
    /// Somebody asked and was refused.
    #[serde(rename = "denied")]
    Denied,
    /// Somebody was told the names of the sources.
    #[serde(rename = "list")]
    List,
    /// All entries up to here are signed.
    #[serde(rename = "checkpoint")]
    Checkpoint,
    /// A line that a crash left unfinished was taken out.
    #[serde(rename = "repair")]
    Repair,
}

/// One entry, without what the chain gives it. Never holds a value of a log.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Entry {
    /// What happened.
    pub event: Event,
    /// Joins the entries of one run.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub session: String,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
    /// Who somebody who was refused says that they are: nobody has proved it, and whoever has a copy of a certificate, which
    /// is public, can say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed: Option<Claimed>,
    /// By whose leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Names of what was read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<String>,
    /// How many more were read, whose names have no room in an entry.
    #[serde(skip_serializing_if = "is_none")]
    pub more_sources: u64,
    /// Classes that were shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// SHA-256 over what the policy does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Version of logmask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<&'static str>,
    /// How it ended: `done`, `withheld`, `failed`, `expired`, or why it was denied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// What was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    /// SHA-256 of all bytes that were read: those of the sources, one after another, packed as they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// SHA-256 of all bytes that were written: to stdout, or of the file as it lies there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// SHA-256 of all bytes that were written to stderr, where a source wrote there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stderr: Option<String>,
    /// SSHSIG of the actor over the place of this entry in the chain, see [`sign::proof`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// Name of the chain; in `open` and `checkpoint`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Entries that a checkpoint signs: all up to this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// SHA-256 of the line with that number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// SSHSIG over origin, size and head, see [`sign::checkpoint`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// What a repair took out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub torn: Option<Torn>,
}

/// Who does something.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Actor {
    /// As the grant names them; without a grant the user of the system.
    pub id: String,
    /// Fingerprint of their key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The user of the system that the process runs as.
    pub user: String,
    /// Where they come from, if through SSH.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// Names that a certificate says.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Claimed {
    /// Its key id.
    pub id: String,
    /// Fingerprint of the key that it is for.
    pub key: String,
}

/// A grant, as far as it is told.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Grant {
    /// Its number; as text if it is beyond what programs that read all numbers as floating point, such as jq 1.6, keep.
    #[serde(serialize_with = "exact")]
    pub serial: u64,
    /// Fingerprint of the key that it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Fingerprint of the authority that signed it.
    pub ca: String,
    /// Roles it gives.
    pub roles: Vec<String>,
    /// When it ends.
    pub before: String,
}

/// What a run did, in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Counts {
    /// Lines that came in.
    pub lines: u64,
    /// Bytes that came in.
    pub bytes_in: u64,
    /// Bytes that went out.
    pub bytes_out: u64,
    /// Records that were not judged.
    pub withheld: u64,
    /// Edits by rule.
    pub rules: BTreeMap<String, u64>,
    /// Values that a grant showed, by class.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shown: BTreeMap<String, u64>,
    /// Sealed values that were opened, by class.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub opened: BTreeMap<String, u64>,
    /// Sealed values that stayed sealed.
    #[serde(skip_serializing_if = "is_none")]
    pub sealed: u64,
}

/// The greatest whole number such that it and all below are exact in floating point.
pub const EXACT: u64 = (1 << 53) - 1;

#[allow(clippy::trivially_copy_pass_by_ref)]
fn exact<S: serde::Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    if *number <= EXACT { serializer.serialize_u64(*number) } else { serializer.serialize_str(&number.to_string()) }
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// Bytes behind the last whole line.
#[derive(Clone, Debug, Serialize)]
pub struct Torn {
    /// Where they began.
    pub offset: u64,
    /// How many there were.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: String,
}

/// As much of `text` as there is always room for in an entry, `…` for the rest: whoever is refused must not be able to have
/// it not noted, by what they ask for or by the names in a certificate that they made themselves.
pub fn clipped(text: &str) -> String {
    match text.char_indices().nth(CLIPPED) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// The same of several.
pub fn all_clipped(texts: &[String]) -> Vec<String> {
    let rest = (texts.len() > MANY).then(|| "…".to_owned());
    texts.iter().take(MANY).map(|text| clipped(text)).chain(rest).collect()
}

/// Characters of a text, each of which takes 12 bytes of an entry at most, and how many texts.
const CLIPPED: usize = 200;
const MANY: usize = 8;

/// SHA-256 in hex: of a line without its newline, what the next one names.
pub fn digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// JSON with everything outside ASCII, and DEL, as `\uXXXX`: no terminal and no reader of lines sees more than one line.
pub fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for char in json.chars() {
        if char < '\x7f' {
            out.push(char);
            continue;
        }
        for unit in char.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_text_where_a_reader_would_round_it() {
        let serial =
            |serial| serde_json::to_value(Grant { serial, ..Grant::default() }).expect("JSON")["serial"].clone();
        assert_eq!(serial(EXACT), serde_json::json!(9_007_199_254_740_991_u64));
        assert_eq!(serial(EXACT + 1), serde_json::json!("9007199254740992"));
        assert_eq!(serial(u64::MAX), serde_json::json!("18446744073709551615"));
    }

    #[test]
    fn nothing_but_printable_ascii_is_written() {
        let json = serde_json::to_string("a\n\u{1b}[2J\u{2028}é😀\u{7f}\"").expect("a string");
        let line = ascii(&json);
        assert_eq!(line, r#""a\n\u001b[2J\u2028\u00e9\ud83d\ude00\u007f\"""#);
        assert_eq!(serde_json::from_str::<String>(&line).expect("JSON"), "a\n\u{1b}[2J\u{2028}é😀\u{7f}\"");
    }
}
