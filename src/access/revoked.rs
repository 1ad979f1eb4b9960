//! Grants that are no longer good.

use data_encoding::BASE64_NOPAD;
use std::collections::HashSet;

/// Serial numbers and fingerprints (`SHA256:…`) of keys, one a line; `#` begins a comment. With the key of an authority all
/// that it signed is no longer good.
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
                Err(_) => all.insert(fingerprint(word).ok_or(at + 1)?),
            };
        }
        Ok(Revoked(all))
    }

    /// Whether the serial number or one of the fingerprints is listed.
    pub fn lists(&self, serial: u64, fingerprints: &[&str]) -> bool {
        self.0.contains(&serial.to_string()) || fingerprints.iter().any(|fingerprint| self.0.contains(*fingerprint))
    }
}

/// The fingerprint that `word` is, as OpenSSH writes it; other programs put padding behind it. What is none revokes
/// nothing, and whoever wrote it has to know.
fn fingerprint(word: &str) -> Option<String> {
    let digest = word.strip_prefix("SHA256:")?.trim_end_matches('=');
    let bytes = BASE64_NOPAD.decode(digest.as_bytes()).ok()?;
    (bytes.len() == 32).then(|| format!("SHA256:{digest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_revokes_nothing_is_not_read_as_if_it_did() {
        let print = format!("SHA256:{}", "A".repeat(43));
        for good in [print.clone(), format!("{print}="), format!("  {print} # jo"), format!("{print}\r\n")] {
            let revoked = Revoked::parse(&good).expect("a fingerprint");
            assert!(revoked.lists(1, &["SHA256:x", &print]), "{good}");
            assert!(!revoked.lists(1, &[]), "{good}");
        }
        assert!(Revoked::parse("007").expect("a number").lists(7, &[]));
        for bad in
            [&format!("{print} jo"), &format!("256 {print}"), &print[..49], "SHA256:", "MD5:00:11", "0x7", "7 8", "-1"]
        {
            assert_eq!(Revoked::parse(&format!("1\n\n{bad}\n")).err(), Some(3), "{bad}");
        }
    }
}
