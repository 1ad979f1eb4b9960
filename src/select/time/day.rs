//! Times without a date, as many loggers write them on a terminal: logback (`%d{HH:mm:ss.SSS}`), zerolog (`3:04PM`), log4j.

use super::read::Read;
use super::{Clock, Moment};
use jiff::civil::Time;

/// The last time before now, if `text` begins with a time of the day, in brackets or not. What is `collected` has a time
/// already, and may begin with one that is none of its own: there it must have a fraction.
pub fn of_day(text: &[u8], collected: bool, clock: &Clock) -> Option<Moment> {
    let bracket = text.first() == Some(&b'[');
    let text = &text[usize::from(bracket)..];
    let mut read = Read(text);
    let time = read.time()?;
    let taken = &text[..text.len() - read.0.len()];
    // Minutes alone could be a score, or a place in a file.
    let whole = memchr::memchr_iter(b':', taken).count() == 2 || taken.ends_with(b"M");
    let ends = if bracket { b"] " } else { b" \t" };
    let exact = taken.len() > b"12:00:00".len() && !taken.ends_with(b"M");
    if !whole || collected && !exact || !read.0.first().is_some_and(|b| ends.contains(b)) {
        return None;
    }
    clock.last(time)
}

impl Clock {
    /// The last such time that is not more than a minute ahead: clocks differ.
    fn last(&self, time: Time) -> Option<Moment> {
        let today = self.0.date();
        let limit = self.0.timestamp().as_nanosecond() + 60_000_000_000;
        let at = self.moment(today.to_datetime(time), None)?;
        if at.0 <= limit { Some(at) } else { self.moment(today.yesterday().ok()?.to_datetime(time), None) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_day_is_the_last_one_before_now() {
        let clock = Clock("2024-05-02T10:00:00+00:00[UTC]".parse().unwrap());
        for (line, moment) in [
            ("09:59:59.500 [main] ERROR x", Some("@1714643999.5")),
            ("10:02:00 INFO x", Some("@1714557720")),
            ("10:00:30 a clock that is a little ahead", Some("@1714644030")),
            ("9:59AM ERR x", Some("@1714643940")),
            ("9:59PM ERR x", Some("@1714600740")),
            ("[09:59:59] ERROR x", Some("@1714643999")),
            ("10:00 is the hour", None),
            ("10:00:00", None),
            ("12:34:56:78:9a:bc joined", None),
            ("[12:00:00:1] x", None),
            ("at 09:59:59 it was", None),
        ] {
            assert_eq!(of_day(line.as_bytes(), false, &clock), moment.and_then(|at| clock.parse(at)), "{line}");
        }
        let collected = |line: &str| of_day(line.as_bytes(), true, &clock).is_some();
        assert!(
            collected("09:59:59.500 [main] ERROR x") && !collected("09:59:59 is late") && !collected("11:59:59 PM x")
        );
    }
}
