//! Signatures as `ssh-keygen -Y` makes and checks them (PROTOCOL.sshsig).

use ssh_key::{HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};

/// Namespace of checkpoints.
pub const CHECKPOINT: &str = "audit@logmask";

/// Namespace of proofs that somebody holds the key of a grant.
pub const PROOF: &str = "grant@logmask";

/// What a checkpoint signs. No JSON, so nothing depends on how that is written.
pub fn checkpoint(origin: &str, size: u64, head: &str) -> String {
    format!("logmask-audit/v1\n{origin}\n{size}\n{head}\n")
}

/// What an actor signs before anything is shown: the place of the entry that says so.
pub fn proof(origin: &str, seq: u64, prev: &str, session: &str) -> String {
    format!("logmask-proof/v1\n{origin}\n{seq}\n{prev}\n{session}\n")
}

/// The signature of `text`, armoured. Fails for a key that is encrypted or of a kind that cannot sign here.
pub fn sign(key: &PrivateKey, namespace: &str, text: &str) -> Result<String, ssh_key::Error> {
    key.sign(namespace, HashAlg::Sha512, text.as_bytes())?.to_pem(LineEnding::LF)
}

/// The key that signed `text` in `namespace`; `None` if nobody did.
pub fn signer(signature: &str, namespace: &str, text: &str) -> Option<PublicKey> {
    let written = signature;
    let signature = SshSig::from_pem(written).ok()?;
    // Lengths inside are read loosely: what would not be written like this was changed.
    let again = signature.to_pem(LineEnding::LF).ok()?;
    if !again.split_whitespace().flat_map(str::bytes).eq(written.split_whitespace().flat_map(str::bytes)) {
        return None;
    }
    let key = PublicKey::from(signature.public_key().clone());
    key.verify(namespace, text.as_bytes(), &signature).ok()?;
    Some(key)
}

/// `SHA256:…`, as ssh-keygen prints it.
pub fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}
