//! Values that can be opened again: sealed under a key of their run and class, which is wrapped for the roles that may.
//!
//! `token` is how a sealed value looks, `key` seals and opens, `ring` is what holds the keys of one role, `wrap` is the only
//! place that knows age. Knows no file, no clock and no role.

mod key;
mod ring;
pub mod token;
#[cfg(feature = "seal")]
mod wrap;
#[cfg(not(feature = "seal"))]
#[path = "unwrapped.rs"]
mod wrap;

pub use key::{Key, Opened};
pub use ring::{Broken, Ring, is_class};
pub use wrap::{Identities, Recipient};

use std::collections::BTreeMap;
use std::sync::Arc;

/// What a run seals with: a fresh key for each class.
#[derive(Clone, Debug, Default)]
pub struct Sealer {
    /// The name of the run.
    run: String,
    classes: BTreeMap<String, Sealed>,
    /// Who may see classes that are not sealed.
    others: BTreeMap<String, Audience>,
}

/// Some of the people that are sealed for: a bit for each of their roles.
pub type Audience = u64;

/// How values of one class are sealed.
#[derive(Clone, Debug)]
pub struct Sealed {
    key: Arc<Key>,
    /// Whoever can open it.
    pub audience: Audience,
}

/// The system gave no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRandom;

impl Sealer {
    /// Draws a name and a key for each of `classes`, which come with their audience.
    ///
    /// ```
    /// let sealer = logmask::seal::Sealer::new([("pii.email".to_owned(), 0)]).unwrap();
    /// let mut out = Vec::new();
    /// sealer.class("pii.email").unwrap().seal(b"jo@acme.io", false, &mut out);
    /// assert!(logmask::seal::token::are_tokens(&out));
    /// assert!(sealer.class("pii.name").is_none());
    /// ```
    pub fn new(classes: impl IntoIterator<Item = (String, Audience)>) -> Result<Sealer, NoRandom> {
        // 50 bits: files of a million runs can lie in one directory.
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|_| NoRandom)?;
        let bits = u64::from_le_bytes(random);
        let run: String = (0..token::RUN).map(|i| char::from(token::BASE32[(bits >> (5 * i) & 31) as usize])).collect();
        let mut sealer = Sealer { run, ..Sealer::default() };
        for (class, audience) in classes {
            let key = Arc::new(Key::draw(&class, &sealer.run)?);
            sealer.classes.insert(class, Sealed { key, audience });
        }
        Ok(sealer)
    }

    /// Also knows who may see values of `others`, which are not sealed by themselves, but may be a part of what is.
    #[must_use]
    pub fn knowing(self, others: BTreeMap<String, Audience>) -> Sealer {
        Sealer { others, ..self }
    }

    /// Who may see values of `class`, as far as is known: else nobody.
    pub fn audience(&self, class: &str) -> Audience {
        let sealed = self.classes.get(class).map(|sealed| sealed.audience);
        sealed.or_else(|| self.others.get(class).copied()).unwrap_or(0)
    }

    /// The name of the run.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// How values of `class` are sealed; `None` if they are not.
    pub fn class(&self, class: &str) -> Option<&Sealed> {
        self.classes.get(class)
    }

    /// The classes that are sealed.
    pub fn classes(&self) -> impl Iterator<Item = &str> {
        self.classes.keys().map(String::as_str)
    }

    /// The keys of those classes that `may` names.
    pub fn ring(&self, created: String, to: Vec<String>, may: impl Fn(&str) -> bool) -> Ring {
        let keys = self.classes.iter().filter(|(class, _)| may(class));
        Ring {
            run: self.run.clone(),
            created,
            to,
            keys: keys.map(|(class, sealed)| (class.clone(), Arc::clone(&sealed.key))).collect(),
        }
    }
}

impl Sealed {
    /// Appends the token that stands for `value`. `bare`: it needed no quotes where it stood, and the token got some.
    pub fn seal(&self, value: &[u8], bare: bool, out: &mut Vec<u8>) {
        self.key.seal(value, bare, out);
    }
}
