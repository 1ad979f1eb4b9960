//! What stands where a value would and hides nothing: null and empty values, placeholders, sentences.

use super::key::Key;
use crate::span::Span;

/// Nothing to hide: empty, or a bare null or boolean as JSON, Python, Ruby, Go and SQL write them.
pub fn is_empty_value(value: &[u8], bare: bool) -> bool {
    // What a value on the next lines begins with: an open bracket of JSON, a block scalar of YAML.
    if bare && matches!(value.trim_ascii_end(), b"{" | b"[" | b"<" | b"|" | b">" | b"|-" | b">-" | b"|+" | b">+") {
        return true;
    }
    let blank = value.iter().all(u8::is_ascii_whitespace);
    blank
        || bare
            && matches!(
                value,
                b"null"
                    | b"true"
                    | b"false"
                    | b"None"
                    | b"True"
                    | b"False"
                    | b"nil"
                    | b"NULL"
                    | b"<nil>"
                    | b"undefined"
            )
}

/// Exactly what the design calls a placeholder: `${…}`, `{{…}}`, `%s`-style verbs, `<letters>`, runs of three or more
/// `*`, `x` or `•`, `[FILTERED]`, `[REDACTED]`.
pub fn is_placeholder(value: &[u8]) -> bool {
    let inside = |open: &[u8], close: &[u8]| {
        value.len() > open.len() + close.len() && value.starts_with(open) && value.ends_with(close)
    };
    let body = |open: usize, close: usize| &value[open..value.len() - close];
    let run = |unit: &[u8]| value.len() >= 3 * unit.len() && value.chunks(unit.len()).all(|c| c == unit);
    let verb = |v: &[u8]| {
        v.len() <= 4 && v.first() == Some(&b'%') && v[1..].iter().all(|b| b"sdvqxtfT+#.-*0123456789".contains(b))
    };
    match value {
        // Parameters of statements: `?`, `$1`, `%(name)s`.
        b"?" => true,
        [b'$', digits @ ..] if !digits.is_empty() && digits.len() < 3 && digits.iter().all(u8::is_ascii_digit) => true,
        _ if inside(b"%(", b")s") => body(2, 2).iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_'),
        b"[FILTERED]" | b"[REDACTED]" => true,
        _ if inside(b"${", b"}") => !body(2, 1).contains(&b'}'),
        _ if inside(b"{{", b"}}") => !body(2, 2).windows(2).any(|w| w == b"}}"),
        _ if inside(b"<", b">") => body(1, 1).iter().all(|b| b.is_ascii_alphabetic() || b" _-".contains(b)),
        // `%22x` is an encoded quote with an x.
        _ if value.len() > 3 && value[0] == b'%' && value[1].is_ascii_hexdigit() && value[2].is_ascii_hexdigit() => {
            false
        }
        _ if value.len() >= 2 && verb(value) => value.last().is_some_and(u8::is_ascii_alphabetic),
        _ => run(b"*") || run(b"x") || run(b"X") || run("•".as_bytes()),
    }
}

/// The first of some pairs rather than a value: `credentials: AccessKeyId=…`. Only names of several words count, because
/// a value may hold an equals sign.
pub fn is_pair(text: &[u8], value: Span) -> bool {
    let word = &text[value.range()];
    let name = word.iter().take_while(|b| b.is_ascii_alphabetic() || **b == b'_').count();
    let several =
        word[..name].windows(2).any(|w| w[0].is_ascii_lowercase() && (w[1].is_ascii_uppercase() || w[1] == b'_'));
    several && word.get(name) == Some(&b'=') && word.get(name + 1).is_some_and(|b| *b != b'=')
}

/// What is said of a password in one word.
const VERDICTS: [&[u8]; 26] = [
    b"YES",
    b"NO",
    b"incorrect",
    b"required",
    b"expired",
    b"denied",
    b"missing",
    b"invalid",
    b"unknown",
    b"failed",
    b"none",
    b"ok",
    b"OK",
    b"unset",
    b"revoked",
    b"rotated",
    b"refreshed",
    b"disabled",
    b"enabled",
    // Types in signatures and schemas.
    b"string",
    b"String",
    b"str",
    b"&str",
    b"&String",
    b"String?",
    b"string?",
];

/// Words a sentence begins with.
const BEGINNINGS: [&[u8]; 42] = [
    b"must",
    b"should",
    b"is",
    b"was",
    b"are",
    b"were",
    b"has",
    b"have",
    b"had",
    b"cannot",
    b"could",
    b"does",
    b"did",
    b"not",
    b"no",
    b"the",
    b"a",
    b"an",
    b"invalid",
    b"missing",
    b"required",
    b"expired",
    b"incorrect",
    b"wrong",
    b"unknown",
    b"failed",
    b"error",
    b"unexpected",
    b"expected",
    b"too",
    b"found",
    b"unable",
    b"permission",
    b"please",
    b"unsupported",
    b"malformed",
    b"this",
    b"you",
    b"none",
    b"rpc",
    b"context",
    b"authentication",
];

/// Words that make a sentence of the word before them: `token: serviceaccounts is forbidden`.
const SECOND: [&[u8]; 15] = [
    b"is",
    b"was",
    b"are",
    b"were",
    b"has",
    b"cannot",
    b"not",
    b"failed",
    b"exceeded",
    b"denied",
    b"expired",
    b"required",
    b"found",
    b"forbidden",
    b"near",
];

/// Does a text of several words begin like a sentence: `too short`?
pub fn begins_sentence(text: &[u8]) -> bool {
    memchr::memchr(b' ', text).is_some_and(|blank| BEGINNINGS.contains(&&text[..blank]))
}

/// A sentence about a password rather than a password: `invalid password: must be at least 8 characters`.
pub fn is_prose(text: &[u8], key: &Key, value: Span) -> bool {
    let separator = memchr::memchr_iter(b':', &text[key.name.end..value.start]).count() == 1;
    let name = &text[key.name.range()];
    let word = &text[value.range()];
    // A parameter of a statement: `SET password = :password`.
    if word.strip_prefix(b":").or(word.strip_prefix(b"@")).is_some_and(|word| word.eq_ignore_ascii_case(name)) {
        return true;
    }
    if !separator {
        return false;
    }
    let behind = &text[value.end..];
    // The verdict of a test run: `--- PASS: TestLogin`, `pass: 12, fail: 0`.
    if name == b"PASS" || name == b"pass" && word.iter().all(u8::is_ascii_digit) && behind.starts_with(b", fail") {
        return true;
    }
    let word = word.strip_suffix(b",").unwrap_or(word);
    // `(using password: YES)`, as MySQL says it; `Password: incorrect`.
    if VERDICTS.contains(&word) {
        return true;
    }
    // What a parser says: `unexpected token: identifier`.
    let before = text[..key.start].trim_ascii_end();
    if name.eq_ignore_ascii_case(b"token") && (before.ends_with(b"xpected") || before.ends_with(b"near")) {
        return true;
    }
    let more = behind.len() > 1 && behind[0] == b' ' && behind[1].is_ascii_lowercase();
    if more && BEGINNINGS.contains(&word) {
        return true;
    }
    let next = behind.get(1..).unwrap_or_default();
    let next = &next[..next.iter().take(12).take_while(|b| b.is_ascii_alphabetic()).count()];
    let plain = word.len() > 2 && word.iter().all(|b| b.is_ascii_alphabetic() || b"/.-".contains(b));
    // A word with a sign in it may be a password that somebody talks of; a word of letters may be no less, but a
    // sentence is likelier by far.
    more && plain && SECOND.contains(&next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_exactly_those_of_the_design() {
        for yes in [
            "${TOKEN}",
            "{{ .Values.x }}",
            "%s",
            "%-8s",
            "<password>",
            "***",
            "xxxx",
            "•••",
            "[FILTERED]",
            "[REDACTED]",
        ] {
            assert!(is_placeholder(yes.as_bytes()), "{yes}");
        }
        for no in
            ["$TOKEN", "changeme", "test", "none", "**", "xx", "${a}b", "<a1>", "%secret", "%22x", "[X]", "hunter2", ""]
        {
            assert!(!is_placeholder(no.as_bytes()), "{no}");
        }
    }
}
