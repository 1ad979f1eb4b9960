//! Where a masked file goes, and how it gets there: into a temporary file beside its place (mode 0600, so that nobody
//! else reads it on the way), to the disk, and then to its name in one step. On any error the place is as it was.

use super::table::Came;
use crate::cli::record::Record;
use crate::cli::source::{Descriptor, is_stdin, name};
use crate::cli::tree::Input;
use crate::cli::{Failure, Status, interrupt, message};
use crate::owner;
use crate::tally::Tally;
use rustix::fs::{FileType, Stat};
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::TempPath;

/// Where one input goes.
#[derive(Debug)]
pub(super) enum Target {
    /// A file of its own; what was there is replaced.
    Mirror(PathBuf),
    /// Where it came from, links followed; what was there is kept under the second name, if there is one.
    InPlace(PathBuf, Option<PathBuf>),
}

/// Targets below `folder`, laid out as the inputs are. What already stands in `folder` is no input, so that a tree can
/// hold its own masked copy.
pub(super) fn mirror(folder: &Path, inputs: Vec<Input>) -> Result<(Vec<Input>, Vec<Target>), Failure> {
    not_stdin(&inputs)?;
    let stat = fs::metadata(folder);
    if stat.is_ok_and(|stat| !stat.is_dir()) {
        return Err(Failure::usage(format!("{}: is no directory", folder.display())));
    }
    let within = |input: &Input| match (fs::canonicalize(folder), fs::canonicalize(&input.path)) {
        (Ok(folder), Ok(path)) => input.found && path.starts_with(folder),
        _ => false,
    };
    let all = inputs.len();
    let inputs: Vec<Input> = inputs.into_iter().filter(|input| !within(input)).collect();
    if inputs.is_empty() && all > 0 {
        return Err(Failure::usage(format!("{}: all that is to be read stands in it", folder.display()))
            .hint("to mask files where they are, use --in-place"));
    }
    let read: HashSet<(u64, u64)> =
        inputs.iter().filter_map(|input| fs::metadata(&input.path).ok()).map(|stat| (stat.dev(), stat.ino())).collect();
    let mut seen: HashMap<PathBuf, PathBuf> = HashMap::new();
    let (mut kept, mut targets) = (Vec::new(), Vec::new());
    for input in inputs {
        let path = folder.join(&input.inside);
        if let Ok(stat) = fs::symlink_metadata(&path) {
            if read.contains(&(stat.dev(), stat.ino())) {
                return Err(Failure::usage(format!("{}: is read in this run", path.display()))
                    .hint("to mask files where they are, use --in-place"));
            }
            // A directory that cannot be read goes nowhere.
            let nowhere = stat.is_dir() && input.path.is_dir();
            if !(stat.is_file() || nowhere) {
                return Err(Failure::usage(format!("{}: is there already, and is no regular file", path.display())));
            }
        }
        if let Some(other) = seen.insert(path.clone(), input.path.clone()) {
            // Named twice, it is done once.
            if fs::canonicalize(&other).is_ok_and(|other| fs::canonicalize(&input.path).is_ok_and(|path| path == other))
            {
                continue;
            }
            let (a, b) = (name(&other), name(&input.path));
            return Err(Failure::usage(format!("{a} and {b} would both become {}", path.display()))
                .hint("mask them one after the other, into different directories"));
        }
        targets.push(Target::Mirror(path));
        kept.push(input);
    }
    Ok((kept, targets))
}

/// Each input is its own target.
pub(super) fn in_place(inputs: Vec<Input>, backup: Option<&OsStr>) -> Result<(Vec<Input>, Vec<Target>), Failure> {
    not_stdin(&inputs)?;
    if backup.is_some_and(|suffix| suffix.is_empty() || suffix.as_encoded_bytes().contains(&b'/')) {
        return Err(Failure::usage("--backup: no suffix of a file name").hint("for example .orig"));
    }
    let mut seen = HashSet::new();
    let (mut kept, mut targets) = (Vec::new(), Vec::new());
    for input in inputs {
        // A file that does not exist is told when it is opened.
        let real = fs::canonicalize(&input.path).unwrap_or_else(|_| input.path.clone());
        if !seen.insert(real.clone()) {
            continue;
        }
        let backup = backup.map(|suffix| {
            let mut path = real.clone().into_os_string();
            path.push(suffix);
            PathBuf::from(path)
        });
        targets.push(Target::InPlace(real, backup));
        kept.push(input);
    }
    Ok((kept, targets))
}

/// The audit file is none of the targets: it would be lost.
pub(super) fn audit_among(targets: &[Target], record: &Record) -> Option<Failure> {
    let path = targets.iter().map(Target::path).find(|path| record.is_at(path))?;
    Some(
        Failure::usage(format!("{}: is the audit file", path.display()))
            .hint("it is a file of its own; choose another -o"),
    )
}

/// Nor is the file for the summary, which would be lost or take the place of a log.
pub(super) fn summary_among(targets: &[Target], path: &Path) -> Option<Failure> {
    let place = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some((fs::canonicalize(folder).ok()?, path.file_name()?.to_owned()))
    };
    let own = place(path)?;
    targets.iter().find(|target| place(target.path()).as_ref() == Some(&own))?;
    Some(
        Failure::usage(format!("{}: is a file of this run", path.display()))
            .hint("the summary has a file of its own: --summary json:FILE"),
    )
}

fn not_stdin(inputs: &[Input]) -> Result<(), Failure> {
    if inputs.iter().any(|input| is_stdin(&input.path)) {
        return Err(Failure::usage("-o and --in-place need files: stdin has no name"));
    }
    Ok(())
}

impl Target {
    /// Refuses what cannot be done well, before anything is read.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let Target::InPlace(path, backup) = self else { return Ok(()) };
        if let Ok(stat) = fs::metadata(path) {
            if !stat.is_file() && !stat.is_dir() {
                return Err(Failure::usage(format!("{}: is no regular file", path.display())));
            }
            if stat.is_file() && stat.nlink() > 1 {
                return Err(Failure::usage(format!("{}: has {} names (hard links)", path.display(), stat.nlink()))
                    .hint("under the others it would stay as it is; use -o, or break the links"));
            }
        }
        if let Some(backup) = backup.as_deref().filter(|backup| fs::symlink_metadata(backup).is_ok()) {
            return Err(Failure::usage(format!("{}: is there already", backup.display()))
                .hint("a backup replaces nothing; choose another --backup"));
        }
        Ok(())
    }

    /// What is there now is what is read.
    pub(super) fn is_input(&self) -> bool {
        matches!(self, Target::InPlace(..))
    }

    fn path(&self) -> &Path {
        match self {
            Target::Mirror(path) | Target::InPlace(path, _) => path,
        }
    }

    /// It cannot be written.
    pub(super) fn failed(&self, error: &io::Error) -> Failure {
        Failure::io(format!("{}: {}", self.path().display(), message::fact(error)))
    }

    /// Opens a temporary file beside the place of `source`.
    pub(super) fn begin(&self, source: &Descriptor) -> Result<Writing<'_>, Failure> {
        let folder = self.path().parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let fail = |error: &io::Error| Failure::io(format!("{}: {}", folder.display(), message::fact(error)));
        if matches!(self, Target::Mirror(_)) {
            // As private as the files in it.
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| fail(&error))?;
        }
        let stat = source.stat().map_err(|error| fail(&error))?;
        let temporary =
            tempfile::Builder::new().prefix(".logmask-").tempfile_in(folder).map_err(|error| fail(&error))?;
        let (file, path) = temporary.into_parts();
        unfinished().push(path.to_path_buf());
        Ok(Writing { target: self, file, path: Some(path), before: stat })
    }
}

/// Temporary files that there are now.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes temporary files, for a process that is about to die by a signal.
pub(in crate::cli) fn remove_unfinished() {
    if let Ok(paths) = UNFINISHED.try_lock() {
        for path in paths.iter() {
            let _ = fs::remove_file(path);
        }
    }
}

/// A file on its way to its place.
pub(super) struct Writing<'t> {
    target: &'t Target,
    file: File,
    /// None once it is where it belongs.
    path: Option<TempPath>,
    /// The input as it was when it was opened.
    before: Stat,
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            unfinished().retain(|other| *other != *path);
        }
    }
}

impl Writing<'_> {
    pub(super) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Puts it into its place, now that all is in it.
    pub(super) fn commit(mut self, source: &Descriptor, tally: &Tally) -> Result<Came, Failure> {
        let came = if tally.changed() { Came::Masked } else { Came::Clean };
        if let Target::InPlace(path, _) = self.target {
            let left = |why: &str, status| {
                Err(Failure { status, ..Failure::io(format!("{}: is left as it was: {why}", path.display())) })
            };
            if tally.withheld() > 0 {
                return left(
                    &format!("{} would be withheld", message::count(tally.withheld(), "record")),
                    Status::Withheld,
                );
            }
            if source.stat().ok().map(|stat| identity(&stat)) != Some(identity(&self.before))
                || rustix::fs::stat(path).ok().map(|stat| identity(&stat)) != Some(identity(&self.before))
            {
                return left("it was changed meanwhile", Status::Io);
            }
            if came == Came::Clean {
                return Ok(came);
            }
            owner::like(&self.file, source).map_err(|error| {
                Failure::io(format!(
                    "{}: is left as it was: owner and mode cannot be kept: {}",
                    path.display(),
                    message::fact(&error)
                ))
            })?;
        }
        self.file.sync_all().map_err(|error| self.target.failed(&error))?;
        let path = self.path.take().expect("taken only here");
        let temporary = path.to_path_buf();
        let placed = {
            // Not between the backup and its file.
            let _no_signal = interrupt::between_records(interrupt::Stream::Stdout);
            self.place(path)
        };
        unfinished().retain(|other| *other != temporary);
        placed.map_err(|error| self.target.failed(&error))?;
        Ok(came)
    }

    fn place(&self, temporary: TempPath) -> io::Result<()> {
        let backup = match self.target {
            Target::InPlace(path, Some(backup)) => {
                // A second name first: at no time is there none.
                match fs::hard_link(path, backup) {
                    Ok(()) => {}
                    Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists) => return Err(error),
                    Err(_) => copy(path, backup)?,
                }
                Some(backup)
            }
            Target::InPlace(_, None) | Target::Mirror(_) => None,
        };
        if let Err(error) = temporary.persist(self.target.path()) {
            if let Some(backup) = backup {
                let _ = fs::remove_file(backup);
            }
            return Err(error.error);
        }
        // The new name, too, is on the disk. Where directories cannot be synced there is nothing to be done.
        let folder = self.target.path().parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// What must not change while a file is masked in place. Also the time of the last change of any kind, which nobody can
/// set back.
fn identity(stat: &Stat) -> impl PartialEq + use<> {
    let times = (stat.st_mtime, stat.st_mtime_nsec, stat.st_ctime, stat.st_ctime_nsec);
    (stat.st_dev, stat.st_ino, stat.st_size, times, FileType::from_raw_mode(stat.st_mode))
}

/// For file systems without hard links.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut new = fs::OpenOptions::new().write(true).create_new(true).open(to)?;
    new.set_permissions(fs::metadata(from)?.permissions())?;
    io::copy(&mut File::open(from)?, &mut new)?;
    new.sync_all()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn input(path: &Path) -> Input {
        Input { path: path.to_owned(), inside: path.file_name().unwrap().into(), found: false }
    }

    #[test]
    fn no_two_inputs_go_to_one_place_and_none_to_an_input() {
        let top = tempfile::tempdir().unwrap();
        let (a, b) = (top.path().join("a/x.log"), top.path().join("b/x.log"));
        for path in [&a, &b] {
            fs::create_dir(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let out = top.path().join("out");
        assert!(mirror(&out, vec![input(&a), input(&b)]).unwrap_err().text.contains("would both become"));
        assert!(mirror(a.parent().unwrap(), vec![input(&a)]).unwrap_err().text.contains("is read in this run"));
        assert!(mirror(&a, vec![input(&b)]).unwrap_err().text.contains("is no directory"));
        assert_eq!(in_place(vec![input(&a), input(&a)], None).unwrap().1.len(), 1);
    }
}
