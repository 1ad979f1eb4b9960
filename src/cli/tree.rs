//! Which files are meant: names, directories with all that is in them, and globs that no shell has expanded.

use super::args::LookArgs;
use super::source::{is_stdin, name};
use super::{Failure, message};
use ignore::WalkBuilder;
use std::path::{Component, Path, PathBuf};

/// What of a directory is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    /// Also names that begin with a dot, but for `.git`.
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
/// within directories are not followed, for they may lead to what nobody meant; it is warned about, or nothing would be read
/// of `/var/log/containers`, and nobody know. A glob that matches a link means what it leads to, as in a shell. What is
/// neither file nor directory is left out.
///
/// A directory that cannot be read is given as an input: whoever opens it is told, skips it, and goes on with the others.
/// Fails if a glob has no match: what was meant then is not known.
pub(super) fn expand(paths: &[PathBuf], look: Look) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    if paths.is_empty() {
        inputs.push(named(Path::new("-")));
    }
    for path in paths {
        match std::fs::metadata(path) {
            _ if is_stdin(path) => inputs.push(named(path)),
            Ok(stat) if stat.is_dir() => walk(path, look, |_| Wanted::Within, &mut inputs),
            // A file whose name holds a star is that file; only what does not exist is a pattern.
            _ if is_pattern(path) => {
                let before = inputs.len();
                glob(path, look, &mut inputs)?;
                if inputs.len() == before {
                    let failure = Failure::usage(format!("{}: matches nothing", name(path)));
                    let hint = "names that begin with a dot are looked at only with --hidden";
                    return Err(if names_hidden(path) && !look.hidden { failure.hint(hint) } else { failure });
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

/// What a name in a directory is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    No,
    /// As part of a directory.
    Within,
    /// By itself: a pattern matches it.
    Itself,
}

/// All files below `top` that `wanted` wants.
fn walk(top: &Path, look: Look, wanted: impl Fn(&Path) -> Wanted, inputs: &mut Vec<Input>) {
    let mut walk = WalkBuilder::new(top);
    walk.standard_filters(look.ignore).hidden(!look.hidden).sort_by_file_name(Ord::cmp);
    // To rewrite what git keeps there is to lose it. Who wants to, names it.
    walk.filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git");
    let mut links = 0;
    for entry in walk.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = unwalked(top, &error).to_owned();
                let inside = path.strip_prefix(top).unwrap_or(&path).to_owned();
                inputs.push(Input { path, inside, found: true });
                continue;
            }
        };
        let Some(kind) = entry.file_type() else { continue };
        let file = match wanted(entry.path()) {
            Wanted::No => continue,
            Wanted::Itself => kind.is_file() || kind.is_symlink() && entry.path().is_file(),
            Wanted::Within => kind.is_file(),
        };
        if file {
            let inside = entry.path().strip_prefix(top).unwrap_or(entry.path()).to_owned();
            inputs.push(Input { path: entry.into_path(), inside, found: true });
        } else if kind.is_symlink() && leads_out(entry.path(), top) {
            links += 1;
        }
    }
    if links > 0 {
        let number = message::count(links, "link");
        let (lead, are) = if links == 1 { ("leads", "is") } else { ("lead", "are") };
        message::warning(&format!("{}: {number} that {lead} out of it {are} not followed", name(top)));
        message::hint("name what is to be read: the links, or a pattern that matches them");
    }
}

/// What the link `path` leads to is not read with `top`.
fn leads_out(path: &Path, top: &Path) -> bool {
    path.canonicalize().is_ok_and(|path| top.canonicalize().is_ok_and(|top| !path.starts_with(top)))
}

/// The directory below `top` that cannot be read.
fn unwalked<'a>(top: &'a Path, error: &'a ignore::Error) -> &'a Path {
    let mut at = top;
    let mut inner = error;
    while let ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } = inner {
        if let ignore::Error::WithPath { path, .. } = inner {
            at = path;
        }
        inner = err;
    }
    at
}

/// All files that match `pattern`; `*` and `?` stay within a name, `**` does not. Directories that match give what is in
/// them.
fn glob(pattern: &Path, look: Look, inputs: &mut Vec<Input>) -> Result<(), Failure> {
    let refuse = || Failure::usage(format!("{}: no pattern of file names", name(pattern)));
    // As walks spell paths: `./a//b` is `a/b`.
    let pattern: PathBuf = pattern.components().skip_while(|part| *part == Component::CurDir).collect();
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
        let mut within = path.ancestors().skip(1).take_while(|part| part.starts_with(&fixed) && *part != fixed);
        if glob.is_match(&path) {
            Wanted::Itself
        } else if within.any(|part| glob.is_match(part)) {
            Wanted::Within
        } else {
            Wanted::No
        }
    };
    let before = inputs.len();
    walk(top, look, matches, inputs);
    for input in &mut inputs[before..] {
        input.path = spelled(&input.path);
    }
    Ok(())
}

fn names_hidden(pattern: &Path) -> bool {
    pattern
        .components()
        .any(|part| matches!(part, Component::Normal(part) if part.as_encoded_bytes().starts_with(b".")))
}

/// `path` does not exist, and looks as if a shell had to expand it.
pub(super) fn is_pattern(path: &Path) -> bool {
    is_glob(path) && std::fs::metadata(path).is_err()
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
        for file in [
            "a.log",
            "b.txt",
            "d/c.log",
            "d/.h/e.log",
            "d/.f.log",
            "d/g/i.log",
            "d/.gitignore",
            "d/.git/config",
            "star[1].log",
        ] {
            let file = top.path().join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "c.log\n").unwrap();
        }
        std::fs::create_dir(top.path().join(".git")).unwrap();
        std::os::unix::fs::symlink("../a.log", top.path().join("d/link.log")).unwrap();
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
        assert_eq!(found("**/*.log", look), ["a.log", "d/c.log", "d/g/i.log", "d/link.log", "star[1].log"]);
        assert_eq!(found("d/*", look), ["d/c.log", "d/g/i.log", "d/link.log"], "a link that matches is followed");
        assert_eq!(found("{a,b}.*", look), ["a.log", "b.txt"]);
        assert_eq!(found("./d/.//*", look), ["d/c.log", "d/g/i.log", "d/link.log"]);
        assert_eq!(found("star[1].log", look), ["star[1].log"], "a file of that name is that file");
    }

    #[test]
    fn a_pattern_without_a_match_is_refused_and_a_missing_file_is_left_to_be_told() {
        assert!(expand(&[PathBuf::from("/nonexistent-magpie/*.log")], Look::default()).is_err());
        assert_eq!(expand(&[PathBuf::from("/nonexistent-magpie")], Look::default()).unwrap().len(), 1);
    }
}
