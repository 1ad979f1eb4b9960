//! `--max-mask-ratio`: a rule that suddenly masks half of the log is noticed, and named.

use super::{Failure, message};
use crate::masker::RuleName;
use crate::tally::Tally;

/// A share of all bytes, typed as `0.05` or `5%`.
pub(super) fn ratio(typed: &str) -> Result<f64, Failure> {
    let (number, unit) = typed.strip_suffix('%').map_or((typed, 1.0), |number| (number, 0.01));
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match number.parse::<f64>() {
        Ok(number) if plain && number * unit <= 1.0 => Ok(number * unit),
        _ => Err(Failure::usage("--max-mask-ratio: no share of the bytes").hint("for example 0.05 or 5%")),
    }
}

/// What to say if more than `most` of the bytes were masked: how much, and by which rules above all.
pub(super) fn alarm(tally: &Tally, rules: &[RuleName], most: f64) -> Option<String> {
    let ratio = tally.mask_ratio();
    if ratio <= most {
        return None;
    }
    let mut by_rule: Vec<(u64, &RuleName)> =
        tally.bytes.iter().copied().zip(rules).filter(|(bytes, _)| *bytes > 0).collect();
    by_rule.sort_by_key(|(bytes, rule)| (std::cmp::Reverse(*bytes), &rule.id));
    let share = |bytes: u64| format!("{:.2} %", bytes as f64 * 100.0 / tally.bytes_selected().max(1) as f64);
    let named: Vec<String> =
        by_rule.iter().take(3).map(|(bytes, rule)| format!("{} ({})", rule.id, share(*bytes))).collect();
    let masked = share(tally.bytes_masked);
    Some(format!(
        "{masked} of {} masked (--max-mask-ratio), above all by {}",
        message::count(tally.bytes_selected(), "byte"),
        named.join(", ")
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_a_number_up_to_one_or_a_percentage() {
        for (typed, value) in [("0", 0.0), ("0.25", 0.25), ("25%", 0.25), ("1", 1.0), ("100%", 1.0), (".5", 0.5)] {
            assert!((ratio(typed).unwrap() - value).abs() < 1e-12, "{typed}");
        }
        for typed in ["", "%", "-1", "1.1", "101%", "x", "nan", "inf", "1e-3", "0.5 %"] {
            assert!(ratio(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn the_rules_that_mask_most_are_named_first() {
        let name = |id: &str| RuleName { id: id.to_owned().into(), class: "x".into() };
        let rules = ["a", "b", "c"].map(name);
        let mut tally = Tally { bytes_in: 1000, ..Tally::default() };
        tally.edit(1, 100);
        tally.edit(2, 20);
        assert_eq!(alarm(&tally, &rules, 0.12), None);
        let said = alarm(&tally, &rules, 0.11).unwrap();
        assert_eq!(said, "12.00 % of 1000 bytes masked (--max-mask-ratio), above all by b (10.00 %), c (2.00 %)");
    }
}
