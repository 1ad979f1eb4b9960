//! The GitHub action and the GitLab template, run as those systems run them.

use crate::run::EXE;
use serde_yaml::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn read(path: &str) -> Value {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

/// `bash` with our executable on its path, in `dir`.
fn bash(dir: &Path) -> Command {
    let mut bash = Command::new("bash");
    let bin = Path::new(EXE).parent().unwrap();
    bash.env("PATH", format!("{}:{}", bin.display(), std::env::var("PATH").unwrap()));
    bash.current_dir(dir).env("HOME", dir).stdin(Stdio::null());
    bash
}

/// Runs all steps of the action with these inputs; the status of the first that fails, else 0.
fn act(dir: &Path, inputs: &[(&str, &str)]) -> (i32, String) {
    let action = read(".github/actions/logmask/action.yml");
    assert_eq!(action["runs"]["using"], "composite");
    let mut values: HashMap<String, String> = HashMap::new();
    for (name, input) in action["inputs"].as_mapping().unwrap() {
        let name = name.as_str().unwrap();
        assert!(input["description"].is_string(), "{name}");
        let given = inputs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        match given.or_else(|| input["default"].as_str().map(str::to_owned)) {
            Some(value) => drop(values.insert(format!("${{{{ inputs.{name} }}}}"), value)),
            None => panic!("{name} is required"),
        }
    }
    let mut said = String::new();
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        let run = step["run"].as_str().unwrap();
        // An expression in a script would be a way to inject commands.
        assert!(step["shell"] == "bash" && !run.contains("${{"));
        let file = dir.join("step.sh");
        std::fs::write(&file, run).unwrap();
        // As https://docs.github.com/actions/reference/workflow-syntax-for-github-actions says of `shell: bash`.
        let mut command = bash(dir);
        command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&file);
        command.env("GITHUB_ACTION_PATH", Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/actions/logmask"));
        for (name, value) in step["env"].as_mapping().into_iter().flatten() {
            command.env(name.as_str().unwrap(), &values[value.as_str().unwrap()]);
        }
        let output = command.output().unwrap();
        said.push_str(&String::from_utf8_lossy(&output.stdout));
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        if !output.status.success() {
            return (output.status.code().unwrap(), said);
        }
    }
    (0, said)
}

fn write(dir: &Path, name: &str, text: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn the_github_action_masks_files_and_globs_under_their_own_names() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    write(dir, "build.log", "password=magpie\n");
    write(dir, "logs/a b/deep.log", "ord_abcdefgh from jo@acme.io\n");
    write(dir, "team.yaml", "version: 1\nrules: [{id: order-token, class: secret.order, pattern: 'ord_[a-z]{8}'}]\n");
    let key = "a key of enough bytes for a test";
    let (code, said) = act(dir, &[("files", "build.log\nlogs/**/*.log\n"), ("policy", "team.yaml\n"), ("key", key)]);
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("magpie") && !said.contains(key), "{said}");
    assert_eq!(std::fs::read_to_string(dir.join("masked/build.log")).unwrap(), "password=REDACTED-password\n");
    let deep = std::fs::read_to_string(dir.join("masked/logs/a b/deep.log")).unwrap();
    assert!(deep.starts_with("REDACTED-order-token from REDACTED-email-"), "{deep}");
}

#[test]
fn the_github_action_has_one_key_for_all_files_and_stays_in_its_folder() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("work");
    for name in ["a.log", "logs/b.log", "-c.log", "../beside/d.log"] {
        write(&at, name, "to jo@acme.io\n");
    }
    let (code, said) = act(&at, &[("files", "*.log\nlogs/*.log\n../beside/d.log")]);
    assert_eq!(code, 0, "{said}");
    let masked = |name: &str| std::fs::read_to_string(at.join("masked").join(name)).unwrap();
    let first = masked("a.log");
    assert!(first.starts_with("to REDACTED-email-"), "{first}");
    for name in ["logs/b.log", "-c.log", "beside/d.log"] {
        assert_eq!(masked(name), first, "{name}");
    }
    // Another use draws another key.
    std::fs::remove_dir_all(at.join("masked")).unwrap();
    assert_eq!(act(&at, &[("files", "a.log")]).0, 0);
    assert_ne!(masked("a.log"), first);
}

#[test]
fn the_github_action_fails_closed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    write(dir, "build.log", "password=magpie\n");
    assert_eq!(act(dir, &[("files", "none/*.log")]).0, 2);
    assert_eq!(act(dir, &[("files", "build.log"), ("profile", "no-such")]).0, 2);
    assert_eq!(act(dir, &[("files", "build.log"), ("policy", "missing.yaml")]).0, 2);
    // A name is a name, whatever it holds.
    assert_eq!(act(dir, &[("files", "$(touch pwned)\n`touch pwned`\n; touch pwned")]).0, 2);
    assert!(!dir.join("pwned").exists());
    assert_eq!(std::fs::read_to_string(dir.join("masked/build.log")).unwrap_or_default(), "");
}

#[test]
fn the_gitlab_template_masks_what_a_command_prints_and_keeps_its_status() {
    let template = read(".gitlab/logmask.yml");
    let job = &template[".logmask"];
    let before: Vec<&str> =
        job["before_script"].as_sequence().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let profile = job["variables"]["LOGMASK_PROFILE"].as_str().unwrap();
    for (command, code, kept) in [
        (
            "masked test.log sh -c 'echo password=magpie; echo oops token=magpie >&2'",
            0,
            "password=REDACTED-password\noops token=REDACTED-token\n",
        ),
        ("masked test.log sh -c 'echo password=magpie; exit 7'", 7, "password=REDACTED-password\n"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        // As the runner's shell executor does: one script of all lines.
        let script = format!("set -eo pipefail\n{}\n{command}\n", before.join("\n"));
        let output = bash(dir.path()).args(["-c", &script]).env("LOGMASK_PROFILE", profile).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stdout), kept);
        assert_eq!(std::fs::read_to_string(dir.path().join("test.log")).unwrap(), kept);
    }
}

#[test]
fn the_pre_commit_hook_stops_a_commit_with_a_secret() {
    let hooks = read(".pre-commit-hooks.yaml");
    let hook = &hooks[0];
    // A Rust hook is installed by `cargo install` of the repository: https://pre-commit.com/#rust
    assert!(hook["id"] == "logmask" && hook["language"] == "rust");
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "good.txt", "token expired\n");
    write(dir.path(), "bad one.txt", "password=magpie\n");
    let run = |files: &[&str]| {
        let mut words = hook["entry"].as_str().unwrap().split(' ');
        let script = format!("exec {} \"$@\"", words.by_ref().collect::<Vec<_>>().join(" "));
        let output = bash(dir.path()).args(["-c", &script, "hook"]).args(files).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    assert_eq!(run(&["good.txt"]).0, Some(0));
    let (code, said) = run(&["good.txt", "bad one.txt"]);
    assert!(code == Some(1) && said.contains("bad one.txt:1") && !said.contains("magpie"), "{said}");
}
