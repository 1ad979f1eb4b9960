//! How many bytes a search steps over: the measure of what a pattern costs, the same on every machine.
//!
//! A search for the first match goes on behind it as long as a better one may come, so `.*[^A-Z]|[A-Z]` reads to the end of
//! the line for each letter that it finds. How far, the regex crates do not tell; a lazy DFA that is stepped here does.

use crate::policy::pattern::{SIZE_LIMIT, syntax};
use crate::span::Span;
use regex_automata::Anchored;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::start;
use std::sync::{Mutex, PoisonError};

/// Counts the steps of one pattern.
pub struct Steps {
    dfa: DFA,
    /// One is enough: only records that are suspicious already are counted.
    cache: Mutex<Cache>,
}

impl Steps {
    /// For a pattern that is known to compile; `None` if it is too large for an automaton of this kind.
    pub fn new(pattern: &str) -> Option<Steps> {
        let nfa = thompson::Config::new().utf8(false).nfa_size_limit(Some(SIZE_LIMIT));
        let config = DFA::config().skip_cache_capacity_check(true);
        let dfa = DFA::builder().syntax(syntax()).thompson(nfa).configure(config).build(pattern).ok()?;
        let cache = Mutex::new(dfa.create_cache());
        Some(Steps { dfa, cache })
    }

    /// Bytes that the search for the first match in `window` steps over; with `anchored` for one at its beginning. A
    /// search that cannot be counted counts as the whole window.
    pub fn of(&self, text: &[u8], window: Span, anchored: bool) -> usize {
        self.count(text, window, anchored).unwrap_or(window.len())
    }

    fn count(&self, text: &[u8], window: Span, anchored: bool) -> Option<usize> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let anchored = if anchored { Anchored::Yes } else { Anchored::No };
        let behind = window.start.checked_sub(1).map(|at| text[at]);
        let start = start::Config::new().anchored(anchored).look_behind(behind);
        let mut state = self.dfa.start_state(&mut cache, &start).ok()?;
        for (steps, byte) in text[window.range()].iter().enumerate() {
            state = self.dfa.next_state(&mut cache, state, *byte).ok()?;
            if state.is_dead() || state.is_quit() {
                return Some(steps + 1);
            }
        }
        Some(window.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(pattern: &str, text: &str, anchored: bool) -> usize {
        Steps::new(pattern).expect("a small pattern").of(text.as_bytes(), Span::new(0, text.len()), anchored)
    }

    #[test]
    fn a_search_stops_where_nothing_better_can_come() {
        // A DFA knows of a match when it has seen what follows, and of its end one byte later.
        assert_eq!(steps("ab", "xxab------", false), 6);
        assert_eq!(steps("ab", "xx--------", false), 10);
        assert_eq!(steps("ab", "xxab------", true), 1);
        assert_eq!(steps(".*[^A-Z]|[A-Z]", "AAAAAAAAAA", false), 10);
        assert_eq!(steps("[A-Z]", "AAAAAAAAAA", false), 3);
    }
}
