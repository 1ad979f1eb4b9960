//! In place of `wrap` where this program is built without age: nothing is wrapped, nothing is opened.

use super::Broken;
use zeroize::Zeroizing;

/// A public key; there are none.
#[derive(Clone)]
pub struct Recipient(());

/// Private keys; there are none.
pub struct Identities(());

impl Recipient {
    /// None.
    pub fn parse(_text: &str) -> Option<Recipient> {
        None
    }
}

impl Identities {
    /// None.
    pub fn parse(_text: &str) -> Option<Identities> {
        None
    }

    /// None.
    pub fn public(&self) -> Vec<String> {
        Vec::new()
    }
}

pub(super) fn wrap(_plain: &[u8], _recipients: &[Recipient]) -> Result<Vec<u8>, Broken> {
    Err(Broken::NotBuilt)
}

pub(super) fn unwrap(_bytes: &[u8], _identities: &Identities) -> Result<Zeroizing<Vec<u8>>, Broken> {
    Err(Broken::NotBuilt)
}
