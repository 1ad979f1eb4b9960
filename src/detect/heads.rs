//! What literals begin with: answers "surely none of them stands here" for most words, without a branch.

/// By the hash of the first three bytes of a literal: a bit for each pair of a fourth and a fifth byte, whose lower three bits
/// count. Words that only begin as a literal does, `user` as `user_secret=`, end here. 16 KiB: it stays in the first-level cache.
pub struct Heads(Box<[u64; 2048]>);

impl Default for Heads {
    fn default() -> Heads {
        Heads(Box::new([0; 2048]))
    }
}

/// The hash of the first three of these bytes (little-endian); its upper bits count.
#[inline(always)]
fn hash(eight: u64) -> u32 {
    (eight as u32).wrapping_shl(8).wrapping_mul(0x9E37_79B1)
}

/// Which of the bits of a hash a fourth and a fifth byte have.
#[inline(always)]
fn pair(eight: u64) -> u64 {
    (eight >> 21 & 0x38) | (eight >> 32 & 7)
}

impl Heads {
    /// Those of the bits that another one [has](Heads::bits).
    pub fn of(bits: &[u64; 2048]) -> Heads {
        Heads(Box::new(*bits))
    }

    /// All of it.
    pub fn bits(&self) -> &[u64; 2048] {
        &self.0
    }

    /// Adds a literal.
    pub fn insert(&mut self, literal: &[u8]) {
        let mut eight = [0; 8];
        let known = literal.len().min(5);
        eight[..known].copy_from_slice(&literal[..known]);
        let eight = u64::from_le_bytes(eight);
        let pairs = &mut self.0[(hash(eight) >> 21) as usize];
        match known {
            5 => *pairs |= 1 << pair(eight),
            // Any fifth byte.
            4 => *pairs |= 0xFF << pair(eight),
            // Some dozens of these: words that share their slot by chance cost less than a table of their own.
            3 => *pairs = u64::MAX,
            // Shorter than any anchor may be: every answer is "maybe".
            _ => self.0.fill(u64::MAX),
        }
    }

    /// 1 if some literal may begin with these bytes (little-endian, of which five count), else 0.
    #[inline(always)]
    pub fn maybe(&self, eight: u64) -> u64 {
        self.0[(hash(eight) >> 21) as usize] >> pair(eight) & 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maybe(literals: &[&str], text: &str) -> bool {
        let mut heads = Heads::default();
        for literal in literals {
            heads.insert(literal.as_bytes());
        }
        let mut eight = [0; 8];
        let known = text.len().min(8);
        eight[..known].copy_from_slice(&text.as_bytes()[..known]);
        heads.maybe(u64::from_le_bytes(eight)) == 1
    }

    #[test]
    fn every_literal_is_known_by_what_it_begins_with() {
        let literals = ["sk-", "ghp_", "AKIA", "glpat", "user_secret="];
        for literal in literals {
            assert!(maybe(&literals, literal) && maybe(&literals, &format!("{literal}x")), "{literal}");
        }
        for no in ["user=", "users", "glpax", "gh", "AKIb", "hello", "sk", "skx"] {
            assert!(!maybe(&literals, no), "{no}");
        }
        assert!(maybe(&["ab"], "anything"));
    }
}
