//! Passwords in URLs and in Oracle's connection strings.

use super::boundary::word;
use crate::detect::nothing;
use crate::slashes;
use crate::span::Span;
use crate::validate::entropy;
use memchr::memrchr;

/// The password in `scheme://user:password@host` (RFC 3986, userinfo) for the `:` of `://` at `at`; the user goes with
/// it, or alone, when it looks like a token. In `jdbc:oracle:thin:scott/tiger@…` for the `:` after `thin` or `oci`.
///
/// Passwords often hold what should have been encoded. The last `@` of the authority ends them; with a `/`, `?` or `#`
/// in them, what stands for the port is no number, and then the last `@` before a host in the token does. Placeholders
/// (`${…}`, `{{…}}`, `***`, `%s`, `[FILTERED]`) stay.
pub fn find(text: &[u8], at: usize) -> Option<Span> {
    if !text[at..].starts_with(b"://") {
        return oracle(text, at);
    }
    let start = at + 3;
    let token = &text[start..token_end(text, start, quote_before(text, at))];
    let authority = &token[..token.iter().position(|b| b"/?#".contains(b)).unwrap_or(token.len())];
    let last_host = |token: &[u8]| last_host(token, is_database(&text[..at]));
    let end = match authority.iter().rposition(|&b| b == b'@') {
        Some(end) if !other_host(token, end, last_host) => end,
        Some(_) => last_host(token)?,
        None if unencoded(authority) => last_host(token)?,
        None => return None,
    };
    let userinfo = &token[..end];
    if query_follows(userinfo) || digest(&token[end + 1..]) {
        return None;
    }
    let (user, password) = match userinfo.iter().position(|&b| b == b':') {
        Some(colon) => (&userinfo[..colon], &userinfo[colon + 1..]),
        None => (userinfo, &b""[..]),
    };
    // Symfony's `mailgun+api://KEY:DOMAIN@default`.
    let key = text[..at].ends_with(b"+api") && !placeholder(user);
    match (key || random(user), placeholder(password)) {
        (true, true) => Some(Span::new(start, start + user.len())),
        (true, false) => Some(Span::new(start, start + end)),
        (false, true) => None,
        (false, false) => Some(Span::new(start + user.len() + 1, start + end)),
    }
}

/// As [`find`], as far as there is an `@`: see [`shape::may`](super::may).
pub fn may(lines: &[u8], at: usize) -> bool {
    let token = lines[at + 1..].iter().take(LOOK_AHEAD);
    let ends = |b: &u8| matches!(b, b'"' | b'<' | b'>' | b'`' | b'|' | 0..=b' ' | 0x7f);
    let length = token.take_while(|b| !ends(b) && **b != b'@').count();
    length == LOOK_AHEAD || lines.get(at + 1 + length) == Some(&b'@')
}

/// What looks like an e-mail address at `start..end` is user or password and host of a URL or connection string. An
/// address that is itself the user (`smtp://bob@x.io:pw@host`) is one, and so is the value of a parameter
/// (`http://host&mail=bob@x.io`).
pub(super) fn is_userinfo(text: &[u8], start: usize, end: usize) -> bool {
    // 1. The last slash decides: after `://` this is an authority, after any other a path, or Oracle's user and password.
    let ends = |b: &u8| b.is_ascii_whitespace() || b.is_ascii_control() || b"\"<>`/?#".contains(b);
    let from = start.saturating_sub(LOOK_BACK);
    let Some(slash) = memrchr(b'/', &text[from..start]) else { return false };
    let before = from + slash + 1;
    // JSON may escape its slashes, with more backslashes in a string.
    let authority =
        text[..before].strip_suffix(b"/").map(slashes::without_trailing).and_then(|text| text.strip_suffix(b"/"));
    if !authority.map(slashes::without_trailing).is_some_and(|text| text.ends_with(b":")) {
        let oracle = |driver: &&[u8]| contains(&text[before.saturating_sub(64)..before], driver);
        return before == start && ORACLE.iter().any(oracle);
    }
    if text[before..start].iter().any(ends) {
        return false;
    }
    // 2. In an authority, a parameter's value and a user that is an address are e-mail addresses.
    if parameter(&text[before..start]) {
        return false;
    }
    let user = before == start && matches!(text.get(end), Some(b'@' | b':'));
    !(user && text[end..].iter().take(LOOK_BACK).take_while(|b| !ends(b)).any(|&b| b == b'@'))
}

/// `scott/tiger@` after the `:` of `jdbc:oracle:thin:` at `at`.
fn oracle(text: &[u8], at: usize) -> Option<Span> {
    if !ORACLE.iter().any(|driver| text[..=at].ends_with(driver)) {
        return None;
    }
    let start = at + 1;
    let token = &text[start..token_end(&text[..text.len().min(start + LOOK_BACK)], start, quote_before(text, at))];
    let slash = token.iter().position(|&b| b == b'/')?;
    let end = token.iter().rposition(|&b| b == b'@')?;
    let password = token.get(slash + 1..end)?;
    (!placeholder(password)).then_some(Span::new(start + slash + 1, start + end))
}

/// Where the URL that begins before `start` ends at the latest: white space, quotes, angle brackets, an escaped quote or
/// control character, or the scheme of another URL.
fn token_end(text: &[u8], start: usize, quote: Option<u8>) -> usize {
    let mut end = start;
    while end < text.len() {
        match text[end] {
            b'"' | b'<' | b'>' | b'`' | b'|' | 0..=b' ' | 0x7f => break,
            b'\'' if quote == Some(b'\'') || text.get(end + 1).is_none_or(|b| !word(*b)) => break,
            b'\\' if text.get(end + 1).is_some_and(|b| b"\"'`\\nrtu/".contains(b)) => break,
            b':' if text[end..].starts_with(b"://") => {
                let scheme = text[start..end].iter().rev().take_while(|b| scheme_byte(**b)).count();
                return end - scheme;
            }
            _ => end += 1,
        }
    }
    end
}

/// The quote directly before the scheme that ends at `at`.
fn quote_before(text: &[u8], at: usize) -> Option<u8> {
    let scheme = text[..at].iter().rev().take(64).take_while(|b| scheme_byte(**b) || **b == b':').count();
    text[..at - scheme].last().copied()
}

fn scheme_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// Something stands after the colon of an authority without `@` that is no port: the URL can be read only if it is a
/// password that goes on. `http://host:8080/a@2x` can be read.
fn unencoded(authority: &[u8]) -> bool {
    let Some(colon) = authority.iter().position(|&b| b == b':') else { return false };
    let port = &authority[colon + 1..];
    let number = port.len() <= 5 && port.iter().all(u8::is_ascii_digit);
    !number && !authority.starts_with(b"[") && !matches!(port.first(), Some(b'$' | b'{' | b'*' | b'%' | b'['))
}

/// The authority's `@` at `end` is followed by less than a host and a better one comes later: `u:p@ss/w@db.acme.io`.
fn other_host(token: &[u8], end: usize, last_host: impl Fn(&[u8]) -> Option<usize>) -> bool {
    let host = token[end + 1..].split(|b| b"/?#".contains(b)).next().unwrap_or_default();
    let plain =
        !host.is_empty() && !host.iter().any(|b| b".:[]$".contains(b)) && !host.eq_ignore_ascii_case(b"localhost");
    plain && last_host(token).is_some_and(|later| later > end && token[..end].contains(&b':'))
}

/// Does `text` end in the scheme of a database or broker? What stands behind its host is a name without `@`.
fn is_database(text: &[u8]) -> bool {
    const SCHEMES: [&[u8]; 14] = [
        b"postgres",
        b"postgresql",
        b"mysql",
        b"mysql2",
        b"mariadb",
        b"mongodb",
        b"mongodb+srv",
        b"redis",
        b"rediss",
        b"amqp",
        b"amqps",
        b"mssql",
        b"sqlserver",
        b"clickhouse",
    ];
    let scheme = text.iter().rev().take(16).take_while(|b| scheme_byte(**b)).count();
    SCHEMES.contains(&&text[text.len() - scheme..])
}

/// The last `@` in front of a host that ends there or goes on with a path: one with a dot or a port, or `localhost`; in the URL
/// of a database, in front of its parameters, any.
fn last_host(token: &[u8], database: bool) -> Option<usize> {
    let at = token.iter().rposition(|&b| b == b'@')?;
    let rest = &token[at + 1..];
    let length = rest
        .iter()
        .take(256)
        .take_while(|b| b.is_ascii_alphanumeric() || b".-_:,[]".contains(b) || !b.is_ascii())
        .count();
    let (host, path) = rest.split_at(length);
    let known =
        host.iter().any(|b| b".:[".contains(b)) || host == b"localhost" || database && !token[..at].contains(&b'?');
    (!host.is_empty() && known && !matches!(path.first(), Some(b'@' | b'$'))).then_some(at)
}

/// The user name and first digits are host and port, and a parameter follows: `host:8080&mail=bob`.
fn query_follows(userinfo: &[u8]) -> bool {
    let Some(colon) = userinfo.iter().position(|&b| b == b':') else { return parameter(userinfo) };
    let rest = &userinfo[colon + 1..];
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    (1..=5).contains(&digits) && parameter(&rest[digits..])
}

/// `…&name=…`, with one of the marks that go before parameters.
fn parameter(text: &[u8]) -> bool {
    let Some(mark) = text.iter().position(|b| b"&;,?".contains(b)) else { return false };
    let name = text[mark + 1..].iter().take_while(|b| word(**b) || **b == b'-').count();
    name > 0 && text.get(mark + 1 + name) == Some(&b'=')
}

/// `alpine:3.18@sha256:…` is an image and its digest.
fn digest(host: &[u8]) -> bool {
    host.starts_with(b"sha256:") || host.starts_with(b"sha512:")
}

/// No value, or what configuration files put in its place.
fn placeholder(password: &[u8]) -> bool {
    let run = |of: u8| password.len() >= 3 && password.iter().all(|b| *b == of);
    let verb = matches!(password, [b'%', b'a'..=b'z'] | [b'%', b'+' | b'#', b'a'..=b'z']);
    let between = |open: &[u8], close: &[u8]| {
        password.len() >= open.len() + close.len() && password.starts_with(open) && password.ends_with(close)
    };
    let dots = password.len() >= 9 && password.chunks(3).all(|c| c == "•".as_bytes());
    let braces = between(b"${", b"}") && password.iter().position(|&b| b == b'}') == Some(password.len() - 1);
    password.is_empty()
        || run(b'*')
        || run(b'x')
        || dots
        || verb
        || braces
        || between(b"{{", b"}}")
        || nothing::is_written(password)
}

/// A token in place of a user name: sixteen letters and digits in a row that look random.
fn random(user: &[u8]) -> bool {
    user.split(|b| !b.is_ascii_alphanumeric()).any(|run| {
        let digits = run.iter().filter(|b| b.is_ascii_digit()).count();
        run.len() >= 16 && digits >= 2 && digits < run.len() && entropy::bits(run) >= 3.0
    })
}

fn contains(text: &[u8], what: &[u8]) -> bool {
    text.windows(what.len()).any(|w| w == what)
}

/// Oracle's drivers that take `user/password@`.
const ORACLE: &[&[u8]] = &[b"oracle:thin:", b"oracle:oci:", b"oracle:oci8:"];

/// How far behind a `://` an `@` is looked for at first.
const LOOK_AHEAD: usize = 128;

/// How far before an e-mail address a `://` is looked for, and how long Oracle's user and password are at most.
const LOOK_BACK: usize = 256;

#[cfg(test)]
mod tests {
    use super::super::testing::{finds, stays_linear};
    use super::*;

    #[test]
    fn finds_passwords() {
        for (text, found) in [
            ("https://user:secret@host.io/x", "secret"),
            ("redis://:secret@redis:6379", "secret"),
            ("mailgun+api://key:mg.acme.io@default", "key:mg.acme.io"),
            ("postmark+api://key@default", "key"),
            ("url=ftp://u:p.w_@files.io/in err=\"x\"", "p.w_"),
            ("mongodb://u:p@h1:1,h2:2/db", "p"),
            ("mongodb+srv://app:myR3alP@ssw0rd@c0.mongodb.net/db", "myR3alP@ssw0rd"),
            ("postgres://u:pa/ss@db.acme.io:5432/x", "pa/ss"),
            ("postgres://u:pa?s#s@db:5432/x", "pa?s#s"),
            ("postgres://u:p@ss/w@db.acme.io/x", "p@ss/w"),
            ("postgres://u:p@ss/w:x@h", "p@ss/w:x"),
            ("mysql://u:p@h/db?x=a@b", "p"),
            ("http://u:p@h/@scope/x", "p"),
            ("postgres://u:pw@/db?host=/var", "pw"),
            ("jdbc:postgresql://u:pw@db/x", "pw"),
            ("smtp://bob@x.io:pw@mail.x.io", "pw"),
            ("jdbc:oracle:thin:scott/tiger@//db.acme.io:1521/orcl", "tiger"),
            ("jdbc:oracle:thin:scott/tiger@db:1521:orcl", "tiger"),
            ("jdbc:oracle:oci:scott/t@ger@db", "t@ger"),
            ("'https://u:pw@h.io'", "pw"),
            ("\"https://u:pw@h.io\"", "pw"),
            ("u: https://u:pa'ss@h.io", "pa'ss"),
            ("https://x-access-token:abc@github.com/x", "abc"),
            ("https://0a1b2c3d4e5f6a7b8c9d@github.com/x", "0a1b2c3d4e5f6a7b8c9d"),
            ("https://0a1b2c3d4e5f6a7b8c9d:x-oauth-basic@github.com", "0a1b2c3d4e5f6a7b8c9d:x-oauth-basic"),
            ("https://0a1b2c3d4e5f6a7b8c9d:@api.io", "0a1b2c3d4e5f6a7b8c9d"),
            ("http://a:1@h.io,http://b:2@h.io", "1 | 2"),
            ("https://u:p%40ss@h", "p%40ss"),
            ("amqp://app:$ecret@mq", "$ecret"),
            ("https://u:REDACTED-hunter2@h", "REDACTED-hunter2"),
            ("mongodb+srv://s:Zxc@12345)@c0.mongodb.net/x", "Zxc@12345)"),
            ("\\\"https://u:pw@h.io\\\"", "pw"),
            ("https://u:pw@[2606:4700::1]:80/", "pw"),
            ("https://u:p&w=d@host.io:1", "p&w=d"),
            ("https://u:${x}y@h", "${x}y"),
            ("https://u:none@h", "none"),
        ] {
            assert_eq!(finds(find, b':', text), found, "{text:?}");
        }
    }

    #[test]
    fn urls_without_passwords_stay() {
        for text in [
            "http://host:8080/path@2x",
            "https://x.io/@scope/a@1.2",
            "http://host/a:b@c.io",
            "https://user@host.io/",
            "https://user:@host.io/",
            "https://u:${PW}@h",
            "https://u:{{ pw }}@h",
            "https://u:***@h",
            "https://u:xxxx@h",
            "https://u:%s@h",
            "https://u:<password>@h",
            "https://u:[FILTERED]@h",
            "https://u:[redacted]@h",
            "postmark+api://%s@default",
            "http://host:8080, mail b@c.io",
            "http://host:8080&email=bob@x.io",
            "http://host&email=bob@x.io",
            "jdbc:sqlserver://sql:1433;user=a@b.io;x=y",
            "file:///C:/x@y",
            "http://[::1]:80/a@b.io",
            "docker://alpine:3.18@sha256:abc",
            "oci://reg:5000/img@sha256:abc",
            "http://$HOST:$PORT/a@b.io",
            "://",
            "http://",
            "http://a:b",
            "http://host:/a@b.io",
            "://://://",
            "jdbc:oracle:thin:@db:1521:orcl",
            "jdbc:oracle:thin:/@db",
            "https://service-account-prod1@host.io",
            "ssh://git@github.com/x",
            "<a href=http://h:80>b@c.io",
            "['http://h:80','b@c.io']",
        ] {
            assert_eq!(finds(find, b':', text), "", "{text:?}");
        }
    }

    #[test]
    fn a_repeated_fragment_costs_linear_time() {
        for fragment in ["://", "a:b@", "://a:b@", "a://b:", "http://u:p@h ", ":", "jdbc:oracle:thin:a/b", "://a", "@"]
        {
            stays_linear(find, b':', fragment);
        }
    }
}
