//! What happens to an audit file beside appending: it is repaired, it is rotated, and it is never anything else.

use super::{Place, installed};
use std::sync::Arc;

const LOG: &str = "password=magpie\n";

#[test]
fn a_repair_takes_nothing_out_that_it_cannot_note() {
    if !installed(&[("faketime", "faketime")]) {
        return;
    }
    let place = Place::new();
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    let torn = place.read("audit") + "{\"v\":1,\"seq\":4";
    place.write("audit", &torn);
    let repair = ["faketime", "-f", "-2h", crate::run::EXE, "audit", "repair", "audit"];
    let said = place.run(&repair, "").ends(4);
    assert!(said.stderr.contains("clock went back"), "{}", said.stderr);
    assert_eq!(place.read("audit"), torn);
    place.logmask(&["audit", "repair", "audit"], "").ends(0);
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
    if installed(&[("strace", "strace")]) {
        let torn = place.read("audit") + "{\"v\":1,\"seq\":5";
        place.write("audit", &torn);
        let inject = "inject=fdatasync:error=EIO";
        let words =
            ["strace", "-f", "-qq", "-o", "/dev/null", "-e", inject, crate::run::EXE, "audit", "repair", "audit"];
        place.run(&words, "").ends(4);
        assert_eq!(place.read("audit"), torn);
    }
}

#[test]
fn a_torn_end_behind_a_wrong_clock_is_repaired_at_once() {
    if !installed(&[("faketime", "faketime")]) {
        return;
    }
    let place = Place::new();
    place.run(&["faketime", "-f", "+2h", crate::run::EXE, "--audit", "audit"], LOG).ends(0);
    place.write("audit", place.read("audit") + "{\"v\":1,\"seq\":4");
    assert!(place.logmask(&["audit", "verify", "audit"], "").ends(4).stderr.contains("audit repair"));
    place.logmask(&["audit", "repair", "audit"], "").ends(4);
    let said = place.logmask(&["audit", "repair", "audit", "--clock"], "").ends(0).stdout;
    assert!(said.contains("took out 14 torn bytes"), "{said}");
    let audit = place.read("audit");
    let note = audit.lines().last().unwrap();
    assert!(note.contains("\"torn\":") && note.contains("clock went back"), "{note}");
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
}

#[test]
fn a_clock_does_not_go_back_by_small_steps() {
    if !installed(&[("faketime", "faketime")]) {
        return;
    }
    let place = Place::new();
    let run = |back: &str| place.run(&["faketime", "-f", back, crate::run::EXE, "--audit", "audit"], LOG);
    run("-0m").ends(0);
    for _ in 0..3 {
        run("-4m").ends(0);
        run("-8m").ends(4);
    }
    let audit = place.read("audit");
    let times: Vec<&str> = audit.lines().map(|line| &line[line.find("\"time\"").unwrap()..][8..28]).collect();
    assert!(times.is_sorted(), "{times:?}");
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
}

#[test]
fn an_entry_that_lacks_its_line_end_is_kept() {
    let place = Place::new();
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    let whole = place.read("audit");
    place.write("audit", whole.trim_end());
    place.logmask(&["--audit", "audit"], LOG).ends(4);
    place.logmask(&["audit", "verify", "audit"], "").ends(4);
    place.logmask(&["audit", "repair", "audit"], "").ends(0);
    assert!(place.read("audit").starts_with(&whole));
    let said = place.logmask(&["audit", "verify", "audit"], "").ends(0).stdout;
    assert!(said.starts_with("ok: 4 entries") && !said.contains("did not end"), "{said}");
}

#[test]
fn a_kill_in_the_middle_of_a_repair_loses_nothing() {
    if !installed(&[("strace", "strace")]) {
        return;
    }
    let place = Place::new();
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    let whole = place.read("audit");
    for length in [1, 40, 5000] {
        let torn = whole.clone() + &"x".repeat(length);
        for call in ["pwrite64", "fdatasync", "ftruncate"] {
            place.write("audit", &torn);
            let inject = format!("inject={call}:signal=KILL");
            let words =
                ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &inject, crate::run::EXE, "audit", "repair", "audit"];
            place.run(&words, "");
            let after = place.read("audit");
            assert!(after.starts_with(&whole) && after.len() > whole.len(), "{call} {length}");
            // Either it is noted, or it is torn still.
            let noted = after[whole.len()..].contains("\"event\":\"repair\"")
                && after[whole.len()..].contains(&format!("\"bytes\":{length},"));
            assert!(noted || after == torn, "{call} {length}: {}", &after[whole.len()..]);
            place.logmask(&["audit", "repair", "audit"], "").ends(0);
            place.logmask(&["audit", "verify", "audit"], "").ends(0);
        }
    }
}

#[test]
fn a_repair_leaves_what_is_no_audit_file() {
    let place = Place::new();
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    let whole = place.read("audit");
    let (first, rest) = whole.split_once('\n').unwrap();
    for (what, text) in [
        ("a log", "one\ntwo".to_owned()),
        ("a log without a line", "one".to_owned()),
        ("JSON", "{\"v\":1}\n{\"a\"".to_owned()),
        ("a log that begins like a chain", format!("{first}\nsomething\nelse")),
        ("a chain without its beginning", format!("{rest}{{\"v\":1")),
        ("a torn first line", first[..40].to_owned()),
        ("no end for longer than an entry is", "x".repeat(200_000)),
    ] {
        place.write("file", &text);
        let said = place.logmask(&["audit", "repair", "file"], "").ends(4);
        assert_eq!(place.read("file"), text, "{what}");
        assert_eq!(
            said.stderr.contains("remove it"),
            !text.contains('\n') && text.len() < 100,
            "{what}: {}",
            said.stderr
        );
    }
}

#[test]
fn writers_and_rotations_at_once_make_one_chain() {
    let place = Arc::new(Place::new());
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    let writers: Vec<_> = (0..6)
        .map(|_| {
            let place = place.clone();
            std::thread::spawn(move || {
                for _ in 0..10 {
                    place.logmask(&["--audit", "audit"], LOG).ends(0);
                }
            })
        })
        .collect();
    let mut files: Vec<String> = Vec::new();
    for at in 0..12 {
        files.push(format!("audit.{at}"));
        place.logmask(&["audit", "rotate", "audit", &files[at]], "").ends(0);
        assert!(place.path("audit").exists());
    }
    for writer in writers {
        writer.join().unwrap();
    }
    files.push("audit".to_owned());
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let said = place.logmask(&[&["audit", "verify"], &files[..]].concat(), "").ends(0).stdout;
    assert!(said.starts_with("ok: 135 entries"), "{said}");
    assert!(
        !std::fs::read_dir(place.path(""))
            .unwrap()
            .any(|entry| { entry.unwrap().file_name().to_string_lossy().starts_with(".logmask-") })
    );
}

#[test]
fn a_rotation_that_a_crash_cut_off_is_done_again() {
    let place = Place::new();
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    // The old file has its second name already, and goes on being written.
    std::fs::hard_link(place.path("audit"), place.path("audit.1")).unwrap();
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    place.logmask(&["audit", "rotate", "audit", "audit"], "").ends(4);
    place.logmask(&["audit", "rotate", "audit", "audit.1"], "").ends(0);
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    place.logmask(&["audit", "verify", "audit.1", "audit"], "").ends(0);
    // A link to the file stays one.
    std::os::unix::fs::symlink("audit", place.path("link")).unwrap();
    place.logmask(&["audit", "rotate", "link", "audit.2"], "").ends(0);
    place.logmask(&["--audit", "link"], LOG).ends(0);
    place.logmask(&["audit", "verify", "audit.1", "audit.2", "audit"], "").ends(0);
}

#[test]
fn a_new_file_belongs_to_whom_the_old_one_does() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let place = Place::new();
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    std::fs::set_permissions(place.path("audit"), PermissionsExt::from_mode(0o660)).unwrap();
    // As root for an account that only the broker has.
    if rustix::process::geteuid().is_root() {
        chown(place.path("audit"), Some(65534), Some(65533)).unwrap();
    }
    place.logmask(&["audit", "rotate", "audit", "audit.1"], "").ends(0);
    let of = |name: &str| {
        let found = place.path(name).metadata().unwrap();
        (found.uid(), found.gid(), found.mode())
    };
    assert_eq!(of("audit"), of("audit.1"));
    assert_ne!(place.path("audit").metadata().unwrap().ino(), place.path("audit.1").metadata().unwrap().ino());
}

#[test]
fn the_audit_file_is_nothing_else_in_the_same_run() {
    let place = Place::new();
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    std::fs::create_dir(place.path("out")).unwrap();
    place.write("log", LOG);
    std::fs::hard_link(place.path("audit"), place.path("out/log")).unwrap();
    std::os::unix::fs::symlink("audit", place.path("link")).unwrap();
    let exe = crate::run::EXE;
    let shell = |words: &str| place.run(&["sh", "-c", &format!("{exe} {words}")], LOG);
    for words in [
        "--audit audit >> audit",
        "--audit link >> audit",
        "--audit audit --summary json:audit",
        "--audit audit --summary json:link",
        "--audit audit --in-place audit",
        "--audit audit -o out log",
        "run --audit audit -- echo a >> audit",
    ] {
        shell(words).ends(2);
        let said = place.logmask(&["audit", "verify", "audit"], "").ends(0).stdout;
        assert!(!said.contains("began and did not end"), "{words}: {said}");
    }
    // Also one that is not there yet.
    for words in ["--audit new >> new", "--audit new2 --summary json:new2", "--audit out/new -o out new"] {
        place.write("new", "");
        let said = shell(words).ends(2);
        assert_eq!(said.stdout, "", "{words}");
    }
    shell("--audit audit >> other").ends(0);
    assert_eq!(place.read("other"), "password=REDACTED-password\n");
}

#[test]
fn names_that_have_no_room_are_counted() {
    let place = Place::new();
    std::fs::create_dir(place.path("logs")).unwrap();
    let name = "a".repeat(100);
    for at in 0..1500 {
        place.write(&format!("logs/{name}{at}.log"), "");
    }
    place.logmask(&["--audit", "audit", "logs"], "").ends(0);
    let audit = place.read("audit");
    let entry: serde_json::Value = serde_json::from_str(audit.lines().nth(1).unwrap()).unwrap();
    let named = entry["source"].as_array().unwrap().len() as u64;
    assert!(named > 100 && named + entry["more_sources"].as_u64().unwrap() == 1500, "{named}");
    assert!(place.logmask(&["audit", "show", "audit"], "").ends(0).stdout.contains(" more_sources="));
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
}
