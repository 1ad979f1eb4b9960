//! Why something is masked: for each finding the rule, the layer and the field. Never the value.

use super::{Layer, Masker};
use crate::detect::{Known, key};
use crate::edit::Finding;
use crate::format::quote::Nesting;
use crate::format::{self, json};
use crate::policy::Action;
use crate::span::Span;

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
    /// Where it was seen: `text`, `decoded` (percent or `\u` escapes, terminal codes), or the envelope it is in.
    pub layer: String,
    /// The field that holds it, with its path in a JSON document.
    pub field: Option<String>,
    /// What was checked.
    pub verdict: String,
    /// What happens to it.
    pub action: String,
}

impl Masker {
    /// All findings in one line, also those that others hide.
    pub fn explain(&self, record: &[u8]) -> Vec<Explanation> {
        let mut layers: Vec<Layer> = Vec::new();
        layers.resize_with(format::DEPTH, Layer::default);
        let mut candidates = Vec::new();
        let mut known = Known::default();
        self.detector.scan(record, &known, &mut candidates);
        let (mut plain, mut all, mut already) = (Vec::new(), Vec::new(), 0);
        // Without layers to decode into, only the text itself is judged.
        self.judge(record, &candidates, 0, Nesting::default(), &mut [], &mut known, &mut plain, &mut already);
        self.judge(record, &candidates, 0, Nesting::default(), &mut layers, &mut known, &mut all, &mut already);
        all.sort_unstable_by_key(|f| (f.span.start, f.span.end, f.rule));
        all.dedup();
        all.iter().map(|finding| self.tell(record, finding, plain.contains(finding))).collect()
    }

    fn tell(&self, record: &[u8], finding: &Finding, plain: bool) -> Explanation {
        let name = &self.names[finding.rule.0 as usize];
        let inside = format::peel(record).payload;
        let envelope = if inside.start > 0 { " inside an envelope" } else { "" };
        let layer = if plain { "text" } else { "decoded" };
        Explanation {
            line: 1,
            span: finding.span,
            rule: name.id.clone(),
            class: name.class.clone(),
            layer: format!("{layer}{envelope}"),
            field: field(record, finding),
            verdict: self.conditions[finding.rule.0 as usize].verdict(),
            action: match self.rules.action(finding.rule) {
                _ if self.rules.observes.get(finding.rule.0 as usize) == Some(&true) => "observe",
                Action::Redact => "redact",
                Action::Partial { .. } => "partial",
                Action::Pseudonym => "pseudonym",
                Action::DropField => "drop-field",
                Action::DropLine => "drop-line",
                Action::Keep { .. } => "keep",
            }
            .to_string(),
        }
    }
}

/// The name of the field that a value stands in; its path, if it is in a JSON document.
fn field(record: &[u8], finding: &Finding) -> Option<String> {
    let start = finding.span.start;
    let quotes = record[..start].iter().rev().take_while(|b| b" \t\"'\\`".contains(b)).count();
    let separator = start.checked_sub(quotes + 1).filter(|&at| matches!(record[at], b':' | b'='))?;
    let key = key::before(record, separator)?;
    let spans = json::path(record, key.name.start).unwrap_or_else(|| vec![key.name]);
    let names: Vec<String> =
        spans.iter().map(|span| String::from_utf8_lossy(&record[span.range()]).into_owned()).collect();
    Some(names.join("."))
}
