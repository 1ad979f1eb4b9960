//! Actions that show more than the class of a rule allows, or change more than a value.

use super::{Lint, Remark};
use crate::policy::rule::{Action, Rule};

pub(super) fn remarks(rule: &Rule) -> Option<Remark> {
    let secret = rule.class.starts_with("secret.");
    let fact = match &rule.action {
        Action::Pseudonym if secret => {
            "a pseudonym of a secret lets whoever has the key test guesses, and tells which secrets are equal; redact says neither"
        }
        Action::Surrogate if secret => {
            "a surrogate of a secret would look like a live one, so a marker stands there instead; say redact"
        }
        Action::Partial { .. } if rule.class != "pay.card" => {
            "partial shows a part of the value, which often is enough to know whose it is; redact or pseudonym do not"
        }
        Action::DropLine => {
            "drop-line takes whole lines out of the log, other people's facts included; drop-field or redact keep the line"
        }
        Action::Keep { of } if secret && of.is_empty() => "keep on a class secret.* hides nothing",
        Action::Redact
        | Action::Seal
        | Action::Pseudonym
        | Action::AddressPseudonym
        | Action::Surrogate
        | Action::Generalise(_)
        | Action::Partial { .. }
        | Action::DropField
        | Action::Keep { .. } => {
            return None;
        }
    };
    Some(Remark::new(Lint::RiskyAction, "action", fact))
}
