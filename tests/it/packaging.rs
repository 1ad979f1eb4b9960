//! What makes a program feel at home: completions, manual pages, packages, plugins, hooks. Each is used as its owner
//! uses it; a program that is not installed here is told and skipped.

use crate::run::{EXE, logmask};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// `program`, if it is installed here; else the test says what to install and is skipped.
fn installed(program: &str) -> Option<Command> {
    let there = Command::new(program).arg("--version").stdin(Stdio::null()).output().is_ok();
    if !there {
        eprintln!("SKIPPED: this test needs {program} (apt-get install {program})");
    }
    there.then(|| Command::new(program))
}

/// A script of ours in a directory of its own.
fn script(shell: &str) -> (tempfile::TempDir, PathBuf) {
    let outcome = logmask().args(["completions", shell]).pipe("");
    outcome.exits(0);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(if shell == "zsh" { "_logmask" } else { "script" });
    std::fs::write(&path, &outcome.stdout).unwrap();
    (dir, path)
}

fn output(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[test]
fn bash_completes_options_commands_and_values() {
    let Some(mut bash) = installed("bash") else { return };
    let (_dir, path) = script("bash");
    let ask = r#"source "$1"
for line in "logmask --po" "logmask pol" "logmask policy te" "logmask --profile ex" "logmask completions fi" "logmask --stack k" "logmask --level no"; do
  COMP_WORDS=($line); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
  _logmask logmask "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
  echo "${COMPREPLY[@]}"
done"#;
    let found = output(bash.args(["-c", ask, "bash"]).arg(path));
    assert_eq!(found, "--policy\npolicy\ntest\nexport\nfish\nkeep\nnotice\n");
}

#[test]
fn zsh_reads_its_completions_and_knows_what_they_are_for() {
    let Some(mut zsh) = installed("zsh") else { return };
    let (dir, _) = script("zsh");
    let ask = "fpath=($1 $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[logmask]; autoload +X _logmask && print loaded";
    assert_eq!(output(zsh.args(["-f", "-c", ask, "zsh"]).arg(dir.path())), "_logmask\nloaded\n");
}

#[test]
fn fish_completes_options_commands_and_values() {
    let Some(mut fish) = installed("fish") else { return };
    let (_dir, path) = script("fish");
    let ask = "source $argv[1]; complete -C'logmask --po'; complete -C'logmask policy te'; complete -C'logmask rules --profile ex'";
    let found = output(fish.args(["--no-config", "-c", ask]).arg(path));
    let words: Vec<&str> = found.lines().filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(words, ["--policy", "test", "export"]);
    // An option of the filter whose value has not begun.
    let (_dir, path) = script("fish");
    let ask = "source $argv[1]; complete -C'logmask -p '; complete -C'logmask --stack k'";
    let Some(mut fish) = installed("fish") else { return };
    let found = output(fish.args(["--no-config", "-c", ask]).arg(path));
    let mut words: Vec<&str> = found.lines().filter_map(|line| line.split('\t').next()).collect();
    words.sort_unstable();
    assert_eq!(words, ["default", "export", "keep", "secrets"]);
}

#[test]
fn powershell_gets_a_completer_for_every_command() {
    let outcome = logmask().args(["completions", "powershell"]).pipe("");
    outcome.exits(0).contains("Register-ArgumentCompleter").contains("'logmask;policy;check'").contains("'--profile'");
    let Some(mut pwsh) = installed("pwsh") else { return };
    let (_dir, path) = script("powershell");
    let ask = ". $args[0]; (TabExpansion2 'logmask --po' 12).CompletionMatches.CompletionText";
    assert_eq!(output(pwsh.args(["-NoProfile", "-Command", ask]).arg(path)), "--policy\n");
}

#[test]
fn an_unknown_shell_is_refused_and_not_echoed() {
    logmask()
        .args(["completions", "hunter2"])
        .pipe("")
        .exits(2)
        .prints("")
        .says("shells are bash, zsh, fish and powershell");
}

#[test]
fn the_manual_is_whole_and_reads_without_a_warning() {
    let dir = tempfile::tempdir().unwrap();
    logmask().arg("man").arg("-o").arg(dir.path()).pipe("").exits(0).prints("");
    let mut names: Vec<String> =
        std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    for name in ["logmask.1", "logmask-policy.1", "logmask-policy-check.1", "logmask-rules.1", "logmask-man.1"] {
        assert!(names.iter().any(|found| found == name), "{name} is missing in {names:?}");
    }
    let page = std::fs::read_to_string(dir.path().join("logmask.1")).unwrap();
    logmask().arg("man").pipe("").exits(0).prints(&page);
    if installed("man").is_none() {
        return;
    }
    for name in names {
        let mut man = Command::new("man");
        man.args(["-l", "--warnings", "-P", "cat"])
            .arg(dir.path().join(&name))
            .env("LC_ALL", "C")
            .env("MANWIDTH", "80");
        let shown = man.stdin(Stdio::null()).output().unwrap();
        assert!(
            shown.status.success() && shown.stderr.is_empty(),
            "{name}: {}",
            String::from_utf8_lossy(&shown.stderr)
        );
        if name == "logmask.1" {
            let text = String::from_utf8_lossy(&shown.stdout).into_owned();
            for heading in ["NAME", "SYNOPSIS", "OPTIONS", "SUBCOMMANDS", "EXAMPLES", "EXIT STATUS"] {
                assert!(text.lines().any(|line| line == heading), "no {heading} in\n{text}");
            }
        }
    }
}

#[test]
fn the_debian_package_takes_files_that_are_made() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let build = std::fs::read_to_string(root.join(".packaging/build")).unwrap();
    let assets = manifest.split("[package.metadata.deb]").nth(1).unwrap().split("\n\n").next().unwrap();
    let sources: Vec<&str> =
        assets.lines().filter_map(|line| line.trim().strip_prefix("[\"")?.split('"').next()).collect();
    for needed in ["target/dist/man/*.1", "target/dist/completions/logmask.bash", "target/dist/completions/_logmask"] {
        assert!(sources.contains(&needed), "{needed} is not installed");
    }
    for source in sources {
        let made = match source.strip_prefix("target/dist/") {
            Some("man/*.1") => build.contains("man -o \"$dist/man\""),
            Some(file) => build.contains(&format!("$dist/{file}\"")) || build.contains(&format!("$dist/{file}\n")),
            None => source.starts_with("target/") || root.join(source).exists(),
        };
        assert!(made, "nobody makes {source}");
    }
}

#[test]
fn as_a_plugin_it_runs_kubectl_logs_and_masks_it() {
    let dir = tempfile::tempdir().unwrap();
    let kubectl = "#!/bin/sh\necho \"args: $*\"\necho password=magpie jo@acme.io\nexit \"${CODE:-0}\"\n";
    std::fs::write(dir.path().join("kubectl"), kubectl).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(dir.path().join("kubectl"), mode).unwrap();
    let plugin = dir.path().join("kubectl-mask_logs");
    std::os::unix::fs::symlink(EXE, &plugin).unwrap();
    let run = |args: &[&str], code: &str| {
        let path = format!("{}:{}", dir.path().display(), std::env::var("PATH").unwrap());
        let mut run = Command::new(&plugin);
        run.args(args).env("PATH", path).env("CODE", code).env("HOME", dir.path()).current_dir(dir.path());
        let output = run.stdin(Stdio::null()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, out, err) = run(&["-f", "deploy/api", "-c", "app", "--mask-profile=secrets"], "0");
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "args: logs -f deploy/api -c app\npassword=REDACTED-password jo@acme.io\n"),
        "{err}"
    );
    assert_eq!(run(&["x"], "5").0, Some(5));
    // What is wrong with our part is told before kubectl runs, and is not echoed.
    let (code, out, err) = run(&["x", "--mask-hunter2"], "0");
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(!err.contains("hunter2") && err.contains("--mask-"), "{err}");
    assert_eq!(run(&["x", "--mask-profile=no-such"], "0").0, Some(2));
    assert!(run(&["--help"], "0").1.contains("kubectl mask-logs"));
}
