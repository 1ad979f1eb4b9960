//! A compiled policy: whole records in, masked records out.

mod check;
mod copies;
mod counted;
mod cut;
mod decide;
mod diff;
mod events;
mod explain;
mod judge;
mod lines;
mod messages;
mod order;
mod over_lines;
mod packed;
mod parts;
mod respell;
mod rewriter;
mod rows;
mod spelled;
mod statements;
mod told;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod views;
mod work;

pub use check::{Check, Findings, Found, Verdict};
pub use diff::Diff;
pub use explain::{Before, Explanation, Near, Nearness};
pub use rewriter::State;

use crate::action::marker::Labels;
use crate::action::{Key, Replacer};
use crate::detect::{self, Detector, Known, claim::Conditions, scan::Candidate};
use crate::edit::{self, Edit, Finding};
use crate::format::{self, view::View};
pub use crate::listed::Literals;
use crate::policy::rule::{Find, Name, Shape};
use crate::policy::{Action, Policy, Rule, Stack};
use crate::seal::{Audience, Sealed, Sealer};
use crate::select::Selection;
use crate::span::{RuleIx, Span};
use crate::tally::Tally;
use lines::Lines;
use parts::Parts;
use std::sync::OnceLock;
use zeroize::Zeroize;

/// What a run is told beside its policy.
#[derive(Default)]
pub struct Settings {
    /// Key of the pseudonyms, at least 16 bytes.
    pub key: Vec<u8>,
    /// Dropped lines leave a marker line, so that lines can be counted.
    pub keep_lines: bool,
    /// Markers in colour, for a terminal.
    pub color: bool,
    /// Secrets that are hidden wherever they stand.
    pub literals: Literals,
    /// What values are sealed with whose rule seals.
    pub sealer: Sealer,
}

/// Name and family of a rule, by its index in a [`Tally`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleName {
    /// Its id.
    pub id: Name,
    /// Its class.
    pub class: Name,
}

/// A policy that could not be compiled.
#[derive(Debug)]
pub struct BuildError(String);

impl std::fmt::Display for BuildError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the rules cannot be compiled: {}", self.0)
    }
}

impl std::error::Error for BuildError {}

/// A compiled policy. Immutable, so threads share it by reference.
pub struct Masker {
    detector: Detector,
    conditions: Vec<Conditions>,
    rules: Rules,
    labels: OnceLock<Labels>,
    /// By rule: where what it finds is hidden besides.
    proofs: Vec<copies::Proof>,
    /// Who looks decides what is hidden.
    viewed: bool,
    propagate: bool,
    keep_lines: bool,
    color: bool,
    lines: Lines,
}

/// What happens to findings, by rule.
struct Rules {
    actions: Vec<Action>,
    replacers: Vec<Replacer>,
    names: Vec<RuleName>,
    /// Where their ids stand in the order of letters; few findings ask for it.
    ranks: OnceLock<Vec<u16>>,
    identities: Vec<Option<&'static str>>,
    withdraws: Vec<Option<Vec<RuleIx>>>,
    /// Whether any rule withdraws findings.
    withdrawing: bool,
    /// Whether the rule only counts what it finds; empty if all rules mask.
    observes: Vec<bool>,
    /// Who may see what the rule hides, of those that is sealed for; empty if nothing is.
    audiences: Vec<Audience>,
}

/// Buffers that one thread reuses from chunk to chunk.
#[derive(Default)]
pub struct Scratch {
    candidates: Vec<Candidate>,
    extra: Vec<Finding>,
    findings: Vec<Finding>,
    edits: Vec<Edit>,
    layers: Vec<Layer>,
    known: Known,
    /// Where edits were made; gathered only for whoever asks.
    places: Option<Vec<Place>>,
    /// What is masked is a packed text inside a record.
    inside: bool,
    /// Places of the chunk, where they are in the output, and what was counted; gathered only for whoever asks.
    marks: Option<Vec<lines::Mark>>,
    /// Whether a long record is written here, or by whoever asked for it in parts.
    parts: Parts,
}

/// One edit, as an offset in the chunk.
#[derive(Clone, Copy)]
struct Place {
    span: Span,
    rule: RuleIx,
    /// The rule whose action is taken.
    action: RuleIx,
    /// Goes on from a line before.
    continued: bool,
}

/// Buffers of one decoded layer.
#[derive(Default)]
struct Layer {
    view: View,
    candidates: Vec<Candidate>,
    findings: Vec<Finding>,
}

impl Scratch {
    /// Layers for a record, as deep as it may be encoded.
    fn make_layers(&mut self) {
        if self.layers.is_empty() {
            self.layers.resize_with(format::DEPTH, Layer::default);
        }
    }
}

impl Masker {
    /// Compiles `policy`.
    pub fn new(policy: &Policy, settings: Settings) -> Result<Masker, BuildError> {
        let Settings { key: mut bytes, keep_lines, color, literals, sealer } = settings;
        let key = Key::new(&bytes).map_err(|error| BuildError(error.to_string()));
        bytes.zeroize();
        let key = key?;
        let mut listed = Rule::listed();
        listed.action = sealer.class(&listed.class).map_or(Action::Redact, |_| Action::Seal);
        let all: Vec<&Rule> = policy.rules.iter().chain([&listed]).collect();
        let by_id = |id: &String| all.iter().position(|rule| rule.id == *id).map(|at| RuleIx(at as u16));
        let withdraws = all.iter().map(|rule| match &rule.action {
            Action::Keep { of } if !policy.observes(rule) => Some(of.iter().filter_map(by_id).collect()),
            _ => None,
        });
        let identities: Vec<_> = all.iter().map(|rule| identity(rule)).collect();
        let replacers: Vec<Replacer> = all
            .iter()
            .zip(&identities)
            .map(|(rule, identity)| match (&rule.action, sealer.class(&rule.class)) {
                (Action::Seal, Some(sealed)) => Replacer::sealing(rule.label.clone(), sealed.clone()),
                // Whoever only tells what would happen has no keys: there a marker stands.
                (action, _) => Replacer::new(rule.label.clone(), &rule.class, action, *identity, &key),
            })
            .collect();
        let rules = Rules {
            withdrawing: all.iter().any(|rule| matches!(rule.action, Action::Keep { .. })),
            withdraws: withdraws.collect(),
            identities,
            actions: all.iter().map(|rule| rule.action.clone()).collect(),
            names: all.iter().map(|r| RuleName { id: r.id.clone(), class: r.class.clone() }).collect(),
            ranks: OnceLock::new(),
            replacers,
            observes: if policy.observed.is_empty() {
                Vec::new()
            } else {
                all.iter().map(|rule| policy.observes(rule)).collect()
            },
            audiences: if sealer.classes().next().is_none() {
                Vec::new()
            } else {
                all.iter().map(|rule| sealer.audience(&rule.class)).collect()
            },
        };
        Ok(Masker {
            detector: Detector::new(policy, literals).map_err(BuildError)?,
            conditions: all
                .iter()
                .zip(&rules.replacers)
                .map(|(rule, r)| Conditions::new(rule, order::strictness(policy, rule, r), !policy.seers.is_empty()))
                .collect(),
            rules,
            labels: OnceLock::new(),
            proofs: all.iter().map(|rule| copies::Proof::of(rule, policy)).collect(),
            viewed: !policy.seers.is_empty(),
            propagate: policy.propagate,
            keep_lines,
            color,
            lines: Lines { stack: policy.stack, ..Lines::default() },
        })
    }

    /// What is left of stack traces, instead of what the policy says.
    pub fn set_stack(&mut self, stack: Stack) {
        self.lines.stack = stack;
    }

    /// What is left of stack traces.
    pub fn stack(&self) -> Stack {
        self.lines.stack
    }

    /// Counts stack traces also where they are kept.
    pub fn count_stack_traces(&mut self) {
        self.lines.count = true;
    }

    /// Shows only what `selection` takes. One with a context needs one thread.
    pub fn select(&mut self, selection: Selection) {
        self.lines.selection = selection;
    }

    /// Shows nothing that `limit` does not take, whatever is selected. Its context is not used.
    pub fn limit(&mut self, limit: Selection) {
        self.lines.limit = limit;
    }

    /// The rules, by their index in a [`Tally`].
    pub fn rules(&self) -> &[RuleName] {
        &self.rules.names
    }

    /// Makes the edits of a record of its findings; false if the line goes as a whole, and then its marker is written.
    fn settle(
        &self,
        record: &[u8],
        findings: &mut Vec<Finding>,
        edits: &mut Vec<Edit>,
        tally: &mut Tally,
        out: &mut Vec<u8>,
    ) -> bool {
        if !self.rules.observes.is_empty() {
            self.observe(findings, tally);
        }
        edit::resolve(findings, &self.rules, edits);
        if let Some(drop) = edits.iter().find(|e| matches!(self.rules.action(e.action), Action::DropLine)) {
            tally.edit(drop.action.0 as usize, record.len());
            if self.keep_lines {
                self.rules.replacer(drop.action).write_plain(out);
            }
            return false;
        }
        let drops = |e: &Edit| e.keyed && self.drops(e);
        if edits.iter().any(drops) {
            edit::take_separators(record, edits, drops);
        }
        true
    }

    fn drops(&self, edit: &Edit) -> bool {
        edit.recode.is_none() && matches!(self.rules.action(edit.action), Action::DropField)
    }

    /// Writes what stands for the value of one edit.
    fn write_edit(&self, record: &[u8], edit: &Edit, color: bool, tally: &mut Tally, out: &mut Vec<u8>) {
        tally.edit(edit.rule.0 as usize, edit.span.len());
        let sealed = self.rules.sealed(edit, record);
        let value = &record[edit.span.range()];
        let silent = edit.silent && sealed.is_none();
        // A number of JSON that goes without its key leaves an empty string.
        if silent && (edit.quote.is_none() || edit.continued || !self.drops(edit)) {
            return;
        }
        if let Some(made) = self.surrogate(edit, value) {
            Self::write_colored(&made, color, out);
            return;
        }
        let spelled = edit.quote.and_then(|quote| respell::quote_of_key(&record[..edit.span.start], quote.byte));
        let put_quote = |out: &mut Vec<u8>| match (edit.quote, spelled) {
            (Some(_), Some(spelled)) => out.extend_from_slice(spelled),
            (Some(quote), None) => quote.write(out),
            (None, _) => {}
        };
        put_quote(out);
        if !silent && edit.recode.is_none_or(|recode| !self.write_recoded(recode, record, edit.span, out)) {
            self.write_marker(edit, value, sealed, color, out);
        }
        put_quote(out);
    }

    /// Counts the findings of rules that only observe, and takes them out.
    fn observe(&self, findings: &mut Vec<Finding>, tally: &mut Tally) {
        let observes = |finding: &Finding| self.rules.observes[finding.rule.0 as usize];
        // A value may be found in the text and again in what is decoded of it.
        let mut seen: Vec<(RuleIx, Span)> =
            findings.iter().filter(|f| observes(f) && !f.continued).map(|f| (f.rule, f.span)).collect();
        seen.sort_unstable();
        seen.dedup();
        for (rule, _) in seen {
            tally.observe(rule.0 as usize);
        }
        findings.retain(|finding| !observes(finding));
    }

    fn write_marker(
        &self,
        edit: &Edit,
        value: &[u8],
        sealed: Option<(&Sealed, Option<&Sealed>)>,
        color: bool,
        out: &mut Vec<u8>,
    ) {
        out.extend_from_slice(if color { START } else { b"" });
        // A surrogate that can be made was made before.
        let redacts = matches!(self.rules.action(edit.action), Action::Redact | Action::Seal | Action::Surrogate);
        if let Some((sealed, twice)) = sealed {
            // As it is spelled here.
            let bare = edit.quote.is_some();
            match twice {
                None => sealed.seal(value, bare, out),
                Some(twice) => {
                    let mut inner = Vec::new();
                    sealed.seal(value, false, &mut inner);
                    twice.seal(&inner, bare, out);
                }
            }
        } else if edit.plain || redacts {
            self.rules.replacer(edit.rule).write_plain(out);
        } else if !value.is_ascii() || value.iter().any(|b| matches!(b, b'\\' | b'%' | b'&' | 0x1B)) {
            self.rules.replacer(edit.action).write(&decoded(value), out);
        } else {
            self.rules.replacer(edit.action).write(value, out);
        }
        out.extend_from_slice(if color { END } else { b"" });
    }
}

/// Colours turned round, for a terminal, and back.
const START: &[u8] = b"\x1b[7m";
const END: &[u8] = b"\x1b[27m";

/// What the value of a rule is, if its shape says so, or its label or the end of its class names such a thing: values found
/// in two ways have one pseudonym.
fn identity(rule: &Rule) -> Option<&'static str> {
    const KINDS: [&str; 7] = ["email", "ip", "mac", "card", "iban", "ssn", "phone"];
    let class = rule.class.rsplit_once('.').map_or(&*rule.class, |(_, last)| last);
    let by_name = || KINDS.into_iter().find(|kind| rule.label == *kind || class == *kind);
    match &rule.find {
        Find::Shape(Shape::Email) => Some("email"),
        Find::Shape(Shape::Ipv4 | Shape::Ipv6) => Some("ip"),
        Find::Shape(Shape::Mac) => Some("mac"),
        Find::Shape(Shape::Card) => Some("card"),
        Find::Shape(Shape::Iban) => Some("iban"),
        Find::Shape(Shape::Ssn) => Some("ssn"),
        Find::Shape(Shape::Phone | Shape::Nanp) => Some("phone"),
        Find::Shape(Shape::Jwt | Shape::UrlPassword | Shape::PrivateKey | Shape::KubernetesSecret | Shape::TooDeep)
        | Find::Pattern { .. }
        | Find::Fields { .. }
        | Find::Listed => by_name(),
    }
}

/// All layers of a value decoded, for actions that depend on it.
fn decoded(value: &[u8]) -> Vec<u8> {
    let mut text = value.to_vec();
    let mut view = View::default();
    for _ in 0..format::DEPTH {
        if !detect::decode(&text, &mut view) {
            break;
        }
        text.clone_from(&view.text);
    }
    text
}
