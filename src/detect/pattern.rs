//! Rules by regular expression, compiled when first needed.

use super::automaton::{Automaton, Cache, Tried};
use super::leads::Leads;
use super::steps::Steps;
use super::trace::Place;
use crate::policy::pattern::{GROUP, SIZE_LIMIT, syntax};
use crate::span::Span;
use regex_automata::meta::Regex;
use regex_automata::{Anchored, Input};
use regex_syntax::hir::{Hir, HirKind};
use std::borrow::Cow;
use std::sync::OnceLock;

/// A window round a candidate, in bytes: a match that fills it takes the whole run it stands in, and one of a user's pattern
/// that is under way is followed on.
pub const MAX_LENGTH: usize = 4096;

/// What searches in one record may step over, in bytes, before they are counted.
const UNCOUNTED: usize = 1 << 20;

/// Room for the places of the groups of most patterns up to `secret`, two each.
const FEW_SLOTS: usize = 16;

/// One pattern.
pub struct Pattern {
    source: Cow<'static, str>,
    leads: Leads,
    /// Boxed like all that few patterns ever need: there are hundreds of them, and starting takes no time.
    compiled: OnceLock<Box<Compiled>>,
    /// For a match that begins at a known place.
    automaton: OnceLock<Option<Box<Automaton>>>,
    /// Written by somebody whose patterns we have not proved: what its searches step over is counted.
    counted: bool,
    steps: OnceLock<Option<Box<Steps>>>,
}

/// What came of a try at one place.
pub struct Attempt {
    /// The secret, and where the match ends.
    pub found: Option<(Span, usize)>,
    /// If there is none: so many bytes were looked at to know it.
    pub looked: usize,
    /// So many were stepped over for that now.
    pub stepped: usize,
}

struct Compiled {
    regex: Regex,
    /// The group `secret`, unless it is the whole match.
    group: Option<usize>,
}

/// Compiles several patterns into one automaton, which tells where any of them matches.
pub fn compile_all(patterns: &[&str]) -> Result<Regex, Box<dyn std::error::Error + Send + Sync>> {
    build(patterns, Regex::config())
}

/// The same for patterns without a literal worth a search: each byte is stepped over once. A search for the `-` in
/// `[a-f0-9]{4}-[A-Z]{2}` stops at every other word, which took six times as long.
pub fn compile_bare(patterns: &[&str]) -> Result<Regex, Box<dyn std::error::Error + Send + Sync>> {
    build(patterns, Regex::config().auto_prefilter(false))
}

fn build(
    patterns: &[&str],
    config: regex_automata::meta::Config,
) -> Result<Regex, Box<dyn std::error::Error + Send + Sync>> {
    let config = config.utf8_empty(false).nfa_size_limit(Some(SIZE_LIMIT * patterns.len()));
    Regex::builder().syntax(syntax()).configure(config).build_many(patterns).map_err(Into::into)
}

impl Pattern {
    /// A pattern that is known to compile, and what its matches begin with. `counted`: its searches count as work of the
    /// record, see [`Pattern::steps`].
    pub fn new(source: Cow<'static, str>, leads: Leads, counted: bool) -> Pattern {
        Pattern {
            source,
            leads,
            compiled: OnceLock::new(),
            automaton: OnceLock::new(),
            counted,
            steps: OnceLock::new(),
        }
    }

    /// Bytes that a search in `window` steps over, as far as they are counted. `owed` is what all searches in this record
    /// could have stepped over at most: while that is little, nothing is measured.
    pub fn steps(&self, text: &[u8], window: Span, anchored: bool, owed: &mut usize) -> usize {
        if !self.counted {
            return 0;
        }
        let window = if anchored { Span::new(window.start, window.end.min(window.start + MAX_LENGTH)) } else { window };
        *owed += window.len();
        if *owed < UNCOUNTED {
            return 0;
        }
        let steps = self.steps.get_or_init(|| Steps::new(&self.source).map(Box::new));
        steps.as_ref().map_or(window.len(), |steps| steps.of(text, window, anchored))
    }

    /// The pattern as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    fn compiled(&self) -> &Compiled {
        self.compiled.get_or_init(|| {
            let regex = compile_all(&[&self.source]).expect("patterns are compiled when the policy is loaded");
            let named = || regex.group_info().to_index(regex_automata::PatternID::ZERO, GROUP);
            let group = if is_whole(&self.source) { None } else { named() };
            Box::new(Compiled { regex, group })
        })
    }

    /// Tries a match that starts at `at`. A word begins there, whatever stands in front: it may be the letter of an escape
    /// (`\nghp_…`).
    pub fn match_at(&self, place: Place<'_>, cache: &mut Option<Box<Cache>>) -> Attempt {
        let Place { text: (text, _), at } = place;
        let rest = &text[at..];
        let mut limit = rest.len().min(MAX_LENGTH);
        // An automaton that is there says the same, and where the match ends.
        if !matches!(self.automaton.get(), Some(Some(_)))
            && let Some(looked) = self.leads.refuse(rest)
        {
            return Attempt { found: None, looked, stepped: looked.min(limit) };
        }
        if let Some(automaton) = self.automaton.get_or_init(|| Automaton::new(&self.source).map(Box::new)) {
            let cache = cache.get_or_insert_with(|| Box::new(automaton.cache()));
            let mut tried = automaton.run(cache, place, limit);
            // Where the window ends a match may go on. Those of our rules are made for it.
            if self.counted && limit < rest.len() && tried == Some(Tried::No(usize::MAX)) {
                limit = rest.len();
                tried = automaton.run(cache, place, limit);
            }
            match tried {
                Some(Tried::No(looked)) => return Attempt { found: None, looked, stepped: cache.stepped },
                Some(Tried::Match(start, secret_end, end)) => {
                    let secret = Span::new(at + start, at + secret_end);
                    return Attempt {
                        found: Some(whole_run(text, at + limit, secret, Span::new(at, at + end))),
                        looked: 0,
                        stepped: cache.stepped,
                    };
                }
                None => {}
            }
        }
        let input = Input::new(rest).range(..limit).anchored(Anchored::Yes);
        let found = self.search(&input).map(|(secret, end)| (Span::new(at + secret.start, at + secret.end), at + end));
        Attempt { found, looked: usize::MAX, stepped: limit }
    }

    /// The secret of the first match within `window`, and where the match ends.
    pub fn find_in(&self, text: &[u8], window: Span) -> Option<(Span, usize)> {
        self.search(&Input::new(text).range(window.range()))
    }

    fn search(&self, input: &Input<'_>) -> Option<(Span, usize)> {
        let compiled = self.compiled();
        let (secret, whole) = match compiled.group {
            None => {
                let found = compiled.regex.search(input)?;
                (Span::new(found.start(), found.end()), Span::new(found.start(), found.end()))
            }
            Some(group) => {
                let (mut few, mut many) = ([None; FEW_SLOTS], Vec::new());
                let slots = if let Some(slots) = few.get_mut(..2 * group + 2) {
                    slots
                } else {
                    many.resize(2 * group + 2, None);
                    &mut many[..]
                };
                compiled.regex.search_slots(input, slots)?;
                let span = |at: usize| Some(Span::new(slots[at]?.get(), slots[at + 1]?.get()));
                (span(2 * group)?, span(0)?)
            }
        };
        Some(whole_run(input.haystack(), input.end(), secret, whole))
    }
}

/// The secret of a match within a window that ends at `window`, and where the match ends: one that fills the window goes
/// on to the end of its run.
fn whole_run(text: &[u8], window: usize, secret: Span, whole: Span) -> (Span, usize) {
    if whole.end < window || window == text.len() || secret.end < whole.end {
        return (secret, whole.end.max(whole.start + 1));
    }
    let run = text[window..].iter().take_while(|b| !b.is_ascii_whitespace() && !b"\"'<>".contains(b)).count();
    (Span::new(secret.start, window + run), window + run)
}

/// Is the group `secret` all there is, look-arounds aside? Then the match itself says where the secret is, which an
/// automaton without captures finds much faster.
fn is_whole(pattern: &str) -> bool {
    let parsed = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern);
    let secret = |hir: &Hir| matches!(hir.kind(), HirKind::Capture(group) if group.name.as_deref() == Some(GROUP));
    let nothing = |hir: &Hir| matches!(hir.kind(), HirKind::Look(_) | HirKind::Empty);
    parsed.is_ok_and(|hir| match hir.kind() {
        HirKind::Concat(parts) => {
            parts.iter().all(|part| secret(part) || nothing(part)) && parts.iter().filter(|p| secret(p)).count() == 1
        }
        _ => secret(&hir),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Docs, Find, load};
    use proptest::prelude::*;

    fn pattern(source: &'static str) -> Pattern {
        Pattern::new(source.into(), Leads::of(source), false)
    }

    #[test]
    fn only_the_group_is_taken() {
        let pattern = pattern(r"\bkey-(?<secret>[a-z]+)!");
        assert_eq!(pattern.match_at(Place::of(b"a key-abc! b", 2), &mut None).found, Some((Span::new(6, 9), 10)));
        assert_eq!(pattern.match_at(Place::of(b"a key-abc b", 2), &mut None).found, None);
        assert_eq!(pattern.find_in(b"xx key-q! yy", Span::new(0, 12)), Some((Span::new(7, 8), 9)));
    }

    #[test]
    fn a_group_that_is_all_needs_no_captures() {
        assert!(is_whole(r"\b(?<secret>[a-z]+)\b") && is_whole("(?<secret>a)"));
        assert!(!is_whole(r"\b(?<secret>[a-z]+)(?:\b|_)") && !is_whole("x(?<secret>a)") && !is_whole("[a-z]+"));
    }

    #[test]
    fn a_match_longer_than_the_window_takes_the_whole_run() {
        let text = format!("tok_{} next", "a".repeat(10_000));
        let pattern = pattern(r"\btok_[a-z]+");
        assert_eq!(
            pattern.match_at(Place::of(text.as_bytes(), 0), &mut None).found,
            Some((Span::new(0, 10_004), 10_004))
        );
    }

    #[test]
    fn a_match_that_ends_behind_the_window_is_followed() {
        let source = r"\btok_(?<secret>[a-z]+);";
        let pattern = Pattern::new(source.into(), Leads::of(source), true);
        let found = |text: &str| pattern.match_at(Place::of(text.as_bytes(), 0), &mut None).found;
        let long = "a".repeat(10_000);
        assert_eq!(found(&format!("tok_{long}; next")), Some((Span::new(4, 10_004), 10_005)));
        assert_eq!(found(&format!("tok_{long} next;")), None);
    }

    /// What is refused does not match, and neither does anything else that begins with what was looked at.
    fn refuses_rightly(pattern: &str, leads: &Leads, regex: &regex_automata::meta::Regex, text: &[u8]) {
        let matches = |text: &[u8]| regex.find(Input::new(text).anchored(Anchored::Yes)).is_some();
        for at in 0..text.len() {
            let rest = &text[at..];
            match leads.refuse(rest) {
                Some(looked) if looked < rest.len() => {
                    assert!(!matches(&[&rest[..looked], b"5aA-_.:=\" \n0123456789abcdef"].concat()), "{pattern}");
                    assert!(!matches(rest), "{pattern}");
                }
                Some(_) => assert!(!matches(rest), "{pattern}"),
                None => {}
            }
        }
    }

    #[test]
    fn what_is_refused_matches_no_built_in_rule() {
        let policy = load("export", &[], false, Docs::With).expect("a built-in profile");
        let (mut told, mut patterns) = (0, 0);
        for rule in &policy.rules {
            let Find::Pattern { pattern, leads, .. } = &rule.find else { continue };
            let regex = compile_all(&[pattern]).expect(pattern);
            patterns += 1;
            told += usize::from(leads.sets().count() > 4);
            for text in rule.about().examples.iter().map(|e| &e.input).chain(&rule.about().unchanged) {
                refuses_rightly(pattern, leads, &regex, text.as_bytes());
            }
        }
        assert!(told > patterns / 2, "{told} of {patterns}");
    }

    proptest! {
        #[test]
        fn what_is_refused_matches_nothing(
            parts in prop::collection::vec(
                prop::sample::select(vec!["a", "b", "ab", "[ab]", "[^a]", "(?:a|bc)", "c?", "(?:ab)*", "b{2,3}", "(?:|a)", r"\b", "(?:a|b$)", "(?:b?c)+"]),
                1..7,
            ),
            text in "[abc ]{0,12}",
        ) {
            let pattern = parts.concat();
            let regex = compile_all(&[&pattern]).expect("it compiles");
            refuses_rightly(&pattern, &Leads::of(&pattern), &regex, text.as_bytes());
        }
    }
}
