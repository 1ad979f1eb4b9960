//! `keyring rewrap`: the same keys, wrapped for other people.

use super::{all, bytes, unwritten};
use crate::cli::{Failure, Status, message, seal};
use crate::owner;
use crate::seal::{Broken, Identities, Ring};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Who comes and who goes.
pub(super) struct Change {
    add: Vec<String>,
    drop: Vec<String>,
    role: Option<String>,
}

/// A key ring that is about to change.
struct Opened {
    path: PathBuf,
    role: String,
    ring: Ring,
}

impl Change {
    /// What was typed, checked.
    pub(super) fn typed(add: &[String], drop: &[String], role: Option<&str>) -> Result<Change, Failure> {
        if add.is_empty() && drop.is_empty() {
            return Err(Failure::usage("nothing to do").hint("--add and --drop say who comes and who goes"));
        }
        let keys = |option: &str, keys: &[String]| {
            let checked = keys.iter().map(|key| seal::recipient(option, key).map(|_| key.trim().to_owned()));
            checked.collect::<Result<Vec<_>, _>>()
        };
        Ok(Change { add: keys("--add", add)?, drop: keys("--drop", drop)?, role: role.map(str::to_owned) })
    }

    /// The recipients in place of `to`; `None` if they stay the same.
    fn applied(&self, to: &[String]) -> Option<Vec<String>> {
        let stays = |key: &&String| !self.drop.contains(key);
        if !self.drop.is_empty() && to.iter().all(|key| stays(&key)) {
            return None;
        }
        let new: BTreeSet<&String> = to.iter().filter(stays).chain(&self.add).collect();
        let new: Vec<String> = new.into_iter().cloned().collect();
        let old: BTreeSet<&String> = to.iter().collect();
        (new.iter().collect::<BTreeSet<_>>() != old).then_some(new)
    }
}

/// Wraps what `identities` open in `directory` anew. Each file is replaced at once, or stays as it was.
pub(super) fn rewrap(directory: &Path, change: &Change, identities: &Identities) -> Result<Status, Failure> {
    let fail = |error: &io::Error| Failure::usage(format!("{}: {}", directory.display(), message::fact(error)));
    let mut status = Status::Done;
    let (mut opened, mut foreign) = (Vec::new(), 0);
    // 1. All are opened before one is written.
    for (path, run, role) in all(directory).map_err(|error| fail(&error))? {
        if change.role.as_ref().is_some_and(|wanted| *wanted != role) {
            continue;
        }
        let read =
            bytes(&path).map_err(|error| Failure::io(format!("{}: {}", path.display(), message::fact(&error))))?;
        match Ring::unwrap(&read, identities).map(|ring| (ring.run == run).then_some(ring)) {
            Ok(Some(ring)) => opened.push(Opened { path, role, ring }),
            Err(Broken::Foreign) => foreign += 1,
            Ok(None) | Err(Broken::Damaged) => {
                status = status.max(Failure::audit(format!("{}: {}", path.display(), Broken::Damaged)).say());
            }
            Err(broken @ Broken::NotBuilt) => return Err(Failure::usage(format!("a key ring {broken}"))),
        }
    }
    // 2. Whoever comes must not get the keys of a higher role by the way.
    let roles: BTreeSet<&str> = opened.iter().map(|opened| opened.role.as_str()).collect();
    if change.drop.is_empty() && change.role.is_none() && roles.len() > 1 {
        return Err(Failure::usage("these key rings are of several roles")
            .hint(format!("say for which with --role: {}", roles.into_iter().collect::<Vec<_>>().join(", "))));
    }
    // 3. A key that stays where it was because it was mistyped, or because its key rings do not open here.
    let held: BTreeSet<&String> = opened.iter().flat_map(|opened| &opened.ring.to).collect();
    let missed = change.drop.iter().filter(|key| !held.contains(key)).count();
    if missed > 0 {
        let keys = message::count(missed as u64, "public key");
        message::warning(&format!("--drop: no key ring that opens here is wrapped for {keys} of these"));
        status = status.max(Status::Withheld);
    }
    // 4. One after another.
    let mut changed = 0;
    for Opened { path, mut ring, .. } in opened {
        let Some(to) = change.applied(&ring.to) else { continue };
        if to.is_empty() {
            return Err(Failure::usage(format!("{}: nobody could open it any more", path.display())));
        }
        ring.to = to;
        replace(directory, &path, &seal::wrapped(&ring)?).map_err(|error| unwritten(directory, &error))?;
        changed += 1;
    }
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(|error| unwritten(directory, &error))?;
    message::plain(&format!("logmask: {} wrapped anew", message::count(changed, "key ring")));
    if foreign > 0 {
        message::plain(&format!("logmask: {} for other identities", message::count(foreign, "key ring")));
    }
    Ok(status)
}

/// Puts `bytes` in the place of the file at `path`, with its owner and mode.
fn replace(directory: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(".logmask-").tempfile_in(directory)?;
    file.write_all(bytes)?;
    owner::like(file.as_file(), File::open(path)?)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
