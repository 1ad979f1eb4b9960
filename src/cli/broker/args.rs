//! What may be typed after `logmask broker`: by whoever runs it, in the configuration of sshd.

use std::ffi::OsString;
use std::path::PathBuf;

/// `logmask broker --policy FILE`: what sshd runs in place of what was asked for
///
/// Give it in sshd_config as ForceCommand, with TrustedUserCAKeys, AuthorizedPrincipalsFile, `ExposeAuthInfo yes` and
/// `DisableForwarding yes`. Who logs in
/// with a grant asks for a source of the policy by its name, or for the list of them by nothing; sees what their role may
/// see, until the grant ends; and everything is in the audit file that the policy names, refusals too.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct BrokerArgs {
    /// Policy with roles, sources and an audit file
    #[arg(short = 'c', long = "policy", value_name = "FILE", required = true)]
    pub(super) policy: Vec<PathBuf>,
    /// The file that sshd has as AuthorizedPrincipalsFile: of the roles of a grant only those that stand there count
    ///
    /// sshd does not tell which of several principals it let in, so without this file a grant with several is refused.
    #[arg(long, value_name = "FILE")]
    pub(super) principals: Option<PathBuf>,
    /// Built-in rules: secrets, default or export [default: default]
    #[arg(short, long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Use only policy files that are as this lock says (see policy lock)
    #[arg(long, value_name = "FILE")]
    pub(super) lock: Option<PathBuf>,
    /// Where the key for pseudonyms is: file:PATH, fd:N, env:NAME or cred:NAME
    #[arg(long, value_name = "SPEC")]
    pub(super) key: Option<OsString>,
    /// Where key rings are: who asks for `reveal` sends sealed values and gets what their role may see of them
    #[arg(long, value_name = "DIR", requires = "identity")]
    pub(super) keyring: Option<PathBuf>,
    /// Private key of age that opens them, which nobody who logs in can read: file:PATH, env:NAME or cred:NAME
    #[arg(long, value_name = "SPEC", requires = "keyring")]
    pub(super) identity: Option<OsString>,
}
