//! stern's default output: `[NAMESPACE ]POD CONTAINER LINE`, on a terminal with each name in its colour.

use super::{Peeled, escape};
use crate::span::Span;

/// Takes the names off; only pods that a workload made are known by their look (`web-6d4cf56db6-abcde`, `db-0`).
pub fn peel(line: &[u8]) -> Option<Peeled> {
    // The name, and what stands behind the blank.
    let word = |from: usize| {
        let rest = line.get(from..line.len().min(from + 254))?;
        let colour = escape(rest);
        let is_name = |b: &&u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(b);
        let length = rest[colour..].iter().take_while(is_name).count();
        let end = colour + length;
        // A colour that goes on is one of the line.
        let reset = if colour > 0 { Some(escape(&rest[end..])).filter(|reset| *reset > 0)? } else { 0 };
        let behind = end + reset;
        let span = Span::new(from + colour, from + end);
        (length > 0 && rest.get(behind) == Some(&b' ')).then_some((span, from + behind + 1))
    };
    let is_pod = |name: Span| is_pod(&line[name.range()]);
    let (first, next) = word(0)?;
    let (second, behind) = word(next)?;
    let start = if is_pod(first) { behind } else { word(behind).filter(|_| is_pod(second))?.1 };
    Some(Peeled::one(Span::new(start, line.len()), Span::new(0, start - 1), false))
}

/// `NAME-HASH-abcde` of a Deployment.
fn is_pod(name: &[u8]) -> bool {
    let mut parts = name.rsplit(|b| *b == b'-');
    let (Some(own), Some(hash)) = (parts.next(), parts.next()) else { return false };
    let mixed = |part: &[u8]| part.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    parts.next().is_some()
        && own.len() == 5
        && mixed(own)
        && (6..=10).contains(&hash.len())
        && mixed(hash)
        && hash.iter().any(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_pods_stand_in_front() {
        for (line, found) in [
            ("web-6d4cf56db6-abcde app x", Some(("web-6d4cf56db6-abcde app", "x"))),
            ("prod web-6d4cf56db6-abcde app x", Some(("prod web-6d4cf56db6-abcde app", "x"))),
            (
                "\x1b[36mweb-6d4cf56db6-abcde\x1b[0m \x1b[33mapp\x1b[0m x",
                Some(("\x1b[36mweb-6d4cf56db6-abcde\x1b[0m \x1b[33mapp\x1b[0m", "x")),
            ),
            ("\x1b[32mweb-6d4cf56db6-abcde app x\x1b[0m", None),
            ("web-1 app x", None),
            ("web-6d4cf56db6-abcde app", None),
        ] {
            let peeled = peel(line.as_bytes());
            let found_here = peeled.map(|peeled| (&line[peeled.source.range()], &line[peeled.payload.range()]));
            assert_eq!(found_here, found, "{line}");
        }
    }
}
