//! What may be typed after `logmask reveal`.

use crate::cli::access_args::AuditArgs;
use std::ffi::OsString;
use std::path::PathBuf;

/// `logmask reveal [FILE]...`
///
/// Everything but sealed values goes out byte for byte as it came in. What is opened is noted in the audit file first, and
/// without an audit file nothing is opened: exit status 4. Where the policy has roles a grant is needed: exit status 3, and a
/// note of it. Values that are not for you stay sealed: exit status 3; so do those that were changed or whose key ring is
/// missing: exit status 4.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RevealArgs {
    /// Logs with sealed values; none, or `-`, is stdin
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Where the key rings are
    #[arg(long, value_name = "DIR")]
    pub(super) keyring: PathBuf,
    /// Private key of age that opens them: file:PATH, fd:N, env:NAME or cred:NAME
    #[arg(long, value_name = "SPEC")]
    pub(super) identity: OsString,
    /// The grant: a certificate that `logmask grant`, ssh-keygen or another authority has signed
    #[arg(long, value_name = "FILE")]
    pub(super) grant: Option<PathBuf>,
    /// The private key that the grant is for: file:PATH, fd:N, env:NAME or cred:NAME
    #[arg(long, value_name = "SPEC")]
    pub(super) proof_key: Option<OsString>,
    /// Open only what this role sees [default: the role of the grant]
    #[arg(long, value_name = "ROLE")]
    pub(super) view: Option<String>,
    #[command(flatten)]
    pub(super) audit: AuditArgs,
    /// Policy with the roles
    #[arg(short = 'c', long = "policy", value_name = "FILE")]
    pub(super) policy: Vec<PathBuf>,
    /// Use no policy but those of the command line
    #[arg(long)]
    pub(super) no_config: bool,
    /// Longest line that is read [default: 256MiB]
    #[arg(long, value_name = "BYTES", default_value = "256MiB", hide_default_value = true)]
    pub(super) max_line: String,
    /// Threads: a number, or auto [default: auto]
    #[arg(short, long, value_name = "N", default_value = "auto", hide_default_value = true)]
    pub(super) jobs: String,
}
