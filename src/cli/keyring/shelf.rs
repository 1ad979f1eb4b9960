//! The key rings of a directory, each opened when the first token of its run comes.

use super::{all, bytes};
use crate::cli::grant::terms;
use crate::cli::{Failure, message};
use crate::reveal::{Found, Keys};
use crate::seal::{Broken, Identities, Key, Ring};
use rustix::fs::Stat;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Key rings, and whoever opens them.
pub(in crate::cli) struct Shelf<'a> {
    directory: PathBuf,
    identities: &'a Identities,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    /// When the directory was changed last, where that tells: a change in the second in which it was listed does not.
    changed: Option<(i64, u64)>,
    /// Files by run.
    files: HashMap<String, Vec<PathBuf>>,
    /// Runs that were asked for: their keys by class; `None` if no ring could be read.
    runs: HashMap<String, Option<BTreeMap<String, Arc<Key>>>>,
}

impl<'a> Shelf<'a> {
    /// Those of `directory`, which must be there.
    pub(in crate::cli) fn open(directory: &Path, identities: &'a Identities) -> Result<Shelf<'a>, Failure> {
        let shelf = Shelf { directory: directory.to_owned(), identities, held: Mutex::default() };
        let mut held = Held::default();
        shelf
            .look(&mut held)
            .map_err(|error| Failure::usage(format!("--keyring {}: {}", directory.display(), message::fact(&error))))?;
        Ok(Shelf { held: Mutex::new(held), ..shelf })
    }

    /// Lists the directory if it was changed: a run may have begun after this one.
    fn look(&self, held: &mut Held) -> io::Result<()> {
        let Stat { st_mtime, st_mtime_nsec, .. } = rustix::fs::stat(&self.directory)?;
        let changed = (st_mtime, st_mtime_nsec);
        if held.changed != Some(changed) {
            held.files.clear();
            for (path, run, _) in all(&self.directory)? {
                held.files.entry(run).or_default().push(path);
            }
            held.changed = Some(changed).filter(|_| i64::try_from(terms::now()).is_ok_and(|now| now > st_mtime + 1));
        }
        Ok(())
    }

    /// The keys of `run`: those of all its rings that open.
    fn keys(&self, run: &str, files: &[PathBuf]) -> Option<BTreeMap<String, Arc<Key>>> {
        let mut keys = BTreeMap::new();
        let (mut whole, mut damaged) = (false, false);
        for path in files {
            let opened = match bytes(path) {
                Ok(bytes) => Ring::unwrap(&bytes, self.identities),
                Err(error) => {
                    damaged = true;
                    message::error(&format!("{}: {}", path.display(), message::fact(&error)));
                    continue;
                }
            };
            match opened.and_then(|ring| if ring.run == run { Ok(ring) } else { Err(Broken::Damaged) }) {
                Ok(ring) => {
                    whole = true;
                    keys.extend(ring.keys);
                }
                Err(Broken::Foreign) => whole = true,
                Err(broken) => {
                    damaged = true;
                    message::error(&format!("{}: {broken}", path.display()));
                }
            }
        }
        // With a damaged one among them nobody knows what it held.
        (whole && !damaged || !keys.is_empty()).then_some(keys)
    }
}

impl Keys for Shelf<'_> {
    fn key(&self, run: &str, class: &str) -> Found {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.runs.contains_key(run) {
            if !held.files.contains_key(run) {
                // A directory that cannot be read now has no new key rings.
                let _ = self.look(&mut held);
            }
            let Some(files) = held.files.get(run) else { return Found::Unknown };
            let keys = self.keys(run, files);
            held.runs.insert(run.to_owned(), keys);
        }
        match held.runs.get(run) {
            Some(Some(keys)) => keys.get(class).map_or(Found::Foreign, |key| Found::Key(Arc::clone(key))),
            _ => Found::Unknown,
        }
    }
}
