//! Names with a star, matched over the whole key.

use super::{Names, words};
use crate::span::RuleIx;

/// A name with `*`: matches the whole key.
#[derive(Debug)]
pub struct Glob {
    /// Whose name it is.
    pub rule: RuleIx,
    pattern: Vec<u8>,
    /// Letters other than the stars.
    pub letters: u8,
}

impl Glob {
    /// Case and the marks `_`, `-`, `.` and blank make no difference.
    pub fn new(rule: RuleIx, name: &str) -> Glob {
        let pattern: Vec<u8> = name.bytes().map(fold).collect();
        let letters = pattern.iter().filter(|&&byte| words::is_letter(byte)).count().min(255) as u8;
        Glob { rule, pattern, letters }
    }

    /// Greedy, going back to the last star only. The last byte tells most keys apart.
    pub fn matches(&self, key: &[u8]) -> bool {
        if let (Some(&byte), Some(&last)) = (self.pattern.last(), key.last())
            && byte != b'*'
            && byte != fold(last)
        {
            return false;
        }
        let (mut at, mut from) = (0, 0);
        let mut star = None;
        while from < key.len() {
            match self.pattern.get(at) {
                Some(b'*') => {
                    star = Some((at, from));
                    at += 1;
                }
                Some(&byte) if byte == fold(key[from]) => (at, from) = (at + 1, from + 1),
                _ => {
                    let Some((star_at, star_from)) = star else { return false };
                    star = Some((star_at, star_from + 1));
                    (at, from) = (star_at + 1, star_from + 1);
                }
            }
        }
        self.pattern[at..].iter().all(|&byte| byte == b'*')
    }

    /// What every key it matches ends with, as [`Names::tail`] folds it, its words parted by marks or by letters of both cases;
    /// `None` if that can be anything.
    pub fn tails(&self) -> Option<[[u8; 4]; 2]> {
        let star = self.pattern.iter().rposition(|&byte| byte == b'*')?;
        let end = &self.pattern[star + 1..];
        let joined: Vec<u8> = end.iter().copied().filter(|byte| *byte != b'_').collect();
        let tails = [end, &joined].map(Names::tail);
        (tails[0][3] != 0).then_some(tails)
    }
}

/// `key` with a mark between words that letters of both cases part: `custId` is `cust_Id`.
pub fn parted(key: &[u8]) -> Vec<u8> {
    let mut parted = Vec::with_capacity(key.len() + 8);
    for (at, byte) in key.iter().enumerate() {
        if at > 0 && byte.is_ascii_uppercase() && (key[at - 1].is_ascii_lowercase() || key[at - 1].is_ascii_digit()) {
            parted.push(b'_');
        }
        parted.push(*byte);
    }
    parted
}

fn fold(byte: u8) -> u8 {
    match byte {
        b'-' | b'.' | b' ' => b'_',
        byte => byte.to_ascii_lowercase(),
    }
}
