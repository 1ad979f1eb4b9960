//! Grants that are no longer good.

use std::collections::HashSet;

/// Serial numbers and fingerprints (`SHA256:…`) of keys, one a line; `#` begins a comment.
#[derive(Clone, Debug, Default)]
pub struct Revoked(HashSet<String>);

impl Revoked {
    /// The list in `text`; the number of the line that is neither.
    pub fn parse(text: &str) -> Result<Revoked, usize> {
        let mut all = HashSet::new();
        for (at, line) in text.lines().enumerate() {
            let word = line.split('#').next().unwrap_or_default().trim();
            if word.is_empty() {
                continue;
            }
            match word.parse::<u64>() {
                Ok(serial) => all.insert(serial.to_string()),
                Err(_) if word.starts_with("SHA256:") => all.insert(word.to_owned()),
                Err(_) => return Err(at + 1),
            };
        }
        Ok(Revoked(all))
    }

    /// Whether the serial number or the fingerprint is listed.
    pub fn lists(&self, serial: u64, fingerprint: &str) -> bool {
        self.0.contains(&serial.to_string()) || self.0.contains(fingerprint)
    }
}
