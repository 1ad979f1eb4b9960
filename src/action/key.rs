//! The key that pseudonyms are made with.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// A key, ready for HMAC-SHA-256: the state after the key's block, so that a value costs two compressions. Wiped when
/// dropped; shows only its length.
#[derive(Clone)]
pub struct Key {
    state: Hmac<Sha256>,
    length: usize,
}

/// A key of fewer than [`Key::LEAST`] bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooShort {
    /// Bytes that there were.
    pub length: usize,
}

impl fmt::Display for TooShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the key has {} bytes, at least {} are needed", self.length, Key::LEAST)
    }
}

impl std::error::Error for TooShort {}

impl Key {
    /// Fewest bytes of a key.
    pub const LEAST: usize = 16;

    /// The key in `bytes`, without one line ending at its end: editors and `echo` add it.
    pub fn new(bytes: &[u8]) -> Result<Key, TooShort> {
        let bytes = bytes.strip_suffix(b"\n").map_or(bytes, |line| line.strip_suffix(b"\r").unwrap_or(line));
        if bytes.len() < Key::LEAST {
            return Err(TooShort { length: bytes.len() });
        }
        let state = Hmac::new_from_slice(bytes).expect("HMAC takes keys of any length");
        Ok(Key { state, length: bytes.len() })
    }

    /// Ten hex digits that tell keys apart and nothing about them.
    pub fn fingerprint(&self) -> String {
        let mac = self.authenticate(&[b"logmask key fingerprint"]);
        data_encoding::HEXLOWER.encode(&mac[..5])
    }

    /// Tells a value found by `rule` from all others, and nothing about it to whoever lacks the key.
    pub fn of_finding(&self, rule: &str, value: &[u8]) -> [u8; 16] {
        let mac = self.authenticate(&[b"logmask finding", &[0], rule.as_bytes(), &[0], value]);
        *mac.first_chunk().expect("32 bytes are more than 16")
    }

    /// HMAC-SHA-256 of the parts, one after the other.
    pub(super) fn authenticate(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.state.clone();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({} bytes)", self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_hmac_sha_256() {
        // RFC 4231, test case 6: a key longer than a block.
        let key = Key::new(&[0xaa; 131]).expect("long enough");
        let mac = key.authenticate(&[b"Test Using Larger Than Block-Size Key", b" - Hash Key First"]);
        assert_eq!(
            data_encoding::HEXLOWER.encode(&mac),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn one_line_ending_is_not_part_of_it() {
        let fingerprint = |bytes: &[u8]| Key::new(bytes).expect("long enough").fingerprint();
        let bare = fingerprint(b"0123456789abcdef");
        assert_eq!(fingerprint(b"0123456789abcdef\n"), bare);
        assert_eq!(fingerprint(b"0123456789abcdef\r\n"), bare);
        assert_ne!(fingerprint(b"0123456789abcdef\n\n"), bare);
        assert_ne!(fingerprint(b"0123456789abcdef "), bare);
    }

    #[test]
    fn short_keys_are_refused() {
        assert_eq!(Key::new(b"0123456789abcde\n").map(|_| ()), Err(TooShort { length: 15 }));
        assert_eq!(Key::new(b"").map(|_| ()), Err(TooShort { length: 0 }));
    }

    #[test]
    fn its_state_is_wiped_when_dropped() {
        // `Hmac` does not say so itself; it is two hash states and a buffer, which do with the feature `zeroize`.
        fn wiped<T: zeroize::ZeroizeOnDrop>() {}
        wiped::<Sha256>();
    }
}
