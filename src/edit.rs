//! From claims to cuts: findings may overlap in any order; edits never do.

use crate::format::packed::Packed;
use crate::format::quote::Quote;
use crate::span::{RuleIx, Span};

/// One rule's claim on a span of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is claimed.
    pub span: Span,
    /// By which rule.
    pub rule: RuleIx,
    /// The quotes a marker needs that takes the place of a bare JSON value.
    pub quote: Option<Quote>,
    /// The field with its key, where the rule drops fields; else the same as `span`.
    pub field: Span,
    /// Goes on from a finding in a line before: it is cut out and leaves no marker of its own.
    pub continued: bool,
    /// The span is a packed text, which is masked inside and spelled again.
    pub recode: Option<Recode>,
}

/// How a packed text is masked inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recode {
    /// Its spelling.
    pub packed: Packed,
    /// How many layers in it may be looked into.
    pub layers: u8,
}

/// Tells which spans lie within one of many others.
pub struct Cover {
    /// By where they begin: where the farthest of those up to here ends.
    ends: Vec<(usize, usize)>,
}

impl Cover {
    /// By these spans.
    pub fn by(spans: impl Iterator<Item = Span>) -> Cover {
        let mut ends: Vec<(usize, usize)> = spans.map(|span| (span.start, span.end)).collect();
        ends.sort_unstable();
        let mut farthest = 0;
        for (_, end) in &mut ends {
            farthest = farthest.max(*end);
            *end = farthest;
        }
        Cover { ends }
    }

    /// Does all of `span` lie within one of them?
    pub fn holds(&self, span: Span) -> bool {
        let before = self.ends.partition_point(|(start, _)| *start <= span.start);
        before > 0 && span.end <= self.ends[before - 1].1
    }
}

/// What the rules say about a finding; see [`resolve`].
pub trait Order {
    /// Which action wins when findings unite; higher is stricter.
    fn strictness(&self, rule: RuleIx) -> u8;
    /// Place of the rule's id in the alphabet.
    fn rank(&self, rule: RuleIx) -> u16;
    /// Two rules that write the same marker for the same value (an e-mail found by key and by shape).
    fn same_marker(&self, a: RuleIx, b: RuleIx) -> bool;
    /// May what two of these rules find become one value, because whoever may see one may see the other?
    fn one_value(&self, a: RuleIx, b: RuleIx) -> bool;
    /// Does what this rule writes depend on the value?
    fn depends_on_value(&self, rule: RuleIx) -> bool;
    /// Does this rule drop the whole field?
    fn drops_field(&self, rule: RuleIx) -> bool;
    /// The rules whose findings this one withdraws where they lie within its own; `None` if it is no such rule.
    fn withdraws(&self, rule: RuleIx) -> Option<&[RuleIx]>;
}

/// A cut: disjoint from all others, final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// The rule that names the marker.
    pub rule: RuleIx,
    /// The rule whose action is taken: the strictest of those that united here.
    pub action: RuleIx,
    /// The marker says only what was there, because several findings united and no action may see part of a value.
    pub plain: bool,
    /// Quotes for the marker.
    pub quote: Option<Quote>,
    /// Leaves nothing behind.
    pub silent: bool,
    /// All of it goes on from a line before.
    pub continued: bool,
    /// Is masked inside and spelled again; goes as a whole where findings unite.
    pub recode: Option<Recode>,
}

/// Unites overlapping findings. Every byte of every finding lies in some edit; the strictest action wins, and the
/// longest finding (then the smaller rule id) gives the name.
pub fn resolve(findings: &mut Vec<Finding>, order: &impl Order, edits: &mut Vec<Edit>) {
    edits.clear();
    withdraw(findings, order);
    for finding in findings.iter_mut().filter(|f| f.recode.is_none() && order.drops_field(f.rule)) {
        finding.span = Span::new(finding.span.start.min(finding.field.start), finding.span.end.max(finding.field.end));
    }
    findings.sort_unstable_by_key(|f| (f.span.start, std::cmp::Reverse(f.span.end), order.rank(f.rule)));
    let mut longest = 0;
    edits.reserve(findings.len());
    for next in findings.iter() {
        let edit = Edit {
            span: next.span,
            rule: next.rule,
            action: next.rule,
            plain: false,
            quote: next.quote,
            silent: next.continued || next.recode.is_none() && order.drops_field(next.rule),
            continued: next.continued,
            recode: next.recode,
        };
        match edits.last_mut() {
            Some(last) if next.span.start < last.span.end => {
                let one = !last.plain && order.one_value(next.rule, last.action);
                let same = one || next.span == last.span && order.same_marker(next.rule, last.action);
                let depends = order.depends_on_value(last.action) || order.depends_on_value(next.rule);
                // The same text may be found in the record and in a decoded layer of it.
                let unlike =
                    next.span != last.span && !one || next.recode.map(|r| r.packed) != last.recode.map(|r| r.packed);
                last.plain |= !same && depends || unlike;
                last.recode = last.recode.filter(|_| !unlike);
                last.span.end = last.span.end.max(next.span.end);
                last.quote = last.quote.or(next.quote);
                if order.strictness(next.rule) > order.strictness(last.action) {
                    last.action = next.rule;
                }
                last.silent = order.drops_field(last.action) || last.silent && next.continued;
                last.continued &= next.continued;
                let length = next.span.len();
                if length > longest || length == longest && order.rank(next.rule) < order.rank(last.rule) {
                    last.rule = next.rule;
                    longest = length;
                }
            }
            _ => {
                longest = next.span.len();
                edits.push(edit);
            }
        }
    }
}

/// Takes out what `keep` rules withdraw, and their own findings.
fn withdraw(findings: &mut Vec<Finding>, order: &impl Order) {
    if !findings.iter().any(|f| order.withdraws(f.rule).is_some()) {
        return;
    }
    let keeps: Vec<(Span, RuleIx)> =
        findings.iter().filter(|f| order.withdraws(f.rule).is_some()).map(|f| (f.span, f.rule)).collect();
    findings.retain(|f| {
        order.withdraws(f.rule).is_none()
            && !keeps.iter().any(|(span, keep)| {
                let inside = span.start <= f.span.start && f.span.end <= span.end;
                inside && order.withdraws(*keep).is_some_and(|rules| rules.contains(&f.rule))
            })
    });
}

/// Widens the edits that drop fields by one separator each, so that a list stays a list: the comma, `&` or `;` (or
/// blank) behind the field, else the one in front.
pub fn take_separators(text: &[u8], edits: &mut Vec<Edit>, drops: impl Fn(&Edit) -> bool) {
    let mut at = 0;
    while at < edits.len() {
        if !drops(&edits[at]) {
            at += 1;
            continue;
        }
        // Neighbours that go as well become one cut first.
        while at + 1 < edits.len() && drops(&edits[at + 1]) {
            let between = &text[edits[at].span.end..edits[at + 1].span.start];
            let rest = &between[between.iter().take_while(|b| b" \t".contains(b)).count()..];
            let rest = &rest[separator(rest)..];
            if between.len() > 64 || !rest.iter().all(|b| b" \t".contains(b)) {
                break;
            }
            edits[at].span.end = edits[at + 1].span.end;
            edits.remove(at + 1);
        }
        let floor = if at > 0 { edits[at - 1].span.end } else { 0 };
        let ceiling = edits.get(at + 1).map_or(text.len(), |next| next.span.start);
        let span = &mut edits[at].span;
        let after = text[span.end..ceiling].iter().take_while(|b| b" \t".contains(b)).count();
        let next = separator(&text[span.end + after..ceiling]);
        if next > 0 {
            let blanks = text[span.end + after + next..ceiling].iter().take_while(|b| **b == b' ').count();
            span.end += after + next + blanks;
        } else {
            let before = text[floor..span.start].iter().rev().take_while(|b| b" \t".contains(b)).count();
            let front = &text[floor..span.start - before];
            let last = separator_before(front);
            if last > 0 {
                span.start -= before + last;
            } else if before > 0 {
                span.start -= 1;
            } else if after > 0 {
                span.end += 1;
            }
        }
        at += 1;
    }
}

/// Length of the separator of fields that `text` begins with: in lists and JSON, in URLs and forms (also in HTML), in
/// cookies.
fn separator(text: &[u8]) -> usize {
    match text {
        [b'&', b'a', b'm', b'p', b';', ..] => 5,
        [b',' | b'&' | b';', ..] => 1,
        _ => 0,
    }
}

/// Length of the separator that `text` ends with.
fn separator_before(text: &[u8]) -> usize {
    match text {
        [.., b'&', b'a', b'm', b'p', b';'] => 5,
        [.., b',' | b'&' | b';'] => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rule 0 redacts, 1 and 2 are pseudonyms of one identity, 3 is partial, 4 drops fields, 5 keeps what rule 1 finds, 6 and 7
    /// seal for the same people, 8 for others.
    struct Table;
    impl Order for Table {
        fn strictness(&self, rule: RuleIx) -> u8 {
            [6, 3, 3, 1, 7, 0, 5, 5, 5][rule.0 as usize]
        }
        fn rank(&self, rule: RuleIx) -> u16 {
            rule.0
        }
        fn same_marker(&self, a: RuleIx, b: RuleIx) -> bool {
            a == b || matches!((a.0, b.0), (1 | 2, 1 | 2))
        }
        fn one_value(&self, a: RuleIx, b: RuleIx) -> bool {
            matches!((a.0, b.0), (6 | 7, 6 | 7))
        }
        fn depends_on_value(&self, rule: RuleIx) -> bool {
            matches!(rule.0, 1..=3 | 6..)
        }
        fn drops_field(&self, rule: RuleIx) -> bool {
            rule.0 == 4
        }
        fn withdraws(&self, rule: RuleIx) -> Option<&[RuleIx]> {
            (rule.0 == 5).then_some(&[RuleIx(1)])
        }
    }

    fn finding(start: usize, end: usize, rule: u16) -> Finding {
        let span = Span::new(start, end);
        Finding { span, rule: RuleIx(rule), quote: None, field: span, continued: false, recode: None }
    }

    fn edits(findings: &[Finding]) -> Vec<Edit> {
        let mut edits = Vec::new();
        resolve(&mut findings.to_vec(), &Table, &mut edits);
        edits
    }

    #[test]
    fn a_cover_holds_what_lies_within_one_span() {
        let spans = [(4, 9), (2, 20), (30, 40), (40, 50), (12, 14)].map(|(start, end)| Span::new(start, end));
        let cover = Cover::by(spans.into_iter());
        for start in 0..55 {
            for end in start..55 {
                let one = spans.iter().any(|s| s.start <= start && end <= s.end);
                assert_eq!(cover.holds(Span::new(start, end)), one, "{start}..{end}");
            }
        }
        assert!(!Cover::by(std::iter::empty()).holds(Span::new(0, 0)));
    }

    #[test]
    fn overlapping_findings_hide_their_union() {
        let found = edits(&[finding(4, 9, 1), finding(2, 6, 0), finding(20, 22, 3)]);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].span, found[0].rule, found[0].action, found[0].plain),
            (Span::new(2, 9), RuleIx(1), RuleIx(0), true)
        );
        assert_eq!((found[1].span, found[1].plain), (Span::new(20, 22), false));
    }

    #[test]
    fn the_same_value_found_twice_stays_one_pseudonym() {
        let found = edits(&[finding(2, 6, 2), finding(2, 6, 1)]);
        assert_eq!((found.len(), found[0].rule, found[0].plain), (1, RuleIx(1), false));
        let found = edits(&[finding(2, 6, 2), finding(3, 6, 1)]);
        assert!(found[0].plain);
    }

    #[test]
    fn what_is_sealed_for_the_same_people_is_sealed_as_one() {
        let plain = |findings: &[Finding]| {
            let found = edits(findings);
            assert_eq!(found.len(), 1);
            found[0].plain
        };
        assert!(!plain(&[finding(2, 6, 6), finding(2, 6, 7)]));
        assert!(!plain(&[finding(2, 6, 6), finding(4, 9, 7), finding(8, 12, 6)]));
        assert!(plain(&[finding(2, 6, 6), finding(4, 9, 8)]));
        assert!(plain(&[finding(2, 6, 6), finding(2, 6, 8)]));
        assert!(plain(&[finding(2, 6, 6), finding(2, 6, 0)]));
        assert!(plain(&[finding(2, 6, 6), finding(3, 5, 1), finding(4, 9, 7)]));
    }

    #[test]
    fn touching_findings_stay_apart() {
        assert_eq!(edits(&[finding(0, 2, 0), finding(2, 4, 0)]).len(), 2);
    }

    #[test]
    fn the_order_of_findings_does_not_matter() {
        let all = [finding(4, 9, 1), finding(2, 6, 0), finding(5, 12, 3), finding(2, 6, 2), finding(11, 13, 0)];
        let expected = edits(&all);
        for shift in 0..all.len() {
            let mut turned = all.to_vec();
            turned.rotate_left(shift);
            assert_eq!(edits(&turned), expected);
        }
    }

    #[test]
    fn keep_withdraws_named_rules_only() {
        assert_eq!(edits(&[finding(2, 6, 1), finding(0, 9, 5)]), []);
        assert_eq!(edits(&[finding(2, 6, 0), finding(0, 9, 5)]).len(), 1);
        assert_eq!(edits(&[finding(2, 12, 1), finding(0, 9, 5)]).len(), 1);
    }

    #[test]
    fn dropped_fields_take_one_separator() {
        let cases: &[(&str, &[&str], &str)] = &[
            (r#"{"a":1,"p":2,"b":3}"#, &[r#""p":2"#], r#"{"a":1,"b":3}"#),
            (r#"{"a":1,"p":2}"#, &[r#""p":2"#], r#"{"a":1}"#),
            (r#"{"p":2}"#, &[r#""p":2"#], "{}"),
            (r#"{"a":1,"p":2,"q":3}"#, &[r#""p":2"#, r#""q":3"#], r#"{"a":1}"#),
            (r#"{"a": 1, "p": 2, "b": 3}"#, &[r#""p": 2"#], r#"{"a": 1, "b": 3}"#),
            ("a=1 p=2 b=3", &["p=2"], "a=1 b=3"),
            ("p=2 b=3", &["p=2"], "b=3"),
            ("a=1 p=2", &["p=2"], "a=1"),
            ("/x?a=1&p=2&b=3", &["p=2"], "/x?a=1&b=3"),
            ("/x?p=2&b=3", &["p=2"], "/x?b=3"),
            ("/x?a=1&p=2 HTTP/1.1", &["p=2"], "/x?a=1 HTTP/1.1"),
            ("/x?a=1&p=2&q=3", &["p=2", "q=3"], "/x?a=1"),
            ("/x?a=1&amp;p=2&amp;b=3", &["p=2"], "/x?a=1&amp;b=3"),
            ("/x?a=1&amp;p=2", &["p=2"], "/x?a=1"),
            ("Cookie: a=1; p=2; b=3", &["p=2"], "Cookie: a=1; b=3"),
            ("Cookie: a=1; p=2", &["p=2"], "Cookie: a=1"),
            ("Cookie: p=2; b=3", &["p=2"], "Cookie: b=3"),
        ];
        for (text, fields, expected) in cases {
            let mut list: Vec<Edit> = fields
                .iter()
                .map(|field| {
                    let at = text.find(field).expect("the field");
                    edits(&[finding(at, at + field.len(), 4)])[0]
                })
                .collect();
            take_separators(text.as_bytes(), &mut list, |e| e.silent);
            let mut out = String::new();
            let mut copied = 0;
            for edit in &list {
                out += &text[copied..edit.span.start];
                copied = edit.span.end;
            }
            out += &text[copied..];
            assert_eq!(out, *expected);
        }
    }
}
