//! "Did you mean": the known name nearest to a mistyped one.

/// The one of `names` that takes the fewest changes, if these are few for its length.
pub(super) fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let best = names.into_iter().map(|name| (changes(typed, name), name)).min()?;
    (best.0 <= 1 + best.1.len() / 4).then_some(best.1)
}

/// Levenshtein distance over bytes; long names are never near.
fn changes(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() > 64 || b.len() > 64 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found() {
        let names = ["email", "ipv4", "github-token"];
        assert_eq!(nearest("emial", names), Some("email"));
        assert_eq!(nearest("github-tokn", names), Some("github-token"));
        assert_eq!(nearest("zzzzzz", names), None);
        assert_eq!(nearest("", ["a"; 0]), None);
    }
}
