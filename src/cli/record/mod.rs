//! `--audit`: what a run tells the audit file, before its first byte and after its last. `sources` are what it reads, and
//! `ending` is for runs that are cut off.

pub(super) mod ending;
pub(super) mod entry;
mod noted;
mod sources;
mod summed;

pub(super) use noted::Noted;
pub(super) use sources::Sources;
pub(super) use summed::Summed;

use super::args::AuditArgs;
use super::grant::terms;
use super::source;
use super::sum::Sum;
use super::view::{self, View, Where};
use super::{Failure, Status, interrupt, key, message};
use crate::access::{LONGEST_REASON, is_line};
use crate::audit::{self, Actor, Counts, Entry, Event, Log};
use crate::masker::RuleName;
use crate::policy::{self, Policy};
use crate::reveal::Revealed;
use crate::tally::Tally;
use sources::not_written;
use ssh_key::PrivateKey;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A run whose beginning is on disk.
pub(super) struct Record {
    /// Files that are worked on at the same time end one after another.
    log: Mutex<Log>,
    sign_with: Option<PrivateKey>,
    session: String,
    /// What its last entry says.
    ends: Event,
    /// A grant, while it is good.
    until: Option<u64>,
    /// What was read so far, where all of it goes one way.
    input: Option<Sum>,
    /// What was written so far, where all of it goes one way.
    output: Option<Sum>,
    /// What was written to stderr, which is another way.
    stderr: Sum,
}

impl Record {
    /// Writes and syncs the entry that masking begins; nothing was read yet. None if nobody asked for it.
    pub(super) fn begin(
        args: &AuditArgs,
        view: View,
        policy: &Policy,
        sources: Sources<'_>,
        rules: &[RuleName],
    ) -> Result<Option<Record>, Failure> {
        if view.audit.is_some() {
            return Record::reveal(view, None, policy, sources, rules).map(Some);
        }
        let Some(path) = &args.audit else {
            return Ok(None);
        };
        let sign_with = args.audit_key.as_deref().map(|spec| private_key("--audit-key", spec)).transpose()?;
        let reason = reason(args.reason.as_deref())?;
        let session = session()?;
        let (input, output) = (sources.sum(), sources.sum());
        not_written(path, sources.files)?;
        // The file of a policy is the chain that the policy says, whoever writes to it first.
        let named = policy.roles.as_ref().and_then(|roles| roles.access.audit.as_ref());
        let named = named.filter(|audit| audit.file == *path).and_then(|audit| audit.origin.as_deref());
        let mut log = open(path, named)?;
        let (source, more_sources) = sources.all_names();
        let entry = Entry {
            event: Event::Mask,
            session: session.clone(),
            actor: Some(actor(None)),
            reason,
            source,
            more_sources,
            policy: Some(policy::digest(policy)),
            tool: Some(env!("CARGO_PKG_VERSION")),
            ..Entry::default()
        };
        let open = ending::begin();
        log.append(|_| Ok(entry)).map_err(|error| unwritten(path, &error))?;
        let (log, stderr) = (Mutex::new(log), Sum::default());
        let record = Record { log, sign_with, session, ends: Event::MaskEnd, until: None, input, output, stderr };
        record.opened(open, path, rules);
        Ok(Some(record))
    }

    /// Writes and syncs the entry that more is about to be shown than everybody may see; nothing was read yet. `reason` is
    /// for whoever needs no grant.
    pub(super) fn reveal(
        mut view: View,
        reason: Option<&str>,
        policy: &Policy,
        sources: Sources<'_>,
        rules: &[RuleName],
    ) -> Result<Record, Failure> {
        let Some(Where { file, origin, sign_with }) = view.audit.take() else {
            return Err(Failure::audit("no audit"));
        };
        let session = session()?;
        not_written(&file, sources.files)?;
        let mut log = open(&file, origin.as_deref())?;
        let (input, output) = (sources.sum(), sources.sum());
        let names = sources.all_names();
        let open = ending::begin();
        let entry = view::opening(&view, reason, policy, &session, names);
        entry::begin(&mut log, "reveal", entry, view.proof.as_ref(), sign_with.as_ref())?;
        let until = view.permit.map(|permit| permit.before);
        let (log, stderr) = (Mutex::new(log), Sum::default());
        let record = Record { log, sign_with, session, ends: Event::RevealEnd, until, input, output, stderr };
        record.opened(open, &file, rules);
        until.map(stop_at).transpose()?;
        Ok(record)
    }

    /// Whatever ends the process from now on notes it.
    fn opened(&self, mut open: MutexGuard<'_, Option<ending::Open>>, file: &Path, rules: &[RuleName]) {
        *open = Some(ending::Open {
            file: file.to_owned(),
            origin: self.log.lock().unwrap_or_else(PoisonError::into_inner).origin().to_owned(),
            event: self.ends,
            session: self.session.clone(),
            sign_with: self.sign_with.clone(),
            rules: rules.to_vec(),
            granted: self.until.is_some(),
            output: self.output.clone(),
            stderr: self.stderr.clone(),
            so_far: ending::SoFar::default(),
        });
    }

    /// Whether `path` is the audit file.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let own = [log.path().to_owned()];
        rustix::fs::stat(path).is_ok_and(|stat| source::same_file(&stat, &own).is_some())
    }

    /// Only what is written is summed up.
    pub(super) fn output_only(self) -> Record {
        Record { input: None, ..self }
    }

    /// Sums up what is read where all of it goes one way.
    pub(super) fn input(&self) -> Option<Sum> {
        self.input.clone()
    }

    /// Writes what came of one file of a run. `output` is what lies at its place now; none if nothing does.
    pub(super) fn file(
        &self,
        name: String,
        counts: Counts,
        input: Option<String>,
        output: Option<String>,
        status: Status,
    ) -> Status {
        let entry = Entry {
            event: Event::File,
            session: self.session.clone(),
            source: vec![name],
            outcome: Some(outcome(status).to_owned()),
            counts: Some(counts),
            input,
            output,
            ..Entry::default()
        };
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        match log.note(|_| Ok(entry)) {
            Ok(_) => Status::Done,
            Err(error) => unwritten(log.path(), &error).say(),
        }
    }

    /// What a run did, with its rules.
    pub(super) fn counts(&self, tally: &Tally, rules: &[RuleName]) -> Counts {
        counts_of(tally, rules, self.until.is_some())
    }

    /// Writes what opening sealed values came to.
    pub(super) fn revealed(self, tally: &Revealed, status: Status) -> Status {
        self.close(ending::revealed_counts(tally), status)
    }

    /// Writes what the run came to, and signs all there is if there is a key.
    pub(super) fn end(self, tally: &Tally, rules: &[RuleName], status: Status) -> Status {
        let counts = self.counts(tally, rules);
        self.close(counts, status)
    }

    /// The same, whatever it came to.
    fn close(self, counts: Counts, status: Status) -> Status {
        let entry = Entry {
            event: self.ends,
            session: self.session,
            outcome: Some(outcome(status).to_owned()),
            counts: Some(counts),
            input: self.input.map(|sum| sum.hex()),
            output: self.output.map(|sum| sum.hex()),
            stderr: self.stderr.hex_of_some(),
            ..Entry::default()
        };
        let mut log = self.log.into_inner().unwrap_or_else(PoisonError::into_inner);
        let written = ending::close(|| {
            let end = log.note(|_| Ok(entry))?;
            self.sign_with.as_ref().map_or(Ok(end), |key| log.checkpoint(key))
        });
        match written {
            Ok(_) => Status::Done,
            Err(error) => unwritten(log.path(), &error).say(),
        }
    }

    /// Reads from `input`, and sums up what comes.
    pub(super) fn reading<R: Read>(record: Option<&Record>, input: R) -> Summed<'_, R> {
        Summed { inner: input, sum: record.and_then(|record| record.input.as_ref()), until: None }
    }

    /// Writes as long as a grant is good to a file of its own, which `sum` sums up.
    pub(super) fn filling<'a, W: Write>(record: Option<&'a Record>, sum: &'a Sum, output: W) -> Summed<'a, W> {
        Summed { inner: output, sum: record.map(|_| sum), until: record.and_then(|record| record.until) }
    }

    /// The same for what goes to stderr.
    pub(super) fn erring<W: Write>(record: Option<&Record>, output: W) -> Summed<'_, W> {
        let until = record.and_then(|record| record.until);
        Summed { inner: output, sum: record.map(|record| &record.stderr), until }
    }

    /// The same, and sums up what was written.
    pub(super) fn writing<W: Write>(record: Option<&Record>, output: W) -> Summed<'_, W> {
        let until = record.and_then(|record| record.until);
        Summed { inner: output, sum: record.and_then(|record| record.output.as_ref()), until }
    }
}

/// Ends the process in the second `until`, between two records; also when it waits for input.
fn stop_at(until: u64) -> Result<(), Failure> {
    // Whoever sets the clock back meanwhile gains nothing; a machine that sleeps is woken by the clock.
    let (started, left) = (Instant::now(), Duration::from_secs(until.saturating_sub(terms::now())));
    let watch = move || {
        while terms::now() < until && started.elapsed() < left {
            std::thread::sleep(Duration::from_millis(200));
        }
        interrupt::finish(|| {
            ending::cut("expired");
            let text = format!("the grant has expired at {}", terms::shown(until));
            Failure::denied(text).hint("ask for a new one with: logmask grant request").say()
        })
    };
    let thread = std::thread::Builder::new().name("expiry".to_owned()).spawn(watch);
    thread.map(drop).map_err(|error| Failure::io(format!("threads: {}", message::fact(&error))))
}

/// The chain at `path`, which must be named `origin` if that is given; one that is new without it, after this machine.
pub(super) fn open(path: &Path, origin: Option<&str>) -> Result<Log, Failure> {
    let host = || std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_owned();
    let log = Log::open(path, &origin.map_or_else(host, str::to_owned)).map_err(|error| unwritten(path, &error))?;
    Ok(if origin.is_some() { log.named() } else { log })
}

/// Without an audit entry nothing happens.
pub(super) fn unwritten(path: &Path, error: &crate::audit::Error) -> Failure {
    let failure = Failure::audit(format!("audit {}: {error}", path.display()));
    match error {
        crate::audit::Error::Torn(_) => {
            failure.hint("logmask audit repair takes the torn line out, and says so in an entry")
        }
        crate::audit::Error::Nothing => {
            failure.hint("nothing in it can be kept: remove it, and the next run begins a chain")
        }
        crate::audit::Error::ClockWentBack(_) => failure.hint(CLOCK),
        crate::audit::Error::Other => failure.hint(
            "access.audit.origin says which chain it should be: name another file, or give it the name of this one",
        ),
        crate::audit::Error::Locked => failure.hint("find it with: fuser FILE, or lslocks"),
        _ => failure,
    }
}

/// What to do about a clock that is behind the audit file.
const CLOCK: &str =
    "set the clock; or if it was wrong when that entry was written: logmask audit repair --clock says so";

/// How a run with `status` ended.
pub(super) fn outcome(status: Status) -> &'static str {
    match status {
        Status::Done | Status::No | Status::Command(_) => "done",
        Status::Withheld => "withheld",
        Status::Usage | Status::Audit | Status::Fault | Status::Io => "failed",
    }
}

/// What a run did, with its rules; what it showed, if it is `granted`.
fn counts_of(tally: &Tally, rules: &[RuleName], granted: bool) -> Counts {
    let mut counts = counts(tally);
    let named = tally.edits.iter().zip(rules).filter(|(edits, _)| **edits > 0);
    counts.rules = named.map(|(&edits, name)| (name.id.to_string(), edits)).collect();
    let shown = tally.observed.iter().zip(rules).filter(|(shown, _)| **shown > 0 && granted);
    for (&shown, name) in shown {
        *counts.shown.entry(name.class.to_string()).or_default() += shown;
    }
    counts
}

/// What a run did, without its rules.
pub(super) fn counts(tally: &Tally) -> Counts {
    Counts {
        lines: tally.lines,
        bytes_in: tally.bytes_in,
        bytes_out: tally.bytes_out,
        withheld: tally.withheld(),
        ..Counts::default()
    }
}

/// A name for a run that no other has.
pub(super) fn session() -> Result<String, Failure> {
    let mut bytes = [0; 10];
    getrandom::fill(&mut bytes).map_err(|_| Failure::io("no random bytes for a session"))?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}

/// Whoever runs this process: `id` as a grant names them, else as the system does.
pub(super) fn actor(id: Option<&str>) -> Actor {
    let uid = rustix::process::getuid().as_raw();
    let known = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = known.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    });
    let user = name.unwrap_or_else(|| format!("uid:{uid}"));
    let from = std::env::var("SSH_CONNECTION").ok().and_then(|ends| ends.split(' ').next().map(audit::clipped));
    Actor { id: id.map_or_else(|| user.clone(), str::to_owned), key: None, user, from }
}

/// Why, as typed: one line without control characters.
pub(super) fn reason(typed: Option<&str>) -> Result<Option<String>, Failure> {
    let Some(reason) = typed else { return Ok(None) };
    if reason.chars().count() > LONGEST_REASON || !is_line(reason) {
        return Err(Failure::usage(format!("--reason: not a line of up to {LONGEST_REASON} printable characters")));
    }
    Ok(Some(reason.to_owned()))
}

/// The private key at `spec`, in OpenSSH's format and without a passphrase.
pub(super) fn private_key(option: &'static str, spec: &OsStr) -> Result<PrivateKey, Failure> {
    let bytes = key::bytes(option, spec, false, true)?;
    let refuse = |what: &str| Failure::usage(format!("{option}: {what}"));
    let key = PrivateKey::from_openssh(&*bytes).map_err(|_| refuse("no private key of OpenSSH"))?;
    if key.is_encrypted() {
        return Err(refuse("the key has a passphrase").hint("an agent or a hardware key signs with ssh-keygen"));
    }
    match key.algorithm() {
        ssh_key::Algorithm::Ed25519 | ssh_key::Algorithm::Ecdsa { curve: ssh_key::EcdsaCurve::NistP256 } => Ok(key),
        _ => Err(refuse("this kind of key cannot sign here").hint("ed25519 and ecdsa-sha2-nistp256 can")),
    }
}
