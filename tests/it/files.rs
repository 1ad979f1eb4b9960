//! Files and trees: `-o DIR`, `--in-place`, directories and globs.

use crate::canary::Canary;
use crate::run::{EXE, Logmask, Outcome, logmask};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

const SECRET: &str = "magpie-vol7-quartz";
const MASKED: &str = "a\r\npassword=REDACTED-password x\n";
const CLEAN: &str = "nothing here\nno newline";

fn raw() -> String {
    format!("a\r\npassword={SECRET} x\n")
}

/// `logs/a.log` and `logs/old/b.log` with a secret, `logs/clean.log` and `logs/.hidden` without.
fn tree(run: Logmask) -> Logmask {
    let run = ["logs/old/deep"].iter().fold(run, |run, dir| {
        fs::create_dir_all(run.work().join(dir)).unwrap();
        run
    });
    run.file("logs/a.log", raw())
        .file("logs/old/b.log", raw())
        .file("logs/clean.log", CLEAN)
        .file("logs/old/deep/c d.log", raw())
        .file("logs/.hidden", raw())
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All that is in `dir`, sorted.
fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[track_caller]
fn holds(outcome: &Outcome, files: &[(&str, &str)]) {
    for (name, text) in files {
        assert_eq!(read(&outcome.path(name)), *text, "{name}");
    }
}

#[test]
fn a_tree_is_mirrored() {
    for jobs in ["1", "4"] {
        let run = tree(logmask()).args(["-o", "out", "logs", "-j", jobs, "--summary", "text"]).pipe("");
        run.exits(0).prints("").hides(&Canary::new(SECRET)).says("4 files: 3 masked, 1 clean");
        holds(
            &run,
            &[
                ("out/a.log", MASKED),
                ("out/old/b.log", MASKED),
                ("out/old/deep/c d.log", MASKED),
                ("out/clean.log", CLEAN),
            ],
        );
        assert_eq!(names(&run.path("out")), ["a.log", "clean.log", "old"]);
        assert_eq!(names(&run.path("out/old")), ["b.log", "deep"]);
        // What was read is as it was.
        holds(&run, &[("logs/a.log", &raw()), ("logs/.hidden", &raw())]);
    }
    let run = tree(logmask()).args(["--hidden", "-o", "out", "logs"]).pipe("");
    holds(&run, &[("out/.hidden", MASKED)]);
}

#[test]
fn named_files_and_globs_are_mirrored_by_name_and_replace_what_was_there() {
    let run = tree(logmask()).args(["-o", "new/out", "logs/a.log", "logs/old/**/*.log"]).pipe("");
    run.exits(0);
    assert_eq!(names(&run.path("new/out")), ["a.log", "b.log", "deep"]);
    let mode = |name: &str| fs::metadata(run.path(name)).unwrap().mode() & 0o777;
    assert_eq!([mode("new/out/a.log"), mode("new/out"), mode("new")], [0o600, 0o700, 0o700]);

    let run = tree(logmask());
    fs::create_dir(run.work().join("out")).unwrap();
    fs::write(run.work().join("out/a.log"), "old and longer than what comes").unwrap();
    let run = run.args(["-o", "out", "logs/a.log"]).pipe("");
    run.exits(0);
    holds(&run, &[("out/a.log", MASKED)]);

    // Named twice, it is masked once.
    let run = tree(logmask()).args(["-o", "out", "logs", "logs/a.log", "./logs/a.log"]).pipe("");
    run.exits(0);
    holds(&run, &[("out/a.log", MASKED)]);
}

#[test]
fn a_tree_may_hold_its_own_copy() {
    let run = tree(logmask());
    fs::create_dir(run.work().join("logs/masked")).unwrap();
    fs::write(run.work().join("logs/masked/a.log"), "from before").unwrap();
    let run = run.args(["-o", "logs/masked", "logs"]).pipe("");
    run.exits(0);
    holds(&run, &[("logs/masked/a.log", MASKED)]);
    assert!(!run.path("logs/masked/masked").exists());
}

#[test]
fn d15_a_target_that_is_an_input_or_no_file_is_refused_before_anything_is_read() {
    let refuse = |make: fn(&Path), args: &[&str], says: &str| {
        let run = tree(logmask());
        make(&run.work());
        let run = run.args(args).pipe("");
        run.exits(2).prints("").says(says);
        holds(&run, &[("logs/a.log", &raw())]);
    };
    refuse(|_| {}, &["-o", "logs", "logs/a.log"], "is read in this run");
    refuse(|_| {}, &["-o", "logs/a.log", "logs/old/b.log"], "is no directory");
    refuse(
        |dir| {
            fs::create_dir(dir.join("out")).unwrap();
            symlink("../logs/a.log", dir.join("out/b.log")).unwrap();
        },
        &["-o", "out", "logs/old/b.log"],
        "no regular file",
    );
    refuse(|dir| fs::create_dir_all(dir.join("out/a.log")).unwrap(), &["-o", "out", "logs"], "no regular file");
    refuse(
        |dir| fs::write(dir.join("logs/old/a.log"), "another").unwrap(),
        &["-o", "out", "logs/a.log", "logs/old"],
        "would both become",
    );
    let made = |dir: &Path| fs::create_dir(dir.join("out")).unwrap();
    refuse(made, &["-o", "out", "--summary", "json:out/a.log", "logs/a.log"], "is a file of this run");
    refuse(|_| {}, &["--in-place", "--summary", "json:logs/../logs/a.log", "logs/a.log"], "is a file of this run");
    refuse(|_| {}, &["-o", "out", "-"], "stdin");
    refuse(|_| {}, &["--in-place"], "stdin");
    refuse(|_| {}, &["--in-place", "-o", "out", "logs"], "-o and --in-place exclude each other");
    refuse(|_| {}, &["--in-place", "--diff", "logs"], "--in-place and --diff exclude each other");
    refuse(|_| {}, &["--backup", ".orig", "logs"], "--backup: goes with --in-place only");
    refuse(|_| {}, &["--in-place", "--backup", "/x", "logs"], "--backup");
}

#[test]
fn a_directory_that_is_its_own_target_is_refused() {
    for target in ["logs", ".", "./logs/../logs"] {
        let run = tree(logmask()).args(["-o", target, "logs"]).pipe("");
        run.exits(2).prints("").says("all that is to be read stands in it").says("--in-place");
        holds(&run, &[("logs/a.log", &raw())]);
    }
}

#[test]
fn a_repository_is_not_masked_with_the_tree_it_is_of() {
    let run = tree(logmask());
    fs::create_dir(run.work().join("logs/.git")).unwrap();
    let run = run.file("logs/.git/config", raw()).args(["--in-place", "--hidden", "logs"]).pipe("");
    run.exits(0);
    holds(&run, &[("logs/.hidden", MASKED), ("logs/.git/config", &raw())]);
    let run = tree(logmask());
    fs::create_dir(run.work().join("logs/.git")).unwrap();
    run.file("logs/.git/config", raw()).arg("logs/.git").pipe("").exits(0).prints(MASKED);
}

#[test]
fn links_out_of_a_directory_are_told_and_a_glob_follows_them() {
    // As in /var/log/containers, where all are links.
    let linked = || {
        let run = tree(logmask());
        fs::create_dir(run.work().join("containers")).unwrap();
        symlink("../logs/a.log", run.work().join("containers/pod.log")).unwrap();
        symlink("nowhere", run.work().join("containers/gone.log")).unwrap();
        symlink("a.log", run.work().join("logs/current")).unwrap();
        run
    };
    linked()
        .arg("containers")
        .pipe("")
        .exits(0)
        .prints("")
        .says("containers: 1 link that leads out of it is not followed");
    linked().args(["check", "containers"]).pipe("").exits(0).says("1 link that leads out");
    // What stands in the directory itself is read anyway.
    linked().args(["-o", "out", "logs"]).pipe("").exits(0).says_lines(0);
    for glob in ["containers/p*.log", "./containers//p*.log", "./**/pod.log"] {
        linked().arg(glob).pipe("").exits(0).prints(MASKED).says_lines(0);
    }
    let run = linked().args(["--in-place", "containers/p*.log"]).pipe("");
    run.exits(0);
    holds(&run, &[("logs/a.log", MASKED)]);
    assert!(fs::symlink_metadata(run.path("containers/pod.log")).unwrap().is_symlink());
    linked().arg("logs/.h*").pipe("").exits(2).says("only with --hidden");
}

#[test]
fn d05_a_file_that_may_not_grow_is_taken_away_again() {
    let long = format!("password={SECRET}\n").repeat(4000);
    for (what, folder) in [("--in-place", ""), ("-o out", "out")] {
        let run = logmask().file("long.log", &long);
        let script = format!("ulimit -f 16; exec \"$0\" {what} long.log");
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &script, EXE]).env("HOME", run.work()).current_dir(run.work());
        let done = command.output().unwrap();
        assert_eq!(done.status.code(), Some(74), "{what}");
        assert!(String::from_utf8_lossy(&done.stderr).contains("file too large"), "{what}");
        assert_eq!(read(&run.work().join("long.log")), long);
        let left = names(&run.work().join(folder));
        assert!(left.iter().all(|name| name == "long.log"), "{what}: {left:?}");
    }
}

#[test]
fn in_place_replaces_what_has_to_be_masked_and_touches_nothing_else() {
    let run = tree(logmask());
    let path = |name: &str| run.work().join(name);
    fs::set_permissions(path("logs/a.log"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("old/b.log", path("logs/link.log")).unwrap();
    let before = fs::metadata(path("logs/clean.log")).unwrap();
    let run = run.args(["--in-place", "logs/link.log", "logs/a.log", "logs/clean.log"]).pipe("");
    run.exits(0).prints("");
    holds(&run, &[("logs/a.log", MASKED), ("logs/old/b.log", MASKED), ("logs/clean.log", CLEAN)]);
    assert_eq!(fs::metadata(run.path("logs/a.log")).unwrap().mode() & 0o7777, 0o640);
    assert!(fs::symlink_metadata(run.path("logs/link.log")).unwrap().is_symlink());
    let after = fs::metadata(run.path("logs/clean.log")).unwrap();
    assert_eq!((before.ino(), before.mtime_nsec()), (after.ino(), after.mtime_nsec()));
    assert_eq!(names(&run.path("logs")), [".hidden", "a.log", "clean.log", "link.log", "old"]);
}

#[test]
fn in_place_what_is_folded_or_left_out_is_a_change_without_an_edit() {
    let trace = "Error: no\n    at a (/srv/a.js:3:9)\n    at b (/srv/a.js:9:3)\n    at c (/srv/a.js:12:3)\n\
    \x20   at d (/srv/a.js:13:3)\n    at e (/srv/a.js:14:3)\n";
    let masked = |args: &[&str], input: &str| {
        let run = logmask().file("a.log", input).args(["--in-place", "--summary", "text", "a.log"]).args(args).pipe("");
        run.exits(0).says("1 file: 1 masked, 0 clean");
        read(&run.path("a.log"))
    };
    let folded = masked(&["-p", "export"], trace);
    assert!(folded.ends_with("REDACTED-stack-frames-2\n") && folded.lines().count() == 5, "{folded}");
    assert_eq!(masked(&["--stack", "drop"], trace), "Error: no\n");
    assert_eq!(masked(&["--match", "two"], "one\ntwo\nsix\n"), "two\n");
    // The marker is as long as the line.
    let (kept, left) = ("REDACTED-line-not-selectex\n", "REDACTED-line-not-selectes\n");
    let marked = masked(&["--match", "x", "--keep-lines"], &format!("{kept}{left}"));
    assert_eq!(marked, format!("{kept}REDACTED-line-not-selected\n"));
}

#[test]
fn in_place_keeps_owner_and_access_list_where_it_may() {
    let run = tree(logmask());
    let path = run.work().join("logs/a.log");
    // Only root may give files away.
    let given = std::os::unix::fs::chown(&path, Some(12345), Some(23456)).is_ok();
    let labelled = rustix::fs::setxattr(&path, "user.origin", b"edge-7", rustix::fs::XattrFlags::empty()).is_ok();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o604)).unwrap();
    let run = run.args(["--in-place", "logs/a.log"]).pipe("");
    run.exits(0);
    holds(&run, &[("logs/a.log", MASKED)]);
    let stat = fs::metadata(&path).unwrap();
    assert_eq!(stat.mode() & 0o7777, 0o604);
    assert!(!given || (stat.uid(), stat.gid()) == (12345, 23456));
    let mut label = [0; 16];
    assert!(!labelled || rustix::fs::getxattr(&path, "user.origin", &mut label[..]) == Ok(6));
}

#[test]
fn a_backup_is_what_was_there_and_replaces_nothing() {
    let run = tree(logmask()).args(["--in-place", "--backup", ".orig", "logs"]).pipe("");
    run.exits(0);
    let names = [("logs/a.log", MASKED), ("logs/a.log.orig", &raw()), ("logs/old/b.log.orig", &raw())];
    holds(&run, &names);
    assert!(!run.path("logs/clean.log.orig").exists(), "what is not touched needs no backup");

    let run = tree(logmask())
        .file("logs/a.log.orig", "precious")
        .args(["--in-place", "--backup", ".orig", "logs/a.log"])
        .pipe("");
    run.exits(2).says("is there already");
    holds(&run, &[("logs/a.log", &raw()), ("logs/a.log.orig", "precious")]);
}

#[test]
fn in_place_leaves_what_would_be_withheld_and_what_has_several_names() {
    let long = format!("{}\n{}", "x".repeat(70_000), raw());
    let run = tree(logmask()).file("logs/long.log", &long).args(["--in-place", "--max-line", "65536", "logs"]).pipe("");
    run.exits(3).says("logs/long.log: is left as it was: 1 record would be withheld");
    holds(&run, &[("logs/long.log", &long), ("logs/a.log", MASKED)]);

    let run = tree(logmask());
    fs::hard_link(run.work().join("logs/a.log"), run.work().join("other.log")).unwrap();
    let run = run.args(["--in-place", "logs/a.log", "logs/old/b.log", "missing.log"]).pipe("");
    run.exits(2).says("has 2 names").says("missing.log");
    holds(&run, &[("logs/a.log", &raw()), ("other.log", &raw()), ("logs/old/b.log", MASKED)]);
}

#[test]
fn in_place_leaves_a_file_that_changes_meanwhile() {
    let mut run = tree(logmask());
    let path = run.work().join("logs/a.log");
    // Long enough to be still at work when the file grows.
    let many = raw().repeat(400_000);
    fs::write(&path, &many).unwrap();
    run = run.args(["--in-place", "-j", "1", "logs/a.log"]);
    let mut child = run.start();
    let mut file = fs::File::options().append(true).open(&path).unwrap();
    while child.try_wait().unwrap().is_none() {
        std::io::Write::write_all(&mut file, b"x\n").unwrap();
        std::thread::sleep(std::time::Duration::from_millis(3));
    }
    let run = run.finish(child);
    run.exits(74).says("changed meanwhile");
    assert!(read(&path).starts_with(&many));
    assert_eq!(names(&run.path("logs")), [".hidden", "a.log", "clean.log", "old"], "no temporary file is left");
}

#[test]
fn in_place_notices_a_change_that_hides_behind_its_old_time_and_length() {
    let mut run = tree(logmask());
    let path = run.work().join("logs/a.log");
    fs::write(&path, raw().repeat(400_000)).unwrap();
    let stat = fs::metadata(&path).unwrap();
    run = run.args(["--in-place", "-j", "1", "logs/a.log"]);
    let child = run.start();
    let begun = || names(&run.work().join("logs")).iter().any(|name| name.starts_with(".logmask"));
    while !begun() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    // Behind what was read already.
    let mut file = fs::File::options().write(true).open(&path).unwrap();
    std::io::Write::write_all(&mut file, b"b").unwrap();
    file.set_modified(stat.modified().unwrap()).unwrap();
    let run = run.finish(child);
    run.exits(74).says("changed meanwhile");
    assert!(read(&path).starts_with("b\r\npassword=magpie"));
}

#[test]
fn without_a_place_of_their_own_files_of_directories_go_out_one_after_another() {
    let run = tree(logmask()).arg("logs").pipe("");
    run.exits(0).prints([MASKED, CLEAN, MASKED, MASKED].concat());
    tree(logmask()).arg("logs/*.gz").pipe("").exits(2).prints("").says("matches nothing");
}

#[test]
fn the_summary_tells_of_each_file() {
    let run = tree(logmask()).args(["-o", "out", "--summary", "json", "logs"]).pipe("");
    let summary: serde_json::Value = serde_json::from_slice(&run.stderr).unwrap();
    let files = summary["files"].as_array().unwrap();
    assert_eq!(files.len(), 4);
    assert_eq!(files[0]["file"], "logs/a.log");
    assert_eq!((&files[0]["edits"], &files[0]["result"]), (&serde_json::json!(1), &serde_json::json!("masked")));
    assert_eq!(files[1]["result"], "clean");
    let ratio = summary["mask_ratio"].as_f64().unwrap();
    let expected = 3.0 * SECRET.len() as f64 / (3 * raw().len() + CLEAN.len()) as f64;
    assert!((ratio - expected).abs() < 1e-9, "{ratio} {expected}");
}

#[test]
fn memory_stays_flat_and_output_right_with_long_lines_in_many_files() {
    let line = format!("{{\"password\":\"{SECRET}\",\"pad\":\"{}\"}}\n", "x".repeat(3 << 20));
    let run = (0..6).fold(logmask(), |run, at| run.file(&format!("{at}.log"), &line));
    let run = run.args(["-o", "out", "-j", "4", "*.log"]).pipe("");
    run.exits(0);
    for at in 0..6 {
        assert!(read(&run.path(&format!("out/{at}.log"))) == line.replace(SECRET, "REDACTED-password"));
    }
}

#[test]
fn packed_files_are_packed_again_as_they_were() {
    use logmask::input::codec::{Codec, reader, writer};
    let pack = |codec, text: &str| {
        let mut packed = writer(codec, Vec::new()).unwrap();
        std::io::Write::write_all(&mut packed, text.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let unpack = |codec, path: &Path| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut reader(codec, fs::File::open(path).unwrap()).unwrap(), &mut text).unwrap();
        text
    };
    for codec in Codec::ALL {
        let name = format!("a.log.{}", codec.extension());
        let packed = pack(codec, &raw());
        let run = logmask().file(&name, &packed).args(["-o", "out", &name]).pipe("");
        run.exits(0);
        assert_eq!(unpack(codec, &run.path("out").join(&name)), MASKED, "{codec:?}");
        let run = logmask().file(&name, &packed).args(["--in-place", &name]).pipe("");
        run.exits(0);
        assert_eq!(unpack(codec, &run.path(&name)), MASKED, "{codec:?}");
        // What is cut off is left as it was, and gives no half a copy.
        let cut = &packed[..packed.len() - 5];
        let run = logmask().file(&name, cut).args(["--in-place", &name]).pipe("");
        run.exits(74).says(&name);
        assert_eq!(fs::read(run.path(&name)).unwrap(), cut);
        let run = logmask().file(&name, cut).args(["-o", "out", &name]).pipe("");
        run.exits(74);
        assert_eq!(names(&run.path("out")), Vec::<String>::new());
    }
}
