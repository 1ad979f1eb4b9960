//! Which bytes of a record are sensitive: by the name of their field, by their shape, by a pattern.
//!
//! `scan` finds the places worth a look in a whole chunk; [`Detector::find`] verifies those of one record. `ssn` in
//! `shape` is the simplest detector to copy from.

pub mod anchor;
mod anchors;
mod argument;
mod automaton;
mod bloom;
mod border;
mod brackets;
mod built_in;
mod by_hand;
pub mod candidate;
pub mod claim;
mod classes;
mod coded;
mod cookies;
mod credential;
mod deep;
pub mod dialect;
mod elements;
mod fields;
mod filters;
mod heads;
pub mod hook;
mod introduced;
pub mod key;
mod known;
mod lanes;
mod last_words;
pub mod leads;
pub mod listed;
mod loose;
mod markup;
mod masks;
mod named;
pub mod names;
mod near;
mod nothing;
mod opening;
mod opens;
pub mod paths;
pub mod pattern;
mod patterns;
mod placed;
mod prose;
mod row;
pub mod scan;
pub mod shape;
mod starts;
mod statement;
mod stays;
mod steps;
mod surroundings;
mod trace;
pub mod value;
mod vectors;
mod vocabulary;
mod windows;
mod wrapped;

pub use known::Known;
pub use nothing::is_about;
pub use opening::{is_curl, names_column};
pub use prose::{begins_sentence, is_verdict};
pub use statement::Statements;

use crate::block::{key_pieces, private_key};
use crate::format::nesting::Nesting;
use crate::format::quote::Quote;
use crate::format::{json, view::View};
use crate::listed::Literals;
use crate::policy::rule::{Shape, ValueKind};
use crate::policy::texts::Texts;
use crate::policy::{Find, Policy};
use crate::room::{self, LONG};
use crate::span::{RuleIx, Span};
use claim::{Claim, Sink};
use fields::Fields;
use filters::Filters;
use last_words::LastWords;
use names::Names;
use names::spelled::last_word;
use paths::Paths;
use patterns::Patterns;
use scan::{Candidate, Kind};
use value::Reader;

/// All rules of a policy, compiled to look for them together.
pub struct Detector {
    filters: Filters,
    fields: Fields,
    shapes: Vec<(Shape, RuleIx)>,
    patterns: Patterns,
    listed: Literals,
    listed_rule: RuleIx,
    /// Some rule goes by a name of what has its place in access logs.
    by_place: bool,
    /// It depends on who looks what is hidden, or some rules only observe: what one claims may be claimed by others too.
    viewed: bool,
}

impl Detector {
    /// Compiles the rules of a policy. Patterns with anchors are compiled when first needed. The rule behind those of the
    /// policy claims what stands for one of `listed`.
    pub fn new(policy: &Policy, listed: Literals) -> Result<Detector, String> {
        let mut filters = Filters::default();
        let mut paths = Paths::default();
        let mut names = Names::empty();
        let (mut kinds, mut of_user, mut shapes) = (Vec::new(), Vec::new(), Vec::new());
        for (at, rule) in policy.rules.iter().enumerate() {
            let ix = RuleIx(at as u16);
            kinds.push(ValueKind::default());
            of_user.push(rule.origin.is_some());
            match &rule.find {
                Find::Fields { names: all, not, written, value } => {
                    kinds[at] = *value;
                    let others = written.map(|written| Texts::of_written(written.others));
                    for name in others.as_ref().unwrap_or(all).iter() {
                        if Paths::is_path(name, rule.origin.is_none()) {
                            paths.add(ix, name);
                        } else {
                            names.add(ix, name);
                        }
                    }
                    match written {
                        Some(written) => names.add_written(ix, written),
                        None => not.iter().for_each(|entry| names.add_negative(ix, entry)),
                    }
                    if rule.class.starts_with("secret.") {
                        names.own(ix);
                    }
                }
                Find::Shape(shape) => shapes.push((*shape, ix)),
                Find::Listed | Find::Pattern { .. } => {}
            }
        }
        names.link();
        add_tails(&mut filters, &names, &paths);
        let patterns = Patterns::new(policy, &mut filters)?;
        let mut placed = Vec::new();
        for name in [&b"remote_user"[..], b"requester", b"cs_username"] {
            names.lookup(name, &mut placed);
        }
        Ok(Detector {
            filters,
            fields: Fields { names, paths, kinds, of_user, last_words: last_words(policy) },
            shapes,
            patterns,
            listed,
            listed_rule: RuleIx(policy.rules.len() as u16),
            by_place: !placed.is_empty(),
            viewed: !policy.observed.is_empty() || !policy.seers.is_empty(),
        })
    }

    /// Rules whose patterns have no place in the one scan, so that each costs a search of every chunk.
    pub fn searched(&self) -> impl Iterator<Item = RuleIx> {
        self.patterns.searched()
    }

    /// Finds the places worth a look in a chunk of whole records, in order.
    pub fn scan(&self, chunk: &[u8], known: &mut Known, found: &mut Vec<Candidate>) {
        found.clear();
        if chunk.len() > LONG {
            room::for_long(found, chunk.len() / 16);
        }
        scan::scan(&self.filters, chunk, known, found);
        let hooked = found.len();
        self.patterns.scan(chunk, found);
        self.listed.scan(chunk, |at| found.push(Candidate { at: at as u32, kind: Kind::Listed }));
        if found.len() > hooked {
            found.sort_by_key(|c| c.at);
        }
    }

    /// Verifies the candidates of one record (offsets from `base`) and gathers what the rules claim of `text`.
    /// `place` says in which strings the text begins.
    pub fn find(&self, text: &[u8], candidates: &[Candidate], base: usize, place: Nesting, sink: &mut Sink<'_>) {
        let mut reader = Reader::new(text, place);
        let mut nesting = place;
        let mut seen = 0;
        self.claim_arguments(text, sink);
        for candidate in candidates {
            let at = candidate.at as usize - base;
            match candidate.kind {
                Kind::Key if text[..at].ends_with(b"CEF") || text[..at].ends_with(b"LEEF") => {
                    self.fields.at_extension(text, at, &mut reader, sink);
                }
                Kind::Key if deep::is_beyond(text, at) => self.too_deep(text, at, sink),
                Kind::Key => self.fields.at_separator(text, at, &mut reader, sink),
                Kind::Spoken => self.fields.at_number(text, at, sink),
                Kind::Tag => self.fields.at_tag(text, at, sink),
                Kind::Flag => self.fields.at_flag(text, at, &mut reader, sink),
                Kind::Word => self.at_word(text, at, &mut reader, sink),
                Kind::Start => self.patterns.at_start(&self.filters.starts, text, at, sink),
                Kind::Run => self.patterns.in_run(text, at, sink),
                Kind::Tuple => self.fields.at_tuple(text, at, &mut reader, sink),
                Kind::At => {
                    self.shape(Shape::Email, text, at, sink);
                    if let Some(name) = dialect::mailbox::name(text, at) {
                        self.fields.claim_named(text, b"full_name", name, sink);
                    }
                }
                Kind::Ipv4 => self.shape(Shape::Ipv4, text, at, sink),
                Kind::Ipv6 => {
                    if text[at..].starts_with(b":::") {
                        self.patterns.at_literal(&self.filters.anchors, text, at, sink);
                    }
                    // Each colon of an address says the same.
                    if at < seen {
                        continue;
                    }
                    let run =
                        text[at..].iter().take_while(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.')).count();
                    seen = at + run;
                    self.shape(Shape::Ipv6, text, at, sink);
                }
                // The dotted form has its first separator behind four digits.
                Kind::Mac if text[at].is_ascii_hexdigit() => self.shape(Shape::Mac, text, at + 4, sink),
                Kind::Mac => self.shape(Shape::Mac, text, at, sink),
                Kind::Nanp => self.shape(Shape::Nanp, text, at, sink),
                Kind::Card => self.shape(Shape::Card, text, at, sink),
                Kind::Ssn => self.shape(Shape::Ssn, text, at, sink),
                Kind::Iban => self.shape(Shape::Iban, text, at, sink),
                Kind::Plus => self.shape(Shape::Phone, text, at, sink),
                Kind::Url => self.shape(Shape::UrlPassword, text, at, sink),
                Kind::Dashes => self.key_block(text, at, &mut nesting, sink),
                Kind::Loose(index) => self.patterns.around(index, text, at, sink),
                Kind::Listed => listed::at(&self.listed, self.listed_rule, text, at, sink),
                Kind::Encoded | Kind::Packed | Kind::KeyLine | Kind::Drawn | Kind::Array => {}
            }
        }
    }

    /// Tries all that begins with the word at `at`. If nothing can begin with these bytes, that is remembered.
    fn at_word(&self, text: &[u8], at: usize, reader: &mut Reader<'_>, sink: &mut Sink<'_>) {
        let anchors = &self.filters.anchors;
        let look = anchors.look_at(text, at);
        let mut looked = look.bytes;
        if look.by_hand {
            looked = if self.fields.at_word(text, at, reader, sink) { usize::MAX } else { 15 };
            if text[at..].starts_with(b"eyJ") {
                self.jwt(text, at, sink);
            } else if text[at..].starts_with(b"kind") {
                self.kubernetes_secret(text, at, sink);
            }
        }
        looked = looked.max(self.patterns.at_literal(anchors, text, at, sink));
        if Known::can_settle(looked) && text[at] != b'~' && !opening::may_open(&text[at..]) {
            sink.known.settle(text, at, looked);
        }
    }

    /// The rules that a key of this name belongs to, paths aside.
    pub fn rules_named(&self, name: &[u8]) -> Vec<RuleIx> {
        let mut matches = Vec::new();
        self.fields.names.lookup(name, &mut matches);
        matches.iter().map(|found| found.rule).collect()
    }

    /// Does some rule go by this name of a field?
    pub fn is_sensitive(&self, name: &[u8]) -> bool {
        !self.rules_named(name).is_empty()
    }

    /// The rule that claims private key blocks.
    pub fn private_key_rule(&self) -> Option<RuleIx> {
        self.shapes.iter().find(|(shape, _)| *shape == Shape::PrivateKey).map(|(_, rule)| *rule)
    }

    /// The rule that claims listed secrets.
    pub fn listed_rule(&self) -> RuleIx {
        self.listed_rule
    }

    /// The rule that claims what is encoded too often.
    pub fn too_deep_rule(&self) -> Option<RuleIx> {
        self.shapes.iter().find(|(shape, _)| *shape == Shape::TooDeep).map(|(_, rule)| *rule)
    }

    fn too_deep(&self, text: &[u8], at: usize, sink: &mut Sink<'_>) {
        let span = deep::outermost(text, at);
        // What somebody sees covers nothing that they may not see.
        let seen = || self.viewed && self.too_deep_rule().is_some_and(|r| !sink.covers(r));
        if at >= sink.covered || seen() {
            self.claim_shape(Shape::TooDeep, span, None, sink);
            sink.covered = span.end;
            let seers = self.too_deep_rule().map_or(0, |rule| sink.strictness(rule).1);
            sink.covered_strictness = (u8::MAX, seers);
        }
    }

    fn shape(&self, shape: Shape, text: &[u8], at: usize, sink: &mut Sink<'_>) {
        if !self.shapes.iter().any(|(s, _)| *s == shape) {
            return;
        }
        if let Some(span) = shape::find(shape, text, at) {
            if shape == Shape::Card && shape::measure::is_measure(text, span) {
                return;
            }
            self.claim_shape(shape, span, json::bare_quote(text, span), sink);
        }
    }

    fn claim_shape(&self, shape: Shape, span: Span, quote: Option<Quote>, sink: &mut Sink<'_>) {
        for (_, rule) in self.shapes.iter().filter(|(s, _)| *s == shape) {
            sink.claim(Claim { rule: *rule, span, quote, field: span });
        }
    }

    /// As a pattern: a word begins at `at`, whatever stands in front.
    fn jwt(&self, text: &[u8], at: usize, sink: &mut Sink<'_>) {
        // A run may hold many places like this one; its end is looked for once.
        if at >= sink.part_end {
            sink.part_end = shape::jwt::end_of_part(text, at);
        }
        if text.get(sink.part_end) == Some(&b'.') {
            sink.work += shape::jwt::READ.min(sink.part_end - at);
        }
        if !sink.is_spent()
            && let Some(span) = shape::jwt::find_before(text, at, sink.part_end)
        {
            self.claim_shape(Shape::Jwt, span, None, sink);
        }
    }

    fn kubernetes_secret(&self, text: &[u8], at: usize, sink: &mut Sink<'_>) {
        if sink.is_spent() || !self.shapes.iter().any(|(shape, _)| *shape == Shape::KubernetesSecret) {
            return;
        }
        let (values, stepped) = shape::kubernetes_secret::values(text, at);
        sink.work += stepped;
        for span in values {
            self.claim_shape(Shape::KubernetesSecret, span, json::bare_quote(text, span), sink);
        }
    }

    fn key_block(&self, text: &[u8], at: usize, nesting: &mut Nesting, sink: &mut Sink<'_>) {
        let Some(rule) = self.private_key_rule() else { return };
        if !text[at..].starts_with(b"-----BEGIN ") {
            return;
        }
        nesting.move_to(text, at);
        let limit = nesting.end(text);
        let pieces = private_key::header_end(text, at).map(|end| key_pieces::pieces(text, end)).unwrap_or_default();
        let whole = || private_key::on_one_line(text, at, limit);
        let spans = if pieces.is_empty() { whole().into_iter().collect() } else { pieces };
        for span in spans {
            sink.work += span.len();
            sink.claim(Claim { rule, span, quote: None, field: span });
        }
    }
}

/// The keys and values of the CEF or LEEF record whose colon stands at `colon`; `None` if it is no such record.
pub fn extension(text: &[u8], colon: usize) -> Option<Vec<(Span, Span)>> {
    let (_, pairs) = dialect::cef::pairs(text, colon)?;
    Some(pairs.iter().map(|pair| (pair.name, pair.value)).collect())
}

/// Decodes one layer of `text`; false if nothing came of it.
pub fn decode(text: &[u8], view: &mut View) -> bool {
    view.decode(text);
    view.text != text
}

fn add_tails(filters: &mut Filters, names: &Names, paths: &Paths) {
    let tails = names.tails();
    let leaves = paths.tails();
    if tails.any || leaves.is_none() {
        filters.keys.insert_all();
    }
    tails.list.iter().for_each(|tail| filters.add_key_tail(*tail));
    leaves.into_iter().flatten().for_each(|leaf| filters.add_key_tail(Names::tail(leaf)));
    // `- name: DB_PASSWORD`, and what a manifest of Kubernetes begins with; `_auth=`; CEF and LEEF; a contact card;
    // what may hold the name of a person.
    let others = b"name key apiVersion _auth CEF LEEF BEGIN owner assignee attendee nombre naam".split(|b| *b == b' ');
    for key in dialect::sibling::VALUE_KEYS.into_iter().chain(others) {
        filters.add_key_tail(Names::tail(key));
    }
    // The type of a string that PHP serialized: `";s:8:`.
    filters.add_key_tail([0, b'_', b'_', b's']);
}

/// Last words of the names that have several.
fn last_words(policy: &Policy) -> LastWords {
    let (mut lasts, mut typed) = (Vec::new(), Vec::new());
    for rule in &policy.rules {
        match &rule.find {
            Find::Fields { written: Some(written), .. } => lasts.push(Texts::of_written(written.lasts)),
            Find::Fields { names, .. } => typed.push(names),
            _ => {}
        }
    }
    let typed = typed.into_iter().flat_map(Texts::iter).filter_map(last_word);
    lasts.iter().flat_map(Texts::iter).chain(typed).collect()
}
