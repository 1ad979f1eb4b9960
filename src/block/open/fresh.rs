//! What the lines of a log begin with, and no value that goes on does: such a line closes what an earlier one left open.

use crate::format::klog;

/// Days and times of day, digits as `0` and letters as `a`: ISO 8601 and kin, syslog, access logs, klog, Android, `date`, and
/// seconds since 1970.
const TIMES: [&[u8]; 16] = [
    b"0000-00-00T00:00:00",
    b"0000-00-00 00:00:00",
    b"0000/00/00 00:00:00",
    b"00/00/0000 00:00:00",
    b"00.00.0000 00:00:00",
    b"aaa 00 00:00:00",
    b"aaa  0 00:00:00",
    b"aaa aaa 00 00:00:00",
    b"aaa aaa  0 00:00:00",
    b"00/aaa/0000:00:00:00",
    b"a0000 00:00:00.",
    b"00-00 00:00:00.",
    b"00:00:00.0",
    b"00:00:00 ",
    b"00:00:00] ",
    b"0000000000.000",
];
/// Fields that lines of logfmt begin with.
const FIELDS: [&[u8]; 4] = [b"ts=", b"time=", b"level=", b"lvl="];
const LEVELS: [&[u8]; 9] =
    [b"TRACE", b"DEBUG", b"INFO", b"NOTICE", b"WARN", b"WARNING", b"ERROR", b"FATAL", b"CRITICAL"];

/// Does a line that begins like `payload` begin a record: with a time or a level, brackets aside?
pub fn is_record(payload: &[u8]) -> bool {
    let text = payload.strip_prefix(b"[").unwrap_or(payload);
    let like = |time: &[u8]| {
        text.get(..time.len()).is_some_and(|begin| {
            begin.iter().zip(time).all(|(byte, like)| match like {
                b'0' => byte.is_ascii_digit(),
                b'a' => byte.is_ascii_alphabetic(),
                other => byte == other,
            })
        })
    };
    let word = text.iter().take(9).take_while(|byte| byte.is_ascii_uppercase()).count();
    let ends = text.get(word).is_some_and(|byte| b" :]\t".contains(byte));
    TIMES.iter().any(|time| like(time))
        || ends && LEVELS.contains(&&text[..word])
        || FIELDS.iter().any(|field| payload.starts_with(field))
        || is_request(payload)
}

/// Does an access log say who asked, `198.51.100.7 - jo [`?
fn is_request(payload: &[u8]) -> bool {
    let address = payload.iter().take(16).take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    address > 6 && payload[address..].starts_with(b" - ")
}

/// Does `before`, what a line has in front of its message, end in a head of klog, `I0212 10:25:29.652266 98596 a.go:1] `? Each of its
/// records has one, and what goes on below has none.
pub fn ends_in_head(before: &[u8]) -> bool {
    let begins = |at: usize| at == 0 || before[at - 1] == b' ';
    before.trim_ascii_end().ends_with(b"]")
        && (0..before.len()).any(|at| begins(at) && klog::peel(&before[at..]).is_some())
}

/// The first bytes of a line with digits as `0` and letters as `a`: lines of one log begin alike.
pub type Head = [u8; 8];

/// Does `line` begin like the one with this head, and not just with words?
pub fn begins_like(first: Head, line: &[u8]) -> bool {
    first == head(line) && first.iter().any(|b| !matches!(b, b'a' | b' '))
}

/// How a line begins.
pub fn head(line: &[u8]) -> Head {
    let mut head = Head::default();
    for (to, from) in head.iter_mut().zip(line) {
        *to = match from {
            b'0'..=b'9' => b'0',
            b'a'..=b'z' | b'A'..=b'Z' => b'a',
            other => *other,
        };
    }
    head
}

#[cfg(test)]
mod tests {
    use super::{ends_in_head, is_record};

    #[test]
    fn klog_has_a_head_in_front_of_each_record() {
        for yes in
            ["I0212 10:25:29.652266   98596 a.go:1] ", "2026-03-02T10:00:00Z stderr F E20260212 10:25:29.6 9 a.go:1] "]
        {
            assert!(ends_in_head(yes.as_bytes()), "{yes}");
        }
        for no in ["", "2026-03-02T10:00:00Z stdout F ", "[pod/a/b] ", "I0212 10", "I0212 10:25:29.6 9 a.go:1 "] {
            assert!(!ends_in_head(no.as_bytes()), "{no}");
        }
    }

    #[test]
    fn times_and_levels_begin_a_record() {
        for yes in [
            "2026-03-02T10:00:00Z INFO hello",
            "[2026-03-02 10:00:00,123] x",
            "Mar  2 10:00:00 host app: x",
            "02/Mar/2026:10:00:00 +0000 x",
            "INFO hello",
            "[WARN] x",
            "I0302 10:11:12.123456       1 main.go:5] x",
            "03-02 10:11:12.118  1843  1902 W App: x",
            "10:11:12.118 [main] x",
            "[10:11:12] x",
            "Mon Mar  2 10:11:12 2026 x",
            "1772445072.118 x",
            "ts=2026 x",
            "198.51.100.7 - - [x",
        ] {
            assert!(is_record(yes.as_bytes()), "{yes}");
        }
        for no in [
            "",
            "2026-03-02",
            "  INFO hello",
            "INFORMATION x",
            "INFO",
            "abc def",
            "Mar 2x",
            "10:11:12",
            "{\"a\":",
            "1.2.3.4 x",
        ] {
            assert!(!is_record(no.as_bytes()), "{no}");
        }
    }
}
