//! Public IPv4 addresses; versions, OIDs and addresses of no public host stay.

use super::boundary::{glued, word};
use super::{host, ipv6, version};
use crate::span::Span;

/// The address round the dot at `at` (any of its three), or round a dash (`host::find`). Port, prefix length and a domain
/// that goes on after it are not part: `82.0.2.1.dsl.example.net` loses the number only. Octets with leading zeros are no
/// address but in the name of a host: readers disagree on their base. What follows a product name, `version` and kin, or a library name is a version.
pub fn find(text: &[u8], at: usize) -> Option<Span> {
    if text[at] == b'-' {
        return host::find(text, at);
    }
    // 1. The run of digits and dots, no further than one that can be an address.
    let numeric = |b: &u8| b.is_ascii_digit() || *b == b'.';
    let mut start = at - text[..at].iter().rev().take(LONGEST + 2).take_while(|b| numeric(b)).count();
    let mut end = at + text[at..].iter().take(LONGEST + 2).take_while(|b| numeric(b)).count();
    while end > at && text[end - 1] == b'.' {
        end -= 1; // the full stop of a sentence, or the domain that goes on
    }
    if text[start] == b'.' {
        if start > 0 && word(text[start - 1]) {
            return None; // `host.8.8.8.8`, `x.1.2.3.4`
        }
        while start < at && text[start] == b'.' {
            start += 1;
        }
    }
    if start > 0 && text[start - 1] == b'%' && end - start > 2 && text[start + 2] != b'.' {
        start += 2; // `%208.8.8.8`: two of the digits are an escape
    }
    // 2. Four octets, and in a place where an address can stand.
    let digits = text.get(start..end)?;
    let read = octets(digits);
    // As most addresses of a log: nothing that may stand round them matters.
    if text.get(end) != Some(&b'.') && read.is_some_and(|octets| !public(octets)) {
        return None;
    }
    let named = host::domain_follows(text, end);
    if named && (glued_before(text, start) || read.is_none()) {
        return in_name(digits).then_some(Span::new(start, end));
    }
    let Some(mut octets) = read else { return before_port(text, at) };
    if text[end..].starts_with(b".in-addr.arpa") {
        octets.reverse();
        return public(octets).then_some(Span::new(start, end));
    }
    if !public(octets)
        || octets[1..] == [0, 0, 0]
        || glued_before(text, start)
        || glued_after(text, end) && !between_words(text, start, end)
    {
        return None;
    }
    // 3. Not one that the IPv6 form `::ffff:8.8.8.8` holds as a whole.
    if start > 1 && text[start - 1] == b':' && ipv6::find(text, start - 1).is_some_and(|v6| v6.end >= end) {
        return None;
    }
    (!version::before(text, start, end, octets) && !version::after(text, end)).then_some(Span::new(start, end))
}

/// The address round the dot at `at` that has its port behind a fifth dot, as tcpdump and the netstat of BSD print them
/// (<https://www.tcpdump.org/manpages/tcpdump.1.html>, "OUTPUT FORMAT"): `IP 8.8.8.8.53 > 10.0.0.5.4711:`.
fn before_port(text: &[u8], at: usize) -> Option<Span> {
    const STATES: [&[u8]; 6] = [b"ESTAB", b"TIME_", b"CLOSE", b"SYN_", b"FIN_", b"LAST_"];
    let numeric = |b: &&u8| b.is_ascii_digit() || **b == b'.';
    let start = at - text[..at].iter().rev().take(PORTED).take_while(numeric).count();
    let end = at + text[at..].iter().take(PORTED).take_while(numeric).count();
    let run = &text[start..end];
    let dot = memchr::memrchr(b'.', run).filter(|_| memchr::memchr_iter(b'.', run).count() == 4)?;
    let port = std::str::from_utf8(&run[dot + 1..]).ok().filter(|port| !port.starts_with('0'))?;
    let said = text[end..].starts_with(b" > ")
        || text[..start].ends_with(b" > ")
        || STATES.iter().any(|state| text[end..].trim_ascii_start().starts_with(state))
        || text[..start].ends_with(b" ") && text[end..].starts_with(b" ") && begins_with_tcp(text);
    let address = said && port.parse::<u16>().is_ok() && octets(&run[..dot]).is_some_and(public);
    address.then_some(Span::new(start, start + dot))
}

/// Is the record a line of netstat?
fn begins_with_tcp(text: &[u8]) -> bool {
    [&b"tcp4 "[..], b"tcp6 ", b"tcp46 ", b"udp4 ", b"udp6 ", b"udp46 "].iter().any(|kind| text.starts_with(kind))
}

/// As [`find`], as far as the four numbers alone tell: see [`shape::may`](super::may).
pub fn may(lines: &[u8], at: usize) -> bool {
    let before = lines[..at].iter().rev().take(4).take_while(|b| b.is_ascii_digit()).count();
    let start = at - before;
    // What is a longer run, and digits that may belong to an escape.
    if lines[at] != b'.' || !(1..4).contains(&before) || start > 0 && matches!(lines[start - 1], b'.' | b'%') {
        return true;
    }
    let behind = lines[at..].iter().take(LONGEST).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    // A name may go on behind a dot.
    let whole = lines[at..at + behind].last() != Some(&b'.');
    let read = octets(&lines[start..at + behind]).filter(|_| whole);
    read.is_none_or(|octets| public(octets) && octets[1..] != [0, 0, 0])
}

/// `host129.206.196.21.isp.example.net`, `static-059.45.101.203.isp.example.net`: with what no version has.
fn in_name(digits: &[u8]) -> bool {
    let mut octets = [0; 4];
    let mut parts = digits.split(|b| *b == b'.');
    let read = octets.iter_mut().all(|octet| {
        let number = parts.next().and_then(host::number);
        *octet = number.unwrap_or_default();
        number.is_some()
    });
    read && parts.next().is_none() && public(octets) && octets[1..].iter().any(|octet| *octet >= host::LARGE)
}

/// Is it a word among others of a form, `from+8.8.8.8+refused`? A version has nothing in front.
fn between_words(text: &[u8], start: usize, end: usize) -> bool {
    text[..start].ends_with(b"+") && text[end..].starts_with(b"+")
}

/// Longest dotted quad and port, `255.255.255.255.65535`, and one byte more.
const PORTED: usize = 22;

/// Longest dotted quad, `255.255.255.255`.
pub(super) const LONGEST: usize = 15;

/// Four octets, dotted, decimal, without leading zeros.
pub(super) fn octets(text: &[u8]) -> Option<[u8; 4]> {
    let (mut octets, mut index) = ([0; 4], 0);
    // The number so far, and how many digits it has.
    let (mut value, mut digits) = (0u8, 0);
    for byte in text {
        match *byte {
            b'.' if digits > 0 && index < 3 => {
                octets[index] = value;
                index += 1;
                (value, digits) = (0, 0);
            }
            digit @ b'0'..=b'9' if digits == 0 || value > 0 => {
                value = value.checked_mul(10)?.checked_add(digit - b'0')?;
                digits += 1;
            }
            _ => return None,
        }
    }
    octets[index] = value;
    (index == 3 && digits > 0).then_some(octets)
}

/// An address of some host on the Internet: not in the IANA special-purpose registry (RFC 6890 and later), not
/// multicast, not reserved.
pub(super) fn public(octets: [u8; 4]) -> bool {
    !matches!(
        octets,
        [0 | 10 | 127 | 224..=255, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
    )
}

/// A word runs into the address: `v1.2.3.4`, `rev7_1.2.3.4` (the underscore is looked at with the versions).
fn glued_before(text: &[u8], start: usize) -> bool {
    start > 0 && text[start - 1] != b'_' && glued(text, start)
}

fn glued_after(text: &[u8], end: usize) -> bool {
    text.get(end).is_some_and(u8::is_ascii_alphanumeric) || matches!(text[end..], [b'+', b'a'..=b'z' | b'A'..=b'Z', ..])
}

#[cfg(test)]
mod tests {
    use super::super::testing::{finds, stays_linear};
    use super::*;

    #[test]
    fn finds_public_addresses() {
        for (text, found) in [
            ("client: 8.8.8.8", "8.8.8.8"),
            ("8.8.8.8:443", "8.8.8.8"),
            ("8.8.8.8/24", "8.8.8.8"),
            ("[8.8.8.8]", "8.8.8.8"),
            ("(8.8.8.8)", "8.8.8.8"),
            ("http://8.8.8.8/", "8.8.8.8"),
            ("8.8.8.8,1", "8.8.8.8"),
            ("at 8.8.8.8.", "8.8.8.8"),
            ("rhost=8.8.8.8", "8.8.8.8"),
            ("src: /8.8.8.8:50010", "8.8.8.8"),
            ("8.8.8.8-", "8.8.8.8"),
            ("8.8.8.8-9.9.9.9", "8.8.8.8"),
            ("ip-8.8.8.8", "8.8.8.8"),
            ("ip_8.8.8.8", "8.8.8.8"),
            ("\\n8.8.8.8", "8.8.8.8"),
            ("\u{5730}8.8.8.8", "8.8.8.8"),
            ("\x1b[32m8.8.8.8", "8.8.8.8"),
            ("%208.8.8.8", "8.8.8.8"),
            ("%3D8.8.8.8", "8.8.8.8"),
            ("8.8.8.8@x", "8.8.8.8"),
            ("8.8.8.8...", "8.8.8.8"),
            ("...8.8.8.8", "8.8.8.8"),
            ("dns.google/8.8.8.8", "8.8.8.8"),
            ("dns/8.8.8.8:53", "8.8.8.8"),
            ("GET /ips/8.8.8.8/ban", "8.8.8.8"),
            ("GET /v1/x/61.4.201.9 HTTP", "61.4.201.9"),
            ("rate_limit-61.4.201.9", "61.4.201.9"),
            ("62.99.164.82.sh.example.at", "62.99.164.82"),
            ("(62.99.164.82.sh.example.at)", "62.99.164.82"),
            ("dsl-1.2.3.4.isp.example.net", "1.2.3.4"),
            ("255.8.8.8.8", ""),
            ("add:8.8.8.8", "8.8.8.8"),
            ("Client::8.8.8.8", "8.8.8.8"),
            ("&{Ip:24.120.56.103 Active:true}", "24.120.56.103"),
            ("<clientIp>18.44.75.119</clientIp>", "18.44.75.119"),
            ("user 1000 8.8.8.8 x", "8.8.8.8"),
            ("curl 8.8.8.8", "8.8.8.8"),
            ("nginx 61.4.201.9 GET", "61.4.201.9"),
            ("nginx 4.3.2.1:443", "4.3.2.1"),
            ("banned 5.6.7.8", "5.6.7.8"),
            ("network 5.6.0.0", "5.6.0.0"),
            ("hop 5.6.0.0/16", "5.6.0.0"),
            ("host129.206.196.21.isp.example.net", "129.206.196.21"),
            ("static-059.45.101.203.isp.example.net", "059.45.101.203"),
            ("1.2.3.81.in-addr.arpa", "1.2.3.81"),
            ("IP 8.8.8.8.53 > 10.0.0.5.4711: UDP", "8.8.8.8"),
            ("IP 10.0.0.5.443 > 193.176.167.132.51234: Flags", "193.176.167.132"),
            ("tcp4 0 0 10.0.0.5.443 8.8.8.8.51234 ESTABLISHED", "8.8.8.8"),
            ("udp4 0 0 8.8.8.8.53 *.*", "8.8.8.8"),
            ("GET http://x/ HIER_DIRECT/1.2.3.4 text/html", "1.2.3.4"),
            ("10.2.3.81.in-addr.arpa.", "10.2.3.81"),
            ("8.8.8.8 -> 9.9.9.9", "8.8.8.8 | 9.9.9.9"),
            ("updated route 8.8.8.8 -> 8.8.4.4", "8.8.8.8 | 8.8.4.4"),
            ("installed route 8.8.8.8 -> 64.0.0.9", "8.8.8.8 | 64.0.0.9"),
        ] {
            assert_eq!(finds(find, b'.', text), found, "{text:?}");
        }
    }

    #[test]
    fn versions_and_kin_stay() {
        for text in [
            "Chrome/126.0.0.0",
            "v1.2.3.4",
            "version 2.7.18.4",
            "Version=4.0.0.0, Culture=neutral",
            "1.2.3.4.5",
            "upgrade 1.2.3.4.5 x",
            "IP 1.2.3.4.5.6 > x",
            "IP 8.8.8.8.99999 > x",
            "schema 1.2.3.4 -> 1.2.3.5",
            "agent/1.2.3.4",
            "libfoo-1.2.3.4",
            "libfoo_1.2.3.4",
            "1.2.3.4-beta",
            "1.2.3.4-1ubuntu2",
            "1.3.6.1.4.1.311",
            "010.1.2.3",
            "1.02.3.4",
            "section 2.7.1.1",
            "\"version\":\"3.0.2.11\"",
            "<appVersion>1.2.3.4<",
            "Chrome 126.0.0.0",
            "1.2.3.4.jar",
            "foo-1.2.3.4.tar.gz",
            "1.2.3.4a",
            "a1.2.3.4",
            "1.2.3.256",
            "1.2.3",
            "2025.01.02.03",
            "x.1.2.3.4",
            "/opt/app/1.2.3.4/bin",
            "WhatsApp/2.23.20.76 A",
            "OID 2.5.29.17",
            "12345.1.2.3.4",
            "Package~amd64~~6.1.3.1",
            "Package~31bf3856ad364e35~amd64~~6.1.34.0",
            "1.2.3.45678",
            "openssl 3.0.11.0",
            "OpenSSL: 3.0.11.1, zlib=1.2.13.1",
            "java (11.0.20.1)",
            "python3 3.11.0.2",
            "upgraded libfoo 2.0.7.0 today",
            "libssl3 3.0.11.1~deb12u2",
            "org.acme:auth:8.1.2.3",
            "1.2.0.10.in-addr.arpa",
            "v1.2.3.4.svc.example.com",
            "package libfoo 1.2.3.40 -> 1.2.3.50",
            "Bump version from 21.14.3.17 to 21.14.3.18.",
            "Update available 9.1.2.30 → 9.2.0.1",
            "see §8.8.8.8",
            "版本1.2.3.4",
            "версия: 1.2.3.4",
        ] {
            assert_eq!(finds(find, b'.', text), "", "{text:?}");
        }
    }

    #[test]
    fn addresses_of_no_public_host_stay() {
        for text in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.9.9",
            "127.0.0.53",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.1",
            "192.0.0.9",
            "192.0.2.7",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.1.1",
            "198.51.100.3",
            "203.0.113.200",
            "224.0.0.251",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.0",
            "255.255.255.255",
            "::ffff:10.0.0.1",
        ] {
            assert_eq!(finds(find, b'.', text), "", "{text:?}");
        }
        for text in
            ["9.9.9.9", "11.0.0.1", "100.63.0.1", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "223.1.1.1"]
        {
            assert_eq!(finds(find, b'.', text), text);
        }
    }

    #[test]
    fn the_mapped_form_belongs_to_ipv6() {
        assert_eq!(finds(find, b'.', "::ffff:8.8.8.8"), "");
    }

    #[test]
    fn a_repeated_fragment_costs_linear_time() {
        for fragment in ["1.1.1.", "1.1.1.1 ", "1", ".", "a/1.1.1.1", "::1.1.1.1"] {
            stays_linear(find, b'.', fragment);
        }
    }
}
