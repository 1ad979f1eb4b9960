//! What may be typed behind `logmask policy`.

use crate::cli::args::PolicyArgs;
use clap::Subcommand;
use std::path::PathBuf;

/// `logmask policy COMMAND`
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct PolicyCommandArgs {
    #[command(subcommand)]
    pub(super) command: PolicyCommand,
}

/// What to do with a policy.
#[derive(Debug, Subcommand)]
pub(super) enum PolicyCommand {
    /// Print a policy to start from, or write it to FILE
    Init(InitArgs),
    /// Load a policy and say what could be better
    Check(CheckArgs),
    /// Run the examples and near misses in FILE; without FILE, of all built-in rules
    Test(TestArgs),
    /// Show the rules that are in force, and where each value was written
    Show(ShowArgs),
    /// Say what a new policy would make visible or hide in a log
    Diff(DiffArgs),
    /// Write down the digests of policy files, or go back to earlier ones
    Lock(LockArgs),
    /// Print the JSON Schema of policy files, for editors
    Schema,
}

/// `logmask policy check [FILE]...`
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) files: PolicyFilesArgs,
    /// Exit status 1 if there is anything to say
    #[arg(long)]
    pub(super) strict: bool,
}

/// `[FILE]... [-c FILE]... [-p NAME]`
#[derive(Debug, clap::Args)]
pub(super) struct PolicyFilesArgs {
    /// Policies on top of the profile, as with -c
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
}

impl PolicyFilesArgs {
    /// The policy files of both spellings, in order.
    pub(super) fn all(&self) -> Vec<PathBuf> {
        self.policy.policy.iter().chain(&self.files).cloned().collect()
    }
}

/// `logmask policy init [FILE]`
#[derive(Debug, clap::Args)]
pub(super) struct InitArgs {
    /// Where to write it; must not exist
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
}

/// `logmask policy test [FILE]...`
#[derive(Debug, clap::Args)]
pub(super) struct TestArgs {
    #[command(flatten)]
    pub(super) files: PolicyFilesArgs,
    /// Also write the results to this file, in the form of JUnit
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,
    /// Name the rules that never fire on this log; may be given again
    #[arg(long, value_name = "LOG")]
    pub(super) coverage: Vec<PathBuf>,
}

/// `logmask policy show [FILE]...`
#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    #[command(flatten)]
    pub(super) files: PolicyFilesArgs,
    /// All rules that are in force, built-in ones too
    #[arg(long)]
    pub(super) effective: bool,
    /// Only this rule
    #[arg(long, value_name = "ID")]
    pub(super) rule: Option<String>,
}

/// `logmask policy diff OLD NEW --on LOG`
#[derive(Debug, clap::Args)]
pub(super) struct DiffArgs {
    /// Policy before: a file, or builtin: and a profile
    #[arg(value_name = "OLD")]
    pub(super) old: PathBuf,
    /// Policy after
    #[arg(value_name = "NEW")]
    pub(super) new: PathBuf,
    /// Log to compare them on; may be given again
    #[arg(long, value_name = "LOG", required = true)]
    pub(super) on: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
}

/// `logmask policy lock [FILE]...`
#[derive(Debug, clap::Args)]
pub(super) struct LockArgs {
    #[command(flatten)]
    pub(super) files: PolicyFilesArgs,
    /// Go back to the earlier version whose digest begins so
    #[arg(long, value_name = "DIGEST")]
    pub(super) to: Option<String>,
}
