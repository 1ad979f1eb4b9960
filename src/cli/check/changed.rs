//! Which lines git says have changed.

use crate::cli::tree::{self, Input, Look};
use crate::cli::{Failure, message};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is compared with unless something else is asked for.
const HEAD: &str = "HEAD";

/// Files with the lines that are new in them, from 1.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changed(BTreeMap<PathBuf, Vec<RangeInclusive<u64>>>);

impl Changed {
    pub(super) fn inputs(&self) -> Vec<Input> {
        let input = |path: &PathBuf| Input { path: path.clone(), inside: path.clone(), found: true };
        self.0.keys().map(input).collect()
    }

    pub(super) fn lines(&self, path: &Path) -> &[RangeInclusive<u64>] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }
}

/// What the files below `paths` (all below the working directory, if there is none) hold that the commit which HEAD and
/// `since` come from does not (a branch has not changed what others have added since), whether it is staged or not. Files
/// that git does not track are not among them. Globs are those of `look`; before the first commit everything is new.
pub(super) fn since(since: &str, paths: &[PathBuf], look: Look) -> Result<Changed, Failure> {
    let mut named = Vec::new();
    for path in paths {
        if tree::is_pattern(path) {
            let found = tree::expand(std::slice::from_ref(path), look)?;
            named.extend(found.into_iter().map(|input| input.path));
        } else {
            named.push(path.clone());
        }
    }
    let output = match diff(since, &named)? {
        None if since == HEAD => empty_tree().map_or(Ok(None), |empty| diff(&empty, &named))?,
        output => output,
    };
    let output = output.ok_or_else(|| {
        Failure::usage("--changed: git cannot tell what has changed")
            .hint("is this a git repository, and does it know that commit?")
    })?;
    warn_of_staged(&named);
    parse(&output).ok_or_else(|| Failure::usage("--changed: git says what cannot be read"))
}

/// Says of files that are staged otherwise than they lie there. What a commit takes of them is not looked at.
fn warn_of_staged(paths: &[PathBuf]) {
    let names = |more: &[&str]| {
        let mut git = Command::new("git");
        git.args([
            "--literal-pathspecs",
            "diff",
            "--name-only",
            "-z",
            "--relative",
            "--no-ext-diff",
            "--diff-filter=d",
        ]);
        let output = git.args(more).arg("--").args(paths).stdin(Stdio::null()).output();
        output.map(|output| output.stdout).unwrap_or_default()
    };
    let (here, staged) = (names(&[]), names(&["--cached"]));
    let staged: BTreeSet<&[u8]> = staged.split(|byte| *byte == 0).filter(|name| !name.is_empty()).collect();
    let both = here.split(|byte| *byte == 0).filter(|name| staged.contains(name)).count();
    if both > 0 {
        let files = message::count(both as u64, "file");
        message::warning(&format!("--changed: {files} staged otherwise than now: what is staged is not looked at"));
        message::hint("git stash --keep-index puts the rest aside; pre-commit does so by itself");
    }
}

/// The name of the tree without files, of which git always knows; none if it knows of a commit.
fn empty_tree() -> Option<String> {
    let git = |arguments: &[&str]| Command::new("git").args(arguments).stdin(Stdio::null()).output().ok();
    if git(&["rev-parse", "--quiet", "--verify", HEAD])?.status.success() {
        return None;
    }
    let output = git(&["hash-object", "-t", "tree", "--stdin"])?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What git says; None if it cannot say. Where it does not know where both come from (a shallow clone, a tree), all that
/// `since` does not hold is new.
fn diff(since: &str, paths: &[PathBuf]) -> Result<Option<Vec<u8>>, Failure> {
    Ok(match diff_with(&["--merge-base"], since, paths)? {
        None => diff_with(&[], since, paths)?,
        output => output,
    })
}

fn diff_with(more: &[&str], since: &str, paths: &[PathBuf]) -> Result<Option<Vec<u8>>, Failure> {
    let mut git = Command::new("git");
    // Nothing of the user's or the repository's settings changes the form; paths are paths, not patterns.
    git.args(["--literal-pathspecs", "-c", "core.quotePath=false", "diff", "--no-color", "--no-ext-diff"]);
    git.args(["--no-textconv", "--no-renames", "--relative", "--text", "--unified=0", "--inter-hunk-context=0"]);
    git.args(["--src-prefix=a/", "--dst-prefix=b/", "--diff-filter=d", "--submodule=short"]);
    let output = git
        .args(more)
        .arg("--end-of-options")
        .arg(since)
        .arg("--")
        .args(paths)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::usage(format!("--changed: git: {}", message::fact(&error))))?;
    Ok(output.status.success().then_some(output.stdout))
}

/// Reads a diff without context. None if it is none.
fn parse(diff: &[u8]) -> Option<Changed> {
    let mut changed = Changed::default();
    let mut file = None;
    let mut lines = diff.split(|byte| *byte == b'\n');
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix(b"+++ ") {
            file = path(name);
        } else if line.starts_with(b"diff --git ") {
            file = None;
        } else if let Some(hunk) = line.strip_prefix(b"@@ ") {
            let text = std::str::from_utf8(hunk.split(|byte| *byte == b'@').next()?).ok()?;
            let (old, new) = text.trim_end().split_once(' ')?;
            let ((_, gone), (start, added)) = (range(old.strip_prefix('-')?)?, range(new.strip_prefix('+')?)?);
            // Lines of the files themselves may look like anything.
            for _ in 0..gone + added {
                while lines.next()?.starts_with(b"\\ ") {}
            }
            if added > 0 {
                changed.0.entry(file.clone()?).or_default().push(start..=start + added - 1);
            }
        }
    }
    Some(changed)
}

/// `12` or `12,3`.
fn range(text: &str) -> Option<(u64, u64)> {
    let (start, count) = text.split_once(',').unwrap_or((text, "1"));
    Some((start.parse().ok()?, count.parse().ok()?))
}

/// `b/name`, or the same in quotes with escapes of C where the name has odd bytes; a name with a blank has a tab behind it,
/// behind the quotes, too.
fn path(text: &[u8]) -> Option<PathBuf> {
    let text = text.strip_suffix(b"\t").unwrap_or(text);
    let name = match text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")) {
        Some(quoted) => unquote(quoted)?,
        None => text.to_vec(),
    };
    Some(PathBuf::from(OsString::from_vec(name.strip_prefix(b"b/")?.to_vec())))
}

fn unquote(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = text.iter().copied();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        out.push(match bytes.next()? {
            b'a' => 7,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 11,
            b'f' => 12,
            b'r' => b'\r',
            first @ b'0'..=b'3' => {
                let digits = [first, bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 8).ok()?
            }
            other => other,
        });
    }
    Some(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn added_lines_are_told_by_file() {
        let diff = b"diff --git a/a b.log b/a b.log\nindex 1..2 100644\n--- a/a b.log\t\n+++ b/a b.log\t\n@@ -2 +2,2 @@ x @@ y\n\
-old\n\\ No newline at end of file\n++++ b/other\n+@@ -1 +1 @@\n@@ -9,2 +10,0 @@\n-x\n-y\n@@ -12,0 +11 @@\n+z\n\
diff --git a/q b/q\nnew file mode 100644\n--- /dev/null\n+++ \"b/q\\303\\251\\t\\\"\"\n@@ -0,0 +1 @@\n+1\n\
diff --git a/r b/r\nnew file mode 100644\n--- /dev/null\n+++ \"b/r s\\\"\"\t\n@@ -0,0 +1 @@\n+1\n";
        let changed = parse(diff).unwrap();
        assert_eq!(changed.lines(Path::new("a b.log")), [2..=3, 11..=11]);
        assert_eq!(changed.lines(Path::new("qé\t\"")), [1..=1]);
        assert_eq!(changed.lines(Path::new("r s\"")), [1..=1]);
        assert_eq!(changed.inputs().len(), 3);
    }

    #[test]
    fn what_is_no_diff_is_noticed() {
        for text in [&b"@@ -1 +1 @@\n+x\n"[..], b"+++ b/x\n@@ -1 +1,9 @@\n+x\n", b"+++ b/x\n@@ oops @@\n"] {
            assert_eq!(parse(text), None);
        }
        assert_eq!(parse(b""), Some(Changed::default()));
    }
}
