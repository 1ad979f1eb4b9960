//! Copies of production with surrogates: what read and joined the original reads and joins the copy.

use crate::run::{Logmask, Outcome, logmask};
use std::path::Path;
use std::process::{Command, Stdio};

const POLICY: &str = "version: 1\nactions: {pii: surrogate, net: surrogate, pay: surrogate}\n";

fn staging() -> Logmask {
    logmask().keyed().args(["-p", "export"]).policy(POLICY)
}

fn text(outcome: &Outcome) -> String {
    outcome.exits(0);
    String::from_utf8(outcome.stdout.clone()).unwrap()
}

pub(crate) fn masked(input: &str) -> String {
    text(&staging().pipe(input))
}

/// As `pg_dump --column-inserts` and `sqlite3 .dump` with columns write it.
const DUMP: &str = "\
CREATE TABLE users (user_id INTEGER PRIMARY KEY, email TEXT UNIQUE, first_name TEXT, last_name TEXT, birth_date TEXT, card TEXT);
INSERT INTO users (user_id, email, first_name, last_name, birth_date, card) VALUES (4711, 'jo@acme.io', 'Jo', 'O''Brien', '1984-07-23', '4539 1488 0343 6467');
INSERT INTO users (user_id, email, first_name, last_name, birth_date, card) VALUES (4712, 'ann@acme.io', 'Ann', 'Smith', '1984-07-30', NULL);
INSERT INTO users (user_id, email, first_name, last_name, birth_date, card) VALUES (4713, 'bob@corp.test', 'Bob', 'Smith', '1999-01-01', '5500-0000-0000-0004');
CREATE TABLE orders (id INTEGER, user_id INTEGER REFERENCES users(user_id), client_ip TEXT);
INSERT INTO orders (id, user_id, client_ip) VALUES (1, 4711, '8.8.4.4'), (2, 4711, '8.8.4.4'), (3, 4713, '9.9.9.9');
";

const EVENTS: &str = "event_id,email,ip\n1,Jo@Acme.io,8.8.4.4\n2,\"ann@acme.io\",8.8.4.5\n3,nobody@corp.test,9.9.9.9\n";

const LOG: &str = "\
{\"msg\":\"login\",\"user_id\":4711,\"email\":\"jo\\u0040acme.io\",\"ip\":\"8.8.4.4\"}
{\"msg\":\"GET /u?email=bob%40corp.test&user_id=4713\",\"user_id\":\"4713\"}
";

/// What an SQL script prints, run by SQLite on a database of its own.
fn sqlite(script: &str) -> Option<String> {
    let spawned =
        Command::new("sqlite3").args(["-batch", "-bail"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = spawned else {
        assert!(std::env::var_os("CI").is_none(), "CI loads dumps: .ci/run installs sqlite3");
        eprintln!("SKIPPED: needs sqlite3, which .ci/run installs");
        return None;
    };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), script.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{script}");
    Some(String::from_utf8(out.stdout).unwrap())
}

#[test]
fn masked_dumps_logs_and_tables_join_in_sqlite_as_the_originals_did() {
    let query = |dump: &str, events: &str, log: &str| {
        let dir = tempfile::tempdir().unwrap();
        let csv = dir.path().join("events.csv");
        std::fs::write(&csv, events).unwrap();
        let log: Vec<String> =
            log.lines().map(|line| format!("INSERT INTO log VALUES ('{}');\n", line.replace('\'', "''"))).collect();
        let log = log.concat();
        sqlite(&format!(
            "PRAGMA foreign_keys=ON;\n{dump}\
             .import --csv {} events\n\
             CREATE TABLE log (line TEXT CHECK (json_valid(line)));\n{log}\
             .print joined by number\n\
             SELECT count(*) FROM orders JOIN users USING (user_id);\n\
             SELECT count(*), count(DISTINCT user_id), count(DISTINCT client_ip) FROM orders;\n\
             .print joined by address, whatever its spelling\n\
             SELECT e.event_id FROM events e JOIN users u ON lower(e.email) = lower(u.email) ORDER BY 1;\n\
             SELECT e.event_id, o.id FROM events e JOIN orders o ON o.client_ip = e.ip ORDER BY 1, 2;\n\
             .print joined with the log\n\
             SELECT count(*) FROM log JOIN users u ON json_extract(line, '$.user_id') = u.user_id;\n\
             SELECT count(*) FROM log JOIN users u ON json_extract(line, '$.email') = u.email;\n\
             SELECT typeof(json_extract(line, '$.user_id')) FROM log;\n\
             .print intervals, families, types\n\
             SELECT julianday(b.birth_date) - julianday(a.birth_date) FROM users a JOIN users b ON a.user_id <> b.user_id AND a.birth_date < b.birth_date ORDER BY 1;\n\
             SELECT count(DISTINCT last_name), count(DISTINCT first_name), count(card) FROM users;\n\
             SELECT typeof(user_id), length(card) FROM users WHERE card NOT NULL ORDER BY card IS NULL, length(card);\n",
            csv.display()
        ))
    };
    let (dump, events, log) = (masked(DUMP), masked(EVENTS), masked(LOG));
    for gone in ["4711", "acme", "corp.test", "Jo", "Brien", "Smith", "1984", "4539", "8.8.4", "9.9.9"] {
        for copy in [&dump, &events, &log] {
            assert!(!copy.contains(gone), "{gone} in {copy}");
        }
    }
    assert!(
        !dump.contains("REDACTED") && !events.contains("REDACTED") && !log.contains("REDACTED"),
        "{dump}{events}{log}"
    );
    let Some(before) = query(DUMP, EVENTS, LOG) else { return };
    assert_eq!(query(&dump, &events, &log).unwrap(), before);
    assert!(before.contains("integer\ntext\n"), "{before}");
}

#[test]
fn postgresql_parses_a_masked_dump() {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/python");
    let python = |script: &str, input: &str| {
        let mut child = Command::new("python3")
            .args(["-c", script])
            .env("PYTHONPATH", &tools)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        std::io::Write::write_all(&mut child.stdin.take()?, input.as_bytes()).ok()?;
        child.wait_with_output().ok()
    };
    if !python("import pglast", "").is_some_and(|out| out.status.success()) {
        assert!(std::env::var_os("CI").is_none(), "CI asks PostgreSQL's parser: .ci/run installs pglast");
        eprintln!("SKIPPED: needs python3 -m pip install --target target/tools/python pglast, as .ci/run does");
        return;
    }
    let dump = format!(
        "{DUMP}INSERT INTO public.people (\"user_id\", email, birth_date, client_ip, latitude) VALUES (17, E'jo\\'s@acme.io', DATE '1984-07-23', '8.8.8.8/24'::cidr, 52.520008);\n\
         UPDATE users SET first_name = 'D''Arcy', user_id = 4711 WHERE email = 'jo@acme.io';\n\
         INSERT INTO t (first_name, phone) VALUES ($$Jo$$, '+1 (202) 867-5309');\n"
    );
    // The kinds of all statements and literals, without their values.
    let script = "import re, sys, pglast\nprint(re.sub(r\"'[^']*'\", 'x', re.sub(r'\\d+(\\.\\d+)?', '0', re.sub(r\"\\b(sval|str|fval)='(?:[^'\\\\\\\\]|\\\\\\\\.)*'|\\b(sval)=\\\"[^\\\"]*\\\"\", r'\\1\\2=', str(pglast.parse_sql(sys.stdin.read()))))))";
    let shape = |sql: &str| {
        let out = python(script, sql).unwrap();
        assert!(out.status.success(), "{sql}\n{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    let copy = masked(&dump);
    assert!(!copy.contains("4711") && !copy.contains("acme") && !copy.contains("Arcy"), "{copy}");
    assert_eq!(shape(&copy), shape(&dump), "{copy}");
}

#[test]
fn values_are_spelled_as_the_layer_around_them_asks() {
    let email = masked("jo@acme.io\n");
    let email = email.trim_end();
    let (local, domain) = email.split_once('@').unwrap();
    for (before, after) in [
        ("{\"email\":\"jo@acme.io\"}", format!("{{\"email\":\"{email}\"}}")),
        ("{\"email\":\"jo\\u0040acme.io\"}", format!("{{\"email\":\"{local}\\u0040{domain}\"}}")),
        (
            "{\"m\":\"{\\\"email\\\":\\\"jo\\\\u0040acme.io\\\"}\"}",
            format!("{{\"m\":\"{{\\\"email\\\":\\\"{local}\\\\u0040{domain}\\\"}}\"}}"),
        ),
        ("GET /x?email=jo%40acme.io HTTP/1.1", format!("GET /x?email={local}%40{domain} HTTP/1.1")),
        ("GET /x?u=%2Fy%3Femail%3Djo%2540acme.io", format!("GET /x?u=%2Fy%3Femail%3D{local}%2540{domain}")),
        ("<a email=\"jo&#64;acme.io\"/>", format!("<a email=\"{local}&#64;{domain}\"/>")),
    ] {
        assert_eq!(masked(&format!("{before}\n")), format!("{after}\n"), "{before}");
    }
    // In packed texts, which are spelled again.
    let packed = |line: &str| data_encoding(line);
    assert_eq!(masked(&packed("email=jo@acme.io and so on")), packed(&format!("email={email} and so on")));
}

#[test]
fn an_apostrophe_in_an_address_is_spelled_as_in_sql() {
    let json = masked("{\"email\":\"o'neil@acme.io\"}\n");
    let email = json.strip_prefix("{\"email\":\"").and_then(|rest| rest.strip_suffix("\"}\n")).unwrap();
    assert!(email.contains("@example."), "{json}");
    for (before, after) in [
        (
            "INSERT INTO users (id, email) VALUES (1, 'o''neil@acme.io');",
            format!("INSERT INTO users (id, email) VALUES (1, '{email}');"),
        ),
        (
            "INSERT INTO users (id, email) VALUES (1, 'o\\'neil@acme.io');",
            format!("INSERT INTO users (id, email) VALUES (1, '{email}');"),
        ),
        (
            "UPDATE users SET email = 'o''neil@acme.io' WHERE id = 1;",
            format!("UPDATE users SET email = '{email}' WHERE id = 1;"),
        ),
    ] {
        assert_eq!(masked(&format!("{before}\n")), format!("{after}\n"), "{before}");
    }
    // What holds more than an address has no surrogate that anybody could join by.
    let two = masked("INSERT INTO users (id, email) VALUES (1, 'jo@acme.io, o''neil@acme.io');\n");
    assert!(two.contains("REDACTED-") && !two.contains("acme") && !two.contains("neil"), "{two}");
}

fn data_encoding(text: &str) -> String {
    let mut child = Command::new("base64").arg("-w0").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    format!("blob {} end\n", String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap())
}

#[test]
fn json_stays_json_with_numbers_for_numbers() {
    let line = "{\"user_id\":4711,\"phone\":12028675309,\"latitude\":52.52,\"card\":4539148803436467,\"first_name\":[\"a\"],\"last_name\":{\"b\":1},\"zip\":62704,\"customer_id\":-1e5,\"postcode\":null}\n";
    let before: serde_json::Value = serde_json::from_str(line).unwrap();
    let after: serde_json::Value = serde_json::from_str(&masked(line)).unwrap();
    for name in ["user_id", "phone", "latitude", "card", "zip"] {
        assert!(after[name].is_number() && after[name] != before[name], "{name} {after}");
    }
    for name in ["first_name", "last_name"] {
        assert!(after[name].as_str().is_some_and(|marker| marker.starts_with("REDACTED-")), "{name} {after}");
    }
    assert_eq!(after["postcode"], before["postcode"]);
}

#[test]
fn what_stands_for_no_date_stays_one_that_a_column_takes() {
    let none = "{\"birth_date\":\"0000-00-00\",\"dob\":\"0001-01-01T00:00:00Z\"}\n";
    staging().pipe(none).exits(0).prints(none);
}

#[test]
fn secrets_get_no_surrogate() {
    let policy = "version: 1\nactions: {secret: surrogate, password: surrogate, pii: surrogate}\nrules: [{id: pin-code, class: secret.pin, fields: [pin_code], action: surrogate}]\n";
    let run = || logmask().keyed().policy(policy);
    run()
        .pipe("password=hunter2 pin_code=4711 email=jo@acme.io\n")
        .contains("password=REDACTED-password pin_code=REDACTED-pin-code email=")
        .lacks("acme");
    // An e-mail address as a password is a secret.
    run().pipe("password=jo@acme.io\n").prints("password=REDACTED-email\n");
    let check = logmask().file("p.yaml", policy).args(["policy", "check", "p.yaml"]).pipe("");
    check.exits(0).says("a surrogate of a secret would look like a live one");
}

#[test]
fn every_way_in_gives_the_same_surrogates() {
    let input = [DUMP, LOG].concat().repeat(50);
    let whole = masked(&input);
    for threads in ["1", "2", "4"] {
        assert_eq!(text(&staging().args(["-j", threads]).pipe(&input)), whole);
    }
    let bytes = [DUMP, LOG].concat();
    let expected = masked(&bytes);
    let slowly = staging().feed(move |stdin| {
        for byte in bytes.as_bytes() {
            std::io::Write::write_all(stdin, std::slice::from_ref(byte)).unwrap();
        }
    });
    assert_eq!(text(&slowly), expected);
    let other = logmask()
        .arg("--key")
        .arg("env:OTHER")
        .env("OTHER", "another-key-of-enough-bytes")
        .args(["-p", "export"])
        .policy(POLICY)
        .pipe(LOG);
    assert_ne!(text(&other), masked(LOG));
}

#[test]
fn surrogates_of_reserved_spaces_stay_on_a_second_run() {
    let input = "jo@acme.io 8.8.8.8 2606:4700::1 phone=+1 (202) 867-5309 tel: +44 7911 123456 ssn=123-45-6789 user_id=123e4567-e89b-12d3-a456-426614174000\n";
    let once = masked(input);
    assert!(!once.contains("REDACTED"), "{once}");
    assert_eq!(masked(&once), once);
}

#[test]
fn what_begins_like_a_test_number_may_be_somebodys() {
    for (field, value) in [
        ("card_number", "4242 4242 4242 4242"),
        ("card_number", "4111111111111111"),
        ("card_number", "4000-0012-3456-7899"),
        ("iban", "DE12000012345678901234"),
        ("iban", "BR1800000000141455123924100C2"),
    ] {
        let input = format!("{field}: \"{value}\"\n");
        let once = masked(&input);
        assert!(!once.contains(value), "{once}");
        assert_eq!(once, masked(&input));
    }
}

#[test]
fn actions_are_given_by_the_closest_name() {
    let run = |actions: &str| logmask().keyed().policy(format!("version: 1\nactions: {actions}\n"));
    let line = "password=x1 ip=8.8.8.8 email=jo@acme.io\n";
    run("{net: redact, pii.email: redact}")
        .pipe(line)
        .prints("password=REDACTED-password ip=REDACTED-ipv4 email=REDACTED-email\n");
    run("{pii: drop-line, pii.email: redact}").pipe(line).contains("email=REDACTED-email");
    // A family may be written as roles write it; a class that only a wider profile has is one.
    run("{'net.*': redact, 'pii.email.*': redact, pii.user: redact}")
        .pipe(line)
        .prints("password=REDACTED-password ip=REDACTED-ipv4 email=REDACTED-email\n");
    run("{pii.email: drop-line, email: redact, email-field: redact}").pipe(line).contains("email=REDACTED-email");
    run("{password: pseudonym}").pipe(line).contains("password=REDACTED-secret.password-").says("password");
    for (actions, fact) in [
        ("{pii: keep}", "3:14: \"keep\" is no action to give to other rules"),
        ("{secret: partial}", "would show a part of a secret"),
        ("{password: generalise}", "would show a part of a secret"),
        ("{emial: redact}", "no built-in rule and no class of them \"emial\""),
        ("{pii.emial: redact}", "did you mean \"pii.email\"?"),
        ("{'pii.emial.*': redact}", "no built-in rule and no class of them"),
        ("{pii: redact, 'pii.*': pseudonym}", "another action"),
        ("{'secret.*': partial}", "would show a part of a secret"),
        ("{pii: surogate}", "unknown action"),
        ("{pay: pseudonym, pay.card: {partial: {last: 4}}, card: pseudonym}", "PCI DSS 3.5.1"),
    ] {
        run(actions).pipe(line).exits(2).prints("").says(fact.trim_start_matches("3:14: "));
    }
    let shown = logmask()
        .file("p.yaml", "version: 1\nactions: {pii.email: surrogate}\n")
        .args(["policy", "show", "--rule", "email", "p.yaml"])
        .pipe("");
    shown.exits(0).contains("action: surrogate").contains("p.yaml:2");
    // The file of a project gives none.
    let project = logmask().file(".logmask.yaml", POLICY).pipe(line);
    project.exits(2).prints("").says("actions is not allowed here");
}
