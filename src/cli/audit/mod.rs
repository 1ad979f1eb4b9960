//! `logmask audit …`: judges and shows what `--audit` wrote.

pub(super) mod args;
mod ocsf;
mod show;
mod verify;

use super::{Failure, Status, message, output, record};
use crate::audit::{self, Log, Signer};
use args::{AuditCommand, AuditCommandArgs};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;

pub(super) fn run(args: &AuditCommandArgs) -> Result<Status, Failure> {
    match &args.command {
        AuditCommand::Verify(args) => verify::run(args),
        AuditCommand::Head { file } => {
            there(file)?;
            match audit::head(file).map_err(|error| record::unwritten(file, &error))? {
                Some(head) => output::print(&format!("{head}\n")),
                None => Err(Failure::audit(format!("{}: holds no entry", file.display()))),
            }
        }
        AuditCommand::Show(args) => show::run(args),
        AuditCommand::Receipt { file, session } => show::receipt(file, session.as_deref()),
        AuditCommand::Repair { file, clock, audit_key } => {
            let mut log = existing(file)?;
            let key = audit_key.as_deref().map(|spec| record::private_key("--audit-key", spec)).transpose()?;
            let fail = |error| record::unwritten(file, &error);
            // What is torn is in the way of everything else.
            let mut done = match log.repair(*clock).map_err(fail)? {
                Some(torn) if torn.bytes == 0 => "gave the last entry its line end\n".to_owned(),
                Some(torn) => format!("took out {} torn bytes at byte {}\n", torn.bytes, torn.offset),
                None => String::new(),
            };
            if *clock && let Some(behind) = log.reset_clock().map_err(fail)? {
                let _ = writeln!(done, "went on {behind} s behind the last entry");
            }
            if done.is_empty() {
                return output::print("nothing to repair\n");
            }
            if let Some(key) = key {
                log.checkpoint(&key).map_err(fail)?;
            }
            output::print(&done)
        }
        AuditCommand::Rotate { file, to } => {
            existing(file)?.rotate(to).map_err(|error| match error {
                audit::Error::Target(_) => Failure::audit(format!("audit rotate: {}: {error}", to.display()))
                    .hint("TO is a new file in the same file system"),
                error => record::unwritten(file, &error),
            })?;
            Ok(Status::Done)
        }
    }
}

/// The chain at `path`, which must be there.
fn existing(path: &Path) -> Result<Log, Failure> {
    there(path)?;
    record::open(path, None)
}

fn there(path: &Path) -> Result<(), Failure> {
    if path.exists() { Ok(()) } else { Err(Failure::usage(format!("{}: does not exist", path.display()))) }
}

fn reader(path: &Path) -> Result<impl BufRead + use<>, Failure> {
    let file = std::fs::File::open(path)
        .map_err(|error| Failure::usage(format!("{}: {}", path.display(), message::fact(&error))))?;
    Ok(BufReader::new(file))
}

/// The keys in the `allowed_signers` file at `path`.
fn signers(path: &Path) -> Result<Vec<Signer>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("{}: {}", path.display(), message::fact(&error))))?;
    let keys = Signer::all(&text);
    if keys.is_empty() {
        return Err(Failure::usage(format!("{}: holds no key that may sign", path.display()))
            .hint("a line is: NAME namespaces=\"audit@logmask\" ssh-ed25519 AAAA…"));
    }
    Ok(keys)
}
