use super::*;
use proptest::prelude::*;

fn literals(secrets: &[&str]) -> Literals {
    let mut literals = Literals::default();
    for secret in secrets {
        literals.add(secret.as_bytes()).expect("strong enough");
    }
    literals
}

/// The text with what was found taken out.
fn without(literals: &Literals, text: &str) -> String {
    let mut spans = Vec::new();
    literals.find(text.as_bytes(), |span| spans.push(span));
    spans.sort_unstable();
    let (mut out, mut copied) = (Vec::new(), 0);
    for span in spans {
        if span.start >= copied {
            out.extend_from_slice(&text.as_bytes()[copied..span.start]);
            out.push(b'*');
        }
        copied = copied.max(span.end);
    }
    out.extend_from_slice(&text.as_bytes()[copied..]);
    String::from_utf8_lossy(&out).into_owned()
}

#[test]
fn a_secret_is_found_in_every_spelling() {
    let all = literals(&[
        "p@ss w0rd/\"quotedtext\"&<1>",
        "hunter2-magpie",
        "correct-horsebattery",
        "ключ-секрет",
        "a\"b$c'd&",
    ]);
    for text in [
        "hunter2-magpie",
        "correct%2Dhorsebattery",
        "correct%252dhorsebattery",
        "68756e746572322d6d6167706965",
        "68756E746572322D6D6167706965",
        "aHVudGVyMi1tYWdwaWU=",
        "aHVudGVyMi1tYWdwaWU",
        "p@ss w0rd/\"quotedtext\"&<1>",
        "p%40ss%20w0rd%2F%22quotedtext%22%26%3C1%3E",
        "p%40ss+w0rd%2f%22quotedtext%22%26%3c1%3e",
        "p%2540ss%2520w0rd%252F%2522quotedtext%2522%2526%253C1%253E",
        r#"p@ss w0rd/\"quotedtext\"&<1>"#,
        r#"p@ss w0rd\/\"quotedtext\"\u0026\u003c1\u003e"#,
        r#"p@ss w0rd\\/\\\"quotedtext\\\"\\u0026\\u003c1\\u003e"#,
        r"p\u0040ss w0rd/\u0022quotedtext\u0022&<1>",
        "p@ss w0rd/&quot;quotedtext&quot;&amp;&lt;1&gt;",
        "p&#64;ss w0rd/&#34;quotedtext&#x22;&#38;&#60;1&#62;",
        "p@ss w0rd/&amp;quot;quotedtext&amp;quot;&amp;amp;&amp;lt;1&amp;gt;",
        r#"p\x40ss\x20w0rd/\"quotedtext\"&<1>"#,
        r#"p\@ss\ w0rd/\"quotedtext\"\&\<1\>"#,
        "ключ-секрет",
        r"\u043a\u043b\u044e\u0447-\u0441\u0435\u043a\u0440\u0435\u0442",
        "%D0%BA%D0%BB%D1%8E%D1%87-%D1%81%D0%B5%D0%BA%D1%80%D0%B5%D1%82",
        "a\"b$c'd&",
        r#"a\"b$c'd&"#,
        r#"a\"b$c'd\u0026"#,
        "a%22b%24c%27d%26",
        "a&quot;b$c&#39;d&amp;",
        r#"a"b$c'\''d&"#,
        r#"a\"b\$c\'d\&"#,
    ] {
        assert_eq!(without(&all, &format!("<{text}.")), "<*.", "{text}");
        assert_eq!(without(&all, text), "*", "{text}");
    }
}

#[test]
fn base64_is_found_at_each_place_with_what_it_shares_with_its_neighbours() {
    let all = literals(&["hunter2-magpie", "k?>k?>k?>~~~"]);
    for secret in ["hunter2-magpie", "k?>k?>k?>~~~"] {
        for before in ["", "x", "xy", "xyz", "user:"] {
            for after in ["", "\n", "ab", "abc"] {
                let whole = format!("{before}{secret}{after}");
                for text in [
                    data_encoding::BASE64.encode(whole.as_bytes()),
                    data_encoding::BASE64URL_NOPAD.encode(whole.as_bytes()),
                    data_encoding::BASE64
                        .encode(whole.as_bytes())
                        .replace('+', "%2B")
                        .replace('/', "%2F")
                        .replace('=', "%3D"),
                    data_encoding::BASE64.encode(whole.as_bytes()).replace('/', "\\/"),
                ] {
                    let left = without(&all, &text);
                    assert!(left.contains('*'), "{text}");
                    assert!(left.len() <= before.len() * 4 / 3 + 1 + (after.len() + 2) * 4 / 3 * 3, "{text} {left}");
                }
            }
        }
    }
}

#[test]
fn prefixes_and_overlaps_are_all_found() {
    let both = literals(&["sk-live", "sk-live-12345", "this is the end", "en foobar", "aab1"]);
    assert_eq!(without(&both, "x sk-live-12345 y sk-live z"), "x * y * z");
    assert_eq!(without(&both, "this is the en foobar this is the end"), "this is the * *");
    assert_eq!(without(&literals(&["ababc"]), "abababc"), "ab*");
    assert_eq!(without(&both, "this is the end foobar"), "* foobar");
    assert_eq!(without(&literals(&["is the end", "end foobar"]), "this is the end foobar"), "this *");
}

#[test]
fn a_secret_of_several_lines_is_found_by_the_line_and_on_one() {
    let all = literals(&["first-line-1\r\nab\nthird-line-3\n"]);
    for text in ["x first-line-1", "third-line-3\r", "  third-line-3"] {
        assert!(without(&all, text).contains('*'), "{text}");
    }
    for text in [
        r"first-line-1\nab\nthird-line-3",
        r"first-line-1\r\nab\r\nthird-line-3",
        r"first-line-1\\nab\\nthird-line-3",
        "first-line-1 ab third-line-3",
        "first-line-1%0Aab%0D%0Athird-line-3",
    ] {
        assert_eq!(without(&all, text), "*", "{text}");
    }
}

#[test]
fn ten_thousand_of_one_kind_keep_apart() {
    let names: Vec<String> = (0..10_000).map(|n| format!("sk_live_4eC39HqLyjWDarjtT1zdp7dc{n:04}end")).collect();
    let all = literals(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(all.len(), 10_000);
    for name in names.iter().step_by(97) {
        assert_eq!(without(&all, &format!("key {name} used")), "key * used");
    }
    assert_eq!(without(&all, "key sk_live_4eC39HqLyjWDarjtT1zdp7dcXend"), "key sk_live_4eC39HqLyjWDarjtT1zdp7dcXend");
}

#[test]
fn what_is_weak_is_refused_and_twice_is_once() {
    let mut all = Literals::default();
    assert_eq!(all.add(b" ab \n"), Err(Weak::Short));
    assert_eq!(all.add(b"true"), Err(Weak::Common));
    assert_eq!(all.add(b" hunter2\n"), Ok(()));
    assert_eq!(all.add(b"hunter2"), Ok(()));
    assert_eq!((all.len(), all.bytes()), (1, 7));
    assert!(!format!("{all:?}").contains("hunter2"));
}

fn each<T>(units: impl Iterator<Item = T>, spell: impl Fn(T) -> String) -> String {
    units.map(spell).collect::<Vec<_>>().concat()
}

/// Escapes each character in a way drawn for it.
fn spelled(secret: &str, ways: &[u8]) -> String {
    secret
        .chars()
        .zip(ways.iter().cycle())
        .map(|(c, way)| {
            let unreserved = c.is_ascii_alphanumeric() || "-._~".contains(c);
            let percent = || each(c.to_string().bytes(), |b| format!("%{b:02X}"));
            let code = c as u32;
            match way % 8 {
                _ if unreserved => c.to_string(),
                1 => percent(),
                2 => percent().to_lowercase(),
                3 => percent().replace('%', "%25"),
                4 => each(c.encode_utf16(&mut [0; 2]).iter(), |u| format!("\\u{u:04x}")),
                5 => format!("&#{code};"),
                6 => format!("&#x{code:X};"),
                7 if c.is_ascii() => format!("\\x{code:02x}"),
                _ if c == '"' || c == '\\' => format!("\\{c}"),
                _ => c.to_string(),
            }
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn escapes_may_be_mixed(
        core in "[a-zA-Z0-9._~-]{8,20}", head in "[ -~é😀]{0,6}", tail in "[ -~é😀]{0,6}", ways in prop::collection::vec(any::<u8>(), 1..12),
        before in "[ a-z]{0,9}",
    ) {
        let secret = format!("x{head}{core}{tail}x");
        let mut all = Literals::default();
        prop_assume!(all.add(secret.as_bytes()).is_ok());
        let text = format!("{before}{}", spelled(&secret, &ways));
        let mut found = Vec::new();
        all.find(text.as_bytes(), |span| found.push(span));
        let whole = Span::new(before.len(), text.len());
        prop_assert!(found.iter().any(|span| span.start <= whole.start && span.end >= whole.end), "{secret:?} in {text:?}: {found:?}");
    }

    #[test]
    fn the_raw_secret_is_always_found(secret in prop::collection::vec(any::<u8>(), 4..60), before in prop::collection::vec(any::<u8>(), 0..20), after in prop::collection::vec(any::<u8>(), 0..20)) {
        let mut all = Literals::default();
        prop_assume!(all.add(&secret).is_ok());
        let core = without_carriage_returns(secret.trim_ascii());
        prop_assume!(core.len() >= 4 && *core == *secret);
        let text = [&before[..], &core, &after].concat();
        let mut hidden = vec![false; text.len()];
        all.find(&text, |span| hidden[span.range()].fill(true));
        prop_assert!(hidden[before.len()..before.len() + core.len()].iter().all(|h| *h));
    }
}
