//! Names of people that stand at a place of a line and have no key beside them: access logs.
//!
//! | line | place |
//! |---|---|
//! | `HOST IDENT USER [02/Mar/2026:10:00:00 +0000] "GET …` | the common log format of Apache and nginx, also behind a virtual host |
//! | `OWNER BUCKET [02/Mar/2026:10:00:00 +0000] IP REQUESTER …` | Amazon S3 server access logs |
//! | `2026-03-02 10:00:00 IP GET /a - 80 USER IP …` | IIS with the fields it has by default, where `#Fields:` is missing |

use crate::span::Span;
use memchr::memmem;

/// The name of a field and where its value stands, if `line`, a payload, has one.
pub fn user(line: &[u8]) -> Option<(&'static [u8], Span)> {
    if line.get(4) == Some(&b'-') && line.get(10) == Some(&b' ') {
        return iis(line);
    }
    let open = memmem::find_iter(line, b" [").find(|at| is_date(&line[at + 2..]))?;
    let fields: Vec<Span> = fields(&line[..open]);
    if fields.len() == 2 {
        return requester(line, open);
    }
    let last = *fields.last().filter(|_| fields.len() > 2)?;
    // A name may hold blanks; in front of it stands what identd said, which is nothing.
    let ident =
        fields.iter().position(|field| &line[field.range()] == b"-").filter(|at| *at > 0 && *at + 1 < fields.len());
    let start = ident.map_or(last.start, |at| fields[at + 1].start);
    found(line, b"remote_user", Span::new(start, last.end))
}

/// `02/Mar/2026:`
fn is_date(text: &[u8]) -> bool {
    let shape = b"00/Aaa/0000:";
    text.len() > shape.len()
        && shape.iter().zip(text).all(|(shape, byte)| match shape {
            b'0' => byte.is_ascii_digit(),
            b'A' | b'a' => byte.is_ascii_alphabetic(),
            other => other == byte,
        })
}

/// Behind the time of a line of S3: the account, or a user with the path of its name.
fn requester(line: &[u8], open: usize) -> Option<(&'static [u8], Span)> {
    let close = open + memchr::memchr(b']', &line[open..])?;
    let field = *fields(&line[close + 1..line.len().min(close + 512)]).get(1)?;
    let field = Span::new(close + 1 + field.start, close + 1 + field.end);
    match memmem::find(&line[field.range()], b":user/") {
        Some(user) => found(line, b"remote_user", Span::new(field.start + user + b":user/".len(), field.end)),
        None => found(line, b"requester", field),
    }
}

fn iis(line: &[u8]) -> Option<(&'static [u8], Span)> {
    let fields = fields(&line[..line.len().min(8192)]);
    let method = &line[fields.get(3)?.range()];
    let methods: [&[u8]; 7] = [b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH"];
    let port = line[fields.get(6)?.range()].iter().all(u8::is_ascii_digit);
    let user = *fields.get(7).filter(|_| methods.contains(&method) && port)?;
    found(line, b"cs_username", user)
}

fn found(line: &[u8], name: &'static [u8], span: Span) -> Option<(&'static [u8], Span)> {
    (!matches!(&line[span.range()], b"-" | b"\"\"" | b"")).then_some((name, span))
}

/// What stands between blanks.
fn fields(text: &[u8]) -> Vec<Span> {
    let mut at = 0;
    let mut found = Vec::new();
    for field in text.split(|b| *b == b' ').take(64) {
        if !field.is_empty() {
            found.push(Span::new(at, at + field.len()));
        }
        at += field.len() + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_their_place() {
        let time = "[02/Mar/2026:10:00:00 +0000]";
        for (line, expected) in [
            (format!("192.0.2.1 - jo {time} \"GET / HTTP/1.1\" 200 1"), Some("jo")),
            (format!("192.0.2.1 - jo smith {time} \"GET / HTTP/1.1\" 200 1"), Some("jo smith")),
            (format!("shop.example 192.0.2.1 - jo {time} \"GET / HTTP/1.1\" 200 1"), Some("jo")),
            (format!("192.0.2.1 - - {time} \"GET / HTTP/1.1\" 200 1"), None),
            (
                format!("79a5 bucket {time} 192.0.2.1 arn:aws:iam::123456789012:user/jo 3E57 REST.GET.OBJECT"),
                Some("jo"),
            ),
            (format!("79a5 bucket {time} 192.0.2.1 - 3E57 REST.GET.OBJECT"), None),
            ("2026-03-02 10:00:00 10.0.0.1 GET /a - 80 CORP\\jo 192.0.2.1 curl - 200 0 0 1".into(), Some("CORP\\jo")),
            ("2026-03-02 10:00:00 10.0.0.1 GET /a - 80 - 192.0.2.1 curl - 200 0 0 1".into(), None),
            ("2026-03-02 10:00:00 INFO a b c d e".into(), None),
            (format!("{time} x"), None),
        ] {
            let found = user(line.as_bytes()).map(|(_, span)| &line[span.range()]);
            assert_eq!(found, expected, "{line}");
        }
    }
}
