//! The key `actions`: what happens to values of rules that are written elsewhere, the built-in ones above all.

use super::builtin;
use super::check::secret_fault;
use super::error::{Fault, listed, meant, quoted};
use super::node::Step::{self, Key};
use super::rule::{Action, Rule};

/// Families of the built-in rules.
const FAMILIES: [&str; 4] = ["secret", "pii", "net", "pay"];

/// What is wrong with an entry by itself, and where.
pub(super) fn check<'a>(on: &'a str, action: &Action) -> Result<(), (Vec<Step<'a>>, Fault)> {
    let at = |fault: Fault| Err((vec![Key("actions"), Key(on)], fault));
    if matches!(action, Action::Keep { .. }) {
        return at(Fault::new(
            "\"keep\" is no action to give to other rules",
            "disable turns a rule off, allow lets values stay",
        ));
    }
    match secret_fault(action) {
        Some(fault) if is_in(family(on), "secret") => at(fault),
        _ => Ok(()),
    }
}

/// Whether `on` is a class of built-in rules, whatever the profile, or a family of them: `pii.email`, `pii`, `pii.*`. Those
/// of `rules` are looked at first, because they are there already.
pub(super) fn is_class(on: &str, rules: &[Rule]) -> bool {
    FAMILIES.contains(&family(on))
        || rules.iter().any(|rule| is_in(&rule.class, on))
        || builtin::classes().iter().any(|class| is_in(class, on))
}

/// The class or family that `on` names: `pii.*` is `pii`.
fn family(on: &str) -> &str {
    on.strip_suffix(".*").unwrap_or(on)
}

fn is_in(class: &str, on: &str) -> bool {
    class.strip_prefix(family(on)).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// How closely `on` names `rule`: its id before its class, a longer class before a shorter one. 0: not at all. Rules of
/// files say themselves what they do, so they have to be named by id.
fn closeness(on: &str, rule: &Rule) -> usize {
    if rule.id == on {
        return usize::MAX;
    }
    if rule.origin.is_some() {
        return 0;
    }
    if is_in(&rule.class, on) { family(on).len() } else { 0 }
}

/// The entry for `rule`, of those that name it the closest one.
pub(super) fn of<'a, S>(given: &'a [(S, &str, &Action)], rule: &Rule) -> Option<&'a (S, &'a str, &'a Action)> {
    let close = given.iter().map(|entry| (closeness(entry.1, rule), entry));
    close.filter(|(close, _)| *close > 0).max_by_key(|(close, _)| *close).map(|(_, entry)| entry)
}

/// Gives `rule` another action; why not, if it is none for it.
pub(super) fn take(rule: &mut Rule, action: &Action, cards: &mut Cards) -> Option<Fault> {
    let secret = rule.class.starts_with("secret.");
    let card = rule.class == "pay.card";
    if let Some(fault) =
        secret.then(|| secret_fault(action)).flatten().or(card.then(|| self::cards(cards, action)).flatten())
    {
        return Some(fault);
    }
    rule.action = action.clone();
    None
}

/// What becomes of card numbers: some rule names them one by one, some shows parts of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cards {
    named: bool,
    parts: bool,
}

/// Notes what a rule does with card numbers; what is wrong with all of that together.
pub(super) fn cards(cards: &mut Cards, action: &Action) -> Option<Fault> {
    cards.named |= matches!(action, Action::Pseudonym | Action::AddressPseudonym | Action::Surrogate);
    cards.parts |= matches!(action, Action::Partial { .. });
    (cards.named && cards.parts).then(|| {
        Fault::new(
            "card numbers would stand as pseudonyms and in part, from which together they can be worked out",
            "PCI DSS 3.5.1 forbids a hash and a truncation of the same number: give all rules of pay.card one of the two",
        )
    })
}

/// Of two files that speak of the same rules neither goes before.
pub(super) fn other<S>(given: &[(S, &str, &Action)], on: &str, action: &Action) -> Option<Fault> {
    let other = given.iter().any(|(_, name, given)| family(name) == family(on) && *given != action);
    other.then(|| Fault::new(format!("another file gives{} another action", quoted(on)), "say it in one of them"))
}

/// An entry names nothing.
pub(super) fn unknown(on: &str) -> Fault {
    let classes = builtin::classes();
    let mut all: Vec<&str> = classes.iter().map(String::as_str).chain(FAMILIES).collect();
    builtin::rules().for_each(|id| all.push(id));
    let hint = meant(family(on), all.into_iter()).map_or_else(
        || format!("ids are listed by: logmask rules; classes begin with {}", listed(&FAMILIES)),
        |near| format!("did you mean \"{near}\"?"),
    );
    Fault::new(format!("no built-in rule and no class of them{}", quoted(on)), hint)
}
