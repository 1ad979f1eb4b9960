//! The literals of all built-in rules, made ready by `src/build`: making their table took a third of the start.

use super::anchors::table::{Literal, Owner, Table};

// `PATTERNS`, how many built-in rules have a pattern; `TABLE`, their literals and the words at which detectors written by hand
// look; `WORDS` and `TOKENS`, what words and long tokens among these begin with.
include!(concat!(env!("OUT_DIR"), "/literals.rs"));

#[cfg(test)]
mod tests {
    use super::super::anchors::BY_HAND;
    use super::super::anchors::table::eight_at;
    use super::super::heads::Heads;
    use super::super::hook::{Approach, Way, approach};
    use super::*;
    use crate::policy::{Docs, EVERYTHING, Find, load};
    use std::collections::BTreeSet;

    #[test]
    fn the_table_is_that_of_the_rules() {
        let policy = load(EVERYTHING, &[], false, Docs::Without).expect("built-in packs");
        let (words, tokens) = (Heads::of(&WORDS), Heads::of(&TOKENS));
        let (mut numbers, mut owners, mut patterns) = (BTreeSet::new(), 0, 0);
        for rule in &policy.rules {
            let Find::Pattern { keywords, keywords_inside, anchors, begin, firsts, tabled, .. } = &rule.find else {
                continue;
            };
            patterns += 1;
            let Approach { way, inside } =
                approach(*begin, anchors.iter(), &keywords.iter(), *keywords_inside, !firsts.is_empty());
            let Way::Literals { hooks, tokens: of_tokens } = way else {
                assert!(tabled.is_none(), "{}", rule.id);
                continue;
            };
            let tabled = tabled.as_ref().expect(&rule.id);
            assert_eq!(tabled.inside, inside, "{}", rule.id);
            assert!(numbers.insert(tabled.number), "{}", rule.id);
            for hook in hooks {
                let heads = if of_tokens { &tokens } else { &words };
                assert_eq!(heads.maybe(eight_at(hook.literal, hook.place)), 1, "{}", rule.id);
                let mut own = 0;
                TABLE.each_at(hook.literal, hook.place, |all| {
                    let same = |owner: &&Owner| owner.pattern == tabled.number && owner.inside == hook.inside;
                    own += all.iter().filter(same).count();
                });
                assert!(own > 0, "{}", rule.id);
                owners += 1;
            }
        }
        assert_eq!(patterns, PATTERNS);
        assert_eq!(TABLE.owners.iter().filter(|owner| owner.pattern != BY_HAND).count(), owners);
    }
}
