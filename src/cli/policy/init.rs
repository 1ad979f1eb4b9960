//! `logmask policy init [FILE]`: a policy to start from, with a comment for each key that the schema has.

use super::args::InitArgs;
use crate::cli::{Failure, Status, message, output, source};
use crate::policy::schema::schema;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write as _;

/// What stands behind a key, and whether it does so from the start or as a comment to be taken out.
enum Start {
    On(&'static str),
    Comment(&'static str),
}

use Start::{Comment, On};

/// For each key of a policy.
const TOP: &[(&str, Start)] = &[
    ("version", On("1")),
    ("extends", Comment("[builtin:export, ./shared.yaml]")),
    ("rules", On("")),
    ("disable", Comment("[mac]")),
    ("allow", Comment("{email: ['*@example.com']}")),
    ("actions", Comment("{pii: surrogate, net.ip: surrogate}")),
    ("stack", Comment("fold:3")),
    ("propagate", Comment("true")),
    ("roles", Comment("{viewer: {}, oncall: {extends: viewer, show: [pii.email]}}")),
    ("access", Comment("{base: viewer, grant_cas: [ca.pub], audit: {file: audit.jsonl}}")),
];

/// For each key of the first rule.
const RULE: &[(&str, Start)] = &[
    ("id", On("order-token")),
    ("label", Comment("order")),
    ("class", On("secret.order")),
    ("doc", On("Lets its holder change an order.")),
    ("source", Comment("https://docs.example.com/tokens")),
    ("basis", Comment("stated")),
    ("says", Comment("'ord_ and 24 lower-case letters and digits'")),
    ("risk", Comment("Changes the order.")),
    ("keywords", Comment("[ord_]")),
    ("pattern", On(r"'\b(?<secret>ord_[a-z0-9]{24})\b'")),
    ("fields", Comment("[order_token, 'request.headers.x-order', '**.token']")),
    ("shape", Comment("email")),
    ("not", Comment("[public]")),
    ("value", Comment("words")),
    ("validate", Comment("[entropy: 3.0]")),
    ("near", Comment("[order, cart]")),
    ("allow", Comment("['ord_000000000000000000000000']")),
    ("action", On("redact")),
    ("mode", Comment("observe")),
    (
        "examples",
        On("\n      - in: 'retry ord_0a1b2c3d4e5f6a7b8c9d0e1f now'\n        out: 'retry REDACTED-order-token now'"),
    ),
    ("unchanged", On("['ord_short', 'word_0a1b2c3d4e5f6a7b8c9d0e1f']")),
];

pub(super) fn run(args: &InitArgs) -> Result<Status, Failure> {
    let text = starter();
    let Some(path) = args.file.as_ref().filter(|path| !source::is_stdin(path)) else { return output::print(&text) };
    let fail = |error: std::io::Error| Failure::usage(format!("{}: {}", path.display(), message::fact(&error)));
    // What is there already is somebody's work.
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(fail)?;
    file.write_all(text.as_bytes()).map_err(fail)?;
    output::print(&format!(
        "{}: written; try it with: logmask policy test {}\n",
        message::printable(&path.display().to_string()),
        message::printable(&path.display().to_string())
    ))
}

fn starter() -> String {
    let schema = schema();
    let mut text = String::from(
        "# A policy of logmask. Your rules add to the built-in ones (logmask rules).\n\
         #   logmask policy check FILE    what could be better\n\
         #   logmask policy test FILE     runs the examples\n\
         #   logmask -c FILE app.log      masks with it\n\
         # For completion in editors: logmask policy schema > logmask.schema.json\n\
         # yaml-language-server: $schema=./logmask.schema.json\n",
    );
    let properties = &schema["properties"];
    for (key, start) in TOP {
        entry(&mut text, "", properties, key, start);
        if *key == "rules" {
            let properties = &properties["rules"]["items"]["properties"];
            for (i, (key, start)) in RULE.iter().enumerate() {
                entry(&mut text, if i == 0 { "  - " } else { "    " }, properties, key, start);
            }
        }
    }
    text
}

/// A key with what the schema says of it.
fn entry(text: &mut String, indent: &str, properties: &Value, key: &str, start: &Start) {
    let blank = " ".repeat(indent.len());
    let about = properties[key]["description"].as_str().unwrap_or_default();
    let names = properties[key]["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let names = names.collect::<Vec<_>>().join(", ");
    // The item of a list begins with its first key, so the comment goes above it.
    let _ = writeln!(text, "{blank}# {about}{}{names}", if names.is_empty() { "" } else { " One of: " });
    let _ = match start {
        On("") => writeln!(text, "{indent}{key}:"),
        On(value) if value.starts_with('\n') => writeln!(text, "{indent}{key}:{value}"),
        On(value) => writeln!(text, "{indent}{key}: {value}"),
        Comment(value) => writeln!(text, "{blank}# {key}: {value}"),
    };
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_has_every_key_of_the_schema() {
        let schema = schema();
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        for (wanted, table) in
            [(keys(&schema["properties"]), TOP), (keys(&schema["properties"]["rules"]["items"]["properties"]), RULE)]
        {
            let mut found: Vec<String> = table.iter().map(|(key, _)| (*key).to_owned()).collect();
            let mut wanted = wanted;
            found.sort();
            wanted.sort();
            assert_eq!(found, wanted);
        }
    }
}
