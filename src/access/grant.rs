//! Whether a certificate is a grant, and of what. `ssh_key` checks signature and times; everything else is checked here,
//! because it says Ok to host certificates, to empty principals and to unknown critical options.

use super::Revoked;
use crate::policy::roles::{Roles, covers};
use ssh_key::{Algorithm, Certificate, EcdsaCurve, Fingerprint, HashAlg, PublicKey};
use std::fmt;

/// The extension that carries the reason.
pub const REASON: &str = "reason@logmask";

/// The extension that narrows the classes; separated by commas.
pub const CLASSES: &str = "classes@logmask";

/// The principal that stands for a role.
pub fn principal(role: &str) -> String {
    format!("logmask:{role}")
}

/// What grants are judged by.
pub struct Terms<'a> {
    /// Keys that may sign.
    pub cas: &'a [PublicKey],
    /// All roles.
    pub roles: &'a Roles,
    /// Longest life, in seconds.
    pub longest: u64,
    /// What a reason must match.
    pub reason: Option<&'a regex::bytes::Regex>,
    /// What is no longer good.
    pub revoked: &'a Revoked,
    /// Now, in seconds since 1970.
    pub now: u64,
}

/// What somebody may see, and until when.
#[derive(Clone, Debug)]
pub struct Permit {
    /// Who, as the authority names them.
    pub who: String,
    /// Their key.
    pub key: PublicKey,
    /// Number of the grant.
    pub serial: u64,
    /// Fingerprint of the authority.
    pub ca: String,
    /// The role.
    pub role: String,
    /// The first second in which it is no longer good.
    pub before: u64,
    /// Why.
    pub reason: String,
    /// Classes that are shown.
    pub classes: Vec<String>,
}

/// Why a certificate is no grant of this role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A certificate for hosts.
    Host,
    /// Not signed by a key that may sign, or changed since.
    Authority,
    /// Signed by a kind of key that cannot be judged here, such as RSA.
    Kind,
    /// Signed by the key that it is for.
    OwnAuthority,
    /// Not good yet.
    NotYet,
    /// No longer good since this second.
    Expired(u64),
    /// Good for longer than a grant may be.
    TooLong,
    /// A critical option, and none is known here.
    Critical,
    /// It has no principal for this role.
    Principal,
    /// There is no such role.
    Role,
    /// No reason, or one that does not match.
    Reason,
    /// A class that the role does not see, or more of them than have room in an entry of the audit file.
    Classes,
    /// The list of what is no longer good has it.
    Revoked,
    /// A name with control characters, one that is too long, or none.
    Name,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::Host => "it is a host certificate",
            Refusal::Authority => "it is not signed by an authority of the policy",
            Refusal::Kind => {
                "its authority has a kind of key that is not judged here: ed25519 and ecdsa-sha2-nistp256 are"
            }
            Refusal::OwnAuthority => "it is signed by the key that it is for",
            Refusal::NotYet => "it is not valid yet",
            Refusal::Expired(_) => "it has expired",
            Refusal::TooLong => "it is valid for longer than max_grant",
            Refusal::Critical => "it has a critical option that is not known here",
            Refusal::Principal => "it has no principal for this role",
            Refusal::Role => "there is no such role",
            Refusal::Reason => "it has no reason as the policy wants it",
            Refusal::Classes => "it names a class that the role does not see, or too many",
            Refusal::Revoked => "it is revoked",
            Refusal::Name => "its key id is no name, or a very long one",
        })
    }
}

/// Judges `grant` for `role`.
pub fn check(grant: &Certificate, role: &str, terms: &Terms<'_>) -> Result<Permit, Refusal> {
    // 1. Whose word it is.
    let fits = |ok: bool, refusal: Refusal| if ok { Ok(()) } else { Err(refusal) };
    fits(grant.cert_type().is_user(), Refusal::Host)?;
    fits(is_judged(&grant.signature_key().algorithm()), Refusal::Kind)?;
    let known: Vec<Fingerprint> = terms.cas.iter().map(|key| key.fingerprint(HashAlg::Sha256)).collect();
    // At a time at which it is valid: what is asked here is the signature.
    grant.validate_at(grant.valid_after(), &known).map_err(|_| Refusal::Authority)?;
    fits(grant.signature_key() != grant.public_key(), Refusal::OwnAuthority)?;
    fits(grant.critical_options().is_empty(), Refusal::Critical)?;
    // 2. When.
    fits(grant.valid_after() <= terms.now, Refusal::NotYet)?;
    fits(terms.now < grant.valid_before(), Refusal::Expired(grant.valid_before()))?;
    fits(grant.valid_before() - grant.valid_after() <= terms.longest, Refusal::TooLong)?;
    let key = PublicKey::from(grant.public_key().clone());
    let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
    let ca = grant.signature_key().fingerprint(HashAlg::Sha256).to_string();
    fits(!terms.revoked.lists(grant.serial(), &[&fingerprint, &ca]), Refusal::Revoked)?;
    // 3. Who and what. An empty list of principals would be good for everything.
    fits(is_name(grant.key_id()), Refusal::Name)?;
    fits(terms.roles.chain(role).next().is_some(), Refusal::Role)?;
    let gives = |granted: &str| terms.roles.chain(granted).any(|(name, _)| name == role);
    let roles = grant.valid_principals().iter().filter_map(|name| name.strip_prefix("logmask:"));
    fits(roles.into_iter().any(gives), Refusal::Principal)?;
    // 4. Why.
    let reason = grant.extensions().get(REASON).map(String::as_str).unwrap_or_default();
    fits(is_line(reason) && reason.chars().count() <= LONGEST_REASON, Refusal::Reason)?;
    fits(terms.reason.is_none_or(|pattern| pattern.is_match(reason.as_bytes())), Refusal::Reason)?;
    // 5. Which classes: all that the role sees, or those that are named.
    let shows = terms.roles.shows(role);
    let mut classes: Vec<String> = match grant.extensions().get(CLASSES) {
        None => shows.iter().map(|class| (*class).to_owned()).collect(),
        Some(named) => {
            fits(named.len() <= LONGEST_CLASSES, Refusal::Classes)?;
            named.split(',').map(str::to_owned).collect()
        }
    };
    let within = |class: &String| shows.iter().any(|show| show == class || covers(show, class));
    fits(classes.iter().all(within), Refusal::Classes)?;
    // What everybody sees without a grant stays to be seen with one.
    for class in terms.roles.shows(&terms.roles.access.base) {
        if !classes.iter().any(|shown| covers(shown, class)) {
            classes.push(class.to_owned());
        }
    }
    Ok(Permit {
        who: grant.key_id().to_owned(),
        key,
        serial: grant.serial(),
        ca,
        role: role.to_owned(),
        before: grant.valid_before(),
        reason: reason.to_owned(),
        classes,
    })
}

/// Whether signatures of such keys are judged: not those of RSA, whose code has an open advisory (RUSTSEC-2023-0071).
pub fn is_judged(kind: &Algorithm) -> bool {
    let p256 = Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 };
    *kind == p256 || matches!(kind, Algorithm::Ed25519 | Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256)
}

/// What `grant` is refused for whatever a policy says, at the time `now`.
pub fn check_alone(grant: &Certificate, now: u64) -> Result<(), Refusal> {
    let fits = |ok: bool, refusal: Refusal| if ok { Ok(()) } else { Err(refusal) };
    fits(grant.cert_type().is_user(), Refusal::Host)?;
    fits(is_judged(&grant.signature_key().algorithm()), Refusal::Kind)?;
    fits(grant.signature_key() != grant.public_key(), Refusal::OwnAuthority)?;
    fits(grant.critical_options().is_empty(), Refusal::Critical)?;
    fits(grant.valid_after() <= now, Refusal::NotYet)?;
    fits(now < grant.valid_before(), Refusal::Expired(grant.valid_before()))?;
    fits(is_name(grant.key_id()), Refusal::Name)?;
    fits(grant.valid_principals().iter().any(|name| name.starts_with("logmask:")), Refusal::Principal)?;
    let reason = grant.extensions().get(REASON).map(String::as_str).unwrap_or_default();
    fits(is_line(reason) && reason.chars().count() <= LONGEST_REASON, Refusal::Reason)
}

/// Longest reason, in characters.
pub const LONGEST_REASON: usize = 500;

/// Longest name of somebody, in characters.
pub const LONGEST_NAME: usize = 200;

/// Longest list of classes, in bytes.
const LONGEST_CLASSES: usize = 4096;

/// Whether `who` may name somebody in a grant.
pub fn is_name(who: &str) -> bool {
    who.chars().count() <= LONGEST_NAME && is_line(who)
}

/// Whether `text` says something, in one line: no control characters, and nothing unseen or that moves what stands around it.
pub fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(is_unseen)
}

/// A control character, or one that is unseen or moves what stands around it (the general categories Cc and Cf of Unicode,
/// and its separators of lines), but for marks of numbers that have a glyph.
pub fn is_unseen(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(char, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
