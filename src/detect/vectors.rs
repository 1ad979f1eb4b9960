//! Classification and masks by the vectors of the machine, chosen at run time.
//!
//! AVX-512 compares 64 bytes into a mask at once; AVX2 (both with `pulp`) and the baseline of the target (`wide`: SSE2,
//! NEON) share one formula over 32. Neither needs unsafe code of ours.

use super::classes::{Classes, WINDOW};
use super::lanes::{LANES, Side};
use pulp::NullaryFnOnce;
use wide::{u8x32, u64x4};

/// Vectors that classify a window.
pub trait Classify: Side {
    /// Classifies one window. Has to be inlined into what [`dispatch`] does.
    fn classify(self, window: &[u8; WINDOW]) -> Classes;
}

/// Something to do with the best vectors there are; `with` has to be inlined always.
pub trait Work {
    /// What comes of it.
    type Output;
    /// Does it.
    fn with(self, vectors: impl Classify) -> Self::Output;
}

/// Does `work` with the best vectors of this machine.
pub fn dispatch<W: Work>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(v4) = pulp::x86::V4::try_new() {
            return v4.vectorize(On(v4, work));
        }
        if let Some(v3) = pulp::x86::V3::try_new() {
            return v3.vectorize(On(v3, work));
        }
    }
    work.with(Baseline)
}

/// Work and the vectors it is compiled for.
struct On<V, W>(V, W);

impl<V: Classify, W: Work> NullaryFnOnce for On<V, W> {
    type Output = W::Output;

    #[inline(always)]
    fn call(self) -> W::Output {
        self.1.with(self.0)
    }
}

/// What every machine of the target has.
#[derive(Clone, Copy)]
struct Baseline;

/// 32 bytes in a vector, and what the formula of [`by_halves`] does with them.
trait Half: Copy {
    type V: Copy;
    fn load(self, bytes: &[u8; 32]) -> Self::V;
    fn all(self, byte: u8) -> Self::V;
    fn eq(self, a: Self::V, b: Self::V) -> Self::V;
    fn or(self, a: Self::V, b: Self::V) -> Self::V;
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    fn min(self, a: Self::V, b: Self::V) -> Self::V;
    /// The top bit of each byte.
    fn mask(self, v: Self::V) -> u32;
}

impl Half for Baseline {
    type V = u8x32;
    #[inline(always)]
    fn load(self, bytes: &[u8; 32]) -> u8x32 {
        u8x32::new(*bytes)
    }
    #[inline(always)]
    fn all(self, byte: u8) -> u8x32 {
        u8x32::splat(byte)
    }
    #[inline(always)]
    fn eq(self, a: u8x32, b: u8x32) -> u8x32 {
        a.simd_eq(b)
    }
    #[inline(always)]
    fn or(self, a: u8x32, b: u8x32) -> u8x32 {
        a | b
    }
    #[inline(always)]
    fn sub(self, a: u8x32, b: u8x32) -> u8x32 {
        a - b
    }
    #[inline(always)]
    fn min(self, a: u8x32, b: u8x32) -> u8x32 {
        a.min(b)
    }
    #[inline(always)]
    fn mask(self, v: u8x32) -> u32 {
        v.to_bitmask()
    }
}

impl Side for Baseline {
    type Masks = u64x4;
    #[inline(always)]
    fn side_by_side(self, masks: [u64; LANES]) -> u64x4 {
        u64x4::new(masks)
    }
    #[inline(always)]
    fn apart(self, masks: u64x4) -> [u64; LANES] {
        masks.to_array()
    }
    #[inline(always)]
    fn and(self, a: u64x4, b: u64x4) -> u64x4 {
        a & b
    }
    #[inline(always)]
    fn or(self, a: u64x4, b: u64x4) -> u64x4 {
        a | b
    }
    #[inline(always)]
    fn xor(self, a: u64x4, b: u64x4) -> u64x4 {
        a ^ b
    }
    #[inline(always)]
    fn left(self, a: u64x4, bits: u32) -> u64x4 {
        a << bits
    }
    #[inline(always)]
    fn right(self, a: u64x4, bits: u32) -> u64x4 {
        a >> bits
    }
}

impl Classify for Baseline {
    #[inline(always)]
    fn classify(self, window: &[u8; WINDOW]) -> Classes {
        by_halves(self, window)
    }
}

#[inline(always)]
fn half<H: Half>(h: H, bytes: &[u8; 32]) -> [u32; 13] {
    let v = h.load(bytes);
    let is = |b: u8| h.eq(v, h.all(b));
    let any = |list: &[H::V]| list[1..].iter().fold(list[0], |all, one| h.or(all, *one));
    let d = h.sub(v, h.all(b'0'));
    let digit = h.eq(h.min(d, h.all(9)), d);
    let l = h.sub(h.or(v, h.all(0x20)), h.all(b'a'));
    let letter = h.eq(h.min(l, h.all(25)), l);
    let (dash, dot, slash, colon, equals, plus) = (is(b'-'), is(b'.'), is(b'/'), is(b':'), is(b'='), is(b'+'));
    let word = any(&[digit, letter, is(b'_')]);
    let token = any(&[word, dash, dot, slash, plus, equals]);
    // `$`, `%` and `&` are neighbours.
    let from_dollar = h.sub(v, h.all(b'$'));
    let near = h.eq(h.min(from_dollar, h.all(2)), from_dollar);
    let rare = any(&[is(b'@'), near, plus, is(b'<'), is(0x1B), is(0x08), is(b'^'), is(b'*'), is(b'~')]);
    [
        h.mask(digit),
        h.mask(word),
        h.mask(token),
        h.mask(dash),
        h.mask(dot),
        h.mask(slash),
        h.mask(colon),
        h.mask(equals),
        h.mask(h.or(is(b' '), is(b'\t'))),
        h.mask(h.or(is(b'"'), is(b'\''))),
        h.mask(is(b'\\')),
        h.mask(rare),
        h.mask(v),
    ]
}

#[inline(always)]
fn by_halves<H: Half>(h: H, window: &[u8; WINDOW]) -> Classes {
    let (low, high) = window.split_at(32);
    let x = half(h, low.try_into().expect("half of a window"));
    let y = half(h, high.try_into().expect("half of a window"));
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

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Classes, Classify, Half, LANES, Side, WINDOW, by_halves};
    use core::arch::x86_64::{__m256i, __m512i};
    use pulp::x86::{V3, V4};

    macro_rules! side {
        ($vectors:ty) => {
            impl Side for $vectors {
                type Masks = __m256i;
                #[inline(always)]
                fn side_by_side(self, masks: [u64; LANES]) -> __m256i {
                    pulp::cast(masks)
                }
                #[inline(always)]
                fn apart(self, masks: __m256i) -> [u64; LANES] {
                    pulp::cast(masks)
                }
                #[inline(always)]
                fn and(self, a: __m256i, b: __m256i) -> __m256i {
                    self.avx2._mm256_and_si256(a, b)
                }
                #[inline(always)]
                fn or(self, a: __m256i, b: __m256i) -> __m256i {
                    self.avx2._mm256_or_si256(a, b)
                }
                #[inline(always)]
                fn xor(self, a: __m256i, b: __m256i) -> __m256i {
                    self.avx2._mm256_xor_si256(a, b)
                }
                #[inline(always)]
                fn left(self, a: __m256i, bits: u32) -> __m256i {
                    self.avx2._mm256_sllv_epi64(a, pulp::cast([u64::from(bits); LANES]))
                }
                #[inline(always)]
                fn right(self, a: __m256i, bits: u32) -> __m256i {
                    self.avx2._mm256_srlv_epi64(a, pulp::cast([u64::from(bits); LANES]))
                }
            }
        };
    }
    side!(V3);
    side!(V4);

    impl Half for V3 {
        type V = __m256i;
        #[inline(always)]
        fn load(self, bytes: &[u8; 32]) -> __m256i {
            pulp::cast(*bytes)
        }
        #[inline(always)]
        fn all(self, byte: u8) -> __m256i {
            self.avx._mm256_set1_epi8(byte.cast_signed())
        }
        #[inline(always)]
        fn eq(self, a: __m256i, b: __m256i) -> __m256i {
            self.avx2._mm256_cmpeq_epi8(a, b)
        }
        #[inline(always)]
        fn or(self, a: __m256i, b: __m256i) -> __m256i {
            self.avx2._mm256_or_si256(a, b)
        }
        #[inline(always)]
        fn sub(self, a: __m256i, b: __m256i) -> __m256i {
            self.avx2._mm256_sub_epi8(a, b)
        }
        #[inline(always)]
        fn min(self, a: __m256i, b: __m256i) -> __m256i {
            self.avx2._mm256_min_epu8(a, b)
        }
        #[inline(always)]
        fn mask(self, v: __m256i) -> u32 {
            self.avx2._mm256_movemask_epi8(v) as u32
        }
    }

    impl Classify for V3 {
        #[inline(always)]
        fn classify(self, window: &[u8; WINDOW]) -> Classes {
            by_halves(self, window)
        }
    }

    impl Classify for V4 {
        #[inline(always)]
        fn classify(self, window: &[u8; WINDOW]) -> Classes {
            let (bw, f) = (self.avx512bw, self.avx512f);
            let v: __m512i = pulp::cast(*window);
            let all = |b: u8| f._mm512_set1_epi8(b.cast_signed());
            let is = |b: u8| bw._mm512_cmpeq_epi8_mask(v, all(b));
            let below = |v: __m512i, from: u8, count: u8| {
                bw._mm512_cmple_epu8_mask(bw._mm512_sub_epi8(v, all(from)), all(count))
            };
            let digit = below(v, b'0', 9);
            let word = digit | below(f._mm512_or_si512(v, all(0x20)), b'a', 25) | is(b'_');
            let (dash, dot, slash, equals, plus) = (is(b'-'), is(b'.'), is(b'/'), is(b'='), is(b'+'));
            Classes {
                digit,
                word,
                token: word | dash | dot | slash | plus | equals,
                dash,
                dot,
                slash,
                colon: is(b':'),
                equals,
                blank: is(b' ') | is(b'\t'),
                quote: is(b'"') | is(b'\''),
                backslash: is(b'\\'),
                rare: is(b'@')
                    | below(v, b'$', 2)
                    | plus
                    | is(b'<')
                    | is(0x1B)
                    | is(0x08)
                    | is(b'^')
                    | is(b'*')
                    | is(b'~'),
                high: !below(v, 0, 0x7F),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The classes of one window, by whatever vectors.
    struct Window<'w>(&'w [u8; WINDOW]);

    impl Work for Window<'_> {
        type Output = Classes;
        #[inline(always)]
        fn with(self, vectors: impl Classify) -> Classes {
            vectors.classify(self.0)
        }
    }

    /// By each kind of vectors that this machine has.
    fn by_all(window: &[u8; WINDOW]) -> Vec<Classes> {
        let mut all = vec![Baseline.classify(window)];
        #[cfg(target_arch = "x86_64")]
        {
            all.extend(pulp::x86::V3::try_new().map(|v3| v3.vectorize(On(v3, Window(window)))));
            all.extend(pulp::x86::V4::try_new().map(|v4| v4.vectorize(On(v4, Window(window)))));
        }
        all
    }

    #[test]
    fn all_vectors_say_the_same() {
        let mut window = [0; WINDOW];
        for round in 0..=255u8 {
            for (at, byte) in window.iter_mut().enumerate() {
                *byte = (at as u8).wrapping_mul(37).wrapping_add(round);
            }
            let all = by_all(&window);
            assert!(all.iter().all(|classes| *classes == all[0]), "round {round}");
        }
    }

    #[test]
    fn every_byte_is_in_its_classes() {
        for byte in 0..=255u8 {
            let c = dispatch(Window(&[byte; WINDOW]));
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
            assert_eq!(c.rare, all(b"@%+<$&^*~\x1b\x08".contains(&byte)), "rare {byte}");
            assert_eq!(c.high, all(byte >= 0x80), "high {byte}");
        }
    }
}
