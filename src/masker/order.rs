//! What the rules say about findings that meet.

use super::Rules;
use crate::action::Replacer;
use crate::edit::{Edit, Order, Sealing};
use crate::format::parts;
use crate::policy::{Action, Policy, Rule};
use crate::seal::{Audience, Sealed};
use crate::span::RuleIx;

impl Rules {
    /// Does every finding hide its bytes, as no rule withdraws others or only observes?
    pub(super) fn all_are_final(&self) -> bool {
        self.observes.is_empty() && !self.withdrawing
    }

    /// How the value of `edit` is sealed, if it is. What goes on from a line before has a token of its own; only a bare JSON
    /// value has no place for a second one, and is redacted where its container's engine cut it.
    pub(super) fn sealed(&self, edit: &Edit, record: &[u8]) -> Option<(&Sealed, Option<&Sealed>)> {
        let sealed = self.replacer(edit.action).sealed().filter(|_| !edit.plain)?;
        let whole = || matches!(record.get(edit.span.end), Some(b',' | b'}' | b']' | b' ' | b'\t'));
        let cut = edit.quote.is_some() && (edit.continued || !whole() && parts::is_part(record));
        (!cut).then_some((sealed, edit.twice.and_then(|rule| self.replacer(rule).sealed())))
    }

    pub(super) fn action(&self, rule: RuleIx) -> &Action {
        &self.actions[rule.0 as usize]
    }

    pub(super) fn replacer(&self, rule: RuleIx) -> &Replacer {
        &self.replacers[rule.0 as usize]
    }
}

impl Order for Rules {
    fn strictness(&self, rule: RuleIx) -> u8 {
        // Of two of one kind, the one that knows what the value is.
        self.replacer(rule).strictness() * 2 + u8::from(self.identities[rule.0 as usize].is_some())
    }

    fn rank(&self, rule: RuleIx) -> u16 {
        let ranks = self.ranks.get_or_init(|| {
            let mut order: Vec<usize> = (0..self.names.len()).collect();
            order.sort_unstable_by_key(|at| &self.names[*at].id);
            let mut ranks = vec![0; order.len()];
            (0..).zip(order).for_each(|(rank, at)| ranks[at] = rank);
            ranks
        });
        ranks[rule.0 as usize]
    }

    fn same_marker(&self, a: RuleIx, b: RuleIx) -> bool {
        a == b
            // What a value is by itself goes before what a rule says of it.
            || matches!((self.action(a), self.action(b)), (Action::Surrogate, Action::Surrogate))
            || self.action(a) == self.action(b)
                && self.identities[a.0 as usize].is_some()
                && self.identities[a.0 as usize] == self.identities[b.0 as usize]
    }

    fn sealed_as_one(&self, a: RuleIx, b: RuleIx) -> Sealing {
        let seals = |rule| self.replacer(rule).sealed().is_some();
        if !seals(a) && !seals(b) {
            return Sealing::No;
        }
        // What is to be gone for everybody is gone.
        let weaker = |rule| seals(rule) || self.replacer(rule).depends_on_value();
        let audience = |rule: RuleIx| self.audiences[rule.0 as usize];
        let (of_a, of_b) = (audience(a), audience(b));
        let within = |inner: Audience, outer: Audience| inner & !outer == 0;
        let (first, second) = (seals(a) && within(of_a, of_b), seals(b) && within(of_b, of_a));
        match (weaker(a) && weaker(b), first, second) {
            (false, ..) => Sealing::No,
            (_, true, true) => {
                let key = |rule| (self.strictness(rule), std::cmp::Reverse(self.rank(rule)));
                if key(a) > key(b) { Sealing::First } else { Sealing::Second }
            }
            (_, true, false) => Sealing::First,
            (_, false, true) => Sealing::Second,
            (_, false, false) if seals(a) && seals(b) && of_a & of_b != 0 => Sealing::Twice,
            (_, false, false) => Sealing::No,
        }
    }

    fn depends_on_value(&self, rule: RuleIx) -> bool {
        self.replacer(rule).depends_on_value()
    }

    fn drops_field(&self, rule: RuleIx) -> bool {
        matches!(self.action(rule), Action::DropField)
    }

    fn withdraws(&self, rule: RuleIx) -> Option<&[RuleIx]> {
        self.withdraws[rule.0 as usize].as_deref()
    }
}

/// Which rule's claim covers those of others inside it, and who sees what it claims. Where it depends on who looks what is
/// hidden, nothing covers what somebody may not see who sees the cover.
pub(super) fn strictness(policy: &Policy, rule: &Rule, replacer: &Replacer) -> (u8, u64) {
    match policy.seers.get(&*rule.id) {
        Some(seers) => (seers.count_zeros() as u8, *seers),
        None if policy.observes(rule) => (0, u64::MAX),
        None if policy.seers.is_empty() => (replacer.strictness(), 0),
        None => (100 + replacer.strictness(), 0),
    }
}
