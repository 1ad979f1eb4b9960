//! Tables that are drawn, and what ends them.

use super::*;

/// The lines with `#` for what stands in sensitive columns, which begin with `pin`.
fn read(lines: &[&str]) -> Vec<String> {
    let (mut drawn, mut before) = (Drawn::default(), String::new());
    let mut one = |line: &&str| {
        let mut spans = Vec::new();
        drawn.line(line.as_bytes(), |name, span| {
            if name.starts_with(b"pin") {
                spans.push(span);
            }
        });
        drawn.begin(line.as_bytes(), before.as_bytes(), &mut |name: &[u8]| name.starts_with(b"pin"));
        before += line;
        before += "\n";
        crate::block::hidden(line, &spans)
    };
    lines.iter().map(&mut one).collect()
}

#[test]
fn tables_begin_anywhere_and_end() {
    let cases: &[(&[&str], &[&str])] = &[
        (
            &["x", " id |  pin  ", "----+-------", "  1 | abc   ", "(1 row)", " a | b "],
            &["x", " id |  pin  ", "----+-------", "  1 | #   ", "(1 row)", " a | b "],
        ),
        (
            &["x", "+----+-----+", "| id | pin |", "+----+-----+", "|  1 | abc |", "+----+-----+", "y | z"],
            &["x", "+----+-----+", "| id | pin |", "+----+-----+", "|  1 | # |", "+----+-----+", "y | z"],
        ),
        (&["+-----+", "| pin |", "+-----+", "| abc |"], &["+-----+", "| pin |", "+-----+", "| # |"]),
        (
            &["+-----+", "| pin |", "+-----+", "GET /x 200", "a | b", "| abc |", "+-----+"],
            &["+-----+", "| pin |", "+-----+", "GET /x 200", "a | b", "| # |", "+-----+"],
        ),
        (
            &["-[ RECORD 1 ]--", "id  | 1", "pin | abc", "    | d", "-[ RECORD 2 ]--", "pin | e", "", "pin | f"],
            &["-[ RECORD 1 ]--", "id  | 1", "pin | #", "    | #", "-[ RECORD 2 ]--", "pin | #", "", "pin | f"],
        ),
        (
            &["[pod/a/b]  id | pin", "[pod/c/d] x | y", "[pod/a/b] ----+-----", "[pod/a/b]  1 | abc"],
            &["[pod/a/b]  id | pin", "[pod/c/d] x | y", "[pod/a/b] ----+-----", "[pod/a/b]  1 | #"],
        ),
        (
            &["[pod/a/b]  id | pin", "[pod/a/b] ----+-----", "[pod/c/d] x | y", "[pod/a/b]  1 | abc"],
            &["[pod/a/b]  id | pin", "[pod/a/b] ----+-----", "[pod/c/d] x | y", "[pod/a/b]  1 | #"],
        ),
        (&["a | b", "----+----", "1 | 2"], &["a | b", "----+----", "1 | 2"]),
        (
            &[
                "2024-05-01 12:00:00 - INFO - | id | pin |",
                "2024-05-01 12:00:01 - INFO - |----|-----|",
                "2024-05-01 12:00:02 - INFO - | 1 | abc |",
                "2024-05-01 12:00:03 - INFO - x | abc",
            ],
            &[
                "2024-05-01 12:00:00 - INFO - | id | pin |",
                "2024-05-01 12:00:01 - INFO - |----|-----|",
                "2024-05-01 12:00:02 - INFO - | 1 | # |",
                "2024-05-01 12:00:03 - INFO - x | abc",
            ],
        ),
        (
            &["2024-05-01 12:00:00 INFO x:  id | pin", "----+-----", "  1 | abc", "(1 row)"],
            &["2024-05-01 12:00:00 INFO x:  id | pin", "----+-----", "  1 | #", "(1 row)"],
        ),
        (
            &["INFO x: | id | pin |", "|----|----|", "| 1 | abc |"],
            &["INFO x: | id | pin |", "|----|----|", "| 1 | # |"],
        ),
        (
            &["INFO  id | pin", "INFO ----+-----", "INFO   1 | abc", "INFO (1 row)", "INFO   1 | abc"],
            &["INFO  id | pin", "INFO ----+-----", "INFO   1 | #", "INFO (1 row)", "INFO   1 | abc"],
        ),
        (
            &["2024-05-01 12:00:00 INFO - id,pin,n", "2024-05-01 12:00:09 INFO - 1,abc,2", "1,abc,2"],
            &["2024-05-01 12:00:00 INFO - id,pin,n", "2024-05-01 12:00:09 INFO - 1,#,2", "1,#,2"],
        ),
        (
            &["2024/05/01 12:00:00 id\tpin", "2024/05/01 12:00:09 1\tabc"],
            &["2024/05/01 12:00:00 id\tpin", "2024/05/01 12:00:09 1\t#"],
        ),
        (
            &["2024-05-01 12:00:00 INFO set: id,pin", "2024-05-01 12:00:09 INFO set: a,b"],
            &["2024-05-01 12:00:00 INFO set: id,pin", "2024-05-01 12:00:09 INFO set: a,b"],
        ),
        (
            &["|pin|a|", "|---|---|", "|x|y|", "", "|a|pin|", "|---|---|", "|y|x|", "", "|a|b|", "|---|---|", "|y|x|"],
            &["|pin|a|", "|---|---|", "|#|y|", "", "|a|pin|", "|---|---|", "|y|#|", "", "|a|b|", "|---|---|", "|y|x|"],
        ),
        (
            &[
                "+--+---+", "|b |pin|", "+--+---+", "|x | y |", "+--+---+", "1 row", "+--+---+", "|pin|a |",
                "+--+---+", "|y|x|",
            ],
            &[
                "+--+---+", "|b |pin|", "+--+---+", "|x | # |", "+--+---+", "1 row", "+--+---+", "|pin|a |",
                "+--+---+", "|#|x|",
            ],
        ),
        (
            &["|pin|a|", "|---|---|", "|x|y|", "text", " id | pin", "----+-----", "  1 | abc"],
            &["|pin|a|", "|---|---|", "|#|y|", "text", " id | pin", "----+-----", "  1 | #"],
        ),
        (
            &["+---+---+", "|pin| a |", "+---+---+", "| x | pin |", "+---+---+", "| z | y |", "+---+---+"],
            &["+---+---+", "|pin| a |", "+---+---+", "| # | pin |", "+---+---+", "| # | y |", "+---+---+"],
        ),
        (
            &["| Key | Value |", "|---|---|", "| **pin** | `abc` |", "| a | abc |", "| pin | a | b |"],
            &["| Key | Value |", "|---|---|", "| **pin** | `#` |", "| a | abc |", "| pin | a | b |"],
        ),
        (
            &["| Key | Value |", "|---|---|", "| x | 1 |", "| pin | a b |", "| c |", "| pin | d |"],
            &["| Key | Value |", "|---|---|", "| x | 1 |", "| pin | # |", "| c |", "| pin | # |"],
        ),
        (
            &[" name | setting", "------+---", " pin  | a", "(1 row)"],
            &[" name | setting", "------+---", " pin  | #", "(1 row)"],
        ),
        (&["| pin | type |", "|---|---|", "| a | pin |"], &["| pin | type |", "|---|---|", "| # | pin |"]),
        (&["| a | type |", "|---|---|", "| pin | text |"], &["| a | type |", "|---|---|", "| pin | text |"]),
    ];
    for (lines, expected) in cases {
        assert_eq!(read(lines), *expected);
    }
}
