//! What may be typed. What was typed is checked by the command that uses it, so that no message repeats a value.

pub(super) use super::access_args::{AuditArgs, SealArgs, ViewArgs};
use super::audit::args::AuditCommandArgs;
use super::broker::args::BrokerArgs;
use super::completions::CompletionsArgs;
use super::grant::args::GrantArgs;
use super::keyring::args::KeyringArgs;
use super::later::Later;
use super::man::ManArgs;
use super::policy::args::PolicyCommandArgs;
use super::reveal::args::RevealArgs;
use super::rules::RulesArgs;
use super::secrets_args::SecretsArgs;
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

const SHORT: &str = "\
Example: kubectl logs -f deploy/api | logmask
More with --help.";

const LONG: &str = "\
Examples:
  kubectl logs -f deploy/api | logmask
      Mask a stream with the built-in policy; each line is out at once.

  logmask -p export -c team.yaml app.log > app.masked.log
      Mask a file before it leaves the company: the widest profile, and the
      rules of your team on top.

  logmask --key file:/etc/logmask.key --summary text a.log b.log > all.log
      Mask with a key, so that the same address gets the same pseudonym in
      every file and on every machine, and say what was done.

  logmask -o masked/ logs/        logmask --in-place *.log
      Mask a tree of files into another one, or each file where it is.

  logmask run -- ./deploy.sh --prod
      Mask what a command prints; signals and exit status are its own.

  logmask check logs/
      Say where something would be masked, and fail if there is anything.

Exit status:
  0 done, 1 a command says no, 2 usage, policy or unsupported input,
  3 refused, or something was withheld, 4 audit failed, 70 internal fault, 74 input or output failed.";

/// Masks secrets and personal data in log lines; everything else goes out byte for byte as it came in.
#[derive(Debug, Parser)]
#[command(name = "logmask", version, disable_help_subcommand = true, args_conflicts_with_subcommands = true)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) filter: FilterArgs,
}

/// The words that are commands; a file of that name is `./rules`.
#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant)]
pub(super) enum Command {
    /// List the rules, or show one with its documentation and examples
    Rules(Later<RulesArgs>),
    /// Write, check, test, show and compare policies
    Policy(Later<PolicyCommandArgs>),
    /// Say what would be masked and why, never the value
    Explain(Later<ExplainArgs>),
    /// Run a command and mask what it prints
    Run(Later<RunArgs>),
    /// Fail if anything would be masked: a gate for CI and hooks
    Check(Later<CheckArgs>),
    /// Check and show what --audit wrote
    Audit(Later<AuditCommandArgs>),
    /// Sign a grant: somebody may see more, for a time and a reason
    Grant(Later<GrantArgs>),
    /// Show logs to whoever logs in with a grant: sshd runs it
    Broker(Later<BrokerArgs>),
    /// Open what --seal has sealed
    Reveal(Later<RevealArgs>),
    /// Wrap key rings for other people
    Keyring(Later<KeyringArgs>),
    /// Print completions for a shell: bash, zsh, fish or powershell
    Completions(Later<CompletionsArgs>),
    /// Print the manual page, or write all of them
    Man(Later<ManArgs>),
}

/// Where `--help` tells of options that are seldom needed; `-h` does not.
const MORE: &str = "More options";

/// Which rules.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct PolicyArgs {
    /// Policy on top of the profile; may be given again
    #[arg(short = 'c', long = "policy", value_name = "FILE")]
    pub(super) policy: Vec<PathBuf>,
    /// Built-in rules: secrets, default or export [default: default]
    ///
    /// Each hides all that the one before it hides. `secrets` is the floor: credentials of every kind. `default` adds
    /// personal data, addresses and payment data. `export` is for logs that leave the company.
    #[arg(short, long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Allow a policy with `extends: []` to go without the floor
    #[arg(long, help_heading = MORE, hide_short_help = true)]
    pub(super) no_floor: bool,
    /// Use no policy but those of the command line
    ///
    /// Without it and without -c, the policy is looked for in $LOGMASK_CONFIG; or else in ~/.config/logmask/policy.yaml, or
    /// else in /etc/logmask/policy.yaml, and on top, to add and never to weaken, in .logmask.yaml of the project.
    #[arg(long, help_heading = MORE, hide_short_help = true)]
    pub(super) no_config: bool,
    /// Use only policy files that are as this lock says (see policy lock)
    #[arg(long, value_name = "FILE", help_heading = MORE, hide_short_help = true)]
    pub(super) lock: Option<PathBuf>,
}

impl PolicyArgs {
    /// The profile to use.
    pub(super) fn profile(&self) -> &str {
        self.profile.as_deref().unwrap_or("default")
    }
}

/// How to mask; the same for the filter and for `run`.
#[derive(Debug, Default, clap::Args)]
pub(super) struct MaskArgs {
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
    #[command(flatten)]
    pub(super) secrets: SecretsArgs,
    #[command(flatten)]
    pub(super) audit: AuditArgs,
    #[command(flatten)]
    pub(super) view: ViewArgs,
    #[command(flatten)]
    pub(super) seal: SealArgs,
    /// Where the key for pseudonyms is: file:PATH, fd:N, env:NAME or cred:NAME
    ///
    /// The same key gives the same pseudonyms, everywhere. At least 16 bytes; one line ending at its end does not count.
    /// Without a key each run draws its own, and no two runs can be linked. The key itself never stands on the command line.
    #[arg(long, value_name = "SPEC")]
    pub(super) key: Option<OsString>,
    /// Longest line that is judged [default: 64MiB]
    ///
    /// A longer one is withheld: a marker with its length stands in its place, and the exit status is 3.
    #[arg(long, value_name = "BYTES", default_value = "64MiB", hide_default_value = true, help_heading = MORE, hide_short_help = true)]
    pub(super) max_line: String,
    /// Leave a marker line where a line is dropped, not selected or folded
    #[arg(long, help_heading = MORE, hide_short_help = true)]
    pub(super) keep_lines: bool,
    #[command(flatten)]
    pub(super) select: super::selection::SelectArgs,
    /// Stack traces: keep, fold, fold:N or drop [default: as the policy says]
    ///
    /// `fold` leaves messages, causes and the first N frames of each exception (3), counts the others in a line of their own, and
    /// drops dumps of local variables. `drop` leaves messages and causes. Profile `export` folds, the others keep.
    #[arg(long, value_name = "HOW", help_heading = "Selection")]
    pub(super) stack: Option<String>,
    /// Say on stderr what was done: text or json, or json:FILE
    ///
    /// Counts only: lines, bytes, edits by rule and class, what was withheld, the policy, the fingerprint of the key.
    #[arg(long, value_name = "FORM")]
    pub(super) summary: Option<OsString>,
    /// Raise an alarm if more of the bytes are masked, and name the rule: 0.05 or 5%
    ///
    /// A rule that has become too wide masks half of a log. The log is masked all the same (in place it stays as it was), and
    /// the exit status is 1.
    #[arg(long, value_name = "SHARE", help_heading = MORE, hide_short_help = true)]
    pub(super) max_mask_ratio: Option<String>,
    /// Colour markers: auto, always or never [default: auto]
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_default_value = true, hide_short_help = true)]
    pub(super) color: String,
}

/// What of a directory is looked at.
#[derive(Debug, clap::Args)]
pub(super) struct LookArgs {
    /// In directories, also look at names that begin with a dot, but for .git
    #[arg(long, help_heading = MORE, hide_short_help = true)]
    pub(super) hidden: bool,
    /// In directories, leave out what .gitignore and .ignore leave out
    #[arg(long, help_heading = MORE, hide_short_help = true)]
    pub(super) gitignore: bool,
}

/// `logmask [OPTIONS] [FILE]...`
#[derive(Debug, clap::Args)]
pub(super) struct FilterArgs {
    /// Logs, directories and globs; none, or `-`, is stdin
    ///
    /// All files in a directory are read, sorted by name; links out of it are not followed, which is warned about. A glob follows
    /// the links it matches; `*` and `?` stay within a name, `**` does not. Without -o and --in-place all goes to stdout, one after another.
    ///
    /// What gzip, zstd, xz or bzip2 has packed is unpacked, whatever its name is; with -o and --in-place it is packed again.
    /// UTF-16 with a byte order mark stays UTF-16.
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Write each file to its place below this directory
    ///
    /// What was there is replaced when the new file is complete. Directories and files are made for their owner alone.
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// Mask files where they are: each is replaced at once, or left as it was
    ///
    /// A file stays as it was after any error, if a line of it would be withheld, if somebody else changed it meanwhile, and
    /// if nothing has to be masked. Owner, mode and access list are kept, links followed; a file with several names is refused.
    /// With a selection (--where and kin) the lines that are not selected are gone.
    #[arg(long)]
    pub(super) in_place: bool,
    /// Show only lines that are changed, as they come out
    ///
    /// In the form of a unified diff, without the side that is hidden.
    #[arg(long)]
    pub(super) diff: bool,
    /// With --in-place: keep what was there under this suffix
    #[arg(long, value_name = "SUFFIX", help_heading = MORE, hide_short_help = true)]
    pub(super) backup: Option<OsString>,
    #[command(flatten)]
    pub(super) look: LookArgs,
    #[command(flatten)]
    pub(super) mask: MaskArgs,
    /// Mask also what is known to be no text: a database, a picture, a program
    ///
    /// It is read as bytes, and may not work any more afterwards. Archives (zip, tar) and codecs that are not read stay refused.
    #[arg(long, help_heading = MORE, hide_short_help = true)]
    pub(super) binary: bool,
    /// Threads: a number, or auto [default: auto]
    ///
    /// `auto` is all cores for files, and one for a pipe. The output is the same.
    #[arg(short, long, value_name = "N", default_value = "auto", hide_default_value = true)]
    pub(super) jobs: String,
    /// Fail with exit status 2 if no byte came in
    #[arg(long, help_heading = MORE, hide_short_help = true)]
    pub(super) require_input: bool,
}

/// `logmask run -- CMD [ARG]...`
///
/// Both streams are masked, each for itself. Signals are passed on. The exit status is that of the command, or 128 and the
/// number of the signal that ended it; if it is 0, that of the masking. 127: there is no such command.
#[derive(Debug, clap::Args)]
pub(super) struct RunArgs {
    /// The command and its arguments
    #[arg(value_name = "CMD", required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub(super) command: Vec<OsString>,
    /// Give the command a terminal of its own
    ///
    /// For programs that show colours or write at once only there. Both its streams come out as one, on stdout; a line is
    /// still shown when it is complete, so a prompt is not seen before its answer.
    #[arg(long)]
    pub(super) pty: bool,
    /// Do not hide what the environment holds under secret names (API_TOKEN)
    #[arg(long)]
    pub(super) no_env_secrets: bool,
    #[command(flatten)]
    pub(super) mask: MaskArgs,
}

/// `logmask explain [FILE]...`
#[derive(Debug, clap::Args)]
pub(super) struct ExplainArgs {
    /// Logs to read; none, or `-`, is stdin
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) secrets: SecretsArgs,
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
    /// Also name the rules that came near, and what they failed on
    #[arg(long)]
    pub(super) why_not: bool,
    /// Only what this rule found or missed
    #[arg(long, value_name = "ID")]
    pub(super) rule: Option<String>,
}

/// `logmask check [FILE]...`
///
/// The files are read and nothing is written but places, rules and classes. Exit status 1: something would be masked.
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// Logs, directories and globs; none, or `-`, is stdin
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// How to tell findings: text, json (lines), sarif or github [default: text]
    #[arg(short, long, value_name = "FORM", default_value = "text", hide_default_value = true)]
    pub(super) format: String,
    /// Let so many findings pass [default: 0]
    #[arg(long, value_name = "N")]
    pub(super) max: Option<String>,
    /// Only findings of this class count, or of classes below it; may be given again
    ///
    /// For example `secret` or `pay.card`. Others are reported as warnings.
    #[arg(long, value_name = "CLASS")]
    pub(super) fail_on: Vec<String>,
    /// Findings that are known and accepted; needs --key
    ///
    /// Holds rules and keyed fingerprints, so it may be committed. A value that is known is known in every file.
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write all findings of this run to the baseline
    #[arg(long)]
    pub(super) update_baseline: bool,
    /// Only lines that git says have changed since a commit [default: HEAD]
    ///
    /// Staged or not; untracked files are not looked at. `--changed=origin/main` for what a branch adds.
    #[arg(long, value_name = "COMMIT", num_args = 0..=1, require_equals = true, default_missing_value = "HEAD")]
    pub(super) changed: Option<String>,
    #[command(flatten)]
    pub(super) secrets: SecretsArgs,
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
    /// Where the key for fingerprints is: file:PATH, fd:N, env:NAME or cred:NAME
    #[arg(long, value_name = "SPEC")]
    pub(super) key: Option<OsString>,
    #[command(flatten)]
    pub(super) look: LookArgs,
    /// Threads: a number, or auto [default: auto]
    #[arg(short, long, value_name = "N", default_value = "auto", hide_default_value = true)]
    pub(super) jobs: String,
    /// Longest line that is judged [default: 64MiB]
    #[arg(long, value_name = "BYTES", default_value = "64MiB", hide_default_value = true)]
    pub(super) max_line: String,
}

/// The inputs that `files` stands for.
pub(super) fn inputs(files: &[PathBuf]) -> Vec<PathBuf> {
    if files.is_empty() { vec![PathBuf::from("-")] } else { files.to_vec() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(line.split(' '))
    }

    #[test]
    fn the_definition_holds_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_word_is_a_command_only_at_the_beginning() {
        assert!(matches!(parse("logmask rules").unwrap().command, Some(Command::Rules(_))));
        for line in
            ["logmask ./rules", "logmask a.log rules", "logmask -p export rules", "logmask -- rules", "logmask rulez"]
        {
            let args = parse(line).unwrap();
            assert!(args.command.is_none() && !args.filter.files.is_empty(), "{line}");
        }
    }
}
