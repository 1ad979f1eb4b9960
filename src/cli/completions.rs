//! `logmask completions SHELL`: a script that completes our options in a shell, made from what `args` defines.

use super::args::Args;
use super::{Failure, Status, output};
use clap::builder::PossibleValuesParser;
use clap::{Command, CommandFactory};
use clap_complete::Shell;

/// `logmask completions SHELL`
#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// bash, zsh, fish or powershell
    #[arg(value_name = "SHELL")]
    shell: String,
}

/// The shells there are scripts for.
pub(super) const SHELLS: [&str; 4] = ["bash", "zsh", "fish", "powershell"];

/// Options whose values are a few words. The command line itself takes any value and checks it where it is used.
const VALUES: &[(&str, &[&str])] = &[
    ("profile", &["secrets", "default", "export"]),
    ("color", &["auto", "always", "never"]),
    ("summary", &["text", "json"]),
    ("format", &["text", "json", "sarif", "github"]),
    ("jobs", &["auto"]),
    ("level", &["trace", "debug", "info", "notice", "warn", "error", "critical"]),
    ("stack", &["keep", "fold", "drop"]),
    ("shell", &SHELLS),
];

pub(super) fn run(args: &CompletionsArgs) -> Result<Status, Failure> {
    let shell = match args.shell.as_str() {
        "bash" => Shell::Bash,
        "zsh" => Shell::Zsh,
        "fish" => Shell::Fish,
        "powershell" => Shell::PowerShell,
        _ => return Err(Failure::usage("unknown shell").hint("shells are bash, zsh, fish and powershell")),
    };
    let (mut command, mut script) = (Args::command(), Vec::new());
    command.build();
    clap_complete::generate(shell, &mut with_values(command), "logmask", &mut script);
    let script = String::from_utf8_lossy(&script);
    output::print(&if shell == Shell::Fish { waiting(&script) } else { script.into_owned() })
}

/// The script of fish looks for the command with all words before the cursor, and gives up when the last of them is an
/// option that still waits for its value, which is just what is to be completed.
fn waiting(script: &str) -> String {
    const ASKED: &str = "    argparse -s (__fish_logmask_global_optspecs) -- $cmd 2>/dev/null\n    or return\n";
    const AGAIN: &str = "    if not argparse -s (__fish_logmask_global_optspecs) -- $cmd 2>/dev/null
        set -e cmd[-1]
        argparse -s (__fish_logmask_global_optspecs) -- $cmd 2>/dev/null
        or return
    end
";
    script.replace(ASKED, AGAIN)
}

/// The same command, whose options name their values, with all commands in it.
fn with_values(command: Command) -> Command {
    command
        .mut_args(|arg| match VALUES.iter().find(|(name, _)| arg.get_id() == name) {
            Some((_, values)) => arg.value_parser(PossibleValuesParser::new(*values)),
            None => arg,
        })
        .mut_subcommands(with_values)
}
