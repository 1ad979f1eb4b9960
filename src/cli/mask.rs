//! The masker that the options ask for, and what is said of its work at the end.

use super::args::{MaskArgs, PolicyArgs};
use super::files::Table;
use super::record::{Record, Sources};
use super::seal::Seals;
use super::summary::{Place, Sealed, Summary, Where};
use super::view::{self, View};
use super::{Failure, Status, color, key, message, seal, secrets, selection, size, source, storm};
use crate::masker::{Literals, Masker, Settings};
use crate::policy::{Docs, Policy};
use crate::tally::Tally;
use std::ffi::OsStr;
use std::io::{self, IsTerminal};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::Instant;

/// Where masked lines go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// To stdout, where they may be coloured; `keep_lines` whatever the options say.
    Stdout { keep_lines: bool },
    /// To files, which hold nothing but them; `in_place` of what was read.
    Files { in_place: bool },
}

impl MaskArgs {
    /// As if nothing but this policy was typed.
    pub(super) fn by_default(policy: PolicyArgs) -> MaskArgs {
        MaskArgs { policy, max_line: "64MiB".to_owned(), color: "auto".to_owned(), ..MaskArgs::default() }
    }
}

/// Options, checked and ready for the first byte.
pub(super) struct Mask {
    pub(super) masker: Masker,
    /// Needs one thread.
    pub(super) serial: bool,
    pub(super) max_line: usize,
    /// More of the bytes than this are not masked without an alarm.
    max_ratio: Option<f64>,
    profile: String,
    /// The files of the policy.
    policies: Vec<PathBuf>,
    weakened: Vec<String>,
    /// Of the key; none if it was drawn for this run.
    fingerprint: Option<String>,
    summary: Option<Place>,
    seals: Option<Seals>,
    /// Whoever asked for an audit has its beginning on disk.
    pub(super) record: Option<Record>,
    started: Instant,
}

impl Mask {
    /// Loads the policy, reads the key and opens the summary. `inputs` is what will be read; nothing of it is yet.
    pub(super) fn new(args: &MaskArgs, inputs: &[PathBuf], to: To) -> Result<Mask, Failure> {
        let mut policy = super::policy::load(&args.policy, &args.policy.policy, Docs::Without)?;
        let view = view::apply(args, &mut policy)?;
        let one_way = !matches!(to, To::Files { .. }) && !inputs.is_empty();
        Mask::of(args, policy, view, Sources { files: inputs, one_way, ..Sources::default() }, to)
    }

    /// The same with a policy that is loaded already, for a view that is allowed already.
    pub(super) fn of(
        args: &MaskArgs,
        policy: Policy,
        view: View,
        sources: Sources<'_>,
        to: To,
    ) -> Result<Mask, Failure> {
        let literals = secrets::read(&args.secrets)?;
        Mask::with(args, policy, view, sources, to, literals)
    }

    /// The same with these listed secrets.
    pub(super) fn with(
        args: &MaskArgs,
        mut policy: Policy,
        view: View,
        sources: Sources<'_>,
        to: To,
        literals: Literals,
    ) -> Result<Mask, Failure> {
        let started = Instant::now();
        let inputs = sources.files;
        let max_line = max_line(&args.max_line)?;
        let summary = args.summary.as_deref().map(Where::parse).transpose()?;
        let color = color::wanted(&args.color)? && !matches!(to, To::Files { .. });
        let keep_lines = args.keep_lines || to == To::Stdout { keep_lines: true };
        let max_ratio = args.max_mask_ratio.as_deref().map(storm::ratio).transpose()?;
        let key = key::read(args.key.as_deref(), inputs.iter().any(|path| source::is_stdin(path)))?;
        let seals = seal::prepare(&args.seal, &mut policy)?;
        let sealer = seals.as_ref().map(|seals| seals.sealer.clone()).unwrap_or_default();
        let settings = Settings { key: key.bytes.to_vec(), keep_lines, color, literals, sealer };
        let selection = selection::read(&args.select)?;
        let stack = args.stack.as_deref().map(selection::stack).transpose()?;
        let mut masker = Masker::new(&policy, settings).map_err(|error| Failure::usage(error.to_string()))?;
        let serial = selection.context > 0;
        masker.select(selection);
        if !view.limits.is_empty() {
            if (to == To::Files { in_place: true }) {
                return Err(Failure::usage("--in-place: this view shows only some of the lines")
                    .hint("the others would be lost; write elsewhere with -o"));
            }
            masker.limit(selection::limit(&view.limits)?);
        }
        if let Some(stack) = stack {
            // A view shows no more of them than its role may see.
            let least = if policy.roles.is_some() { masker.stack() } else { stack };
            masker.set_stack(stack.stricter(least));
        }
        if summary.is_some() {
            masker.count_stack_traces();
        }
        // Nothing that is read here is overwritten.
        let key_file = args.key.as_deref().and_then(|spec| spec.as_bytes().strip_prefix(b"file:"));
        let key_file = key_file.map(|path| PathBuf::from(OsStr::from_bytes(path)));
        let audit = args.audit.audit.iter().chain(view.audit.as_ref().map(|audit| &audit.file));
        let read: Vec<PathBuf> = inputs
            .iter()
            .chain(&policy.files)
            .chain(&args.secrets.file)
            .chain(audit)
            .cloned()
            .chain(key_file)
            .collect();
        let summary = summary.map(|place| place.open(&read)).transpose()?;
        warn_of_policy(&policy);
        // On disk before the first byte that is sealed with them.
        if let Some(seals) = &seals {
            seals.write_rings()?;
        }
        let record = Record::begin(&args.audit, view, &policy, sources, masker.rules())?;
        // Their memory goes back with the process; piece by piece it is a thirtieth of a start.
        std::mem::forget(policy.rules);
        Ok(Mask {
            masker,
            serial,
            max_line,
            max_ratio,
            profile: args.policy.profile().to_owned(),
            policies: policy.files,
            weakened: policy.weakened,
            fingerprint: key.fingerprint,
            summary,
            seals,
            record,
            started,
        })
    }

    /// What to say if more was masked than was to be expected.
    pub(super) fn alarm(&self, tally: &Tally) -> Option<String> {
        storm::alarm(tally, self.masker.rules(), self.max_ratio?)
    }

    /// Says what was withheld, and the summary if it was asked for.
    pub(super) fn close(self, tally: &Tally, files: Option<&Table<'_>>, so_far: Status) -> Status {
        let mut status = so_far.max(warn_of_withheld(tally, self.max_line));
        if let Some(alarm) = self.alarm(tally) {
            message::warning(&alarm);
            status = status.max(Status::No);
        }
        if let Some(record) = self.record {
            status = status.max(record.end(tally, self.masker.rules(), status));
        }
        let Some(place) = self.summary else {
            if let Some(files) = files.filter(|_| io::stderr().is_terminal()) {
                files.text().lines().for_each(message::plain);
            }
            return status;
        };
        status.max(
            place.write(&Summary {
                tally,
                files,
                rules: self.masker.rules(),
                stack: self.masker.stack(),
                profile: &self.profile,
                policies: &self.policies,
                weakened: &self.weakened,
                fingerprint: self.fingerprint.as_deref(),
                sealed: self
                    .seals
                    .as_ref()
                    .map(|seals| Sealed { run: seals.sealer.run(), classes: seals.sealer.classes().collect() }),
                seconds: self.started.elapsed().as_secs_f64(),
            }),
        )
    }
}

pub(super) fn max_line(typed: &str) -> Result<usize, Failure> {
    size::parse(typed)
        .ok_or_else(|| Failure::usage("--max-line: not a number of bytes").hint("for example 64MiB, 512k or 100000"))
}

/// Says which rules of the floor are not what they were.
pub(super) fn warn_of_weakened(policy: &Policy) {
    if !policy.weakened.is_empty() {
        let ids = message::some(&policy.weakened);
        message::warning(&format!("the policy switches off or loosens rules of the floor: {ids}"));
    }
}

pub(super) fn warn_of_policy(policy: &Policy) {
    warn_of_weakened(policy);
    for path in &policy.files {
        // Not opened again: a named pipe would wait for a second writer.
        if std::fs::metadata(path).is_ok_and(|file| file.mode() & 0o002 != 0) {
            message::warning(&format!("{}: everybody can write this policy", path.display()));
        }
    }
}

pub(super) fn warn_of_withheld(tally: &Tally, max_line: usize) -> Status {
    let was = |number| if number == 1 { "was" } else { "were" };
    if tally.withheld_too_long > 0 {
        let lines = message::count(tally.withheld_too_long, "line");
        message::warning(&format!(
            "{lines} longer than {} {} withheld (--max-line)",
            size::show(max_line),
            was(tally.withheld_too_long)
        ));
    }
    if tally.withheld_too_much_work > 0 {
        let records = message::count(tally.withheld_too_much_work, "record");
        message::warning(&format!(
            "{records} that would take too much work {} withheld",
            was(tally.withheld_too_much_work)
        ));
    }
    if tally.withheld() > 0 { Status::Withheld } else { Status::Done }
}
