//! The rules in the binary: packs and the three profiles, made ready by `src/build`, so that starting parses no YAML.

use super::Docs;
use super::about::About;
use super::embedded::{EmbeddedPack, EmbeddedRule, Measured};
use super::error::{Fault, listed, meant, quoted};
use super::rule::{Action, Find, Rule, Shape, Tabled, Validate, ValueKind};
use super::texts::Texts;
use crate::detect::anchor::Begin;
use crate::detect::leads::{Leads, Set};
use crate::detect::names::spelled::Written;
use flate2::bufread::DeflateDecoder;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::io::BufReader;

/// One file of `rules/`.
struct Entry {
    /// `secrets`, or `vendor/github`.
    name: &'static str,
    /// Reached through profile `secrets`.
    floor: bool,
    /// What runs: a [`EmbeddedPack`].
    run: &'static [u8],
    /// The texts of that.
    texts: &'static str,
    /// What people read, one object a rule, in the same order: JSON, compressed (RFC 1951), as runs that mask do without it.
    docs: &'static [u8],
    /// The number of its first pattern; the others follow.
    first: u16,
}

// `PACKS: &[Entry]`, by name, `RULES: &[(id, pack)]`, by id, and `LEADS: &[Set]`, all that patterns begin with.
include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// The profiles, each a part of the next.
///
/// ```
/// assert_eq!(logmask::policy::builtin::profiles(), ["secrets", "default", "export"]);
/// ```
pub fn profiles() -> &'static [&'static str] {
    &["secrets", "default", "export"]
}

/// The names of all packs that are not profiles, sorted: what `extends` calls `builtin:<name>`.
pub fn packs() -> impl Iterator<Item = &'static str> {
    PACKS.iter().map(|pack| pack.name).filter(|name| !profiles().contains(name))
}

/// The ids of all built-in rules, sorted, whatever the profile.
pub fn rules() -> impl ExactSizeIterator<Item = &'static str> {
    RULES.iter().map(|(id, _)| *id)
}

/// The pack that a built-in rule stands in.
pub fn pack_of(rule: &str) -> Option<&'static str> {
    RULES.binary_search_by_key(&rule, |(id, _)| id).ok().map(|i| RULES[i].1)
}

/// The ids of all floor rules, sorted.
pub fn floor() -> impl Iterator<Item = &'static str> {
    rules().filter(|id| is_floor(id))
}

/// Is this the id of a floor rule?
pub fn is_floor(rule: &str) -> bool {
    let entry = pack_of(rule).and_then(|pack| PACKS.binary_search_by_key(&pack, |entry| entry.name).ok());
    entry.is_some_and(|at| PACKS[at].floor)
}

/// The classes of all built-in rules, whatever the profile. Reads every pack, which takes some milliseconds.
pub(super) fn classes() -> BTreeSet<String> {
    let mut rules = Vec::new();
    for entry in PACKS {
        Pack::of(entry).append_to(&mut rules, Docs::Without);
    }
    rules.into_iter().map(|rule| rule.class.into_owned()).collect()
}

/// What a pack says.
pub(super) struct Pack {
    /// The packs it builds on.
    pub extends: Vec<&'static str>,
    rules: Vec<Measured<'static>>,
    entry: &'static Entry,
}

impl Pack {
    /// The pack or profile `name`.
    pub(super) fn named(name: &str) -> Option<Pack> {
        PACKS.binary_search_by_key(&name, |pack| pack.name).ok().map(|i| Pack::of(&PACKS[i]))
    }

    fn of(entry: &'static Entry) -> Pack {
        let EmbeddedPack { extends, rules } =
            postcard::from_bytes(entry.run).expect("the build wrote it, and a test reads every pack");
        Pack { extends, rules, entry }
    }

    /// Appends its rules, where they stay: there are hundreds of them, and moving all takes time at each start.
    pub(super) fn append_to(self, rules: &mut Vec<Rule>, docs: Docs) {
        let (first, mut texts, mut number) = (rules.len(), self.entry.texts, self.entry.first);
        rules.extend(self.rules.iter().map(|own| {
            let own = own.take(&mut texts).expect("the build wrote it, and a test reads every pack");
            let rule = rule(&own, number, self.entry.floor).expect("the build saw exactly one way to find");
            number += u16::from(own.pattern.is_some());
            rule
        }));
        if docs != Docs::Without {
            document(&mut rules[first..], self.entry.docs);
        }
    }
}

/// Adds to `rules` what people read of them.
fn document(rules: &mut [Rule], docs: &[u8]) {
    let docs = BufReader::new(DeflateDecoder::new(docs));
    let docs: Vec<Box<About>> = serde_json::from_reader(docs).expect("the build wrote it, and a test reads every pack");
    for (rule, about) in rules.iter_mut().zip(docs) {
        rule.about = Some(about);
    }
}

fn rule(embedded: &EmbeddedRule<'static>, number: u16, floor: bool) -> Option<Rule> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Rest {
        shape: Option<Shape>,
        value: Option<ValueKind>,
        validate: Vec<Validate>,
        action: Action,
    }
    let Rest { shape, value, validate, action } = match embedded.rest {
        "" => Rest::default(),
        rest => serde_json::from_str(rest).expect("the build wrote it, and a test reads every pack"),
    };
    let find = match (embedded.pattern, embedded.fields, shape) {
        (Some(pattern), None, None) => Find::Pattern {
            pattern: pattern.into(),
            keywords: Texts::of_written(embedded.keywords),
            keywords_inside: true,
            anchors: Texts::of_written(embedded.anchors),
            begin: Begin::from_number(embedded.begin),
            firsts: embedded.firsts.as_bytes().to_vec(),
            leads: Leads::of_written(LEADS, embedded.leads),
            tabled: (embedded.hooked > 0).then_some(Tabled { number, inside: embedded.hooked > 1 }),
        },
        (None, Some(names), None) => Find::Fields {
            names: Texts::of_written(names),
            not: Texts::of_written(embedded.not),
            written: Some(Written {
                spelled: embedded.spelled,
                tails: embedded.tails,
                others: embedded.others,
                lasts: embedded.lasts,
            }),
            value: value.unwrap_or_default(),
        },
        (None, None, Some(shape)) => Find::Shape(shape),
        _ => return None,
    };
    Some(Rule {
        id: embedded.id.into(),
        label: if embedded.label.is_empty() { embedded.id } else { embedded.label }.into(),
        class: embedded.class.into(),
        validate,
        near: Texts::of_written(embedded.near),
        allow: Texts::of_written(embedded.allow),
        action,
        floor,
        ..Rule::of(find)
    })
}

/// There is no pack of this name.
pub(super) fn unknown_pack(name: &str) -> Fault {
    let all = || profiles().iter().copied().chain(packs());
    let near = meant(name, all()).map_or_else(String::new, |near| format!("did you mean \"builtin:{near}\"? "));
    let all: Vec<&str> = all().collect();
    Fault::new(format!("unknown built-in{}", quoted(name)), format!("{near}built-in are {}", listed(&all)))
}

/// There is no rule of this id, neither built in nor among the `own` ids.
pub(super) fn unknown_rule<'n>(id: &str, own: impl Iterator<Item = &'n str>) -> Fault {
    let mut all: Vec<&str> = own.collect();
    rules().for_each(|id| all.push(id));
    let near = meant(id, all.into_iter()).filter(|near| !quoted(near).is_empty());
    let hint = near.map_or_else(
        || "all built-in ids are listed by: logmask rules".to_owned(),
        |near| format!("did you mean \"{near}\"?"),
    );
    Fault::new(format!("unknown rule{}", quoted(id)), hint)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::detect::names::spelled;
    use std::path::Path;

    struct All {
        extends: Vec<&'static str>,
        rules: Vec<Rule>,
    }

    fn read(name: &str, docs: Docs) -> All {
        let pack = Pack::named(name).unwrap();
        let mut all = All { extends: pack.extends.clone(), rules: Vec::new() };
        pack.append_to(&mut all.rules, docs);
        all
    }

    #[test]
    fn names_are_written_as_they_are_spelled_out() {
        let rules = PACKS.iter().flat_map(|entry| read(entry.name, Docs::Without).rules);
        let mut spelled = 0;
        for rule in rules {
            let Find::Fields { names, not, written: Some(written), .. } = &rule.find else { continue };
            let (mut expected, mut tails) = (Vec::new(), Vec::new());
            let others = Texts::of_written(written.others);
            for name in names.iter().filter(|name| !others.iter().any(|other| other == *name)) {
                spelled::name(name, &mut tails, &mut |one| expected.push(one));
            }
            expected.extend(not.iter().filter_map(spelled::negative));
            tails.sort_unstable();
            tails.dedup();
            assert!(written.spelled().eq(expected.iter().copied()) && written.tails() == tails, "{}", rule.id);
            assert!(others.iter().eq(names.iter().filter(|name| name.contains('*'))), "{}", rule.id);
            let lasts: BTreeSet<&str> = names.iter().filter_map(spelled::last_word).collect();
            assert!(Texts::of_written(written.lasts).iter().eq(lasts), "{}", rule.id);
            spelled += expected.len();
        }
        assert!(spelled > 1000, "{spelled}");
    }

    #[test]
    fn every_pack_reads_with_and_without_documentation() {
        for entry in PACKS {
            let (run, full) = (read(entry.name, Docs::Without), read(entry.name, Docs::With));
            let ids = |pack: &All| pack.rules.iter().map(|rule| rule.id.clone()).collect::<Vec<_>>();
            assert_eq!(ids(&run), ids(&full), "{}", entry.name);
            assert_eq!(run.extends, full.extends, "{}", entry.name);
            for (rule, full) in run.rules.iter().zip(full.rules) {
                assert!(rule.about.is_none() && rule.origin.is_none());
                assert!(full.about().examples.len() >= 2, "{}", rule.id);
                let none = Rule { about: None, ..full };
                assert_eq!(format!("{rule:?}"), format!("{none:?}"));
            }
        }
    }

    /// The packs go through the same checks as a user's file; `src/build` sees only the shape of them.
    #[test]
    fn every_pack_stands_the_checks_for_user_rules() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let mut faults = Vec::new();
        for entry in PACKS {
            let text = std::fs::read_to_string(root.join(entry.name).with_extension("yaml")).unwrap();
            match crate::policy::check::Document::read_own(text) {
                Ok((_, written)) => {
                    let rules = read(entry.name, Docs::With).rules;
                    assert_eq!(rules.len(), written.rules.len());
                    for (rule, written) in rules.into_iter().zip(written.rules) {
                        let mut written = written.into_rule(None).unwrap();
                        written.floor = entry.floor;
                        if let (Find::Pattern { tabled: number, .. }, Find::Pattern { keywords_inside, tabled, .. }) =
                            (&rule.find, &mut written.find)
                        {
                            (*keywords_inside, *tabled) = (true, *number);
                        }
                        if let (Find::Fields { written: spelled, .. }, Find::Fields { written, .. }) =
                            (&rule.find, &mut written.find)
                        {
                            *written = *spelled;
                        }
                        assert_eq!(format!("{rule:?}"), format!("{written:?}"));
                    }
                }
                Err(((line, column), fault)) => {
                    faults.push(format!("rules/{}.yaml:{line}:{column}: {fault}; {:?}", entry.name, fault.hint));
                }
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn anchors_and_keywords_are_those_of_the_pattern() {
        for rule in PACKS.iter().flat_map(|entry| read(entry.name, Docs::Without).rules) {
            if let Find::Pattern { pattern, anchors, keywords, begin, firsts, .. } = rule.find {
                assert_eq!(firsts, crate::detect::anchor::first_bytes(&pattern).unwrap_or_default(), "{}", rule.id);
                assert_eq!(begin, crate::detect::anchor::begin(&pattern), "{}", rule.id);
                assert!(anchors.iter().eq(crate::detect::anchor::anchors(&pattern)), "{}", rule.id);
                assert!(!keywords.is_empty() || crate::detect::anchor::required(&pattern).is_empty(), "{}", rule.id);
            }
        }
    }

    #[test]
    fn packs_and_rules_are_found_by_name() {
        assert!(Pack::named("no/such").is_none());
        assert!(pack_of("no-such-rule").is_none());
        for id in rules() {
            assert!(pack_of(id).is_some());
        }
        assert!(packs().all(|name| name.contains('/') || ["pci", "hipaa", "gdpr"].contains(&name)));
        assert!(floor().count() <= rules().count());
    }
}
