//! Pseudonyms of addresses that are addresses, and keep what two of them have in common: hosts of one /24 are hosts of one
//! /24 afterwards.
//!
//! After Crypto-PAn (Xu, Fan, Ammar, Moon: "Prefix-Preserving IP Address Anonymization", 2002), with HMAC-SHA-256 in place
//! of AES: each bit is turned over or not by a keyed function of the bits before it. One HMAC of the octets before gives
//! the 255 decisions for all the bits of the next octet.
//!
//! The result lies where no host is: IPv4 in 240.0.0.0/4 (RFC 1112, section 4), IPv6 in 3fff::/20 (RFC 9637). So four bits
//! stand for the first octet of IPv4, and twelve for the first 32 bits of IPv6: two networks may meet there, but from the
//! next octet on their bits are turned over by functions of their own.

use super::Key;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The pseudonym of an address, with its port if it has one; an address of the reserved space is one already. A zone goes.
/// `None` if `value` is no address.
pub(super) fn pseudonym(key: &Key, value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?;
    if let Ok(socket) = text.parse::<SocketAddr>() {
        return Some(SocketAddr::new(turned(key, socket.ip().to_canonical()), socket.port()).to_string());
    }
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let bare = inner.unwrap_or(text);
    let bare = bare.split_once('%').map_or(bare, |(address, _zone)| address);
    let address = turned(key, bare.parse::<IpAddr>().ok()?.to_canonical());
    Some(if inner.is_some() && address.is_ipv6() { format!("[{address}]") } else { address.to_string() })
}

fn turned(key: &Key, address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) if address.octets()[0] >= 0xF0 => address.into(),
        IpAddr::V4(address) => {
            let mut octets = turn(key, b"ipv4", address.octets(), 1);
            octets[0] = 0xF0 | key.authenticate(&[b"ipv4", &[0], &address.octets()[..1]])[0] & 0x0F;
            Ipv4Addr::from(octets).into()
        }
        IpAddr::V6(address) if u128::from(address) >> 108 == 0x3_FFF0 => address.into(),
        IpAddr::V6(address) => {
            let mut octets = turn(key, b"ipv6", address.octets(), 4);
            let first = key.authenticate(&[b"ipv6", &[0], &address.octets()[..2]])[0];
            let second = key.authenticate(&[b"ipv6", &[0], &address.octets()[..4]])[0];
            octets[..4].copy_from_slice(&[0x3F, 0xFF, first & 0x0F, second]);
            Ipv6Addr::from(octets).into()
        }
    }
}

/// The octets with bits turned over from octet `from` on.
fn turn<const N: usize>(key: &Key, family: &[u8], octets: [u8; N], from: usize) -> [u8; N] {
    let mut out = octets;
    for at in from..N {
        let decisions = key.authenticate(&[family, &[1], &octets[..at]]);
        for bit in 0..8 {
            // A node of the binary tree over the bits of this octet: 1 is the root, 2n and 2n + 1 are the children of n.
            let node = 1usize << bit | usize::from(octets[at]) >> (8 - bit);
            out[at] ^= (decisions[node / 8] >> (node % 8) & 1) << (7 - bit);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn of(value: &str) -> String {
        let key = Key::new(b"a test key of enough bytes").expect("long enough");
        pseudonym(&key, value.as_bytes()).unwrap_or_else(|| "-".to_owned())
    }

    #[test]
    fn pseudonyms_are_addresses_of_the_reserved_space() {
        for value in
            ["8.8.8.8", "203.0.113.77", "0.0.0.0", "2001:db8::1", "[2606:4700::1]", "8.8.8.8:53", "[2606:4700::1]:443"]
        {
            let made = of(value);
            assert!(made.starts_with("24") || made.starts_with("25") || made.contains("3fff:"), "{value} {made}");
            assert_eq!(of(&made), made, "a second time");
            assert_eq!(value.ends_with(":443"), made.ends_with(":443"));
        }
        assert_eq!(of("::ffff:8.8.8.8"), of("8.8.8.8"));
        assert_eq!(of("2001:DB8:0::1"), of("2001:db8::1"));
        for value in ["db.internal", "", "8.8.8", "8.8.8.8.8", "8.8.8.8/24"] {
            assert_eq!(of(value), "-");
        }
        let other = Key::new(b"another key of enough bytes").expect("long enough");
        assert_ne!(pseudonym(&other, b"8.8.8.8"), Some(of("8.8.8.8")));
    }

    #[test]
    fn all_hosts_of_a_network_stay_apart() {
        let hosts: HashSet<String> = (0..=255).map(|host| of(&format!("198.51.7.{host}"))).collect();
        assert_eq!(hosts.len(), 256);
    }

    proptest! {
        #[test]
        fn what_two_addresses_have_in_common_they_keep(a: [u8; 4], b: [u8; 4], common in 1usize..5) {
            let mut b = b;
            b[..common].copy_from_slice(&a[..common]);
            prop_assume!(a[0] < 240);
            let turned = |octets: [u8; 4]| {
                u32::from(of(&Ipv4Addr::from(octets).to_string()).parse::<Ipv4Addr>().expect("an address"))
            };
            let shared = (u32::from_be_bytes(a) ^ u32::from_be_bytes(b)).leading_zeros();
            prop_assert_eq!((turned(a) ^ turned(b)).leading_zeros(), shared);
        }

        #[test]
        fn networks_of_ipv6_stay_networks(a: [u8; 16], b: [u8; 16], common in 4usize..17) {
            let mut b = b;
            b[..common].copy_from_slice(&a[..common]);
            let turned = |octets: [u8; 16]| {
                u128::from(of(&Ipv6Addr::from(octets).to_string()).parse::<Ipv6Addr>().expect("an address"))
            };
            prop_assume!(Ipv6Addr::from(a).to_canonical().is_ipv6() && Ipv6Addr::from(b).to_canonical().is_ipv6());
            let shared = (u128::from_be_bytes(a) ^ u128::from_be_bytes(b)).leading_zeros();
            prop_assert_eq!((turned(a) ^ turned(b)).leading_zeros(), shared);
        }
    }
}
