//! The policy file of a project comes with its logs, from whoever wrote those: it may add protection, and not take any
//! away.

use super::error::Fault;
use super::node::Step::{self, Item, Key};
use super::raw::{RawAllow, RawPolicy};
use super::rule::Action;

const HINT: &str = "put it into a policy of your own, named by -c or LOGMASK_CONFIG";

/// The first thing in a file that would weaken rules other than its own, and where it stands.
pub(super) fn takes_away(raw: &RawPolicy) -> Option<(Vec<Step<'static>>, &'static str)> {
    if !raw.disable.is_empty() {
        return Some((vec![Key("disable")], "disable"));
    }
    let allows = match &raw.allow {
        RawAllow::Every(globs) => !globs.is_empty(),
        RawAllow::ByRule(rules) => !rules.is_empty(),
    };
    if allows {
        return Some((vec![Key("allow")], "allow"));
    }
    if raw.stack.is_some() {
        return Some((vec![Key("stack")], "stack"));
    }
    if raw.extends.as_ref().is_some_and(Vec::is_empty) {
        return Some((vec![Key("extends")], "to leave out the floor"));
    }
    let weak = raw.rules.iter().position(|rule| matches!(rule.action, Action::Keep { .. }))?;
    Some((vec![Key("rules"), Item(weak), Key("action")], "keep"))
}

/// What is said of that.
pub(super) fn fault(what: &str) -> Fault {
    let fact = format!("the file of a project may add protection, never take it away: {what} is not allowed here");
    Fault::new(fact, HINT)
}
