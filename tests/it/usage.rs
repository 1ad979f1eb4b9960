//! Mistakes on the command line: each is told with what to type instead, and never repeated.

use crate::run::logmask;

#[test]
fn a_mistake_is_answered_by_the_command_that_was_meant() {
    for (typed, says) in [
        ("policy", "logmask policy: a command is missing\nlogmask: hint: commands are init, check, test"),
        ("policy hunter2", "logmask policy: there is no such command\nlogmask: hint: commands are init"),
        (
            "policy diff",
            "hint: logmask policy diff [OPTIONS] --on <LOG> <OLD> <NEW> (more with logmask policy diff --help)",
        ),
        ("run", "hint: logmask run [OPTIONS] <CMD>..."),
        ("check --fromat=hunter2", "hint: did you mean --format?"),
        ("check --hunter2", "hint: logmask check [OPTIONS] [FILE]..."),
        ("--stric", "hint: logmask [OPTIONS] [FILE]... (more with logmask --help)"),
        ("-p", "--profile <NAME>: the value is missing"),
        ("-j 1 -j hunter2", "--jobs <N>: given more than once\nlogmask: hint: logmask [OPTIONS]"),
        ("reveal", "--keyring <DIR>, --identity <SPEC>: missing"),
        ("audit", "commands are verify"),
        // What is no command is taken for a file.
        ("-p export check", "hint: options come after a command: logmask check -p NAME"),
        ("chek", "hint: did you mean the command check?"),
        ("help", "hint: logmask --help"),
    ] {
        let run = logmask().args(typed.split(' ')).pipe("");
        run.exits(2).prints("").says(says).says_lines(2);
        assert!(!String::from_utf8_lossy(&run.stderr).contains("hunter2"), "{typed}");
    }
}

#[test]
fn the_everyday_options_stand_first_and_are_a_dozen() {
    for help in ["-h", "--help"] {
        let run = logmask().arg(help).pipe("");
        run.exits(0).says_lines(0);
        let text = String::from_utf8_lossy(&run.stdout).into_owned();
        let options = text.split_once("\nOptions:\n").unwrap().1;
        let first: Vec<&str> =
            options.lines().take_while(|line| !line.ends_with(':') || line.starts_with(' ')).collect();
        let names = first.iter().map(|line| line.trim_start()).filter(|line| line.starts_with('-')).count();
        assert!((8..=13).contains(&names), "{help}: {names}");
        for name in ["--output", "--in-place", "--diff", "--policy", "--profile", "--key", "--summary", "--jobs"] {
            assert!(first.iter().any(|line| line.contains(name)), "{help}: {name}");
        }
    }
    logmask().arg("-h").pipe("").lacks("--max-line").lacks("--backup");
}
