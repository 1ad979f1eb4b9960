//! The five corpora: made up, the same on every machine for one size.

use crate::random::Random;
use crate::{system, values};

/// One kind of log.
pub struct Corpus {
    /// a to e, as in the table.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Whole lines.
    pub bytes: Vec<u8>,
}

const SERVICES: &[&str] =
    &["catalog", "basket", "billing", "login-edge", "profiles", "search", "stock", "mailer", "ledger", "gateway"];
const MESSAGES: &[&str] = &[
    "request completed",
    "not in the cache, asking the store",
    "upstream closed the connection before it sent headers",
    "trying again after a short failure (attempt 2 of 5)",
    "order went from PENDING to CONFIRMED",
    "slow query: SELECT o.id, o.total FROM orders o WHERE o.customer_id = ? AND o.state = ?",
    "job finished",
    "feature flag evaluated",
    "bucket refilled",
    "connection pool: active=12 idle=3 waiting=0",
    "event published to topic orders.v1 partition 7 offset 1882231",
    "young collection took 14ms",
];
const AGENTS: &[&str] = &[
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "curl/8.5.0",
    "kube-probe/1.29",
    "okhttp/4.12.0",
    "Go-http-client/2.0",
];

/// All five, of about `mib` MiB each.
pub fn all(mib: usize) -> Vec<Corpus> {
    let size = mib << 20;
    let fill = |seed, one: &dyn Fn(&mut Random) -> String| {
        let (mut r, mut bytes) = (Random::new(seed), Vec::with_capacity(size + 4096));
        while bytes.len() < size {
            bytes.extend_from_slice(one(&mut r).as_bytes());
        }
        bytes
    };
    vec![
        Corpus { name: "a", about: "system logs", bytes: fill(1, &system::run) },
        Corpus { name: "b", about: "NDJSON services", bytes: fill(2, &|r| service(r, 20, false) + "\n") },
        Corpus {
            name: "c",
            about: "logfmt, nginx",
            bytes: fill(3, &|r| if r.chance(50) { logfmt(r) } else { access(r) } + "\n"),
        },
        Corpus {
            name: "d",
            about: "dense",
            bytes: fill(4, &|r| if r.chance(50) { service(r, 20, true) } else { dense(r) } + "\n"),
        },
        Corpus { name: "e", about: "10 MiB lines", bytes: long_lines(size) },
    ]
}

fn time(r: &mut Random) -> String {
    let (day, hour, minute) = (r.number(1, 28), r.number(0, 23), r.number(0, 59));
    format!("2026-02-{day:02}T{hour:02}:{minute:02}:{:02}.{:03}Z", r.number(0, 59), r.number(0, 999))
}

fn path(r: &mut Random) -> String {
    match r.number(0, 7) {
        0 => "/api/v1/orders".to_string(),
        1 => format!("/api/v1/orders/{}", r.number(1_000, 999_999)),
        2 => format!("/api/v2/users/{}/profile", r.number(1_000, 999_999)),
        3 => "/healthz".to_string(),
        4 => format!("/api/v1/payments/{}/capture", r.number(1_000, 999_999)),
        5 => "/login".to_string(),
        6 => format!("/static/js/app.{}.js", r.hex(8)),
        _ => "/internal/metrics".to_string(),
    }
}

/// One service record; `percent` of them carry something, all of them everything if `dense`.
fn service(r: &mut Random, percent: u64, dense: bool) -> String {
    let mut message = r.pick(MESSAGES).to_string();
    let (mut user, mut headers, mut query, mut body) = (String::new(), String::new(), String::new(), String::new());
    let planted = if r.chance(percent) { r.number(0, 11) } else { 99 };
    match planted {
        0 => user = format!(r#","email":"{}""#, values::email(r)),
        1 => headers = format!(r#","authorization":"Bearer {}""#, r.token(40)),
        2 => headers = format!(r#","authorization":"Bearer {}""#, values::jwt(r)),
        3 => message = format!("card {} declined by issuer", values::card(r)),
        4 => body = format!(r#","body":{{"username":"{}","password":"{}"}}"#, values::name(r), r.token(14)),
        5 => message = format!("role taken with access key {} in eu-west-1", values::aws(r)),
        6 => user = format!(r#","ip":"{}""#, values::ipv4(r)),
        7 => user = format!(r#","email":"{}","ip":"{}""#, values::email(r), values::ipv4(r)),
        8 => message = format!("connecting to {}", values::database(r)),
        9 => query = format!(r#","token":"{}""#, r.token(32)),
        10 => {
            message = if r.chance(50) {
                format!("cloned with {}", values::github(r))
            } else {
                format!("posting as {}", values::slack(r))
            }
        }
        11 => message = format!("kyc check for {} from {} queued", values::ssn(r), values::ipv6(r)),
        _ => {}
    }
    if dense {
        user = format!(r#","email":"{}","ip":"{}""#, values::email(r), values::ipv4(r));
        headers = format!(r#","authorization":"Bearer {}""#, values::jwt(r));
        body = format!(
            r#","body":{{"password":"{}","card":"{}","ssn":"{}"}}"#,
            r.token(14),
            values::card(r),
            values::ssn(r)
        );
        message = format!("connecting to {} with {}", values::database(r), values::aws(r));
    }
    format!(
        concat!(
            r#"{{"ts":"{}","level":"{}","service":"{}","host":"ip-node-{}","msg":"{}","trace_id":"{}","span_id":"{}","#,
            r#""http":{{"method":"{}","path":"{}","status":{},"duration_ms":{}.{:03},"query":{{"page":"{}","sort":"{}"{}}},"#,
            r#""headers":{{"user-agent":"{}","accept":"application/json","x-request-id":"{}-{}-4{}-a{}-{}"{}}}}},"#,
            r#""user":{{"id":{},"plan":"{}"{}}}{}}}"#
        ),
        time(r),
        r.pick(&["info", "info", "info", "info", "debug", "warn", "error"]),
        r.pick(SERVICES),
        r.number(1, 40),
        message,
        r.hex(32),
        r.hex(16),
        r.pick(&["GET", "POST", "PUT", "DELETE"]),
        path(r),
        r.pick(&["200", "200", "201", "204", "304", "404", "503"]),
        r.number(0, 900),
        r.number(0, 999),
        r.number(1, 50),
        r.pick(&["asc", "desc"]),
        query,
        r.pick(AGENTS),
        r.hex(8),
        r.hex(4),
        r.hex(3),
        r.hex(3),
        r.hex(12),
        headers,
        r.number(100_000, 9_999_999),
        r.pick(&["free", "pro", "team"]),
        user,
        body,
    )
}

fn logfmt(r: &mut Random) -> String {
    let extra = match r.number(0, 29) {
        0 => format!(" email={}", values::email(r)),
        1 => format!(" password={}", r.token(12)),
        2 => format!(" authorization=\"Bearer {}\"", r.token(40)),
        3 => format!(" remote={}", values::ipv4(r)),
        4 => format!(" api_key={}", r.token(32)),
        5 => format!(" dsn={}", values::database(r)),
        _ => String::new(),
    };
    format!(
        "time={} level={} service={} caller=server/handler.go:{} msg=\"{}\" trace_id={} method=GET path={} status=200 dur={}.{:03}ms{extra}",
        time(r),
        r.pick(&["info", "warn", "error", "debug"]),
        r.pick(SERVICES),
        r.number(10, 900),
        r.pick(MESSAGES),
        r.hex(32),
        path(r),
        r.number(0, 99),
        r.number(0, 999)
    )
}

fn access(r: &mut Random) -> String {
    let query = match r.number(0, 19) {
        0 => format!("?token={}", r.token(24)),
        1 => format!("?email={}&page=2", values::email(r).replace('@', "%40")),
        _ => String::new(),
    };
    format!(
        "{} - {} [{:02}/Feb/2026:{:02}:{:02}:{:02} +0000] \"{} {}{query} HTTP/1.1\" {} {} \"{}\" \"{}\"",
        values::ipv4(r),
        if r.chance(90) { "-" } else { values::name(r) },
        r.number(1, 28),
        r.number(0, 23),
        r.number(0, 59),
        r.number(0, 59),
        r.pick(&["GET", "POST"]),
        path(r),
        r.pick(&["200", "200", "304", "404", "500"]),
        r.number(100, 90_000),
        if r.chance(60) { "-".to_string() } else { format!("https://www.example.com{}", path(r)) },
        r.pick(AGENTS)
    )
}

fn dense(r: &mut Random) -> String {
    format!(
        "{} WARN {} user={} from={} password={} card={} ssn={} key={} gh={} auth=\"Bearer {}\" dsn={} slack={} alt={} v6={}",
        time(r),
        r.pick(SERVICES),
        values::email(r),
        values::ipv4(r),
        r.token(12),
        values::card(r),
        values::ssn(r),
        values::aws(r),
        values::github(r),
        r.token(40),
        values::database(r),
        values::slack(r),
        values::email(r),
        values::ipv6(r)
    )
}

/// A JSON batch and a line of text in turn, 10 MiB each (or all there is room for).
fn long_lines(size: usize) -> Vec<u8> {
    let (mut r, mut bytes, mut json) = (Random::new(5), Vec::new(), true);
    let length = (10 << 20).min(size / 2);
    while bytes.len() < size {
        let end = bytes.len() + length;
        bytes.extend_from_slice(if json { b"{\"batch\":[" } else { b"batch" });
        while bytes.len() < end {
            let part = match (json, r.chance(50)) {
                (true, _) => service(&mut r, 20, false) + ",",
                (false, true) => " ".to_string() + &logfmt(&mut r),
                (false, false) => " ".to_string() + &access(&mut r),
            };
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes.extend_from_slice(if json { b"null]}\n" } else { b"\n" });
        json = !json;
    }
    bytes
}
