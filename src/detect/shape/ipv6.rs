//! Public IPv6 addresses; times, hardware addresses, paths of code and private addresses stay.

use super::boundary::{glued, word};
use super::ipv4;
use crate::span::Span;
use std::net::Ipv6Addr;

/// The address round the colon at `at` (any of its colons), in the text forms of RFC 4291 section 2.2 and RFC 5952.
/// Brackets, zone (`%eth0`), port and prefix length are not part. Names and numbers that end in a colon may stand
/// directly before (`en0:2001:…`, Go's `{IP:2001:…`, `rate:60:2001:…`), and Java's `…:1:443` with all eight groups has
/// its port after a colon.
pub fn find(text: &[u8], at: usize) -> Option<Span> {
    // 1. The run of hex digits and colons round the colon, given up as soon as it can be no address.
    let mut start = at - groups(text[..at].iter().rev())?;
    let mut end = at + groups(text[at..].iter())?;
    if text[start..end].windows(3).any(|w| w == b":::") {
        return None;
    }
    // 2. A single colon at either end belongs to the text; the run may end in a dotted IPv4 address.
    if text[end - 1] == b':' && !text[start..end].ends_with(b"::") {
        end -= 1;
    }
    if start < end && text[start] == b':' && !text[start..end].starts_with(b"::") {
        start += 1;
    }
    let dotted = dotted_end(text, start, end).filter(|stop| !is_port(&text[end..*stop]));
    let end = dotted.unwrap_or(end);
    if text.get(end).is_some_and(|b| word(*b)) {
        return None;
    }
    // 3. The longest address that the run ends with. Groups before it are text: the first may be part of a word
    //    (`en0:`; but `Client::8.8.8.8` is code), others are what came before in a key.
    if is_erlang_time(text, start, end) {
        return None;
    }
    let mut glued = glued(text, start);
    let least = if dotted.is_some() { 6 } else { 7 };
    loop {
        let run = &text[start..end];
        // Without `::` all groups are there; what is left of a run has fewer.
        if memchr::memchr_iter(b':', run).count() < least && !run.windows(2).any(|two| two == b"::") {
            return None;
        }
        if !glued {
            match verdict(&text[start..end], dotted.is_some()) {
                Verdict::Public(length) => return Some(Span::new(start, start + length)),
                Verdict::Local => return None,
                Verdict::Other => {}
            }
        }
        let colon = start + text[start..end].iter().position(|&b| b == b':')?;
        if text[colon..end].starts_with(b"::") {
            return None;
        }
        (start, glued) = (colon + 1, false);
    }
}

/// Is it the year and time of day in the head of a report of Erlang, `=INFO REPORT==== 2-Feb-2026::09:00:00 ===`
/// (<https://www.erlang.org/doc/apps/sasl/error_logging.html>)?
fn is_erlang_time(text: &[u8], start: usize, end: usize) -> bool {
    let like = |run: &[u8], like: &[u8]| {
        run.len() == like.len()
            && run.iter().zip(like).all(|(b, like)| b == like || *like == b'0' && b.is_ascii_digit())
    };
    let month = |month: &[u8]| month[..3].iter().all(u8::is_ascii_alphabetic) && month[3] == b'-';
    like(&text[start..end], b"0000::00:00:00") && start > 3 && month(&text[start - 4..start])
}

/// What a run of groups spells.
enum Verdict {
    /// A public address of so many bytes, and perhaps a port after a colon.
    Public(usize),
    /// An address that stays.
    Local,
    /// Nothing that is in use.
    Other,
}

fn verdict(run: &[u8], dotted: bool) -> Verdict {
    let parse = |run: &[u8]| std::str::from_utf8(run).ok()?.parse::<Ipv6Addr>().ok();
    let whole = parse(run).map(|ip| (ip, run.len()));
    let with_port = || {
        let colon = run.iter().rposition(|&b| b == b':')?;
        let port = &run[colon + 1..];
        let ip = (port.len() <= 5 && port.iter().all(u8::is_ascii_digit)).then(|| parse(&run[..colon]))??;
        Some((ip, colon))
    };
    let Some((ip, length)) = whole.or_else(with_port) else { return Verdict::Other };
    let written = run.split(|&b| b == b':').filter(|group| !group.is_empty()).count();
    if public(ip, dotted) && (dotted || written > 1) {
        Verdict::Public(length)
    } else if matches!(ip.segments()[0], 0x2000..=0x3fff | 0xfc00..) {
        Verdict::Local
    } else {
        Verdict::Other
    }
}

/// Bytes of hex groups and colons that can belong to one address; `None` when it is none: three colons in a row, more
/// than ten. A group of five digits is not part, nor is its colon's other side.
fn groups<'a>(bytes: impl Iterator<Item = &'a u8>) -> Option<usize> {
    let (mut length, mut digits, mut colons, mut row) = (0, 0, 0, 0);
    for byte in bytes {
        if *byte == b':' {
            (digits, colons, row) = (0, colons + 1, row + 1);
        } else if byte.is_ascii_hexdigit() {
            (digits, row) = (digits + 1, 0);
        } else {
            break;
        }
        if colons > 10 || row > 2 {
            return None;
        }
        if digits > 4 {
            return Some(length + 1 - digits);
        }
        length += 1;
    }
    Some(length)
}

/// Where the dotted IPv4 address ends that the last group of the run begins.
fn dotted_end(text: &[u8], start: usize, end: usize) -> Option<usize> {
    if text.get(end) != Some(&b'.') || !text.get(end + 1).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    text[start..end].contains(&b':').then_some(())?;
    let rest = text[end..].iter().take(13).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let mut stop = end + rest;
    while text[stop - 1] == b'.' {
        stop -= 1;
    }
    Some(stop)
}

/// The port that tcpdump and the netstat of BSD print behind a dot: `2606:4700::1.443 > …`.
fn is_port(tail: &[u8]) -> bool {
    matches!(tail, [b'.', b'1'..=b'9', digits @ ..] if digits.len() < 5 && digits.iter().all(u8::is_ascii_digit))
}

/// An address of some host on the Internet (IANA special-purpose registry, RFC 6890 and later): global unicast
/// without documentation, benchmark and ORCHID blocks; where an IPv4 address is inside, that one decides.
fn public(ip: Ipv6Addr, dotted: bool) -> bool {
    let v4 = |at: usize| {
        let [a, b] = [ip.segments()[at], ip.segments()[at + 1]].map(u16::to_be_bytes);
        ipv4::public([a[0], a[1], b[0], b[1]])
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => v4(6),
        [0, 0, 0, 0, 0, 0, ..] => dotted && v4(6),
        [0x2002, ..] => v4(1),
        [0x2001, 0xdb8 | 0x10..=0x2f, ..] | [0x2001, 0x2, 0, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first >> 13 == 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{finds, stays_linear};
    use super::*;

    #[test]
    fn finds_public_addresses() {
        for (text, found) in [
            ("from 2a02:8108:71d9:be59::b412 x", "2a02:8108:71d9:be59::b412"),
            ("ip=2001:470:1429:83ca:7806:f2a3:b05:cff1", "2001:470:1429:83ca:7806:f2a3:b05:cff1"),
            ("[2606:4700:4700::1111]:443", "2606:4700:4700::1111"),
            ("2606:4700:4700::1111/64", "2606:4700:4700::1111"),
            ("2606:4700::1%eth0", "2606:4700::1"),
            ("&{ClientIp:2606:4700::11 A:b}", "2606:4700::11"),
            ("en0:2606:4700::11", "2606:4700::11"),
            ("[IPv6:2606:4700::11]", "2606:4700::11"),
            ("add:2606:4700::11", "2606:4700::11"),
            ("rate:60:2606:4700::11", "2606:4700::11"),
            ("user:12345:2606:4700::11", "2606:4700::11"),
            ("8.8.8.8:2606:4700::11", "2606:4700::11"),
            ("/2a02:8108:0:0:0:0:0:1:54321", "2a02:8108:0:0:0:0:0:1"),
            ("add:2001:470:1429:83ca:7806:f2a3:b05:cff1", "2001:470:1429:83ca:7806:f2a3:b05:cff1"),
            ("/2a02:8108:0:0:0:0:0:1:8080", "2a02:8108:0:0:0:0:0:1"),
            ("2606:4700::11: refused", "2606:4700::11"),
            ("2606:4700::11.", "2606:4700::11"),
            ("IP6 2606:4700::11.51234 > fe80::1.443: Flags", "2606:4700::11"),
            ("2606:4700:: x", "2606:4700::"),
            ("2606:4700::, x", "2606:4700::"),
            ("::ffff:8.8.8.8", "::ffff:8.8.8.8"),
            ("[::FFFF:8.8.8.8]:80", "::FFFF:8.8.8.8"),
            ("::ffff:808:808", "::ffff:808:808"),
            ("64:ff9b::8.8.8.8", "64:ff9b::8.8.8.8"),
            ("::8.8.8.8.", "::8.8.8.8"),
            ("2A02:8108::1", "2A02:8108::1"),
            ("\\n2606:4700::11", "2606:4700::11"),
            ("2002:808:808::1", "2002:808:808::1"),
            ("\u{5730}2606:4700::11", "2606:4700::11"),
            ("2345:0425:2CA1:0000:0000:0567:5673:23b5", "2345:0425:2CA1:0000:0000:0567:5673:23b5"),
        ] {
            assert_eq!(finds(find, b':', text), found, "{text:?}");
        }
    }

    #[test]
    fn everything_else_with_colons_stays() {
        for text in [
            "12:34:56",
            "=ERROR REPORT==== 2-Feb-2026::09:00:00 ===",
            "2025-01-01T12:34:56.789",
            "aa:bb:cc:dd:ee:ff",
            "0000:00:1f.3",
            "std::vector",
            "::",
            "a::b",
            "::1",
            "std::cafe::Bad",
            "crate::add::feed",
            "1:2",
            "[::]:8443",
            "fe80::1%eth0",
            "fd00::1",
            "fc00:1::2",
            "ff02::fb",
            "2001:db8::1",
            "3fff::1",
            "3fff:fff::1",
            "2001:2::1",
            "2001:20::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::10.0.0.1",
            "00:11:22:33:44:55:66:77:88:99:aa",
            "2606:4700::zz",
            "x2606:4700::1",
            "2606:47001::1",
            "fd12:2606:4700::1",
            "fe80:2606:4700::1",
            "2001:db8:2606:4700::1",
            "2606:4700::12345",
            ":::",
            "2606:::1",
            "2600::",
            "64:ff9b::10.0.0.1",
            "2002:a00:1::1",
            "face:b00c",
            "::1.2.3",
            "fdaa:2606:4700::1",
            "100::1",
            "Client::8.8.8.8",
        ] {
            assert_eq!(finds(find, b':', text), "", "{text:?}");
        }
    }

    #[test]
    fn a_repeated_fragment_costs_linear_time() {
        for fragment in [":", "::", ":::", "a:", "1234:", "abcd", "2606:4700::1:", "::1.1.1.1"] {
            stays_linear(find, b':', fragment);
        }
    }
}
