//! Fields by their place in the document: `request.headers.*`, `customer.*.name`, `**.ssn`.

use super::key::Key;
use super::names::Match;
use crate::format::json;
use crate::span::RuleIx;

/// All path rules of a policy.
#[derive(Default)]
pub struct Paths {
    patterns: Vec<(RuleIx, Vec<Step>)>,
}

/// One step of a path.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// `**`: any number of keys.
    Any,
    /// `*`: one key.
    One,
    /// This key, whatever its case.
    Key(Vec<u8>),
    /// A key with `*` in it.
    Glob(Vec<u8>),
}

impl Paths {
    /// Is this entry of `fields:` a path rather than a name? In built-in rules a dot alone makes none: `connect.sid` is
    /// the name of a cookie.
    pub fn is_path(entry: &str, built_in: bool) -> bool {
        entry.contains('.') && (!built_in || entry.contains("*.") || entry.contains(".*"))
    }

    /// Adds a path.
    pub fn add(&mut self, rule: RuleIx, path: &str) {
        let step = |part: &str| match part {
            "**" => Step::Any,
            "*" => Step::One,
            part if part.contains('*') => Step::Glob(part.to_ascii_lowercase().into_bytes()),
            part => Step::Key(part.to_ascii_lowercase().into_bytes()),
        };
        self.patterns.push((rule, path.split('.').map(step).collect()));
    }

    /// What a key must end with to be looked up here; `None` if any key may match.
    pub fn tails(&self) -> Option<Vec<&[u8]>> {
        self.patterns
            .iter()
            .map(|(_, steps)| match steps.last() {
                Some(Step::Key(key)) => Some(key.as_slice()),
                _ => None,
            })
            .collect()
    }

    /// May a path lead to a key of this name, wherever it stands?
    pub fn may_end_with(&self, name: &[u8]) -> bool {
        let last = name.rsplit(|&b| b == b'.').next().unwrap_or_default();
        self.patterns.iter().any(|(_, steps)| match steps.last() {
            Some(Step::Key(key)) => last.eq_ignore_ascii_case(key),
            _ => true,
        })
    }

    /// Appends the rules whose path leads to `key`.
    pub fn lookup(&self, text: &[u8], key: &Key, matches: &mut Vec<Match>) {
        if !self.may_end_with(&text[key.name.range()]) {
            return;
        }
        let spans = json::path(text, key.name.start).unwrap_or_else(|| vec![key.name]);
        let keys: Vec<&[u8]> = spans.iter().map(|span| &text[span.range()]).collect();
        self.append(&keys, key.name.len(), matches);
    }

    /// Appends the rules whose path leads to a field of this name that lies in no other one.
    pub fn lookup_alone(&self, name: &[u8], matches: &mut Vec<Match>) {
        if !self.patterns.is_empty() {
            self.append(&[name], name.len(), matches);
        }
    }

    fn append(&self, keys: &[&[u8]], length: usize, matches: &mut Vec<Match>) {
        // `--ssn=`, `[ssn] =>`: dashes and brackets are no part of a name.
        let is_mark = |b: &u8| !(b.is_ascii_alphanumeric() || *b >= 0x80 || b"_$@#".contains(b));
        let bare = |key: &[u8]| {
            let from = key.iter().position(|b| !is_mark(b)).unwrap_or(0);
            let to = key.iter().rposition(|b| !is_mark(b)).map_or(key.len(), |at| at + 1);
            key[from..to].to_ascii_lowercase()
        };
        let keys: Vec<Vec<u8>> = keys.iter().flat_map(|key| key.split(|&b| b == b'.')).map(bare).collect();
        for (rule, steps) in &self.patterns {
            if fits(steps, &keys) && !matches.iter().any(|m| m.rule == *rule) {
                matches.push(Match { rule: *rule, letters: length.min(255) as u8 });
            }
        }
    }
}

fn fits(steps: &[Step], keys: &[Vec<u8>]) -> bool {
    match (steps, keys) {
        ([], []) => true,
        ([Step::Any, rest @ ..], _) => (0..=keys.len()).any(|skip| fits(rest, &keys[skip..])),
        ([Step::One, steps @ ..], [_, keys @ ..]) => fits(steps, keys),
        ([Step::Key(name), steps @ ..], [key, keys @ ..]) => name == key && fits(steps, keys),
        ([Step::Glob(glob), steps @ ..], [key, keys @ ..]) => glob_fits(glob, key) && fits(steps, keys),
        _ => false,
    }
}

/// Does `text`, in lower case, match `glob`, in which `*` stands for any bytes and `?` for one?
pub fn glob_fits(glob: &[u8], text: &[u8]) -> bool {
    // Remembers the last star only: linear in practice, no recursion.
    let (mut g, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        if glob.get(g) == Some(&b'*') {
            star = Some((g, t));
            g += 1;
        } else if glob.get(g).is_some_and(|one| *one == text[t].to_ascii_lowercase() || *one == b'?') {
            g += 1;
            t += 1;
        } else if let Some((at, seen)) = star {
            g = at + 1;
            t = seen + 1;
            star = Some((at, t));
        } else {
            return false;
        }
    }
    glob[g..].iter().all(|&b| b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::key;

    fn found(path: &str, text: &str, name: &str) -> bool {
        let mut paths = Paths::default();
        paths.add(RuleIx(0), path);
        let at = text.find(name).expect("the key") + name.len();
        let separator = at + text[at..].find([':', '=']).expect("a separator");
        let key = key::before(text.as_bytes(), separator).expect("a key");
        let mut matches = Vec::new();
        paths.lookup(text.as_bytes(), &key, &mut matches);
        !matches.is_empty()
    }

    #[test]
    fn paths_match_documents_and_dotted_keys() {
        let doc =
            r#"{"request":{"headers":{"X-User":"u"},"q":1},"ssn":2,"a":{"b":{"ssn":3}},"customer":[{"name":"n"}]}"#;
        assert!(found("request.headers.*", doc, "X-User"));
        assert!(found("request.headers.x-user", doc, "X-User"));
        assert!(!found("request.headers.*", doc, "\"q"));
        assert!(found("**.ssn", doc, "b\":{\"ssn"));
        assert!(found("**.ssn", doc, "\"ssn"));
        assert!(found("customer.name", doc, "name"));
        assert!(found("request.headers.x-user", "request.headers.x-user=u", "x-user"));
        assert!(found("req*.headers.x-*", "request.headers.x-user=u", "x-user"));
        assert!(!found("request.headers.x-user", "headers.x-user=u", "x-user"));
        assert!(found("a.b", r#"{"a.b":1}"#, "b"));
    }

    #[test]
    fn any_place_is_also_none_in_particular() {
        let alone = |path: &str, name: &str| {
            let (mut paths, mut matches) = (Paths::default(), Vec::new());
            paths.add(RuleIx(0), path);
            paths.lookup_alone(name.as_bytes(), &mut matches);
            !matches.is_empty()
        };
        assert!(alone("**.ssn", "ssn") && alone("**.ssn", "--SSN") && alone("**.ssn", "[ssn]"));
        assert!(!alone("**.ssn", "ssn2") && !alone("user.ssn", "ssn") && alone("user.ssn", "user.ssn"));
    }
}
