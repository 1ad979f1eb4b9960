//! What may be typed after `logmask keyring`.

use clap::Subcommand;
use std::ffi::OsString;
use std::path::PathBuf;

/// `logmask keyring …`
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct KeyringArgs {
    #[command(subcommand)]
    pub(super) command: KeyringCommand,
}

/// What there is to do with key rings.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum KeyringCommand {
    /// Wrap the key rings in DIR for other public keys
    ///
    /// Those that the identity opens are wrapped anew; with --drop only those that are wrapped for a key that goes. What was
    /// copied before stays open to whoever could open it.
    Rewrap {
        /// Public key that comes; may be given again
        #[arg(long, value_name = "AGE1")]
        add: Vec<String>,
        /// Public key that goes; may be given again
        #[arg(long, value_name = "AGE1")]
        drop: Vec<String>,
        /// Only key rings of this role
        #[arg(long, value_name = "ROLE")]
        role: Option<String>,
        /// Private key of age that opens them: file:PATH, fd:N, env:NAME or cred:NAME
        #[arg(long, value_name = "SPEC")]
        identity: OsString,
        /// Where the key rings are
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
}
