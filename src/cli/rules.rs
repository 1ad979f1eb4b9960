//! `logmask rules [ID]`: the rules there are, and what each is about.

use super::args::PolicyArgs;
use super::nearest::nearest;
use super::{Failure, Status, message, output, policy};
use crate::policy::about::Basis;
use crate::policy::rule::{Action, Find, Grain, Name, Rule, Validate};
use crate::policy::texts::Texts;
use crate::policy::{self as written, Docs, EVERYTHING, builtin};
use std::collections::HashMap;
use std::fmt::Write;

/// From the narrowest to the widest; each holds the ones before it.
pub(super) const PROFILES: [&str; 3] = ["secrets", "default", "export"];

/// `logmask rules [ID]`
#[derive(Debug, clap::Args)]
pub(super) struct RulesArgs {
    /// Rule to show
    #[arg(value_name = "ID")]
    id: Option<String>,
    #[command(flatten)]
    policy: PolicyArgs,
}

pub(super) fn run(args: &RulesArgs) -> Result<Status, Failure> {
    // Without a profile all rules are shown, since each says which profile or pack it belongs to.
    let widest = PolicyArgs {
        profile: Some(args.policy.profile.clone().unwrap_or_else(|| EVERYTHING.to_owned())),
        ..args.policy.clone()
    };
    let policy = policy::load(&widest, &widest.policy, Docs::With)?;
    let profiles = profiles();
    let profile = |rule: &Rule| match &rule.origin {
        Some(path) => path.display().to_string(),
        None => match (profiles.get(&*rule.id), builtin::pack_of(&rule.id)) {
            (Some(profile), _) => (*profile).to_owned(),
            (None, pack) => format!("builtin:{}", pack.unwrap_or("-")),
        },
    };
    let text = match &args.id {
        None => table(&policy.rules, profile),
        Some(id) => {
            let Some(rule) = policy.rules.iter().find(|rule| rule.id == *id) else {
                let failure = Failure::usage("no such rule");
                return Err(match nearest(id, policy.rules.iter().map(|rule| &*rule.id)) {
                    Some(id) => failure.hint(format!("did you mean {id}?")),
                    None => failure.hint("list them with: logmask rules"),
                });
            };
            page(rule, &profile(rule))
        }
    };
    output::print(&message::printable_lines(&text))
}

/// The narrowest profile of each built-in rule.
fn profiles() -> HashMap<Name, &'static str> {
    let mut found = HashMap::new();
    for profile in PROFILES {
        let rules = written::load(profile, &[], false, Docs::Without).map(|policy| policy.rules).unwrap_or_default();
        for rule in rules {
            found.entry(rule.id).or_insert(profile);
        }
    }
    found
}

fn table(rules: &[Rule], profile: impl Fn(&Rule) -> String) -> String {
    let width =
        |text: fn(&Rule) -> &str, least| rules.iter().map(|rule| text(rule).len()).max().unwrap_or(0).max(least);
    let (ids, classes) = (width(|rule| &rule.id, 2), width(|rule| &rule.class, 5));
    let mut out = format!("{:ids$}  {:classes$}  PROFILE\n", "ID", "CLASS");
    for rule in rules {
        let _ = writeln!(out, "{:ids$}  {:classes$}  {}", rule.id, rule.class, profile(rule));
    }
    out
}

fn page(rule: &Rule, profile: &str) -> String {
    let mut out = format!("{}\n", rule.id);
    let mut entry = |name: &str, text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "  {name:<9} {text}");
        }
    };
    let about = rule.about();
    entry("class", &rule.class);
    entry("profile", profile);
    entry("what", about.doc.trim());
    entry("risk", about.risk.trim());
    for source in &about.source {
        entry("source", source);
    }
    entry("basis", basis(rule));
    entry("says", about.says.trim());
    for (name, text) in found(&rule.find) {
        entry(name, &text);
    }
    entry("validate", &rule.validate.iter().map(validator).collect::<Vec<_>>().join(", "));
    entry("near", &joined(&rule.near));
    entry("allow", &joined(&rule.allow));
    entry("action", &action(&rule.action));
    for example in &about.examples {
        entry("example", &message::printable(&example.input));
        entry("  becomes", &message::printable(&example.output));
    }
    for line in &about.unchanged {
        entry("unchanged", &message::printable(line));
    }
    out
}

/// Built-in patterns that say nothing have not been compared with their sources.
fn basis(rule: &Rule) -> &'static str {
    match rule.about().basis {
        Some(Basis::Stated) => "stated: the source says how it is built",
        Some(Basis::Shown) => "shown: the source has an example",
        Some(Basis::Unconfirmed) => "unconfirmed: the source does not say what it looks like",
        None if rule.origin.is_none() && matches!(rule.find, Find::Pattern { .. }) => {
            "unconfirmed: not compared with the source"
        }
        None => "",
    }
}

fn found(find: &Find) -> Vec<(&'static str, String)> {
    match find {
        Find::Pattern { pattern, keywords, .. } => {
            vec![("pattern", pattern.to_string()), ("keywords", joined(keywords))]
        }
        Find::Fields { names, not, .. } => vec![("fields", joined(names)), ("not", joined(not))],
        Find::Shape(shape) => vec![("shape", shape.name().to_owned())],
        Find::Listed => Vec::new(),
    }
}

fn joined(texts: &Texts) -> String {
    texts.iter().collect::<Vec<_>>().join(", ")
}

pub(super) fn action(action: &Action) -> String {
    match action {
        Action::Redact => "redact".to_owned(),
        Action::Seal => "seal".to_owned(),
        Action::Partial { first, last } => format!("partial: first {first}, last {last}"),
        Action::Pseudonym => "pseudonym".to_owned(),
        Action::AddressPseudonym => "pseudonym: {keep: prefix}".to_owned(),
        Action::Surrogate => "surrogate".to_owned(),
        Action::Generalise(grain) if *grain == Grain::Any => "generalise".to_owned(),
        Action::Generalise(grain) => format!("generalise: {}", grain.name()),
        Action::DropField => "drop-field".to_owned(),
        Action::DropLine => "drop-line".to_owned(),
        Action::Keep { of } if of.is_empty() => "keep".to_owned(),
        Action::Keep { of } => format!("keep: {}", of.join(", ")),
    }
}

pub(super) fn validator(validate: &Validate) -> String {
    match validate {
        Validate::Entropy(bits) => format!("entropy: {bits}"),
        other => other.name(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::policy::about::{About, Example};
    use crate::policy::rule::Shape;

    pub(in crate::cli) fn rule(id: &str) -> Rule {
        Rule {
            id: id.to_owned().into(),
            label: id.to_owned().into(),
            class: "secret.pin".into(),
            about: Some(Box::new(About {
                doc: "Opens a door.".to_owned(),
                source: vec!["ISO 9564".to_owned()],
                basis: Some(Basis::Stated),
                says: "4 to 12 digits".to_owned(),
                risk: "The door is open.".to_owned(),
                examples: vec![Example { input: "pin=1\n".to_owned(), output: "pin=REDACTED-pin\n".to_owned() }],
                unchanged: vec!["pin".to_owned()],
            })),
            find: Find::Shape(Shape::UrlPassword),
            validate: vec![Validate::Luhn, Validate::Entropy(3.0)],
            near: Texts::default(),
            allow: Texts::default(),
            action: Action::Redact,
            origin: None,
            floor: true,
        }
    }

    #[test]
    fn the_page_of_a_rule_says_all_there_is() {
        let page = page(&rule("pin"), "secrets");
        let expected = "pin\n  class     secret.pin\n  profile   secrets\n  what      Opens a door.\n  risk      The door is open.\n\
                        \x20 source    ISO 9564\n  basis     stated: the source says how it is built\n  says      4 to 12 digits\n  shape     url-password\n  validate  luhn, entropy: 3\n  action    redact\n\
                        \x20 example   pin=1\\n\n    becomes pin=REDACTED-pin\\n\n  unchanged pin\n";
        assert_eq!(page, expected);
    }

    #[test]
    fn the_table_is_aligned() {
        let table = table(&[rule("pin"), rule("door-code")], |_| "secrets".to_owned());
        assert_eq!(
            table,
            "ID         CLASS       PROFILE\npin        secret.pin  secrets\ndoor-code  secret.pin  secrets\n"
        );
    }
}
