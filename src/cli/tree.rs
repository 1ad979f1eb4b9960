//! Which files are meant: names, directories with all that is in them, and globs that no shell has expanded.

use super::args::LookArgs;
use super::source::{is_stdin, name};
use super::{Failure, message};
use ignore::WalkBuilder;
use std::path::{Component, Path, PathBuf};

/// What of a directory is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    /// Also names that begin with a dot.
    pub(super) hidden: bool,
    /// Not what `.gitignore`, `.ignore` and git's own settings leave out.
    pub(super) ignore: bool,
}

impl From<&LookArgs> for Look {
    fn from(args: &LookArgs) -> Look {
        Look { hidden: args.hidden, ignore: args.gitignore }
    }
}

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Input {
    /// As messages call it, and as it is opened.
    pub(super) path: PathBuf,
    /// Where it stands in a mirrored tree: its path below the directory that was named, else its name.
    pub(super) inside: PathBuf,
    /// Found in a directory, rather than named.
    pub(super) found: bool,
}

/// The inputs that `paths` stands for, in the order given and sorted by name within a directory; none is stdin. Links
/// within directories are not followed; what is neither file nor directory there is left out.
///
/// Fails if a glob has no match or a directory cannot be read: what was meant then is not known.
pub(super) fn expand(paths: &[PathBuf], look: Look) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    if paths.is_empty() {
        inputs.push(named(Path::new("-")));
    }
    for path in paths {
        match std::fs::metadata(path) {
            _ if is_stdin(path) => inputs.push(named(path)),
            Ok(stat) if stat.is_dir() => walk(path, look, |_| true, &mut inputs)?,
            // A file whose name holds a star is that file; only what does not exist is a pattern.
            Err(_) if is_glob(path) => {
                let before = inputs.len();
                glob(path, look, &mut inputs)?;
                if inputs.len() == before {
                    return Err(Failure::usage(format!("{}: matches nothing", name(path))));
                }
            }
            // What cannot be opened is told by whoever opens it.
            _ => inputs.push(named(path)),
        }
    }
    Ok(inputs)
}

fn named(path: &Path) -> Input {
    Input { path: path.to_owned(), inside: path.file_name().map(PathBuf::from).unwrap_or_default(), found: false }
}

/// All files below `top` that `wanted` wants.
fn walk(top: &Path, look: Look, wanted: impl Fn(&Path) -> bool, inputs: &mut Vec<Input>) -> Result<(), Failure> {
    let mut walk = WalkBuilder::new(top);
    walk.standard_filters(look.ignore).hidden(!look.hidden).sort_by_file_name(Ord::cmp);
    for entry in walk.build() {
        let entry = entry.map_err(|error| {
            let fact = error.io_error().map_or_else(|| "cannot be walked".to_owned(), message::fact);
            Failure::io(format!("{}: {fact}", name(top)))
        })?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) && wanted(entry.path()) {
            let inside = entry.path().strip_prefix(top).unwrap_or(entry.path()).to_owned();
            inputs.push(Input { path: entry.into_path(), inside, found: true });
        }
    }
    Ok(())
}

/// All files that match `pattern`; `*` and `?` stay within a name, `**` does not. Directories that match give what is in
/// them.
fn glob(pattern: &Path, look: Look, inputs: &mut Vec<Input>) -> Result<(), Failure> {
    let refuse = || Failure::usage(format!("{}: no pattern of file names", name(pattern)));
    let text = pattern.to_str().ok_or_else(refuse)?;
    let glob = globset::GlobBuilder::new(text).literal_separator(true).build().map_err(|_| refuse())?.compile_matcher();
    let fixed: PathBuf = pattern.components().take_while(|part| !part_is_glob(part)).collect();
    let top = if fixed.as_os_str().is_empty() { Path::new(".") } else { &fixed };
    if !top.is_dir() {
        return Ok(());
    }
    // Below `.` a walk says `./a`, and the pattern does not.
    let spelled = |path: &Path| path.strip_prefix(".").map_or_else(|_| path.to_owned(), Path::to_owned);
    let matches = |path: &Path| {
        let path = spelled(path);
        path.ancestors().take_while(|part| part.starts_with(&fixed) && *part != fixed).any(|part| glob.is_match(part))
    };
    let before = inputs.len();
    walk(top, look, matches, inputs)?;
    for input in &mut inputs[before..] {
        input.path = spelled(&input.path);
    }
    Ok(())
}

fn is_glob(path: &Path) -> bool {
    path.components().any(|part| part_is_glob(&part))
}

fn part_is_glob(part: &Component<'_>) -> bool {
    part.as_os_str().as_encoded_bytes().iter().any(|byte| b"*?[{".contains(byte))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A tree of files; names that `look` finds for `path`.
    fn found(path: &str, look: Look) -> Vec<String> {
        let top = tempfile::tempdir().unwrap();
        for file in ["a.log", "b.txt", "d/c.log", "d/.h/e.log", "d/.f.log", "d/g/i.log", "d/.gitignore", "star[1].log"]
        {
            let file = top.path().join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "c.log\n").unwrap();
        }
        std::fs::create_dir(top.path().join(".git")).unwrap();
        std::os::unix::fs::symlink("a.log", top.path().join("d/link.log")).unwrap();
        let inputs = expand(&[top.path().join(path)], look).unwrap();
        let plain = |input: &Input| input.path.strip_prefix(top.path()).unwrap().to_str().unwrap().to_owned();
        inputs.iter().map(plain).collect()
    }

    #[test]
    fn a_directory_gives_its_files_in_order() {
        let look = Look::default();
        assert_eq!(found(".", look), ["a.log", "b.txt", "d/c.log", "d/g/i.log", "star[1].log"]);
        assert_eq!(found("d", Look { ignore: true, ..look }), ["d/g/i.log"]);
        let all = found("d", Look { hidden: true, ..look });
        assert_eq!(all, ["d/.f.log", "d/.gitignore", "d/.h/e.log", "d/c.log", "d/g/i.log"]);
    }

    #[test]
    fn a_glob_stays_within_a_name_unless_it_says_otherwise() {
        let look = Look::default();
        assert_eq!(found("*.log", look), ["a.log", "star[1].log"]);
        assert_eq!(found("**/*.log", look), ["a.log", "d/c.log", "d/g/i.log", "star[1].log"]);
        assert_eq!(found("d/*", look), ["d/c.log", "d/g/i.log"]);
        assert_eq!(found("{a,b}.*", look), ["a.log", "b.txt"]);
        assert_eq!(found("star[1].log", look), ["star[1].log"], "a file of that name is that file");
    }

    #[test]
    fn a_pattern_without_a_match_is_refused_and_a_missing_file_is_left_to_be_told() {
        assert!(expand(&[PathBuf::from("/nonexistent-magpie/*.log")], Look::default()).is_err());
        assert_eq!(expand(&[PathBuf::from("/nonexistent-magpie")], Look::default()).unwrap().len(), 1);
    }
}
