//! Long runs in an automaton: of a state that many bytes lead back to, `[A-Za-z0-9]+`, it is noted which, and a run of these is
//! one step. Tokens are long, and a step through the table costs four times as much as a look at this set.

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};

/// Bytes that lead back to a state before it is worth a note.
const WORTH: u32 = 64;
/// States of one automaton that are noted.
const MOST: usize = 6;

/// What is noted of one automaton.
#[derive(Default)]
pub struct Stays {
    /// Each with the bytes that lead back to it.
    noted: Vec<(LazyStateID, Box<[bool; 256]>)>,
    /// How many bytes did, of states without a note.
    seen: u32,
    /// How often the automaton had forgotten its states: their numbers mean nothing any more then.
    forgotten: usize,
}

impl Stays {
    /// How many of the bytes that `text` begins with lead from `state` to itself. `None` if the automaton gave up.
    #[inline]
    pub fn run(&mut self, states: &DFA, cache: &mut Cache, state: LazyStateID, text: &[u8]) -> Option<usize> {
        if let Some((_, bytes)) = self.noted.iter().find(|(noted, _)| *noted == state)
            && self.forgotten == cache.clear_count()
        {
            return Some(text.iter().position(|byte| !bytes[usize::from(*byte)]).unwrap_or(text.len()));
        }
        self.seen += 1;
        if self.seen < WORTH {
            return Some(0);
        }
        self.note(states, cache, state)?;
        Some(0)
    }

    #[cold]
    #[inline(never)]
    fn note(&mut self, states: &DFA, cache: &mut Cache, state: LazyStateID) -> Option<()> {
        self.seen = 0;
        let count = cache.clear_count();
        if self.forgotten != count {
            self.noted.clear();
            self.forgotten = count;
        }
        if self.noted.len() == MOST {
            return Some(());
        }
        let mut bytes = Box::new([false; 256]);
        for byte in 0..=255u8 {
            bytes[usize::from(byte)] = states.next_state(cache, state, byte).ok()? == state;
            // Looking for new states may make it forget this one.
            if cache.clear_count() != count {
                return None;
            }
        }
        self.noted.push((state, bytes));
        Some(())
    }
}
