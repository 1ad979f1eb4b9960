//! Where the scan stops inside a keyword, so that no second search of the chunk is needed for patterns that begin
//! anywhere.
//!
//! `.atlasv1.` holds the start of a word, `+ASt` a rare byte, `:AA` a colon before a letter: the scan looks at those
//! places anyway.

use super::filters::HOOKS;

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
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    (0..keyword.len().saturating_sub(2)).find(|&at| {
        let three = &keyword[at..at + 3];
        // Behind a backslash the first letter belongs to an escape.
        let begins = at > 0 && !word(keyword[at - 1]) && keyword[at - 1] != b'\\';
        begins && three.iter().all(|b| word(*b))
            || HOOKS.contains(&three[0])
            || three[0] == b':' && three[1].is_ascii_alphabetic()
            || three == b":::"
            || three[2] == b'~'
    })
}
