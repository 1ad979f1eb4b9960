//! `logmask broker`: what sshd runs for whoever logs in with a grant. `source` runs what they asked for.
//!
//! sshd has proved that they hold the key of the certificate; that the certificate is a grant is judged here, with all the
//! checks of `--view`. What they asked for is a name and goes through no shell. Whatever is refused is noted first.

pub(super) mod args;
pub(super) mod source;

use super::args::{AuditArgs, MaskArgs, PolicyArgs};
use super::reveal::{self, Task};
use super::view::{self, Refused, View, Where};
use super::{Failure, Status, keyring, message, output};
use crate::access::Permit;
use crate::access::session::{self, Asked};
use crate::audit::clipped;
use crate::policy::roles::Roles;
use crate::policy::{Docs, Policy};
use args::BrokerArgs;
use rustix::fs::FileType;
use ssh_key::Certificate;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What may be read of what sshd tells: several certificates, each of a few KiB.
const MOST: u64 = 256 << 10;

pub(super) fn run(args: &BrokerArgs) -> Result<Status, Failure> {
    // 1. What the policy says. A fault in it is no refusal: nobody gets anything.
    let mask = mask_args(args);
    let mut policy = super::policy::load(&mask.policy, &mask.policy.policy, Docs::Without)?;
    let roles = policy
        .roles
        .clone()
        .ok_or_else(|| Failure::usage("the policy names no roles").hint("the broker needs roles and access.audit"))?;
    let audit = Where::find(&AuditArgs::default(), Some(&roles))?;

    // 2. What is asked for, and by whom.
    let asked = std::env::var_os("SSH_ORIGINAL_COMMAND").unwrap_or_default();
    let noted = Some(clipped(&asked.to_string_lossy())).filter(|asked| !asked.is_empty());
    let refuse = |refused: Refused| refused.note(&audit, "broker", noted.as_slice());
    let grant = certificate(std::env::var_os("SSH_USER_AUTH")).map_err(|failure| refuse(Refused::new(failure)))?;
    let authorised = authorised(args, &grant).map_err(|failure| refuse(Refused::of(&grant, failure)))?;
    let permit = permit(&grant, &roles, authorised.as_deref()).map_err(refuse)?;
    let deny = |failure: Failure| refuse(Refused::of(&grant, failure).proved());
    let name = match asked.to_str().and_then(Asked::parse) {
        Some(Asked::List) => return list(&roles, permit, &audit, &policy),
        Some(Asked::Source(name)) => name,
        Some(Asked::Reveal) => {
            let (Some(keyring), Some(identity)) = (&args.keyring, &args.identity) else {
                return Err(deny(Failure::denied("sealed values are not opened here")));
            };
            let limits = roles.limits(&permit.role);
            let view = View { permit: Some(permit), audit: Some(audit), limits, proof: None };
            return open(keyring, identity, view, &policy);
        }
        None => return Err(deny(Failure::denied("this is not the name of a source").hint(HINT))),
    };
    let words = roles.sources(&permit.role).find(|(known, _)| *known == name).map(|(_, source)| source.run.clone());
    let Some(words) = words else {
        return Err(deny(Failure::denied("there is no such source for this role").hint(HINT)));
    };

    // 3. It, as the role may see it.
    let shows: Vec<&str> = permit.classes.iter().map(String::as_str).collect();
    roles.relax(&mut policy, &shows);
    let limits = roles.limits(&permit.role);
    let view = View { permit: Some(permit), audit: Some(audit), limits, proof: None };
    let mut command = source::command(&words, &roles.folder);
    if let Some(name) = args.identity.as_deref().and_then(super::run::variable) {
        command.env_remove(name);
    }
    source::run(&name, command, &mask, policy, view)
}

/// Opens what comes from whoever has logged in, as far as their role may see it.
fn open(keyring: &Path, identity: &OsStr, view: View, policy: &Policy) -> Result<Status, Failure> {
    let identities = keyring::identities("--identity", identity, true)?;
    let files = [PathBuf::from("-")];
    let task = Task { files: &files, keyring, identities: &identities, jobs: Some(1), max_line: LONGEST };
    reveal::reveal(&task, view, None, policy)
}

/// Longest line with sealed values, in bytes.
const LONGEST: usize = 64 << 20;

const HINT: &str = "without a command the names of the sources are listed";

/// The filter's options for this broker: what is given on its command line, and nothing that is found elsewhere.
fn mask_args(args: &BrokerArgs) -> MaskArgs {
    let policy = PolicyArgs {
        policy: args.policy.clone(),
        profile: args.profile.clone(),
        no_floor: false,
        no_config: true,
        lock: args.lock.clone(),
    };
    MaskArgs { key: args.key.clone(), ..MaskArgs::by_default(policy) }
}

/// The certificate that sshd has accepted, from the file at `told`.
fn certificate(told: Option<OsString>) -> Result<Certificate, Failure> {
    let told =
        told.ok_or_else(|| Failure::denied("no certificate was told").hint("sshd tells it with: ExposeAuthInfo yes"))?;
    let text = own_file(Path::new(&told))
        .map_err(|error| Failure::denied(format!("SSH_USER_AUTH: {}", message::fact(&error))))?;
    session::certificate(&text).ok_or_else(|| {
        Failure::denied("this login is not by one certificate")
            .hint("a grant is a certificate: ssh -o CertificateFile=…")
    })
}

/// The text of a file that nobody but us and sshd can have written.
fn own_file(path: &Path) -> io::Result<String> {
    let file = std::fs::File::open(path)?;
    let stat = rustix::fs::fstat(&file)?;
    let ours = stat.st_uid == 0 || stat.st_uid == rustix::process::geteuid().as_raw();
    if !ours || stat.st_mode & 0o022 != 0 || FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(io::Error::other("is no file of this account alone"));
    }
    let mut text = String::new();
    file.take(MOST).read_to_string(&mut text)?;
    Ok(text)
}

/// The principals that sshd may have let in, if the configuration tells. Of a grant with one, it is that one.
fn authorised(args: &BrokerArgs, grant: &Certificate) -> Result<Option<Vec<String>>, Failure> {
    let Some(path) = &args.principals else {
        return if grant.valid_principals().len() < 2 {
            Ok(None)
        } else {
            Err(Failure::denied("the grant has several principals, and it is not told which of them sshd has let in")
                .hint("give the broker the file of AuthorizedPrincipalsFile: --principals FILE"))
        };
    };
    own_file(path)
        .map(|text| Some(session::principals(&text)))
        .map_err(|error| Failure::denied(format!("--principals: {}", message::fact(&error))))
}

/// What `grant` gives, to the role that it names.
fn permit(grant: &Certificate, roles: &Roles, authorised: Option<&[String]>) -> Result<Permit, Refused> {
    // Without a role it is refused for what is wrong first; in the end for having none.
    view::permit(grant, roles, session::role(grant, roles, authorised).unwrap_or_default())
}

/// The names of the sources, a line each. Nothing of a log is shown; who asked is noted first.
fn list(roles: &Roles, permit: Permit, audit: &Where, policy: &Policy) -> Result<Status, Failure> {
    let names: String = roles.sources(&permit.role).flat_map(|(name, _)| [name, "\n"]).collect();
    let view = View { permit: Some(permit), audit: None, ..View::default() };
    view::listed(&view, audit, policy)?;
    output::print(&names)
}
