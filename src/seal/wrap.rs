//! Age files (age-encryption.org/v1) with X25519 recipients: the only place that knows the crate.

use super::Broken;
use age::x25519;
use std::io::{Read, Write};
use std::str::FromStr;
use zeroize::Zeroizing;

/// Longest key ring, in bytes: a thousand classes and a thousand recipients fit.
const LONGEST: u64 = 1 << 20;

/// A public key, `age1…`.
#[derive(Clone)]
pub struct Recipient(x25519::Recipient);

/// Private keys.
pub struct Identities(Vec<x25519::Identity>);

impl Recipient {
    /// The key in `text`; `None` if it is none, or of another kind.
    pub fn parse(text: &str) -> Option<Recipient> {
        x25519::Recipient::from_str(text.trim()).ok().map(Recipient)
    }
}

impl Identities {
    /// All in `text`, an identity file as `age-keygen` writes it: one a line, `#` begins a comment. `None` if there is none,
    /// or a line is something else.
    pub fn parse(text: &str) -> Option<Identities> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let all = lines.map(|line| x25519::Identity::from_str(line).ok()).collect::<Option<Vec<_>>>()?;
        (!all.is_empty()).then_some(Identities(all))
    }

    /// Their public keys.
    pub fn public(&self) -> Vec<String> {
        self.0.iter().map(|identity| identity.to_public().to_string()).collect()
    }
}

/// `plain` for `recipients`.
pub(super) fn wrap(plain: &[u8], recipients: &[Recipient]) -> Result<Vec<u8>, Broken> {
    let recipients = recipients.iter().map(|recipient| &recipient.0 as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(|_| Broken::Foreign)?;
    let mut out = Vec::new();
    let written = encryptor.wrap_output(&mut out).and_then(|mut writer| {
        writer.write_all(plain)?;
        writer.finish()
    });
    written.map_err(|_| Broken::Damaged)?;
    Ok(out)
}

/// What is in `bytes`, to its end.
pub(super) fn unwrap(bytes: &[u8], identities: &Identities) -> Result<Zeroizing<Vec<u8>>, Broken> {
    let decryptor = age::Decryptor::new(bytes).map_err(|_| Broken::Damaged)?;
    let identities = identities.0.iter().map(|identity| identity as &dyn age::Identity);
    let reader = decryptor.decrypt(identities).map_err(|error| match error {
        age::DecryptError::NoMatchingKeys => Broken::Foreign,
        _ => Broken::Damaged,
    })?;
    // Room for all at once, so that growing leaves no copy behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(bytes.len()));
    reader.take(LONGEST).read_to_end(&mut plain).map_err(|_| Broken::Damaged)?;
    Ok(plain)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Ring, Sealer};
    use super::*;

    #[test]
    fn a_ring_opens_for_its_recipients_only_and_only_whole() {
        let (mine, other) = (x25519::Identity::generate(), x25519::Identity::generate());
        let to = vec![mine.to_public().to_string()];
        let sealer = Sealer::new([("pii.email".to_owned(), 0), ("secret.key".to_owned(), 0)]).unwrap();
        let ring = sealer.ring("2026-03-02T14:00:00Z".to_owned(), to.clone(), |class| class == "pii.email");
        let file = ring.wrap(&[Recipient::parse(&to[0]).unwrap()]).unwrap();
        let (mine, other) = (Identities(vec![mine]), Identities(vec![other]));
        let read = Ring::unwrap(&file, &mine).unwrap();
        assert_eq!((read.run.as_str(), &read.to), (sealer.run(), &to));
        assert_eq!(read.keys.keys().collect::<Vec<_>>(), ["pii.email"]);
        let mut token = Vec::new();
        sealer.class("pii.email").unwrap().seal(b"jo@acme.io", false, &mut token);
        let token = crate::seal::token::next(&token, 0).unwrap();
        assert_eq!(*read.keys["pii.email"].open(token.payload).unwrap().value, b"jo@acme.io");
        assert_eq!(Ring::unwrap(&file, &other).unwrap_err(), Broken::Foreign);
        for end in 0..file.len() {
            assert!(Ring::unwrap(&file[..end], &mine).is_err(), "{end}");
        }
        assert_eq!(Ring::unwrap(&[&file[..], b"x"].concat(), &mine).unwrap_err(), Broken::Damaged);
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(Ring::unwrap(&changed, &mine).is_err(), "{at}");
        }
    }

    #[test]
    fn only_whole_identity_files_are_read() {
        use age::secrecy::ExposeSecret;
        let key = x25519::Identity::generate().to_string();
        let key = key.expose_secret();
        assert!(Identities::parse(&format!("# created\n{key}\n\n{key}\r\n")).is_some());
        for wrong in ["", "# nothing\n", "hunter2", &key[1..], &format!("{key}\nAGE-PLUGIN-X-1\n")] {
            assert!(Identities::parse(wrong).is_none());
        }
        assert!(Recipient::parse("age1hunter2").is_none() && Recipient::parse("ssh-ed25519 AAAA").is_none());
    }
}
