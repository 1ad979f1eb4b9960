//! Keys that were looked up in vain. A log has few different keys, so most look-ups end here.

/// A small table of keys without a rule; a new one takes the place of an old one.
pub struct Misses {
    slots: Vec<[u8; 32]>,
}

impl Default for Misses {
    fn default() -> Misses {
        Misses { slots: vec![[0; 32]; 1024] }
    }
}

impl Misses {
    /// Was `key` noted before? Keys of more than 31 bytes never are.
    pub fn has(&self, key: &[u8]) -> bool {
        entry(key).is_some_and(|(slot, entry)| self.slots[slot] == entry)
    }

    /// Notes that no rule knows `key`.
    pub fn note(&mut self, key: &[u8]) {
        if let Some((slot, entry)) = entry(key) {
            self.slots[slot] = entry;
        }
    }
}

/// The slot of a key and what stands there when it is noted: its length and its bytes.
fn entry(key: &[u8]) -> Option<(usize, [u8; 32])> {
    let mut entry = [0; 32];
    entry.get_mut(1..=key.len())?.copy_from_slice(key);
    entry[0] = key.len() as u8;
    let part = |at: usize| u64::from_le_bytes(entry[at..at + 8].try_into().expect("eight bytes"));
    let mixed = part(0) ^ part(8).rotate_left(21) ^ part(16).rotate_left(42) ^ part(24).rotate_left(11);
    Some(((mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54) as usize, entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_noted_keys_are_known() {
        let mut misses = Misses::default();
        let long = [b'k'; 40];
        for key in [&b"level"[..], b"l", &long] {
            assert!(!misses.has(key));
            misses.note(key);
            assert_eq!(misses.has(key), key.len() < 32);
        }
        assert!(!misses.has(b"leve") && !misses.has(b"level\0"));
    }
}
