//! `--secrets-env 'GLOB'`: the values of environment variables.

use super::List;
use crate::cli::Failure;
use globset::Glob;
use std::os::unix::ffi::OsStrExt;

/// Adds the values of all variables whose names fit `glob`. Names are told, values never. A glob that fits none is an
/// error: the secret that somebody meant would not be looked for.
pub(super) fn read(glob: &str, list: &mut List) -> Result<(), Failure> {
    let glob = Glob::new(glob).map_err(|_| Failure::usage("--secrets-env: this is no glob").hint(EXAMPLE))?;
    let glob = glob.compile_matcher();
    let mut any = false;
    for (name, value) in std::env::vars_os().filter(|(name, value)| glob.is_match(name) && !value.is_empty()) {
        any = true;
        list.add(value.as_bytes(), || format!("the environment variable {}", name.to_string_lossy()));
    }
    // What was typed is not repeated: it may be a value by mistake.
    if any { Ok(()) } else { Err(Failure::usage("--secrets-env: fits no variable that is set").hint(EXAMPLE)) }
}

const EXAMPLE: &str = "give names of variables or globs, for example 'DB_*' or '*_{TOKEN,SECRET}'";
