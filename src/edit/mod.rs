//! From claims to cuts: findings may overlap in any order; edits never do.

mod repeats;
mod separators;

pub use repeats::{leave_one_of_each, retain_behind};
pub use separators::take_separators;

use crate::format::packed::Packed;
use crate::format::quote::Quote;
use crate::room::{self, LONG};
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

impl Finding {
    /// Of a value as it stands there, without a key.
    pub fn of(span: Span, rule: RuleIx) -> Finding {
        Finding { span, rule, quote: None, field: span, continued: false, recode: None }
    }
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
    /// Which of two rules seals what both find as one value.
    fn sealed_as_one(&self, a: RuleIx, b: RuleIx) -> Sealing;
    /// Does what this rule writes depend on the value?
    fn depends_on_value(&self, rule: RuleIx) -> bool;
    /// Does this rule drop the whole field?
    fn drops_field(&self, rule: RuleIx) -> bool;
    /// The rules whose findings this one withdraws where they lie within its own; `None` if it is no such rule.
    fn withdraws(&self, rule: RuleIx) -> Option<&[RuleIx]>;
}

/// How what two rules find together is sealed, so that only those can open it who may see both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// By the first: whoever opens that may see the other.
    First,
    /// By the second.
    Second,
    /// By one, and then by the other: some may see both, and some may see only one or the other.
    Twice,
    /// Not at all: nobody may see both, or neither rule seals.
    No,
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
    /// Where it takes two to say who may open it: the rule by which the token of the other is sealed once more.
    pub twice: Option<RuleIx>,
    /// The marker says only what was there, because several findings united and no action may see part of a value.
    pub plain: bool,
    /// Quotes for the marker.
    pub quote: Option<Quote>,
    /// It is a whole field with its key: what separates it from the next one goes along.
    pub keyed: bool,
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
    for Finding { span, field, .. } in findings.iter_mut().filter(|f| f.recode.is_none() && order.drops_field(f.rule)) {
        // What goes, and what of it is the value.
        (*span, *field) = (Span::new(span.start.min(field.start), span.end.max(field.end)), *span);
    }
    findings.sort_unstable_by_key(|f| (f.span.start, std::cmp::Reverse(f.span.end), order.rank(f.rule)));
    let mut longest = 0;
    // Several rules that do not seal: who may see what all of them hide is not known any more.
    let mut mixed = false;
    if size_of_val(&findings[..]) > LONG {
        room::for_long(edits, findings.len());
    }
    for next in findings.iter() {
        let drops = next.recode.is_none() && order.drops_field(next.rule);
        let keyed = drops && next.field != next.span;
        let edit = Edit {
            span: next.span,
            rule: next.rule,
            action: next.rule,
            twice: None,
            plain: false,
            quote: next.quote.filter(|_| !keyed),
            keyed,
            silent: next.continued || drops,
            continued: next.continued,
            recode: next.recode,
        };
        match edits.last_mut() {
            // What a layer shows of a value that is found whole besides: `?q=a%20b`.
            Some(last)
                if next.span.end <= last.span.end
                    && (last.rule, last.action) == (next.rule, next.rule)
                    && last.recode.is_none()
                    && next.recode.is_none()
                    && !drops => {}
            Some(last) if next.span.start < last.span.end => {
                let sealing = if last.plain || mixed { None } else { sealed(last, next.rule, order) };
                let one = sealing.is_some();
                mixed |= !one && next.rule != last.action;
                let same = one || next.span == last.span && order.same_marker(next.rule, last.action);
                let depends = order.depends_on_value(last.action) || order.depends_on_value(next.rule);
                // The same text may be found in the record and in a decoded layer of it.
                let unlike =
                    next.span != last.span && !one || next.recode.map(|r| r.packed) != last.recode.map(|r| r.packed);
                last.plain |= !same && depends || unlike;
                last.recode = last.recode.filter(|_| !unlike);
                last.keyed |= keyed;
                last.quote = last.quote.or(next.quote).filter(|_| !last.keyed);
                if let Some((action, twice)) = sealing {
                    (last.action, last.twice) = (action, twice);
                } else if order.strictness(next.rule) > order.strictness(last.action) {
                    last.action = next.rule;
                }
                // The marker stands where the value begins, also if what goes on is a value by itself.
                let inside = next.span.end <= last.span.end;
                let goes_on = last.silent && inside || next.continued && next.span == last.span;
                last.span.end = last.span.end.max(next.span.end);
                last.silent = order.drops_field(last.action) || goes_on || last.silent && next.continued;
                last.continued &= next.continued;
                let length = next.span.len();
                if length > longest || length == longest && order.rank(next.rule) < order.rank(last.rule) {
                    last.rule = next.rule;
                    longest = length;
                }
            }
            _ => {
                (longest, mixed) = (next.span.len(), false);
                edits.push(edit);
            }
        }
    }
}

/// The rules by which `edit` is sealed if what `next` found is a part of it: one, or two whose order does not depend on that
/// of the findings. `None`: it cannot be.
fn sealed(edit: &Edit, next: RuleIx, order: &impl Order) -> Option<(RuleIx, Option<RuleIx>)> {
    let both = |a: RuleIx, b: RuleIx| if order.rank(a) < order.rank(b) { (a, Some(b)) } else { (b, Some(a)) };
    match (order.sealed_as_one(edit.action, next), edit.twice) {
        (Sealing::No, _) => None,
        (Sealing::First, twice) => Some((edit.action, twice)),
        (Sealing::Second, None) => Some((next, None)),
        (Sealing::Twice, None) => Some(both(edit.action, next)),
        (first, Some(other)) => match (order.sealed_as_one(other, next), first) {
            (Sealing::First, _) => Some((edit.action, Some(other))),
            (Sealing::Second, Sealing::Second) => Some((next, None)),
            (Sealing::Second, _) => Some(both(edit.action, next)),
            (Sealing::Twice, Sealing::Second) => Some(both(next, other)),
            // It would take three.
            (Sealing::Twice | Sealing::No, _) => None,
        },
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Rule 0 redacts, 1 and 2 are pseudonyms of one identity, 3 is partial, 4 drops fields, 5 keeps what rule 1 finds. 6 and 7
    /// seal for the same people, 8 for others, 9 for some of those of 6, 10 for some of those of 6 and some of those of 8.
    struct Table;

    const MAY_SEE: [u8; 11] = [0, 0, 0, 0b111, 0, 0, 0b111, 0b111, 0b111_000, 0b001, 0b001_100];

    impl Order for Table {
        fn strictness(&self, rule: RuleIx) -> u8 {
            [6, 3, 3, 1, 7, 0, 5, 5, 5, 5, 5][rule.0 as usize]
        }
        fn rank(&self, rule: RuleIx) -> u16 {
            rule.0
        }
        fn same_marker(&self, a: RuleIx, b: RuleIx) -> bool {
            a == b || matches!((a.0, b.0), (1 | 2, 1 | 2))
        }
        fn sealed_as_one(&self, a: RuleIx, b: RuleIx) -> Sealing {
            let may = |rule: RuleIx| MAY_SEE[rule.0 as usize];
            let within = |a, b| may(a) & !may(b) == 0;
            match (a.0 > 5, b.0 > 5) {
                _ if a.0 == 0 || b.0 == 0 => Sealing::No,
                (true, _) if within(a, b) && (!within(b, a) || a.0 < b.0 || b.0 < 6) => Sealing::First,
                (_, true) if within(b, a) => Sealing::Second,
                (true, true) if may(a) & may(b) != 0 => Sealing::Twice,
                _ => Sealing::No,
            }
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
        Finding::of(Span::new(start, end), RuleIx(rule))
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
        let found = edits(&[finding(2, 9, 1), finding(2, 4, 1), finding(5, 9, 1)]);
        assert_eq!((found.len(), found[0].span, found[0].plain), (1, Span::new(2, 9), false));
        assert!(edits(&[finding(2, 6, 1), finding(5, 9, 1)])[0].plain);
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
    fn what_is_sealed_for_different_people_is_sealed_for_those_who_see_all_of_it() {
        let by = |rules: &[u16]| {
            let findings: Vec<Finding> =
                rules.iter().enumerate().map(|(at, rule)| finding(2 + at, 6 + at, *rule)).collect();
            let found = edits(&findings);
            assert_eq!(found.len(), 1);
            (!found[0].plain).then_some((found[0].action.0, found[0].twice.map(|rule| rule.0)))
        };
        for [a, b] in [[0, 1], [1, 0]] {
            let pair = |x: u16, y: u16| {
                let both = [x, y];
                by(&[both[a], both[b]])
            };
            assert_eq!(pair(6, 9), Some((9, None)), "some of them");
            assert_eq!(pair(6, 3), Some((6, None)), "they may see what is shown in part");
            assert_eq!(pair(6, 10), Some((6, Some(10))), "those who see both");
            assert_eq!(pair(6, 8), None, "nobody sees both");
            assert_eq!(pair(6, 0), None, "nobody sees it");
            assert_eq!(pair(6, 1), None, "nobody may see the other");
        }
        assert_eq!(by(&[6, 10, 7]), Some((6, Some(10))));
        assert_eq!(by(&[6, 10, 9]), by(&[9, 10, 6]));
        assert_eq!(by(&[8, 10, 6]), None);
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
}
