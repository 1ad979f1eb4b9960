//! Ids in lists that do nothing, because the rule they name is not in force.

use super::{Lint, Remark, Subject};
use crate::policy::Policy;
use crate::policy::rule::Action;

fn in_force(policy: &Policy, id: &str) -> bool {
    policy.rules.iter().any(|rule| rule.id == id)
}

/// Keeps of rules that are not there.
pub(super) fn of_rule(subject: &Subject<'_>) -> Vec<Remark> {
    let Action::Keep { of } = &subject.rule.action else { return Vec::new() };
    let gone = of.iter().filter(|id| !in_force(subject.policy, id));
    gone.map(|id| Remark::new(Lint::Dead, "action", format!("keeps findings of {id}, which is not in force"))).collect()
}

/// `disable` and `allow` of rules that are not there: place and fact.
pub(super) fn remarks(policy: &Policy) -> Vec<(String, String)> {
    let mut remarks = Vec::new();
    for off in policy.off.iter().filter(|off| off.idle) {
        let place = format!("{}:{}: ", off.file.display(), off.line);
        remarks.push((place, format!("disables {}, which the profile does not have", off.rule)));
    }
    let mut allowed: Vec<_> = policy.places.iter().filter(|((id, key), _)| key == "allow" && id != "*").collect();
    allowed.sort();
    for ((id, _), places) in allowed {
        if !in_force(policy, id)
            && let Some((file, line)) = places.first()
        {
            remarks.push((
                format!("{}:{line}: ", file.display()),
                format!("allows values of {id}, which is not in force"),
            ));
        }
    }
    remarks
}
