//! One file, from its text to rules that are known to be good on their own; what spans files is for `load`.

use super::error::{Error, Fault, quoted};
use super::node::Step::{self, Item, Key};
use super::raw::{RawAllow, RawPolicy, RawRule};
use super::rule::Action;
use super::yaml::{self, Kind, Node, START};
use super::{actions, builtin, pattern};
use serde::Deserialize;
use std::cell::OnceCell;
use std::path::Path;

/// The text of a file with its tree.
#[derive(Debug)]
pub(super) struct Document {
    text: String,
    root: Node,
    /// Of each node, when the first is asked for.
    lines: OnceCell<Vec<usize>>,
}

/// Line, column, fault.
pub(super) type Placed = ((usize, usize), Fault);

/// The same as an error of `file`.
pub(super) fn placed(file: &Path, (place, fault): Placed) -> Error {
    Error::at(file, place, fault)
}

impl Document {
    /// Reads and checks the `text` of a user's file.
    pub fn read(text: String) -> Result<(Self, RawPolicy), Placed> {
        let (document, policy) = Self::read_own(text)?;
        match policy.rules.iter().position(|rule| builtin::pack_of(&rule.id).is_some()) {
            None => Ok((document, policy)),
            Some(i) => {
                let fault = Fault::new(
                    "id is taken by a built-in rule",
                    "choose another; disable and allow change built-in rules",
                );
                Err(document.fault(&[Key("rules"), Item(i), Key("id")], fault))
            }
        }
    }

    /// The same for our own packs, whose ids are taken by themselves.
    pub fn read_own(text: String) -> Result<(Self, RawPolicy), Placed> {
        let root = yaml::parse(&text)?;
        let document = Self { text, root, lines: OnceCell::new() };
        let policy = document.policy().map_err(|fault| document.placed(fault))?;
        Ok((document, policy))
    }

    /// The keys of the mapping at `path`, each with the line it stands on.
    pub fn keys(&self, path: &[Step<'_>]) -> Vec<(String, usize)> {
        let pairs = self.root.pairs(path);
        let text = |node: &Node| if let Kind::Text(key) = &node.kind { key.clone() } else { String::new() };
        pairs.iter().map(|(key, _)| (text(key), self.line_of(key.at))).collect()
    }

    /// The line of the node at `path`.
    pub fn line(&self, path: &[Step<'_>]) -> usize {
        self.line_of(self.root.find(path))
    }

    fn line_of(&self, at: usize) -> usize {
        self.lines.get_or_init(|| yaml::lines(&self.text)).get(at).copied().unwrap_or(1)
    }

    /// A fault at `path`.
    pub fn fault(&self, path: &[Step<'_>], fault: Fault) -> Placed {
        self.placed(fault.or_at(self.root.find(path)))
    }

    fn placed(&self, fault: Fault) -> Placed {
        (yaml::place(&self.text, fault.node.unwrap_or(0)), fault)
    }

    fn policy(&self) -> Result<RawPolicy, Fault> {
        // 1. Is it a policy at all? Until that is known nothing may be quoted.
        let Kind::Map(pairs) = &self.root.kind else {
            let fact = if matches!(self.root.kind, Kind::Null) {
                "the file is empty"
            } else {
                "not a policy: expected a mapping"
            };
            return Err(Fault::new(fact, START));
        };
        match pairs.iter().find(|(key, _)| matches!(&key.kind, Kind::Text(key) if key == "version")) {
            None => return Err(Fault::new("not a policy: key \"version\" is missing", START)),
            Some((_, Node { kind: Kind::Whole(1), .. })) => {}
            Some((_, value)) => {
                return Err(Fault::new("version is not 1, the only one there is", START).or_at(value.at));
            }
        }
        // 2. Keys, then types and names.
        self.root.check_keys()?;
        for (key, _) in pairs {
            if let Kind::Text(word) = &key.kind
                && LATER_KEYS.contains(&word.as_str())
            {
                return Err(Fault::new(format!("key \"{word}\" is not built yet"), "").or_at(key.at));
            }
        }
        let policy = RawPolicy::deserialize(&self.root)?;
        // 3. What types cannot say.
        for (i, rule) in policy.rules.iter().enumerate() {
            check_rule(i, rule).map_err(|(path, fault)| {
                let mut steps = vec![Key("rules"), Item(i)];
                steps.extend(path);
                fault.or_at(self.root.find(&steps))
            })?;
        }
        for (on, action) in &policy.actions {
            actions::check(on, action).map_err(|(path, fault)| fault.or_at(self.root.find(&path)))?;
        }
        match &policy.allow {
            RawAllow::Every(globs) => {
                check_globs(globs).map_err(|(i, fault)| fault.or_at(self.root.find(&[Key("allow"), Item(i)])))?;
            }
            RawAllow::ByRule(rules) => {
                for (id, globs) in rules {
                    check_globs(globs)
                        .map_err(|(i, fault)| fault.or_at(self.root.find(&[Key("allow"), Key(id), Item(i)])))?;
                }
            }
        }
        Ok(policy)
    }
}

/// Named in the design, not in this version.
const LATER_KEYS: &[&str] = &["only"];

/// Longest id, in bytes: it stands in every marker.
const LONGEST_ID: usize = 64;

type At<'r> = (Vec<Step<'r>>, Fault);

fn check_rule(i: usize, rule: &RawRule) -> Result<(), At<'_>> {
    let at = |key: &'static str, fact: &str, hint: &str| (vec![Key(key)], Fault::new(fact, hint));
    if !kebab(&rule.id) || rule.id.len() > LONGEST_ID {
        return Err(at(
            "id",
            "id is not kebab-case",
            "lower-case letters and digits, joined by \"-\", such as order-token",
        ));
    }
    // From here on the rule has a name that may be shown.
    let named = named(i, &rule.id);
    let at = |key: &'static str, fact: &str, hint: &str| (vec![Key(key)], Fault::new(format!("{named}: {fact}"), hint));
    if rule.label.as_ref().is_some_and(|label| !kebab(label) || label.len() > LONGEST_ID) {
        return Err(at("label", "label is not kebab-case", "it stands in the output, as in REDACTED-order-token"));
    }
    if !(rule.class.contains('.') && rule.class.split('.').all(kebab)) {
        return Err(at("class", "class is not dotted lower-case", "such as secret.token, pii.email or net.ip"));
    }
    let ways: Vec<&'static str> =
        [("pattern", rule.pattern.is_some()), ("fields", rule.fields.is_some()), ("shape", rule.shape.is_some())]
            .into_iter()
            .filter_map(|(key, there)| there.then_some(key))
            .collect();
    match ways.as_slice() {
        [_] => {}
        [] => return Err((vec![], Fault::new(format!("{named}: nothing to find"), WAYS))),
        [_, second, ..] => return Err(at(second, "more than one way to find", WAYS)),
    }
    for (key, there) in [("not", !rule.not.is_empty()), ("value", rule.value.is_some())] {
        if there && rule.fields.is_none() {
            return Err(at(key, &format!("\"{key}\" goes with \"fields\" only"), ""));
        }
    }
    if !rule.keywords.is_empty() && rule.pattern.is_none() {
        return Err(at("keywords", "\"keywords\" goes with \"pattern\" only", ""));
    }
    if let Some(text) = &rule.pattern {
        pattern::check(text)
            .map_err(|fault| (vec![Key("pattern")], Fault { fact: format!("{named}: {}", fault.fact), ..fault }))?;
    }
    if let Some(names) = &rule.fields {
        if names.is_empty() {
            return Err(at("fields", "no field is named", ""));
        }
        if let Some(bad) = names.iter().position(|name| !field_name(name)) {
            let fault = Fault::new(
                format!("{named}: not a field name"),
                "a name, a glob (cust_*) or a path (request.headers.*, **.ssn)",
            );
            return Err((vec![Key("fields"), Item(bad)], fault));
        }
    }
    for (key, words) in [("keywords", &rule.keywords), ("not", &rule.not), ("near", &rule.near)] {
        if let Some(bad) = words.iter().position(|word| word.trim().is_empty()) {
            return Err((vec![Key(key), Item(bad)], Fault::new(format!("{named}: empty word"), "")));
        }
    }
    check_globs(&rule.allow).map_err(|(i, fault)| (vec![Key("allow"), Item(i)], fault))?;
    if rule.class.starts_with("secret.")
        && let Some(fault) = secret_fault(&rule.action)
    {
        return Err(at("action", &fault.fact, fault.hint.as_deref().unwrap_or_default()));
    }
    Ok(())
}

/// Why an action is none for secrets.
pub(super) fn secret_fault(action: &Action) -> Option<Fault> {
    let fact = match action {
        Action::Partial { .. } => "\"partial\" would show a part of a secret",
        Action::Generalise(_) | Action::AddressPseudonym => "this action would show a part of a secret",
        Action::Redact
        | Action::Seal
        | Action::Pseudonym
        | Action::Surrogate
        | Action::DropField
        | Action::DropLine
        | Action::Keep { .. } => return None,
    };
    Some(Fault::new(fact, "class secret.* takes redact, pseudonym, seal, drop-field or drop-line"))
}

const WAYS: &str = "a rule has one of pattern, fields and shape";

/// `rule "id"`; a long id is not quoted, its number is.
pub(super) fn named(i: usize, id: &str) -> String {
    match quoted(id) {
        none if none.is_empty() => format!("rule number {}", i + 1),
        id => format!("rule{id}"),
    }
}

fn kebab(word: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    word.split('-').all(part)
}

/// Segments joined by dots, none empty; `**` only as a whole segment, and not as the last: it would name everything.
fn field_name(name: &str) -> bool {
    let segment = |segment: &str| !segment.trim().is_empty() && (!segment.contains("**") || segment == "**");
    name.split('.').all(segment) && name.contains(|c| c != '*' && c != '.')
}

fn check_globs(globs: &[String]) -> Result<(), (usize, Fault)> {
    for (i, glob) in globs.iter().enumerate() {
        if glob.is_empty() {
            return Err((i, Fault::new("empty value", "")));
        }
        if glob.contains('*') && glob.bytes().all(|b| b == b'*' || b == b'?') {
            return Err((i, Fault::new("this allows every value", "to turn a rule off, use disable")));
        }
    }
    Ok(())
}

/// The rules whose findings an action withdraws.
pub(super) fn kept(action: &Action) -> &[String] {
    match action {
        Action::Keep { of } => of,
        Action::Redact
        | Action::Seal
        | Action::Partial { .. }
        | Action::Pseudonym
        | Action::AddressPseudonym
        | Action::Surrogate
        | Action::Generalise(_)
        | Action::DropField
        | Action::DropLine => &[],
    }
}
