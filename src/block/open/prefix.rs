//! What a program prints over several lines with the head of a record in front of each, as loggers do that cut a text at its
//! line breaks: `2024-05-01 12:00:00 INFO  password: |`, `2024-05-01 12:00:00 INFO    …`.

use super::{Body, is_record};

/// Longest prefix, in bytes.
const LONGEST: usize = 160;

/// The beginning of the line that opened a block, if that is one of a record; else nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefix(Vec<u8>);

impl Prefix {
    /// Of `payload`, which opened `body`. What ends with a mark of its own is known by that, and by the next record.
    pub fn of(payload: &[u8], body: Body) -> Prefix {
        let printed = matches!(
            body,
            Body::Scalar { .. }
                | Body::Below { .. }
                | Body::Dumped
                | Body::Json { .. }
                | Body::String
                | Body::Secret(_)
                | Body::Named { .. }
        );
        if printed { Prefix::of_record(payload) } else { Prefix::default() }
    }

    /// Of `payload`, whatever it holds.
    pub fn of_record(payload: &[u8]) -> Prefix {
        let head = if is_record(payload) { &payload[..payload.len().min(LONGEST)] } else { b"" };
        Prefix(head.to_vec())
    }

    /// Where the text of `payload` begins behind the same prefix, digits aside; `None` if it has another one.
    pub fn end(&self, payload: &[u8]) -> Option<usize> {
        if self.0.is_empty() || !is_record(payload) {
            return None;
        }
        let alike = |(own, other): &(&u8, &u8)| own == other || own.is_ascii_digit() && other.is_ascii_digit();
        let same = self.0.iter().zip(payload).take_while(alike).count();
        // Where the text goes on alike, its word is no part of the prefix.
        let end = payload[..same].iter().rposition(|b| matches!(b, b' ' | b'\t'))? + 1;
        (!is_record(payload[end..].trim_ascii_start())).then_some(end)
    }

    /// `payload` with blanks for the same prefix.
    pub fn blanked(&self, payload: &[u8]) -> Option<Vec<u8>> {
        let end = self.end(payload)?;
        let mut text = payload.to_vec();
        text[..end].fill(b' ');
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_the_same_prefix_go_on() {
        let prefix = Prefix::of(b"2024-05-01 12:00:00 INFO  pin: |", Body::Scalar { indent: 26 });
        let blanked =
            |line: &str| prefix.blanked(line.as_bytes()).map(|text| String::from_utf8_lossy(&text).into_owned());
        assert_eq!(blanked("2024-05-01 12:00:01 INFO    x y").as_deref(), Some("                            x y"));
        assert_eq!(blanked("2024-05-01 12:00:01 WARN    x y"), None);
        assert_eq!(blanked("  x y"), None);
        assert_eq!(Prefix::of(b"pin: |", Body::Scalar { indent: 0 }).blanked(b"2024-05-01 12:00:01 INFO x"), None);
    }
}
