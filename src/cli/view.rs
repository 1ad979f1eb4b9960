//! `--view`: what of the policy is in force for whoever looks.

use super::args::{AuditArgs, MaskArgs, ViewArgs};
use super::grant::terms::{self, Held};
use super::record::entry;
use super::{Failure, message, record, source};
use crate::access::session;
use crate::access::{self, Permit};
use crate::audit::{self, Entry, Event, sign};
use crate::policy::limits::Limits;
use crate::policy::roles::Roles;
use crate::policy::{self, Policy};
use ssh_key::{Certificate, HashAlg, PrivateKey};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A view that was allowed.
#[derive(Default)]
pub(super) struct View {
    /// Only with a grant.
    pub(super) permit: Option<Permit>,
    /// The key of the grant, whose holder signs the first entry; none where sshd has seen that they hold it.
    pub(super) proof: Option<PrivateKey>,
    /// Where it is noted.
    pub(super) audit: Option<Where>,
    /// Which records may be seen.
    pub(super) limits: Limits,
}

/// An audit file and what is to be known of it.
pub(super) struct Where {
    pub(super) file: PathBuf,
    pub(super) origin: Option<String>,
    pub(super) sign_with: Option<PrivateKey>,
}

/// Takes out of `policy` what the view may see. More than the base view needs a grant; a refusal is noted.
pub(super) fn apply(args: &MaskArgs, policy: &mut Policy) -> Result<View, Failure> {
    args.view.complete()?;
    let Some(roles) = policy.roles.clone() else {
        if args.view.view.is_some() || args.view.grant.is_some() {
            return Err(Failure::usage("--view needs a policy with roles"));
        }
        return Ok(View::default());
    };
    let role = args.view.view.as_deref().unwrap_or(&roles.access.base);
    if !roles.names().any(|name| name == role) {
        let failure = Failure::usage("--view: no such role")
            .hint(format!("roles are {}", roles.names().collect::<Vec<_>>().join(", ")));
        // Somebody asked and was refused; where no audit file is named, a slip of the pen needs none.
        return Err(match Where::find(&args.audit, Some(&roles)) {
            Ok(audit) => Refused::new(failure).note(&audit, "view", &[]),
            Err(_) => failure,
        });
    }
    if roles.is_base(role) {
        if let Some(fact) = roles.bares_floor(policy).filter(|_| role == roles.access.base) {
            message::warning(&fact);
        }
        roles.relax(policy, &roles.shows(role));
        return Ok(View { limits: roles.limits(role), ..View::default() });
    }
    // 1. No audit, no reveal.
    let audit = Where::find(&args.audit, Some(&roles))?;
    // 2. Who, on what terms.
    let (permit, proof) =
        judge(&args.view, &roles, Some(role)).map_err(|refused| refused.note(&audit, &format!("view {role}"), &[]))?;
    let shows: Vec<&str> = permit.classes.iter().map(String::as_str).collect();
    roles.relax(policy, &shows);
    Ok(View { permit: Some(permit), proof: Some(proof), audit: Some(audit), limits: roles.limits(role) })
}

/// Makes `policy` what it is for everybody, without a grant: for commands that show nothing of a log and say what is masked.
pub(super) fn of_everybody(policy: &mut Policy) {
    if let Some(roles) = policy.roles.clone() {
        roles.relax(policy, &roles.shows(&roles.access.base));
    }
}

impl ViewArgs {
    /// What belongs together was typed together.
    fn complete(&self) -> Result<(), Failure> {
        let missing = |what: &str, hint: &str| Err(Failure::usage(format!("{what} is missing")).hint(hint));
        match (&self.view, &self.grant, &self.proof_key) {
            (_, None, Some(_)) => missing("--grant", "--proof-key is the key that a grant is for: --grant FILE"),
            (None, Some(_), _) => missing("--view", "--grant lets somebody see what a role sees: --view ROLE"),
            _ => Ok(()),
        }
    }
}

impl Where {
    /// The audit file of the policy, else the one that was typed; there must be one. Whoever looks does not choose another
    /// file than the policy does.
    pub(super) fn find(args: &AuditArgs, roles: Option<&Roles>) -> Result<Where, Failure> {
        let named = roles.and_then(|roles| roles.access.audit.as_ref());
        if let (Some(typed), Some(named)) = (&args.audit, named)
            && typed != &named.file
            && rustix::fs::stat(typed)
                .map_or(true, |stat| source::same_file(&stat, std::slice::from_ref(&named.file)).is_none())
        {
            return Err(Failure::usage("--audit: the policy names another audit file for what a grant shows")
                .hint("leave --audit out, or change access.audit in the policy"));
        }
        let file = args.audit.clone().or_else(|| named.map(|audit| audit.file.clone())).ok_or_else(|| {
            Failure::audit("no audit, no more than everybody may see")
                .hint("give --audit FILE, or name access.audit in the policy")
        })?;
        let typed = args.audit_key.as_deref().map(|spec| record::private_key("--audit-key", spec)).transpose()?;
        let sign_with = match (typed, named.and_then(|audit| audit.sign_with.as_deref())) {
            (None, Some(spec)) => {
                let folder = roles.map_or(Path::new(""), |roles| &roles.folder);
                Some(record::private_key("sign_with", &beside(spec, folder))?)
            }
            (typed, _) => typed,
        };
        Ok(Where { file, origin: named.and_then(|audit| audit.origin.clone()), sign_with })
    }
}

/// The place of a key in a policy: a path is relative to the file that says so.
fn beside(spec: &str, folder: &Path) -> OsString {
    let path = spec.strip_prefix("file:").or_else(|| Some(spec).filter(|spec| spec.starts_with(['.', '/'])));
    match path.filter(|path| !path.is_empty()) {
        Some(path) => {
            let mut place = OsString::from("file:");
            place.push(folder.join(path));
            place
        }
        None => spec.into(),
    }
}

/// Somebody may not, and what of their grant is known.
pub(super) struct Refused {
    failure: Failure,
    grant: Option<Box<(audit::Claimed, audit::Grant)>>,
    /// They hold the key of the grant, and an authority of the policy says who they are.
    proved: bool,
}

impl Refused {
    /// Nothing is known of a grant.
    pub(super) fn new(failure: Failure) -> Refused {
        Refused { failure, grant: None, proved: false }
    }

    /// It is that of `grant`.
    pub(super) fn of(grant: &Certificate, failure: Failure) -> Refused {
        let named = audit::Grant {
            serial: grant.serial(),
            key: grant.public_key().fingerprint(HashAlg::Sha256).to_string(),
            ca: grant.signature_key().fingerprint(HashAlg::Sha256).to_string(),
            roles: audit::all_clipped(grant.valid_principals()),
            before: terms::shown(grant.valid_before()),
        };
        let claimed = audit::Claimed { id: audit::clipped(grant.key_id()), key: named.key.clone() };
        Refused { failure, grant: Some(Box::new((claimed, named))), proved: false }
    }

    /// The grant was found good, and whoever asks holds its key.
    pub(super) fn proved(self) -> Refused {
        Refused { proved: true, ..self }
    }

    /// What is to be said where nothing is noted.
    pub(super) fn into_failure(self) -> Failure {
        self.failure
    }

    /// Notes that `what` was refused, and gives what is to be said: of two failures, that nothing could be noted. Who they
    /// are stands there as it is proved: by the system, or by the key of a good grant.
    pub(super) fn note(self, audit: &Where, what: &str, source: &[String]) -> Failure {
        let Refused { failure, grant, proved } = self;
        let (claimed, grant) = grant.map(|told| *told).unzip();
        let who = claimed.as_ref().filter(|_| proved);
        let actor = audit::Actor {
            key: who.map(|claimed| claimed.key.clone()),
            ..record::actor(who.map(|claimed| &*claimed.id))
        };
        let noted = || {
            let entry = Entry {
                event: Event::Denied,
                session: record::session()?,
                actor: Some(actor),
                claimed: claimed.filter(|_| !proved),
                grant,
                source: source.to_vec(),
                outcome: Some(format!("{what}: {}", failure.text)),
                tool: Some(env!("CARGO_PKG_VERSION")),
                ..Entry::default()
            };
            let mut log = record::open(&audit.file, audit.origin.as_deref())?;
            entry::note(&mut log, entry, audit.sign_with.as_ref())
        };
        match noted() {
            Ok(()) => failure,
            Err(other) => other,
        }
    }
}

/// What the grant that was typed gives to `role`, or else to the role it names, and the key of whoever holds it.
pub(super) fn judge(args: &ViewArgs, roles: &Roles, role: Option<&str>) -> Result<(Permit, PrivateKey), Refused> {
    let missing = |option: &str| {
        let what = role.map_or_else(|| "reveal".to_owned(), |role| format!("view \"{role}\""));
        Refused::new(Failure::denied(format!("{option} is missing: {what} needs a grant")))
    };
    let path = args.grant.as_deref().ok_or_else(|| missing("--grant"))?;
    let spec = args.proof_key.as_deref().ok_or_else(|| missing("--proof-key"))?;
    let grant = terms::certificate(path).map_err(Refused::new)?;
    // Without a role it is refused for what is wrong first; in the end for having none.
    let role = role.or_else(|| session::role(&grant, roles, None)).unwrap_or_default();
    let permit = permit(&grant, roles, role)?;
    let key = record::private_key("--proof-key", spec).map_err(|failure| Refused::of(&grant, failure))?;
    if key.public_key().key_data() != permit.key.key_data() {
        return Err(Refused::of(&grant, Failure::denied("--proof-key: not the key of the grant")));
    }
    Ok((permit, key))
}

/// What `grant` gives to `role`, now.
pub(super) fn permit(grant: &Certificate, roles: &Roles, role: &str) -> Result<Permit, Refused> {
    let held = Held::read(roles).map_err(|failure| Refused::of(grant, failure))?;
    access::check(grant, role, &held.terms(roles, terms::now())).map_err(|refusal| {
        let at = match refusal {
            access::Refusal::Expired(at) => format!(" at {}", terms::shown(at)),
            _ => String::new(),
        };
        let failure = Failure::denied(format!("grant {}: {refusal}{at}", grant.serial()));
        Refused::of(grant, failure.hint("ask for one with: logmask grant request"))
    })
}

/// The entry that says what is about to be shown. `reason` is for whoever needs no grant.
pub(super) fn opening(
    view: &View,
    reason: Option<&str>,
    policy: &Policy,
    session: &str,
    (source, more_sources): (Vec<String>, u64),
) -> Entry {
    Entry { event: Event::Reveal, source, more_sources, ..told(view, reason, policy, session) }
}

/// Notes that whoever looks was told the names of the sources.
pub(super) fn listed(view: &View, audit: &Where, policy: &Policy) -> Result<(), Failure> {
    let session = record::session()?;
    let entry = Entry { event: Event::List, ..told(view, None, policy, &session) };
    let mut log = record::open(&audit.file, audit.origin.as_deref())?;
    entry::begin(&mut log, "list", entry, None, audit.sign_with.as_ref())?;
    entry::checkpoint(&mut log, audit.sign_with.as_ref())
}

/// Who wants to see what, and why.
fn told(view: &View, reason: Option<&str>, policy: &Policy, session: &str) -> Entry {
    let entry = Entry {
        session: session.to_owned(),
        policy: Some(policy::digest(policy)),
        tool: Some(env!("CARGO_PKG_VERSION")),
        ..Entry::default()
    };
    let Some(permit) = &view.permit else {
        return Entry { actor: Some(record::actor(None)), reason: reason.map(str::to_owned), ..entry };
    };
    let fingerprint = sign::fingerprint(&permit.key);
    let grant = audit::Grant {
        serial: permit.serial,
        key: fingerprint.clone(),
        ca: permit.ca.clone(),
        roles: vec![permit.role.clone()],
        before: terms::shown(permit.before),
    };
    Entry {
        actor: Some(audit::Actor { key: Some(fingerprint), ..record::actor(Some(&permit.who)) }),
        grant: Some(grant),
        reason: Some(permit.reason.clone()),
        classes: permit.classes.clone(),
        ..entry
    }
}
