//! Bitcoin's Base58Check: addresses, private keys in WIF, extended keys.

use sha2::{Digest, Sha256};

/// Base58 of a payload and the first four bytes of its double SHA-256. Bitcoin wiki, "Base58Check encoding". Any
/// version byte, so the forms of Litecoin, Dogecoin, Dash, Tron and others hold too; 21 to 120 payload bytes.
pub fn holds(text: &[u8]) -> bool {
    let Some((bytes, length)) = decode(text) else { return false };
    let Some(end) = length.checked_sub(4).filter(|end| *end >= 21) else { return false };
    Sha256::digest(Sha256::digest(&bytes[..end]))[..4] == bytes[end..length]
}

/// The bytes and their count; `None` for other characters or a text too long.
fn decode(text: &[u8]) -> Option<([u8; MOST], usize)> {
    if text.len() > MOST {
        return None;
    }
    // 1. The number, least significant byte first.
    let (mut bytes, mut length) = ([0; MOST], 0);
    for byte in text {
        let mut carry = ALPHABET.iter().position(|b| b == byte)?;
        for digit in &mut bytes[..length] {
            carry += usize::from(*digit) * 58;
            *digit = (carry & 0xff) as u8;
            carry >>= 8;
        }
        while carry > 0 {
            bytes[length] = (carry & 0xff) as u8;
            length += 1;
            carry >>= 8;
        }
    }
    // 2. Each leading 1 is a zero byte.
    length += text.iter().take_while(|b| **b == b'1').count();
    bytes[..length].reverse();
    Some((bytes, length))
}

/// Longest text: an extended key has 111 characters.
const MOST: usize = 124;

/// No 0, O, I or l.
const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_addresses_hold() {
        for text in [
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            "16UwLL9Risc3QfPqBUvKofHmBQ7wMtjvM",
            "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
            "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
            "1111111111111111111114oLvT2",
            "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ",
            "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8",
        ] {
            assert!(holds(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn every_wrong_character_is_noticed() {
        let address = b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
        for at in 0..address.len() {
            for other in ALPHABET.iter().filter(|b| **b != address[at]) {
                let mut wrong = *address;
                wrong[at] = *other;
                assert!(!holds(&wrong));
            }
            let mut swapped = *address;
            swapped.swap(at, (at + 1) % address.len());
            assert!(swapped == *address || !holds(&swapped));
        }
    }

    #[test]
    fn other_texts_fail() {
        for text in [
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf0a",
            "3MNQE1X",
            "1",
            "1111111111111111111111111111111111",
            &"1".repeat(124),
            &"z".repeat(500),
        ] {
            assert!(!holds(text.as_bytes()), "{text}");
        }
    }
}
