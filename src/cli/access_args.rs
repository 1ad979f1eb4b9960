//! What may be typed of views and the audit file.

use std::ffi::OsString;
use std::path::PathBuf;

/// Who looks.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ViewArgs {
    /// See what this role of the policy sees
    ///
    /// More than the base view needs a grant and an audit file. Exit status 3: refused, or the grant has ended meanwhile.
    #[arg(long, value_name = "ROLE", help_heading = "Views", hide_short_help = true)]
    pub(super) view: Option<String>,
    /// The grant: a certificate that `logmask grant`, ssh-keygen or another authority has signed
    #[arg(long, value_name = "FILE", hide_short_help = true, help_heading = "Views")]
    pub(super) grant: Option<PathBuf>,
    /// The private key that the grant is for: file:PATH, fd:N, env:NAME or cred:NAME
    #[arg(long, value_name = "SPEC", hide_short_help = true, help_heading = "Views")]
    pub(super) proof_key: Option<OsString>,
}

/// What is sealed instead of masked.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct SealArgs {
    /// Seal values of this class (secret.key, pii.*, *): who has the key can open them again; may be given again
    ///
    /// The keys are drawn for this run and written to --keyring, for each role of the policy that sees the class and has a
    /// public key in access.recipients. Classes of a family that nobody may open are masked as ever. What rules drop, and
    /// where values of different readers unite, is not sealed.
    #[arg(long, value_name = "CLASS", requires = "keyring", hide_short_help = true, help_heading = "Views")]
    pub(super) seal: Vec<String>,
    /// Directory for the key rings, one file a role: <run>.<role>.age
    #[arg(long, value_name = "DIR", hide_short_help = true, help_heading = "Views")]
    pub(super) keyring: Option<PathBuf>,
}

/// What is noted of a run.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct AuditArgs {
    /// Note in FILE who masked what, when and why, before and after
    ///
    /// One JSON line an event, each chained to the one before. Holds the policy's digest, counts by rule, and the digests of
    /// what was read and written; never a value. If it cannot be written, nothing is read: exit status 4.
    #[arg(long, value_name = "FILE", help_heading = "Audit", hide_short_help = true)]
    pub(super) audit: Option<PathBuf>,
    /// Sign it with this key of OpenSSH: file:PATH, fd:N, env:NAME or cred:NAME
    #[arg(long, value_name = "SPEC", requires = "audit", hide_short_help = true, help_heading = "Audit")]
    pub(super) audit_key: Option<OsString>,
    /// Why this is done: a ticket, say
    #[arg(long, value_name = "TEXT", help_heading = "Audit", hide_short_help = true)]
    pub(super) reason: Option<String>,
}
