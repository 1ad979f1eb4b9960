//! A key ring: the keys of one run that one role may have, as JSON in an age file.
//!
//! `{"v":1,"run":…,"created":…,"to":[age1…],"keys":{class: hex}}`. `to` are the public keys that it is wrapped for: age does
//! not tell them, and whoever wraps it anew has to know who is to stay.

use super::token::{LONGEST_CLASS, PREFIX};
use super::{Identities, Key, Recipient};
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Version of the format.
const VERSION: u64 = 1;

/// Keys of one run.
#[derive(Clone, Debug)]
pub struct Ring {
    /// Name of the run.
    pub run: String,
    /// When it began, as text.
    pub created: String,
    /// Public keys that it is wrapped for.
    pub to: Vec<String>,
    /// By class.
    pub keys: BTreeMap<String, Arc<Key>>,
}

/// Why a key ring gives no keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It is not wrapped for any of these identities.
    Foreign,
    /// It was changed, cut off or added to, or never was one.
    Damaged,
    /// This program was built without age.
    NotBuilt,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Broken::Foreign => "is for other identities",
            Broken::Damaged => "is damaged, or no key ring",
            Broken::NotBuilt => "needs age, which this program was built without",
        })
    }
}

impl Ring {
    /// The file for `recipients`, which are those of `to`.
    pub fn wrap(&self, recipients: &[Recipient]) -> Result<Vec<u8>, Broken> {
        super::wrap::wrap(self.json().as_bytes(), recipients)
    }

    /// The key ring in the file `bytes`, if one of `identities` opens it. All of it must be whole.
    pub fn unwrap(bytes: &[u8], identities: &Identities) -> Result<Ring, Broken> {
        Ring::parse(&super::wrap::unwrap(bytes, identities)?).ok_or(Broken::Damaged)
    }

    /// Written by hand: a writer of JSON would leave copies of the keys behind. Names need no escapes.
    fn json(&self) -> Zeroizing<String> {
        let list = |words: Vec<String>| words.join(",");
        let to = list(self.to.iter().map(|to| format!("\"{to}\"")).collect());
        // Room for all at once, so that growing leaves no copy behind.
        let room = 256 + to.len() + self.keys.len() * (LONGEST_CLASS + 140);
        let mut text = Zeroizing::new(String::with_capacity(room));
        // Writing to a string does not fail.
        let _ = write!(text, "{{\"v\":{VERSION},\"run\":\"{}\",\"created\":\"{}\",", self.run, self.created);
        let _ = write!(text, "\"to\":[{to}],\"keys\":{{");
        for (at, (class, key)) in self.keys.iter().enumerate() {
            for part in [if at > 0 { "," } else { "" }, "\"", class, "\":\"", &key.hex(), "\""] {
                text.push_str(part);
            }
        }
        text.push_str("}}\n");
        text
    }

    fn parse(json: &[u8]) -> Option<Ring> {
        #[derive(serde::Deserialize)]
        struct Read<'a> {
            v: u64,
            run: &'a str,
            created: &'a str,
            #[serde(default)]
            to: Vec<&'a str>,
            #[serde(borrow)]
            keys: BTreeMap<&'a str, &'a str>,
        }
        let read: Read<'_> = serde_json::from_slice(json).ok().filter(|read: &Read<'_>| read.v == VERSION)?;
        let key =
            |(class, hex): (&&str, &&str)| Some(((*class).to_owned(), Arc::new(Key::from_hex(class, read.run, hex)?)));
        Some(Ring {
            run: read.run.to_owned(),
            created: read.created.to_owned(),
            to: read.to.iter().map(|to| (*to).to_owned()).collect(),
            keys: read.keys.iter().map(key).collect::<Option<_>>()?,
        })
    }
}

/// May `class` be the name of a class in a token?
pub fn is_class(class: &str) -> bool {
    let token = format!("{}{class}~r~{}~", String::from_utf8_lossy(PREFIX), "A".repeat(43));
    super::token::are_tokens(token.as_bytes())
}
