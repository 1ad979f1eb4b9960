//! Findings from a place of their list on: the same claim, found more than once, and those that stay.

use super::Finding;

/// Fewer findings than these are not worth a look.
const FEW: usize = 32;

/// Leaves one of those findings from `from` on that claim the same: what is found in a text is found again in what is decoded
/// of it, and in what is decoded of that.
pub fn leave_one_of_each(findings: &mut Vec<Finding>, from: usize) {
    if findings.len() - from < FEW {
        return;
    }
    let own = &mut findings[from..];
    own.sort_unstable_by_key(|f| (f.span, f.rule, f.continued, std::cmp::Reverse(f.field.len())));
    let mut kept = 0;
    for next in 1..own.len() {
        let (one, last) = (own[next], &mut own[kept]);
        let claims = |f: &Finding| (f.span, f.rule, f.continued, f.recode);
        if claims(&one) == claims(last) {
            last.quote = last.quote.or(one.quote);
        } else {
            kept += 1;
            own[kept] = one;
        }
    }
    findings.truncate(from + kept + 1);
}

/// Keeps the first `own` of `findings`, and those behind them that `keep` says, which it may change.
pub fn retain_behind(findings: &mut Vec<Finding>, own: usize, mut keep: impl FnMut(&mut Finding) -> bool) {
    let mut index = 0;
    findings.retain_mut(|finding| {
        index += 1;
        index <= own || keep(finding)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::quote::Quote;
    use crate::span::{RuleIx, Span};

    fn finding(start: usize, end: usize, rule: u16) -> Finding {
        Finding::of(Span::new(start, end), RuleIx(rule))
    }

    #[test]
    fn of_findings_that_claim_the_same_one_is_left() {
        let first = finding(0, 1, 1);
        let mut findings: Vec<Finding> = (0..90).map(|at| finding(at / 2 * 3, at / 2 * 3 + 2, at as u16 % 3)).collect();
        let apart = findings.clone();
        let again = Finding { quote: Some(Quote { byte: b'"', level: 1, depth: 0 }), ..findings[7] };
        findings.extend(apart.iter().rev());
        findings.push(again);
        findings.insert(0, first);
        leave_one_of_each(&mut findings, 1);
        assert_eq!((findings.len(), findings[0]), (91, first));
        let sorted = findings[1..].is_sorted_by_key(|f| (f.span, f.rule));
        let left = apart.iter().all(|f| findings.contains(&if *f == apart[7] { again } else { *f }));
        assert!(sorted && left);
        let mut few = vec![first; FEW - 1];
        leave_one_of_each(&mut few, 0);
        assert_eq!(few.len(), FEW - 1);
    }
}
