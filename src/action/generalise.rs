//! A value made coarser: what is written says less, and generalises to itself.
//!
//! | value | becomes | default |
//! |---|---|---|
//! | IPv4, IPv6 address | the first address of its network | /24, /48 |
//! | date, with or without a time | its month, or its year | month |
//! | coordinate, or a pair of them | fewer digits behind the point, cut off | 1 (11 km) |
//! | number | the beginning of its bucket | its first digit, zeros |
//!
//! What is none of these is hidden.

use crate::policy::rule::Grain;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks of a size that providers give to one customer or more.
const NETWORK: (u8, u8) = (24, 48);

/// What stands for `value`; `None` if it is of no kind that `grain` is for.
pub(super) fn coarse(grain: Grain, value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?.trim();
    match grain {
        Grain::Any => network(text, NETWORK)
            .or_else(|| date(text, true))
            .or_else(|| coordinates(text, 1))
            .or_else(|| number(text, None)),
        Grain::Network { v4, v6 } => network(text, (v4, v6)),
        Grain::Month => date(text, true),
        Grain::Year => date(text, false),
        Grain::Digits(digits) => coordinates(text, digits),
        Grain::Bucket(size) => number(text, Some(size)),
    }
}

fn network(text: &str, (v4, v6): (u8, u8)) -> Option<String> {
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    let bare = bare.split_once(['%', '/']).map_or(bare, |(address, _)| address);
    Some(match bare.parse::<IpAddr>().ok()?.to_canonical() {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(v4.min(32))).unwrap_or(0);
            Ipv4Addr::from(u32::from(address) & mask).to_string()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(v6.min(128))).unwrap_or(0);
            Ipv6Addr::from(u128::from(address) & mask).to_canonical().to_string()
        }
    })
}

/// `1984-07-23`, `1984/07/23`, `23.07.1984`, each with a time behind it or not, `1984-07`, `07.1984`; and where a year will
/// do `7/23/1984` and `1984`, of which the month or the kind is not sure.
fn date(text: &str, month: bool) -> Option<String> {
    let day = text.split_once(['T', ' ']).map_or(text, |(day, _)| day);
    let separator = day.chars().find(|c| !c.is_ascii_digit());
    let parts: Vec<&str> = match separator {
        Some(separator @ ('-' | '/' | '.')) => day.split(separator).collect(),
        Some(_) => return None,
        None => vec![day],
    };
    let digits = |part: &&str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
    if !parts.iter().all(digits) {
        return None;
    }
    let is_month = |part: &str| part.len() == 2 && matches!(part.parse(), Ok(1..=12));
    let is_day = |part: &str| part.len() <= 2 && matches!(part.parse(), Ok(1..=31));
    let is_year = |part: &str| part.len() == 4 && matches!(part.parse(), Ok(1800..=2200));
    let separator = separator.unwrap_or('-');
    match parts[..] {
        [y, m] | [y, m, _] if is_year(y) && is_month(m) && parts.get(2).is_none_or(|d| is_day(d)) => {
            Some(if month { format!("{y}{separator}{m}") } else { y.to_owned() })
        }
        [d, m, y] if separator == '.' && is_day(d) && is_month(m) && is_year(y) => {
            Some(if month { format!("{m}.{y}") } else { y.to_owned() })
        }
        [m, y] if separator == '.' && is_month(m) && is_year(y) => {
            Some(if month { format!("{m}.{y}") } else { y.to_owned() })
        }
        [a, b, y] if !month && is_day(a) && is_day(b) && is_year(y) => Some(y.to_owned()),
        [y] if !month && is_year(y) => Some(y.to_owned()),
        _ => None,
    }
}

fn coordinates(text: &str, digits: u8) -> Option<String> {
    let mut out = String::new();
    let parts: Vec<&str> = text.split(',').collect();
    if parts.len() > 2 {
        return None;
    }
    for (at, part) in parts.iter().enumerate() {
        let bare = part.trim_start();
        let blanks = part.len() - bare.len();
        let (whole, fraction) = bare.split_once('.')?;
        let degrees = whole.strip_prefix(['-', '+']).unwrap_or(whole);
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !plain(degrees) || degrees.len() > 3 || degrees.parse::<u16>().ok()? > 180 || !plain(fraction) {
            return None;
        }
        let left = &fraction[..fraction.len().min(usize::from(digits.max(1)))];
        let comma = if at > 0 { "," } else { "" };
        let _ = write!(out, "{comma}{:blanks$}{whole}.{left}", "");
    }
    Some(out)
}

/// The beginning of the bucket, towards minus infinity; without a size the first digit with zeros, so that the size of the
/// bucket grows with the number. What stands behind a point goes first.
fn number(text: &str, size: Option<u64>) -> Option<String> {
    let fraction = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let whole = text.split_once('.').filter(|(_, behind)| fraction(behind)).map_or(text, |(whole, _)| whole);
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if digits.is_empty() || digits.len() > 30 || !fraction(digits) {
        return None;
    }
    let value: i128 = whole.parse().ok()?;
    if let Some(size) = size {
        let size = i128::from(size.max(1));
        return Some((value.div_euclid(size) * size).to_string());
    }
    // Ten at least: a number of one digit is no coarser than itself.
    let size = 10i128.pow(value.unsigned_abs().to_string().len().max(2) as u32 - 1);
    Some((value / size * size).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NETWORK: Grain = Grain::Network { v4: 24, v6: 48 };

    fn made(grain: Grain, value: &str) -> String {
        coarse(grain, value.as_bytes()).unwrap_or_else(|| "-".to_owned())
    }

    #[test]
    fn each_kind_becomes_coarser() {
        for (grain, value, expected) in [
            (Grain::Any, "203.0.113.77", "203.0.113.0"),
            (Grain::Any, "2001:db8:85a3:8d3:1319:8a2e:370:7348", "2001:db8:85a3::"),
            (Grain::Any, "[2001:db8:85a3::1]", "2001:db8:85a3::"),
            (Grain::Any, "::ffff:203.0.113.77", "203.0.113.0"),
            (Grain::Network { v4: 16, v6: 32 }, "203.0.113.77", "203.0.0.0"),
            (Grain::Network { v4: 0, v6: 0 }, "203.0.113.77", "0.0.0.0"),
            (Grain::Network { v4: 32, v6: 128 }, "203.0.113.77", "203.0.113.77"),
            (NETWORK, "1984-07-23", "-"),
            (Grain::Any, "1984-07-23", "1984-07"),
            (Grain::Any, "1984-07-23T10:00:00Z", "1984-07"),
            (Grain::Any, "1984/07/23", "1984/07"),
            (Grain::Any, "23.07.1984", "07.1984"),
            (Grain::Any, "7/23/1984", "-"),
            (Grain::Year, "7/23/1984", "1984"),
            (Grain::Year, "23.07.1984", "1984"),
            (Grain::Month, "1984", "-"),
            (Grain::Any, "1984-13-23", "-"),
            (Grain::Any, "52.520008", "52.5"),
            (Grain::Any, "-0.1278", "-0.1"),
            (Grain::Any, "52.520008, 13.404954", "52.5, 13.4"),
            (Grain::Digits(2), "52.520008,13.404954", "52.52,13.40"),
            (Grain::Digits(2), "220.5", "-"),
            (Grain::Any, "37", "30"),
            (Grain::Any, "-37", "-30"),
            (Grain::Any, "52340", "50000"),
            (Grain::Any, "7", "0"),
            (Grain::Any, "0", "0"),
            (Grain::Any, "52340.75", "50000"),
            (Grain::Bucket(1000), "52340", "52000"),
            (Grain::Bucket(5), "-37", "-40"),
            (Grain::Any, "hunter2", "-"),
            (Grain::Any, "", "-"),
        ] {
            assert_eq!(made(grain, value), expected, "{value} {grain:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_coarse_stays_as_it_is(
            value in prop_oneof![
                "[0-9]{1,3}(\\.[0-9]{1,3}){3}", "[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}", "-?[0-9]{1,20}(\\.[0-9]{1,8})?",
                "(19|20)[0-9]{2}[-/.][01][0-9]([-/.][0-3][0-9])?", "[0-3][0-9]\\.[01][0-9]\\.(19|20)[0-9]{2}",
                "-?[0-9]{1,3}\\.[0-9]{1,8}, ?-?[0-9]{1,3}\\.[0-9]{1,8}", "[ -~]{0,12}",
            ],
            grain in prop::sample::select(vec![
                Grain::Any, NETWORK, Grain::Network { v4: 9, v6: 33 }, Grain::Month, Grain::Year, Grain::Digits(1),
                Grain::Digits(3), Grain::Bucket(1), Grain::Bucket(7), Grain::Bucket(1000),
            ]),
        ) {
            if let Some(once) = coarse(grain, value.as_bytes()) {
                prop_assert_eq!(coarse(grain, once.as_bytes()), Some(once.clone()), "{} {:?}", value, grain);
            }
        }
    }
}
