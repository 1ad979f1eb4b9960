//! Section K of the faults: the audit trail.

use super::{Place, SSH, installed};
use sha2::{Digest, Sha256};

const LOG: &str = "login ok password=magpie\nmail from jo@corp.test to 8.8.8.8\n";

/// A place with an audit file of two signed runs.
fn place() -> Place {
    let place = Place::new();
    place.key("key");
    let public = place.read("key.pub");
    place.write("signers", format!("audit namespaces=\"audit@logmask\" {public}"));
    for reason in ["OPS-1", "OPS-2"] {
        place
            .logmask(&["--audit", "audit", "--audit-key", "file:key", "--reason", reason, "--key", "file:key"], LOG)
            .ends(0);
    }
    place
}

fn verify(place: &Place, more: &[&str]) -> super::Said {
    place.logmask(&[&["audit", "verify", "audit", "--signers", "signers"], more].concat(), "")
}

fn by_hand(place: &Place) -> super::Said {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/access/verify.sh");
    place.run(&["bash", script, "audit", "signers"], "")
}

#[test]
fn a_receipt_tells_who_what_why_and_both_digests() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let receipt = place.logmask(&["audit", "receipt", "audit"], "").ends(0).stdout;
    let lines: Vec<serde_json::Value> = receipt.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["mask", "mask.end", "checkpoint"]);
    assert_eq!((&lines[0]["reason"], &lines[0]["source"]), (&"OPS-2".into(), &serde_json::json!(["stdin"])));
    assert_eq!(lines[0]["policy"].as_str().unwrap().len(), 64);
    assert_eq!(lines[1]["counts"]["rules"]["password"], 1);
    assert_eq!(lines[1]["input"], hex(LOG.as_bytes()).as_str());
    let out = place.logmask(&["--key", "file:key"], LOG).ends(0).stdout;
    assert_eq!(lines[1]["output"], hex(out.as_bytes()).as_str());
    assert!(!place.read("audit").contains("magpie") && !place.read("audit").contains("8.8.8.8"));
}

/// Entries of files of the last run, by the name of the file.
fn files(place: &Place) -> std::collections::BTreeMap<String, serde_json::Value> {
    let receipt = place.logmask(&["audit", "receipt", "audit"], "").ends(0).stdout;
    let lines = receipt.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let files = lines.filter(|line| line["event"] == "file");
    files.map(|line| (line["source"][0].as_str().unwrap().to_owned(), line)).collect()
}

#[test]
fn a_receipt_has_both_digests_of_each_file() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let digest = |path: &str| hex(&std::fs::read(place.path(path)).unwrap());
    std::fs::create_dir(place.path("logs")).unwrap();
    place.write("logs/a.log", LOG);
    place.write("logs/clean.log", "nothing here\n");
    place.write(
        "logs/wide.log",
        "\u{feff}login password=magpie\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
    );
    place.write("logs/b.log", LOG.repeat(9));
    place.run(&["gzip", "logs/b.log"], "").ends(0);
    let names = ["logs/a.log", "logs/b.log.gz", "logs/clean.log", "logs/wide.log"];
    let signed = ["--audit", "audit", "--audit-key", "file:key"];
    place.logmask(&[&signed[..], &["-o", "out", "logs"]].concat(), "").ends(0);
    let told = files(&place);
    assert_eq!(told.keys().collect::<Vec<_>>(), names);
    for name in names {
        let entry = &told[name];
        assert_eq!(entry["input"], digest(name).as_str(), "{name}");
        assert_eq!(entry["output"], digest(&name.replace("logs/", "out/")).as_str(), "{name}");
        assert_eq!(entry["outcome"], "done");
    }
    assert_eq!(told["logs/b.log.gz"]["counts"]["rules"]["password"], 9);
    verify(&place, &[]).ends(0);
    by_hand(&place).ends(0);
    // In place: of what was there, and of what is there now.
    let before = names.map(digest);
    place.logmask(&[&signed[..], &["--in-place"], &names].concat(), "").ends(0);
    let told = files(&place);
    for (name, before) in names.iter().zip(before) {
        assert_eq!((&told[*name]["input"], &told[*name]["output"]), (&before.into(), &digest(name).into()), "{name}");
    }
    assert_eq!(told["logs/clean.log"]["input"], told["logs/clean.log"]["output"]);
    // What is left as it was has no output.
    place.write("logs/long.log", format!("{}\n", "x".repeat(5000)));
    place
        .logmask(&[&signed[..], &["--max-line", "4k", "--in-place", "logs/long.log", "logs/a.log"]].concat(), "")
        .ends(3);
    let told = files(&place);
    let long = &told["logs/long.log"];
    assert_eq!((&long["outcome"], &long["input"]), (&"withheld".into(), &digest("logs/long.log").into()));
    assert!(long["output"].is_null());
    place.logmask(&[&signed[..], &["--in-place", "logs/none.log"]].concat(), "").ends(2);
    assert_eq!(
        (&files(&place)["logs/none.log"]["outcome"], &files(&place)["logs/none.log"]["input"]),
        (&"failed".into(), &serde_json::Value::Null)
    );
    // On stdout: of what is packed too.
    place.logmask(&[&signed[..], &["logs/b.log.gz"]].concat(), "").ends(0);
    let receipt = place.logmask(&["audit", "receipt", "audit"], "").ends(0).stdout;
    assert!(receipt.contains(&digest("logs/b.log.gz")), "{receipt}");
    let shown = place.logmask(&["audit", "show", "audit", "--format", "ocsf"], "").ends(0).stdout;
    assert!(shown.contains("\"operation\":\"file\""));
}

/// SHA-256, as it stands in an entry.
pub fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

#[test]
fn k02_k10_every_change_is_found_and_a_script_agrees() {
    if !installed(SSH) {
        return;
    }
    let place = place();
    let whole = place.read("audit");
    assert!(verify(&place, &[]).ends(0).stdout.contains("signed through entry 6\n"));
    assert_eq!(by_hand(&place).ends(0).stdout, "ok: 7 entries, signed through 6\n");
    let lines: Vec<&str> = whole.lines().collect();
    let put = |lines: &[&str]| place.write("audit", lines.join("\n") + "\n");
    for at in 0..lines.len() - 1 {
        // Edited: the entry after it names another one.
        let edited = lines[at].replace("\"time\":\"2", "\"time\":\"1");
        let mut changed = lines.clone();
        changed[at] = &edited;
        put(&changed);
        let said = verify(&place, &[]).ends(4).stderr;
        assert!(said.contains(&format!("entry {}:", at + 2)), "{said}");
        by_hand(&place).ends(4);
        // Deleted, doubled, swapped.
        let mut changed = lines.clone();
        changed.remove(at);
        put(&changed);
        let said = verify(&place, &[]).ends(4).stderr;
        // Without the first one, the second is where no chain begins.
        assert!(said.contains(&format!("entry {}:", (at + 1).max(2))), "{said}");
        changed = lines.clone();
        changed.insert(at, lines[at]);
        put(&changed);
        verify(&place, &[]).ends(4);
        changed = lines.clone();
        changed.swap(at, at + 1);
        put(&changed);
        verify(&place, &[]).ends(4);
        by_hand(&place).ends(4);
    }
}

#[test]
fn k03_a_cut_off_end_shows_against_an_anchor() {
    let place = place();
    let anchor = place.logmask(&["audit", "head", "audit"], "").ends(0).stdout.trim().to_owned();
    let said = verify(&place, &["--anchor", &anchor]).ends(0).stdout;
    assert!(!said.contains("--anchor"), "{said}");
    let whole = place.read("audit");
    let lines: Vec<&str> = whole.lines().collect();
    place.write("audit", lines[..4].join("\n") + "\n");
    let said = verify(&place, &[]).ends(0).stdout;
    assert!(said.contains("signed through entry 3\n") && said.contains("--anchor"), "{said}");
    verify(&place, &["--anchor", &anchor]).ends(4);
}

#[test]
fn k04_a_file_written_anew_with_another_key_is_refused() {
    let place = place();
    place.key("other");
    std::fs::remove_file(place.path("audit")).unwrap();
    place.logmask(&["--audit", "audit", "--audit-key", "file:other"], LOG).ends(0);
    verify(&place, &[]).ends(4);
    place.logmask(&["audit", "verify", "audit"], "").ends(0);
    std::fs::remove_file(place.path("audit")).unwrap();
    place.logmask(&["--audit", "audit"], LOG).ends(0);
    verify(&place, &[]).ends(4);
}

#[test]
fn k01_without_an_audit_nothing_is_read_or_written() {
    let place = Place::new();
    place.write("dir-is-a-file", "");
    for path in ["missing/audit", "dir-is-a-file/audit", "/dev/full", "/proc/version", "."] {
        let said = place.logmask(&["--audit", path], LOG).ends(4);
        assert_eq!(said.stdout, "", "{path}");
    }
    place.write("foreign", "password=magpie\n");
    let said = place.logmask(&["--audit", "foreign"], LOG).ends(4);
    assert!(said.stdout.is_empty() && !said.stderr.contains("magpie"));
    if installed(&[("strace", "strace")]) {
        let inject = "inject=fdatasync:error=EIO";
        let words = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", inject, crate::run::EXE, "--audit", "audit"];
        let said = place.run(&words, LOG).ends(4);
        assert_eq!((said.stdout.as_str(), place.read("audit").as_str()), ("", ""));
    }
}

#[test]
fn k05_k06_a_crash_shows_and_is_repaired_in_the_open() {
    let place = place();
    let whole = place.read("audit");
    let lines: Vec<&str> = whole.lines().collect();
    place.write("audit", lines[..5].join("\n") + "\n");
    assert!(verify(&place, &[]).ends(0).stdout.contains("began and did not end"));
    place.write("audit", lines[..5].join("\n") + "\n" + &lines[5][..40]);
    let offset = lines[..5].iter().map(|line| line.len() + 1).sum::<usize>();
    assert!(verify(&place, &[]).ends(4).stderr.contains(&format!("byte {offset}")));
    let said = place.logmask(&["--audit", "audit"], LOG).ends(4);
    assert!(said.stdout.is_empty() && said.stderr.contains("audit repair"));
    // What is in front of the torn line can be looked at.
    let said = place.logmask(&["audit", "show", "audit"], "").ends(4);
    assert!(said.stdout.lines().count() == 5 && said.stderr.contains("audit:6: is no audit entry"), "{}", said.stdout);
    place.logmask(&["audit", "repair", "audit", "--audit-key", "file:key"], "").ends(0);
    verify(&place, &[]).ends(0);
    assert!(place.read("audit").contains(&format!("\"torn\":{{\"offset\":{offset},\"bytes\":40")));
    let shown = place.logmask(&["audit", "show", "audit"], "").ends(0).stdout;
    assert!(shown.contains(&format!(" repair - torn_at={offset} torn_bytes=40\n")), "{shown}");
}

#[test]
fn k07_a_hundred_processes_write_one_chain() {
    let place = std::sync::Arc::new(Place::new());
    let runs: Vec<_> = (0..25)
        .map(|_| {
            let place = place.clone();
            std::thread::spawn(move || {
                for _ in 0..4 {
                    place.logmask(&["--audit", "audit"], "a\n").ends(0);
                }
            })
        })
        .collect();
    for run in runs {
        run.join().unwrap();
    }
    let said = place.logmask(&["audit", "verify", "audit"], "").ends(0).stdout;
    assert!(said.starts_with("ok: 201 entries"), "{said}");
}

#[test]
fn k08_what_comes_from_outside_stays_one_line() {
    let place = Place::new();
    let name = "x\"},{\n\u{1b}[2J\u{2028}";
    place.write(name, "a\n");
    place.logmask(&["--audit", "audit", name], "").ends(0);
    let text = place.read("audit");
    assert!(text.lines().count() == 3 && text.bytes().all(|b| b == b'\n' || (b' '..=b'~').contains(&b)), "{text}");
    for reason in ["a\nb", "\u{1b}[2J", "\u{2028}", "\u{202e}x"] {
        place.logmask(&["--audit", "audit", "--reason", reason], "").ends(2);
    }
}

#[test]
fn k09_a_new_file_goes_on_where_the_old_one_ends() {
    let place = place();
    for to in ["audit.1", "audit.2"] {
        place.logmask(&["audit", "rotate", "audit", to], "").ends(0);
        place.logmask(&["--audit", "audit", "--audit-key", "file:key"], LOG).ends(0);
    }
    let said = place.logmask(&["audit", "rotate", "audit", "audit.1"], "").ends(4).stderr;
    assert!(said.contains("audit.1: file exists"), "{said}");
    let verify = |files: &[&str]| place.logmask(&[&["audit", "verify", "--signers", "signers"], files].concat(), "");
    verify(&["audit.1", "audit.2", "audit"]).ends(0);
    verify(&["audit.1", "audit"]).ends(4);
    verify(&["audit.2", "audit.1"]).ends(4);
    assert!(verify(&["audit"]).ends(0).stdout.contains("begins before"));
    // What was noted of the oldest file is not looked for in the newest, and that is no proof against it.
    let head = place.logmask(&["audit", "head", "audit.1"], "").ends(0).stdout;
    let said = verify(&["--anchor", head.trim(), "audit"]).ends(4).stderr;
    assert!(said.contains("is before what is here") && said.contains("older files"), "{said}");
    verify(&["--anchor", head.trim(), "audit.1", "audit.2", "audit"]).ends(0);
}

#[test]
fn who_may_only_read_the_file_can_note_its_head() {
    use std::os::unix::fs::PermissionsExt;
    let place = place();
    let mode = |name: &str, mode| std::fs::set_permissions(place.path(name), PermissionsExt::from_mode(mode)).unwrap();
    mode("audit", 0o444);
    mode("", 0o755);
    let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    let root = rustix::process::geteuid().is_root();
    if root && !installed(&[("setpriv", "util-linux")]) {
        return;
    }
    let read = |words: &[&str]| {
        place.run(&[if root { &nobody[..] } else { &[] }, &[crate::run::EXE, "audit"], words].concat(), "")
    };
    let said = read(&["head", "audit"]).ends(0).stdout;
    assert!(read(&["verify", "audit"]).ends(0).stdout.contains(said.trim()), "{said}");
    assert!(read(&["rotate", "audit", "audit.1"]).ends(4).stderr.contains("permission denied"));
    // What is no file is not waited for.
    place.run(&["mkfifo", "fifo"], "").ends(0);
    assert!(place.logmask(&["audit", "head", "fifo"], "").ends(4).stderr.contains("no"), "a fifo");
}

#[test]
fn h_others_must_not_read_the_key() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.key("key");
    std::fs::set_permissions(place.path("key"), PermissionsExt::from_mode(0o644)).unwrap();
    let said = place.logmask(&["--audit", "audit", "--audit-key", "file:key"], LOG).ends(2);
    assert!(said.stdout.is_empty() && said.stderr.contains("chmod"));
}
