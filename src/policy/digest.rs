//! One number for all that a policy does, for the summary and the audit trail.

use super::Policy;
use super::rule::{Action, Find, Rule, Validate};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// SHA-256, in hex, over what the rules do. The same for any order of rules and files, with or without documentation;
/// independent of where the rules were written.
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
        if policy.observed.contains(&rule.id) {
            hash.update("observe");
        }
        hash.update("\n");
    }
    if policy.propagate {
        hash.update("propagate");
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

/// What a rule does. The names are part of the digest: a change of them changes it for everybody.
fn canonical(rule: &Rule) -> Value {
    let find = match &rule.find {
        // Anchors follow from the pattern; keywords may narrow it.
        Find::Pattern { pattern, keywords, .. } => json!({ "pattern": pattern, "keywords": keywords }),
        Find::Fields { names, not, value } => json!({ "fields": names, "not": not, "value": value.name() }),
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
    let mut allow = rule.allow.clone();
    allow.sort_unstable();
    let validate: Vec<Value> = rule.validate.iter().map(validator).collect();
    json!({
        "id": rule.id, "label": rule.label, "class": rule.class, "find": find, "validate": validate, "near": rule.near,
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
        Validate::Number(number) => json!({ "number": number.name() }),
    }
}
