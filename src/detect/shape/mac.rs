//! Hardware (MAC) addresses of devices; broadcast, well-known groups and longer runs of hex pairs stay.

use super::boundary::{glued, word};
use crate::span::Span;

/// The address whose first separator is at `at`: six hex pairs with `:` or `-` (IEEE 802-2014, 8.1), or three groups
/// of four with dots, as Cisco writes them ([`find_dotted`]). Part of a longer run, such as a fingerprint, is none.
pub fn find(text: &[u8], at: usize) -> Option<Span> {
    let separator = text[at];
    if separator == b'.' {
        return find_dotted(text, at);
    }
    let start = at.checked_sub(2)?;
    let span = Span::new(start, start + 17);
    let run = text.get(span.range())?;
    let mut device = [0; 6];
    for (i, part) in run.chunks(3).enumerate() {
        device[i] = pair(part)?;
        if part.len() == 3 && part[2] != separator {
            return None;
        }
    }
    let alone = !glued(text, start) && !text.get(span.end).is_some_and(|b| word(*b));
    let follows = text.get(span.end) == Some(&separator) && text.get(span.end + 1).is_some_and(u8::is_ascii_hexdigit);
    let date = separator == b'-' && date_like(run);
    (alone && !follows && !date && !pair_before(text, start, separator) && device_address(device)).then_some(span)
}

/// `aabb.ccdd.eeff` round its first dot at `at`. At least one letter has to be in it: digits alone are a number.
pub fn find_dotted(text: &[u8], at: usize) -> Option<Span> {
    let start = at.checked_sub(4)?;
    let span = Span::new(start, start + 14);
    let run = text.get(span.range())?;
    if run[4] != b'.' || run[9] != b'.' {
        return None;
    }
    let mut device = [0; 6];
    for (byte, at) in device.iter_mut().zip([0, 2, 5, 7, 10, 12]) {
        *byte = pair(&run[at..])?;
    }
    let alone = !glued(text, start) && (start == 0 || text[start - 1] != b'.');
    let after = text.get(span.end).is_some_and(|b| word(*b))
        || (text.get(span.end) == Some(&b'.') && text.get(span.end + 1).is_some_and(|b| word(*b)));
    (alone && !after && run.iter().any(u8::is_ascii_alphabetic) && device_address(device)).then_some(span)
}

fn pair(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    Some((digit(0)? << 4 | digit(1)?) as u8)
}

/// A hex pair and the separator stand before: the run is longer than six. (`Mac:` before is a name, not a pair.)
fn pair_before(text: &[u8], start: usize, separator: u8) -> bool {
    start >= 3 && text[start - 1] == separator && pair(&text[start - 3..]).is_some() && !glued(text, start - 3)
}

/// One device's address: not all zero, not broadcast, not one of the groups that protocols talk to (RFC 7042: IPv4 and
/// IPv6 multicast, IEEE 802.1, Cisco, PTP), not one for documentation. Other addresses with the group bit are masked: no register knows them.
fn device_address(device: [u8; 6]) -> bool {
    !matches!(
        device,
        [0, 0, 0, 0, 0, 0]
            | [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
            | [0x01, 0x00, 0x5e, ..]
            | [0x33, 0x33, ..]
            | [0x01, 0x80, 0xc2, 0, 0, _]
            | [0x01, 0x00, 0x0c, 0xcc | 0xcd, ..]
            | [0x01, 0x1b, 0x19, 0, 0, 0]
            | [0x00, 0x00, 0x5e, 0x00, 0x53, _]
    )
}

/// `25-11-21-10-30-00`: a moment, as file names have it.
fn date_like(run: &[u8]) -> bool {
    let number = |at: usize| std::str::from_utf8(&run[at..at + 2]).ok()?.parse::<u8>().ok();
    matches!(
        (number(0), number(3), number(6), number(9), number(12), number(15)),
        (Some(_), Some(1..=12), Some(1..=31), Some(0..=23), Some(0..=59), Some(0..=59))
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{finds, stays_linear};
    use super::*;

    #[test]
    fn finds_device_addresses() {
        for (separator, text, found) in [
            (b':', "mac 00:1a:2b:3c:4d:5e up", "00:1a:2b:3c:4d:5e"),
            (b':', "&{Mac:a4:46:21:b2:90:82 A:b}", "a4:46:21:b2:90:82"),
            (b'-', "mac=f0-80-71-07-a5-57,", "f0-80-71-07-a5-57"),
            (b':', "A4:46:21:B2:90:82.", "A4:46:21:B2:90:82"),
            (b':', "HWaddr:a4:46:21:b2:90:82", "a4:46:21:b2:90:82"),
            (b':', "01:23:45:67:89:AB", "01:23:45:67:89:AB"),
            (b'.', "Address aabb.ccdd.eeff, port", "aabb.ccdd.eeff"),
            (b'.', "0012.3456.789A", "0012.3456.789A"),
            (b'.', "is aabb.ccdd.eeff.", "aabb.ccdd.eeff"),
            (b':', "a4:46:21:b2:90:82: x", "a4:46:21:b2:90:82"),
            (b'-', "dev-a4-46-21-b2-90-82", "a4-46-21-b2-90-82"),
            (b':', "\\na4:46:21:b2:90:82", "a4:46:21:b2:90:82"),
        ] {
            assert_eq!(finds(find, separator, text), found, "{text:?}");
        }
    }

    #[test]
    fn groups_and_longer_runs_stay() {
        for (separator, text) in [
            (b':', "00:00:00:00:00:00"),
            (b':', "ff:ff:ff:ff:ff:ff"),
            (b':', "01:00:5e:00:00:fb"),
            (b':', "33:33:00:00:00:01"),
            (b':', "01:80:c2:00:00:0e"),
            (b':', "00:00:5e:00:53:01"),
            (b':', "aa:bb:cc:dd:ee:ff:00"),
            (b':', "SHA1:aa:bb:cc:dd:ee:ff:00:11:22:33"),
            (b':', "aa:bb:cc:dd:ee"),
            (b':', "aa:bb:cc:dd:ee:f"),
            (b':', "aa:bb-cc:dd:ee:ff"),
            (b':', "xaa:bb:cc:dd:ee:ff"),
            (b':', "aa:bb:cc:dd:ee:ff1"),
            (b':', "12:34:56"),
            (b'-', "25-11-21-10-30-00"),
            (b'-', "2025-11-21-10-30-00"),
            (b'-', "aa-bb-cc-dd-ee-ff-00"),
            (b'.', "1234.5678.9012"),
            (b'.', "aabb.ccdd.eeff.0011"),
            (b'.', "aabb.ccdd"),
            (b'.', "0.aabb.ccdd.eeff"),
            (b':', ":"),
            (b'.', "a.b"),
        ] {
            assert_eq!(finds(find, separator, text), "", "{text:?}");
        }
    }

    #[test]
    fn a_repeated_fragment_costs_linear_time() {
        for fragment in ["aa:", ":", "aa:bb:cc:dd:ee:ff "] {
            stays_linear(find, b':', fragment);
        }
        stays_linear(find, b'.', "aabb.");
    }
}
