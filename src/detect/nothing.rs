//! What stands where a value would and hides nothing: null and empty values, placeholders. (Sentences: `prose`.)

use super::vocabulary::Vocabulary;
use super::wrapped::type_before_braces;
use crate::block::open::is_block_head;
use crate::span::Span;

/// Nothing to hide: empty, or a bare null or boolean as JSON, YAML, Python, Ruby, Go and SQL write them.
pub fn is_empty_value(value: &[u8], bare: bool) -> bool {
    // What a value on the next lines begins with: an open bracket of JSON, a block scalar of YAML.
    if bare
        && (matches!(value.trim_ascii_end(), b"{" | b"[" | b"(" | b"<")
            || is_block_head(value.trim_ascii_end())
            || is_wrapper(value))
    {
        return true;
    }
    // Ruby's last variable of an object, `@token=nil>`, and what Rust's `secrecy` prints.
    let value = value.strip_suffix(b">").filter(|value| bare && *value == b"nil").unwrap_or(value);
    let hidden =
        [&b"Secret([REDACTED"[..], b"SecretBox<", b"SecretString([REDACTED"].iter().any(|it| value.starts_with(it));
    if bare && hidden && memchr::memmem::find(value, b"([REDACTED").is_some() {
        return true;
    }
    // A pointer, a slice or a map of Go without anything: `(*string)(nil)`.
    if bare
        && value.ends_with(b"(nil)")
        && [&b"(*"[..], b"[]", b"map[", b"interface {}"].iter().any(|it| value.starts_with(it))
    {
        return true;
    }
    let blank = value.iter().all(u8::is_ascii_whitespace) || bare && (is_empty_list(value) || is_type_of_go(value));
    // The value is in the next line: `PASSWORD=\` of a shell.
    blank
        || bare && value == b"\\"
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
                    | b"~"
            )
}

/// A list, an object or a map without anything: `[]`, `{ }`, `map[]`.
fn is_empty_list(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"map").unwrap_or(value);
    matches!(value, [b'[', inside @ .., b']'] | [b'{', inside @ .., b'}'] if inside.iter().all(u8::is_ascii_whitespace))
}

/// An object that says of a field only whether: `{"verified":true,"primary":false}`. JSON of one level, in a string or not.
pub fn is_switches(object: &[u8]) -> bool {
    let Some(inside) = object.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}")) else { return false };
    inside.len() < 256
        && inside.split(|b| *b == b',').all(|member| {
            let Some(colon) = member.iter().position(|b| *b == b':') else { return false };
            let (name, value) = (member[..colon].trim_ascii(), member[colon + 1..].trim_ascii());
            let name = name.iter().filter(|b| !matches!(b, b'"' | b'\\' | b'_'));
            name.clone().count() > 0
                && name.clone().all(u8::is_ascii_alphabetic)
                && matches!(value, b"true" | b"false" | b"null")
        })
}

/// Does the key of a member of an object say something about the value that this holds, rather than hold it: `ttl`, `secretName`? Its
/// last word tells.
pub fn is_about(member: &[u8]) -> bool {
    static ABOUT: Vocabulary = Vocabulary::new(
        "name names type kind mode path paths file files ref refs ttl exp expiry expires expiration expire in at duration lifetime \
        age timeout interval period days hours minutes seconds length size min max minimum maximum count limit retries attempts \
        domain domains secure httponly only samesite site issuer iss audience aud algorithm alg hash scope scopes driver provider \
        enabled disabled required optional header headers prefix suffix format encoding charset url uri endpoint host hostname port \
        region zone user username realm role roles id ids version description comment policy rotation method store storage source \
        strategy engine backend class",
    );
    let start = |at: &usize| {
        let (before, byte) = (member[at - 1], member[*at]);
        b"_-.".contains(&before) || byte.is_ascii_uppercase() && before.is_ascii_lowercase()
    };
    let last = (1..member.len()).rev().find(start).unwrap_or(0);
    member.len() < 64 && ABOUT.has(&member[last..])
}

/// What programs write in place of a value: Rails, Kafka's client settings, Spring, Sentry, and JavaScript of an object.
const WRITTEN: [&[u8]; 9] = [
    b"[FILTERED]",
    b"[REDACTED]",
    b"[hidden]",
    b"[PROTECTED]",
    b"[Filtered]",
    b"[redacted]",
    b"[filtered]",
    b"[MASKED]",
    b"[Object]",
];

/// Is `text` what a program writes in place of a value?
pub fn is_written(text: &[u8]) -> bool {
    WRITTEN.contains(&text)
}

/// Does `text` begin with what a program writes in place of a value?
pub fn begins_written(text: &[u8]) -> bool {
    WRITTEN.iter().any(|written| text.starts_with(written))
}

/// What kubectl prints of a variable whose value is elsewhere: `<set to the key 'password' in secret 'db'>`.
fn is_reference(inside: &[u8]) -> bool {
    inside.starts_with(b"set to the key '") && !inside.contains(&b'<')
}

/// What Rust and Go print in front of a value that stands in the next lines: `Some(`, `[]byte{`, `map[string]string{`,
/// `([]uint8) (len=6) {`.
pub fn is_wrapper(value: &[u8]) -> bool {
    let value = value.trim_ascii_end();
    let Some(kind) = value.strip_suffix(b"{") else {
        return [&b"Some("[..], b"Ok(", b"Secret(", b"SecretString(", b"Zeroizing("].contains(&value);
    };
    // A structure is called by its package.
    let named = !kind.starts_with(b"&") || kind.contains(&b'.');
    named && !kind.is_empty() && type_before_braces(value) == kind.len() || is_sized(kind)
}

/// `([]uint8) (len=6 cap=6) `: a type and a size, as Go's spew prints them in front of the values.
fn is_sized(text: &[u8]) -> bool {
    let Some(end) = text.iter().position(|b| *b == b' ').filter(|end| is_type_of_go(&text[..*end])) else {
        return false;
    };
    let size = text[end + 1..].strip_prefix(b"(len=").and_then(|size| size.strip_suffix(b") "));
    size.is_some_and(|size| size.iter().all(|b| b.is_ascii_alphanumeric() || b" =".contains(b)))
}

/// `([]uint8)`, `(map[string]string)`: a type in brackets.
fn is_type_of_go(value: &[u8]) -> bool {
    let inside = value.strip_prefix(b"(").and_then(|inside| inside.strip_suffix(b")")).unwrap_or_default();
    (inside.starts_with(b"[]") || inside.starts_with(b"map["))
        && inside.iter().all(|b| b.is_ascii_alphanumeric() || b"[]*._".contains(b))
}

/// Exactly what the design calls a placeholder: `${…}`, `{{…}}`, `%s`-style verbs, `<letters>`, runs of three or more
/// `*`, `x` or `•`, `[FILTERED]`, `[REDACTED]` and kin.
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
        // Parameters of statements: `?`, `$1`, `%(name)s`; of Symfony's configuration: `%env(NAME)%`.
        b"?" => true,
        [b'$', digits @ ..] if !digits.is_empty() && digits.len() < 3 && digits.iter().all(u8::is_ascii_digit) => true,
        _ if inside(b"%(", b")s") => body(2, 2).iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_'),
        _ if inside(b"%env(", b")%") => body(5, 2).iter().all(|b| b.is_ascii_alphanumeric() || b"_:".contains(b)),
        _ if is_written(value) || is_object_of_java(value) => true,
        // Of GitHub's workflows, `${{ secrets.X }}`.
        _ if inside(b"${{", b"}}") => !body(3, 2).contains(&b'}'),
        _ if inside(b"${", b"}") => !body(2, 1).contains(&b'}'),
        _ if inside(b"{{", b"}}") => !body(2, 2).windows(2).any(|w| w == b"}}"),
        _ if inside(b"<", b">") => {
            let body = body(1, 1);
            body.iter().all(|b| b.is_ascii_alphabetic() || b" _-".contains(b)) || is_reference(body)
        }
        // `%22x` is an encoded quote with an x.
        _ if value.len() > 3 && value[0] == b'%' && value[1].is_ascii_hexdigit() && value[2].is_ascii_hexdigit() => {
            false
        }
        _ if value.len() >= 2 && verb(value) => value.last().is_some_and(u8::is_ascii_alphabetic),
        _ => run(b"*") || run(b"x") || run(b"X") || run("•".as_bytes()),
    }
}

/// What Java prints of an object that says nothing of itself: its class, `@` and a hash code (`Object.toString`).
fn is_object_of_java(value: &[u8]) -> bool {
    let hash = value.iter().rev().take(9).take_while(|b| **b != b'@').count();
    let Some((class, [b'@', hash @ ..])) = value.split_at_checked(value.len().saturating_sub(hash + 1)) else {
        return false;
    };
    let is_hash = |hash: &[u8]| hash.iter().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
    // An array of bytes or characters.
    if matches!(class, b"[B" | b"[C") {
        return !hash.is_empty() && is_hash(hash);
    }
    let Some(dot) = class.iter().rposition(|b| *b == b'.') else { return false };
    let mut packages = class[..dot].split(|b| *b == b'.');
    let package = |name: &[u8]| !name.is_empty() && name.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    (4..=8).contains(&hash.len())
        && is_hash(hash)
        && packages.clone().count() > 1
        && packages.all(package)
        && class[dot + 1..].first().is_some_and(u8::is_ascii_uppercase)
        && class[dot + 1..].iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'$' | b'_'))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_hides_nothing() {
        for yes in [
            "",
            " ",
            "null",
            "[]",
            "{}",
            "[ ]",
            "map[]",
            "[]byte{",
            "&main.Auth{",
            "([]uint8)",
            "([]a.B) (len=1 cap=2) {",
        ] {
            assert!(is_empty_value(yes.as_bytes(), true), "{yes}");
        }
        for no in ["[0]", "{[]}", "[]x", "map", "{a}", "][", "&a{", "a.b{", "(a)", "(a) (len=1) {"] {
            assert!(!is_empty_value(no.as_bytes(), true), "{no}");
        }
        assert!(!is_empty_value(b"[]", false));
    }

    #[test]
    fn members_about_a_value_hold_none() {
        for yes in ["ttl", "secretName", "default_mode", "max-age", "HttpOnly"] {
            assert!(is_about(yes.as_bytes()), "{yes}");
        }
        for no in ["", "old", "jo", "refresh", "typed", "name_a", "key"] {
            assert!(!is_about(no.as_bytes()), "{no}");
        }
    }

    #[test]
    fn switches_hold_no_value() {
        for yes in [r#"{"verified":true}"#, r#"{ "is_set": false, "expired": null }"#, r#"{\"verified\":true}"#] {
            assert!(is_switches(yes.as_bytes()), "{yes}");
        }
        for no in
            ["{}", r#"{"n":1}"#, r#"{"a":"true"}"#, r#"{"a":{"b":true}}"#, r#"{"hunter2":true}"#, "[true]", "{true}"]
        {
            assert!(!is_switches(no.as_bytes()), "{no}");
        }
    }

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
            "[hidden]",
            "<set to the key 'p-1' in secret 'db'>",
            "android.os.BinderProxy@2bd79ce",
            "com.acme.Session$Token@7852e922",
            "[B@1a2b3c",
            "%env(DB_PASSWORD)%",
        ] {
            assert!(is_placeholder(yes.as_bytes()), "{yes}");
        }
        for no in
            ["$TOKEN", "changeme", "test", "none", "**", "xx", "${a}b", "<a1>", "%secret", "%22x", "[X]", "hunter2", ""]
                .into_iter()
                .chain([
                    "os.Proxy@2bd79ce",
                    "a.b.Proxy@2BD79CE",
                    "a.b.proxy@2bd79ce",
                    "@2bd79ce",
                    "a..B@2bd79ce",
                    "[B@xyz",
                    "[X@1a2b",
                ])
        {
            assert!(!is_placeholder(no.as_bytes()), "{no}");
        }
    }
}
