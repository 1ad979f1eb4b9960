//! `logmask check`: places and rules, exit status 1, and never the value.

use crate::canary::Canary;
use crate::run::{Logmask, Outcome, logmask};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const SECRET: &str = "magpie-vol7-quartz";

/// A log with a secret, a number that is none, and an address that the floor leaves.
fn log() -> String {
    format!("clean 17\nné password={SECRET} x\nmail jo@acme.io api_key=\"{SECRET}\"\n")
}

fn check() -> Logmask {
    logmask().arg("check")
}

/// Text goes to stdout and is as written.
fn lines(outcome: &Outcome) -> Vec<String> {
    String::from_utf8(outcome.stdout.clone()).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn check_says_where_and_what_and_fails() {
    let run = check().file("app.log", log()).arg("app.log").pipe("");
    run.exits(1).hides(&Canary::new(SECRET)).says("2 findings in 1 file");
    run.prints("app.log:2:14-31: password secret.password\napp.log:3:26-43: api-key secret.key\n");
    check().pipe(log()).exits(1).contains("stdin:2:14-31: password");
    check().pipe("clean 17\n").exits(0).prints("").says_lines(0);
}

#[test]
fn check_uses_the_floor_unless_told_otherwise() {
    check().pipe("mail jo@acme.io\n").exits(0).prints("");
    check().args(["-p", "default"]).pipe("mail jo@acme.io\n").exits(1).prints("stdin:1:6-15: email pii.email\n");
}

#[test]
fn what_everybody_may_see_is_no_finding() {
    let roles = |show: &str| {
        format!(
            "version: 1\nroles: {{ viewer: {{ show: [{show}] }}, all: {{ extends: viewer, show: ['pii.*', 'net.*'] }} }}\naccess: {{ base: viewer }}\n"
        )
    };
    let run = |show: &str| check().args(["-p", "default"]).policy(roles(show)).pipe("mail jo@acme.io 8.8.8.8\n");
    run("").exits(1).prints("stdin:1:6-15: email pii.email\nstdin:1:17-23: ipv4 net.ip\n");
    run("net.ip").exits(1).prints("stdin:1:6-15: email pii.email\n");
    run("net.ip, pii.email").exits(0).prints("");
}

#[test]
fn some_findings_may_pass_by_number_or_class() {
    check().args(["--max", "2"]).pipe(log()).exits(0).contains("password");
    check().args(["--max", "1"]).pipe(log()).exits(1);
    check().args(["--max", "many"]).pipe(log()).exits(2).prints("");
    let both = |class: &str| check().args(["-p", "default", "--fail-on", class]).pipe("mail jo@acme.io\n");
    both("secret").exits(0).contains("email");
    both("pii").exits(1);
    both("secret,pii.email").exits(1);
    both("pii.*").exits(1);
    both("secret.*").exits(0);
    both("secre").exits(2).prints("");
}

#[test]
fn check_finds_exactly_what_the_filter_masks() {
    for name in fs::read_dir(crate::run::beside("samples")).unwrap() {
        let path = name.unwrap().path();
        let sample = fs::read(&path).unwrap();
        let masked = logmask().pipe(&sample).stdout;
        let differ = |(at, (a, b)): (usize, (&[u8], &[u8]))| (a != b).then_some(at as u64 + 1);
        let split = |bytes: &'static [u8]| bytes.split_inclusive(|b| *b == b'\n');
        let (sample, masked) = (Vec::leak(sample), Vec::leak(masked));
        let changed: Vec<u64> = split(sample).zip(split(masked)).enumerate().filter_map(differ).collect();
        for threads in ["1", "3"] {
            let run = check().args(["-p", "default", "--format", "json", "-j", threads]).pipe(&*sample);
            let mut found: Vec<u64> = lines(&run)
                .iter()
                .map(|line| serde_json::from_str::<Value>(line).unwrap()["line"].as_u64().unwrap())
                .collect();
            found.dedup();
            assert_eq!(found, changed, "{}", path.display());
        }
    }
}

#[test]
fn a_key_block_is_one_finding_and_a_long_line_still_counts_as_a_line() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n".repeat(6);
    let block = format!("-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\n");
    let input = format!("{}\n{block}x\n{block}token={SECRET}\n", "y".repeat(70_000));
    for threads in ["1", "2"] {
        let run = check().args(["--max-line", "65536", "-j", threads]).pipe(&input);
        run.exits(3).says("--max-line");
        let places: Vec<String> = lines(&run).iter().map(|l| l.split(':').nth(1).unwrap().to_owned()).collect();
        assert_eq!(places, ["3", "12", "19"]);
    }
}

#[test]
fn directories_and_globs_are_looked_through() {
    let tree = || {
        let run = check();
        fs::create_dir_all(run.work().join("logs/old")).unwrap();
        fs::write(run.work().join("logs/a.log"), log()).unwrap();
        fs::write(run.work().join("logs/old/b.txt"), log()).unwrap();
        fs::write(run.work().join("logs/.hidden"), log()).unwrap();
        run
    };
    let files = |outcome: Outcome| {
        outcome.exits(1);
        let mut names: Vec<String> = lines(&outcome).iter().map(|l| l.split(':').next().unwrap().to_owned()).collect();
        names.dedup();
        names
    };
    assert_eq!(files(tree().arg("logs").pipe("")), ["logs/a.log", "logs/old/b.txt"]);
    assert_eq!(files(tree().arg("logs/*.log").pipe("")), ["logs/a.log"]);
    assert_eq!(files(tree().arg("**/*.txt").pipe("")), ["logs/old/b.txt"]);
    assert_eq!(files(tree().args(["logs", "--hidden"]).pipe("")), ["logs/.hidden", "logs/a.log", "logs/old/b.txt"]);
    tree().arg("logs/*.gz").pipe("").exits(2).prints("").says("matches nothing");
}

#[test]
fn github_gets_annotations_in_characters() {
    let run = check().args(["--format", "github"]).file("a,b.log", log()).arg("a,b.log").pipe("");
    run.exits(1).hides(&Canary::new(SECRET)).says_lines(0).contains(
        "::error file=a%2Cb.log,line=2,col=13,endColumn=31,title=logmask password::would be masked by rule password",
    );
}

#[test]
fn a_known_finding_is_no_finding() {
    const KEY: [&str; 4] = ["--baseline", "known", "--key", "env:K"];
    let keyed = |run: Logmask| run.env("K", "a-key-for-tests-only-0123456789").args(KEY).file("app.log", log());
    // No key, no baseline: whoever has the file could test guesses.
    check().args(["--baseline", "known"]).pipe(log()).exits(2).prints("");
    keyed(check()).pipe(log()).exits(2).says("--update-baseline");
    let made = keyed(check()).arg("--update-baseline").pipe(log());
    made.exits(0).prints("").says("2 more known").hides(&Canary::new(SECRET));
    let known = fs::read(made.path("known")).unwrap();
    Canary::new(SECRET).assert_gone("baseline", &known);
    keyed(check()).file("known", &known).pipe(log()).exits(0).prints("").says("2 more known");
    let more = keyed(check()).file("known", &known).pipe(format!("token=other\n{}", log()));
    more.exits(1).prints("stdin:1:7-11: token secret.token\n").says("1 finding in 1 file, 2 more known");
    // The same value found by another rule, or under another key, is not known.
    keyed(check()).file("known", &known).pipe(format!("token={SECRET}\n")).exits(1);
    let other = check().env("K", "another-key-for-tests-0123456789").args(KEY).file("known", &known);
    other.pipe(log()).exits(2).prints("").says("another key");
    // A link is followed, and who may read the file stays as it was.
    let run = keyed(check()).file("kept", "# logmask baseline 1, key none\n");
    let (kept, link) = (run.work().join("kept"), run.work().join("known"));
    std::os::unix::fs::symlink("kept", &link).unwrap();
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o644)).unwrap();
    let linked = run.arg("--update-baseline").pipe(log());
    linked.exits(0);
    assert!(fs::symlink_metadata(&link).is_ok_and(|stat| stat.is_symlink()));
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o644);
    assert_eq!(fs::read_to_string(&kept).unwrap().lines().count(), 4);
    // A log in its place is not written over.
    let log_given = keyed(check()).file("known", log()).arg("--update-baseline").pipe(log());
    log_given.exits(2).says("no baseline");
    assert_eq!(fs::read_to_string(log_given.path("known")).unwrap(), log());
}

#[test]
fn only_changed_lines_are_looked_at() {
    let git = |dir: &Path, args: &[&str]| {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"]).args(args);
        let done = git.current_dir(dir).env("HOME", dir).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let run = check().args(["--changed"]);
    let work = run.work();
    fs::create_dir(work.join("d é")).unwrap();
    fs::write(work.join("d é/old.log"), "1\n2\ntoken=before\n4\n").unwrap();
    fs::write(work.join("same.log"), "token=before\n").unwrap();
    git(&work, &["init", "-q"]);
    git(&work, &["add", "."]);
    git(&work, &["commit", "-qm", "one"]);
    // Not the line that was there, but those before and behind it; also in a file that is only staged.
    fs::write(work.join("d é/old.log"), "1\npassword=after\n2\ntoken=before\n4\ntoken=after\n").unwrap();
    fs::write(work.join("new.log"), "x\ntoken=staged").unwrap();
    // git writes a name with a quote in quotes of its own, and one with a blank with a tab behind it.
    fs::write(work.join("q \"s\".log"), "token=quoted\n").unwrap();
    git(&work, &["add", "new.log", "q \"s\".log"]);
    run.pipe("").exits(1).prints(
        "d é/old.log:2:10-14: password secret.password\nd é/old.log:6:7-11: token secret.token\n\
         new.log:2:7-12: token secret.token\nq \"s\".log:1:7-12: token secret.token\n",
    );
    // What is staged otherwise than it lies there is told: a commit would take it.
    let run = check().args(["--changed"]).file("a.log", "token=staged\n").file("b.log", "x\n");
    let work = run.work();
    git(&work, &["init", "-q"]);
    git(&work, &["add", "."]);
    fs::write(work.join("a.log"), "clean\n").unwrap();
    run.pipe("").exits(0).says("1 file staged otherwise than now").says("git stash --keep-index");
    // Before the first commit all is new; a glob that no shell has expanded is one all the same.
    let first = |args: &[&str]| {
        let run = check().file("a.log", "token=first\n").file("b.txt", "token=other\n").arg("--changed").args(args);
        git(&run.work(), &["init", "-q"]);
        git(&run.work(), &["add", "."]);
        run.pipe("")
    };
    first(&[]).exits(1).prints("a.log:1:7-11: token secret.token\nb.txt:1:7-11: token secret.token\n");
    first(&["*.log"]).exits(1).prints("a.log:1:7-11: token secret.token\n");
    first(&["*.gz"]).exits(2).prints("").says("matches nothing");
    // What others have added meanwhile is not what the branch has changed, and what it has taken over is not new.
    let run = check().arg("--changed=main");
    let work = run.work();
    git(&work, &["init", "-q", "-b", "main"]);
    let commit = |text: &str, message: &str| {
        fs::write(work.join("a.log"), text).unwrap();
        git(&work, &["add", "."]);
        git(&work, &["commit", "-qm", message]);
    };
    commit("1\n2\n3\n4\n5\ntoken=before\n", "one");
    git(&work, &["checkout", "-qb", "mine"]);
    commit("token=mine\n2\n3\n4\n5\ntoken=before\n", "two");
    git(&work, &["checkout", "-q", "main"]);
    commit("1\n2\n3\n4\n5\ngone\n", "three");
    git(&work, &["checkout", "-q", "mine"]);
    run.pipe("").exits(1).prints("a.log:1:7-10: token secret.token\n");
    let run = check().args(["--changed", "new.log"]);
    let bare = run.pipe("");
    bare.exits(2).prints("").says("--changed: git");
}

#[test]
fn sarif_is_valid() {
    let Some(schema) = schema() else { return };
    for (input, results) in [("clean\n".to_owned(), 0), (log(), 2)] {
        let run = check().args(["--format", "sarif", "--key", "env:K"]).env("K", "a-key-for-tests-only-0123456789");
        let run = run.file("a b.log", input).arg("a b.log").pipe("");
        run.exits(i32::from(results > 0)).hides(&Canary::new(SECRET));
        let report: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!(report["runs"][0]["results"].as_array().unwrap().len(), results);
        let path = run.path("report.sarif");
        fs::write(&path, &run.stdout).unwrap();
        let script = "import json, sys, jsonschema\n\
                      schema, report = (json.load(open(path)) for path in sys.argv[1:])\n\
                      jsonschema.validators.validator_for(schema)(schema).validate(report)";
        let python = Command::new("python3").args(["-c", script]).arg(&schema).arg(&path).output().unwrap();
        assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
        if results > 0 {
            let first = &report["runs"][0]["results"][0];
            assert_eq!(first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%20b.log");
            assert_eq!(first["locations"][0]["physicalLocation"]["region"]["startColumn"], 13);
            assert_eq!(first["partialFingerprints"]["logmaskFinding/v1"].as_str().unwrap().len(), 32);
            assert_eq!(report["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len(), 2);
        }
    }
}

#[test]
fn sarif_names_files_of_any_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9 \xff.log");
    let run = check().args(["--format", "sarif"]).arg(name);
    fs::write(run.work().join(name), log()).unwrap();
    run.pipe("").exits(1).contains("\"uri\":\"caf%E9%20%FF.log\"");
}

/// The official schema as `.ci/run` fetches it, if that and Python's jsonschema are here.
#[allow(clippy::print_stderr)]
fn schema() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/sarif-2.1.0.json");
    let python = Command::new("python3").args(["-c", "import jsonschema"]).output();
    if python.is_ok_and(|python| python.status.success()) && path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "CI validates SARIF: see .ci/run for what is missing");
    eprintln!("SKIPPED: needs python3-jsonschema and {}; .ci/run installs both", path.display());
    None
}

#[test]
fn frames_that_would_be_folded_are_checked_too() {
    let trace = "    at f (/srv/a.js:3:1) token=magpie\n".repeat(9);
    let run = logmask().args(["check", "-p", "export"]).pipe(format!("Error: no\n{}", trace.trim_end()));
    run.exits(1).contains("stdin:10:").says("9 findings in 1 file");
}
