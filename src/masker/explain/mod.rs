//! Why something is masked: for each finding the rule, the layer and the field. Never the value.

mod layer;
mod near;

pub use near::{Near, Nearness};

use super::{Layer, Masker, Scratch, State};
use crate::detect::Known;
use crate::edit::Finding;
use crate::format;
use crate::format::nesting::Nesting;
use crate::rewrite::Rewrite;
use crate::span::Span;
use memchr::{memchr_iter, memrchr};

/// One finding, told to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Line within the explained text, from 1.
    pub line: usize,
    /// Where in the line, in bytes.
    pub span: Span,
    /// The rule's id.
    pub rule: String,
    /// Its class.
    pub class: String,
    /// Where it stands, outermost first: `envelope/json/json-string`, `query`, `text/decoded` …
    pub layer: String,
    /// The field that holds it, with its path in a JSON document.
    pub field: Option<String>,
    /// What was checked.
    pub verdict: String,
    /// What happens to it.
    pub action: String,
}

/// What the lines so far say of the next ones.
#[derive(Default)]
pub struct Before {
    state: State,
    scratch: Scratch,
    out: Vec<u8>,
}

impl Masker {
    /// What is masked in the whole lines of `chunk` behind those of `before`, each with its line in the chunk. Told are the
    /// places that come out masked; what hides in one of them is for [`Masker::explain`].
    pub fn explain_over(&self, chunk: &[u8], before: &mut Before) -> Vec<Explanation> {
        let Before { state, scratch, out } = before;
        scratch.places = Some(Vec::new());
        out.clear();
        self.rewrite(chunk, state, scratch, out);
        let mut places = scratch.places.take().unwrap_or_default();
        places.sort_unstable_by_key(|place| (place.span.start, place.span.end));
        let mut newlines = memchr_iter(b'\n', chunk).peekable();
        let mut line = 1;
        let explain = |place: super::Place| {
            while newlines.next_if(|at| *at < place.span.start).is_some() {
                line += 1;
            }
            let start = memrchr(b'\n', &chunk[..place.span.start]).map_or(0, |at| at + 1);
            let name = &self.rules.names[place.rule.0 as usize];
            Explanation {
                line,
                span: Span::new(place.span.start - start, place.span.end - start),
                rule: name.id.to_string(),
                class: name.class.to_string(),
                layer: "lines".to_owned(),
                field: None,
                verdict: "said by a line before".to_owned(),
                action: self.rules.action(place.action).name().to_owned(),
            }
        };
        places.into_iter().map(explain).collect()
    }

    /// Would this line be withheld, because it takes too much work?
    pub fn withholds(&self, record: &[u8]) -> bool {
        let mut layers: Vec<Layer> = Vec::new();
        layers.resize_with(format::DEPTH, Layer::default);
        let (mut candidates, mut found, mut known) = (Vec::new(), Vec::new(), Known::default());
        self.detector.scan(record, &mut known, &mut candidates);
        !self.judge(record, &candidates, 0, Nesting::default(), &mut layers, &mut known, &mut found, &mut 0)
    }

    /// All findings in one line, also those that others hide.
    pub fn explain(&self, record: &[u8]) -> Vec<Explanation> {
        let mut layers: Vec<Layer> = Vec::new();
        layers.resize_with(format::DEPTH, Layer::default);
        let mut candidates = Vec::new();
        let mut known = Known::default();
        self.detector.scan(record, &mut known, &mut candidates);
        let (mut plain, mut all, mut already) = (Vec::new(), Vec::new(), 0);
        // Without layers to decode into, only the text itself is judged.
        self.judge(record, &candidates, 0, Nesting::default(), &mut [], &mut known, &mut plain, &mut already);
        self.judge(record, &candidates, 0, Nesting::default(), &mut layers, &mut known, &mut all, &mut already);
        all.sort_unstable_by_key(|f| (f.span.start, f.span.end, f.rule));
        all.dedup();
        all.iter().map(|finding| self.tell(record, finding, plain.contains(finding))).collect()
    }

    fn tell(&self, record: &[u8], finding: &Finding, plain: bool) -> Explanation {
        let name = &self.rules.names[finding.rule.0 as usize];
        Explanation {
            line: 1,
            span: finding.span,
            rule: name.id.to_string(),
            class: name.class.to_string(),
            layer: layer::of(record, finding.span, !plain),
            field: layer::field(record, finding.span),
            verdict: self.conditions[finding.rule.0 as usize].verdict(),
            action: if self.rules.observes.get(finding.rule.0 as usize) == Some(&true) {
                "observe".to_owned()
            } else {
                self.rules.action(finding.rule).name().to_owned()
            },
        }
    }
}
