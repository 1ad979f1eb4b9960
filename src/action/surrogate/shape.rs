//! Another value of the same shape: each letter and digit is exchanged for one of its kind, the rest stays.
//!
//! A Feistel network over the letters and digits (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002; as in
//! NIST SP 800-38G, with HMAC-SHA-256 as the round function) is one to one, so different values stay different. What a
//! program may check of a value (Luhn, the digits of a national number, the width of an integer, hexadecimal) has to hold
//! of what comes out as well: the network is walked until it does, which is one to one again.
//!
//! Whoever has the key can turn it round.

use crate::action::Key;
use crate::validate::luhn;
use crate::validate::number::Number;

/// What stands for `text`; `None` if it has little but punctuation, or if nothing valid is found in [`STEPS`].
pub(super) fn of(key: &Key, scope: &str, text: &str) -> Option<String> {
    let shape = Shape::new(text)?;
    let properties = |text: &str| Properties::new(text, scope);
    let wanted = properties(text);
    let mut symbols = shape.symbols(text);
    let tweak = shape.tweak(key, scope);
    (0..STEPS).find_map(|_| {
        permute(key, &tweak, &shape.sizes, &mut symbols);
        let made = shape.spelled(text, &symbols);
        (properties(&made) == wanted).then_some(made)
    })
}

/// Labels of the same shape, each for itself, and the last of several `example` (RFC 2606, section 2). What ends with
/// `.example` stays.
pub(super) fn host(key: &Key, text: &str) -> Option<String> {
    let name = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if !name(text) || text.ends_with(".example") {
        return name(text).then(|| text.to_owned());
    }
    let (labels, top) = text.rsplit_once('.').map_or((text, ""), |(labels, _)| (labels, ".example"));
    let labels: Option<Vec<String>> = labels.split('.').map(|label| of(key, "host", label)).collect();
    Some(labels?.join(".") + top)
}

/// Times the network is walked at most: a value in a hundred passes the check digits of most numbers.
const STEPS: usize = 512;

/// Rounds of the network.
const ROUNDS: u8 = 8;

/// How many letters or digits there may be in each place.
struct Shape {
    sizes: Vec<u8>,
    /// All letters and digits are hexadecimal digits, of which letters and digits may take each other's place.
    hex: bool,
    /// What cannot be counted: letters other than ASCII.
    foreign: String,
}

impl Shape {
    fn new(text: &str) -> Option<Shape> {
        let symbols = || text.chars().filter(|c| c.is_alphanumeric());
        let hex = is_hex(text);
        let digits = symbols().all(|c| c.is_ascii_digit());
        let sizes: Vec<u8> = symbols()
            .enumerate()
            .map(|(at, c)| match c {
                _ if hex => 16,
                // What does not begin with a zero is a number, perhaps, and stays one.
                '1'..='9' if at == 0 && digits && symbols().nth(1).is_some() => 9,
                '0'..='9' => 10,
                _ => 26,
            })
            .collect();
        let others = text.chars().filter(|c| !c.is_alphanumeric()).count();
        let foreign = symbols().filter(|c| !c.is_ascii()).collect();
        (!sizes.is_empty() && others <= sizes.len() * 2).then_some(Shape { sizes, hex, foreign })
    }

    fn tweak(&self, key: &Key, scope: &str) -> [u8; 32] {
        key.authenticate(&[
            b"surrogate shape",
            &[0],
            scope.as_bytes(),
            &[0],
            &self.sizes,
            &[0],
            self.foreign.as_bytes(),
        ])
    }

    /// Each letter and digit as its place in its alphabet.
    fn symbols(&self, text: &str) -> Vec<u8> {
        let symbols = text.chars().filter(|c| c.is_alphanumeric());
        let place = |(c, size): (char, &u8)| match (c, size) {
            _ if self.hex => c.to_digit(16).unwrap_or(0) as u8,
            ('1'..='9', 9) => c as u8 - b'1',
            ('0'..='9', _) => c as u8 - b'0',
            ('a'..='z', _) => c as u8 - b'a',
            ('A'..='Z', _) => c as u8 - b'A',
            // The tweak tells these apart.
            _ => 0,
        };
        symbols.zip(&self.sizes).map(place).collect()
    }

    fn spelled(&self, text: &str, symbols: &[u8]) -> String {
        let upper = text.bytes().any(|b| b.is_ascii_uppercase());
        let mut symbols = symbols.iter().zip(&self.sizes);
        let mut made = String::with_capacity(text.len());
        for c in text.chars() {
            if !c.is_alphanumeric() {
                // What would have to be escaped is left out.
                made.extend(Some(c).filter(|c| c.is_ascii() && !"\"\\`<>".contains(*c)));
                continue;
            }
            let Some((&symbol, &size)) = symbols.next() else { break };
            made.push(match (c, size) {
                _ if self.hex && upper => b"0123456789ABCDEF"[usize::from(symbol)].into(),
                _ if self.hex => b"0123456789abcdef"[usize::from(symbol)].into(),
                (_, 9) => (b'1' + symbol).into(),
                ('0'..='9', _) => (b'0' + symbol).into(),
                _ if c.is_uppercase() => (b'A' + symbol).into(),
                _ => (b'a' + symbol).into(),
            });
        }
        made
    }
}

/// Eight or more hexadecimal digits in one case, letters and digits among them.
fn is_hex(text: &str) -> bool {
    let symbols = || text.bytes().filter(u8::is_ascii_alphanumeric);
    let case = !(symbols().any(|b| b.is_ascii_lowercase()) && symbols().any(|b| b.is_ascii_uppercase()));
    let both = symbols().any(|b| b.is_ascii_digit()) && symbols().any(|b| b.is_ascii_alphabetic());
    case && both && text.is_ascii() && symbols().all(|b| b.is_ascii_hexdigit()) && symbols().count() >= 8
}

/// What a program may check of a value; the same of a value and of its surrogate.
#[derive(PartialEq, Eq)]
struct Properties {
    luhn: bool,
    hex: bool,
    /// Bits of the integer type that holds it.
    width: u8,
    /// Degrees: within 90, within 180, or more.
    degrees: u8,
    number: Option<Number>,
}

impl Properties {
    fn new(text: &str, scope: &str) -> Properties {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let plain = text.bytes().all(|b| b.is_ascii_digit() || b" -".contains(&b));
        let width = |value: u128| [15, 16, 31, 32, 63, 64].into_iter().find(|bits| value >> bits == 0).unwrap_or(65);
        let below_zero = u128::from(text.starts_with('-'));
        let numbered = ["pii.national-id", "pii.health", "pii.device", "pii.document", "pay.account"];
        // The first kind that fits, so that every value is of one.
        let number = || Number::ALL.iter().copied().find(|number| number.holds(text.as_bytes()));
        Properties {
            luhn: plain && digits.len() >= 12 && luhn::holds(digits.as_bytes()),
            hex: is_hex(text),
            // A type holds one more below zero.
            width: if plain {
                digits.parse().map_or(65, |value: u128| width(value.saturating_sub(below_zero)))
            } else {
                0
            },
            degrees: degrees(text),
            number: numbered.contains(&scope).then(number).flatten(),
        }
    }
}

/// Of a decimal, or of several with commas between, the widest.
fn degrees(text: &str) -> u8 {
    let of = |part: &str| {
        let (whole, fraction) = part.trim().split_once('.')?;
        let whole = whole.strip_prefix(['-', '+']).unwrap_or(whole);
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let whole = plain(fraction).then_some(whole).filter(|whole| plain(whole) && whole.len() <= 3)?;
        Some(match whole.parse::<u16>().ok()? {
            ..90 => 1,
            90..180 => 2,
            _ => 3,
        })
    };
    let parts = text.split(',').map(of);
    parts.collect::<Option<Vec<u8>>>().map_or(0, |all| all.iter().fold(0, |sum, one| sum * 4 + one))
}

/// Exchanges the symbols: one to one, for each tweak in another way. `symbols[i]` is less than `sizes[i]`.
fn permute(key: &Key, tweak: &[u8; 32], sizes: &[u8], symbols: &mut [u8]) {
    if let ([size], [symbol]) = (sizes, &mut symbols[..]) {
        // Not by nothing: the only one is never its own.
        let by = 1 + u16::from(key.authenticate(&[tweak])[0]) % u16::from(size - 1);
        *symbol = ((u16::from(*symbol) + by) % u16::from(*size)) as u8;
        return;
    }
    let half = sizes.len() / 2;
    let (left_sizes, right_sizes) = sizes.split_at(half);
    let (left, right) = symbols.split_at_mut(half);
    for round in 0..ROUNDS {
        if round % 2 == 0 {
            add(key, tweak, round, right, left_sizes, left);
        } else {
            add(key, tweak, round, left, right_sizes, right);
        }
    }
}

/// Adds to each symbol of one half a number that follows from the other.
fn add(key: &Key, tweak: &[u8; 32], round: u8, other: &[u8], sizes: &[u8], half: &mut [u8]) {
    for (block, (sizes, symbols)) in sizes.chunks(16).zip(half.chunks_mut(16)).enumerate() {
        let mac = key.authenticate(&[tweak, &[round, (block >> 8) as u8, block as u8], other]);
        for ((symbol, size), by) in symbols.iter_mut().zip(sizes).zip(mac.chunks(2)) {
            let by = u16::from_be_bytes([by[0], by[1]]);
            *symbol = ((u32::from(*symbol) + u32::from(by)) % u32::from(*size)) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_network_is_one_to_one() {
        let key = Key::new(b"a test key of enough bytes").expect("long enough");
        for sizes in [&[10][..], &[9, 10], &[9, 10, 10], &[26, 10, 3], &[2, 3, 5, 7], &[16, 16, 16]] {
            let all = sizes.iter().map(|size| usize::from(*size)).product();
            let mut seen = HashSet::new();
            for mut n in 0..all {
                let mut symbols: Vec<u8> = sizes
                    .iter()
                    .map(|size| {
                        let symbol = n % usize::from(*size);
                        n /= usize::from(*size);
                        symbol as u8
                    })
                    .collect();
                permute(&key, &[7; 32], sizes, &mut symbols);
                assert!(symbols.iter().zip(sizes).all(|(symbol, size)| symbol < size));
                seen.insert(symbols);
            }
            assert_eq!(seen.len(), all, "{sizes:?}");
        }
    }

    #[test]
    fn every_symbol_depends_on_every_other() {
        let key = Key::new(b"a test key of enough bytes").expect("long enough");
        let made = |text: &str| of(&key, "pii.x", text).expect("a surrogate");
        let base = made("4711004711");
        for at in 0..10 {
            let mut other = "4711004711".to_owned().into_bytes();
            other[at] = if other[at] == b'9' { b'8' } else { other[at] + 1 };
            let other = made(&String::from_utf8(other).expect("digits"));
            let same = base.bytes().zip(other.bytes()).filter(|(a, b)| a == b).count();
            assert!(same < 6, "{at} {base} {other}");
        }
    }
}
