//! CEF and LEEF: when an event was received, how severe it is, and the value of a key, which may hold blanks.

use super::Level;
use super::time::{Clock, Moment, value};
use crate::detect::extension;
use memchr::memmem;

/// Keys that say when, the best first.
const TIMES: [&[u8]; 4] = [b"rt", b"devTime", b"start", b"end"];

/// Where the `:` of `CEF:0` or `LEEF:2.0` stands.
fn colon(line: &[u8]) -> Option<usize> {
    let at = memmem::find(&line[..line.len().min(512)], b"EF:")? + 2;
    line[..at].ends_with(b"CEF").then_some(at).or_else(|| line[..at].ends_with(b"LEEF").then_some(at))
}

/// The value of the key that `wanted` takes.
pub fn find(line: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Option<&[u8]> {
    let (name, value) = extension(line, colon(line)?)?.into_iter().find(|(name, _)| wanted(&line[name.range()]))?;
    (!name.is_empty()).then(|| &line[value.range()])
}

/// When the event was received.
pub fn moment(line: &[u8], clock: &Clock) -> Option<Moment> {
    colon(line)?;
    TIMES.iter().find_map(|key| value(find(line, |name| name == *key)?, clock))
}

/// The severity in the header of CEF, a word or 0 to 10, or of the key `sev` in LEEF.
pub fn level(line: &[u8]) -> Option<Level> {
    let header = &line[colon(line)? + 1..];
    let severity = match find(line, |name| name == b"sev") {
        Some(severity) => severity,
        None => header.split(|b| *b == b'|').nth(6)?,
    };
    match severity.trim_ascii().to_ascii_lowercase().as_slice() {
        b"low" | b"0" | b"1" | b"2" | b"3" => Some(Level::Info),
        b"medium" | b"4" | b"5" | b"6" => Some(Level::Warn),
        b"high" | b"7" | b"8" => Some(Level::Error),
        b"very-high" | b"9" | b"10" => Some(Level::Critical),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_a_time_and_a_severity() {
        let clock = Clock::default();
        for (line, epoch, severity) in [
            ("CEF:0|v|p|1|7|n|5|rt=1714557600000 src=x", "@1714557600", Some(Level::Warn)),
            ("x CEF:0|v|p|1|7|n|High|a=b rt=May 01 2024 10:00:00 c=d", "@1714557600", Some(Level::Error)),
            ("LEEF:2.0|v|p|1|7|^|devTime=2024-05-01T10:00:00Z^sev=10", "@1714557600", Some(Level::Critical)),
        ] {
            assert_eq!(moment(line.as_bytes(), &clock), clock.parse(epoch), "{line}");
            assert_eq!(level(line.as_bytes()), severity, "{line}");
        }
        assert_eq!(moment(b"REF: rt=1714557600000", &clock), None);
    }
}
