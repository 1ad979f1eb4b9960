//! Runs of backslashes, in front of escapes and of quotes.

/// So many are counted: strings in strings double them and add one, and ten layers of those are a thousand. What is asked at each place of
/// a run must not take the square of its length.
pub const MOST: usize = 1024;

const EIGHT: [u8; 8] = [b'\\'; 8];

/// How many backslashes `text` begins with.
pub fn leading(text: &[u8]) -> usize {
    let text = &text[..text.len().min(MOST)];
    let eights = 8 * text.chunks_exact(8).take_while(|eight| **eight == EIGHT).count();
    eights + text[eights..].iter().take_while(|b| **b == b'\\').count()
}

/// How many backslashes `text` ends with.
pub fn trailing(text: &[u8]) -> usize {
    let text = &text[text.len().saturating_sub(MOST)..];
    let eights = 8 * text.rchunks_exact(8).take_while(|eight| **eight == EIGHT).count();
    eights + text[..text.len() - eights].iter().rev().take_while(|b| **b == b'\\').count()
}

/// `text` without the backslashes that it ends with.
pub fn without_trailing(text: &[u8]) -> &[u8] {
    &text[..text.len() - trailing(text)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_counted_up_to_the_most() {
        for count in [0, 1, 7, 8, 9, 17, 1023, 1024, 2000] {
            let run = vec![b'\\'; count];
            let counted = count.min(MOST);
            assert_eq!((leading(&run), trailing(&run)), (counted, counted));
            assert_eq!(without_trailing(&run).len(), count - counted);
            assert_eq!(leading(&[&run[..], b"n\\\\"].concat()), counted);
            assert_eq!(trailing(&[b"\\\\n", &run[..]].concat()), counted);
        }
    }
}
