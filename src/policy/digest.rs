//! One number for all that a policy does, for the summary and the audit trail.

use super::Policy;
use super::limits::Limits;
use super::roles::{Roles, seconds};
use super::rule::{Action, Find, Rule, Validate};
use super::stack::Stack;
use super::texts::Texts;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// SHA-256, in hex, over what the rules do, what is left of stack traces, and who sees what on which terms. The same for
/// any order of rules and files, with or without documentation; independent of where they were written.
///
/// ```
/// use logmask::policy::{self, Docs};
/// let of = |profile, docs| policy::digest(&policy::load(profile, &[], false, docs).unwrap());
/// assert_eq!(of("default", Docs::With), of("default", Docs::Without));
/// assert_ne!(of("default", Docs::With), of("secrets", Docs::With));
/// ```
pub fn digest(policy: &Policy) -> String {
    let mut rules: Vec<&Rule> = policy.rules.iter().collect();
    rules.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    let mut hash = Sha256::new();
    for rule in rules {
        hash.update(canonical(rule).to_string());
        if policy.observes(rule) {
            hash.update("observe");
        }
        hash.update("\n");
    }
    if policy.propagate {
        hash.update("propagate\n");
    }
    // What is so unless somebody says otherwise adds nothing.
    if policy.stack != Stack::default() {
        hash.update(format!("stack {:?}\n", policy.stack));
    }
    if let Some(roles) = &policy.roles {
        hash.update(terms(roles).to_string());
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

/// Who sees what, and on which terms. Not where audit file, key rings and programs are: they differ from host to host.
fn terms(roles: &Roles) -> Value {
    let role = |name: &str| {
        let role = roles.chain(name).next().map(|(_, role)| role);
        json!({ "show": roles.shows(name), "extends": role.and_then(|role| role.extends.as_deref()),
            "select": limits(&roles.limits(name)) })
    };
    let named: BTreeMap<&str, Value> = roles.names().map(|name| (name, role(name))).collect();
    let access = &roles.access;
    json!({ "roles": named, "base": access.base, "max_grant": access.max_grant.as_deref().and_then(seconds),
        "require_reason": access.require_reason, "recipients": access.recipients })
}

fn limits(limits: &Limits) -> Value {
    let mut fields = limits.fields.clone();
    fields.sort_unstable();
    json!({ "since": limits.seconds(), "level": limits.level.map(|level| format!("{level:?}")), "where": fields })
}

fn list(texts: &Texts) -> Value {
    texts.iter().collect()
}

/// What a rule does. The names are part of the digest: a change of them changes it for everybody.
fn canonical(rule: &Rule) -> Value {
    let find = match &rule.find {
        // Anchors follow from the pattern; keywords may narrow it.
        Find::Pattern { pattern, keywords, .. } => json!({ "pattern": pattern, "keywords": list(keywords) }),
        Find::Fields { names, not, value, .. } => {
            json!({ "fields": list(names), "not": list(not), "value": value.name() })
        }
        Find::Shape(shape) => json!({ "shape": shape.name() }),
        Find::Listed => json!({ "listed": true }),
    };
    let action = match &rule.action {
        Action::Redact => json!("redact"),
        Action::Seal => json!("seal"),
        Action::Partial { first, last } => json!({ "partial": [first, last] }),
        Action::Pseudonym => json!("pseudonym"),
        Action::AddressPseudonym => json!({ "pseudonym": "prefix" }),
        Action::Surrogate => json!("surrogate"),
        Action::Generalise(grain) => json!({ "generalise": grain.name() }),
        Action::DropField => json!("drop-field"),
        Action::DropLine => json!("drop-line"),
        Action::Keep { of } => json!({ "keep": of }),
    };
    // Several files may add to `allow`, in any order.
    let mut allow: Vec<&str> = rule.allow.iter().collect();
    allow.sort_unstable();
    let validate: Vec<Value> = rule.validate.iter().map(validator).collect();
    json!({
        "id": rule.id, "label": rule.label, "class": rule.class, "find": find, "validate": validate, "near": rule.near.iter().collect::<Vec<_>>(),
        "allow": allow, "action": action, "floor": rule.floor,
    })
}

fn validator(validate: &Validate) -> Value {
    match validate {
        Validate::Luhn => json!("luhn"),
        Validate::Card => json!("card"),
        Validate::Iban => json!("iban"),
        Validate::Ssn => json!("ssn"),
        Validate::GithubCrc32 => json!("github-crc32"),
        Validate::Jwt => json!("jwt"),
        Validate::Entropy(bits) => json!({ "entropy": bits }),
        Validate::Base58Check => json!("base58check"),
        Validate::Bech32 => json!("bech32"),
        Validate::FullName => json!("full-name"),
        Validate::GivenName => json!("given-name"),
        Validate::Digit => json!("digit"),
        Validate::AtSign => json!("at-sign"),
        Validate::Number(number) => json!({ "number": number.name() }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Docs, load};
    use super::*;

    fn of(text: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("p.yaml");
        std::fs::write(&file, format!("version: 1\n{text}")).unwrap();
        digest(&load("default", &[file], false, Docs::Without).unwrap())
    }

    #[test]
    fn whatever_changes_what_somebody_sees_changes_it() {
        let roles = |select: &str, more: &str| {
            of(&format!(
                "roles:\n  a: {{ select: {{ {select} }} }}\n  b: {{ extends: a, show: [pii.email], select: {{}} }}\naccess: {{ base: a{more} }}\n"
            ))
        };
        let all = [
            of(""),
            of("stack: fold\n"),
            of("stack: fold:4\n"),
            of("stack: drop\n"),
            of("roles: { a: {}, b: { extends: a } }\naccess: { base: a }\n"),
            of("roles: { a: {}, b: { extends: a, show: [pii.email] } }\naccess: { base: a }\n"),
            of("roles: { a: {}, b: { show: [pii.email] } }\naccess: { base: a }\n"),
            of("roles: { a: {}, b: { extends: a, show: [stacktrace] } }\naccess: { base: a }\n"),
            roles("since: 24h", ""),
            roles("since: 25h", ""),
            roles("level: warn", ""),
            roles("level: error", ""),
            roles("where: ['a=b']", ""),
            roles("where: ['a=c']", ""),
            roles("since: 24h", ", max_grant: 2h"),
            roles("since: 24h", ", require_reason: OPS"),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[..at].contains(one), "{at}");
        }
        assert_eq!(roles("since: 24h", ""), roles("since: 1d", ""));
        assert_eq!(roles("where: ['a=b', 'c=d']", ""), roles("where: ['c=d', 'a=b']", ""));
    }
}
