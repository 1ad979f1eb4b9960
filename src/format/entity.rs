//! Characters that XML and HTML write as entities, and where the quotes among them belong.

use super::view::put;
use crate::slashes;

/// The character that `&quot;`, `&#64;`, `&#x40;` and kin stand for (XML 1.0, sections 4.1 and 4.6), and how long that is.
pub(super) fn read(source: &[u8]) -> Option<(char, usize)> {
    let end = source.iter().take(12).position(|b| *b == b';')?;
    let code = |digits: &[u8], radix| u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok();
    let c = match &source[1..end] {
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"amp" => Some('&'),
        [b'#', b'x' | b'X', digits @ ..] => code(digits, 16).and_then(char::from_u32),
        [b'#', digits @ ..] => code(digits, 10).and_then(char::from_u32),
        _ => None,
    };
    Some((c?, end + 1))
}

/// Appends the character of an entity, in a string whose quotes have one backslash less than `slashes`. XML leaves backslashes as
/// they are: those in front of its quotes tell how deep they are in what it holds, and double with each string around.
pub(super) fn write(c: char, slashes: usize, out: &mut Vec<u8>) -> usize {
    let own = if c == '"' { slashes::trailing(out) } else { 0 };
    let level = own.trailing_ones();
    let literal = own >> (level + 1);
    let deep = slashes.trailing_zeros() + 1 + level;
    if own == 0 || deep > 8 {
        return put(c, false, slashes, out);
    }
    let all = (literal << (deep + 1)) + (1 << deep) - 1;
    out.extend(std::iter::repeat_n(b'\\', all.saturating_sub(own)));
    out.push(b'"');
    1
}

#[cfg(test)]
mod tests {
    use crate::format::view::View;

    #[test]
    fn quotes_are_as_deep_as_their_backslashes_say() {
        for (source, decoded) in [
            ("{&quot;a&quot;: &quot;b&quot;}", r#"{\"a\": \"b\"}"#),
            (r"&quot;a\&quot;b&quot;", r#"\"a\\\"b\""#),
            (r"&quot;a\\&quot;", r#"\"a\\\\\""#),
            (r#"{"x":"&quot;a&#10;&quot;"}"#, r#"{"x":"\"a\n\""}"#),
            (r#"{"x":"\"&quot;a&#10;&quot;\""}"#, r#"{"x":"\"\\\"a\\n\\\"\""}"#),
            ("&lt;&copy;&#0;", "<&copy;&#0;"),
        ] {
            let mut view = View::default();
            view.decode(source.as_bytes());
            assert_eq!(String::from_utf8_lossy(&view.text), decoded, "{source}");
        }
    }
}
