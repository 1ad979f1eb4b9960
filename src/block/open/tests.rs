//! Blocks that are open, line by line.

use super::*;

/// The lines with `#` for what is claimed, behind a first line that opened `body`.
fn claimed(body: Body, first: &str, lines: &[&str]) -> Vec<String> {
    let mut blocks = Blocks::default();
    blocks.open(first.as_bytes(), RuleIx(0), body);
    let one = |line: &&str| {
        let (mut out, mut done) = (String::new(), 0);
        blocks.line(line.as_bytes(), |_, _, (span, quote)| {
            out += &line[done..span.start];
            out += if quote.is_some() { "\"#\"" } else { "#" };
            done = span.end;
        });
        out + &line[done..]
    };
    lines.iter().map(one).collect()
}

#[test]
fn a_block_that_is_as_an_open_one_takes_its_place() {
    let mut blocks = Blocks::default();
    for rule in [0, 0, 1, 0] {
        blocks.open(b"BEGIN:VCARD", RuleIx(rule), Body::Contact);
        blocks.line(b"TEL:1", |_, _, _| ());
    }
    assert_eq!(blocks.0.iter().map(|b| (b.rule.0, b.lines)).collect::<Vec<_>>(), [(1, 2), (0, 1)]);
}

#[test]
fn bodies_claim_their_values() {
    let json = Body::Json { depth: 1 };
    let quote = crate::format::quote::quote_at(b"\"", 0);
    let cases: &[(Body, &[&str], &[&str])] = &[
        (
            json,
            &[r#"  "a": "x","#, r#"  "b": [1, null,"#, "  true", "  ]", r#"}, "c": "y""#, r#"  "d": 1"#],
            &[r##"  "a": "#","##, r##"  "b": ["#", "#","##, r##"  "#""##, "  ]", r#"}, "c": "y""#, r#"  "d": 1"#],
        ),
        (json, &["{\"level\":1}", "  \"a\": 1"], &["{\"level\":1}", "  \"a\": 1"]),
        (json, &[r#"  "a": {"b": "x\"y"}"#, "}", "  \"a\": 1"], &[r##"  "a": {"b": "#"}"##, "}", "  \"a\": 1"]),
        (
            Body::Scalar { indent: 2 },
            &["    x", "", "    y z", "  n: 1", "    k"],
            &["    #", "", "    #", "  n: 1", "    k"],
        ),
        (Body::Below { column: 2 }, &["", "    x1", "  y"], &["", "    #", "  y"]),
        (Body::Below { column: 0 }, &["- x1", "- 'y z'", "- a: b", "b: 1"], &["- #", "- '#'", "- a: b", "b: 1"]),
        (
            json,
            &["  Some(", "    User {", r#"      pin: "x","#, "    },", "  ),", ")", "  y"],
            &["  Some(", "    User {", r##"      pin: "#","##, "    },", "  ),", ")", "  y"],
        ),
        (Body::Below { column: 1 }, &[" 'x y',", " 'z'"], &[" '#',", " 'z'"]),
        (Body::Below { column: 1 }, &[" 'x' y", " 'z'"], &[" 'x' y", " 'z'"]),
        (Body::Below { column: 2 }, &["    \"x\",", "  y"], &["    \"#\",", "  y"]),
        (
            Body::Below { column: 0 },
            &["  a: xy7 # z", "  b:", "    - x7x", "    c: 'y7y'", "    d: x y", "  d: true", "e: f7f", "  g: h7h"],
            &["  a: # # z", "  b:", "    - #", "    c: '#'", "    d: x y", "  d: true", "e: f7f", "  g: h7h"],
        ),
        (
            Body::Below { column: 0 },
            &["  a: |", "    xy7", "    x y", "  b: z7"],
            &["  a: |", "    #", "    x y", "  b: #"],
        ),
        (Body::Below { column: 0 }, &["  a: b7b", "  c d"], &["  a: #", "  c d"]),
        (Body::Below { column: 0 }, &["  a:    b", "  c: d"], &["  a:    b", "  c: d"]),
        (Body::Below { column: 0 }, &["- x y", "- z"], &["- #", "- #"]),
        (Body::Below { column: 0 }, &["\"x\" y", "  c"], &["\"x\" y", "  c"]),
        (Body::Below { column: 0 }, &["  the text of a page", "  c"], &["  the text of a page", "  c"]),
        (Body::Below { column: 0 }, &["x1"], &["x1"]),
        (Body::Word { glued: false }, &["  x y", "z"], &["  # y", "z"]),
        (Body::Word { glued: false }, &["  x\\", "y z", "w"], &["  #\\", "# z", "w"]),
        (Body::Word { glued: false }, &["  'x y' \\", "z"], &["  '#' \\", "z"]),
        (Body::Word { glued: false }, &["  --next \\", "z"], &["  --next \\", "z"]),
        (Body::Word { glued: true }, &["  x", "z"], &["  x", "z"]),
        (
            Body::Command,
            &["  -d x \\", "  -u jo:x1 \\", " --user 'jo:x y'", "-u jo:z"],
            &["  -d x \\", "  -u jo:# \\", " --user 'jo:#'", "-u jo:z"],
        ),
        (
            Body::Complaint { named: false },
            &[
                "a",
                "  Bad [type=b, input_value='x', input_type=str]",
                "u.password",
                "  Bad [type=b, input_value='x, y', input_type=str]",
            ],
            &[
                "a",
                "  Bad [type=b, input_value='x', input_type=str]",
                "u.password",
                "  Bad [type=b, input_value='#', input_type=str]",
            ],
        ),
        (
            Body::Contact,
            &["VERSION:3.0", "N:x;y;;;", "FN;CHARSET=UTF-8:x y", "TITLE:z", "END:VCARD", "N:x"],
            &["VERSION:3.0", "N:#", "FN;CHARSET=UTF-8:#", "TITLE:z", "END:VCARD", "N:x"],
        ),
        (Body::Element, &["  x y", "", "z</pin>", "w"], &["  #", "", "#</pin>", "w"]),
        (Body::Element, &["  <a>x</a>", "w"], &["  <a>x</a>", "w"]),
        (Body::Element, &["<![CDATA[x]]>", "</pin>", "w"], &["<![CDATA[#]]>", "</pin>", "w"]),
        (Body::Three(b'\''), &["x", "y''' # z", "w"], &["#", "#''' # z", "w"]),
        (Body::Here(word(b"<<EOT").expect("a word")), &[" x y", "EOT", "w"], &[" #", "EOT", "w"]),
        (Body::String, &["  'x y', n = 1", "'w'"], &["  '#', n = 1", "'w'"]),
        (Body::String, &["  f(x)", "'w'"], &["  f(x)", "'w'"]),
        (
            Body::Sibling { key: false },
            &["  <type>a</type>", "  <value>x</value>", "<value>w</value>"],
            &["  <type>a</type>", "  <value>#</value>", "<value>w</value>"],
        ),
        (
            Body::Sibling { key: true },
            &["  <data>", "  x", "  </data>", "<string>w</string>"],
            &["  <data>", "  #", "  </data>", "<string>w</string>"],
        ),
        (Body::Sibling { key: true }, &["  <true/>", "  x"], &["  <true/>", "  x"]),
        (Body::Sibling { key: false }, &["<final>", "x"], &["<final>", "x"]),
        (
            Body::StaticKey,
            &["0a1b2c3d4e5f60718293", "done", "-----END x-----", "w"],
            &["#", "done", "-----END x-----", "w"],
        ),
        (Body::Tabbed, &["\tx", "\t y", " >", "\tz"], &["\t#", "\t #", " >", "\tz"]),
        (Body::Quoted { quote }, &["x \\\" y", "z\" b=\"1\"", "w"], &["#", "#\" b=\"1\"", "w"]),
        (
            Body::Form { inside: false },
            &["Content-Type: text/plain", "", "x", "y", "--b", "z"],
            &["Content-Type: text/plain", "", "#", "#", "--b", "z"],
        ),
    ];
    for (body, lines, expected) in cases {
        assert_eq!(claimed(*body, "p", lines), *expected, "{body:?}");
    }
}

#[test]
fn a_quoted_block_ends_where_the_log_goes_on() {
    let body = Body::Quoted { quote: crate::format::quote::quote_at(b"\"", 0) };
    let first = "2024-05-01 12:00:00 login password=\"abc";
    assert_eq!(claimed(body, first, &["def", "2024-05-01 12:00:01 next", "x"]), ["#", "2024-05-01 12:00:01 next", "x"]);
}

#[test]
fn a_quoted_block_ends_in_front_of_a_json_record() {
    let body = Body::Quoted { quote: crate::format::quote::quote_at(b"\"", 0) };
    let lines = [r#"{"level":"info","n":1}"#, "abc"];
    assert_eq!(claimed(body, r#"{"a":1,"password":"x"#, &lines), lines);
    assert_eq!(claimed(body, r#"password="x"#, &lines), lines);
    let single = Body::Quoted { quote: crate::format::quote::quote_at(b"'", 0) };
    assert_eq!(claimed(single, "password='x", &lines)[0], "#");
    assert_eq!(claimed(body, r#"{"password":"x"#, &[r#"{"a": y"#]), [r#"#"a": y"#]);
}

#[test]
fn lines_below_the_head_of_a_record_belong_to_it() {
    let first = "May  1 10:00:00 host app[7]: x: |";
    for (lines, expected) in [
        (["  yes", "no", "  no"], ["  #", "no", "  no"]),
        (
            ["                               yes", "                             no", "   no"],
            ["                               #", "                             no", "   no"],
        ),
        (
            ["May  1 10:00:00 host app[8]: a", "  no", "May  1 10:00:00 host app[7]:   yes"],
            ["May  1 10:00:00 host app[8]: a", "  no", "May  1 10:00:00 host app[7]:   #"],
        ),
    ] {
        assert_eq!(claimed(Body::Scalar { indent: 0 }, first, &lines), expected);
    }
    let fields = ["    PRIORITY=6", "MESSAGE=  yes"];
    assert_eq!(claimed(Body::Scalar { indent: 0 }, "MESSAGE=x: |", &fields), ["    PRIORITY=6", "MESSAGE=  #"]);
}

#[test]
fn blocks_are_kept_apart_by_source_and_closed_at_the_bound() {
    let first = "[pod/a/b] x: |";
    let lines = ["[pod/c/d]   no", "[pod/a/b]   yes"];
    assert_eq!(claimed(Body::Scalar { indent: 0 }, first, &lines), ["[pod/c/d]   no", "[pod/a/b]   #"]);
    let many = vec!["  x"; MAX_LINES + 2];
    let out = claimed(Body::Scalar { indent: 0 }, "x: |", &many);
    assert_eq!(out.iter().filter(|line| line.contains('#')).count(), MAX_LINES);
}
