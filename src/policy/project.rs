//! The policy file of a project comes with its logs, from whoever wrote those: it may add protection, and not take any
//! away.

use super::error::Fault;
use super::node::Step::{self, Item, Key};
use super::raw::{RawAllow, RawPolicy};
use super::rule::Action;

const HINT: &str = "put it into a policy of your own, named by -c or LOGMASK_CONFIG";

/// The first thing in a file that would weaken rules other than its own, and where it stands.
pub(super) fn takes_away(raw: &RawPolicy) -> Option<(Vec<Step<'static>>, &'static str)> {
    // Each key is named here, so that a new one cannot be forgotten.
    let RawPolicy { _version: _, extends, rules, disable, allow, actions, stack, propagate, roles, access } = raw;
    let allows = match allow {
        RawAllow::Every(globs) => !globs.is_empty(),
        RawAllow::ByRule(rules) => !rules.is_empty(),
    };
    let taken = [
        (!disable.is_empty(), "disable", "disable"),
        (allows, "allow", "allow"),
        (!actions.is_empty(), "actions", "actions"),
        (stack.is_some(), "stack", "stack"),
        (*propagate == Some(false), "propagate", "propagate: false"),
        // Who sees what is not for whoever wrote the logs to say.
        (roles.is_some(), "roles", "roles"),
        (access.is_some(), "access", "access"),
        (extends.as_ref().is_some_and(Vec::is_empty), "extends", "to leave out the floor"),
    ];
    if let Some((_, key, what)) = taken.into_iter().find(|(taken, ..)| *taken) {
        return Some((vec![Key(key)], what));
    }
    let weak = rules.iter().position(|rule| matches!(rule.action, Action::Keep { .. }))?;
    Some((vec![Key("rules"), Item(weak), Key("action")], "keep"))
}

/// What is said of that.
pub(super) fn fault(what: &str) -> Fault {
    let fact = format!("the file of a project may add protection, never take it away: {what} is not allowed here");
    Fault::new(fact, HINT)
}
