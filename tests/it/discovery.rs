//! Which policy applies when none is named, and what the file of a project may not do.

use crate::run::{Logmask, logmask};

fn rule(id: &str, token: &str) -> String {
    format!("version: 1\nrules: [{{id: {id}, class: secret.x, pattern: '\\b{token}_[a-z]{{8}}\\b'}}]\n")
}

/// A run in a project with an own policy of the user, and one that the environment may name.
fn run() -> Logmask {
    let run = logmask().file(".logmask.yaml", rule("project", "prj")).file("named.yaml", rule("named", "nam"));
    let folder = run.work().join("xdg/logmask");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("policy.yaml"), rule("user", "usr")).unwrap();
    let xdg = run.work().join("xdg").display().to_string();
    run.env("XDG_CONFIG_HOME", &xdg)
}

const LINE: &str = "prj_abcdefgh nam_abcdefgh usr_abcdefgh\n";

#[test]
fn the_policy_of_the_user_applies_and_that_of_the_project_adds() {
    let outcome = run().args(["--summary", "json"]).pipe(LINE);
    outcome.exits(0).prints("REDACTED-project nam_abcdefgh REDACTED-user\n");
    outcome.says(r#"xdg/logmask/policy.yaml",".logmask.yaml"]"#);
}

#[test]
fn what_is_named_stands_alone_and_no_config_is_none() {
    run().args(["-c", "named.yaml"]).pipe(LINE).prints("prj_abcdefgh REDACTED-named usr_abcdefgh\n");
    run().env("LOGMASK_CONFIG", "named.yaml").pipe(LINE).prints("prj_abcdefgh REDACTED-named usr_abcdefgh\n");
    run().env("LOGMASK_CONFIG", "named.yaml").args(["--no-config"]).pipe(LINE).exits(0).prints(LINE);
    let both = run().env("LOGMASK_CONFIG", "missing.yaml").args(["-c", "named.yaml"]).pipe(LINE);
    both.exits(0).prints("prj_abcdefgh REDACTED-named usr_abcdefgh\n");
    run().env("LOGMASK_CONFIG", "missing.yaml").pipe(LINE).exits(2).prints("").says("missing.yaml");
    run().env("LOGMASK_CONFIG", "").pipe(LINE).prints("REDACTED-project nam_abcdefgh REDACTED-user\n");
}

#[test]
fn a_file_that_was_found_and_cannot_be_read_says_how_to_go_without() {
    let run = || {
        let run = logmask();
        let folder = run.work().join("home/.config/logmask");
        std::fs::create_dir_all(&folder).unwrap();
        // A circle, which cannot be read by anybody.
        std::os::unix::fs::symlink("policy.yaml", folder.join("policy.yaml")).unwrap();
        let home = run.work().join("home").display().to_string();
        run.env("HOME", &home)
    };
    run().pipe(LINE).exits(2).prints("").says("logmask/policy.yaml: cannot be read").says("--no-config");
    run().arg("--no-config").pipe(LINE).exits(0).prints(LINE);
    logmask().env("LOGMASK_CONFIG", "missing.yaml").pipe(LINE).exits(2).says("--no-config");
}

#[test]
fn a_project_that_brings_a_pipe_is_refused_and_not_waited_for() {
    let pipe = |run: &Logmask, name: &str| {
        assert!(std::process::Command::new("mkfifo").arg(run.work().join(name)).status().unwrap().success());
    };
    let run = logmask();
    pipe(&run, ".logmask.yaml");
    run.pipe(LINE).exits(2).prints("").says(".logmask.yaml: is no regular file").says("--no-config");
    let run = logmask().file(".logmask.yaml", "version: 1\nextends: [builtin:default, base.yaml]\n");
    pipe(&run, "base.yaml");
    run.pipe(LINE).exits(2).prints("").says(".logmask.yaml:2:").says("is no regular file");
}

#[test]
fn the_project_is_found_from_below_up_to_the_root_of_its_repository() {
    let run = run();
    let deep = run.work().join("a/b");
    std::fs::create_dir_all(&deep).unwrap();
    let below = |run: Logmask| run.args(["policy", "show"]).pipe("");
    // Without a repository only the folder itself counts.
    let inside = |git: bool| {
        let run = logmask().file(".logmask.yaml", rule("project", "prj"));
        let deep = run.work().join("a/b");
        std::fs::create_dir_all(&deep).unwrap();
        if git {
            std::fs::create_dir(run.work().join(".git")).unwrap();
        }
        let mut shell = std::process::Command::new(crate::run::EXE);
        shell.args(["policy", "show"]).current_dir(deep).env("HOME", run.work()).env_remove("XDG_CONFIG_HOME");
        String::from_utf8(shell.output().unwrap().stdout).unwrap()
    };
    assert!(!inside(false).contains("id: project"));
    assert!(inside(true).contains("id: project"));
    below(run).exits(0).contains("# .logmask.yaml:2");
}

#[test]
fn a_project_may_add_and_never_take_away() {
    let rule = "rules: [{id: ours, class: pii.ours, pattern: '[a-z]+@x\\.io', action: ACTION}]\n";
    for (what, line, word) in [
        ("disable: [password]\n".to_owned(), 2, "disable is not allowed"),
        ("allow: ['*@x.io']\n".to_owned(), 2, "allow is not allowed"),
        ("allow: {email: ['*@x.io']}\n".to_owned(), 2, "allow is not allowed"),
        ("extends: []\n".to_owned(), 2, "the floor is not allowed"),
        ("propagate: false\n".to_owned(), 2, "propagate: false is not allowed"),
        ("roles: {viewer: {show: [secret.token]}}\naccess: {base: viewer}\n".to_owned(), 2, "roles is not allowed"),
        (rule.replace("ACTION", "{keep: [email]}"), 2, "keep is not allowed"),
        (rule.replace("ACTION", "keep"), 2, "keep is not allowed"),
    ] {
        let outcome =
            logmask().file(".logmask.yaml", format!("version: 1\n{what}")).pipe("password=magpie to jo@x.io\n");
        outcome
            .exits(2)
            .prints("")
            .says(&format!(".logmask.yaml:{line}:"))
            .says(word)
            .says("may add protection, never take it away");
        outcome.says("hint: put it into a policy of your own");
    }
    // Nor by way of another file.
    let outcome = logmask()
        .file(".logmask.yaml", "version: 1\nextends: [./more.yaml]\n")
        .file("more.yaml", "version: 1\ndisable: [password]\n")
        .pipe("password=magpie\n");
    outcome.exits(2).prints("").says("more.yaml:2:");
    // The same file, named by whoever runs this, may.
    let outcome = logmask()
        .file("more.yaml", "version: 1\ndisable: [password]\n")
        .args(["-c", "more.yaml"])
        .pipe("password=magpie\n");
    outcome.exits(0).says("switches off");
    // An action that shows more never wins against one that hides more.
    let lower = "version: 1\nrules: [{id: ours, class: pii.ours, fields: [password], action: pseudonym}]\n";
    logmask().file(".logmask.yaml", lower).pipe("password=magpie\n").prints("password=REDACTED-ours\n");
}

#[test]
fn a_lock_lets_only_what_was_agreed_on_run_and_one_line_brings_it_back() {
    let (one, two) = (rule("order", "ord"), rule("order", "xyz"));
    let top = "version: 1\nextends: [./base.yaml]\n";
    let at = tempfile::tempdir().unwrap();
    let run = |args: &[&str], input: &str| {
        let mut command = std::process::Command::new(crate::run::EXE);
        command.args(args).current_dir(at.path()).env("HOME", at.path()).env_remove("XDG_CONFIG_HOME");
        command
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    let write = |name: &str, text: &str| std::fs::write(at.path().join(name), text).unwrap();
    let masks = || run(&["-c", "top.yaml", "--lock", "l"], "ord_abcdefgh xyz_abcdefgh\n");
    let (as_one, as_two) = ("REDACTED-order xyz_abcdefgh\n", "ord_abcdefgh REDACTED-order\n");
    write("top.yaml", top);
    write("base.yaml", &one);
    assert_eq!(run(&["policy", "lock", "top.yaml", "--lock", "l"], "").0, 0);
    assert_eq!(masks().1, as_one);
    // What is kept goes on to be in force.
    write("base.yaml", &two);
    assert_eq!(masks().1, as_one);
    std::fs::remove_file(at.path().join("base.yaml")).unwrap();
    assert_eq!(masks().1, as_one);
    write("base.yaml", &two);
    let (code, out, _) = run(&["policy", "lock", "top.yaml", "--lock", "l"], "");
    assert!(code == 0 && out.contains("base.yaml: locked") && out.contains("top.yaml: as it was"), "{out}");
    assert_eq!(masks().1, as_two);
    // One lock may be that of several policies; what is gone is forgotten.
    write("other.yaml", "version: 1\n");
    assert_eq!(run(&["policy", "lock", "other.yaml", "--lock", "l"], "").0, 0);
    assert_eq!(masks().1, as_two);
    assert_eq!(run(&["-c", "other.yaml", "--lock", "l"], "x\n").1, "x\n");
    std::fs::remove_file(at.path().join("other.yaml")).unwrap();
    assert_eq!(run(&["policy", "lock", "top.yaml", "--lock", "l"], "").0, 0);
    assert!(!std::fs::read_to_string(at.path().join("l")).unwrap().contains("other.yaml"));
    let (code, _, said) = run(&["policy", "lock", "--lock", "none", "--to", "abcd"], "");
    assert!(code == 2 && said.contains("none: no such file"), "{said}");
    // The lock is one that sha256sum reads, too.
    let sums =
        std::process::Command::new("sha256sum").args(["-c", "--quiet", "l"]).current_dir(at.path()).output().unwrap();
    assert!(sums.status.success(), "{}", String::from_utf8_lossy(&sums.stderr));
    // Back in one line, by command or by hand.
    let text = std::fs::read_to_string(at.path().join("l")).unwrap();
    let old = text.lines().find_map(|line| line.strip_prefix("# ")?.strip_suffix("  base.yaml")).unwrap().to_owned();
    assert_eq!(run(&["policy", "lock", "--lock", "l", "--to", &old[..8]], "").0, 0);
    assert_eq!(masks().1, as_one);
    write("l", &text);
    assert_eq!(masks().1, as_two);
    let line = text.lines().find(|line| line.ends_with("  base.yaml") && !line.starts_with('#')).unwrap();
    write("l", &text.replace(line, &format!("{old}  base.yaml")));
    assert_eq!(masks().1, as_one);
    // A file that is not agreed on, or a lock that names what is not there, stops the run.
    write("l", &text.replace(line, &format!("{}  base.yaml", "0".repeat(64))));
    let (code, out, err) = masks();
    assert!(code == 2 && out.is_empty() && err.contains("is not what the lock says"), "{err}");
    write("new.yaml", "version: 1\n");
    let (code, out, err) = run(&["-c", "new.yaml", "--lock", "l"], "x\n");
    assert!(code == 2 && out.is_empty() && err.contains("new.yaml: is not in the lock"), "{err}");
    // Nothing is chosen by a digest that is hardly one, and a log is no lock.
    let (code, _, err) = run(&["policy", "lock", "--lock", "l", "--to", ""], "");
    assert!(code == 2 && err.contains("give 4 digits or more"), "{err}");
    let (code, out, err) = run(&["-c", "new.yaml", "--lock", "new.yaml"], "x\n");
    assert!(code == 2 && out.is_empty() && err.contains("new.yaml: is no lock"), "{err}");
}
