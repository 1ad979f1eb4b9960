//! Dates, all moved by the same time: so many weeks into the past. Between any two of them lies what lay before, and a
//! Monday is a Monday.

use super::stream::Stream;
use crate::action::Key;
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// `1984-07-23`, `1984/07/23`, `23.07.1984`, `7/23/1984` (the month first, unless that is none), `23 Jul 1984`, `Jul 23,
/// 1984`, each with a time behind it or not; in fields for dates also `7/23/84`, `23-JUL-84`, `19840723`, `July 1984`,
/// `07/1984`, `1984-07`, `1984`, and seconds or milliseconds since 1970. The time of day stays, and so does what stands for
/// no date at all. `None` if it is no date.
pub(super) fn of(key: &Key, text: &str, expected: bool) -> Option<String> {
    let back = weeks(key);
    let (day, rest) = split(text);
    if is_none(day) {
        return Some(text.to_owned());
    }
    for format in FORMATS {
        if let Some(made) = moved(day, format, back) {
            return Some(made + rest);
        }
    }
    if !expected {
        return None;
    }
    if let Some(made) = SHORT.iter().find_map(|format| moved(day, format, back)) {
        return Some(made + rest);
    }
    // By whole months and years, nearly as far: what lay apart stays apart.
    for format in MONTHS {
        if let Some(made) = moved(&format!("15 {text}"), &format!("%d {format}"), months(back)) {
            return Some(made[3..].to_owned());
        }
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    match digits.len() {
        4 if plain => Some(moved(&format!("{text}-07-01"), "%Y-%m-%d", years(back))?[..4].to_owned()),
        9 | 10 if plain => since_1970(text, back, 1),
        12 | 13 if plain => since_1970(text, back, 1000),
        _ => None,
    }
}

/// `text`, which counts parts of a second since 1970.
fn since_1970(text: &str, back: Span, parts: i64) -> Option<String> {
    Some((text.parse::<i64>().ok()? - i64::from(back.get_weeks()) * 7 * 86400 * parts).to_string())
}

const FORMATS: [&str; 11] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%B %d %Y",
];

/// What is a date only where one is expected. Oracle writes `23-JUL-84`.
const SHORT: [&str; 5] = ["%Y%m%d", "%d.%m.%y", "%m/%d/%y", "%d/%m/%y", "%d-%b-%y"];

/// Months of a year.
const MONTHS: [&str; 4] = ["%Y-%m", "%m/%Y", "%b %Y", "%B %Y"];

/// What databases and languages write where there is no date: MySQL its zero date, Go and .NET the first day they have. It
/// says nothing of anybody, and a column for dates takes nothing else in its place.
fn is_none(day: &str) -> bool {
    let digits: Vec<u8> = day.bytes().filter(u8::is_ascii_digit).collect();
    let parts = day.bytes().all(|byte| byte.is_ascii_digit() || b"-/.".contains(&byte)) && day.len() == 10;
    parts && (digits == b"00000000" || day == "0001-01-01" || day == "01/01/0001" || day == "01.01.0001")
}

/// One to ten years.
fn weeks(key: &Key) -> Span {
    (53 + i64::from(Stream::new(key, "date", b"").below(468))).weeks()
}

/// The same in months, which have 30.44 days.
fn months(back: Span) -> Span {
    (i64::from(back.get_weeks()) * 700 / 3044).months()
}

/// The same in years.
fn years(back: Span) -> Span {
    (i64::from(back.get_weeks()) * 700 / 36525).max(1).years()
}

/// The day, and a time behind it.
fn split(text: &str) -> (&str, &str) {
    let time = |(at, _): &(usize, &str)| {
        let rest = &text[at + 1..];
        let clock = rest.as_bytes();
        clock.len() >= 4 && clock[0].is_ascii_digit() && rest[..3.min(rest.len())].contains(':')
    };
    let found = text.match_indices(['T', ' ']).filter(|(at, _)| text.is_char_boundary(at + 4)).find(time);
    found.map_or((text, ""), |(at, _)| text.split_at(at))
}

fn moved(text: &str, format: &str, back: Span) -> Option<String> {
    let date = Date::strptime(format, text).ok().filter(|date| (1000..=9999).contains(&date.year()))?;
    let made = date.checked_sub(back).ok()?;
    // `7/3/1984` has no leading zeros, and so on.
    let padded = date.strftime(format).to_string();
    let bare = format.replace("%m", "%-m").replace("%d", "%-d");
    let made = made.strftime(if padded.eq_ignore_ascii_case(text) { format } else { &bare }).to_string();
    let upper = text.bytes().any(|b| b.is_ascii_uppercase()) && !text.bytes().any(|b| b.is_ascii_lowercase());
    Some(if upper { made.to_ascii_uppercase() } else { made })
}
