use super::*;

fn claimed(chunk: &str) -> Vec<&str> {
    let mut spans = Vec::new();
    Open::default().read(chunk.as_bytes(), |s| spans.push(s));
    spans.iter().map(|s| &chunk[s.range()]).collect()
}

#[test]
fn body_lines_between_begin_and_end_are_claimed() {
    let pem = "x\n-----BEGIN RSA PRIVATE KEY-----\nMIIB+/=\nabcd\n-----END RSA PRIVATE KEY-----\nafter\n";
    assert_eq!(claimed(pem), ["MIIB+/=", "abcd"]);
    let indented = "key: |\r\n  -----BEGIN PRIVATE KEY-----\r\n  MIIB\r\n  -----END PRIVATE KEY-----\r\nabc\r\n";
    assert_eq!(claimed(indented), ["MIIB"]);
    assert_eq!(claimed("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"), [""; 0]);
}

#[test]
fn interleaved_sources_are_kept_apart() {
    let chunk = "[pod/a/x] -----BEGIN PRIVATE KEY-----\n[pod/b/x] MIIBother\n[pod/a/x] MIIB\n[pod/b/x] text here\n[pod/a/x] -----END PRIVATE KEY-----\n";
    assert_eq!(claimed(chunk), ["MIIB"]);
    let cri = "2024-05-01T12:00:00Z stdout F -----BEGIN PRIVATE KEY-----\n2024-05-01T12:00:00Z stderr F word\n2024-05-01T12:00:00Z stdout F MIIB\n";
    assert_eq!(claimed(cri), ["MIIB"]);
    let docker = "{\"log\":\"-----BEGIN PRIVATE KEY-----\\n\",\"stream\":\"stdout\",\"time\":\"t\"}\n{\"log\":\"MIIB\\n\",\"stream\":\"stdout\",\"time\":\"t\"}\n";
    assert_eq!(claimed(docker), ["MIIB"]);
}

#[test]
fn key_lines_are_found_behind_prefixes_and_in_records() {
    let line = "grcO7n8aUDm+8H7CNH8GbtCPXcdRJEfjQEMAAmtuVFWUoGVo";
    let json = format!("{{\"m\":\"-----BEGIN PRIVATE KEY-----\"}}\n{{\"l\":1,\"m\":\"{line}\"}}\n");
    assert_eq!(claimed(&json), [line]);
    let color = format!("\x1b[32m-----BEGIN PRIVATE KEY-----\x1b[0m\n\x1b[32m{line}\x1b[0m\n");
    assert_eq!(claimed(&color), [line]);
    let prefixed =
        "web_1  | -----BEGIN PRIVATE KEY-----\nweb_1  | QmFzZTY0dGFpbA==\nweb_1  | -----END PRIVATE KEY-----\n";
    assert_eq!(claimed(prefixed), ["QmFzZTY0dGFpbA=="]);
}

#[test]
fn a_key_line_with_other_text_in_it_goes_as_a_word() {
    let key = "qjQiFpXogArvAq2tBxWOq7F2a6rNhDKd";
    let glued = format!("-----BEGIN PRIVATE KEY-----\n{key}$ab&{key}\n{key} \"m\": \"{key}\" x\n");
    assert_eq!(claimed(&glued), [format!("{key}$ab&{key}"), key.to_owned(), key.to_owned()]);
    // What an earlier run has written is no prefix of a key, whatever stood in front of the line before.
    assert_eq!(claimed("- x 123 -----BEGIN PRIVATE KEY-----\nREDACTED-card\n"), [""; 0]);
}

#[test]
fn a_block_without_end_is_closed() {
    let other = "-----BEGIN PRIVATE KEY-----\n".to_string() + &"plain text here\n".repeat(100) + "MIIB\n";
    assert_eq!(claimed(&other), [""; 0]);
    let long = "-----BEGIN PRIVATE KEY-----\n".to_string() + &"MIIB\n".repeat(3000);
    assert_eq!(claimed(&long).len(), MAX_LINES as usize);
}

#[test]
fn blocks_on_one_line() {
    let cases: &[(&str, Option<&str>)] = &[
        (r"-----BEGIN PRIVATE KEY-----\nMIIB\nabc=\n-----END PRIVATE KEY-----\n", Some(r"MIIB\nabc=")),
        ("-----BEGIN PRIVATE KEY----- MIIBabc -----END PRIVATE KEY-----", Some("MIIBabc")),
        (r"-----BEGIN PRIVATE KEY-----\\nMIIBabcd", Some("MIIBabcd")),
        ("-----BEGIN PRIVATE KEY----- expected, got empty input", None),
        ("-----BEGIN PRIVATE KEY-----", None),
        ("-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----", None),
    ];
    for (text, expected) in cases {
        let span = on_one_line(text.as_bytes(), 0, text.len());
        assert_eq!(span.map(|s| &text[s.range()]), *expected, "{text}");
    }
}

#[test]
fn lines_below_the_head_of_a_record_belong_to_it() {
    let head = "May 01 10:00:00 host app[77]: ";
    for indent in ["", "          "] {
        let pgp = format!(
            "{head}-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{indent}lQOY\n{indent}=Ab3x\n{indent}-----END PGP PRIVATE KEY BLOCK-----\n{head}ready\nready\n"
        );
        assert_eq!(claimed(&pgp), ["lQOY", "=Ab3x"]);
    }
    // The next record is none of its lines, even if it has no end.
    let open = format!("{head}-----BEGIN PRIVATE KEY-----\nlQOY\n{head}ready\nready\n");
    assert_eq!(claimed(&open), ["lQOY"]);
    // Fields of the journal are none either.
    let fields = "MESSAGE=-----BEGIN PRIVATE KEY-----\nPRIORITY=6\nMESSAGE=lQOY\nPRIORITY=6\nMESSAGE=-----END PRIVATE KEY-----\n";
    assert_eq!(claimed(fields), ["lQOY"]);
    // What stands below the head of another one belongs to that, until its own goes on.
    let other = "May 01 10:00:00 host other[8]: ";
    let among =
        format!("{head}-----BEGIN PRIVATE KEY-----\n{other}one\ntwo\n{head}lQOY\n{head}-----END PRIVATE KEY-----\n");
    assert_eq!(claimed(&among), ["lQOY"]);
}

#[test]
fn headers_of_a_key_do_not_say_where_its_lines_begin() {
    let line = "grcO7n8aUDm+8H7CNH8GbtCPXcdRJEfjQEMAAmtuVFWUoGVo";
    let head = "10:00:00 INFO [t] c.K - ";
    let info = "DEK-Info: AES-128-CBC,0A1B2C3D4E5F60718293A4B5C6D7E8F9";
    let pem = format!("{head}-----BEGIN RSA PRIVATE KEY-----\n{head}{info}\n{head}\n{head}{line}\n{head}AbCd=\n");
    assert_eq!(claimed(&pem), [info, line, "AbCd="]);
    let comment = format!(
        "{head}-----BEGIN PGP PRIVATE KEY BLOCK-----\n{head}Version: 0A1B2C3D4E5F60718293A4B5C6D7E8F9\n{head}{line}\n"
    );
    assert_eq!(claimed(&comment).last(), Some(&line));
    // Where the words of a line begin elsewhere, none of them is torn.
    let other = format!("{head}-----BEGIN PRIVATE KEY-----\n10:00:00 WARNING [t] started\n");
    assert_eq!(claimed(&other), [""; 0]);
}

#[test]
fn a_colour_that_a_string_spells_is_no_part_of_a_key() {
    let line = "grcO7n8aUDm+8H7CNH8GbtCPXcdRJEfjQEMAAmtuVFWUoGVo";
    for escape in [r"\u001b", r"\x1b", r"\\u001b"] {
        let json = format!(
            "{{\"m\":\"{escape}[36m-----BEGIN PRIVATE KEY-----\"}}\n{{\"m\":\"{escape}[36m{line}{escape}[0m\"}}\n"
        );
        assert_eq!(claimed(&json), [line]);
    }
}

#[test]
fn a_string_in_the_same_place_ends_with_its_quote() {
    let csv = "1,\"-----BEGIN PRIVATE KEY-----\",x\n2,\"DEK-Info: a\",x\n3,\"\",x\n4,\"AbCd=\",x\n";
    assert_eq!(claimed(csv), ["DEK-Info: a", "AbCd="]);
    let json = "  \"message\": \"-----BEGIN PRIVATE KEY-----\",\n  \"eventId\": \"3\",\n  \"message\": \"AbCd\",\n";
    assert_eq!(claimed(json), ["AbCd"]);
}
