//! What is typed of listed secrets.

use std::path::PathBuf;

/// Secrets that are known by value.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct SecretsArgs {
    /// Hide the values of the environment variables that GLOB names
    ///
    /// Wherever and however they are written: in base64, hex, JSON, URLs, XML, quoted for a shell. Values too short or too
    /// common are not looked for, which is warned about. May be given again, as the other two.
    #[arg(id = "secrets-env", long = "secrets-env", value_name = "GLOB", help_heading = "Listed secrets")]
    pub(super) env: Vec<String>,
    /// Hide the secrets in FILE: one a line, dotenv, INI, JSON, YAML, or Kubernetes Secrets
    #[arg(
        id = "secrets-file",
        long = "secrets-file",
        value_name = "FILE",
        help_heading = "Listed secrets",
        hide_short_help = true
    )]
    pub(super) file: Vec<PathBuf>,
    /// Hide the secrets that COMMAND prints, in any form that a file may have
    ///
    /// Runs in a shell. If it fails, nothing is read and nothing is written.
    #[arg(
        id = "secrets-cmd",
        long = "secrets-cmd",
        value_name = "COMMAND",
        help_heading = "Listed secrets",
        hide_short_help = true
    )]
    pub(super) cmd: Vec<String>,
}
