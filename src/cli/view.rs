//! `--view`: what of the policy is in force for whoever looks.

use super::args::MaskArgs;
use super::grant::terms::{self, Held};
use super::{Failure, record};
use crate::access::{self, Permit};
use crate::audit::{self, Entry, Event, sign};
use crate::policy::roles::{Roles, relax};
use crate::policy::{self, Policy};
use ssh_key::PrivateKey;
use std::path::{Path, PathBuf};

/// A view that was allowed.
pub(super) struct View {
    /// Only with a grant.
    pub(super) permit: Option<(Permit, PrivateKey)>,
    /// Where it is noted.
    pub(super) audit: Option<(PathBuf, Option<String>, Option<PrivateKey>)>,
}

/// Takes out of `policy` what the view may see. More than the base view needs a grant; a refusal is noted.
pub(super) fn apply(args: &MaskArgs, policy: &mut Policy) -> Result<View, Failure> {
    let Some(roles) = policy.roles.clone() else {
        if args.view.view.is_some() || args.view.grant.is_some() {
            return Err(Failure::usage("--view needs a policy with roles"));
        }
        return Ok(View { permit: None, audit: None });
    };
    let role = args.view.view.as_deref().unwrap_or(&roles.access.base);
    if !roles.names().any(|name| name == role) {
        return Err(Failure::usage("--view: no such role")
            .hint(format!("roles are {}", roles.names().collect::<Vec<_>>().join(", "))));
    }
    if roles.is_base(role) {
        relax(policy, &roles.shows(role));
        return Ok(View { permit: None, audit: None });
    }
    // 1. No audit, no reveal.
    let audit = audit_of(args, &roles)?.ok_or_else(|| {
        Failure::audit("no audit, no more than the base view")
            .hint("give --audit FILE, or name access.audit in the policy")
    })?;
    // 2. Who, on what terms.
    let judged = judge(args, &roles, role);
    let permit = match judged {
        Ok(permit) => permit,
        Err((failure, grant)) => {
            denied(&audit.0, audit.1.as_deref(), &failure, role, grant)?;
            return Err(failure);
        }
    };
    let shows: Vec<&str> = permit.0.classes.iter().map(String::as_str).collect();
    relax(policy, &shows);
    Ok(View { permit: Some(permit), audit: Some(audit) })
}

type Where = (PathBuf, Option<String>, Option<PrivateKey>);

fn audit_of(args: &MaskArgs, roles: &Roles) -> Result<Option<Where>, Failure> {
    let typed = args.audit.audit_key.as_deref().map(|spec| record::private_key("--audit-key", spec)).transpose()?;
    let named = roles.access.audit.as_ref();
    let key = match (typed, named.and_then(|audit| audit.sign_with.as_deref())) {
        (Some(key), _) => Some(key),
        (None, Some(spec)) => Some(record::private_key("sign_with", spec.as_ref())?),
        (None, None) => None,
    };
    let origin = named.and_then(|audit| audit.origin.clone());
    let file = args.audit.audit.clone().or_else(|| named.map(|audit| audit.file.clone()));
    Ok(file.map(|file| (file, origin, key)))
}

type Told = Option<Box<(String, audit::Grant)>>;

fn judge(args: &MaskArgs, roles: &Roles, role: &str) -> Result<(Permit, PrivateKey), (Failure, Told)> {
    let missing = |option: &str| (Failure::denied(format!("{option} is missing: view \"{role}\" needs a grant")), None);
    let path: &Path = args.view.grant.as_deref().ok_or_else(|| missing("--grant"))?;
    let spec = args.view.proof_key.as_deref().ok_or_else(|| missing("--proof-key"))?;
    let grant = terms::certificate(path).map_err(|failure| (failure, None))?;
    let told = || {
        let named = audit::Grant {
            serial: grant.serial(),
            ca: grant.signature_key().fingerprint(ssh_key::HashAlg::Sha256).to_string(),
            roles: grant.valid_principals().to_vec(),
            before: terms::shown(grant.valid_before()),
        };
        Some(Box::new((grant.key_id().to_owned(), named)))
    };
    let held = Held::read(roles).map_err(|failure| (failure, told()))?;
    let permit = access::check(&grant, role, &held.terms(roles, terms::now())).map_err(|refusal| {
        let at = match refusal {
            access::Refusal::Expired(at) => format!(" at {}", terms::shown(at)),
            _ => String::new(),
        };
        let failure = Failure::denied(format!("grant {}: {refusal}{at}", grant.serial()));
        (failure.hint("ask for one with: logmask grant request"), told())
    })?;
    let key = record::private_key("--proof-key", spec).map_err(|failure| (failure, told()))?;
    if key.public_key().key_data() != permit.key.key_data() {
        return Err((Failure::denied("--proof-key: not the key of the grant"), told()));
    }
    Ok((permit, key))
}

fn denied(file: &Path, origin: Option<&str>, why: &Failure, role: &str, told: Told) -> Result<(), Failure> {
    let (who, grant) = told.map(|told| *told).unzip();
    let entry = Entry {
        event: Event::Denied,
        session: record::session()?,
        actor: Some(record::actor(who.as_deref())),
        grant,
        reason: None,
        classes: Vec::new(),
        outcome: Some(format!("view {role}: {}", why.text)),
        tool: Some(env!("CARGO_PKG_VERSION")),
        ..Entry::default()
    };
    record::open(file, origin)?.append(|_| Ok(entry)).map_err(|error| record::unwritten(file, &error))?;
    Ok(())
}

/// The entry that says what is about to be shown, signed by whoever looks.
pub(super) fn opening(
    permit: &Permit,
    key: &PrivateKey,
    policy: &Policy,
    session: &str,
    source: Vec<String>,
    next: &audit::Next,
) -> Result<Entry, audit::Error> {
    let text = sign::proof(&next.origin, next.seq, &next.prev, session);
    let proof = sign::sign(key, sign::PROOF, &text).map_err(|_| audit::Error::Sign)?;
    let fingerprint = sign::fingerprint(&permit.key);
    let grant = audit::Grant {
        serial: permit.serial,
        ca: permit.ca.clone(),
        roles: vec![permit.role.clone()],
        before: terms::shown(permit.before),
    };
    Ok(Entry {
        event: Event::Reveal,
        session: session.to_owned(),
        actor: Some(audit::Actor { key: Some(fingerprint), ..record::actor(Some(&permit.who)) }),
        grant: Some(grant),
        reason: Some(permit.reason.clone()),
        source,
        classes: permit.classes.clone(),
        policy: Some(policy::digest(policy)),
        tool: Some(env!("CARGO_PKG_VERSION")),
        proof: Some(proof),
        ..Entry::default()
    })
}
