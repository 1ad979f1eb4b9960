//! What may be typed after `logmask audit`.

use clap::Subcommand;
use std::ffi::OsString;
use std::path::PathBuf;

/// `logmask audit verify|head|show|receipt|repair|rotate`
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct AuditCommandArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: AuditCommand,
}

/// What to do with audit files.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AuditCommand {
    /// Check that nothing was changed: exit status 4 names the first bad entry
    Verify(VerifyArgs),
    /// Print number and hash of the last entry, N:HASH, to note elsewhere
    Head {
        /// Audit file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Print entries
    Show(ShowArgs),
    /// Print the entries of one run and what stands between, with the checkpoint that signs them
    ///
    /// Verify it with: audit verify --receipt FILE --signers FILE. It needs nothing else of the audit file.
    Receipt {
        /// Audit file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Which run [default: the last that masked]
        #[arg(long, value_name = "ID")]
        session: Option<String>,
    },
    /// Take out a line that a crash left unfinished, or go on after a wrong clock, and say so in an entry
    Repair {
        /// Audit file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Go on although the clock is behind the last entry, because it was wrong when that was written; says so, too
        #[arg(long)]
        clock: bool,
        /// Key that signs the note: file:PATH, fd:N, env:NAME or cred:NAME
        #[arg(long, value_name = "SPEC")]
        audit_key: Option<OsString>,
    },
    /// Move the file to TO and begin a new one that goes on where it ends
    Rotate {
        /// Audit file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Where it goes; must not exist
        #[arg(value_name = "TO")]
        to: PathBuf,
    },
}

/// `logmask audit verify FILE...`
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct VerifyArgs {
    /// Audit files, the oldest first
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Keys that may sign checkpoints, as in `ssh-keygen -Y verify -f`
    #[arg(long, value_name = "FILE")]
    pub(super) signers: Option<PathBuf>,
    /// The file is a piece of an audit file, as `audit receipt` prints it: nothing is said of what is before and behind it
    #[arg(long)]
    pub(super) receipt: bool,
    /// An entry that was noted elsewhere; without it a cut-off end does not show
    #[arg(long, value_name = "N:HASH")]
    pub(super) anchor: Option<String>,
}

/// `logmask audit show FILE...`
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ShowArgs {
    /// Audit files, the oldest first
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Only entries of this person
    #[arg(long, value_name = "ID")]
    pub(super) who: Option<String>,
    /// Only entries from this time on, such as 2026-03-02T14:00:00Z, or 8h for the last eight hours
    #[arg(long, value_name = "TIME")]
    pub(super) since: Option<String>,
    /// How: text, json or ocsf (lines of the Open Cybersecurity Schema Framework) [default: text]
    #[arg(long, value_name = "FORM", default_value = "text", hide_default_value = true)]
    pub(super) format: String,
}
