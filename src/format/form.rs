//! Words that are written as forms are, with `+` for a blank.

/// The word that was looked at last: is it a form, whose blanks are written as `+`
/// ([URL Standard](https://url.spec.whatwg.org/#urlencoded-serializing), section 5.2)?
#[derive(Default)]
pub(super) struct Form {
    /// Where it ends.
    end: usize,
    encoded: bool,
}

impl Form {
    /// Decodes the `+` at `at` where it stands for a blank; returns the bytes used.
    pub(super) fn blank(&mut self, source: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
        if at >= self.end {
            let ends = |b: &u8| b.is_ascii_whitespace() || b"\"'<>\\".contains(b);
            let start = source[..at].iter().rposition(ends).map_or(0, |i| i + 1);
            self.end = source[at..].iter().position(ends).map_or(source.len(), |i| at + i);
            self.encoded = is_form(&source[start..self.end]);
        }
        out.extend(self.encoded.then_some(b' '));
        usize::from(self.encoded)
    }
}

/// Is `word` written as forms are: a blank is no `%20`, and some sign is encoded that base64 has not? An address may have a plus
/// of its own.
fn is_form(word: &[u8]) -> bool {
    let mut signs = memchr::memchr_iter(b'%', word).filter_map(|at| word.get(at + 1..at + 3).zip(word.get(at + 3..)));
    // Nothing but another one stands behind the equals sign of base64.
    let base64 = |sign: &[u8], rest: &[u8]| match sign {
        [b'2', b'B' | b'b' | b'F' | b'f' | b'5'] => true,
        [b'3', b'D' | b'd'] => !rest.first().is_some_and(u8::is_ascii_alphanumeric),
        _ => false,
    };
    let mut form = has_words(word);
    signs.all(|(sign, rest)| {
        form |= !base64(sign, rest) && sign != b"40" && sign.iter().all(u8::is_ascii_hexdigit);
        sign != b"20"
    }) && form
}

/// Does a value of the form `word` hold two words of small letters, each beside a `+`?
fn has_words(word: &[u8]) -> bool {
    word.split(|b| matches!(b, b'&' | b'=' | b'?')).any(|value| {
        let plain = |part: &&[u8]| (2..16).contains(&part.len()) && part.iter().all(u8::is_ascii_lowercase);
        memchr::memchr(b'+', value).is_some() && value.split(|b| *b == b'+').filter(plain).count() > 1
    })
}

#[cfg(test)]
mod tests {
    use super::is_form;

    #[test]
    fn forms_are_told_by_what_they_encode() {
        for word in ["a%3A+b", "%22x%22%3A+%22y%22", "a+b%2C%2B49", "t=call+%2B49+now", "host%3Ddb+n%3D3"] {
            assert!(is_form(word.as_bytes()), "{word}");
        }
        for word in ["a+b", "abc+def%2Fghi%3D%3D", "a%20b+c%3A", "jo+x%40y.io", "100%+x"] {
            assert!(!is_form(word.as_bytes()), "{word}");
        }
    }
}
