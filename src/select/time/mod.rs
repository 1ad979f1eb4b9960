//! When a record was written, in the forms that logs have; and what `--since` and `--until` understand.

mod day;
mod read;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use super::columns::Columns;
use super::json;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ZonedDateTime};
use read::Read;

pub use day::of_day;

/// A point in time, in nanoseconds of the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i128);

/// Now, and here: what a time means that has no zone, no year or no date.
#[derive(Clone, Debug)]
pub struct Clock(ZonedDateTime);

impl Default for Clock {
    /// Midnight in 1970, in UTC.
    fn default() -> Clock {
        Clock(Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC))
    }
}

impl Clock {
    /// The system's, in the zone of `TZ` or of the system.
    pub fn now() -> Clock {
        Clock(ZonedDateTime::now())
    }

    /// What was typed: a time with or without zone, date or seconds, `@` and an epoch, or how long ago (`15m`, `2h30m`,
    /// `1 day ago`).
    pub fn parse(&self, typed: &str) -> Option<Moment> {
        let typed = typed.trim();
        if let Some(epoch) = typed.strip_prefix('@') {
            return self::epoch(epoch.as_bytes());
        }
        if let Some(moment) = stamp(typed.as_bytes(), self).filter(|_| typed.len() > 15) {
            return Some(moment);
        }
        // An hour, or so many of what?
        if typed.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let local = |at: DateTime| at.to_zoned_datetime(self.0.time_zone().clone()).ok().map(|at| at.timestamp());
        let at = if let Ok(timestamp) = typed.parse::<Timestamp>() {
            Some(timestamp)
        } else if let Ok(at) = typed.parse::<DateTime>() {
            local(at)
        } else if let Ok(time) = typed.parse::<Time>() {
            local(self.0.date().to_datetime(time))
        } else {
            let ago: Span = typed.strip_suffix("ago").unwrap_or(typed).trim().parse().ok()?;
            self.0.checked_sub(ago.abs()).ok().map(|at| at.timestamp())
        };
        at.map(|at| Moment(at.as_nanosecond()))
    }

    /// The moment of a date and time; `offset` in seconds, if the zone is known.
    fn moment(&self, at: DateTime, offset: Option<i64>) -> Option<Moment> {
        let nanoseconds = match offset {
            Some(offset) => {
                let utc = at.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp();
                utc.checked_sub(SignedDuration::from_secs(offset)).ok()?
            }
            None => self.0.time_zone().to_timestamp(at).ok()?,
        };
        Some(Moment(nanoseconds.as_nanosecond()))
    }

    /// The year of a date that has none: this one, or the last if it were more than a day ahead.
    fn year(&self, month: i8, day: i8) -> i16 {
        let today = self.0.date();
        let year = today.year();
        let tomorrow = today.tomorrow().unwrap_or(today);
        match Date::new(year, month, day) {
            Ok(date) if date <= tomorrow => year,
            _ => year - 1,
        }
    }
}

/// How far into a line of text its time may begin, in bytes; longer where it is in brackets, behind addresses and users.
const REACH: usize = 64;
const REACH_IN_BRACKETS: usize = 256;

/// What stands in front of the time of a record of Linux' audit log: `type=SYSCALL msg=audit(1364481363.243:24287): …`.
const AUDIT: &[u8] = b"msg=audit(";

const KEYS: [&str; 26] = [
    "\"@timestamp\"",
    "\"timestamp\"",
    "\"time\"",
    "\"ts\"",
    "\"@t\"",
    "\"datetime\"",
    "\"Timestamp\"",
    "\"$date\"",
    "\"requestReceivedTimestamp\"",
    "\"eventTime\"",
    "\"timeMillis\"",
    "\"asctime\"",
    "\"written_at\"",
    "\"logged_at\"",
    "\"receiveTimestamp\"",
    "\"timeUnixNano\"",
    "\"__REALTIME_TIMESTAMP\"",
    "\"epochSecond\"",
    "\"created_at\"",
    "\"start_time\"",
    "\"date\"",
    "\"t\"",
    "\"T\"",
    "\"@time\"",
    "\"EdgeStartTimestamp\"",
    "\"EdgeEndTimestamp\"",
];

/// When a record was written, by the head of its message.
pub fn find(text: &[u8], clock: &Clock) -> Option<Moment> {
    if text.first() == Some(&b'{') {
        let (_, value) = json::value(text, &KEYS)?;
        return stamp(value, clock).or_else(|| epoch(value));
    }
    // The sections of GitLab's older runners.
    if let Some(rest) = text.strip_prefix(b"section_start:").or(text.strip_prefix(b"section_end:")) {
        return epoch(&rest[..rest.iter().take_while(|b| b.is_ascii_digit()).count()]);
    }
    let mut at = 0;
    while at < text.len().min(REACH_IN_BRACKETS) {
        let byte = text[at];
        let before = at.checked_sub(1).map(|i| text[i]);
        let begins = byte.is_ascii_alphanumeric() && !before.is_some_and(|b| b.is_ascii_alphanumeric());
        let near = at < REACH || before == Some(b'[');
        if begins && near {
            if let Some(moment) = stamp(&text[at..], clock) {
                return Some(moment);
            }
            let audited = text[..at].ends_with(AUDIT);
            if at == 0 || text[..at] == *b"[" || audited || is_time_key(&text[..at]) {
                let word = text[at..].iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
                let ends = text
                    .get(at + word)
                    .is_none_or(|b| matches!(b, b' ' | b'\t' | b'"' | b',' | b']') || audited && *b == b':');
                if let Some(moment) = epoch(&text[at..at + word]).filter(|_| ends) {
                    return Some(moment);
                }
            }
        }
        at += 1;
    }
    None
}

/// The times in `envelope`, in front of a message.
pub fn all<'t>(envelope: &'t [u8], clock: &'t Clock) -> impl Iterator<Item = Moment> + 't {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < envelope.len() {
            let begins = at == 0 || !envelope[at - 1].is_ascii_alphanumeric();
            let mut read = Read(&envelope[at..]);
            at += 1;
            if begins && let Some(moment) = read_stamp(&mut read, clock) {
                at = envelope.len() - read.0.len();
                return Some(moment);
            }
        }
        None
    })
}

/// Does `text` begin with a time, in brackets or not, or behind one word?
pub fn leads(text: &[u8], clock: &Clock) -> bool {
    let word = memchr::memchr2(b' ', b'=', &text[..text.len().min(16)]).map_or(text.len(), |at| at + 1);
    [text, &text[word..]].iter().any(|text| {
        let mark = usize::from(matches!(text.first(), Some(b'[' | b'"')));
        stamp(&text[mark..], clock).is_some()
    })
}

/// A time or an epoch, and nothing else before it.
pub fn value(text: &[u8], clock: &Clock) -> Option<Moment> {
    let number = text.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    stamp(text, clock).or_else(|| epoch(&text[..number]).filter(|_| number == text.len()))
}

/// When the row of a table was written, by its column `time` or kin.
pub fn of_row(row: &[u8], columns: &Columns, clock: &Clock) -> Option<Moment> {
    const NAMES: [&[u8]; 8] =
        [b"timestamp", b"@timestamp", b"datetime", b"date_time", b"log_time", b"created_at", b"ts", b"start"];
    if let Some(cell) = columns.cell(row, |name| NAMES.contains(&name)) {
        return value(cell, clock);
    }
    let time = columns.cell(row, |name| name == b"time")?;
    let Some(date) = columns.cell(row, |name| name == b"date") else { return value(time, clock) };
    let zone: &[u8] = if columns.are_w3c() { b"Z" } else { b"" };
    value(&[date, b"T", time, zone].concat(), clock)
}

/// Is this a line of VPC flow logs: `2 123456789010 eni-… …`?
pub fn is_flow(line: &[u8]) -> bool {
    let mut fields = line.split(|b| *b == b' ');
    let digits = |field: Option<&[u8]>, most: usize| {
        field.is_some_and(|field| (1..=most).contains(&field.len()) && field.iter().all(u8::is_ascii_digit))
    };
    digits(fields.next(), 1)
        && digits(fields.next(), 12)
        && fields.next().is_some_and(|field| field.starts_with(b"eni-"))
        && fields.count() == 11
}

/// The time that docker's json-file has behind the message.
pub fn find_behind(text: &[u8], clock: &Clock) -> Option<Moment> {
    let (_, value) = json::value(text, &["\"time\""])?;
    stamp(value, clock)
}

/// `ts=`, `time="`: what stands in front of a time in logfmt.
fn is_time_key(before: &[u8]) -> bool {
    let before = before.strip_suffix(b"\"").unwrap_or(before);
    let Some(before) = before.strip_suffix(b"=") else { return false };
    let name = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let name = &before[before.len() - name..];
    [&b"ts"[..], b"time", b"timestamp", b"t", b"date"].contains(&name)
}

/// An epoch in seconds, milli-, micro- or nanoseconds, by its size; from 2001 on.
fn epoch(text: &[u8]) -> Option<Moment> {
    let text = std::str::from_utf8(text).ok()?;
    if let Some((mantissa, exponent)) = text.split_once(['e', 'E']) {
        // zap prints floats so.
        let scaled = mantissa.parse::<f64>().ok()? * 10_f64.powi(exponent.parse().ok()?);
        return (1e9..1e11).contains(&scaled).then(|| Moment((scaled * 1e6) as i128 * 1000));
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.len() < 10 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let unit: i128 = match whole.len() {
        10 | 11 => 1_000_000_000,
        12..=14 => 1_000_000,
        15..=17 => 1_000,
        18..=19 => 1,
        _ => return None,
    };
    let part: i128 = format!("{fraction:0<9}")[..9].parse().ok()?;
    Some(Moment(whole.parse::<i128>().ok()? * unit + part * unit / 1_000_000_000))
}

/// The date and time that `text` begins with.
fn stamp(text: &[u8], clock: &Clock) -> Option<Moment> {
    read_stamp(&mut Read(text), clock)
}

fn read_stamp(read: &mut Read<'_>, clock: &Clock) -> Option<Moment> {
    let (date, time) = if read.0.first()?.is_ascii_digit() { by_number(read, clock)? } else { by_name(read, clock)? };
    let offset = read.zone();
    clock.moment(date.to_datetime(time), offset)
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn by_number(read: &mut Read<'_>, clock: &Clock) -> Option<(Date, Time)> {
    let digits = read.0.iter().take_while(|b| b.is_ascii_digit()).count();
    let first = read.number(1, 8)?;
    let separator = read.one(b"-/. T")?;
    let day = match (digits, separator) {
        // 2024-05-01T12:00:00Z, 2024/05/01 12:00:00, 2024-05-01 12:00:00,123, 2024-05-01-12.00.00.123
        (4, b'-' | b'/' | b'.') => {
            let month = read.number(2, 2)?;
            read.one(&[separator])?;
            let day = date(first, month, read.number(2, 2)?)?;
            read.one(b"T t_:-")?;
            // `[GIN] 2024/05/01 - 12:00:00`
            read.0 = read.0.strip_prefix(b"- ").unwrap_or(read.0);
            // Db2 has dots in the time, too.
            return Some((day, read.dotted_time().or_else(|| read.time())?));
        }
        // 20240501T120000Z, 20240501 12:00:00
        (8, b'T' | b' ' | b'-') => {
            let day = date(first / 10_000, first / 100 % 100, first % 100)?;
            if read.0.iter().take_while(|b| b.is_ascii_digit()).count() == 6 {
                return Some((day, packed(read)?));
            }
            day
        }
        // 240501 12:00:00 of old MySQL, 081109 203518 of HDFS
        (6, b' ') => {
            read.blanks();
            let day = date(2000 + first / 10_000, first / 100 % 100, first % 100)?;
            if read.0.iter().take_while(|b| b.is_ascii_digit()).count() == 6 {
                return Some((day, packed(read)?));
            }
            day
        }
        // 05-01 12:00:00.123 of Android
        (2, b'-') if read.0.get(2) == Some(&b' ') => {
            let day = read.number(2, 2)?;
            read.blanks();
            date(i64::from(clock.year(first as i8, day as i8)), first, day)?
        }
        // 01/May/2024:12:00:00 +0200, 01-May-2024 12:00:00, 01 May 2024 12:00:00.123; 05/01/2024 12:00:00 PM
        (1 | 2, b'/' | b'-' | b' ' | b'.') => {
            let named = read.0.first()?.is_ascii_alphabetic();
            let month = if named { read.month()? } else { read.number(2, 2)? };
            read.one(&[separator])?;
            let digits = read.0.iter().take_while(|b| b.is_ascii_digit()).count();
            let year = read.number(2, 4)?;
            // 24/05/01 12:00:00 of Spark: the year stands in front.
            if (digits, separator, named) == (2, b'/', false) && read.one(b" ").is_some() {
                return Some((date(2000 + first, month, year)?, read.time()?));
            }
            if digits != 4 {
                return None;
            }
            read.one(b": T,")?;
            read.blanks();
            // Without a name: the American way round with slashes, the German one with dots.
            match (named, separator) {
                (true, _) | (false, b'.') => date(year, month, first)?,
                (false, b'/') => date(year, first, month).or_else(|| date(year, month, first))?,
                _ => return None,
            }
        }
        _ => return None,
    };
    Some((day, read.time()?))
}

/// `120000`
fn packed(read: &mut Read<'_>) -> Option<Time> {
    let time = read.number(6, 6)?;
    Time::new((time / 10_000) as i8, (time / 100 % 100) as i8, (time % 100) as i8, 0).ok()
}

const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];

fn by_name(read: &mut Read<'_>, clock: &Clock) -> Option<(Date, Time)> {
    // E0501 12:00:00.123456 of klog, E20240501 12:00:00 of glog
    if let [b'T' | b'D' | b'I' | b'W' | b'E' | b'F', rest @ ..] = read.0
        && rest.first().is_some_and(u8::is_ascii_digit)
    {
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        read.0 = rest;
        let number = read.number(4, 8)?;
        let day = match digits {
            4 => date(i64::from(clock.year((number / 100) as i8, (number % 100) as i8)), number / 100, number % 100)?,
            8 => date(number / 10_000, number / 100 % 100, number % 100)?,
            _ => return None,
        };
        read.blanks()?;
        return Some((day, read.time()?));
    }
    // The day of the week says nothing.
    if DAYS.iter().any(|day| read.0.starts_with(day)) && matches!(read.0.get(3), Some(b' ' | b',')) {
        read.0 = read.0[4..].trim_ascii_start();
        if read.0.first()?.is_ascii_digit() {
            return by_number(read, clock);
        }
    }
    // Oct 11 22:14:15, Oct 11 22:14:15.123 2024, May 1, 2024 12:00:00 PM
    let month = read.month()?;
    read.blanks()?;
    let day = read.number(1, 2)?;
    let mut year = None;
    if read.one(b",").is_some()
        || read.0.get(5).is_some_and(|b| *b == b' ') && read.0[1..5].iter().all(u8::is_ascii_digit)
    {
        read.blanks();
        year = Some(read.number(4, 4)?);
        read.one(b",");
    }
    read.blanks()?;
    let time = read.time()?;
    // `12:00:00 2024`; date(1) has the zone in between, `12:00:00 CET 2024`.
    let mut rest = Read(read.0);
    let _ = rest.zone();
    let _ = rest.blanks();
    let behind = rest.number(4, 4).filter(|year| (1970..2200).contains(year));
    let year = year.or(behind.filter(|_| !rest.0.first().is_some_and(u8::is_ascii_alphanumeric)));
    let year = year.unwrap_or_else(|| i64::from(clock.year(month as i8, day as i8)));
    Some((date(year, month, day)?, time))
}
