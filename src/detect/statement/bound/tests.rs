//! What statements bind, and where it stands.

use super::*;

/// `text` with `#` for what is claimed of it, behind a statement that binds `a`, `pin`.
fn claimed(text: &str, below: bool) -> (String, Option<bool>) {
    let mut bound = Bound::default();
    bound.note(b"?", None);
    bound.note(b"now()", Some(b"no"));
    bound.note(b"$2", Some(b"pin"));
    let mut spans = Vec::new();
    let found = bound.claim(text.as_bytes(), 0, below, &mut |_, span| spans.push(span));
    (crate::block::hidden(text, &spans), found)
}

#[test]
fn values_are_known_by_their_place() {
    for (text, expected) in [
        ("[generated in 0.1s] ('x', 'a, b')", "[generated in 0.1s] ('x', '#')"),
        ("INFO x [generated in 0.1s] ('x', 'a')", "INFO x [generated in 0.1s] ('x', '#')"),
        ("[cached since 1s ago] [(1, 'a'), (2, b'c')]", "[cached since 1s ago] [(1, '#'), (2, b'#')]"),
        ("[raw sql] [('x', 'a')  ... 9 more ...  ('y', 'b')]", "[raw sql] [('x', '#')  ... 9 more ...  ('y', '#')]"),
        ("('x', \"it's\")", "('x', \"#\")"),
        ("==> Parameters: x(String), a(b)(String)", "==> Parameters: x(String), #(String)"),
        ("==> Parameters: null, 12(Long)", "==> Parameters: null, #(Long)"),
        ("==> Parameters: x(String), a), b(String)", "==> Parameters: #"),
        ("Parameters: 1(Long), a(String)", "Parameters: 1(Long), #(String)"),
        ("binding parameter (2:VARCHAR) <- [a]]", "binding parameter (2:VARCHAR) <- [#]"),
        ("binding parameter [2] as [VARCHAR] - [a]", "binding parameter [2] as [VARCHAR] - [#]"),
        ("binding parameter [1] as [VARCHAR] - [a]", "binding parameter [1] as [VARCHAR] - [a]"),
    ] {
        assert_eq!(claimed(text, true).0, expected);
    }
    for (text, expected) in [
        (r#" -- PARAMETERS: ["x","a\"b"]"#, r##" -- PARAMETERS: ["x","#"]"##),
        (r#" RETURNING "id"; ["x",12]"#, r#" RETURNING "id"; ["x",#]"#),
        (r#"; "x", "a, b", 7"#, r##"; "x", "#", 7"##),
        (r#"; \"x\", 12"}"#, r#"; \"x\", #"}"#),
        (r#"","args":["x","a"],"n":[1,2]}"#, r##"","args":["x","#"],"n":[1,2]}"##),
        (
            r#" (parameters: array{"1":"x","2":"a"}, types: array{"1":2,"2":2})"#,
            r##" (parameters: array{"1":"x","2":"#"}, types: array{"1":2,"2":2})"##,
        ),
        (r#"\",\"params\":[null,\"a\"]"#, r##"\",\"params\":[null,\"#\"]"##),
    ] {
        assert_eq!(claimed(text, false), (expected.to_owned(), Some(false)));
    }
}

#[test]
fn conditions_and_assignments_name_their_parameters() {
    let of = |text: &str| {
        let mut bound = Bound::default();
        let end = bound.conditions(text.as_bytes(), &|name| name.ends_with(b"pin"));
        let names =
            bound.0.iter().map(|name| name.as_deref().map_or("-", |name| std::str::from_utf8(name).expect("text")));
        (names.collect::<Vec<_>>().join(" "), end)
    };
    assert_eq!(of("UPDATE u SET pin=?, a = ? WHERE u.pin != %s"), ("pin - u.pin".to_owned(), Some(43)));
    assert_eq!(of("SELECT 1 FROM u WHERE \"pin\" IN ($2) LIMIT $1;"), ("- pin".to_owned(), Some(44)));
    assert_eq!(of("WHERE pin LIKE ? AND a = 'x?'"), ("pin".to_owned(), Some(16)));
    for text in ["GET /a?pin=1", "what is it? $1", "pin = ?", "WHERE a = 'b?'", ""] {
        assert_eq!(of(text).1, None, "{text}");
    }
}

#[test]
fn other_lists_stay() {
    for text in
        ["took [1, 2]", "items (a, b)", "[generated in 0.1s] ('x',)", "[pool] ('x', 'a')", "", "params: [1, 2, 3]", "("]
    {
        assert_eq!(claimed(text, true), (text.to_owned(), None));
    }
    assert_eq!(claimed(" ('x', 'a')", false), (" ('x', 'a')".to_owned(), None));
}
