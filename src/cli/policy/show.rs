//! `logmask policy show [FILE]...`: the rules in force as YAML, with the place where each value was written.

use super::args::ShowArgs;
use crate::cli::args::PolicyArgs;
use crate::cli::nearest::nearest;
use crate::cli::rules::{action, validator};
use crate::cli::{Failure, Status, message, output};
use crate::policy::rule::{Find, Rule};
use crate::policy::{self as written, Docs, Policy, builtin};
use std::fmt::Write;

pub(super) fn run(args: &ShowArgs) -> Result<Status, Failure> {
    let files = args.files.all();
    let policy = super::load(&args.files.policy, &files, Docs::Placed)?;
    let wanted = |rule: &&Rule| match &args.rule {
        Some(id) => rule.id == *id,
        None => args.effective || rule.origin.is_some() || policy.places.contains_key(&key(rule, "allow")),
    };
    let rules: Vec<&Rule> = policy.rules.iter().filter(wanted).collect();
    if let (true, Some(id)) = (rules.is_empty(), &args.rule) {
        let failure = Failure::usage("no such rule is in force");
        return Err(match nearest(id, policy.rules.iter().map(|rule| &*rule.id)) {
            Some(id) => failure.hint(format!("did you mean {id}?")),
            None => failure.hint("list them with: logmask policy show --effective"),
        });
    }
    output::print(&message::printable_lines(&page(&policy, &args.files.policy, &rules)))
}

fn key(rule: &Rule, key: &str) -> (String, String) {
    (rule.id.to_string(), key.to_owned())
}

fn page(policy: &Policy, args: &PolicyArgs, rules: &[&Rule]) -> String {
    let own = policy.rules.iter().filter(|rule| rule.origin.is_some()).count();
    let mut text = format!(
        "# profile {}, {} in force, {own} of them not built in\n# digest {}\n",
        args.profile(),
        message::count(policy.rules.len() as u64, "rule"),
        written::digest(policy)
    );
    for off in &policy.off {
        let _ = writeln!(text, "# off: {}    {}:{} ({})", off.rule, off.file.display(), off.line, off.why);
    }
    if !policy.weakened.is_empty() {
        let _ = writeln!(text, "# floor rules off or loosened: {}", policy.weakened.join(", "));
    }
    text.push_str(if rules.is_empty() { "rules: []\n" } else { "rules:\n" });
    for rule in rules {
        let origin = |name: &str| origin(policy, rule, name);
        let lines: Vec<(String, String)> = entries(policy, rule)
            .into_iter()
            .enumerate()
            .map(|(i, (name, value))| {
                (format!("{}{name}: {value}", if i == 0 { "  - " } else { "    " }), origin(name))
            })
            .collect();
        let width = lines.iter().map(|(line, _)| line.chars().count()).filter(|width| *width < 72).max().unwrap_or(0);
        for (line, origin) in lines {
            let _ = writeln!(text, "{line:width$}    # {origin}");
        }
    }
    text
}

/// Where the value of a key comes from: `team.yaml:4`, `builtin:secrets/generic`, `default`.
fn origin(policy: &Policy, rule: &Rule, name: &str) -> String {
    let show = |(file, line): &(std::path::PathBuf, usize)| format!("{}:{line}", file.display());
    let every = ("*".to_owned(), "allow".to_owned());
    let mut places: Vec<String> = policy.places.get(&key(rule, name)).into_iter().flatten().map(show).collect();
    if name == "allow" {
        places.extend(policy.places.get(&every).into_iter().flatten().map(show));
    }
    match (&rule.origin, builtin::pack_of(&rule.id)) {
        (None, Some(pack)) => places.insert(0, format!("builtin:{pack}")),
        _ if places.is_empty() => places.push("default".to_owned()),
        _ => {}
    }
    places.join(", ")
}

/// The keys of a rule that say what it does, as YAML.
fn entries(policy: &Policy, rule: &Rule) -> Vec<(&'static str, String)> {
    let mut entries = vec![("id", scalar(&rule.id))];
    if rule.label != rule.id {
        entries.push(("label", scalar(&rule.label)));
    }
    entries.push(("class", scalar(&rule.class)));
    match &rule.find {
        Find::Pattern { pattern, keywords, .. } => {
            entries.push(("pattern", scalar(pattern)));
            entries.push(("keywords", list(keywords.iter())));
        }
        Find::Fields { names, not, value, .. } => {
            entries.push(("fields", list(names.iter())));
            entries.push(("not", list(not.iter())));
            entries.push(("value", value.name().to_owned()));
        }
        Find::Shape(shape) => entries.push(("shape", scalar(shape.name()))),
        // No policy can write such a rule.
        Find::Listed => {}
    }
    let validate: Vec<String> = rule.validate.iter().map(validator).collect();
    entries.push(("validate", format!("[{}]", validate.join(", "))));
    entries.push(("near", list(rule.near.iter())));
    entries.push(("allow", list(rule.allow.iter())));
    entries.retain(|(_, value)| value != "[]");
    let action = action(&rule.action);
    entries.push((
        "action",
        match action.split_once(": ") {
            None => action,
            Some(("partial", shown)) => {
                format!("{{partial: {{{}}}}}", shown.replace("first ", "first: ").replace("last ", "last: "))
            }
            Some((name @ ("pseudonym" | "generalise"), how)) => format!("{{{name}: {how}}}"),
            Some((name, of)) => format!("{{{name}: [{of}]}}"),
        },
    ));
    if policy.observes(rule) {
        entries.push(("mode", "observe".to_owned()));
    }
    entries
}

fn list<'w>(words: impl Iterator<Item = &'w str>) -> String {
    format!("[{}]", words.map(scalar).collect::<Vec<_>>().join(", "))
}

/// A string as YAML: as it is where that is safe, else in quotes.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c == '_' || c == '-' || c == '.';
    let word = matches!(text, "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n");
    if text.starts_with(|c: char| c.is_ascii_lowercase())
        && !word
        && text.chars().all(|c| plain(c) || c.is_ascii_digit())
    {
        text.to_owned()
    } else if text.chars().any(char::is_control) {
        // JSON is YAML.
        serde_json::Value::from(text).to_string()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn scalars_read_back_as_they_were() {
        for text in ["a", "off", "1", "it's", "a: b", "a\nb", "", "*x", "é", "- a", "#", "ord_1", "a.b-c"] {
            let read: String = serde_yaml::from_str(&scalar(text)).unwrap();
            assert_eq!(read, text);
        }
    }
}
