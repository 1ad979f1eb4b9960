//! The status of an HTTP response in a line of an access log: servers give no level to such a line, but 5xx says what an
//! error says.

use super::Level;
use memchr::{memchr_iter, memmem};

/// How severe a status is: 5xx an error, 4xx a warning.
pub fn level(status: &[u8]) -> Option<Level> {
    match status {
        [b'5', b'0'..=b'9', b'0'..=b'9'] => Some(Level::Error),
        [b'4', b'0'..=b'9', b'0'..=b'9'] => Some(Level::Warn),
        [b'1'..=b'3', b'0'..=b'9', b'0'..=b'9'] => Some(Level::Info),
        _ => None,
    }
}

/// How severe a line of text is by its status.
pub fn find(line: &[u8]) -> Option<Level> {
    level(text(line)?)
}

/// The status in a line of text, by its place beside the request: `"GET / HTTP/1.1" 200` of nginx, Apache, Envoy, Traefik and
/// S3, `HTTP/1.1 200)` of uWSGI, four fields before the request with load balancers of AWS, behind five timers with HAProxy.
pub fn text(line: &[u8]) -> Option<&[u8]> {
    let known = |status: &&[u8]| level(status).is_some();
    // `[GIN] 2024/05/01 - 10:00:00 | 500 | 1ms | 192.0.2.1 | GET "/"`
    if line.starts_with(b"[GIN] ") {
        return Some(line.split(|b| *b == b'|').nth(1)?.trim_ascii()).filter(known);
    }
    let Some(at) = memmem::find(line, b"HTTP/").map(|at| at + b"HTTP/".len()) else {
        // Behind a request that is none: `[01/May/2024:10:00:00 +0000] "\x16\x03" 400 17`.
        let request = memmem::find(line, b"] \"")? + b"] \"".len();
        let behind = request + memmem::find(&line[request..], b"\" ")? + 2;
        return line.get(behind..behind + 3).filter(known).filter(|_| line.get(behind + 3) == Some(&b' '));
    };
    let version = line[at..].iter().take(4).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let rest = &line[at + version..];
    let behind = rest.strip_prefix(b"\\\"").or_else(|| rest.strip_prefix(b"\"")).unwrap_or(rest);
    if let Some([b' ', status @ ..]) = behind.get(..4)
        && behind.get(4).is_none_or(|b| !b.is_ascii_alphanumeric())
        && known(&status)
    {
        return Some(status);
    }
    let request = memchr::memrchr(b'"', &line[..at])?;
    let fields: Vec<&[u8]> = line[..request].split(|b| *b == b' ').filter(|field| !field.is_empty()).collect();
    let timers = |field: &&[u8]| {
        memchr_iter(b'/', field).count() == 4 && field.iter().all(|b| b.is_ascii_digit() || b"/-+".contains(b))
    };
    if let Some(place) = fields.iter().position(timers) {
        return fields.get(place + 1).copied().filter(known);
    }
    let sizes = fields.len().checked_sub(4)?;
    let number = |field: &&[u8]| field.iter().all(u8::is_ascii_digit);
    fields[sizes + 2..].iter().all(number).then_some(fields[sizes]).filter(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_stands_where_each_server_writes_it() {
        for (line, found) in [
            (r#"192.0.2.1 - jo [01/May/2024:10:00:00 +0000] "GET / HTTP/1.1" 502 17"#, Some(Level::Error)),
            (r#"[2024-05-01T10:00:00Z] "GET / HTTP/1.1" 404 - via_upstream - "-" 0 17"#, Some(Level::Warn)),
            (r#"ok jo [x] 192.0.2.1 GET /a {"a":"b"} "GET /a HTTP/1.1" 200 - 17"#, Some(Level::Info)),
            ("[pid: 1|app: 0] 192.0.2.1 () {} GET / => generated 17 bytes (HTTP/1.1 500) 2", Some(Level::Error)),
            (
                r#"http 2024-05-01T10:00:00Z app/lb/1 192.0.2.1:1 10.0.0.1:80 0 0.1 0 503 - 34 366 "GET http://h:80/ HTTP/1.1""#,
                Some(Level::Error),
            ),
            (
                r#"192.0.2.1:1 [01/May/2024:10:00:00.123] in~ be/s 0/0/7/14/21 404 11 - - ---- 2/1/0/0/0 0/0 {a b} {} "GET / HTTP/1.1""#,
                Some(Level::Warn),
            ),
            (r#"192.0.2.1 - - [01/May/2024:10:00:00 +0000] "\x16\x03" 400 17"#, Some(Level::Warn)),
            (r#"[GIN] 2024/05/01 - 10:00:00 | 500 |   1.2ms |  192.0.2.1 | GET      "/""#, Some(Level::Error)),
            ("GET / HTTP/1.1 was slow", None),
            ("no request, 500", None),
        ] {
            assert_eq!(find(line.as_bytes()), found, "{line}");
        }
    }
}
