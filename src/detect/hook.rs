//! Where the scan stops inside a keyword, so that no second search of the chunk is needed for patterns that begin
//! anywhere. Stands alone, as `src/build` uses it too.
//!
//! `.atlasv1.` holds the start of a word, `+ASt` a rare byte, `:AA` a colon before a letter: the scan looks at those
//! places anyway.

use super::anchor::{Begin, is_run_byte};

/// How the scan comes to the places where a pattern may match.
pub struct Approach<'p> {
    /// By what.
    pub way: Way<'p>,
    /// One of its literals stands in each match, somewhere: only what is near one has to be searched.
    pub inside: bool,
}

/// By what the scan comes to them.
pub enum Way<'p> {
    /// By one of these literals; `tokens`: each begins a token.
    Literals {
        /// At least one.
        hooks: Vec<Hook<'p>>,
        /// See [`Begin::Token`].
        tokens: bool,
    },
    /// By its keywords, for which all long runs are searched.
    Runs,
    /// By the first byte of a match and the length of its run.
    Starts,
    /// It has to be searched for.
    Search,
}

/// A literal of a pattern.
pub struct Hook<'p> {
    /// As it is.
    pub literal: &'p [u8],
    /// At this byte of it the scan stops.
    pub place: usize,
    /// It stands somewhere in the match, not at its beginning.
    pub inside: bool,
}

/// How the scan comes to a pattern whose matches begin as `begin` says, with one of `anchors`, and with one of the bytes
/// `firsts` if it says something; one of its `keywords` stands in the record, or in the match itself.
pub fn approach<'p>(
    begin: Begin,
    anchors: impl Iterator<Item = &'p str>,
    keywords: &(impl Iterator<Item = &'p str> + Clone),
    keywords_inside: bool,
    firsts: bool,
) -> Approach<'p> {
    let some = keywords.clone().next().is_some();
    let inside = keywords_inside && some;
    let tokens = begin == Begin::Token;
    let at_start = |literal: &'p str| {
        // The scan looks at the start of each token, but only at words of three letters or more.
        let place = if tokens { 0 } else { at_start(literal.as_bytes())? };
        Some(Hook { literal: literal.as_bytes(), place, inside: place > 0 })
    };
    let anywhere = |keyword: &'p str| {
        let literal = keyword.as_bytes();
        Some(Hook { literal, place: place(literal)?, inside: true })
    };
    if matches!(begin, Begin::Word | Begin::Token)
        && let Some(hooks) = anchors.map(at_start).collect::<Option<Vec<_>>>().filter(|hooks| !hooks.is_empty())
    {
        let inside = inside || hooks.iter().any(|hook| hook.inside);
        return Approach { way: Way::Literals { hooks, tokens }, inside };
    }
    let in_run = |keyword: &str| keyword.len() > 2 && keyword.bytes().all(is_run_byte);
    let hooks = keywords.clone().map(anywhere).collect::<Option<Vec<_>>>().filter(|hooks| !hooks.is_empty());
    let way = if let Some(hooks) = hooks {
        Way::Literals { hooks, tokens: false }
    } else if begin == Begin::Run && inside && keywords.clone().all(in_run) {
        Way::Runs
    } else if (!some || keywords_inside) && firsts {
        Way::Starts
    } else {
        Way::Search
    };
    Approach { way, inside }
}

/// Rare bytes at which a literal may begin; at `~` one may end.
pub const RARE: &[u8] = b"@+$^*%<";

/// As [`place`], for a literal that begins at the start of a word wherever it counts.
pub fn at_start(literal: &[u8]) -> Option<usize> {
    if literal.len() > 2 && literal[..3].iter().all(|b| is_word(*b)) { Some(0) } else { place(literal) }
}

/// The place in `keyword` at which its text is looked up whenever the scan meets the keyword, wherever that stands;
/// `None` if the scan may pass over it.
///
/// ```
/// use logmask::detect::hook::place;
/// assert_eq!(place(b".atlasv1."), Some(1));
/// assert_eq!(place(b"x+ASt"), Some(1));
/// assert_eq!(place(b"0Q~"), Some(0));
/// assert_eq!(place(b"atlasv1"), None);
/// ```
pub fn place(keyword: &[u8]) -> Option<usize> {
    (0..keyword.len().saturating_sub(2)).find(|&at| {
        let three = &keyword[at..at + 3];
        // Behind a backslash the first letter belongs to an escape.
        let begins = at > 0 && !is_word(keyword[at - 1]) && keyword[at - 1] != b'\\';
        begins && three.iter().all(|b| is_word(*b))
            || RARE.contains(&three[0])
            || three[0] == b':' && three[1].is_ascii_alphabetic()
            || three == b":::"
            || three[2] == b'~'
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
