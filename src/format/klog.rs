//! klog and glog: `Lmmdd hh:mm:ss.uuuuuu THREAD FILE:LINE] MESSAGE`; glog writes the year in front of the month.

use super::Peeled;
use crate::span::Span;

/// Takes the head off.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    if !matches!(line.first()?, b'I' | b'W' | b'E' | b'F') {
        return None;
    }
    let date = line[1..].iter().take(9).take_while(|b| b.is_ascii_digit()).count();
    let time = line.get(date + 2..date + 10)?;
    let clock =
        time.iter().zip(b"00:00:00").all(|(b, shape)| if *shape == b'0' { b.is_ascii_digit() } else { b == shape });
    if !matches!(date, 4 | 8) || line[date + 1] != b' ' || !clock {
        return None;
    }
    let from = date + 10;
    let close = from + memchr::memchr(b']', &line[from..line.len().min(from + 200)])?;
    let rest = close + 1 + usize::from(line.get(close + 1) == Some(&b' '));
    Some(Peeled::one(Span::new(rest, line.len()), Span::new(0, 0), false))
}
