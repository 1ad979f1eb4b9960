//! What a program prints over several lines with the same in front of each: the head of a record, as loggers do that cut a text
//! at its line breaks (`2024-05-01 12:00:00 INFO  password: |`, `2024-05-01 12:00:00 INFO    …`), or a mark, as a diff has
//! (`+  password: |`), a remark (`#  password: |`) and whoever names a pod or a file in front of its lines.

use super::{Body, blanks, is_record};
use crate::format::stern;

/// Longest prefix, in bytes.
const LONGEST: usize = 160;

/// The beginning of the line that opened a block, as far as the next lines may have it, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Prefix {
    /// Nothing.
    #[default]
    None,
    /// The head of a record, and what stands behind it.
    Record(Vec<u8>),
    /// A mark.
    Mark(Vec<u8>),
    /// The names of a pod that is known by them alone, and of its container.
    Pod(Vec<u8>),
}

impl Prefix {
    /// Of `payload`, which opened `body`. What ends with a mark of its own is known by that, and by the next record.
    pub fn of(payload: &[u8], body: Body) -> Prefix {
        if let Some(pod) = Prefix::of_pod(payload) {
            return pod;
        }
        let printed = matches!(
            body,
            Body::Scalar { .. }
                | Body::Below { .. }
                | Body::Dumped
                | Body::Json { .. }
                | Body::Element
                | Body::Sibling { .. }
                | Body::String
                | Body::Secret(_)
                | Body::Named { .. }
        );
        if !printed {
            return Prefix::None;
        }
        let key = match body {
            Body::Scalar { indent: column } | Body::Below { column } => Some(column),
            // A printer of JSON indents what has a name.
            Body::Json { .. } => payload.iter().position(|b| *b == b'"').filter(|key| is_mark(&payload[..*key], false)),
            Body::Element | Body::Sibling { .. } => memchr::memchr(b'<', payload).filter(|tag| *tag > blanks(payload)),
            _ => None,
        };
        match key.map(|key| mark(&payload[..key.min(payload.len())])) {
            Some(mark) if !mark.is_empty() && !is_record(payload) => Prefix::Mark(mark.to_vec()),
            _ => Prefix::of_record(payload),
        }
    }

    /// Of `payload`, whatever it holds.
    pub fn of_record(payload: &[u8]) -> Prefix {
        let record = || is_record(payload).then(|| Prefix::Record(payload[..payload.len().min(LONGEST)].to_vec()));
        Prefix::of_pod(payload).or_else(record).unwrap_or_default()
    }

    fn of_pod(payload: &[u8]) -> Option<Prefix> {
        stern::behind_set(payload).map(|end| Prefix::Pod(payload[..end].to_vec()))
    }

    /// Does `payload` belong to another pod than the one that is known by its names?
    pub fn is_of_other_pod(&self, payload: &[u8]) -> bool {
        matches!(self, Prefix::Pod(own) if !payload.starts_with(own) && stern::behind_set(payload).is_some())
    }

    /// Is `payload`, with blanks for the prefix if it has that (`own`), a line by itself rather than more of an element? Text of
    /// several words is; and what has no mark where the tag had one. Lines below the head of a record need none.
    pub fn is_other(&self, own: bool, payload: &[u8]) -> bool {
        let text = payload.trim_ascii();
        let words = !text.starts_with(b"<") && text.contains(&b' ');
        match self {
            Prefix::None | Prefix::Pod(_) => false,
            Prefix::Record(_) => own && words,
            Prefix::Mark(_) => !own || words,
        }
    }

    /// Where the text of `payload` begins behind the names of the same pod.
    pub fn behind_pod(&self, payload: &[u8]) -> Option<usize> {
        matches!(self, Prefix::Pod(own) if payload.starts_with(own)).then(|| self.end(payload)).flatten()
    }

    /// Where the text of `payload` begins behind the same prefix, digits aside; `None` if it has another one.
    pub fn end(&self, payload: &[u8]) -> Option<usize> {
        let alike = |(own, other): &(&u8, &u8)| own == other || own.is_ascii_digit() && other.is_ascii_digit();
        match self {
            Prefix::None => None,
            // A diff has one sign for each line.
            Prefix::Mark(mark) if is_sign(mark) => payload.first().is_some_and(|b| b"+-".contains(b)).then_some(1),
            Prefix::Mark(mark) => {
                let same = payload.len() >= mark.len() && mark.iter().zip(payload).all(|pair| alike(&pair));
                same.then_some(mark.len())
            }
            Prefix::Pod(names) => payload.starts_with(names).then_some(names.len()),
            Prefix::Record(_) if !is_record(payload) => None,
            Prefix::Record(head) => {
                let same = head.iter().zip(payload).take_while(alike).count();
                // Where the text goes on alike, its word is no part of the prefix.
                let end = payload[..same].iter().rposition(|b| matches!(b, b' ' | b'\t'))? + 1;
                (!is_record(payload[end..].trim_ascii_start())).then_some(end)
            }
        }
    }

    /// `payload` with blanks for the same prefix.
    pub fn blanked(&self, payload: &[u8]) -> Option<Vec<u8>> {
        let end = self.end(payload)?;
        let mut text = payload.to_vec();
        text[..end].fill(b' ');
        Some(text)
    }
}

/// May what stands in front of a key be such a mark? With words in it only where the key is indented behind them, unless what
/// the key has behind it says enough (`sure`).
pub fn is_mark(before: &[u8], sure: bool) -> bool {
    let mark = mark(before);
    let indented = blanks(&before[mark.len()..]) > 1 || !mark.iter().any(u8::is_ascii_alphabetic);
    !mark.is_empty() && mark.len() <= LONGEST && (sure || indented) && !mark.iter().any(|b| b"\"'{[(<=".contains(b))
}

/// What stands in front of a key, without the dashes of a list and blanks: for a line of a diff its sign, which may be a blank.
fn mark(before: &[u8]) -> &[u8] {
    let mut mark = before.trim_ascii_end();
    while let Some(rest) = mark.strip_suffix(b" -") {
        mark = rest.trim_ascii_end();
    }
    match mark {
        [] if before.first() == Some(&b' ') => &before[..1],
        _ => mark,
    }
}

fn is_sign(mark: &[u8]) -> bool {
    matches!(mark, [b' ' | b'+' | b'-'])
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
        assert_eq!(Prefix::of(b"pin: |", Body::Scalar { indent: 0 }), Prefix::None);
        assert_eq!(Prefix::of(b"pin: |", Body::Scalar { indent: 0 }).blanked(b"2024-05-01 12:00:01 INFO x"), None);
    }

    #[test]
    fn marks_in_front_of_keys() {
        for (line, next, rest) in [
            ("+  pin: |", "+    x", Some("     x")),
            ("+  pin: |", "-    x", Some("     x")),
            ("+  pin: |", "     x", None),
            ("   pin: |", "-    x", Some("     x")),
            ("-  pin: |", "-    x", Some("     x")),
            ("#  pin: |", "#    x", Some("     x")),
            ("#  - pin: |", "#    - x", Some("     - x")),
            ("a.yml-8-  pin: |", "a.yml-9-    x", Some("            x")),
            ("db-0 app   pin: |", "db-0 app     x", Some("             x")),
            ("db-0 app   pin: |", "db-1 api     x", None),
            ("pin: |", "-    x", None),
        ] {
            let prefix = Prefix::of(line.as_bytes(), Body::Scalar { indent: line.len() - "pin: |".len() });
            let blanked = prefix.blanked(next.as_bytes()).map(|text| String::from_utf8_lossy(&text).into_owned());
            assert_eq!(blanked.as_deref(), rest, "{line} {next}");
        }
        for (before, sure, yes) in [
            ("app   ", false, true),
            ("Initial ", false, false),
            ("Initial ", true, true),
            ("// ", false, true),
            ("{ ", true, false),
            ("", true, false),
        ] {
            assert_eq!(is_mark(before.as_bytes(), sure), yes, "{before}");
        }
    }
}
