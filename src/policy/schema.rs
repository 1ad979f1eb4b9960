//! The JSON Schema of policy files (draft 7, which the YAML language server reads). Names of keys, shapes, validators and
//! the like are asked of the types that read them, so they cannot differ; texts and types stand here, and a test notices a
//! key without them.

use super::about::Basis;
use super::limits::Level;
use super::raw::{ACTIONS, RawPolicy, RawRule};
use super::rule::{Mode, Shape, ValueKind};
use super::validators::VALIDATORS;
use crate::validate::number::Number;
use serde::Deserialize;
use serde::de::value::{MapDeserializer, StrDeserializer};
use serde_json::{Map, Value, json};
use std::fmt;

/// The schema, with a description of each key.
///
/// ```
/// let schema = logmask::policy::schema::schema();
/// assert_eq!(schema["properties"]["rules"]["items"]["properties"]["id"]["maxLength"], 64);
/// ```
pub fn schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "logmask policy",
        "description": "Rules that mask values in log lines.",
        "type": "object",
        "additionalProperties": false,
        "required": ["version"],
        "properties": object(keys::<RawPolicy>(), top),
    })
}

/// Description and type of each key, in the order of the types.
fn object(keys: &[&'static str], of: fn(&str) -> Option<(&'static str, Value)>) -> Map<String, Value> {
    let mut object = Map::new();
    for key in keys {
        let (description, mut value) = of(key).unwrap_or(("", json!({})));
        if let (Some(value), false) = (value.as_object_mut(), description.is_empty()) {
            value.insert("description".to_owned(), json!(description));
        }
        object.insert((*key).to_owned(), value);
    }
    object
}

fn top(key: &str) -> Option<(&'static str, Value)> {
    Some(match key {
        "version" => ("Always 1.", json!({ "const": 1 })),
        "extends" => {
            ("What this policy builds on: built-in packs (builtin:default) and files, relative to this one.", strings())
        }
        "rules" => {
            ("Rules of your own; they add to the built-in ones.", json!({ "type": "array", "items": rule_schema() }))
        }
        "disable" => ("Ids of rules to switch off. Rules of the floor are warned about on each run.", strings()),
        "allow" => (
            "Values that stay: for all rules, or by rule id. Globs over the whole value.",
            json!({ "anyOf": [strings(), { "type": "object", "additionalProperties": strings() }] }),
        ),
        "actions" => (
            "What happens to values of rules that are written elsewhere: action by rule id or class (pii, pii.email).",
            json!({ "type": "object", "additionalProperties": action() }),
        ),
        "stack" => (
            "What is left of stack traces: keep, fold (the first 3 frames), fold:N or drop.",
            json!({ "type": "string", "pattern": "^(keep|fold(:[0-9]+)?|drop)$" }),
        ),
        "propagate" => (
            "Values of secret fields are hidden in the records behind them too, without context. Default only in export.",
            json!({ "type": "boolean" }),
        ),
        "roles" => (
            "Who sees which classes: role by name. A role sees what the one it extends sees, too.",
            json!({ "type": "object", "additionalProperties": {
                "type": "object", "additionalProperties": false,
                "properties": { "extends": { "type": "string" }, "show": strings(), "select": {
                    "type": "object", "additionalProperties": false, "properties": {
                        "since": { "type": "string" }, "level": { "enum": variants::<Level>() }, "where": strings() } } } } }),
        ),
        "access" => (
            "On what terms: the base view, authorities of grants, and the audit file.",
            json!({ "type": "object", "additionalProperties": false, "required": ["base"], "properties": {
                "base": { "type": "string" }, "grant_cas": strings(), "max_grant": { "type": "string" },
                "require_reason": { "type": "string" }, "revoked": { "type": "string" },
                "recipients": { "type": "object", "additionalProperties": strings() },
                "audit": { "type": "object", "additionalProperties": false, "required": ["file"], "properties": {
                    "file": { "type": "string" }, "origin": { "type": "string" }, "sign_with": { "type": "string" } } },
                "sources": { "type": "object", "additionalProperties": { "anyOf": [strings(), {
                    "type": "object", "additionalProperties": false, "required": ["run"],
                    "properties": { "run": strings(), "roles": strings() } }] } } } }),
        ),
        _ => return None,
    })
}

fn rule_schema() -> Value {
    let one_way = |way: &str| {
        let others: Vec<Value> =
            ["pattern", "fields", "shape"].iter().filter(|w| **w != way).map(|w| json!({ "required": [w] })).collect();
        json!({ "required": [way], "not": { "anyOf": others } })
    };
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "class"],
        "oneOf": [one_way("pattern"), one_way("fields"), one_way("shape")],
        "properties": object(keys::<RawRule>(), rule),
    })
}

/// Description and type of a key of a rule.
fn rule(key: &str) -> Option<(&'static str, Value)> {
    const KEBAB: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";
    Some(match key {
        "id" => (
            "A noun for what is found. It stands in the output, so it never changes.",
            json!({ "type": "string", "pattern": KEBAB, "maxLength": 64 }),
        ),
        "label" => (
            "What a finding is called in the output (REDACTED-<label>), if not by the id.",
            json!({ "type": "string", "pattern": KEBAB, "maxLength": 64 }),
        ),
        "class" => (
            "Dotted family, such as secret.token, pii.email, net.ip or pay.card.",
            json!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*(\\.[a-z0-9]+(-[a-z0-9]+)*)+$" }),
        ),
        "doc" => ("What it is, in a sentence.", json!({ "type": "string" })),
        "source" => (
            "Where the facts come from: addresses of the owner's documentation.",
            json!({ "anyOf": [{ "type": "string" }, strings()] }),
        ),
        "basis" => ("How much of the shape the sources say.", json!({ "enum": variants::<Basis>() })),
        "says" => ("What the sources say or show of the shape, in a line.", json!({ "type": "string" })),
        "risk" => ("What somebody could do with the value.", json!({ "type": "string" })),
        "keywords" => {
            ("Literals of which one must stand in the record; derived from the pattern where possible.", words())
        }
        "pattern" => (
            "Regular expression of Rust's regex crate, without Unicode. Only the group (?<secret>…) is replaced; without it the whole match.",
            json!({ "type": "string", "minLength": 1 }),
        ),
        "fields" => (
            "Names of fields whose values are replaced: names, globs (cust_*) and paths (request.headers.x-user, **.ssn).",
            json!({ "type": "array", "items": { "type": "string", "minLength": 1 }, "minItems": 1 }),
        ),
        "shape" => ("A built-in detector.", json!({ "enum": variants::<Shape>() })),
        "not" => ("Words that make a field of that name something else (public for key). With fields.", words()),
        "value" => ("Where an unquoted value ends. With fields.", json!({ "enum": variants::<ValueKind>() })),
        "validate" => ("Checks of the value; all must hold.", json!({ "type": "array", "items": validator() })),
        "near" => ("Words of which one must stand within 64 bytes of the value.", words()),
        "allow" => ("Values that stay: globs over the whole value.", words()),
        "action" => ("What happens to the value.", action()),
        "mode" => (
            "enforce masks, observe only counts (in the summary), off is as if the rule were not there.",
            json!({ "enum": variants::<Mode>() }),
        ),
        "examples" => (
            "Exact bytes in, exact bytes out; REDACTED-<label>-* stands for any pseudonym. Run by logmask policy test.",
            json!({ "type": "array", "items": {
                "type": "object", "additionalProperties": false, "required": ["in", "out"],
                "properties": { "in": { "type": "string" }, "out": { "type": "string" } },
            } }),
        ),
        "unchanged" => ("Near misses: lines in which the rule must find nothing.", strings()),
        _ => return None,
    })
}

fn strings() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

fn words() -> Value {
    json!({ "type": "array", "items": { "type": "string", "minLength": 1 } })
}

fn validator() -> Value {
    let plain = |name: &&&str| !["entropy", "number"].contains(*name);
    let names: Vec<&&str> = VALIDATORS.iter().filter(plain).collect();
    let bits = json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 8 });
    let with = |name: &str, value: Value| json!({ "type": "object", "additionalProperties": false, "required": [name], "properties": { name: value } });
    json!({ "anyOf": [{ "enum": names }, with("entropy", bits), with("number", json!({ "enum": Number::NAMES }))] })
}

fn action() -> Value {
    let shown = json!({ "type": "integer", "minimum": 0 });
    json!({ "anyOf": [
        { "enum": ACTIONS },
        { "type": "object", "additionalProperties": false, "required": ["partial"], "properties": { "partial": {
            "type": "object", "additionalProperties": false, "properties": { "first": shown, "last": shown },
        } } },
        { "type": "object", "additionalProperties": false, "required": ["keep"], "properties": { "keep": strings() } },
        { "type": "object", "additionalProperties": false, "required": ["pseudonym"], "properties": { "pseudonym": {
            "type": "object", "additionalProperties": false, "required": ["keep"],
            "properties": { "keep": { "enum": ["prefix"] } },
        } } },
        { "type": "object", "additionalProperties": false, "required": ["generalise"], "properties": { "generalise": {
            "type": "object", "additionalProperties": false, "minProperties": 1, "properties": {
                "network": { "type": "integer", "minimum": 0, "maximum": 32 },
                "network6": { "type": "integer", "minimum": 0, "maximum": 128 },
                "date": { "enum": ["month", "year"] },
                "digits": { "type": "integer", "minimum": 1, "maximum": 6 },
                "number": { "type": "integer", "minimum": 2 },
            },
        } } },
    ] })
}

/// The keys that `T` reads, in the order of its definition.
fn keys<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let pairs = std::iter::once(("?", "?"));
    match T::deserialize(MapDeserializer::<_, Allowed>::new(pairs)) {
        Err(Allowed(keys)) => keys,
        Ok(_) => &[],
    }
}

/// The names that `T` reads.
fn variants<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    match T::deserialize(StrDeserializer::<Allowed>::new("?")) {
        Err(Allowed(names)) => names,
        Ok(_) => &[],
    }
}

/// What would have been allowed; serde says it with its error about what is not.
#[derive(Debug)]
struct Allowed(&'static [&'static str]);

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "allowed: {}", self.0.join(", "))
    }
}

impl std::error::Error for Allowed {}

impl serde::de::Error for Allowed {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Allowed(&[])
    }

    fn unknown_field(_: &str, allowed: &'static [&'static str]) -> Self {
        Allowed(allowed)
    }

    fn unknown_variant(_: &str, allowed: &'static [&'static str]) -> Self {
        Allowed(allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_is_read_is_described() {
        assert!(keys::<RawPolicy>().len() >= 5 && keys::<RawRule>().len() >= 15);
        for key in keys::<RawPolicy>() {
            assert!(top(key).is_some(), "{key}");
        }
        for key in keys::<RawRule>() {
            assert!(rule(key).is_some(), "{key}");
        }
    }

    #[test]
    fn names_are_those_that_are_read() {
        assert!(variants::<Shape>().contains(&Shape::UrlPassword.name()));
        assert_eq!(variants::<Mode>(), ["enforce", "observe", "off"]);
        assert_eq!(variants::<ValueKind>(), ["word", "words", "credential", "cookies"]);
    }
}
