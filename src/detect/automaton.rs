//! One pattern tried at one place: an automaton that is built as it runs, without the general engine's choice of ways.
//!
//! Most tries fail within a few bytes, and what was looked at until then is known afterwards, so that the same bytes need
//! not be tried again (`known`).

use super::leads;
use super::stays::Stays;
use super::trace::{Place, Stop, Trace, Way};
use crate::policy::pattern::{self, GROUP};
use regex_automata::dfa::onepass;
use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::nfa::thompson::NFA;
use regex_automata::util::{start, syntax};
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::{Class, ClassBytes, ClassBytesRange, Hir, HirKind};

/// Most memory for the states of one pattern, in bytes; when it is full they are built anew.
const CAPACITY: usize = 256 << 10;

/// An automaton.
pub struct Automaton {
    states: DFA,
    /// None if only the general engine can tell where it is.
    group: Option<Group>,
}

/// Where the secret is in a match.
struct Group {
    start: Start,
    end: Behind,
}

enum Start {
    /// So many bytes behind the beginning.
    At(usize),
    /// Where the longest match of what stands in front of it ends.
    After(Box<DFA>),
}

enum Behind {
    /// So many bytes before the end of the match.
    Before(usize),
    /// So many bytes behind its start.
    Length(usize),
}

/// What one thread knows of an automaton's states.
pub struct Cache {
    states: Known,
    front: Option<Known>,
    trace: Trace,
    /// Bytes that the last try stepped over.
    pub stepped: usize,
}

/// What is known of one of them.
struct Known {
    cache: dfa::Cache,
    stays: Stays,
}

impl Known {
    fn of(states: &DFA) -> Known {
        Known { cache: states.create_cache(), stays: Stays::default() }
    }
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// Nothing; whatever begins with so many of these bytes is no match. [`usize::MAX`] if it depends on where they end.
    No(usize),
    /// Where the secret begins and ends, and where the match ends.
    Match(usize, usize, usize),
}

impl Automaton {
    /// One for `pattern`; none if it has to be left to the general engine.
    pub fn new(pattern: &str) -> Option<Automaton> {
        let hir = syntax::parse_with(pattern, &pattern::syntax()).ok()?;
        let nfa = pattern::nfa(&hir)?;
        Some(Automaton { group: Group::of(&hir, &nfa), states: states(nfa, MatchKind::LeftmostFirst)? })
    }

    /// An empty cache for it.
    pub fn cache(&self) -> Cache {
        let front = match &self.group {
            Some(Group { start: Start::After(front), .. }) => Some(Known::of(front)),
            _ => None,
        };
        Cache { states: Known::of(&self.states), front, trace: Trace::default(), stepped: 0 }
    }

    /// Tries a match that begins at `place` and is at most `limit` bytes long. `None` if the general engine has to.
    pub fn run(&self, cache: &mut Cache, place: Place<'_>, limit: usize) -> Option<Tried> {
        let text = &place.text.0[place.at..];
        let Cache { states, trace, stepped, .. } = cache;
        let way = Way { place, trace, stepped };
        let end = match end(&self.states, states, text, limit, Some(way))? {
            End::None(looked) => return Some(Tried::No(looked)),
            End::At(end) => end,
        };
        let Group { start, end: behind } = self.group.as_ref()?;
        let start = match start {
            Start::At(at) => *at,
            Start::After(front) => match self::end(front, cache.front.as_mut()?, text, end, None)? {
                End::At(at) => at,
                End::None(_) => return None,
            },
        };
        let secret_end = match behind {
            Behind::Before(bytes) => end.checked_sub(*bytes)?,
            Behind::Length(bytes) => start + bytes,
        };
        (start < secret_end && secret_end <= end).then_some(Tried::Match(start, secret_end, end))
    }
}

impl Group {
    /// Where it is in matches of `hir`, if that is known without a search of its own.
    fn of(hir: &Hir, nfa: &NFA) -> Option<Group> {
        let secret = |hir: &Hir| matches!(hir.kind(), HirKind::Capture(group) if group.name.as_deref() == Some(GROUP));
        if hir.properties().explicit_captures_len() == 0 || secret(hir) {
            return Some(Group { start: Start::At(0), end: Behind::Before(0) });
        }
        let HirKind::Concat(parts) = hir.kind() else { return None };
        let at = parts.iter().position(secret)?;
        let sum = |parts: &[Hir]| parts.iter().map(length).sum::<Option<usize>>();
        let end = match (sum(&parts[at + 1..]), length(&parts[at])) {
            (Some(bytes), _) => Behind::Before(bytes),
            (None, Some(bytes)) => Behind::Length(bytes),
            (None, None) => return None,
        };
        let start = match sum(&parts[..at]) {
            Some(bytes) => Start::At(bytes),
            // Where each byte says what it belongs to, what is in front ends where it cannot go on.
            None if is_onepass(nfa) || begins_apart(&parts[..at], &parts[at]) => {
                let front = pattern::nfa(&Hir::concat(parts[..at].to_vec()))?;
                Start::After(Box::new(states(front, MatchKind::All)?))
            }
            None => return None,
        };
        Some(Group { start, end })
    }
}

/// Length of all matches, in bytes, if they have one.
fn length(hir: &Hir) -> Option<usize> {
    let all = hir.properties();
    all.minimum_len().filter(|least| all.maximum_len() == Some(*least))
}

fn states(nfa: NFA, kind: MatchKind) -> Option<DFA> {
    let config = dfa::Config::new().match_kind(kind).cache_capacity(CAPACITY).skip_cache_capacity_check(true);
    dfa::Builder::new().configure(config).build_from_nfa(nfa).ok()
}

/// Longest pattern of what stands in front of a secret that is looked at again, in bytes: to try costs more than it gives for
/// lists of words.
const SHORT: usize = 256;

/// Does the first byte of the `secret` tell that what is in front of it, `front`, has ended?
fn begins_apart(front: &[Hir], secret: &Hir) -> bool {
    if front.iter().map(|part| part.to_string().len()).sum::<usize>() > SHORT {
        return false;
    }
    let set = leads::first(secret);
    let bytes = (0..=u8::MAX).filter(|byte| leads::holds(&set, *byte)).map(|byte| ClassBytesRange::new(byte, byte));
    let first = Hir::class(Class::Bytes(ClassBytes::new(bytes)));
    pattern::nfa(&Hir::concat([front, &[first]].concat())).is_some_and(|nfa| is_onepass(&nfa))
}

fn is_onepass(nfa: &NFA) -> bool {
    let config = onepass::Config::new().size_limit(Some(CAPACITY));
    onepass::Builder::new().configure(config).build_from_nfa(nfa.clone()).is_ok()
}

/// Where the match ends that begins with `text`, at `limit` at the latest. `None` if the automaton gave up.
fn end(
    states: &DFA,
    Known { cache, stays }: &mut Known,
    text: &[u8],
    limit: usize,
    mut way: Option<Way<'_>>,
) -> Option<End> {
    let config = start::Config::new().anchored(Anchored::Yes);
    let mut state = states.start_state(cache, &config).ok()?;
    let (mut end, mut at) = (None, 0);
    // What was passed over, as another try was there before.
    let mut passed = 0;
    // A match is told one byte late: the byte behind the limit is looked at, but does not belong to it.
    let seen = text.len().min(limit.saturating_add(1));
    let mut until = way.as_mut().map_or(seen, |way| way.trace.begin().min(seen));
    loop {
        while at < until {
            let (was, byte) = (state, text[at]);
            at += 1;
            if !was.is_tagged() {
                state = states.next_state_untagged(cache, was, byte);
                if !state.is_tagged() {
                    if state == was {
                        at += stays.run(states, cache, state, &text[at..seen])?;
                    }
                    continue;
                }
            }
            // The same again, with all that is special about a state.
            state = states.next_state(cache, was, byte).ok()?;
            if state.is_match() {
                if state == was {
                    at += stays.run(states, cache, state, &text[at..seen])?;
                }
                end = Some(at - 1);
            } else if state.is_dead() {
                if let Some(way) = &mut way {
                    *way.stepped = at - passed;
                    if end.is_none() {
                        way.fail(cache, Stop::Dead(way.place.at + at));
                    }
                }
                return Some(end.map_or(End::None(at), End::At));
            } else if state.is_quit() {
                return None;
            }
        }
        let Some(way) = way.as_mut().filter(|_| at < seen) else { break };
        match way.note(cache, at, state) {
            None => {}
            Some(Stop::Dead(place)) => {
                *way.stepped = at - passed;
                return Some(end.map_or(End::None(place - way.place.at), End::At));
            }
            Some(Stop::Window(place, last)) => {
                let to = (place - way.place.at).min(seen);
                if to > at {
                    passed += to - at;
                    (at, state) = (to, last);
                }
            }
        }
        until = seen.min(way.next(at));
    }
    if let Some(way) = &mut way {
        *way.stepped = at - passed;
        if end.is_none() {
            way.fail(cache, Stop::Window(way.place.at + at, state));
        }
    }
    if text.len() <= limit && states.next_eoi_state(cache, state).ok()?.is_match() {
        end = Some(text.len());
    }
    // All of it was looked at, and where it ends.
    Some(end.map_or(End::None(usize::MAX), End::At))
}

/// Where a match ends, or how many bytes told that there is none.
enum End {
    At(usize),
    None(usize),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::pattern::compile_all;
    use crate::policy::{Docs, Find, load};
    use proptest::prelude::*;
    use regex_automata::Input;

    /// What the general engine says of a match at the beginning of `text`.
    fn generally(regex: &regex_automata::meta::Regex, text: &[u8], limit: usize) -> Option<(usize, usize, usize)> {
        let mut found = regex.create_captures();
        regex.search_captures(&Input::new(text).range(..limit).anchored(Anchored::Yes), &mut found);
        let whole = found.get_match()?;
        let secret = found.get_group_by_name(GROUP).unwrap_or(whole.span());
        Some((secret.start, secret.end, whole.end()))
    }

    /// Both say the same of the matches that begin with each suffix of `text`.
    fn agree(pattern: &str, automaton: &Automaton, regex: &regex_automata::meta::Regex, text: &[u8], limit: usize) {
        let mut cache = automaton.cache();
        for at in 0..text.len() {
            let rest = &text[at..];
            let limit = limit.min(rest.len());
            let expected = generally(regex, rest, limit);
            match automaton.run(&mut cache, Place::of(text, at), limit) {
                Some(Tried::No(looked)) => {
                    assert_eq!(expected, None, "{pattern}");
                    // Whatever else follows what was looked at.
                    if looked < rest.len() {
                        let other = [&rest[..looked], b"5aA-_.:=\" \n0123456789abcdef"].concat();
                        assert_eq!(generally(regex, &other, other.len()), None, "{pattern}");
                    }
                }
                Some(Tried::Match(start, end, whole)) => assert_eq!(expected, Some((start, end, whole)), "{pattern}"),
                None => assert!(automaton.group.is_none() && expected.is_some(), "{pattern}"),
            }
        }
    }

    #[test]
    fn it_finds_what_the_general_engine_finds() {
        let policy = load("default", &[], false, Docs::With).expect("a built-in profile");
        let mut alone = 0;
        for rule in &policy.rules {
            let Find::Pattern { pattern, .. } = &rule.find else { continue };
            let (automaton, regex) = (Automaton::new(pattern).expect(pattern), compile_all(&[pattern]).expect(pattern));
            alone += usize::from(automaton.group.is_some());
            for text in rule.about().examples.iter().map(|e| &e.input).chain(&rule.about().unchanged) {
                agree(pattern, &automaton, &regex, text.as_bytes(), usize::MAX);
                agree(pattern, &automaton, &regex, text.as_bytes(), 20);
            }
        }
        assert!(alone > 400, "{alone}");
    }

    #[test]
    fn long_runs_are_one_step_and_end_where_they_do() {
        for pattern in ["k_(?<secret>[a-z0-9]{4,})", "[a-z]*[0-9](?<secret>[a-z]+)(?:;|$)", "(?<secret>[a-z]+)0"] {
            let (automaton, regex) = (Automaton::new(pattern).expect(pattern), compile_all(&[pattern]).expect(pattern));
            for text in ["k_abcdefghijklmnopqrstuvwxyz0123", "abcdefghij7abcdefghijklmnopqrst;x", "abcdefghijklmno0p-"]
            {
                // Notes are taken on the way.
                for length in (0..400).chain([7]) {
                    let text: Vec<u8> = text.bytes().flat_map(|byte| vec![byte; 1 + length / 40]).collect();
                    agree(pattern, &automaton, &regex, &text, usize::MAX);
                    agree(pattern, &automaton, &regex, &text, length);
                }
            }
        }
    }

    #[test]
    fn tries_that_come_into_the_states_of_one_that_failed_say_what_they_would_alone() {
        let words =
            ["zip -r a b ", "zip ", "x", " -P", " -Pq", "|", "; ", "zip -e archive.zip file ", "aaaaaaaaaaaaaaaa "];
        let patterns = [
            r"zip (?:[^|;]*? )??-P(?<secret>[a-z]+);",
            r"zip [^|;]*?(?:-P|x{3})(?<secret>[a-z]{2,})\b",
            r"(?:zip|archive)[^|]*-P(?<secret>q)",
        ];
        let mut seed = 7u32;
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as usize
        };
        for pattern in patterns {
            let (automaton, regex) = (Automaton::new(pattern).expect(pattern), compile_all(&[pattern]).expect(pattern));
            for round in 0..40 {
                // Long stretches of the same, and now and then something else.
                let repeated = words[next() % words.len()].repeat(next() % 40);
                let text: String = (0..20).map(|_| words[next() % words.len()]).collect::<String>() + &repeated;
                let text = text.clone() + &text;
                let limit = if round % 2 == 0 { usize::MAX } else { 150 + next() % 400 };
                agree(pattern, &automaton, &regex, text.as_bytes(), limit);
            }
        }
    }

    #[test]
    fn many_tries_step_over_few_bytes() {
        let automaton = Automaton::new(r"zip (?:[^|;\r\n]*? )??-P(?<secret>[a-z]+)").expect("an automaton");
        let text = "zip -r a b ".repeat(2000);
        let mut cache = automaton.cache();
        let mut stepped = 0;
        for at in (0..text.len()).step_by(11) {
            assert_eq!(
                automaton.run(&mut cache, Place::of(text.as_bytes(), at), (text.len() - at).min(4096)),
                Some(Tried::No(usize::MAX))
            );
            stepped += cache.stepped;
        }
        assert!(stepped < 20 * text.len(), "{stepped} of {}", text.len());
    }

    proptest! {
        #[test]
        fn places_of_groups_agree_on_any_text(text in "[ab0 :_]{0,24}", which in 0usize..8) {
            let pattern = [
                "(?<secret>a+)",
                "a(?<secret>[ab]+)0",
                r"\ba+ *(?<secret>[b0]+)",
                r"(?<secret>ab)(?:\b|_)",
                "a(?:b0)?(?<secret>[ab:]+)",
                "(?:a|ab)(?<secret>b?0)",
                "[ab]*a(?<secret>b+)",
                r"a\s*:?\s*(?<secret>[0b]{2,4}?)(?:_|$)",
            ][which];
            let (automaton, regex) = (Automaton::new(pattern).expect(pattern), compile_all(&[pattern]).expect(pattern));
            agree(pattern, &automaton, &regex, text.as_bytes(), usize::MAX);
        }
    }
}
