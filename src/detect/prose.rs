//! Sentences and notes about a secret where its value would stand: `password: must be at least 8 characters`,
//! `token: loaded from /run/token`, `secrets: 4 loaded`.
//!
//! Only unquoted words behind a colon are read as such, because in `key=value` and in quotes anything is a value.

use super::coded::is_coded;
use super::key::Key;
use super::vocabulary::Vocabulary;
use crate::span::Span;

/// Is what stands at `value` said about the field rather than its value?
pub fn is_prose(text: &[u8], key: &Key, value: Span) -> bool {
    let name = &text[key.name.range()];
    let rest = &text[value.start..];
    let word = &rest[..rest[..value.len()].iter().position(u8::is_ascii_whitespace).unwrap_or(value.len())];
    // A parameter of a statement: `SET password = :password`.
    if word.strip_prefix(b":").or(word.strip_prefix(b"@")).is_some_and(|word| word.eq_ignore_ascii_case(name)) {
        return true;
    }
    if is_note(rest) || is_call(word) || is_count(name, word) || is_tally(name, rest) || is_coded(text, key, value) {
        return true;
    }
    let between = &text[key.name.end..value.start];
    if memchr::memchr_iter(b':', between).count() != 1 || between.contains(&b'=') {
        return false;
    }
    let behind = &rest[word.len()..];
    if is_program(text, key, word)
        || is_absent(text, key)
        || is_place_in_file(word)
        || is_verdict_of_tests(name, word, behind)
        || is_amount(name, word, behind)
        || matches!(word, b"minimum" | b"maximum" | b"exactly") && matches!(behind, [b' ', b'0'..=b'9', ..])
    {
        return true;
    }
    // `token: 3` counts.
    if name.eq_ignore_ascii_case(b"token") && matches!(word, [b'0'..=b'9'] | [b'0'..=b'9', b',' | b';' | b'.']) {
        return true;
    }
    let (word, ends) = match word.strip_suffix(b",").or(word.strip_suffix(b";")).or(word.strip_suffix(b".")) {
        Some(word) => (word, true),
        None => (word, false),
    };
    // `(using password: YES)`, as MySQL says it; `Password: incorrect`; `session id: new`.
    if is_verdict(word) || TYPES.contains(&word) {
        return true;
    }
    if is_parsed(text, key) || is_expected(name, word, behind) {
        return true;
    }
    let more = !ends && behind.len() > 1 && behind[0] == b' ' && behind[1].is_ascii_lowercase();
    more && BEGINNINGS.has(word) || !ends && goes_on(word, behind)
}

/// What a parser says: `unexpected token: identifier`.
pub fn is_parsed(text: &[u8], key: &Key) -> bool {
    const SAYS: [&[u8]; 4] = [b"xpected", b"nrecognized", b"nrecognised", b"near"];
    let before = text[..key.start].trim_ascii_end();
    text[key.name.range()].eq_ignore_ascii_case(b"token") && SAYS.iter().any(|says| before.ends_with(says))
}

/// What a parser says in front of what it looked for: `token: expected ';'`.
fn is_expected(name: &[u8], word: &[u8], behind: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"token")
        && matches!(word, b"expected" | b"unexpected")
        && matches!(behind, [b' ', b'\'' | b'"' | b'`' | b'<' | b'(', ..])
}

/// The same for what stands bare behind a key in quotes: `"/run/token": No such file`, `"x.key": f() failed`,
/// `"secrets":3`, and types and complaints instead of values: `"password":{"type":"string"}`,
/// `"password":["is too short"]`.
pub fn is_prose_behind_quotes(text: &[u8], key: &Key, value: Span) -> bool {
    let bytes = &text[value.range()];
    let name = &text[key.name.range()];
    let rest = &text[value.start..];
    if is_count(name, bytes) || is_tally(name, rest) || is_schema(bytes) || is_complaints(bytes) {
        return true;
    }
    if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
        return false;
    }
    let word = &rest[..rest.iter().take(LONGEST_WORD).position(u8::is_ascii_whitespace).unwrap_or(0)];
    goes_on(word, &rest[word.len()..])
        || [&b"No such"[..], b"no such", b"Permission d", b"rejected value ["].iter().any(|e| rest.starts_with(e))
}

/// Bytes of a word of a sentence, and of a path in one.
const LONGEST_WORD: usize = 256;

/// The description of a field, as JSON Schema and mappings of search engines have it, without any value in it.
fn is_schema(object: &[u8]) -> bool {
    const TYPES: [&[u8]; 8] =
        [b"string\"", b"keyword\"", b"text\"", b"object\"", b"array\"", b"number\"", b"integer\"", b"boolean\""];
    const VALUES: [&[u8]; 5] = [b"\"default\"", b"\"example", b"\"const\"", b"\"enum\"", b"alue\""];
    let rest = object.strip_prefix(b"{").map(<[u8]>::trim_ascii_start).and_then(|rest| rest.strip_prefix(b"\"type\""));
    let rest = rest.map(<[u8]>::trim_ascii_start).and_then(|rest| rest.strip_prefix(b":"));
    let rest = rest.map(<[u8]>::trim_ascii_start).and_then(|rest| rest.strip_prefix(b"\""));
    rest.is_some_and(|kind| TYPES.iter().any(|name| kind.starts_with(name)))
        && object.len() < 4096
        && !VALUES.iter().any(|name| memchr::memmem::find(object, name).is_some())
}

/// A list of sentences, as validators of forms return it: `["can't be blank", "is too short"]`.
fn is_complaints(list: &[u8]) -> bool {
    let Some(inside) = list.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")) else { return false };
    let mut parts = inside.split(|b| *b == b'"');
    let mut any = false;
    // Outside and inside of quotes by turns.
    while let Some(between) = parts.next() {
        let Some(sentence) = parts.next() else { return any && between.trim_ascii().is_empty() };
        let begins = begins_sentence(sentence) || [&b"can't "[..], b"doesn't "].iter().any(|c| sentence.starts_with(c));
        if !begins || between.iter().any(|b| !b" ,".contains(b)) {
            return false;
        }
        any = true;
    }
    false
}

/// What a validator says of a field, in quotes, under `errors` or `validation`: `{"errors":{"password":"is required"}}`.
pub fn is_complaint(text: &[u8], key: &Key, value: Span) -> bool {
    let above = &text[key.start.saturating_sub(256)..key.start];
    let has = |word: &[u8]| memchr::memmem::find(above, word).is_some();
    key.quote.is_some() && begins_sentence(&text[value.range()]) && (has(b"rrors") || has(b"alidation"))
}

/// Does a text of several words begin like a sentence: `too short`?
pub fn begins_sentence(text: &[u8]) -> bool {
    memchr::memchr(b' ', text).is_some_and(|blank| BEGINNINGS.has(&text[..blank]))
}

/// What other tools write in place of a value, in brackets: `(sensitive value)`, `(known after apply)`.
fn is_note(rest: &[u8]) -> bool {
    const NOTES: [&[u8]; 14] = [
        b"sensitive value",
        b"sensitive",
        b"known after apply",
        b"redacted",
        b"hidden",
        b"masked",
        b"omitted",
        b"filtered",
        b"none",
        b"not set",
        b"unset",
        b"null",
        b"empty",
        b"unavailable",
    ];
    rest.strip_prefix(b"(").is_some_and(|inside| {
        NOTES.iter().any(|note| inside.strip_prefix(*note).is_some_and(|behind| behind.starts_with(b")")))
    })
}

/// A call in source code, which computes the value: `prompt()?;`, `self.secrets.read()`.
fn is_call(word: &[u8]) -> bool {
    let name = word.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_.:>-".contains(b)).count();
    name > 2
        && word[0].is_ascii_alphabetic()
        && word[name..].starts_with(b"()")
        && word[name + 2..].iter().all(|b| b"?;,.!)".contains(b))
}

/// How many there are of what has its name in the plural: `"secrets":3`.
fn is_count(name: &[u8], word: &[u8]) -> bool {
    is_plural(name) && !word.is_empty() && word.len() < 4 && word.iter().all(u8::is_ascii_digit)
}

/// `passwords`, `api_tokens`; not `ageInYears` or `coordinates`, whose value is a number anyway.
fn is_plural(name: &[u8]) -> bool {
    const WORDS: [&[u8]; 7] = [b"secrets", b"passwords", b"tokens", b"cookies", b"credentials", b"keys", b"sessions"];
    let ends = |word: &&[u8]| name.len() >= word.len() && name[name.len() - word.len()..].eq_ignore_ascii_case(word);
    WORDS.iter().any(ends)
}

/// The name in front of the colon is that of a program or module: `passwd[42]: password changed`,
/// `pam_unix(passwd:chauthtok)`, `com.acme:secrets:jar:1.2`, `bin/rails credentials:edit`; or of a resource of a cloud.
fn is_program(text: &[u8], key: &Key, word: &[u8]) -> bool {
    let name = &text[key.name.range()];
    let digits = name.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let numbered = digits > 0 && name[..name.len() - digits].ends_with(b"passwd[");
    let packaged = [&b"jar:"[..], b"pom:", b"war:", b"aar:"].iter().any(|kind| word.starts_with(kind));
    // `passwd: password updated successfully`; where the name service looks for users, `passwd: files systemd`.
    let reports = name == b"passwd"
        && matches!(word, b"password" | b"all" | b"files" | b"compat" | b"systemd" | b"sss" | b"winbind");
    // `zip: unpacking x.zip`: a postal code is no word.
    let reports = reports || name == b"zip" && word.len() > 3 && word.iter().all(u8::is_ascii_lowercase);
    // `arn:aws:secretsmanager:eu-west-1:123456789012:secret:db` names one.
    let resource = text[..key.start].ends_with(b":") && name == b"secret" && {
        let before = &text[key.start.saturating_sub(96)..key.start];
        let start =
            before.iter().rposition(|b| !b.is_ascii_alphanumeric() && !b":-".contains(b)).map_or(0, |at| at + 1);
        before[start..].starts_with(b"arn:aws")
    };
    numbered || packaged || reports || resource || word.starts_with(b"chauthtok")
}

/// What is not there has no value, only a name: `no such secret: db`, `missing api key: WEATHER`.
fn is_absent(text: &[u8], key: &Key) -> bool {
    let before = text[key.start.saturating_sub(32)..key.start].trim_ascii_end();
    let mut words = before.rsplit(|b| *b == b' ').take(2);
    let absent = |word: &[u8]| [&b"such"[..], b"missing"].iter().any(|one| word.eq_ignore_ascii_case(one));
    let first = words.next().unwrap_or_default();
    absent(first) || first.iter().all(u8::is_ascii_alphabetic) && words.next().is_some_and(absent)
}

/// Line and column behind the name of a file: `token.rs:42:13:`.
fn is_place_in_file(word: &[u8]) -> bool {
    let mut numbers = word.strip_suffix(b":").unwrap_or_default().split(|b| *b == b':');
    numbers.clone().count() == 2 && numbers.all(|n| (1..7).contains(&n.len()) && n.iter().all(u8::is_ascii_digit))
}

/// The verdict of a test run: `--- PASS: TestLogin`, `pass: 12, fail: 0`.
fn is_verdict_of_tests(name: &[u8], word: &[u8], behind: &[u8]) -> bool {
    let number = word.strip_suffix(b",").unwrap_or(word);
    name == b"PASS"
        || name == b"pass"
            && number.iter().all(u8::is_ascii_digit)
            && (number.len() < 3 || behind.starts_with(b", fail") || behind.starts_with(b" fail"))
}

/// What a test run counts: `pass=12 fail=0`, `"pass":12,"fail":0`.
fn is_tally(name: &[u8], rest: &[u8]) -> bool {
    let digits = rest.iter().take(7).take_while(|b| b.is_ascii_digit()).count();
    let behind = rest[digits..].trim_ascii_start();
    let behind = behind.strip_prefix(b",").map_or(behind, <[u8]>::trim_ascii_start);
    let behind = behind.strip_prefix(b"\"").unwrap_or(behind);
    let next = &behind[..behind.len().min(4)];
    (1..7).contains(&digits)
        && name.eq_ignore_ascii_case(b"pass")
        && [&b"fail"[..], b"skip", b"warn"].iter().any(|word| next.eq_ignore_ascii_case(word))
}

/// A number and what it counts, or a status of HTTP: `password: 16 bytes`, `pin: 3 attempts left`, `token: 401 Unauthorized`.
fn is_amount(name: &[u8], word: &[u8], behind: &[u8]) -> bool {
    if word.is_empty() || word.len() > 7 || !word.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let behind = behind.strip_prefix(b" ").unwrap_or_default();
    let unit = &behind[..behind.iter().take(16).take_while(|b| b.is_ascii_alphabetic()).count()];
    // The next field: `{Otp:123456 Active:true}`.
    if matches!(behind.get(unit.len()), Some(b':' | b'=')) {
        return false;
    }
    let plural = is_plural(name) && word.len() < 4;
    let status = word.len() == 3 && matches!(word[0], b'4' | b'5');
    unit.first().is_some_and(u8::is_ascii_lowercase) && UNITS.has(unit)
        || plural && unit.first().is_some_and(u8::is_ascii_lowercase)
        || status && STATUSES.has(unit)
}

/// A plain word, and behind it one that makes a sentence of both: `serviceaccounts is forbidden`, `loaded from vault`,
/// `serviceaccounts "default" not found`.
fn goes_on(word: &[u8], behind: &[u8]) -> bool {
    let word = word.strip_suffix(b"()").unwrap_or(word);
    let plain = word.len() > 2 && word.iter().all(|b| b.is_ascii_alphabetic() || b"/.-_".contains(b));
    let Some(next) = behind.strip_prefix(b" ").filter(|_| plain) else { return false };
    // What is quoted in between is a name.
    let quoted = next[crate::slashes::leading(next)..].strip_prefix(b"\"");
    let close = |inside: &[u8]| inside.iter().take(96).position(|b| *b == b'"');
    let next = match quoted.and_then(|inside| Some(&inside[close(inside)? + 1..])) {
        Some(behind) => behind.trim_ascii_start(),
        None => next,
    };
    let next = &next[..next.iter().take(16).take_while(|b| b.is_ascii_alphabetic()).count()];
    let participle = word.ends_with(b"ed") || word.ends_with(b"ing") || word == b"read" || word == b"found";
    // A word with a sign in it may be a password that somebody talks of; a word of letters may be no less, but a
    // sentence is likelier by far.
    SECOND.has(next) || participle && PREPOSITIONS.has(next)
}

/// A capital letter makes a name of it: `city: New York`, `last name: Strong`.
pub fn is_verdict(word: &[u8]) -> bool {
    let small = !word.iter().any(u8::is_ascii_uppercase);
    let shouted = !word.iter().any(u8::is_ascii_lowercase);
    (small || shouted || matches!(word, b"Yes" | b"No" | b"None")) && VERDICTS.has(word)
}

/// What is said of a password in one word; also tasks, as in `rails credentials:edit`, and where an argument is read
/// from, as in `-storepass:env`.
static VERDICTS: Vocabulary = Vocabulary::new(
    "- n/a yes no incorrect required expired denied missing invalid unknown failed none ok unset revoked rotated \
    refreshed disabled enabled new set changed updated loaded hidden masked redacted omitted filtered absent present provided \
    accepted rejected verified malformed mismatch mismatched negotiated passed allowed granted created deleted removed renewed \
    generated weak strong unavailable pending sent skipped ignored cleared reset undefined available unchanged encrypted \
    queued delivered bounced opened scheduled unbekannt keine keiner nicht inconnu inconnue aucun aucune desconocido desconocida ninguno ninguna sconosciuto nessuno \
    desconhecido nenhum onbekend geen brak nieznany yok нет неизвестно 无 無 未知 不明 なし 없음 edit show list create rotate revoke refresh update delete setup generate env file stdin read write manage view",
);

/// Types in signatures and schemas.
const TYPES: [&[u8]; 7] = [b"string", b"String", b"str", b"&str", b"&String", b"String?", b"string?"];

/// Words a sentence begins with.
static BEGINNINGS: Vocabulary = Vocabulary::new(
    "must should is was are were has have had cannot could does did not no the a an invalid missing required \
    expired incorrect wrong unknown failed error unexpected expected too found unable permission please unsupported malformed \
    this you none see rpc context authentication valid using read rejects accepts validates returns requires throws handles \
    prompting waiting checking loading reading fetching refreshing verifying updating rotating skipping ignoring unauthorized",
);

/// Words that make a sentence of the word before them.
static SECOND: Vocabulary = Vocabulary::new(
    "is was are were has cannot not failed exceeded denied expired required found forbidden near mismatch wrong \
    invalid missing verification rejected unavailable refused",
);

/// Words that make a sentence of a participle before them: `loaded from`, `sent by`.
static PREPOSITIONS: Vocabulary = Vocabulary::new("from for by at via until in on to as successfully");

/// What numbers count.
static UNITS: Vocabulary = Vocabulary::new(
    "bytes byte chars characters attempts attempt tries retries left remaining loaded entries days hours minutes \
    seconds ms items found active total files rows records lines requests users",
);

/// What stands behind a status of HTTP.
static STATUSES: Vocabulary = Vocabulary::new(
    "unauthorized forbidden not bad internal too service gateway payment conflict gone method request unprocessable",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::key;

    fn says(text: &str) -> bool {
        let separator = text.find([':', '=']).expect("a separator");
        let key = key::before(text.as_bytes(), separator).expect("a key");
        let start = separator + 1 + usize::from(text[separator + 1..].starts_with(' '));
        let end = text[start..].find(' ').map_or(text.len(), |blank| start + blank);
        is_prose(text.as_bytes(), &key, Span::new(start, end))
    }

    #[test]
    fn what_is_said_of_a_secret_is_none() {
        for text in [
            "password: must be at least 8 characters",
            "token: loaded from /run/token",
            "secrets: 4 loaded",
            "password: 16 bytes",
            "password: minimum 8 characters",
            "pin: 3 attempts left",
            "token: 401 Unauthorized",
            "token: serviceaccounts \"default\" not found",
            "session id: new",
            "password = (sensitive value)",
            "password = prompt()?;",
            "credentials:edit",
            "jwt: signature verification failed",
            "passwd: files systemd",
            "zip: unpacking x.zip",
            "token: expected ';'",
            "token: see docs",
            "no such secret: db",
            "Missing api key: WEATHER",
        ] {
            assert!(says(text), "{text}");
        }
    }

    #[test]
    fn descriptions_hold_no_value() {
        for object in [r#"{"type":"string","minLength":8}"#, r#"{ "type": "keyword" }"#] {
            assert!(is_schema(object.as_bytes()), "{object}");
        }
        for object in [r#"{"type":"string","default":"x"}"#, r#"{"type":"service_account"}"#, r#"{"value":"x"}"#, "{}"]
        {
            assert!(!is_schema(object.as_bytes()), "{object}");
        }
        for list in [r#"["can't be blank", "is too short"]"#, r#"["must match"]"#] {
            assert!(is_complaints(list.as_bytes()), "{list}");
        }
        for list in [r#"["hunter2"]"#, r#"["is it", "hunter2"]"#, "[]", "[1]", r#"["is it" "#] {
            assert!(!is_complaints(list.as_bytes()), "{list}");
        }
    }

    #[test]
    fn what_may_be_a_value_is_one() {
        for text in [
            "password: hunter2 is it",
            "password: 1234",
            "otp: 123456 sent to jo",
            "pin: 4021 accepted",
            "otp:123456 active:true",
            "otp:123456 Active since",
            "password: correct horse battery",
            "password=new",
            "password=loaded from",
            "token: prompt(x)",
            "password: hunted fox",
            "zip: 00000",
            "password: files systemd",
            "one is missing, password: hunter2",
        ] {
            assert!(!says(text), "{text}");
        }
    }
}
