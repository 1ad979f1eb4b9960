//! Who may sign: our verdict on a line of allowed_signers is that of ssh-keygen.

use super::{Place, SSH, installed};

#[test]
fn a_line_of_allowed_signers_means_what_it_means_to_ssh_keygen() {
    if !installed(SSH) {
        return;
    }
    let place = Place::new();
    place.key("key");
    place.logmask(&["--audit", "audit", "--audit-key", "file:key"], "a\n").ends(0);
    place.write("text", "x\n");
    place.run(&["ssh-keygen", "-q", "-Y", "sign", "-f", "key", "-n", "audit@logmask", "text"], "").ends(0);
    let key = place.read("key.pub");
    let key = key.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let mut verdicts = [0; 2];
    for front in [
        "a",
        "*",
        "\"a\"",
        "  a",
        "a namespaces=\"audit@logmask\"",
        "a NameSpaces=\"audit@logmask\"",
        "a namespaces=audit@logmask",
        "a namespaces=\"file,audit@logmask\"",
        "a namespaces=\"file,audit@*\"",
        "a namespaces=\"audit?logmask\"",
        "a namespaces=\"*,!audit@*\"",
        "a namespaces=\"!audit@logmask,*\"",
        "a namespaces=\"!file,*\"",
        "a namespaces=\"!file\"",
        "a namespaces=\"file\"",
        "a namespaces=\"\"",
        "a namespaces=\"audit@logmas\"",
        "a namespaces=\"*,x\",namespaces=\"*\"",
        "a cert-authority",
        "a CERT-AUTHORITY",
        "a cert-authority,namespaces=\"audit@logmask\"",
        "a namespaces=\"audit@logmask\",cert-authority",
        "a namespaces=\"audit@logmask\",",
        "a ,namespaces=\"audit@logmask\"",
        "a namespaces=\"audit@logmask\",,valid-after=\"20200101\"",
        "a ,,namespaces=\"file\"",
        "a ,",
        "a namespaces=\"audit@logmask\"x",
        "a namespaces=\"audit@logmask",
        "a valid-after=\"20200101\"",
        "a valid-after=\"20200101Z\"",
        "a valid-after=\"202001011230\"",
        "a valid-after=\"20200101123059z\"",
        "a valid-after=\"20990101\"",
        "a valid-after=\"20990101123059Z\"",
        "a valid-before=\"20990101\"",
        "a valid-before=\"20200101\"",
        "a valid-before=\"202001011230Z\"",
        "a valid-after=20200101",
        "a valid-after=\"2020\"",
        "a valid-after=\"2020010112\"",
        "a valid-after=\"20201301\"",
        "a valid-after=\"soon\"",
        "a valid-after=\"20200101\",valid-before=\"20990101\"",
        "a valid-after=\"20990101\",valid-before=\"20200101\"",
        "a valid-after=\"20200101\",valid-before=\"20200101\"",
        "a namespaces=\"audit@logmask\",valid-before=\"20990101\"",
        "a namespaces=\"audit@logmask\",valid-before=\"20200101\"",
        "a verify-required",
        "a namespaces=\"audit@logmask\",no-touch-required",
        "a from=\"*\"",
        "# a",
        "#a",
        "",
    ] {
        place.write("signers", format!("{front} {key} comment\n"));
        let verify = "ssh-keygen -q -Y verify -f signers -I a -n audit@logmask -s text.sig < text";
        let theirs = place.run(&["sh", "-c", verify], "").code == 0;
        let ours = place.logmask(&["audit", "verify", "audit", "--signers", "signers"], "");
        assert_eq!(ours.code == 0, theirs, "{front}: {}", ours.stderr);
        assert!(theirs || matches!(ours.code, 2 | 4), "{front}: {}", ours.stderr);
        verdicts[usize::from(theirs)] += 1;
    }
    assert!(verdicts.iter().all(|count| *count > 10), "{verdicts:?}");
}

#[test]
fn a_key_that_has_come_to_its_end_holds_for_what_it_signed_before() {
    if !installed(SSH) || !installed(&[("faketime", "faketime")]) {
        return;
    }
    let place = Place::new();
    place.key("key");
    let words = ["--audit", "audit", "--audit-key", "file:key"];
    place.run(&[&["faketime", "2020-06-01 12:00:00", crate::run::EXE], &words[..]].concat(), "a\n").ends(0);
    let key = place.read("key.pub");
    for (before, code) in [("20200701", 0), ("20200501", 2)] {
        place.write("signers", format!("a valid-before=\"{before}\" {key}"));
        let said = place.logmask(&["audit", "verify", "audit", "--signers", "signers"], "");
        assert_eq!(said.code == 0, code == 0, "{before}: {}", said.stderr);
    }
    // What comes later has to be signed by another.
    place.logmask(&words, "a\n").ends(0);
    place.write("signers", format!("a valid-before=\"20200701\" {key}"));
    place.logmask(&["audit", "verify", "audit", "--signers", "signers"], "").ends(4);
}
