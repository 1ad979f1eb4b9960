//! Which of 64 bytes belong to which class, as bit masks: bit `i` stands for byte `i`.
//!
//! `wide` compiles to the vector instructions of the target (SSE2 on any x86-64, NEON on aarch64) without unsafe code
//! of ours. Classification is about half of the work on clean logs, so classes that are rare in logs share one mask.

use wide::u8x32;

/// Class masks of one window.
#[derive(Clone, Copy, Default)]
pub struct Classes {
    /// `0-9`
    pub digit: u64,
    /// `A-Za-z0-9_`
    pub word: u64,
    /// Word bytes and `- . + / =`
    pub token: u64,
    /// `-`
    pub dash: u64,
    /// `.`
    pub dot: u64,
    /// `/`
    pub slash: u64,
    /// `:`
    pub colon: u64,
    /// `=`
    pub equals: u64,
    /// Space and tab
    pub blank: u64,
    /// `"` and `'`
    pub quote: u64,
    /// `\`
    pub backslash: u64,
    /// `@ % + < $ &`, escape (0x1B) and backspace: each worth a look of its own
    pub rare: u64,
    /// Bytes outside ASCII
    pub high: u64,
}

/// Bytes in a window.
pub const WINDOW: usize = 64;

#[inline(always)]
fn half(bytes: &[u8; 32]) -> [u32; 13] {
    let v = u8x32::new(*bytes);
    let is = |b: u8| v.simd_eq(u8x32::splat(b));
    let mask = |x: u8x32| x.to_bitmask();
    let d = v - u8x32::splat(b'0');
    let digit = d.min(u8x32::splat(9)).simd_eq(d);
    let l = (v | u8x32::splat(0x20)) - u8x32::splat(b'a');
    let letter = l.min(u8x32::splat(25)).simd_eq(l);
    let (dash, dot, slash, colon, equals, plus) = (is(b'-'), is(b'.'), is(b'/'), is(b':'), is(b'='), is(b'+'));
    let word = digit | letter | is(b'_');
    let token = word | dash | dot | slash | plus | equals;
    let blank = is(b' ') | is(b'\t');
    let quote = is(b'"') | is(b'\'');
    // `$`, `%` and `&` are neighbours.
    let m = v - u8x32::splat(b'$');
    let rare = is(b'@') | m.min(u8x32::splat(2)).simd_eq(m) | plus | is(b'<') | is(0x1B) | is(0x08);
    [
        mask(digit),
        mask(word),
        mask(token),
        mask(dash),
        mask(dot),
        mask(slash),
        mask(colon),
        mask(equals),
        mask(blank),
        mask(quote),
        mask(is(b'\\')),
        mask(rare),
        v.to_bitmask(),
    ]
}

/// Classifies one window.
#[inline(always)]
pub fn classify(window: &[u8; WINDOW]) -> Classes {
    let (low, high) = window.split_at(32);
    let x = half(low.try_into().expect("half of a window"));
    let y = half(high.try_into().expect("half of a window"));
    let join = |i: usize| u64::from(x[i]) | u64::from(y[i]) << 32;
    Classes {
        digit: join(0),
        word: join(1),
        token: join(2),
        dash: join(3),
        dot: join(4),
        slash: join(5),
        colon: join(6),
        equals: join(7),
        blank: join(8),
        quote: join(9),
        backslash: join(10),
        rare: join(11),
        high: join(12),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_in_its_classes() {
        for byte in 0..=255u8 {
            let c = classify(&[byte; WINDOW]);
            let all = |yes: bool| if yes { u64::MAX } else { 0 };
            let word = byte.is_ascii_alphanumeric() || byte == b'_';
            assert_eq!(c.digit, all(byte.is_ascii_digit()), "digit {byte}");
            assert_eq!(c.word, all(word), "word {byte}");
            assert_eq!(c.token, all(word || b"-.+/=".contains(&byte)), "token {byte}");
            assert_eq!(c.dash, all(byte == b'-'));
            assert_eq!(c.dot, all(byte == b'.'));
            assert_eq!(c.slash, all(byte == b'/'));
            assert_eq!(c.colon, all(byte == b':'));
            assert_eq!(c.equals, all(byte == b'='));
            assert_eq!(c.blank, all(b" \t".contains(&byte)));
            assert_eq!(c.quote, all(b"\"'".contains(&byte)));
            assert_eq!(c.backslash, all(byte == b'\\'));
            assert_eq!(c.rare, all(b"@%+<$&\x1b\x08".contains(&byte)), "rare {byte}");
            assert_eq!(c.high, all(byte >= 0x80), "high {byte}");
        }
    }
}
