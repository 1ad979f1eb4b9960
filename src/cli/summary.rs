//! `--summary`: what was done, in counts. No value, no name of a place in the log.

use super::files::{Row, Table};
use super::source;
use super::{Failure, Status, message};
use crate::masker::RuleName;
use crate::policy::Stack;
use crate::tally::Tally;
use serde::Serialize;
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Where and how, as typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Where {
    Text,
    Json,
    JsonFile(PathBuf),
}

/// The same, with the file open.
pub(super) enum Place {
    Text,
    Json,
    JsonFile(File, PathBuf),
}

impl Where {
    pub(super) fn parse(typed: &OsStr) -> Result<Where, Failure> {
        match typed.as_bytes() {
            b"text" => Ok(Where::Text),
            b"json" => Ok(Where::Json),
            [b'j', b's', b'o', b'n', b':', path @ ..] if !path.is_empty() => {
                Ok(Where::JsonFile(OsStr::from_bytes(path).into()))
            }
            _ => Err(Failure::usage("--summary: unknown form").hint("forms are text, json and json:FILE")),
        }
    }

    /// Opens the file before the first byte is read, so that no work is done that cannot be accounted for.
    pub(super) fn open(self, inputs: &[PathBuf]) -> Result<Place, Failure> {
        let path = match self {
            Where::Text => return Ok(Place::Text),
            Where::Json => return Ok(Place::Json),
            Where::JsonFile(path) => path,
        };
        let fail = |error: std::io::Error| Failure::usage(format!("{}: {}", path.display(), message::fact(&error)));
        // Not truncated yet: it may be a log.
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(fail)?;
        let stat = rustix::fs::fstat(&file).map_err(|error| fail(error.into()))?;
        if source::same_file(&stat, inputs).is_some() {
            return Err(Failure::usage(format!("{}: is read in this run", path.display())));
        }
        source::not_stdout(std::slice::from_ref(&path))?;
        let _ = file.set_len(0);
        Ok(Place::JsonFile(file, path))
    }
}

/// The file that `typed` names, if it names one.
pub(super) fn file(typed: &OsStr) -> Option<&Path> {
    let path = typed.as_bytes().strip_prefix(b"json:")?;
    Some(Path::new(OsStr::from_bytes(path)))
}

impl Place {
    pub(super) fn write(self, summary: &Summary<'_>) -> Status {
        match self {
            Place::Text => {
                for line in summary.text().lines() {
                    message::plain(&format!("logmask: {line}"));
                }
                Status::Done
            }
            Place::Json => {
                message::plain(&summary.json());
                Status::Done
            }
            Place::JsonFile(mut file, path) => match file.write_all(format!("{}\n", summary.json()).as_bytes()) {
                Ok(()) => Status::Done,
                Err(error) => Failure::io(format!("{}: {}", path.display(), message::fact(&error))).say(),
            },
        }
    }
}

/// All that may be said of a run.
pub(super) struct Summary<'a> {
    pub(super) tally: &'a Tally,
    /// What came of each, where each went to a file of its own.
    pub(super) files: Option<&'a Table<'a>>,
    /// Names by rule index.
    pub(super) rules: &'a [RuleName],
    /// What was left of stack traces.
    pub(super) stack: Stack,
    pub(super) profile: &'a str,
    /// The files of the policy on top.
    pub(super) policies: &'a [PathBuf],
    /// Floor rules the policy switched off or loosened.
    pub(super) weakened: &'a [String],
    /// Of the key; none if it was drawn for this run.
    pub(super) fingerprint: Option<&'a str>,
    /// What was sealed, if anything was to be.
    pub(super) sealed: Option<Sealed<'a>>,
    pub(super) seconds: f64,
}

/// The run whose key rings open what was sealed, and the classes.
#[derive(Serialize)]
pub(super) struct Sealed<'a> {
    pub(super) run: &'a str,
    pub(super) classes: Vec<&'a str>,
}

#[derive(Serialize)]
struct Report<'a> {
    lines: u64,
    bytes_in: u64,
    bytes_out: u64,
    bytes_masked: u64,
    /// Of the bytes that came in, those that were masked.
    mask_ratio: f64,
    edits: u64,
    rules: Vec<RuleCount<'a>>,
    observed: Vec<ObservedCount<'a>>,
    withheld_too_long: u64,
    withheld_too_much_work: u64,
    lines_dropped: u64,
    lines_not_selected: u64,
    stack_traces: u64,
    stack_frames_folded: u64,
    already_masked: u64,
    profile: &'a str,
    policies: Vec<String>,
    weakened: &'a [String],
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed: Option<&'a Sealed<'a>>,
    seconds: f64,
    mb_per_second: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<&'a [Row]>,
}

#[derive(Serialize)]
struct RuleCount<'a> {
    rule: &'a str,
    class: &'a str,
    edits: u64,
}

#[derive(Serialize)]
struct ObservedCount<'a> {
    rule: &'a str,
    class: &'a str,
    findings: u64,
}

impl Summary<'_> {
    fn report(&self) -> Report<'_> {
        let tally = self.tally;
        let named = tally.edits.iter().zip(self.rules).filter(|(edits, _)| **edits > 0);
        let observed = tally.observed.iter().zip(self.rules).filter(|(findings, _)| **findings > 0);
        let round = |number: f64| (number * 1000.0).round() / 1000.0;
        Report {
            lines: tally.lines,
            bytes_in: tally.bytes_in,
            bytes_out: tally.bytes_out,
            bytes_masked: tally.bytes_masked,
            mask_ratio: tally.mask_ratio(),
            edits: tally.edits.iter().sum(),
            rules: named.map(|(&edits, name)| RuleCount { rule: &name.id, class: &name.class, edits }).collect(),
            observed: observed
                .map(|(&findings, name)| ObservedCount { rule: &name.id, class: &name.class, findings })
                .collect(),
            withheld_too_long: tally.withheld_too_long,
            withheld_too_much_work: tally.withheld_too_much_work,
            lines_dropped: tally.lines_dropped,
            lines_not_selected: tally.lines_not_selected,
            stack_traces: tally.stack_traces,
            stack_frames_folded: tally.stack_frames,
            already_masked: tally.already_masked,
            profile: self.profile,
            policies: self.policies.iter().map(|path| path.display().to_string()).collect(),
            weakened: self.weakened,
            key: self.fingerprint.unwrap_or("random for this run"),
            sealed: self.sealed.as_ref(),
            seconds: round(self.seconds),
            mb_per_second: round(tally.bytes_in as f64 / 1e6 / self.seconds.max(1e-6)),
            files: self.files.map(|table| table.0),
        }
    }

    fn json(&self) -> String {
        // Strings and numbers only: cannot fail.
        serde_json::to_string(&self.report()).unwrap_or_default()
    }

    fn text(&self) -> String {
        use std::fmt::Write as _;
        let report = self.report();
        let count = message::count;
        let mut text = format!(
            "{} in, {}, {} out, {:.3} s, {:.1} MB/s\n",
            count(report.lines, "line"),
            count(report.bytes_in, "byte"),
            count(report.bytes_out, "byte"),
            report.seconds,
            report.mb_per_second
        );
        let _ = writeln!(text, "profile {}, key {}", report.profile, report.key);
        if let Some(sealed) = &report.sealed {
            let _ = writeln!(text, "sealed for run {}: {}", sealed.run, sealed.classes.join(", "));
        }
        if !report.policies.is_empty() {
            let _ = writeln!(text, "policy {}", report.policies.join(", "));
        }
        if !report.weakened.is_empty() {
            let _ = writeln!(text, "floor rules off or loosened: {}", message::some(report.weakened));
        }
        let _ = writeln!(
            text,
            "{}, {} masked ({:.2} %)",
            count(report.edits, "edit"),
            count(report.bytes_masked, "byte"),
            report.mask_ratio * 100.0
        );
        for rule in &report.rules {
            let _ = writeln!(text, "  {:>9} {} ({})", rule.edits, rule.rule, rule.class);
        }
        for rule in &report.observed {
            let _ = writeln!(text, "  {:>9} {} ({}) observed, not masked", rule.findings, rule.rule, rule.class);
        }
        let withheld = report.withheld_too_long + report.withheld_too_much_work;
        let _ = writeln!(
            text,
            "{} withheld, {} dropped, {} masked already",
            count(withheld, "record"),
            count(report.lines_dropped, "line"),
            count(report.already_masked, "place")
        );
        if report.lines_not_selected > 0 {
            let _ = writeln!(text, "{} not selected", count(report.lines_not_selected, "line"));
        }
        if report.stack_traces > 0 {
            let traces = count(report.stack_traces, "stack trace");
            let _ = match self.stack {
                Stack::Keep => writeln!(text, "{traces} kept (--stack fold leaves the first frames)"),
                Stack::Fold(_) | Stack::Drop => {
                    writeln!(text, "{traces}, {} folded", count(report.stack_frames_folded, "frame"))
                }
            };
        }
        text + &self.files.map(Table::text).unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_text_json_and_json_in_a_file() {
        assert_eq!(Where::parse(OsStr::new("text")).unwrap(), Where::Text);
        assert_eq!(Where::parse(OsStr::new("json")).unwrap(), Where::Json);
        assert_eq!(Where::parse(OsStr::new("json:a b")).unwrap(), Where::JsonFile("a b".into()));
        assert!(Where::parse(OsStr::new("json:")).is_err() && Where::parse(OsStr::new("yaml")).is_err());
    }

    #[test]
    fn both_forms_say_the_same() {
        let tally = Tally {
            lines: 2,
            bytes_in: 2_000_000,
            bytes_out: 9,
            edits: vec![0, 3],
            withheld_too_long: 1,
            ..Tally::default()
        };
        let name = |id: &str| RuleName { id: id.to_owned().into(), class: "pii.email".into() };
        let rules = [name("a"), name("email")];
        let summary = Summary {
            tally: &tally,
            files: None,
            rules: &rules,
            stack: Stack::Keep,
            profile: "default",
            policies: &[],
            weakened: &[],
            fingerprint: None,
            sealed: Some(Sealed { run: "r7q2zk", classes: vec!["pii.email"] }),
            seconds: 0.5,
        };
        let json: serde_json::Value = serde_json::from_str(&summary.json()).unwrap();
        assert_eq!(json["rules"], serde_json::json!([{"rule": "email", "class": "pii.email", "edits": 3}]));
        assert_eq!(json["mb_per_second"], 4.0);
        assert_eq!(
            summary.text(),
            "2 lines in, 2000000 bytes, 9 bytes out, 0.500 s, 4.0 MB/s\nprofile default, key random for this run\n\
             sealed for run r7q2zk: pii.email\n\
             3 edits, 0 bytes masked (0.00 %)\n          3 email (pii.email)\n1 record withheld, 0 lines dropped, 0 places masked already\n"
        );
    }

    #[test]
    fn a_log_is_never_overwritten_by_its_summary() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "log\n").unwrap();
        assert!(Where::JsonFile(file.path().to_owned()).open(&[file.path().to_owned()]).is_err());
        assert_eq!(std::fs::read(file.path()).unwrap(), b"log\n");
    }
}
