//! What may be typed after `logmask grant`.

use clap::Subcommand;
use std::ffi::OsString;
use std::path::PathBuf;

/// `logmask grant …`: signs a grant, or one of the commands.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(in crate::cli) struct GrantArgs {
    #[command(subcommand)]
    pub(super) command: Option<GrantCommand>,
    /// Key of the authority that signs: file:PATH, fd:N, env:NAME or cred:NAME
    #[arg(long, value_name = "SPEC")]
    pub(super) ca: Option<OsString>,
    #[command(flatten)]
    pub(super) wish: Wish,
    /// Number of the grant [default: random]
    #[arg(long, value_name = "N")]
    pub(super) serial: Option<u64>,
    /// Only print the equal ssh-keygen command, for keys in an agent or in hardware
    #[arg(long)]
    pub(super) print_command: bool,
    /// Policy with the roles; the grant must keep its terms
    #[arg(short = 'c', long = "policy", value_name = "FILE")]
    pub(super) policy: Option<PathBuf>,
}

/// What somebody wants.
#[derive(Clone, Debug, Default, clap::Args)]
pub(in crate::cli) struct Wish {
    /// Public key of whoever it is for
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
    /// Who it is for, as the audit file shall name them
    #[arg(long, value_name = "NAME")]
    pub(super) who: Option<String>,
    /// Role
    #[arg(long, value_name = "ROLE")]
    pub(super) role: Option<String>,
    /// How long: 30m, 1h [default: 1h]
    #[arg(long = "for", value_name = "SPAN", default_value = "1h", hide_default_value = true)]
    pub(super) span: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: Option<String>,
    /// Only these classes of the role, separated by commas
    #[arg(long, value_name = "CLASSES")]
    pub(super) classes: Option<String>,
}

/// `logmask grant request`
#[derive(Clone, Debug, clap::Args)]
pub(in crate::cli) struct RequestArgs {
    #[command(flatten)]
    pub(super) wish: Wish,
    /// Private key of whoever it is for, to sign the request: file:PATH, fd:N, env:NAME or cred:NAME
    #[arg(long, value_name = "SPEC")]
    pub(super) proof_key: Option<OsString>,
}

/// What else there is to do with grants.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum GrantCommand {
    /// Say who, which role, why, how long, and whether a policy accepts it
    Show {
        /// Grant
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Policy to judge it by
        #[arg(short = 'c', long = "policy", value_name = "FILE")]
        policy: Option<PathBuf>,
    },
    /// Print a request to paste into a ticket
    Request(RequestArgs),
    /// Sign the request in FILE, or from stdin
    Approve {
        /// Request
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// Key of the authority that signs: file:PATH, fd:N, env:NAME or cred:NAME
        #[arg(long, value_name = "SPEC")]
        ca: OsString,
        /// Who it is for [default: as the request says]
        #[arg(long, value_name = "NAME")]
        who: Option<String>,
        /// Policy with the roles; the grant must keep its terms
        #[arg(short = 'c', long = "policy", value_name = "FILE")]
        policy: Option<PathBuf>,
    },
}
