//! Bech32 and Bech32m: segwit addresses and kin.

/// A text with its checksum, as BIP 173 (Bech32) and BIP 350 (Bech32m) define it, in one case, at most 90 characters.
/// Bitcoin addresses (`bc1`, `tb1`, `bcrt1`, Litecoin's `ltc1`) must use the one that goes with their witness version;
/// for other prefixes (`age1`, `cosmos1`, `npub1`) either will do.
pub fn holds(text: &[u8]) -> bool {
    let upper = text.iter().any(u8::is_ascii_uppercase);
    if text.len() > 90 || (upper && text.iter().any(u8::is_ascii_lowercase)) {
        return false;
    }
    let Some(one) = text.iter().rposition(|&b| b == b'1').filter(|one| *one > 0 && text.len() - one > 6) else {
        return false;
    };
    let (prefix, body) = (&text[..one], &text[one + 1..]);
    if !prefix.iter().all(|b| (33..=126).contains(b)) {
        return false;
    }
    let lower = || prefix.iter().map(u8::to_ascii_lowercase);
    let mut state = Some(1);
    for value in lower().map(|b| b >> 5).chain([0]).chain(lower().map(|b| b & 31)) {
        state = state.map(|s| step(s, value));
    }
    for byte in body {
        let value = ALPHABET.iter().position(|b| *b == byte.to_ascii_lowercase());
        state = state.zip(value).map(|(s, value)| step(s, value as u8));
    }
    let segwit = [&b"bc"[..], b"tb", b"bcrt", b"ltc"].iter().any(|p| prefix.eq_ignore_ascii_case(p));
    match (segwit, body[0]) {
        (true, b'q' | b'Q') => state == Some(BECH32),
        (true, _) => state == Some(BECH32M),
        (false, _) => matches!(state, Some(BECH32 | BECH32M)),
    }
}

/// One five-bit value into the BCH checksum.
fn step(state: u32, value: u8) -> u32 {
    let top = state >> 25;
    let shifted = (state & 0x1ff_ffff) << 5 ^ u32::from(value);
    GENERATOR.iter().enumerate().filter(|(bit, _)| top >> bit & 1 == 1).fold(shifted, |sum, (_, g)| sum ^ g)
}

const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
const BECH32: u32 = 1;
const BECH32M: u32 = 0x2bc8_30a3;
const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_texts_hold() {
        for text in [
            "A12UEL5L",
            "a12uel5l",
            "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
            "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
            "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
            "?1ezyfcl",
            "A1LQFN3A",
            "a1lqfn3a",
            "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
            "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
            "?1v759aa",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
            "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ] {
            assert!(holds(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn the_published_failures_fail() {
        for text in [
            "\x201nwldj5",
            "pzry9x0s0muk",
            "1pzry9x0s0muk",
            "x1b4n0q5v",
            "li1dgmt3",
            "A1G7SGD8",
            "10a06t8",
            "1qzzfhee",
            "an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx",
            "M1VUXWEZ",
            "16plkw9",
            "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sL5k7",
            "BC1SW50QA3JX3S",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
        ] {
            assert!(!holds(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn every_wrong_character_and_swap_is_noticed() {
        let address = b"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
        for at in 3..address.len() {
            for other in ALPHABET.iter().filter(|b| **b != address[at]) {
                let mut wrong = *address;
                wrong[at] = *other;
                assert!(!holds(&wrong));
            }
            if at > 3 && address[at] != address[at - 1] {
                let mut wrong = *address;
                wrong.swap(at - 1, at);
                assert!(!holds(&wrong));
            }
        }
    }
}
