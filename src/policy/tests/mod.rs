#![allow(clippy::unwrap_used, clippy::format_push_string, clippy::format_collect, clippy::needless_raw_string_hashes)]

mod messages;

use super::*;
use rule::{Shape, Validate, ValueKind};
use std::path::{Path, PathBuf};

/// A folder with files; gone at the end.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn load(&self, names: &[&str], no_floor: bool) -> Result<Policy, Error> {
        let files: Vec<PathBuf> = names.iter().map(|name| self.path(name)).collect();
        load("secrets", &files, no_floor, Docs::With)
    }

    /// The message, with the folder left out, and the hint.
    fn error(&self, names: &[&str], no_floor: bool) -> (String, Option<String>) {
        let error = self.load(names, no_floor).unwrap_err();
        let folder = format!("{}/", self.0.path().display());
        (error.to_string().replace(&folder, ""), error.hint)
    }
}

fn own(text: &str) -> Policy {
    let mut policy = Folder::with(&[("p", text)]).load(&["p"], false).unwrap();
    policy.rules.retain(|rule| rule.origin.is_some());
    policy
}

/// `rules:` with one rule, whose keys are `lines`.
fn rule(lines: &str) -> String {
    let mut text = String::from("version: 1\nrules:\n  - id: a-b\n    class: pii.x\n");
    for line in lines.lines() {
        text += &format!("    {line}\n");
    }
    text
}

#[test]
fn the_example_of_the_design_is_read() {
    let policy = own(r#"
version: 1
extends: [builtin:default]
rules:
  - id: order-token
    class: secret.order
    doc: Lets its holder change an order.
    source: [here, there]
    keywords: [ord_]
    pattern: '\b(?<secret>ord_[a-z0-9]{24})\b'
    validate: [entropy: 3.0, luhn]
    near: [order, cart]
    allow: ['ord_test*']
    action: redact
    examples:
      - in:  'retry ord_0a1b2c3d4e5f6a7b8c9d0e1f now'
        out: 'retry REDACTED-order-token now'
    unchanged: ['ord_short']
  - id: customer-fields
    class: pii.name
    source: one
    fields: [customer_name, 'customer.*.name', 'request.headers.x-user', '**.ssn']
    not: [public]
    value: words
    action: pseudonym
  - id: wlan-mac
    class: net.mac
    shape: mac
    action: {partial: {first: 2, last: 3}}
"#);
    let [order, fields, mac] = policy.rules.as_slice() else { panic!() };
    assert_eq!(order.about().source, ["here", "there"]);
    assert_eq!(order.validate, [Validate::Entropy(3.0), Validate::Luhn]);
    assert_eq!(order.about().examples[0].output, "retry REDACTED-order-token now");
    assert_eq!((order.near.iter().count(), order.allow.iter().count(), order.about().unchanged.len()), (2, 1, 1));
    assert!(
        matches!(&order.find, Find::Pattern { keywords, anchors, .. } if keywords.iter().eq(["ord_"]) && anchors.iter().eq(["ord_"]))
    );
    assert_eq!(fields.about().source, ["one"]);
    assert!(
        matches!(&fields.find, Find::Fields { names, not, value: ValueKind::Words, .. } if names.iter().count() == 4 && not.iter().eq(["public"]))
    );
    assert_eq!(fields.action, Action::Pseudonym);
    assert!(matches!(mac.find, Find::Shape(Shape::Mac)));
    assert_eq!(mac.action, Action::Partial { first: 2, last: 3 });
    assert!(!mac.floor);
}

#[test]
fn actions_are_read_in_both_forms() {
    for (text, action) in [
        ("redact", Action::Redact),
        ("partial", Action::Partial { first: 0, last: 4 }),
        ("{partial: {last: 2}}", Action::Partial { first: 0, last: 2 }),
        ("{partial: {first: 1}}", Action::Partial { first: 1, last: 0 }),
        ("pseudonym", Action::Pseudonym),
        ("drop-field", Action::DropField),
        ("drop-line", Action::DropLine),
        ("keep", Action::Keep { of: vec![] }),
        ("{keep: [a-b]}", Action::Keep { of: vec!["a-b".into()] }),
    ] {
        assert_eq!(own(&rule(&format!("fields: [x]\naction: {text}"))).rules[0].action, action, "{text}");
    }
}

#[test]
fn derived_keywords_and_anchors_are_filled_in() {
    let policy = own(&rule(r"pattern: '\d+@corp'"));
    assert!(
        matches!(&policy.rules[0].find, Find::Pattern { keywords, anchors, .. } if keywords.iter().eq(["@corp"]) && anchors.is_empty())
    );
}

#[test]
fn documentation_is_left_out_on_request() {
    let folder = Folder::with(&[(
        "p",
        &rule("fields: [x]\ndoc: d\nrisk: r\nsource: s\nunchanged: [u]\nexamples: [{in: a, out: b}]"),
    )]);
    let policy = load("secrets", &[folder.path("p")], false, Docs::Without).unwrap();
    assert!(policy.rules.last().unwrap().about.is_none());
}

#[test]
fn extends_reads_files_and_packs_once() {
    let folder = Folder::with(&[
        ("a", "version: 1\nextends: [b, c, builtin:default]\n"),
        ("b", "version: 1\nextends: [./c]\nrules: [{id: b-b, class: x.y, fields: [b]}]\n"),
        ("c", "version: 1\nrules: [{id: c-c, class: x.y, fields: [c]}]\n"),
    ]);
    let policy = folder.load(&["a", "c", "a"], false).unwrap();
    let own: Vec<_> = policy.rules.iter().filter(|rule| rule.origin.is_some()).map(|rule| &*rule.id).collect();
    assert_eq!(own, ["c-c", "b-b"]);
    let default = load("default", &[], false, Docs::With).unwrap();
    assert_eq!(policy.rules.len(), default.rules.len() + 2);
    assert!(policy.weakened.is_empty());
    assert_eq!(policy.rules.last().unwrap().origin.as_deref().and_then(Path::file_name), Some("b".as_ref()));
}

#[test]
fn extends_that_leads_nowhere_is_an_error() {
    let folder = Folder::with(&[
        ("self", "version: 1\nextends: [self]\n"),
        ("a", "version: 1\nextends: [b]\n"),
        ("b", "version: 1\n\nextends:\n  - a\n"),
        ("none", "version: 1\nextends: [Hunter2]\n"),
        ("pack", "version: 1\nextends: ['builtin:defualt']\n"),
        ("bad", "version: 1\nextends: [worse]\n"),
        ("worse", "version: 1\nx: y\n"),
    ]);
    for (name, message) in [
        ("self", "self:2:11: extends goes round in a circle"),
        ("a", "b:4:5: extends goes round in a circle"),
        ("none", "none:2:11: the file named here does not exist"),
        ("pack", "pack:2:11: unknown built-in \"defualt\""),
        ("bad", "worse:2:1: unknown key"),
    ] {
        assert!(folder.error(&[name], false).0.starts_with(message), "{name}: {:?}", folder.error(&[name], false));
    }
    assert!(
        folder
            .error(&["pack"], false)
            .1
            .unwrap()
            .starts_with("did you mean \"builtin:default\"? built-in are secrets, default, export")
    );
}

#[test]
fn the_floor_goes_only_with_both() {
    let folder = Folder::with(&[("bare", &format!("extends: []\n{}", rule("fields: [x]"))), ("plain", "version: 1\n")]);
    let floor: Vec<&str> = builtin::floor().collect();
    let with = |names: &[&str], no_floor| {
        let policy = folder.load(names, no_floor).unwrap();
        (policy.rules.iter().filter(|rule| rule.floor).count(), policy.weakened.len())
    };
    assert_eq!(with(&["bare"], false), (floor.len(), 0));
    assert_eq!(with(&["plain"], false), (floor.len(), 0));
    assert_eq!(with(&["bare"], true), (0, floor.len()));
    assert_eq!(
        folder.error(&["plain"], true).0,
        "the floor can only be left out for a policy file that says: extends: []"
    );
    assert!(load("secrets", &[], true, Docs::Without).is_err());
}

#[test]
fn a_weakened_floor_is_told() {
    let id = builtin::floor().next().unwrap();
    let all = builtin::floor().count();
    for (text, weakened) in [
        (format!("version: 1\ndisable: [{id}]\n"), 1),
        (format!("version: 1\nallow: {{{id}: ['x*']}}\n"), 1),
        ("version: 1\nallow: ['x*']\n".to_owned(), all),
        (rule(&format!("fields: [x]\naction: {{keep: [{id}]}}")), 1),
        (format!("{}disable: [a-b]\n", rule(&format!("fields: [x]\naction: {{keep: [{id}]}}"))), 0),
        (format!("{}disable: [a-b]\n", rule("fields: [x]")), 0),
        (format!("{}allow: {{a-b: [x]}}\n", rule("fields: [x]")), 0),
    ] {
        let policy = Folder::with(&[("p", &text)]).load(&["p"], false).unwrap();
        assert_eq!(policy.weakened.len(), weakened, "{text}");
        assert!(weakened != 1 || policy.weakened == [id]);
    }
    let policy = Folder::with(&[("p", &format!("version: 1\ndisable: [{id}]\n"))]).load(&["p"], false).unwrap();
    assert!(policy.rules.iter().all(|rule| rule.id != id));
}

#[test]
fn a_rule_outside_the_profile_can_be_disabled() {
    let floor: Vec<&str> = builtin::floor().collect();
    let id = builtin::rules().find(|id| !floor.contains(id)).unwrap();
    assert!(own(&format!("version: 1\ndisable: [{id}]\n")).weakened.is_empty());
}

#[test]
fn profiles_nest() {
    let ids = |profile| {
        load(profile, &[], false, Docs::Without).unwrap().rules.into_iter().map(|rule| rule.id).collect::<Vec<_>>()
    };
    let (secrets, default, export) = (ids("secrets"), ids("default"), ids("export"));
    assert!(secrets.iter().all(|id| default.contains(id)));
    assert!(default.iter().all(|id| export.contains(id)));
    let error = load("defalt", &[], false, Docs::Without).unwrap_err();
    assert_eq!(error.hint.as_deref(), Some("did you mean \"default\"? profiles are secrets, default and export"));
}

#[test]
fn the_digest_follows_what_rules_do() {
    let folder = Folder::with(&[
        ("a", "version: 1\nrules: [{id: a-a, class: x.y, fields: [b]}]\n"),
        ("b", "version: 1\nrules: [{id: b-b, class: x.y, fields: [b], doc: x}]\n"),
        ("c", "version: 1\nrules: [{id: b-b, class: x.y, fields: [c]}]\n"),
    ]);
    let of = |names: &[&str]| digest(&folder.load(names, false).unwrap());
    assert_eq!(of(&["a", "b"]), of(&["b", "a"]));
    assert_ne!(of(&["a", "b"]), of(&["a", "c"]));
    assert_ne!(of(&["a"]), of(&["a", "b"]));
    assert_eq!(of(&["a"]).len(), 64);
}

#[test]
fn a_card_number_stands_in_one_disguise_only() {
    let card =
        |id: &str, action: &str| format!("  - {{id: {id}, class: pay.card, fields: [{id}], action: {action}}}\n");
    let both =
        format!("version: 1\nrules:\n{}{}", card("one", "pseudonym"), card("two", "{partial: {first: 6, last: 4}}"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.yaml");
    let load = |text: &str| {
        std::fs::write(&file, text).unwrap();
        crate::policy::load("default", std::slice::from_ref(&file), false, crate::policy::Docs::Without)
    };
    let error = load(&both).unwrap_err();
    assert!(error.to_string().contains("p.yaml:4:"), "{error}");
    assert!(error.hint.unwrap().contains("PCI DSS 3.5.1"));
    for same in ["pseudonym", "{partial: {first: 6, last: 4}}"] {
        load(&format!("version: 1\nrules:\n{}{}", card("one", same), card("two", same))).unwrap();
    }
}
