//! Public IPv4 addresses in the names of hosts, as providers give them to the lines of their customers:
//! `211-76-104-65.ebix.example.net`, `h64-187-1-131.isp.example.net`.

use super::ipv4::public;
use super::version::FILES;
use crate::span::Span;

/// The address with dashes round the dash at `at` (the first of three), in a name of a host of at least three labels.
/// Numbers as small as those of dates, versions and replicas are none, whatever they are called.
pub fn find(text: &[u8], at: usize) -> Option<Span> {
    let start = at - text[..at].iter().rev().take(4).take_while(|b| b.is_ascii_digit()).count();
    let mut octets = [0; 4];
    let mut end = start;
    for (ix, octet) in octets.iter_mut().enumerate() {
        if ix > 0 {
            (text.get(end) == Some(&b'-')).then_some(())?;
            end += 1;
        }
        let digits = text[end..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
        *octet = number(&text[end..end + digits])?;
        end += digits;
    }
    let large = octets.iter().any(|octet| *octet >= LARGE);
    let before = start > 0 && (text[start - 1] == b'_' || text[..start].ends_with(b"%"));
    (large && !before && public(octets) && domain_follows(text, end)).then_some(Span::new(start, end))
}

/// Fewest that some part of an address has and hours, days, minutes and most versions have not.
pub(super) const LARGE: u8 = 64;

/// `.dsl.example.net`: a dot and at least two labels, the last of letters alone.
pub(super) fn domain_follows(text: &[u8], end: usize) -> bool {
    let rest = text[end..].iter().take(128);
    let name = &text[end..end + rest.take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')).count()];
    let name = name.strip_suffix(b".").unwrap_or(name);
    let Some(labels) = name.strip_prefix(b".") else { return false };
    let mut labels = labels.rsplit(|b| *b == b'.');
    let named = |top: &[u8]| top.len() > 1 && top.iter().all(u8::is_ascii_alphabetic) && !FILES.has(top);
    let top = labels.next().is_some_and(named);
    top && labels.next().is_some_and(|label| label.iter().any(u8::is_ascii_alphabetic))
}

/// An octet; three digits may begin with zeros.
pub(super) fn number(digits: &[u8]) -> Option<u8> {
    if !matches!(digits.len(), 1 | 3) && digits.first() == Some(&b'0') {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{finds, stays_linear};
    use super::*;

    #[test]
    fn finds_addresses_in_names_of_hosts() {
        for (text, found) in [
            ("from 211-76-104-65.ebix.example.net", "211-76-104-65"),
            ("rhost=h64-187-1-131.isp.example.net  user", "64-187-1-131"),
            ("(d211-116-254-214.rev.example.net)", "211-116-254-214"),
            ("ip-216-69-169-168.ip.example.net:22", "216-69-169-168"),
            ("lns-45-82-252-162-81.dsl.example.net", "82-252-162-81"),
            ("host081-002-003-204.isp.example.net.", "081-002-003-204"),
        ] {
            assert_eq!(finds(find, b'-', text), found, "{text}");
        }
        for text in [
            "app-1-2-3-4.svc.example.com",
            "backup-24-12-31-23.nas.example.com",
            "2026-11-26-20.logs.example.com",
            "ip-10-20-30-140.ec2.internal.example",
            "ip-172-31-200-140.eu-west-1.compute.internal",
            "x-211-76-104-65.tar",
            "x-211-76-104-65.tar.gz",
            "211-76-104-65",
            "211-76-104-650.a.example.net",
        ] {
            assert_eq!(finds(find, b'-', text), "", "{text}");
        }
    }

    #[test]
    fn a_repeated_fragment_costs_linear_time() {
        for fragment in ["211-", "211-76-104-65.a.", "1-"] {
            stays_linear(find, b'-', fragment);
        }
    }
}
