//! Bit masks of several windows side by side: what is worked out with them costs one vector instruction for all.
//!
//! Compilers do not find this by themselves: the same formula over arrays of four ran at a quarter of the speed.

use std::ops::{BitAnd, BitOr, Not, Shl, Shr};

/// Windows that are looked at together.
pub const LANES: usize = 4;

/// Vectors of [`LANES`] masks.
pub trait Side: Copy {
    /// Such a vector.
    type Masks: Copy;
    /// Puts masks into it.
    fn side_by_side(self, masks: [u64; LANES]) -> Self::Masks;
    /// Takes them out.
    fn apart(self, masks: Self::Masks) -> [u64; LANES];
    /// Bitwise and.
    fn and(self, a: Self::Masks, b: Self::Masks) -> Self::Masks;
    /// Bitwise or.
    fn or(self, a: Self::Masks, b: Self::Masks) -> Self::Masks;
    /// Bitwise exclusive or.
    fn xor(self, a: Self::Masks, b: Self::Masks) -> Self::Masks;
    /// Each mask shifted left.
    fn left(self, a: Self::Masks, bits: u32) -> Self::Masks;
    /// Each mask shifted right.
    fn right(self, a: Self::Masks, bits: u32) -> Self::Masks;
}

/// A mask for each window.
#[derive(Clone, Copy)]
pub struct Lanes<S: Side>(S, S::Masks);

impl<S: Side> Lanes<S> {
    /// From a mask of each window.
    #[inline(always)]
    pub fn new(side: S, masks: [u64; LANES]) -> Lanes<S> {
        Lanes(side, side.side_by_side(masks))
    }

    /// The same mask for all.
    #[inline(always)]
    pub fn all(side: S, mask: u64) -> Lanes<S> {
        Lanes::new(side, [mask; LANES])
    }

    /// The mask of each window.
    #[inline(always)]
    pub fn apart(self) -> [u64; LANES] {
        self.0.apart(self.1)
    }
}

impl<S: Side> BitAnd for Lanes<S> {
    type Output = Lanes<S>;
    #[inline(always)]
    fn bitand(self, other: Lanes<S>) -> Lanes<S> {
        Lanes(self.0, self.0.and(self.1, other.1))
    }
}

impl<S: Side> BitOr for Lanes<S> {
    type Output = Lanes<S>;
    #[inline(always)]
    fn bitor(self, other: Lanes<S>) -> Lanes<S> {
        Lanes(self.0, self.0.or(self.1, other.1))
    }
}

impl<S: Side> Not for Lanes<S> {
    type Output = Lanes<S>;
    #[inline(always)]
    fn not(self) -> Lanes<S> {
        Lanes(self.0, self.0.xor(self.1, self.0.side_by_side([u64::MAX; LANES])))
    }
}

impl<S: Side> Shl<u32> for Lanes<S> {
    type Output = Lanes<S>;
    #[inline(always)]
    fn shl(self, bits: u32) -> Lanes<S> {
        Lanes(self.0, self.0.left(self.1, bits))
    }
}

impl<S: Side> Shr<u32> for Lanes<S> {
    type Output = Lanes<S>;
    #[inline(always)]
    fn shr(self, bits: u32) -> Lanes<S> {
        Lanes(self.0, self.0.right(self.1, bits))
    }
}
