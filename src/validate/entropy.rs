//! How random a value looks.

use std::sync::LazyLock;

/// Shannon entropy of the bytes of `text`, in bits a byte. 0 for an empty text or one repeated byte, at most
/// log2 of the length; English words have 2 to 3, random hex nearly 4, random base64 of 40 characters about 5.
///
/// ```
/// assert_eq!(logmask::validate::entropy::bits(b"aabb"), 1.0);
/// ```
pub fn bits(text: &[u8]) -> f64 {
    if text.is_empty() {
        return 0.0;
    }
    let mut counts = [0u32; 256];
    for &byte in text {
        counts[usize::from(byte)] += 1;
    }
    // H = log2 n - (sum over the bytes of log2 of how often each stands there) / n
    let small = &*SMALL;
    let log2 = |count: u32| small.get(count as usize).copied().unwrap_or_else(|| f64::from(count).log2());
    let sum: f64 = if text.len() < counts.len() {
        text.iter().map(|&byte| log2(counts[usize::from(byte)])).sum()
    } else {
        counts.iter().map(|&count| f64::from(count) * log2(count.max(1))).sum()
    };
    let total = text.len() as f64;
    (total.log2() - sum / total).max(0.0)
}

/// log2 of small counts, as most are.
static SMALL: LazyLock<[f64; 64]> = LazyLock::new(|| std::array::from_fn(|count| (count.max(1) as f64).log2()));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(text: &[u8], expected: f64) -> bool {
        (bits(text) - expected).abs() < 1e-9
    }

    #[test]
    fn known_values() {
        for (text, expected) in
            [(&b""[..], 0.0), (b"aaaa", 0.0), (b"ab", 1.0), (b"abcd", 2.0), (b"aab", 0.918_295_834_054_489_6)]
        {
            assert!(near(text, expected), "{text:?}: {}", bits(text));
        }
        assert!(near(&(0..=255).collect::<Vec<u8>>(), 8.0));
    }

    proptest! {
        #[test]
        fn it_is_bounded_by_the_length_and_blind_to_order(text in prop::collection::vec(any::<u8>(), 1..600)) {
            let mut sorted = text.clone();
            sorted.sort_unstable();
            prop_assert!(near(&sorted, bits(&text)));
            prop_assert!(bits(&text) <= (text.len() as f64).log2() + 1e-9);
        }
    }
}
