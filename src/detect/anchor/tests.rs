use super::{anchors, required};
use regex_automata::meta::Regex;

/// Pattern, anchors, required literals.
const TABLE: &[(&str, &[&str], &[&str])] = &[
    (r"AKIA[A-Z0-9]{16}", &["AKIA"], &["AKIA"]),
    (r"\b(?<secret>ord_[a-z0-9]{24})\b", &["ord_"], &["ord_"]),
    (r"(?-u:\b)(?:AKIA|ASIA)[A-Z2-7]{16}", &["AKIA", "ASIA"], &["AKIA", "ASIA"]),
    (r"^token=\d+", &["token="], &["token="]),
    (
        r"(?:sk|rk)_(?:live|test)_\w+",
        &["rk_live_", "rk_test_", "sk_live_", "sk_test_"],
        &["rk_live_", "rk_test_", "sk_live_", "sk_test_"],
    ),
    (
        r"(?i)key:\w+",
        &["KEY:", "KEy:", "KeY:", "Key:", "kEY:", "kEy:", "keY:", "key:"],
        &["KEY:", "KEy:", "KeY:", "Key:", "kEY:", "kEy:", "keY:", "key:"],
    ),
    (r"xox[bp]-[0-9]+", &["xoxb-", "xoxp-"], &["xoxb-", "xoxp-"]),
    (r"a[a-z]+", &[], &[]),
    (r"[a-z]+", &[], &[]),
    (r"(?:foo)?bar_baz", &["bar_baz", "foobar_baz"], &["bar_baz"]),
    (r"(?:^|[^a-z])glpat-(?<secret>\w{20})", &[], &["glpat-"]),
    (r"[a-z]{2}://[^:]+:(?<secret>\S+)@db", &[], &["://"]),
    (r"\d+(?:foo1|\s+barbar)x", &[], &["barbar", "foo1"]),
    (r"(?:abcd\w)+", &["abcd"], &["abcd"]),
    (r"(?:abcd|abcdef)\w", &["abcd"], &["abcd"]),
    (r"abc\xff\w", &["abc"], &["abc"]),
    (r"key é=\w", &["key é="], &["key é="]),
    (r"South Africa(?:n? ID|n? Id|n? iD|-ID)=", &["South Afri"], &["South Africa"]),
];

#[test]
fn table() {
    for (pattern, begin, hold) in TABLE {
        assert_eq!(anchors(pattern), *begin, "anchors of {pattern}");
        assert_eq!(required(pattern), *hold, "required of {pattern}");
    }
}

#[test]
fn many_spellings_are_cut_not_dropped() {
    let found = anchors(r"(?i)authorization:\s*\w+");
    let fits = |literal: &String| "authorization".starts_with(&literal.to_lowercase());
    assert!(!found.is_empty() && found.len() <= 128 && found.iter().all(fits));
}

#[test]
fn every_match_begins_with_an_anchor_and_holds_a_required_literal() {
    let texts = "x AKIAABCDEFGHIJKLMNOP y|sk_live_abc rk_test_9|KEY:abc key:def kEy:x|foobar_baz bar_baz|token=12|\
        12foo1x 3  barbarx me@corp.io| glpat-abcdefghij0123456789 ab://u:p@db|abcd1abcd2|abcdefg abcdx|xoxb-12 xoxp-3";
    for (pattern, begin, hold) in TABLE {
        let Ok(regex) = Regex::builder()
            .syntax(regex_automata::util::syntax::Config::new().unicode(false).utf8(false))
            .build(pattern)
        else {
            continue;
        };
        for text in texts.split('|') {
            for found in regex.find_iter(text) {
                let found = &text[found.range()];
                assert!(begin.is_empty() || begin.iter().any(|l| found.starts_with(l)), "{pattern} on {found}");
                assert!(hold.is_empty() || hold.iter().any(|l| found.contains(l)), "{pattern} on {found}");
            }
        }
    }
}

#[test]
fn large_patterns_end() {
    let wide = "(?:".to_owned() + &vec!["[a-z]{3}x"; 500].join("|") + ")";
    assert!(anchors(&wide).is_empty());
    let _ = required(&"[a-f]x".repeat(2000));
    let _ = anchors(r"(?:(?:[a-z]{1,30}x){1,30}y){1,30}");
}
