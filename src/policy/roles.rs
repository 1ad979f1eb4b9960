//! Roles and access as written: who sees which classes, and on what terms.

use super::error::{Fault, quoted};
use super::node::Step::{self, Key};
use super::rule::Action;
use super::source::Source;
use super::{Policy, Stack};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The pseudo-class of full stack traces.
pub const STACKTRACE: &str = "stacktrace";

/// One role.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a role (a mapping)")]
pub struct Role {
    /// The role whose sight this one has, too.
    pub extends: Option<String>,
    /// Classes that are shown: `pii.email`, or `secret.*` for all below `secret`.
    #[serde(default)]
    pub show: Vec<String>,
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
    pub grant_cas: Vec<PathBuf>,
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
    /// Checks both keys of a file; where the fault is, if there is one.
    pub(super) fn new(
        roles: BTreeMap<String, Role>,
        mut access: Access,
        folder: &Path,
    ) -> Result<Roles, (Vec<Step<'static>>, Fault)> {
        let at = |key: &'static str, fact: String, hint: &str| Err((vec![Key(key)], Fault::new(fact, hint)));
        for (name, role) in &roles {
            if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') || name.is_empty() {
                return at("roles", "a role is not kebab-case".to_owned(), "it is part of a principal: logmask:oncall");
            }
            for class in &role.show {
                let plain = class.strip_suffix(".*").unwrap_or(class);
                let word = |word: &str| {
                    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                };
                if !plain.split('.').all(word) {
                    return at("roles", format!("role{}: not a class", quoted(name)), "such as pii.email or secret.*");
                }
            }
            let (mut next, mut steps) = (role.extends.as_ref(), 0);
            while let Some(other) = next {
                steps += 1;
                if steps > roles.len() {
                    return at("roles", format!("role{}: extends goes round in a circle", quoted(name)), "");
                }
                let Some(role) = roles.get(other) else {
                    return at("roles", format!("role{}: extends an unknown role", quoted(name)), "");
                };
                next = role.extends.as_ref();
            }
        }
        if !roles.contains_key(&access.base) {
            return at(
                "access",
                "\"base\" does not name a role".to_owned(),
                "the role that everybody has without a grant",
            );
        }
        if access.recipients.keys().any(|role| !roles.contains_key(role)) {
            return at("access", "\"recipients\" names an unknown role".to_owned(), "");
        }
        if access.max_grant.as_ref().is_some_and(|span| seconds(span).is_none()) {
            return at("access", "\"max_grant\" is not a time span".to_owned(), "such as 8h, 30m or 1d");
        }
        if access.require_reason.as_ref().is_some_and(|pattern| regex::Regex::new(pattern).is_err()) {
            return at("access", "\"require_reason\" is not a regular expression".to_owned(), "");
        }
        for (name, source) in &access.sources {
            let fault = source.fault(name).or_else(|| {
                let unknown = source.roles.iter().any(|role| !roles.contains_key(role));
                unknown.then_some(("is for an unknown role", ""))
            });
            if let Some((fact, hint)) = fault {
                return at("access", format!("source{}: {fact}", quoted(name)), hint);
            }
        }
        let files = access.grant_cas.iter_mut().chain(&mut access.revoked);
        for file in files.chain(access.audit.as_mut().map(|audit| &mut audit.file)) {
            *file = folder.join(&*file);
        }
        Ok(Roles { named: roles, access, folder: folder.to_owned() })
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

    /// What could be better: a role that shows nothing more than the one it extends, and classes that no rule has.
    pub fn lint(&self, policy: &Policy) -> Vec<String> {
        let mut said = Vec::new();
        for (name, role) in &self.named {
            let below = role.extends.as_deref().map_or_else(Vec::new, |below| self.shows(below));
            for class in &role.show {
                if below.iter().any(|shown| covers(shown, class)) {
                    said.push(format!("role \"{name}\": {class} is shown by the role it extends already"));
                }
                if class != STACKTRACE && !policy.rules.iter().any(|rule| covers(class, &rule.class)) {
                    said.push(format!("role \"{name}\": no rule has the class {class}"));
                }
            }
        }
        said
    }
}

/// Whether `show` names `class`: itself, or with `.*` everything below.
pub fn covers(show: &str, class: &str) -> bool {
    match show.strip_suffix(".*") {
        Some(family) => class.strip_prefix(family).is_some_and(|rest| rest.starts_with('.')),
        None => show == class,
    }
}

/// The policy with stack traces folded unless `shows` has them, and the rules taken out whose classes are in `shows`. Rules that keep are never taken out: that would hide
/// more from whoever sees more.
pub fn relax(policy: &mut Policy, shows: &[&str]) {
    if !shows.contains(&STACKTRACE) {
        policy.stack = policy.stack.stricter(Stack::Fold(Stack::FRAMES));
    }
    policy.rules.retain(|rule| {
        matches!(rule.action, Action::Keep { .. }) || !shows.iter().any(|show| covers(show, &rule.class))
    });
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
