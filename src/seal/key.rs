//! Seals and opens: AES-256-SIV (RFC 5297) over the padded value, with "lm1", class and run as associated data.
//!
//! Deterministic: equal values of one class give equal tokens within a run, and nothing can be told across runs. A value is
//! padded as ISO/IEC 7816-4 has it, to blocks of 16 bytes, so that lengths show only in steps. One whole block of zeros more
//! says that the value stood bare, and that the quotes round its token came with the token: other readers take zeros off
//! the end, however many there are.

use super::NoRandom;
use super::token::PREFIX;
use aes_siv::KeyInit;
use aes_siv::siv::Aes256Siv;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Version of the format, as associated data.
const VERSION: &[u8] = b"lm1";

/// Bytes of a block, and of the synthetic IV.
const BLOCK: usize = 16;

/// Bytes of a key: one half authenticates, one encrypts.
const LENGTH: usize = 64;

/// The key of one class in one run. Wiped when dropped; shows only what it is for.
pub struct Key {
    class: String,
    run: String,
    bytes: Zeroizing<[u8; LENGTH]>,
}

/// What a token stood for.
pub struct Opened {
    /// As it was spelled where it stood.
    pub value: Zeroizing<Vec<u8>>,
    /// It stood without the quotes that are round its token.
    pub bare: bool,
}

impl Key {
    /// A fresh one.
    pub(super) fn draw(class: &str, run: &str) -> Result<Key, NoRandom> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        getrandom::fill(&mut *bytes).map_err(|_| NoRandom)?;
        Ok(Key { class: class.to_owned(), run: run.to_owned(), bytes })
    }

    /// From hex digits, which must be 128.
    pub(super) fn from_hex(class: &str, run: &str, hex: &str) -> Option<Key> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        if HEXLOWER.decode_len(hex.len()).ok()? != LENGTH {
            return None;
        }
        HEXLOWER.decode_mut(hex.as_bytes(), &mut *bytes).ok()?;
        Some(Key { class: class.to_owned(), run: run.to_owned(), bytes })
    }

    /// In hex digits.
    pub(super) fn hex(&self) -> Zeroizing<String> {
        Zeroizing::new(HEXLOWER.encode(&*self.bytes))
    }

    fn headers(&self) -> [&[u8]; 3] {
        [VERSION, self.class.as_bytes(), self.run.as_bytes()]
    }

    /// Appends the token of `value`.
    pub(super) fn seal(&self, value: &[u8], bare: bool, out: &mut Vec<u8>) {
        // 1. The IV goes in front; room for all at once, so that growing leaves no copy of the value behind.
        let padding = BLOCK - value.len() % BLOCK + if bare { BLOCK } else { 0 };
        let mut buffer = Vec::with_capacity(BLOCK + value.len() + padding);
        buffer.resize(BLOCK, 0);
        buffer.extend_from_slice(value);
        buffer.push(0x80);
        buffer.resize(BLOCK + value.len() + padding, 0);
        // 2. What stands in the buffer afterwards is ciphertext.
        let (iv, text) = buffer.split_at_mut(BLOCK);
        let tag = Aes256Siv::new((&*self.bytes).into())
            .encrypt_inout_detached(self.headers(), text.into())
            .expect("three headers are not too many");
        iv.copy_from_slice(&tag);
        // 3. The spelling.
        for part in [PREFIX, self.class.as_bytes(), b"~", self.run.as_bytes(), b"~"] {
            out.extend_from_slice(part);
        }
        let start = out.len();
        // A long value fills most of what there is room for; twice that is not needed.
        if buffer.len() > 1 << 20 {
            out.reserve_exact(BASE64URL_NOPAD.encode_len(buffer.len()) + 1);
        }
        out.resize(start + BASE64URL_NOPAD.encode_len(buffer.len()), 0);
        BASE64URL_NOPAD.encode_mut(&buffer, &mut out[start..]);
        out.push(b'~');
    }

    /// What `payload`, the last part of a token, stands for; `None` if it was not sealed with this key for this class and run.
    pub fn open(&self, payload: &[u8]) -> Option<Opened> {
        let mut buffer = Zeroizing::new(vec![0; BASE64URL_NOPAD.decode_len(payload.len()).ok()?]);
        BASE64URL_NOPAD.decode_mut(payload, &mut buffer).ok()?;
        let (iv, text) = buffer.split_at_mut_checked(BLOCK)?;
        let iv = (&*iv).try_into().ok()?;
        Aes256Siv::new((&*self.bytes).into()).decrypt_inout_detached(self.headers(), text.into(), iv).ok()?;
        let zeros = text.iter().rev().take_while(|byte| **byte == 0).count();
        let end = text.len().checked_sub(zeros + 1).filter(|end| text[*end] == 0x80)?;
        Some(Opened { value: Zeroizing::new(text[..end].to_vec()), bare: zeros >= BLOCK })
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({} of {})", self.class, self.run)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::seal::token;
    use proptest::prelude::*;

    fn key(class: &str, run: &str) -> Key {
        Key::from_hex(class, run, &"000102030405060708090a0b0c0d0e0f".repeat(4)).unwrap()
    }

    fn sealed(key: &Key, value: &[u8], bare: bool) -> Vec<u8> {
        let mut out = Vec::new();
        key.seal(value, bare, &mut out);
        out
    }

    fn opened(key: &Key, token: &[u8]) -> Option<(Vec<u8>, bool)> {
        let token = token::next(token, 0)?;
        key.open(token.payload).map(|opened| (opened.value.to_vec(), opened.bare))
    }

    /// Made by another implementation: `AESSIV(key).encrypt(padded, [b"lm1", b"pii.email", b"r7q2zk"])` of Python's
    /// cryptography.
    #[test]
    fn anybody_with_the_key_can_open_them() {
        let key = key("pii.email", "r7q2zk");
        let token = "lm1~pii.email~r7q2zk~66SgMkNPDxP4jow5ejEd_o2Cx9WClpaVxZVKVQo55lA~";
        assert_eq!(String::from_utf8(sealed(&key, b"jo@acme.io", false)).unwrap(), token);
        assert_eq!(opened(&key, token.as_bytes()), Some((b"jo@acme.io".to_vec(), false)));
    }

    #[test]
    fn lengths_show_in_steps_of_sixteen() {
        let key = key("a.b", "r");
        let length = |value: usize| sealed(&key, &vec![b'x'; value], false).len();
        assert_eq!(length(0), length(15));
        assert_eq!(length(16), length(31));
        assert!(length(15) < length(16) && length(31) < length(32));
        for value in [0, 1, 15, 16, 17, 1 << 20] {
            let value: Vec<u8> = (0..value).map(|at| at as u8).collect();
            assert_eq!(opened(&key, &sealed(&key, &value, false)), Some((value, false)));
        }
    }

    #[test]
    fn a_token_of_another_class_or_run_stays_shut() {
        let token = sealed(&key("pii.email", "r7q2zk"), b"jo@acme.io", false);
        assert!(opened(&key("pii.name", "r7q2zk"), &token).is_none());
        assert!(opened(&key("pii.email", "r7q2zl"), &token).is_none());
    }

    #[test]
    fn what_is_made_of_a_key_is_wiped_when_dropped() {
        fn wiped<T: zeroize::ZeroizeOnDrop>() {}
        wiped::<Aes256Siv>();
        wiped::<aes::Aes256>();
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", key("pii.email", "r")), "Key(pii.email of r)");
    }

    proptest! {
        #[test]
        fn what_was_sealed_is_opened(value in prop::collection::vec(any::<u8>(), 0..100), bare: bool) {
            let key = key("pii.x", "run");
            let token = sealed(&key, &value, bare);
            prop_assert!(token::are_tokens(&token));
            prop_assert!(token.iter().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(b)));
            prop_assert_eq!(opened(&key, &token), Some((value, bare)));
        }

        #[test]
        fn a_changed_byte_keeps_it_shut(value in prop::collection::vec(any::<u8>(), 0..40), at: usize, byte: u8) {
            let key = key("pii.x", "run");
            let mut token = sealed(&key, &value, false);
            let at = at % token.len();
            prop_assume!(token[at] != byte);
            token[at] = byte;
            // The name of class or run may have changed too: whoever opens it asks for the key by that name.
            let other = token::next(&token, 0).is_none_or(|token| (token.class, token.run) != ("pii.x", "run"));
            prop_assert!(other || opened(&key, &token).is_none());
        }
    }
}
