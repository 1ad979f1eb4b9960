//! `--secrets-cmd 'vault kv get …'`: what a command prints, in any of the kinds that files may have.

use super::{List, file};
use crate::cli::{Failure, message};
use std::io::Read;
use std::process::{Command, Stdio};
use zeroize::Zeroizing;

/// Runs `line` in a shell and adds the secrets that it prints. Its messages go to our stderr; it reads nothing.
pub(super) fn read(line: &str, list: &mut List) -> Result<(), Failure> {
    let failed = |fact: &str| Failure::usage(format!("--secrets-cmd: {fact}"));
    let mut child = Command::new("/bin/sh")
        .args(["-c", line])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&message::fact(&error)))?;
    let mut text = Zeroizing::new(Vec::new());
    let read = match child.stdout.take() {
        Some(stdout) => stdout.take(file::MOST + 1).read_to_end(&mut text),
        None => Ok(0),
    };
    let status = child.wait().map_err(|error| failed(&message::fact(&error)))?;
    read.map_err(|error| failed(&message::fact(&error)))?;
    if text.len() as u64 > file::MOST {
        return Err(failed("it prints more than 16 MiB"));
    }
    if !status.success() {
        return Err(failed(&format!("the command failed ({status})")));
    }
    file::add(&text, "--secrets-cmd", list)
}
