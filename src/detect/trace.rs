//! What a try that failed went through: another one of the same pattern that comes into the same state at the same place fails
//! as it did. Where a pattern may go on to the end of its window, `zip … -P …`, and the word that it begins with stands there
//! a hundred times, each try would step over four thousand bytes.

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa;

/// A state is noted once in so many bytes of the text; tries that end before are not noted at all.
const EVERY: usize = 64;

/// Where a try begins.
#[derive(Clone, Copy)]
pub struct Place<'t> {
    /// All of the text, and a number that no other text has.
    pub text: (&'t [u8], u64),
    /// Where in it.
    pub at: usize,
}

impl Place<'_> {
    /// In a text that nothing else is tried in with the same cache.
    #[cfg(test)]
    pub fn of(text: &[u8], at: usize) -> Place<'_> {
        Place { text: (text, 0), at }
    }
}

/// How a try stopped, where in the text.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// No match goes on behind this place.
    Dead(usize),
    /// Its window ended there, in this state.
    Window(usize, LazyStateID),
}

/// The states of one try.
#[derive(Default)]
struct Path {
    /// The number of the text, and how often the automaton had forgotten its states.
    of: (u64, usize),
    /// Places in order, each with the state in which the automaton was there.
    states: Vec<(usize, LazyStateID)>,
}

/// The last try that failed, and the one that is under way.
#[derive(Default)]
pub struct Trace {
    failed: Path,
    stop: Option<Stop>,
    own: Path,
    /// The one under way came into the states of the one that failed.
    joined: bool,
}

impl Trace {
    /// A try begins. Gives after how many bytes its state is to be noted.
    pub fn begin(&mut self) -> usize {
        self.own.states.clear();
        self.joined = false;
        EVERY
    }

    /// Notes a state at a place of the text `of`, and gives where the one that failed stopped if it was in the same state there.
    pub fn note(&mut self, of: (u64, usize), place: usize, state: LazyStateID) -> Option<Stop> {
        if self.failed.of == of
            && let Ok(at) = self.failed.states.binary_search_by_key(&place, |(place, _)| *place)
            && self.failed.states[at].1 == state
        {
            self.joined = true;
            return self.stop;
        }
        if self.own.of != of {
            self.own.of = of;
            self.own.states.clear();
        }
        self.own.states.push((place, state));
        None
    }

    /// Where a state is to be noted next, at the earliest.
    pub fn next(place: usize) -> usize {
        place + EVERY - place % EVERY
    }

    /// The try failed.
    pub fn end(&mut self, of: (u64, usize), stop: Stop) {
        if self.joined && self.failed.of == of {
            // What it went through behind the other one's end belongs to it.
            let last = self.failed.states.last().map_or(0, |(place, _)| *place);
            let behind = self.own.states.drain(..).filter(|(place, _)| *place > last);
            self.failed.states.extend(behind);
            self.stop = Some(stop);
        } else if self.own.of == of && !self.own.states.is_empty() {
            std::mem::swap(&mut self.failed, &mut self.own);
            self.stop = Some(stop);
        }
    }
}

/// What is noted on the way of a try.
pub struct Way<'w> {
    /// Where it began.
    pub place: Place<'w>,
    /// What the last one went through.
    pub trace: &'w mut Trace,
    /// Bytes that it stepped over.
    pub stepped: &'w mut usize,
}

impl Way<'_> {
    /// Notes the state after so many bytes; gives where another try stopped that was in it, too.
    #[cold]
    #[inline(never)]
    pub fn note(&mut self, cache: &dfa::Cache, at: usize, state: LazyStateID) -> Option<Stop> {
        self.trace.note((self.place.text.1, cache.clear_count()), self.place.at + at, state)
    }

    /// After how many bytes the state is to be noted next.
    pub fn next(&self, at: usize) -> usize {
        Trace::next(self.place.at + at) - self.place.at
    }

    /// Notes that the try failed.
    pub fn fail(&mut self, cache: &dfa::Cache, stop: Stop) {
        self.trace.end((self.place.text.1, cache.clear_count()), stop);
    }
}
