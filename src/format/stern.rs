//! stern's default output: `[NAMESPACE ]POD CONTAINER LINE`, on a terminal with each name in its colour.

use super::{Peeled, escape};
use crate::span::Span;

/// Takes the names off; only pods that a Deployment made are known by their look (`web-6d4cf56db6-abcde`).
pub fn peel(line: &[u8]) -> Option<Peeled> {
    let start = behind_names(line, is_pod)?;
    Some(Peeled::one(Span::new(start, line.len()), Span::new(0, start - 1), false))
}

/// Where the message begins behind the names of a pod of a StatefulSet (`web-0 nginx …`). Any text may begin so: only lines that
/// have the same in front tell that it is one.
pub fn behind_set(line: &[u8]) -> Option<usize> {
    behind_names(line, is_of_set)
}

/// Where the message begins behind the names of a pod, as `is_pod` knows one, and of a container.
fn behind_names(line: &[u8], is_pod: fn(&[u8]) -> bool) -> Option<usize> {
    // The name, and what stands behind the blank.
    let word = |from: usize| {
        let rest = line.get(from..line.len().min(from + 254))?;
        let colour = escape(rest);
        let is_name = |b: &&u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(b);
        let length = rest[colour..].iter().take_while(is_name).count();
        let end = colour + length;
        // A colour that goes on is one of the line. Who read the line may have taken the one in front off.
        let reset = escape(&rest[end..]);
        let behind = end + reset;
        let span = Span::new(from + colour, from + end);
        (length > 0 && (colour == 0 || reset > 0) && rest.get(behind) == Some(&b' '))
            .then_some((span, from + behind + 1))
    };
    let is_pod = |name: Span| is_pod(&line[name.range()]);
    let (first, next) = word(0)?;
    let (second, behind) = word(next)?;
    if is_pod(first) { Some(behind) } else { Some(word(behind).filter(|_| is_pod(second))?.1) }
}

/// `NAME-0` of a StatefulSet.
fn is_of_set(name: &[u8]) -> bool {
    let number = name.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let set = name[..name.len() - number].strip_suffix(b"-");
    (1..=4).contains(&number) && set.is_some_and(|set| set.first().is_some_and(u8::is_ascii_lowercase))
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

    #[test]
    fn names_of_a_set_stand_in_front() {
        for (line, found) in [
            ("web-0 nginx x y", Some("x y")),
            ("prod web-12 nginx   x", Some("  x")),
            ("\x1b[36mweb-0\x1b[0m \x1b[33mapp\x1b[0m x", Some("x")),
            ("web-0\x1b[0m \x1b[33mapp\x1b[0m x", Some("x")),
            ("web-0 nginx", None),
            ("web-0 Nginx x", None),
            ("0-0 nginx x", None),
            ("web nginx app x", None),
        ] {
            assert_eq!(behind_set(line.as_bytes()).map(|at| &line[at..]), found, "{line}");
        }
    }
}
