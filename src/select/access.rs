//! What stands in an access log by its place, under the names that servers have for it: the request and the status in the
//! line of any server, the client, user and size where they stand in the common log format (httpd.apache.org, "Common Log
//! Format"; nginx.org, `ngx_http_log_module`), with or without what the combined one has behind.

use super::status;
use crate::format::quote::{closing, quote_at};
use memchr::{memchr, memmem};

/// Names of each place.
const STATUS: &[&str] = &["status", "status_code"];
const METHOD: &[&str] = &["method", "request_method"];
const PATH: &[&str] = &["path", "uri", "url", "request_uri"];
const REQUEST: &[&str] = &["request"];
const CLIENT: &[&str] = &["remote_addr", "remote_host", "client_ip", "client", "ip", "host"];
const USER: &[&str] = &["user", "remote_user"];
const SIZE: &[&str] = &["bytes", "size", "body_bytes_sent"];
const REFERER: &[&str] = &["referer", "http_referer"];
const AGENT: &[&str] = &["user_agent", "http_user_agent"];

/// Has a place that `called` takes the name of a value that `fits`? A path fits with or without its query.
pub fn has(line: &[u8], called: impl Fn(&[u8]) -> bool, fits: impl Fn(&[u8]) -> bool) -> bool {
    let Some(status) = status::text(line) else { return false };
    let is = |names: &[&str], cell: &[u8]| names.iter().any(|name| called(name.as_bytes())) && fits(cell);
    is(STATUS, status)
        || request(line).is_some_and(|request| {
            let mut parts = request.split(|b| *b == b' ').filter(|part| !part.is_empty());
            let (method, target) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let path = &target[..memchr(b'?', target).unwrap_or(target.len())];
            is(METHOD, method) || is(PATH, target) || is(PATH, path) || is(REQUEST, request)
        })
        || common(line).is_some_and(|cells| cells.iter().any(|(names, cell)| is(names, cell)))
}

/// `GET /a HTTP/1.1`, in quotes.
fn request(line: &[u8]) -> Option<&[u8]> {
    let version = memmem::find(line, b" HTTP/")?;
    let start = memchr::memrchr(b'"', &line[..version])? + 1;
    let end = version + memchr(b'"', &line[version..])?;
    Some(line[start..end].strip_suffix(b"\\").unwrap_or(&line[start..end]))
}

/// `CLIENT IDENT USER [TIME] "REQUEST" STATUS SIZE`, maybe with `"REFERER" "AGENT"`; a user may have blanks.
fn common(line: &[u8]) -> Option<Vec<(&'static [&'static str], &[u8])>> {
    let time = memmem::find(line, b" [")?;
    let quote = time + memmem::find(&line[time..], b"] \"")? + 3;
    let mut fields = line[..time].splitn(3, |b| *b == b' ');
    let (client, ident, user) = (fields.next()?, fields.next()?, fields.next()?);
    // With the name of the host in front (`vhost_combined`) all are one further.
    let shifted = ident != b"-" && user.starts_with(b"- ");
    let (client, user) = if shifted { (ident, &user[2..]) } else { (client, user) };
    let mut cells = vec![(CLIENT, client), (USER, user)];
    let behind = quoted(&line[quote..])?.1;
    let mut numbers = behind.trim_ascii_start().splitn(3, |b| *b == b' ');
    if let (Some(_), Some(size)) = (numbers.next(), numbers.next()) {
        cells.push((SIZE, size));
    }
    let mut rest = numbers.next().unwrap_or_default();
    for names in [REFERER, AGENT] {
        let Some((cell, behind)) = rest.strip_prefix(b"\"").and_then(quoted) else { break };
        cells.push((names, cell));
        rest = behind.trim_ascii_start();
    }
    Some(cells)
}

/// What stands before the quote that ends it, and what behind; quotes inside are escaped.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = closing(text, 0, quote_at(b"\"", 0))?;
    Some((&text[..end], &text[end + 1..]))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::field::Field;

    #[test]
    fn places_have_the_names_that_servers_give_them() {
        let combined = r#"192.0.2.1 - jo [27/Nov/2026:10:00:00 +0000] "GET /a?x=1 HTTP/1.1" 503 12 "https://a.test/" "curl/7 \"x\"""#;
        let vhost = r#"a.test:443 192.0.2.1 - jo smith [27/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 503 12"#;
        let envoy = r#"[2026-11-27T10:00:00Z] "GET /a HTTP/1.1" 503 - 0 12"#;
        for (line, typed, expected) in [
            (combined, "status=503", true),
            (combined, "status=5??", true),
            (combined, "status=12", false),
            (combined, "method=get", true),
            (combined, "path=/a*", true),
            (combined, "path=/a", true),
            (combined, "path=/a?x=1", true),
            (combined, "path=/b*", false),
            (combined, "user=jo", true),
            (combined, "remote_addr=192.0.2.*", true),
            (combined, "bytes=12", true),
            (combined, "referer=https*", true),
            (combined, "user_agent=curl*", true),
            (vhost, "remote_addr=192.0.2.1", true),
            (vhost, "user=jo smith", true),
            (envoy, "status=503", true),
            (envoy, "method=GET", true),
            (envoy, "path=/a", true),
            ("user jo did GET /a", "method=GET", false),
        ] {
            let field = Field::parse(typed).unwrap();
            let found = super::has(line.as_bytes(), |name| field.is_called(name), |cell| field.is_value(cell));
            assert_eq!(found, expected, "{typed} in {line}");
        }
    }
}
