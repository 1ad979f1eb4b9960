//! Statements over lines, with what is claimed of them.

use super::*;

/// The lines with `#` for what stands in sensitive columns, which begin with `pin`.
fn read(lines: &[&str]) -> Vec<String> {
    let mut statements = Statements::default();
    let one = |line: &&str| {
        let mut spans = Vec::new();
        statements.line(
            line.as_bytes(),
            |name| name.starts_with(b"pin") || name == b"u.pin",
            |_, span| spans.push(span),
        );
        crate::block::hidden(line, &spans)
    };
    lines.iter().map(one).collect()
}

#[test]
fn values_belong_to_the_columns_of_lines_before() {
    let cases: &[(&[&str], &[&str])] = &[
        (
            &["INSERT INTO u (id, pin)", "VALUES (1, 'a,b'),", "  (2, 'it''s'),", "(3, NULL);", "(4, 'x')"],
            &["INSERT INTO u (id, pin)", "VALUES (1, '#'),", "  (2, '#'),", "(3, NULL);", "(4, 'x')"],
        ),
        (
            &["insert into `u` (", "  `id`, -- key", "  `pin`", ")", "values", "(", "  1", "  ,'x'", ")", ", (2, 'y')"],
            &["insert into `u` (", "  `id`, -- key", "  `pin`", ")", "values", "(", "  1", "  ,'#'", ")", ", (2, '#')"],
        ),
        (
            &["INSERT INTO u(pin, b) VALUES ('x", "y (z", "w', 'v')", "VALUES (1)"],
            &["INSERT INTO u(pin, b) VALUES ('#", "#", "#', 'v')", "VALUES (1)"],
        ),
        (
            &["INSERT INTO u (pin, b) VALUES (", "md5('x'),", "f(1, 2)),", "(12, 'z')"],
            &["INSERT INTO u (pin, b) VALUES (", "#,", "f(1, 2)),", "(#, 'z')"],
        ),
        (
            &["WHERE pin IN (", " 'a',", " 'b'", ") AND x IN (", "1)"],
            &["WHERE pin IN (", " '#',", " '#'", ") AND x IN (", "1)"],
        ),
        (&["fell into trouble (pin)", "values: (1, 2)"], &["fell into trouble (pin)", "values: (1, 2)"]),
        (&["INSERT INTO u (a, b)", "VALUES (1, 2)"], &["INSERT INTO u (a, b)", "VALUES (1, 2)"]),
        (&["INSERT INTO u (pin) SELECT 1", "(1)"], &["INSERT INTO u (pin) SELECT #", "(1)"]),
        (
            &["INSERT INTO u (id, pin)", "SELECT 1,", " 'x' FROM t", " 'y'"],
            &["INSERT INTO u (id, pin)", "SELECT 1,", " '#' FROM t", " 'y'"],
        ),
        (
            &["INSERT INTO u (id, pin) SELECT 1, 'it''s' FROM x; UPDATE t SET a = 'b'"],
            &["INSERT INTO u (id, pin) SELECT 1, '#' FROM x; UPDATE t SET a = 'b'"],
        ),
        (
            &["INSERT INTO u (pin, id) SELECT pin, 1 FROM t WHERE x IN ('p', 'q')", "'y'"],
            &["INSERT INTO u (pin, id) SELECT pin, 1 FROM t WHERE x IN ('p', 'q')", "'y'"],
        ),
        (
            &["INSERT INTO u (id, pin) SELECT id, pin FROM t WHERE x IN ('p', 'q')", "'y'"],
            &["INSERT INTO u (id, pin) SELECT id, pin FROM t WHERE x IN ('p', 'q')", "'y'"],
        ),
        (
            &[r#"{"m":"INSERT INTO u (pin) VALUES (\"x\")","k":"v"}"#],
            &[r##"{"m":"INSERT INTO u (pin) VALUES (\"#\")","k":"v"}"##],
        ),
        (
            &[r#"5" disk: INSERT INTO "u" ("pin") VALUES ("#, "'x')"],
            &[r#"5" disk: INSERT INTO "u" ("pin") VALUES ("#, "'#')"],
        ),
        (
            &["INSERT INTO u (pin, b) VALUES (?, ?)", "x [raw sql] ('a', 1)"],
            &["INSERT INTO u (pin, b) VALUES (?, ?)", "x [raw sql] ('#', 1)"],
        ),
        (
            &["WHERE u.pin = ?", " LIMIT ?", "2024-05-01 12:00:00 INFO x [generated in 1s] ('a', 1)"],
            &["WHERE u.pin = ?", " LIMIT ?", "2024-05-01 12:00:00 INFO x [generated in 1s] ('#', 1)"],
        ),
    ];
    for (lines, expected) in cases {
        assert_eq!(read(lines), *expected);
    }
}

#[test]
fn a_statement_that_was_cut_is_over_where_the_log_goes_on() {
    let cut = "2024-05-01 12:00:00 LOG: INSERT INTO u (pin, b) VALUES ('x";
    assert_eq!(read(&[cut, "\ty", "2024-05-01 12:00:01 LOG: z"])[1..], ["\t#", "2024-05-01 12:00:01 LOG: z"]);
    let pods = ["[pod/a/x] INSERT INTO u (pin) VALUES", "[pod/b/x] ('n')", "[pod/a/x] ('y')"];
    assert_eq!(read(&pods)[1..], ["[pod/b/x] ('n')", "[pod/a/x] ('#')"]);
    let mut many = vec!["INSERT INTO u (pin) VALUES ('x"];
    many.resize(MAX_LINES + 9, "y");
    assert_eq!(read(&many).iter().filter(|line| line.contains('#')).count(), MAX_LINES);
}
