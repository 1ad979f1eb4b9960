//! stern's default output: `[NAMESPACE ]POD CONTAINER LINE`.

use super::Peeled;
use crate::span::Span;

/// Takes the names off; only pods that a workload made are known by their look (`web-6d4cf56db6-abcde`, `db-0`).
pub fn peel(line: &[u8]) -> Option<Peeled> {
    let word = |from: usize| {
        let rest = &line[from..line.len().min(from + 254)];
        let length =
            rest.iter().take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(b)).count();
        (length > 0 && rest.get(length) == Some(&b' ')).then_some(Span::new(from, from + length))
    };
    let first = word(0)?;
    let second = word(first.end + 1)?;
    let (pod, container) = if is_pod(&line[first.range()]) { (first, second) } else { (second, word(second.end + 1)?) };
    if !is_pod(&line[pod.range()]) {
        return None;
    }
    let source = Span::new(0, container.end);
    Some(Peeled::one(Span::new(container.end + 1, line.len()), source, false))
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
