//! Words that open something in the lines behind their own.

use super::dialect::SLASHES;
use crate::slashes;

/// Words that open something even where no rule claims anything at them: a record has to be looked at for each of them.
const WORDS: [&[u8]; 4] = [b"identified by", b"curl", b"validation error", b"form-data"];

/// Does one of [`WORDS`] begin here, or a list of columns?
pub fn may_open(text: &[u8]) -> bool {
    WORDS.iter().any(|word| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)))
        && (is_curl(text) || !text.starts_with(b"curl"))
        || names_column(text)
}

/// Does `text` begin with a name in a list of names without blanks, as the first line of a CSV is, `first_name,last_name`, or with
/// the last one and a spelled line break?
pub fn names_column(text: &[u8]) -> bool {
    let name = text.iter().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let behind = &text[name..];
    let slashes = slashes::leading(behind).min(SLASHES);
    let begins = |at: usize| behind.get(at).is_some_and(|b| b.is_ascii_alphabetic() || b"\"\\_".contains(b));
    let row = |at: usize| behind.get(at).is_some_and(|b| b.is_ascii_digit() || b"-,;".contains(b));
    name > 2
        && match behind.get(slashes) {
            Some(b',' | b';' | b'\t') if slashes == 0 => begins(1),
            Some(b't') if slashes > 0 => begins(slashes + 1),
            Some(b'n') if slashes > 0 => begins(slashes + 1) || row(slashes + 1),
            Some(b'"') if slashes > 0 => matches!(behind.get(slashes + 1), Some(b',' | b';')) && begins(slashes + 2),
            _ => false,
        }
}

/// Does the command begin here? `curl/8.5.0` is the name of a client, as half of all access logs have it.
pub fn is_curl(text: &[u8]) -> bool {
    text.starts_with(b"curl") && text.get(4) != Some(&b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_have_a_name_or_a_row_behind_them() {
        for text in
            ["a_b,c", "pin;\"x\"", "pin\tx", r"pin\tx", r"pin\\tx", r"pin\n1,x", r"pin\nx", r"pin\n-,x", r"pin\\n,x"]
        {
            assert!(names_column(text.as_bytes()), "{text}");
        }
        for text in ["pin, x", "pin,7", r"pin\t", r"pin\n", r"pin\n x", r"pin\x", "pin", "a,b", ""] {
            assert!(!names_column(text.as_bytes()), "{text}");
        }
    }
}
