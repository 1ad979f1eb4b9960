//! `logmask grant …`: signs, asks for and approves grants. `terms` reads what a policy says of them, `request` is the text
//! in which somebody asks for one, `show` says what one is.

pub(super) mod args;
mod request;
mod show;
pub(super) mod terms;

use super::args::AuditArgs;
use super::view::{Refused, Where};
use super::{Failure, Status, message, output, record};
use crate::access::{self, CLASSES, LONGEST_NAME, REASON, is_name, principal};
use crate::audit;
use crate::policy::Docs;
use crate::policy::roles::{Roles, seconds};
use args::{GrantArgs, GrantCommand, RequestArgs, Wish};
use request::Request;
use ssh_key::certificate::{Builder, CertType};
use ssh_key::private::Ed25519Keypair;
use ssh_key::{Certificate, HashAlg, PrivateKey, PublicKey};
use std::path::Path;
use terms::Held;

/// How far before now a grant is valid, in seconds, because clocks differ; and at most which part of its time that takes.
const EARLY: u64 = 60;
const PART: u64 = 10;

pub(super) fn run(args: &GrantArgs) -> Result<Status, Failure> {
    match &args.command {
        Some(GrantCommand::Show { file, policy }) => show::run(file, policy.as_deref()),
        Some(GrantCommand::Request(args)) => ask(args),
        Some(GrantCommand::Approve { file, ca, who, policy }) => {
            let request = request::read(file.as_deref())?;
            let who = approved(&request, who.as_deref())?;
            let ca = record::private_key("--ca", ca)?;
            message::plain(&request::told(&request, who));
            sign(&request.wish, who, None, &ca, policy.as_deref())
        }
        None => {
            let wish = Wanted::typed(&args.wish)?;
            let who = args.wish.who.as_deref().ok_or_else(|| Failure::usage("--who is missing"))?;
            if !is_name(who) {
                return Err(no_name());
            }
            if args.print_command {
                let serial = args.serial.map_or_else(drawn, Ok)?;
                if let Some(policy) = &args.policy {
                    // Whoever signs it later: all else is judged now.
                    let ca = PrivateKey::from(Ed25519Keypair::from_seed(&random()?));
                    let roles = roles_of(policy)?;
                    judge(&signed(&wish, who, serial, &ca)?, &wish.role, &roles, Some(ca.public_key()))?;
                }
                let key = args.wish.key.as_deref().unwrap_or(Path::new("-"));
                return output::print(&wish.command(who, serial, key));
            }
            let ca = args.ca.as_deref().ok_or_else(|| Failure::usage("--ca is missing"))?;
            sign(&wish, who, args.serial, &record::private_key("--ca", ca)?, args.policy.as_deref())
        }
    }
}

/// Prints a request.
fn ask(args: &RequestArgs) -> Result<Status, Failure> {
    let proof = args.proof_key.as_deref().map(|spec| record::private_key("--proof-key", spec)).transpose()?;
    let wish = match &proof {
        Some(key) if args.wish.key.is_none() => Wanted::typed_for(&args.wish, key.public_key().clone())?,
        _ => Wanted::typed(&args.wish)?,
    };
    if proof.as_ref().is_some_and(|proof| proof.public_key().key_data() != wish.key.key_data()) {
        return Err(Failure::usage("--proof-key: not the key of --key"));
    }
    if args.wish.who.as_deref().is_some_and(|who| !is_name(who)) {
        return Err(no_name());
    }
    output::print(&request::write(&wish, args.wish.who.as_deref(), proof.as_ref())?)
}

/// Who the grant is for: the approver says so, or accepts what the request says, and both cannot differ.
fn approved<'a>(request: &'a Request, typed: Option<&'a str>) -> Result<&'a str, Failure> {
    match (typed, request.who.as_deref()) {
        (Some(typed), Some(asked)) if typed != asked => {
            Err(Failure::denied("--who: the request names somebody else").hint("let them ask again"))
        }
        (Some(who), _) | (None, Some(who)) if is_name(who) => Ok(who),
        (Some(_), _) | (None, Some(_)) => Err(no_name()),
        (None, None) => Err(Failure::usage("--who is missing, and the request does not say it")),
    }
}

fn no_name() -> Failure {
    Failure::usage(format!("--who: not a name of up to {LONGEST_NAME} printable characters"))
}

/// A wish, checked.
struct Wanted {
    key: PublicKey,
    role: String,
    span: String,
    seconds: u64,
    reason: String,
    classes: Option<String>,
}

impl Wanted {
    fn new(key: PublicKey, role: &str, span: &str, reason: &str, classes: Option<&str>) -> Result<Wanted, Failure> {
        let word = |text: &str, also: &[u8]| {
            let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || also.contains(&b);
            !text.is_empty() && text.bytes().all(fits)
        };
        if !word(role, b"-") || classes.is_some_and(|classes| !word(classes, b".-*,")) {
            return Err(Failure::usage("--role, --classes: lower-case letters, digits, \"-\" and \".\""));
        }
        let seconds =
            seconds(span).ok_or_else(|| Failure::usage("--for: not a time span").hint("such as 30m or 1h"))?;
        let reason = record::reason(Some(reason))?.unwrap_or_default();
        let (role, span, classes) = (role.to_owned(), span.to_owned(), classes.map(str::to_owned));
        Ok(Wanted { key, role, span, seconds, reason, classes })
    }

    fn typed(wish: &Wish) -> Result<Wanted, Failure> {
        let path = wish.key.as_deref().ok_or_else(|| Failure::usage("--key is missing"))?;
        Wanted::typed_for(wish, terms::public_key(path)?)
    }

    fn typed_for(wish: &Wish, key: PublicKey) -> Result<Wanted, Failure> {
        let missing = |option: &str| Failure::usage(format!("{option} is missing"));
        let role = wish.role.as_deref().ok_or_else(|| missing("--role"))?;
        let reason = wish.reason.as_deref().ok_or_else(|| missing("--reason"))?;
        Wanted::new(key, role, &wish.span, reason, wish.classes.as_deref())
    }

    /// Seconds for which it is good before now, because clocks differ: never longer in all than was asked for.
    fn early(&self) -> u64 {
        EARLY.min(self.seconds / PART)
    }

    /// What ssh-keygen has to be told for the same grant.
    fn command(&self, who: &str, serial: u64, key: &Path) -> String {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
        let classes = self
            .classes
            .as_ref()
            .map_or_else(String::new, |classes| format!(" -O {}", quoted(&format!("extension:{CLASSES}={classes}"))));
        format!(
            "ssh-keygen -s CA -I {} -n {} -z {serial} -V -{}s:+{}s -O clear -O {}{classes} {}\n",
            quoted(who),
            quoted(&principal(&self.role)),
            self.early(),
            self.seconds - self.early(),
            quoted(&format!("extension:{REASON}={}", self.reason)),
            quoted(&key.display().to_string()),
        )
    }
}

/// Bytes that nobody else has.
fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut random = [0; N];
    getrandom::fill(&mut random).map_err(|_| Failure::io("no random bytes for a grant"))?;
    Ok(random)
}

/// A number for a grant, which programs that read JSON by floating point keep.
fn drawn() -> Result<u64, Failure> {
    Ok(u64::from_le_bytes(random()?) & audit::EXACT)
}

/// The grant that `ca` gives.
fn signed(wish: &Wanted, who: &str, serial: u64, ca: &PrivateKey) -> Result<Certificate, Failure> {
    let from = terms::now() - wish.early();
    let random: [u8; 16] = random()?;
    let mut builder = Builder::new(random, wish.key.key_data().clone(), from, from + wish.seconds).map_err(unsigned)?;
    (|| {
        builder.cert_type(CertType::User)?.serial(serial)?.key_id(who)?;
        builder.valid_principal(principal(&wish.role))?.extension(REASON, wish.reason.as_str())?;
        if let Some(classes) = &wish.classes {
            builder.extension(CLASSES, classes.as_str())?;
        }
        builder.comment(who)?;
        builder.sign(ca)
    })()
    .map_err(unsigned)
}

#[allow(clippy::needless_pass_by_value)]
fn unsigned(_: ssh_key::Error) -> Failure {
    Failure::usage("the grant cannot be signed").hint("is the name printable, and the key one of ssh?")
}

/// Whether the policy with these roles accepts `grant`, by `ca` if it is not signed yet by whoever will. A refusal is noted.
fn judge(grant: &Certificate, role: &str, roles: &Roles, ca: Option<&PublicKey>) -> Result<(), Failure> {
    let held = Held::read(roles)?;
    let mut terms = held.terms(roles, terms::now());
    if let Some(ca) = ca {
        terms.cas = std::slice::from_ref(ca);
    }
    let Err(refusal) = access::check(grant, role, &terms) else { return Ok(()) };
    let refused = Refused::of(grant, Failure::denied(format!("no grant: {refusal}")));
    Err(match Where::find(&AuditArgs::default(), Some(roles)) {
        Ok(audit) => refused.note(&audit, "grant", &[]),
        Err(_) => refused.into_failure(),
    })
}

fn sign(
    wish: &Wanted,
    who: &str,
    serial: Option<u64>,
    ca: &PrivateKey,
    policy: Option<&Path>,
) -> Result<Status, Failure> {
    if wish.key.key_data() == ca.public_key().key_data() {
        return Err(Failure::denied("no grant: the authority would sign for itself"));
    }
    let grant = signed(wish, who, serial.map_or_else(drawn, Ok)?, ca)?;
    if let Some(policy) = policy {
        let roles = roles_of(policy)?;
        judge(&grant, &wish.role, &roles, None)?;
        note(&grant, &wish.role, &roles, ca)?;
    }
    let text = grant.to_openssh().map_err(unsigned)?;
    output::print(&format!("{}\n", text.trim_end()))
}

/// What was signed goes into the audit file of the policy. The authority proves that it was it; a checkpoint follows where the
/// key for these can be read, which lies on another machine often.
fn note(grant: &Certificate, role: &str, roles: &Roles, ca: &PrivateKey) -> Result<(), Failure> {
    let Some(audit) = &roles.access.audit else { return Ok(()) };
    let mut log = record::open(&audit.file, audit.origin.as_deref())?;
    let entry = audit::Entry {
        event: audit::Event::Grant,
        session: record::session()?,
        actor: Some(audit::Actor { key: Some(audit::sign::fingerprint(ca.public_key())), ..record::actor(None) }),
        grant: Some(audit::Grant {
            serial: grant.serial(),
            key: grant.public_key().fingerprint(HashAlg::Sha256).to_string(),
            ca: grant.signature_key().fingerprint(HashAlg::Sha256).to_string(),
            roles: vec![role.to_owned()],
            before: terms::shown(grant.valid_before()),
        }),
        reason: grant.extensions().get(REASON).cloned(),
        tool: Some(env!("CARGO_PKG_VERSION")),
        outcome: Some(format!("for {}", message::printable(grant.key_id()))),
        ..audit::Entry::default()
    };
    let sign_with = Where::find(&AuditArgs::default(), Some(roles)).ok().and_then(|found| found.sign_with);
    record::entry::begin(&mut log, "grant", entry, Some(ca), sign_with.as_ref())?;
    record::entry::checkpoint(&mut log, sign_with.as_ref())
}

/// The roles of the policy at `path`.
fn roles_of(path: &Path) -> Result<Roles, Failure> {
    let policy = vec![path.to_owned()];
    let args = super::args::PolicyArgs { policy, profile: None, no_floor: false, no_config: true, lock: None };
    let policy = super::policy::load(&args, &args.policy, Docs::Without)?;
    policy.roles.ok_or_else(|| Failure::usage(format!("{}: names no roles", path.display())))
}
