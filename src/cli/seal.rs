//! `--seal`: which classes are sealed, with which keys, and for whom.

use super::access_args::SealArgs;
use super::grant::terms;
use super::{Failure, keyring};
use crate::policy::roles::{Roles, covers};
use crate::policy::{Action, Policy, Rule};
use crate::seal::{Recipient, Ring, Sealer, is_class};
use std::collections::{BTreeMap, BTreeSet};
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

/// Makes the rules of the classes that are asked for seal, and draws keys. `None` if nothing is asked for.
pub(super) fn prepare(args: &SealArgs, policy: &mut Policy) -> Result<Option<Seals>, Failure> {
    let Some(keyring) = args.keyring.clone().filter(|_| !args.seal.is_empty()) else { return Ok(None) };
    // 1. Who may open what.
    let roles = policy.roles.clone().filter(|roles| !roles.access.recipients.is_empty()).ok_or_else(|| {
        Failure::usage("--seal needs a policy with roles and access.recipients")
            .hint("recipients: { oncall: [age1…] }, with the public key that age-keygen prints")
    })?;
    let readers = readers(&roles)?;
    let opens = |class: &str| -> BTreeSet<&str> {
        let may = |reader: &&Reader<'_>| reader.shows.iter().any(|shown| covers(shown, class));
        readers.iter().filter(may).map(|reader| reader.role).collect()
    };
    // 2. Which classes that are.
    let chosen = chosen(&args.seal, policy, &|class| !opens(class).is_empty())?;
    let mut audiences: BTreeMap<BTreeSet<&str>, usize> = BTreeMap::new();
    let classes: Vec<(String, usize)> = chosen
        .iter()
        .map(|class| {
            let next = audiences.len();
            (class.clone(), *audiences.entry(opens(class)).or_insert(next))
        })
        .collect();
    // 3. Keys, and a ring of them for each role.
    let sealer = Sealer::new(classes).map_err(|_| Failure::io("no random bytes for keys"))?;
    for rule in policy.rules.iter_mut().filter(|rule| sealer.class(&rule.class).is_some()) {
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
    let classes: BTreeSet<&str> = rules.map(|rule| rule.class.as_str()).filter(|class| is_class(class)).collect();
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
