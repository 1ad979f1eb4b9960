//! Roles and access as written: who sees which classes, and on what terms.

mod lint;

use crate::policy::check::{Document, placed};
use crate::policy::error::{Error, Fault, meant, quoted};
use crate::policy::limits::Limits;
use crate::policy::node::Step;
use crate::policy::rule::{Action, Rule};
use crate::policy::source::Source;
use crate::policy::{Places, Policy, Stack, builtin};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Begins what stands for the id of a rule where the place of a role is kept.
pub const ROLE: &str = "role ";

/// The pseudo-class of full stack traces.
pub const STACKTRACE: &str = "stacktrace";

/// Roles that there may be, each of which is a bit in [`Policy::seers`].
const MOST: usize = 64;

/// One role.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a role (a mapping)")]
pub struct Role {
    /// The role whose sight this one has, too.
    pub extends: Option<String>,
    /// Classes that are shown: `pii.email`, or `secret.*` for all below `secret`.
    #[serde(default)]
    pub show: Vec<String>,
    /// Which records it sees; without it, those that the role it extends sees.
    pub select: Option<Limits>,
}

/// On what terms.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping")]
pub struct Access {
    /// The role that everybody has without a grant.
    #[serde(default)]
    pub base: String,
    /// Files with the public keys that may sign grants.
    #[serde(default)]
    pub grant_cas: Option<Vec<PathBuf>>,
    /// Longest life of a grant, such as `8h`.
    pub max_grant: Option<String>,
    /// What reasons must look like: a regular expression.
    pub require_reason: Option<String>,
    /// A file with serial numbers and fingerprints that are no longer good.
    pub revoked: Option<PathBuf>,
    /// Public keys of age by role.
    #[serde(default)]
    pub recipients: BTreeMap<String, Vec<String>>,
    /// The audit file.
    pub audit: Option<Audit>,
    /// What the broker runs, by name.
    #[serde(default)]
    pub sources: BTreeMap<String, Source>,
}

/// Where and how it is noted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping")]
pub struct Audit {
    /// The file.
    pub file: PathBuf,
    /// The name of its chain.
    pub origin: Option<String>,
    /// Where the key is that signs it.
    pub sign_with: Option<String>,
}

/// Roles with their terms; every name in them is known, and no role extends itself.
#[derive(Clone, Debug)]
pub struct Roles {
    named: BTreeMap<String, Role>,
    /// The terms; paths in them are relative to no file any more.
    pub access: Access,
    /// Where the file is that says so; sources run there.
    pub folder: PathBuf,
}

impl Roles {
    /// Checks both keys of a file; where the fault is, by keys, if there is one.
    pub(in crate::policy) fn new(
        named: BTreeMap<String, Role>,
        mut access: Access,
        folder: &Path,
    ) -> Result<Roles, Misplaced> {
        if named.len() > MOST {
            return Err(at(
                &["roles"],
                format!("more than {MOST} roles"),
                "a role is for many people; a grant names one",
            ));
        }
        named.iter().try_for_each(|(name, role)| check_role(name, role, &named))?;
        check_access(&access, &named)?;
        let files = access.grant_cas.iter_mut().flatten().chain(&mut access.revoked);
        for file in files.chain(access.audit.as_mut().map(|audit| &mut audit.file)) {
            *file = folder.join(&*file);
        }
        let roles = Roles { named, access, folder: folder.to_owned() };
        match roles.not_monotone() {
            Some(misplaced) => Err(misplaced),
            None => Ok(roles),
        }
    }

    /// The first role that would see less than one below it: than the one it extends, or than everybody.
    fn not_monotone(&self) -> Option<Misplaced> {
        let base = self.access.base.as_str();
        self.named.iter().find_map(|(name, role)| {
            let limits = self.limits(name);
            if let Some(below) = &role.extends
                && let Some(key) = limits.narrower(&self.limits(below))
            {
                let fact = format!("role{} sees fewer records than the role it extends", quoted(name));
                return Some(at(&["roles", name, "select", key], fact, "who sees more sees at least what others see"));
            }
            if self.is_base(name) || self.is_above(name, base) {
                return None;
            }
            let shows = self.shows(name);
            let hidden =
                self.shows(base).iter().any(|class| !shows.iter().any(|show| show == class || covers(show, class)));
            (hidden || limits.narrower(&self.limits(base)).is_some()).then(|| {
                let fact = format!("role{} sees less than everybody sees without a grant", quoted(name));
                at(&["roles", name], fact, format!("let it extend \"{base}\""))
            })
        })
    }

    /// Every class that a role shows is one of `rules`, or of a built-in rule that is not in force.
    pub(in crate::policy) fn check_classes(&self, rules: &[Rule]) -> Result<(), Misplaced> {
        let own = || rules.iter().map(|rule| &*rule.class);
        if self.unknown_class(&own().collect::<Vec<_>>()).is_none() {
            return Ok(());
        }
        let built_in = builtin::classes();
        let mut known: Vec<&str> = built_in.iter().map(String::as_str).chain(own()).collect();
        known.sort_unstable();
        known.dedup();
        self.unknown_class(&known).map_or(Ok(()), Err)
    }

    /// Where each role is written, as it stands in [`Policy::places`].
    pub(in crate::policy) fn places(&self, file: &Path, line: impl Fn(&str) -> usize) -> Places {
        let place = |name: &str| ((ROLE.to_owned() + name, "role".to_owned()), vec![(file.to_owned(), line(name))]);
        self.names().map(place).collect()
    }

    /// A class that no rule has, of those that `known` tells: the keys where it stands, and what is wrong.
    fn unknown_class(&self, known: &[&str]) -> Option<Misplaced> {
        self.named.iter().find_map(|(name, role)| {
            let unknown = |class: &&String| *class != STACKTRACE && !known.iter().any(|other| covers(class, other));
            let class = role.show.iter().find(unknown)?;
            let families: Vec<String> =
                known.iter().filter_map(|class| Some(format!("{}.*", class.split_once('.')?.0))).collect();
            let all = known.iter().copied().chain(families.iter().map(String::as_str)).chain([STACKTRACE]);
            let family = families.iter().find(|family| **family == format!("{class}.*")).map(String::as_str);
            let near = family.or_else(|| meant(class, all));
            let hint = near.map_or_else(
                || "classes stand in: logmask rules".to_owned(),
                |near| format!("did you mean \"{near}\"?"),
            );
            Some(at(&["roles", name, "show"], format!("role{}: no rule has a class of that name", quoted(name)), hint))
        })
    }

    /// The names of all roles.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(String::as_str)
    }

    /// `role` and all it extends; none for a name that is no role.
    pub fn chain<'r>(&'r self, role: &'r str) -> impl Iterator<Item = (&'r str, &'r Role)> {
        let mut next = self.named.get_key_value(role);
        std::iter::from_fn(move || {
            let (name, role) = next?;
            next = role.extends.as_ref().and_then(|role| self.named.get_key_value(role));
            Some((name.as_str(), role))
        })
    }

    /// Everybody may have this view.
    pub fn is_base(&self, role: &str) -> bool {
        self.chain(&self.access.base).any(|(name, _)| name == role)
    }

    /// Does `role` see all that `other` sees, because it is that role or extends it?
    pub fn is_above(&self, role: &str, other: &str) -> bool {
        self.chain(role).any(|(name, _)| name == other)
    }

    /// Lets `policy` show the classes in `shows`. Stack traces are folded unless they are among them, and the rules of these
    /// classes only observe: what they find is counted and left. They are not taken out, because then another rule might
    /// claim more than they did, and who sees more would see less. Rules that keep stay: without them more would be hidden.
    pub fn relax(&self, policy: &mut Policy, shows: &[&str]) {
        if !shows.contains(&STACKTRACE) {
            policy.stack = policy.stack.stricter(Stack::Fold(Stack::FRAMES));
        }
        let all: Vec<Vec<&str>> = self.names().map(|name| self.shows(name)).collect();
        let sees = |shows: &[&str], rule: &Rule| shows.iter().any(|show| covers(show, &rule.class));
        for rule in policy.rules.iter().filter(|rule| !matches!(rule.action, Action::Keep { .. })) {
            let seers = all.iter().enumerate().fold(0, |all, (at, shows)| all | u64::from(sees(shows, rule)) << at);
            // What the policy itself observes is shown to everybody.
            if seers != 0 && !policy.observes(rule) {
                policy.seers.insert(rule.id.to_string(), seers);
            }
        }
        let shown = policy.rules.iter().filter(|rule| policy.seers.contains_key(&*rule.id) && sees(shows, rule));
        policy.observed.extend(shown.map(|rule| rule.id.to_string()).collect::<Vec<_>>());
        policy.observed.sort_unstable();
    }

    /// Which records `role` sees: as it says itself, else as those say that it extends.
    pub fn limits(&self, role: &str) -> Limits {
        self.chain(role).find_map(|(_, role)| role.select.clone()).unwrap_or_default()
    }

    /// Sources of the broker that `role` may ask for.
    pub fn sources<'r>(&'r self, role: &'r str) -> impl Iterator<Item = (&'r str, &'r Source)> {
        let may = move |source: &Source| {
            source.roles.is_empty() || source.roles.iter().any(|other| self.is_above(role, other))
        };
        self.access.sources.iter().filter(move |(_, source)| may(source)).map(|(name, source)| (name.as_str(), source))
    }

    /// Classes that `role` sees, its own and those of the roles it extends; sorted.
    pub fn shows<'r>(&'r self, role: &'r str) -> Vec<&'r str> {
        let mut all: Vec<&str> = self.chain(role).flat_map(|(_, role)| role.show.iter().map(String::as_str)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Keys of a file, and what is wrong there.
pub(in crate::policy) type Misplaced = (Vec<String>, Fault);

/// The same as an error of the file `document` was read from.
pub(in crate::policy) fn misplaced(file: &Path, document: &Document, (keys, fault): &Misplaced) -> Error {
    let steps: Vec<Step<'_>> = keys.iter().map(|key| Step::Key(key)).collect();
    placed(file, document.fault(&steps, fault.clone()))
}

fn at(keys: &[&str], fact: impl Into<String>, hint: impl Into<String>) -> Misplaced {
    (keys.iter().map(|key| (*key).to_owned()).collect(), Fault::new(fact, hint))
}

fn check_role(name: &str, role: &Role, all: &BTreeMap<String, Role>) -> Result<(), Misplaced> {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if !word(name) {
        return Err(at(&["roles"], "a role is not kebab-case", "it is part of a principal: logmask:oncall"));
    }
    let fault = |key: &str, fact: &str, hint: &str| {
        Err(at(&["roles", name, key], format!("role{}: {fact}", quoted(name)), hint))
    };
    if role.show.iter().any(|class| !class.strip_suffix(".*").unwrap_or(class).split('.').all(word)) {
        return fault("show", "not a class", "such as pii.email or secret.*");
    }
    if let Some((key, fact, hint)) = role.select.as_ref().and_then(Limits::fault) {
        return Err(at(&["roles", name, "select", key], format!("role{}: \"{key}\" {fact}", quoted(name)), hint));
    }
    let (mut next, mut steps) = (role.extends.as_ref(), 0);
    while let Some(other) = next {
        steps += 1;
        if steps > all.len() {
            return fault("extends", "extends goes round in a circle", "");
        }
        let Some(role) = all.get(other) else {
            let near = meant(other, all.keys().map(String::as_str));
            return fault(
                "extends",
                "extends an unknown role",
                &near.map_or_else(String::new, |near| format!("did you mean \"{near}\"?")),
            );
        };
        next = role.extends.as_ref();
    }
    Ok(())
}

fn check_access(access: &Access, roles: &BTreeMap<String, Role>) -> Result<(), Misplaced> {
    let fault = |keys: &[&str], fact: &str, hint: &str| Err(at(&[&["access"], keys].concat(), fact, hint));
    if !roles.contains_key(&access.base) {
        return fault(&["base"], "\"base\" does not name a role", "the role that everybody has without a grant");
    }
    if access.recipients.keys().any(|role| !roles.contains_key(role)) {
        return fault(&["recipients"], "\"recipients\" names an unknown role", "");
    }
    if access.grant_cas.as_ref().is_some_and(Vec::is_empty) {
        return fault(
            &["grant_cas"],
            "\"grant_cas\" is empty",
            "files with public keys; without the key there are no grants",
        );
    }
    if access.max_grant.as_ref().is_some_and(|span| seconds(span).is_none()) {
        return fault(&["max_grant"], "\"max_grant\" is not a time span", "such as 8h, 30m or 1d");
    }
    if access.require_reason.as_ref().is_some_and(|pattern| super::pattern::plain(pattern).is_err()) {
        return fault(
            &["require_reason"],
            "\"require_reason\" is not a regular expression",
            "it works on bytes, Unicode is off",
        );
    }
    for (name, source) in &access.sources {
        let unknown = source.roles.iter().any(|role| !roles.contains_key(role));
        if let Some((fact, hint)) = source.fault(name).or_else(|| unknown.then_some(("is for an unknown role", ""))) {
            return fault(&["sources", name], &format!("source{}: {fact}", quoted(name)), hint);
        }
    }
    Ok(())
}

/// Whether `show` names `class`: itself, or with `.*` everything below.
pub fn covers(show: &str, class: &str) -> bool {
    match show.strip_suffix(".*") {
        Some(family) => class.strip_prefix(family).is_some_and(|rest| rest.starts_with('.')),
        None => show == class,
    }
}

/// `90s`, `30m`, `8h`, `1d` in seconds; more than a year is none.
pub fn seconds(span: &str) -> Option<u64> {
    let (number, unit) = span.split_at_checked(span.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86400,
        _ => return None,
    };
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let seconds = number.parse::<u64>().ok().filter(|_| plain)?.checked_mul(unit)?;
    (1..=366 * 86400).contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_covers_what_is_below_it() {
        assert!(
            covers("secret.*", "secret.token") && covers("secret.*", "secret.a.b") && covers("pii.email", "pii.email")
        );
        assert!(
            !covers("secret.*", "secret") && !covers("secret.*", "secrets.x") && !covers("pii.email", "pii.email.x")
        );
    }

    #[test]
    fn spans_are_numbers_with_a_unit() {
        assert_eq!(["90s", "30m", "8h", "1d"].map(seconds), [Some(90), Some(1800), Some(28800), Some(86400)]);
        assert_eq!(["", "h", "-1h", "1.5h", "0s", "9999d", "1w", "+1h"].map(seconds), [None; 8]);
    }
}
