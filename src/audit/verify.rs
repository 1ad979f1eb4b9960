//! Whether a chain is what it was when it was written.

use super::{EXACT, LONGEST, NOTHING, Signer, VERSION, digest, sign};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, BufRead};

/// What somebody noted of a chain: `N:HASH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Number of an entry,
    pub seq: u64,
    /// and the SHA-256 of its line.
    pub hash: String,
}

impl std::str::FromStr for Anchor {
    type Err = ();

    fn from_str(text: &str) -> Result<Anchor, ()> {
        let (seq, hash) = text.trim().split_once(':').ok_or(())?;
        let hex = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        let seq = seq.parse().map_err(|_| ())?;
        if hex { Ok(Anchor { seq, hash: hash.to_ascii_lowercase() }) } else { Err(()) }
    }
}

/// What is known of chains that hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Number and hash of the last entry.
    pub last: Option<(u64, String)>,
    /// The chain begins with entry 1, not somewhere in its middle.
    pub complete: bool,
    /// All entries up to this one are signed by a key that may.
    pub signed_through: u64,
    /// Checkpoints that were checked.
    pub checkpoints: u64,
    /// The noted entry was met.
    pub anchored: bool,
    /// Sessions that began and did not end.
    pub open_sessions: Vec<String>,
    /// The name of the chain, which its checkpoints sign; none of a piece without one.
    pub origin: Option<String>,
}

/// What is wrong with a file that begins in the middle.
pub const NO_FIRST: &str = "should name the chain, as the first entry of a file";

/// The first thing that is wrong.
#[derive(Debug)]
pub enum Fault {
    /// A file cannot be read.
    Io(io::Error),
    /// This entry does not follow the one before it, or is none; the first is 1.
    Entry(u64, &'static str),
    /// The last line has no end; it begins at this offset of its file.
    Torn(u64, u64),
    /// The noted entry is not there, or another one is.
    Anchor(u64),
    /// The noted entry is one before all that is here.
    Earlier(u64),
    /// Nothing is signed by a key that may.
    Unsigned,
    /// No checkpoint follows this entry, the last of a piece.
    Open(u64),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Io(error) => write!(f, "{error}"),
            Fault::Entry(seq, what) => write!(f, "entry {seq}: {what}"),
            Fault::Torn(seq, offset) => write!(f, "entry {seq}: torn line at byte {offset}"),
            Fault::Anchor(seq) => {
                write!(f, "entry {seq} is not the one that was noted: the end was cut off or rewritten")
            }
            Fault::Earlier(seq) => write!(f, "entry {seq}, which was noted, is before what is here"),
            Fault::Unsigned => f.write_str("no checkpoint is signed by a key that may sign"),
            Fault::Open(seq) => write!(f, "entry {seq}: is the last, and no checkpoint signs it"),
        }
    }
}

/// Judges a chain: one file, or several that follow each other. With `signers`, every checkpoint must be signed by one of
/// them, and there must be one.
pub fn verify<R: BufRead>(
    files: impl IntoIterator<Item = R>,
    signers: Option<&[Signer]>,
    anchor: Option<&Anchor>,
) -> Result<Report, Fault> {
    let mut chain = Chain { signers, report: Report::default(), first: 0, origin: None, open: BTreeSet::new() };
    for file in files {
        chain.file(file, true, anchor)?;
    }
    chain.end(anchor)
}

/// Judges a piece of a chain, as `audit receipt` prints it: nothing is known of what is before it and behind it. The name of
/// the chain is what its last checkpoint says. With `signers`, a checkpoint must be its last entry: whoever holds the piece
/// can rewrite what stands behind it.
pub fn verify_piece(piece: &[u8], signers: Option<&[Signer]>, anchor: Option<&Anchor>) -> Result<Report, Fault> {
    let entries = piece.rsplit(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let checkpoint = entries.into_iter().find(|entry| entry["event"] == "checkpoint");
    let origin = checkpoint.and_then(|entry| entry["origin"].as_str().map(str::to_owned));
    let mut chain = Chain { signers, report: Report::default(), first: 0, origin, open: BTreeSet::new() };
    chain.file(piece, false, anchor)?;
    let report = chain.end(anchor)?;
    match &report.last {
        Some((seq, _)) if signers.is_some() && report.signed_through + 1 != *seq => Err(Fault::Open(*seq)),
        _ => Ok(report),
    }
}

struct Chain<'a> {
    signers: Option<&'a [Signer]>,
    report: Report,
    /// Number of the first entry that is here.
    first: u64,
    origin: Option<String>,
    open: BTreeSet<String>,
}

impl Chain<'_> {
    fn file(&mut self, mut file: impl BufRead, whole: bool, anchor: Option<&Anchor>) -> Result<(), Fault> {
        let (mut offset, mut line) = (0, Vec::new());
        loop {
            line.clear();
            let read = io::Read::take(&mut file, LONGEST as u64 + 2).read_until(b'\n', &mut line).map_err(Fault::Io)?;
            if read == 0 {
                return Ok(());
            }
            let seq = self.report.last.as_ref().map_or(1, |last| last.0 + 1);
            if line.pop() != Some(b'\n') {
                return Err(Fault::Torn(seq, offset));
            }
            self.entry(&line, whole && offset == 0)?;
            offset += read as u64;
            let (seq, hash) = self.report.last.as_ref().expect("an entry was read");
            if let Some(anchor) = anchor.filter(|anchor| anchor.seq == *seq) {
                if anchor.hash != *hash {
                    return Err(Fault::Anchor(*seq));
                }
                self.report.anchored = true;
            }
        }
    }

    fn end(mut self, anchor: Option<&Anchor>) -> Result<Report, Fault> {
        if let Some(anchor) = anchor.filter(|_| !self.report.anchored) {
            return Err(if anchor.seq < self.first { Fault::Earlier } else { Fault::Anchor }(anchor.seq));
        }
        if self.signers.is_some() && self.report.signed_through == 0 {
            return Err(Fault::Unsigned);
        }
        self.report.open_sessions = self.open.into_iter().collect();
        self.report.origin = self.origin;
        Ok(self.report)
    }

    fn entry(&mut self, line: &[u8], first_of_file: bool) -> Result<(), Fault> {
        let before = self.report.last.take();
        let expected = before.as_ref().map_or(1, |last| last.0 + 1);
        let value: Value = serde_json::from_slice(line).map_err(|_| Fault::Entry(expected, "is no JSON"))?;
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let (Some(seq), Some(prev), Some(event)) = (value["seq"].as_u64(), text("prev"), text("event")) else {
            return Err(Fault::Entry(expected, "is no audit entry"));
        };
        if !(1..EXACT).contains(&seq) {
            return Err(Fault::Entry(expected, "has no number that an entry can have"));
        }
        if value["v"] != VERSION {
            return Err(Fault::Entry(expected, "has a version that is not known here"));
        }
        match &before {
            Some((_, hash)) if seq != expected || prev != hash => {
                return Err(Fault::Entry(expected, "does not follow the entry before it"));
            }
            None if seq == 1 && prev != NOTHING => return Err(Fault::Entry(1, "does not follow the entry before it")),
            None => (self.first, self.report.complete) = (seq, seq == 1),
            Some(_) => {}
        }
        let fault = |what| Err(Fault::Entry(seq, what));
        if first_of_file {
            let origin = text("origin").filter(|_| event == "open");
            match (origin, &self.origin) {
                (None, _) => return fault(NO_FIRST),
                (Some(new), Some(old)) if new != old => return fault("names another chain"),
                (Some(new), _) => self.origin = Some(new.to_owned()),
            }
        }
        let origin = self.origin.as_deref().unwrap_or_default();
        // Of a piece without a checkpoint nobody knows the name of the chain.
        if let (Some(proof), Some(origin)) = (value.get("proof"), &self.origin) {
            let signed = sign::proof(origin, seq, prev, text("session").unwrap_or_default());
            let key = sign::signer(proof.as_str().unwrap_or_default(), sign::PROOF, &signed);
            let key = key.map(|key| sign::fingerprint(&key));
            if key.is_none() || key.as_deref() != value["actor"]["key"].as_str() {
                return fault("has a proof that is not of its actor");
            }
        }
        match event {
            "checkpoint" => {
                let (Some(size), Some(head)) = (value["size"].as_u64(), text("head")) else {
                    return fault("is no checkpoint");
                };
                if size + 1 != seq || head != prev || text("origin") != Some(origin) {
                    return fault("signs something else than what is before it");
                }
                let signed = sign::checkpoint(origin, size, head);
                let Some(key) = sign::signer(text("signature").unwrap_or_default(), sign::CHECKPOINT, &signed) else {
                    return fault("has a signature that does not hold");
                };
                // A key that has come to its end has signed well what it signed before.
                let time = text("time").and_then(|time| time.parse::<Timestamp>().ok()).map(Timestamp::as_second);
                let may = |known: &Signer| {
                    known.key.key_data() == key.key_data() && time.is_some_and(|time| known.may_at(time))
                };
                if self.signers.is_some_and(|signers| !signers.iter().any(may)) {
                    return fault("is signed by a key that may not sign");
                }
                self.report.checkpoints += 1;
                if self.signers.is_some() {
                    self.report.signed_through = size;
                }
            }
            "mask" | "reveal" => {
                self.open.insert(text("session").unwrap_or_default().to_owned());
            }
            "mask.end" | "reveal.end" => {
                self.open.remove(text("session").unwrap_or_default());
            }
            _ => {}
        }
        self.report.last = Some((seq, digest(line)));
        Ok(())
    }
}
