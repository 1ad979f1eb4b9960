//! Which of 64 bytes belong to which class, as bit masks: bit `i` stands for byte `i`.
//!
//! Classes that are rare in logs share one mask. [`vectors`](super::vectors) work them out.

use super::lanes::{LANES, Lanes, Side};

/// Class masks of one window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes<M = u64> {
    /// `0-9`
    pub digit: M,
    /// `A-Za-z0-9_`
    pub word: M,
    /// Word bytes and `- . + / =`
    pub token: M,
    /// `-`
    pub dash: M,
    /// `.`
    pub dot: M,
    /// `/`
    pub slash: M,
    /// `:`
    pub colon: M,
    /// `=`
    pub equals: M,
    /// Space and tab
    pub blank: M,
    /// `"` and `'`
    pub quote: M,
    /// `\`
    pub backslash: M,
    /// `@ $ % & + < ^ * ~`, escape (0x1B) and backspace: each worth a look of its own
    pub rare: M,
    /// Bytes outside ASCII
    pub high: M,
}

impl<S: Side> Classes<Lanes<S>> {
    /// The classes of several windows.
    #[inline(always)]
    pub fn side_by_side(side: S, windows: &[Classes; LANES]) -> Classes<Lanes<S>> {
        let [a, b, c, d] = windows;
        // No closures: they would not be compiled for the vectors.
        macro_rules! of {
            ($($class:ident),*) => {
                Classes { $($class: Lanes::new(side, [a.$class, b.$class, c.$class, d.$class])),* }
            };
        }
        of!(digit, word, token, dash, dot, slash, colon, equals, blank, quote, backslash, rare, high)
    }
}

/// Bytes in a window.
pub const WINDOW: usize = 64;
