//! How severe a record is, in the words and numbers of every logger.

use super::columns::Columns;
use super::{json, status};
pub use crate::policy::limits::Level;

use Level::{Critical, Debug as Fine, Error, Info, Notice, Trace, Warn};

/// Lower case. From the documentation of syslog, log4j, java.util.logging, Python, .NET, Serilog, zerolog, zap, slog, Rust's
/// tracing, winston, npm, PostgreSQL, Redis, Google Cloud and OpenTelemetry.
const WORDS: &[(&str, Level)] = &[
    ("trace", Trace),
    ("trc", Trace),
    ("trce", Trace),
    ("finest", Trace),
    ("finer", Trace),
    ("verbose", Trace),
    ("vrb", Trace),
    ("silly", Trace),
    ("debug", Fine),
    ("dbg", Fine),
    ("dbug", Fine),
    ("debug1", Fine),
    ("debug2", Fine),
    ("debug3", Fine),
    ("debug4", Fine),
    ("debug5", Fine),
    ("fine", Fine),
    ("info", Info),
    ("inf", Info),
    ("information", Info),
    ("informational", Info),
    ("config", Info),
    ("log", Info),
    ("http", Info),
    ("success", Info),
    ("default", Info),
    ("notice", Notice),
    ("warn", Warn),
    ("warning", Warn),
    ("wrn", Warn),
    ("error", Error),
    ("err", Error),
    ("eror", Error),
    ("severe", Error),
    ("fail", Error),
    ("fatal", Critical),
    ("ftl", Critical),
    ("critical", Critical),
    ("crit", Critical),
    ("crt", Critical),
    ("alert", Critical),
    ("emerg", Critical),
    ("emergency", Critical),
    ("panic", Critical),
    ("pnc", Critical),
    ("dpanic", Critical),
    ("off", Critical),
];

/// Words that say nothing in running text.
const PLAIN: [&str; 7] = ["log", "http", "default", "off", "success", "config", "fine"];

/// How far into a line of text a level may stand, in bytes.
const REACH: usize = 160;

impl Level {
    /// What was typed: a word, or a number of syslog (0 to 7) or of pino and bunyan (10 to 60).
    ///
    /// ```
    /// use logmask::select::Level;
    /// assert_eq!(Level::parse("WARNING"), Level::parse("40"));
    /// assert!(Level::parse("err") > Level::parse("notice"));
    /// assert_eq!(Level::parse("loud"), None);
    /// ```
    pub fn parse(typed: &str) -> Option<Level> {
        word(typed.as_bytes()).or_else(|| scale(typed.as_bytes()))
    }
}

/// Is the first word behind blanks a level, as patterns with `%5p` pad it? Other lines that begin with blanks go on from a
/// record before.
pub fn is_padded(payload: &[u8]) -> bool {
    let text = payload.trim_ascii_start();
    let name = &text[..text.iter().take(12).take_while(|b| b.is_ascii_uppercase()).count()];
    payload.len() - text.len() < 4 && text.get(name.len()) == Some(&b' ') && word(name).is_some()
}

fn word(text: &[u8]) -> Option<Level> {
    WORDS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word.as_bytes())).map(|(_, level)| *level)
}

fn letter(text: &[u8]) -> Option<Level> {
    Some(match text {
        b"T" | b"V" => Trace,
        b"D" | b"D1" | b"D2" | b"D3" | b"D4" | b"D5" => Fine,
        b"I" => Info,
        b"N" => Notice,
        b"W" => Warn,
        b"E" => Error,
        b"F" | b"C" | b"A" => Critical,
        _ => return None,
    })
}

fn number(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// RFC 5424 below 8; above it the steps of ten that bunyan has.
fn scale(text: &[u8]) -> Option<Level> {
    match number(text)? {
        severity @ 0..=7 => Some(syslog(severity)),
        number @ 10..=99 => Some(match number / 10 {
            1 => Trace,
            2 => Fine,
            3 => Info,
            4 => Warn,
            5 => Error,
            _ => Critical,
        }),
        _ => None,
    }
}

fn syslog(severity: u32) -> Level {
    match severity % 8 {
        0..=2 => Critical,
        3 => Error,
        4 => Warn,
        5 => Notice,
        6 => Info,
        _ => Fine,
    }
}

const KEYS: [&str; 18] = [
    "\"level\"",
    "\"severity\"",
    "\"log.level\"",
    "\"levelname\"",
    "\"@l\"",
    "\"lvl\"",
    "\"loglevel\"",
    "\"log_level\"",
    "\"level_name\"",
    "\"LogLevel\"",
    "\"Level\"",
    "\"severityText\"",
    "\"PRIORITY\"",
    "\"s\"",
    "\"levelno\"",
    "\"severityNumber\"",
    "\"error_severity\"",
    "\"severity_text\"",
];
/// Keys of the status of a response, where no level is given.
const STATUSES: [&str; 9] = [
    "\"EdgeResponseStatus\"",
    "\"OriginResponseStatus\"",
    "\"DownstreamStatus\"",
    "\"response_code\"",
    "\"status_code\"",
    "\"statusCode\"",
    "\"http.response.status_code\"",
    "\"sc-status\"",
    "\"status\"",
];

/// How severe the row of a table is: by its column `level` or kin, else by that of the status.
pub fn of_row(row: &[u8], columns: &Columns) -> Option<Level> {
    const NAMES: [&[u8]; 7] =
        [b"level", b"severity", b"loglevel", b"log_level", b"levelname", b"lvl", b"error_severity"];
    const STATUSES: [&[u8]; 4] = [b"sc-status", b"status", b"status_code", b"response_code"];
    let cell = columns.cell(row, |name| NAMES.contains(&name));
    let level = cell.and_then(|cell| word(cell).or_else(|| scale(cell)));
    level.or_else(|| status::level(columns.cell(row, |name| STATUSES.contains(&name))?))
}

/// How severe `payload` is, if it says; `line` is it with its envelopes.
pub fn find(payload: &[u8], line: &[u8]) -> Option<Level> {
    if payload.first() == Some(&b'{') {
        let Some((key, value)) = json::value(payload, &KEYS) else {
            // CLEF leaves the most common level out.
            let clef = memchr::memmem::find(payload, b"\"@t\"").map(|_| Info);
            return clef.or_else(|| status::level(json::value(payload, &STATUSES)?.1));
        };
        return match KEYS[key] {
            "\"levelno\"" => number(value).map(|number| match number / 10 {
                0 | 1 => Fine,
                2 => Info,
                3 => Warn,
                4 => Error,
                _ => Critical,
            }),
            "\"severityNumber\"" => number(value).map(|number| match number {
                0..=4 => Trace,
                5..=8 => Fine,
                9..=12 => Info,
                13..=16 => Warn,
                17..=20 => Error,
                _ => Critical,
            }),
            "\"s\"" => letter(value),
            _ => word(value).or_else(|| letter(value)).or_else(|| scale(value)),
        };
    }
    logrus(payload)
        .or_else(|| text(payload))
        .or_else(|| status::find(payload))
        .or_else(|| priority(payload))
        .or_else(|| priority(line))
}

/// The mark behind the time in a line of Redis: `12:M 01 May 2024 12:00:00.123 * x`.
fn redis(payload: &[u8]) -> Option<Level> {
    let mut fields = payload.split(|b| *b == b' ');
    let role = fields.next()?.split(|b| *b == b':').nth(1)?;
    match (role, fields.nth(4)?) {
        (b"X" | b"C" | b"S" | b"M", b".") => Some(Fine),
        (b"X" | b"C" | b"S" | b"M", b"-") => Some(Info),
        (b"X" | b"C" | b"S" | b"M", b"*") => Some(Notice),
        (b"X" | b"C" | b"S" | b"M", b"#") => Some(Warn),
        _ => None,
    }
}

/// The letter behind two numbers in a line of Android's logcat: `05-01 12:00:00.123  1702  2395 E tag: x`.
fn logcat(payload: &[u8]) -> Option<Level> {
    let mut fields = payload.split(|b| *b == b' ').filter(|field| !field.is_empty()).skip(2);
    let numbers = [fields.next()?, fields.next()?];
    let level = letter(fields.next()?)?;
    let time = payload.get(2) == Some(&b'-') && payload.get(5) == Some(&b' ');
    (time && numbers.iter().all(|number| number.iter().all(u8::is_ascii_digit))).then_some(level)
}

/// The first four letters of a level and the seconds since the start, as logrus writes them on a terminal: `ERRO[0001]`.
fn logrus(payload: &[u8]) -> Option<Level> {
    let level = match payload.get(..4)? {
        b"TRAC" => Trace,
        b"DEBU" => Fine,
        b"ERRO" => Error,
        b"FATA" | b"PANI" => Critical,
        _ => return None,
    };
    let seconds = payload[4..].strip_prefix(b"[")?;
    seconds.first()?.is_ascii_digit().then_some(level)
}

/// `<34>` of syslog.
fn priority(text: &[u8]) -> Option<Level> {
    let rest = text.strip_prefix(b"<")?;
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    (rest.get(digits) == Some(&b'>') && digits <= 3).then(|| number(&rest[..digits]).map(syslog))?
}

fn text(payload: &[u8]) -> Option<Level> {
    // klog: `E0501 12:00:00.123456`; Ruby: `E, [2024-`.
    if let [mark, rest @ ..] = payload
        && (rest.len() > 4 && rest[..4].iter().all(u8::is_ascii_digit) || rest.starts_with(b", ["))
        && let Some(level) = letter(&[*mark])
    {
        return Some(level);
    }
    // What a GitHub job says of itself: `::error file=a.rs::no`.
    if let Some(command) = payload.strip_prefix(b"::") {
        return word(&command[..command.iter().take_while(|b| b.is_ascii_alphabetic()).count()]);
    }
    if payload.first().is_some_and(u8::is_ascii_digit)
        && let Some(level) = redis(payload).or_else(|| logcat(payload))
    {
        return Some(level);
    }
    let head = &payload[..payload.len().min(REACH)];
    let mut at = 0;
    let mut weak = None;
    while at < head.len() {
        if !head[at].is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let length = head[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        let token = &head[at..at + length];
        let (before, after) = (at.checked_sub(1).map(|i| head[i]), payload.get(at + length).copied());
        let names = [&b"level"[..], b"lvl", b"severity", b"loglevel", b"log_level"];
        if names.iter().any(|name| token.eq_ignore_ascii_case(name)) && matches!(after, Some(b'=' | b':')) {
            let rest = payload[at + length + 1..].trim_ascii_start();
            let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
            let value = &rest[..rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count()];
            if let Some(level) = word(value).or_else(|| scale(value)) {
                return Some(level);
            }
        }
        // In capitals, or set apart: `[error]`, `error:`, `|warn|`. Not part of a name such as `a.b.error`.
        let capitals = token.iter().all(|b| !b.is_ascii_lowercase());
        // `[error    ]` of structlog; `shop.ERROR:` of Monolog.
        let padded = || {
            let rest = &payload[at + length..];
            rest[rest.iter().take(8).take_while(|b| **b == b' ').count()..].first() == Some(&b']')
        };
        let channel = before == Some(b'.') && after == Some(b':') && capitals
            // `: ERROR/MainProcess]` of Celery.
            || capitals && after == Some(b'/') && head[..at].ends_with(b": ");
        let cell = matches!((before, after), (Some(b',' | b'"'), Some(b',' | b'"')));
        // `[core:error]` of Apache; `,LOG,` in a table.
        let apart = matches!(
            (before, after),
            (Some(b'['), Some(b']' | b':'))
                | (Some(b'|'), Some(b'|'))
                | (Some(b'<'), Some(b'>'))
                | (Some(b':'), Some(b']'))
        ) || cell && before == after && before == Some(b',')
            || matches!((before, after), (None | Some(b' ' | b'\t'), Some(b':' | b'\t')))
            || before == Some(b'[') && after == Some(b' ') && padded();
        // MySQL has words of its own.
        if before == Some(b'[') && after == Some(b']') && matches!(token, b"Note" | b"System") {
            return Some(Info);
        }
        let free = !matches!(before, Some(b'.' | b'-' | b'/' | b'=' | b'"' | b'_'))
            && !matches!(after, Some(b'.' | b'-' | b'/' | b'='));
        if (free || channel)
            && let Some(level) = word(token)
        {
            let plain = PLAIN.iter().any(|plain| token.eq_ignore_ascii_case(plain.as_bytes()));
            if !plain && (capitals || apart) || plain && capitals && (after == Some(b':') || cell) {
                return Some(level);
            }
            // Written small in front of the message, as tracing, winston and loki do it: only if nothing better comes.
            if !plain && weak.is_none() && (at == 0 || before == Some(b' ')) && at <= 48 {
                weak = (at == 0 || head[..at].iter().any(u8::is_ascii_digit)).then_some(level);
            }
        }
        at += length;
    }
    weak
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_logger_is_understood() {
        let cases: &[(&str, Option<Level>)] = &[
            ("2024-05-01 12:00:00,123 ERROR [main] a.B - no", Some(Error)),
            ("2024-05-01 12:00:00 [warn] x", Some(Warn)),
            ("2024/05/01 12:00:00 [error] 12#12: *1 open() failed", Some(Error)),
            ("time=2024-05-01T12:00:00Z level=warning msg=x", Some(Warn)),
            ("level=\"info\" msg=x", Some(Info)),
            ("E0501 12:00:00.123456       1 a.go:3] no", Some(Error)),
            ("W, [2024-05-01T12:00:00.123456 #1]  WARN -- : x", Some(Warn)),
            ("INFO:root:started", Some(Info)),
            ("ERRO[0001] no", Some(Error)),
            ("ERRO no", None),
            ("info: Microsoft.Hosting[0]", Some(Info)),
            ("fail: Acme.Shop[0]", Some(Error)),
            ("3:04PM ERR no error=x", Some(Error)),
            ("2024-05-01 12:00:00.123 UTC [12] FATAL:  no", Some(Critical)),
            ("2024-05-01 12:00:00.123 UTC [12] LOG:  x", Some(Info)),
            ("<34>Oct 11 22:14:15 h su: no", Some(Critical)),
            ("<14>1 2024-05-01T12:00:00Z h a - - - ok", Some(Info)),
            ("2024-05-01T12:00:00Z  info acme::shop: paid", Some(Info)),
            (r#"{"level":50,"msg":"no"}"#, Some(Error)),
            (r#"{"level":3,"short_message":"no"}"#, Some(Error)),
            (r#"{"severity":"WARNING"}"#, Some(Warn)),
            (r#"{"levelname":"CRITICAL"}"#, Some(Critical)),
            (r#"{"levelno":40}"#, Some(Error)),
            (r#"{"t":{"$date":"x"},"s":"W","c":"NETWORK"}"#, Some(Warn)),
            (r#"{"@t":"x","@mt":"y"}"#, Some(Info)),
            (r#"{"log":{"level":"error"}}"#, Some(Error)),
            (r#"{"severityNumber":13}"#, Some(Warn)),
            (r#"{"PRIORITY":"4"}"#, Some(Warn)),
            ("[Wed May 01 12:00:00 2024] [core:error] [pid 1] x", Some(Error)),
            ("2024-05-01 12:00:00.123 UTC,\"jo\",\"shop\",1,LOG,00000,\"x\"", Some(Info)),
            ("12:M 01 May 2024 12:00:00.123 # x", Some(Warn)),
            ("2024-05-01T12:00:00.123456Z 1 [Note] [MY-1] [Server] x", Some(Info)),
            ("::warning file=a.rs,line=3::x", Some(Warn)),
            ("[2024-05-01 12:00:00] shop.ERROR: x {}", Some(Error)),
            ("2024-05-01 12:00:00 [warning  ] x", Some(Warn)),
            ("##[error]Process completed with exit code 1.", Some(Error)),
            (r#"{"EdgeResponseStatus":503}"#, Some(Error)),
            (r#"{"error_severity":"FATAL"}"#, Some(Critical)),
            ("[2024-05-01 12:00:00,123: ERROR/MainProcess] x", Some(Error)),
            ("05-01 12:00:00.123  1702  2395 W tag: an ERROR", Some(Warn)),
            ("GET /error 200", None),
            ("no level here, but an error of sorts", None),
            ("a.b.error.Handler started", None),
        ];
        for (line, level) in cases {
            assert_eq!(find(line.as_bytes(), line.as_bytes()), *level, "{line}");
        }
    }
}
