//! What a policy says of grants, read from the files it names. Whatever cannot be read refuses all grants.

use crate::access::{Revoked, Terms};
use crate::cli::{Failure, message};
use crate::policy::pattern;
use crate::policy::roles::{Roles, seconds};
use jiff::Timestamp;
use regex::bytes::Regex;
use ssh_key::{Certificate, PublicKey};
use std::io::Read;
use std::path::Path;

/// Longest life of a grant where the policy does not say.
const LONGEST: u64 = 8 * 3600;

/// The content of the files.
pub(in crate::cli) struct Held {
    cas: Vec<PublicKey>,
    revoked: Revoked,
    reason: Option<Regex>,
    longest: u64,
}

impl Held {
    /// Reads them.
    pub(in crate::cli) fn read(roles: &Roles) -> Result<Held, Failure> {
        let access = &roles.access;
        let cas = authorities(roles)?;
        let revoked = access.revoked.as_ref().map(|path| {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failure::denied(format!("{}: {}", path.display(), message::fact(&error))))?;
            Revoked::parse(&text).map_err(|line| {
                Failure::denied(format!("{}:{line}: neither a serial number nor a fingerprint", path.display()))
            })
        });
        // Checked when the policy was loaded; without it any reason would do.
        let reason = access.require_reason.as_ref().map(|pattern| pattern::plain(pattern)).transpose();
        let reason = reason.map_err(|_| Failure::denied("access.require_reason: no regular expression"))?;
        let longest = access.max_grant.as_deref().and_then(seconds).unwrap_or(LONGEST);
        Ok(Held { cas, revoked: revoked.transpose()?.unwrap_or_default(), reason, longest })
    }

    /// The terms at the time `now`.
    pub(in crate::cli) fn terms<'a>(&'a self, roles: &'a Roles, now: u64) -> Terms<'a> {
        let reason = self.reason.as_ref();
        Terms { cas: &self.cas, roles, longest: self.longest, reason, revoked: &self.revoked, now }
    }
}

/// The keys in the files of `access.grant_cas`: one a line in each, and one at least.
pub(in crate::cli) fn authorities(roles: &Roles) -> Result<Vec<PublicKey>, Failure> {
    let mut keys = Vec::new();
    for path in roles.access.grant_cas.iter().flatten() {
        let text = text(path)?;
        let mut lines =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
        if lines.peek().is_none() {
            return Err(Failure::usage(format!("{}: holds no key", path.display())));
        }
        for line in lines {
            keys.push(PublicKey::from_openssh(line).map_err(|_| no_key(path))?);
        }
    }
    Ok(keys)
}

/// Keys and certificates are a few KiB at most; what is longer is cut off, and so is none.
fn text(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MOST).read_to_string(&mut text))
        .map_err(|error| Failure::usage(format!("{}: {}", path.display(), message::fact(&error))))?;
    Ok(text)
}

/// What is read of a file with keys, in bytes.
const MOST: u64 = 1 << 20;

fn no_key(path: &Path) -> Failure {
    Failure::usage(format!("{}: no public key of OpenSSH", path.display()))
}

/// Now, in seconds since 1970.
pub(in crate::cli) fn now() -> u64 {
    Timestamp::now().as_second().max(0) as u64
}

/// `2026-03-02T14:00:00Z`
pub(in crate::cli) fn shown(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map_or_else(|| "never".to_owned(), |time| time.to_string())
}

/// The public key at `path`, in OpenSSH's format.
pub(in crate::cli) fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    PublicKey::from_openssh(text(path)?.trim()).map_err(|_| no_key(path))
}

/// The certificate at `path`. One that cannot be parsed, such as one that never ends, is refused.
pub(in crate::cli) fn certificate(path: &Path) -> Result<Certificate, Failure> {
    Certificate::from_openssh(text(path)?.trim())
        .map_err(|_| Failure::denied(format!("{}: no certificate that can be a grant", path.display())))
}
