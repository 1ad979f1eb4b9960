//! Where the scan stops inside a keyword, so that no second search of the chunk is needed for patterns that begin
//! anywhere. Stands alone, as `build.rs` uses it too.
//!
//! `.atlasv1.` holds the start of a word, `+ASt` a rare byte, `:AA` a colon before a letter: the scan looks at those
//! places anyway.

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
