//! `--seal`: which classes are sealed, with which keys, and for whom.

use super::access_args::SealArgs;
use super::grant::terms;
use super::{Failure, keyring};
use crate::policy::roles::{Roles, covers};
use crate::policy::{Action, Policy, Rule};
use crate::seal::{Audience, Recipient, Ring, Sealer, is_class};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What a run seals with, and the key rings that go with it.
pub(super) struct Seals {
    pub(super) sealer: Sealer,
    /// Name of the role, its key ring as a file.
    rings: Vec<(String, Vec<u8>)>,
    keyring: PathBuf,
}

impl Seals {
    /// Writes the key rings. They are on disk when this returns; without them nothing that is sealed could be opened.
    pub(super) fn write_rings(&self) -> Result<(), Failure> {
        keyring::write(&self.keyring, self.sealer.run(), &self.rings)
    }
}

/// A role that can be sealed for.
struct Reader<'a> {
    role: &'a str,
    shows: Vec<&'a str>,
    /// Public keys, its own and those of the roles that extend it.
    to: Vec<String>,
}

/// Makes the rules of the classes that are asked for seal, and draws keys, also for the rules that the policy says seal.
/// `None` if neither is there.
pub(super) fn prepare(args: &SealArgs, policy: &mut Policy) -> Result<Option<Seals>, Failure> {
    // What a view shows is not sealed.
    let in_force = |rule: &&Rule| rule.action == Action::Seal && !policy.observes(rule);
    let written: Vec<&Rule> = policy.rules.iter().filter(in_force).collect();
    let Some(keyring) = args.keyring.clone() else {
        return match written.first() {
            Some(rule) => Err(Failure::usage(format!("rule {}: seals, and --keyring is missing", rule.id))
                .hint("a directory for the keys that open the values: --keyring DIR")),
            None => Ok(None),
        };
    };
    if args.seal.is_empty() && written.is_empty() {
        // A view may show all that the policy seals.
        if policy.rules.iter().any(|rule| rule.action == Action::Seal) {
            return Ok(None);
        }
        return Err(Failure::usage("--keyring: nothing is sealed")
            .hint("give --seal CLASS, or rules of the policy the action seal"));
    }
    // 1. Who may open what.
    let roles = policy.roles.clone().filter(|roles| !roles.access.recipients.is_empty()).ok_or_else(|| {
        Failure::usage("to seal needs a policy with roles and access.recipients")
            .hint("recipients: { oncall: [age1…] }, with the public key that age-keygen prints")
    })?;
    let readers = readers(&roles)?;
    let opens = |class: &str| -> Audience {
        let may = |reader: &Reader<'_>| reader.shows.iter().any(|shown| covers(shown, class));
        readers.iter().enumerate().fold(0, |all, (at, reader)| all | Audience::from(may(reader)) << at)
    };
    // 2. Which classes that are.
    let chosen = chosen(&args.seal, policy, &|class| opens(class) != 0)?;
    let mut all = chosen.clone();
    for rule in written {
        if !is_class(&rule.class) || opens(&rule.class) == 0 {
            return Err(Failure::usage(format!("rule {}: seals, and nobody could open it", rule.id))
                .hint("a role that shows its class needs a public key in access.recipients"));
        }
        all.insert(rule.class.to_string());
    }
    let classes = all.iter().map(|class| (class.clone(), opens(class)));
    let others = policy.rules.iter().map(|rule| (rule.class.to_string(), opens(&rule.class))).collect();
    // 3. Keys, and a ring of them for each role.
    let sealer = Sealer::new(classes).map_err(|_| Failure::io("no random bytes for keys"))?.knowing(others);
    for rule in policy.rules.iter_mut().filter(|rule| chosen.contains(&*rule.class)) {
        if is_sealable(rule) {
            rule.action = Action::Seal;
        }
    }
    let created = terms::shown(terms::now());
    let mut rings = Vec::new();
    for reader in &readers {
        let may = |class: &str| reader.shows.iter().any(|shown| covers(shown, class));
        let ring = sealer.ring(created.clone(), reader.to.clone(), may);
        if !ring.keys.is_empty() {
            rings.push((reader.role.to_owned(), wrapped(&ring)?));
        }
    }
    Ok(Some(Seals { sealer, rings, keyring }))
}

/// The file of `ring`.
pub(super) fn wrapped(ring: &Ring) -> Result<Vec<u8>, Failure> {
    let to = ring.to.iter().map(|to| recipient("key ring", to)).collect::<Result<Vec<_>, _>>()?;
    ring.wrap(&to).map_err(|broken| Failure::usage(format!("a key ring {broken}")))
}

/// The public key in `text`, which is not said: it may be a private one.
pub(super) fn recipient(place: &str, text: &str) -> Result<Recipient, Failure> {
    Recipient::parse(text).ok_or_else(|| {
        Failure::usage(format!("{place}: this is no public key of age"))
            .hint("age1…, as age-keygen prints it; no plugin and no ssh key")
    })
}

/// The roles that have public keys.
fn readers(roles: &Roles) -> Result<Vec<Reader<'_>>, Failure> {
    let recipients = &roles.access.recipients;
    for (role, keys) in recipients {
        for key in keys {
            recipient(&format!("access.recipients of role \"{role}\""), key)?;
        }
    }
    if recipients.len() > Audience::BITS as usize {
        return Err(Failure::usage(format!("access.recipients: more than {} roles", Audience::BITS)));
    }
    let own = |role: &str| recipients.get(role).filter(|keys| !keys.is_empty());
    let with_keys = roles.names().filter(|role| own(role).is_some());
    Ok(with_keys
        .map(|role| {
            let above = roles.names().filter(|other| roles.chain(other).any(|(name, _)| name == role));
            let to: BTreeSet<String> = above.filter_map(own).flatten().map(|key| key.trim().to_owned()).collect();
            Reader { role, shows: roles.shows(role), to: to.into_iter().collect() }
        })
        .collect())
}

/// The classes that `globs` name, of those that rules in force have and somebody may open.
fn chosen(globs: &[String], policy: &Policy, opens: &dyn Fn(&str) -> bool) -> Result<BTreeSet<String>, Failure> {
    let listed = Rule::listed();
    let rules = policy.rules.iter().chain([&listed]).filter(|rule| is_sealable(rule));
    let classes: BTreeSet<&str> = rules.map(|rule| &*rule.class).filter(|class| is_class(class)).collect();
    let mut chosen = BTreeSet::new();
    for glob in globs {
        let meant: Vec<&str> = classes.iter().copied().filter(|class| glob == "*" || covers(glob, class)).collect();
        if meant.is_empty() {
            return Err(Failure::usage("--seal: no rule in force has such a class")
                .hint("such as pii.email, pii.* or *; logmask rules lists classes"));
        }
        let before = chosen.len();
        chosen.extend(meant.iter().filter(|class| opens(class)).map(|class| (*class).to_owned()));
        if chosen.len() == before && !meant.iter().any(|class| chosen.contains(*class)) {
            return Err(Failure::usage("--seal: nobody could open what is sealed")
                .hint("a role that shows the class needs a public key in access.recipients"));
        }
    }
    Ok(chosen)
}

/// What is dropped or kept stays so; everything else can be sealed.
fn is_sealable(rule: &Rule) -> bool {
    match rule.action {
        Action::Redact
        | Action::Seal
        | Action::Partial { .. }
        | Action::Pseudonym
        | Action::AddressPseudonym
        | Action::Surrogate
        | Action::Generalise(_) => true,
        Action::DropField | Action::DropLine | Action::Keep { .. } => false,
    }
}
