//! Makes tables of literals. Stands alone, as `src/build` uses it too.

use super::super::hook::Hook;
use super::table::{ALL, BITS, BY_HAND, Literal, Owner, SIZES, Table, bit, bucket_of, eight_at, hash, size_of};

/// What a table consists of.
#[derive(Default)]
pub struct Tables {
    list: Vec<Literal>,
    owners: Vec<Owner>,
    heads: Vec<(u64, u64)>,
    nexts: Vec<(u64, u64)>,
    pool: Vec<u8>,
    bits: Vec<u64>,
    starts: Vec<u32>,
}

impl Tables {
    /// The table.
    #[inline]
    pub fn table(&self) -> Table<'_> {
        let Tables { list, owners, heads, nexts, pool, bits, starts } = self;
        Table { list, owners, heads, nexts, pool, bits, starts }
    }
}

/// Gathers literals.
#[derive(Default)]
pub struct Builder {
    /// Each once.
    list: Vec<Literal>,
    heads: Vec<(u64, u64)>,
    pool: Vec<u8>,
    /// The literal of each owner, by its index in `list`.
    uses: Vec<(u32, Owner)>,
    /// The index of a literal, plus one, where its hash says or behind it; zeros are free. A power of two.
    table: Vec<u32>,
}

impl Builder {
    /// Adds a literal of at least three bytes, counted from its place, of the pattern with this number.
    pub fn add(&mut self, hook: &Hook<'_>, pattern: u16) {
        let owner = Owner { pattern, inside: hook.inside };
        let (before, literal) = hook.literal.split_at(hook.place);
        let (head, rest) = literal.split_at(literal.len().min(8));
        let head = counted(head);
        if 2 * self.list.len() >= self.table.len() {
            self.grow();
        }
        let mut slot = self.slot(head, rest.len());
        let ix = loop {
            match self.table[slot].checked_sub(1) {
                Some(ix) if self.is(ix as usize, before, head, rest) => break ix,
                Some(_) => slot = (slot + 1) & (self.table.len() - 1),
                None => {
                    self.table[slot] = self.list.len() as u32 + 1;
                    break self.push(before, head, rest);
                }
            }
        };
        self.uses.push((ix, owner));
    }

    /// Where the look for a literal begins.
    fn slot(&self, head: (u64, u64), rest: usize) -> usize {
        let mixed = (head.0 ^ rest as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 32) as usize & (self.table.len() - 1)
    }

    fn grow(&mut self) {
        self.table = vec![0; (2 * self.table.len()).max(64)];
        for (ix, literal) in self.list.iter().enumerate() {
            let mut slot = self.slot(self.heads[ix], (literal.end - literal.rest) as usize);
            while self.table[slot] != 0 {
                slot = (slot + 1) & (self.table.len() - 1);
            }
            self.table[slot] = ix as u32 + 1;
        }
    }

    /// Is the literal `ix` this one?
    fn is(&self, ix: usize, before: &[u8], head: (u64, u64), rest: &[u8]) -> bool {
        let Literal { before: start, rest: middle, end, .. } = self.list[ix];
        let part = |from: u32, to: u32| self.pool.get(from as usize..to as usize);
        self.heads[ix] == head && part(start, middle) == Some(before) && part(middle, end) == Some(rest)
    }

    fn push(&mut self, before: &[u8], head: (u64, u64), rest: &[u8]) -> u32 {
        // Policies are much shorter than 4 GiB.
        let start = self.pool.len() as u32;
        self.pool.extend_from_slice(before);
        self.pool.extend_from_slice(rest);
        self.heads.push(head);
        let rest = start + before.len() as u32;
        self.list.push(Literal { before: start, rest, end: self.pool.len() as u32, ..Literal::default() });
        self.list.len() as u32 - 1
    }

    /// All of them, by bucket.
    pub fn build(self) -> Tables {
        let (starts, places) = sorted(ALL, self.heads.iter().map(|head| bucket_of(*head)));
        let (mut list, mut heads) = (vec![Literal::default(); self.list.len()], vec![(0, 0); self.list.len()]);
        let mut bits = vec![0; BITS];
        for ((literal, head), place) in self.list.iter().zip(&self.heads).zip(&places) {
            let (word, bit) = bit(hash(head.0, SIZES[size_of(head.1)]));
            bits[word] |= 1 << bit;
            (list[*place as usize], heads[*place as usize]) = (*literal, *head);
        }
        let literals = self.uses.iter().map(|(ix, _)| places[*ix as usize] as usize);
        let (ends, own) = sorted(list.len(), literals);
        let mut owners = vec![Owner { pattern: BY_HAND, inside: false }; self.uses.len()];
        for ((_, owner), place) in self.uses.iter().zip(own) {
            owners[place as usize] = *owner;
        }
        for (at, literal) in list.iter_mut().enumerate() {
            let own = &owners[ends[at] as usize..ends[at + 1] as usize];
            literal.owners = ends[at + 1];
            literal.by_hand = own.iter().any(|owner| owner.pattern == BY_HAND);
        }
        let next = |literal: &Literal| {
            let rest = &self.pool[literal.rest as usize..literal.end as usize];
            counted(&rest[..rest.len().min(8)])
        };
        let nexts = list.iter().map(next).collect();
        Tables { list, owners, heads, nexts, pool: self.pool, bits, starts }
    }
}

/// Up to eight bytes, little-endian, and which of eight they are.
fn counted(bytes: &[u8]) -> (u64, u64) {
    (eight_at(bytes, 0), u64::MAX.checked_shr(64 - 8 * bytes.len() as u32).unwrap_or(0))
}

/// Where each of so many groups begins if what belongs to these groups is sorted by them, and one more at the end; and the
/// place of each. Those of one group stay in their order.
fn sorted(groups: usize, of: impl Iterator<Item = usize> + Clone) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; groups + 1];
    of.clone().for_each(|group| starts[group + 1] += 1);
    for at in 0..groups {
        starts[at + 1] += starts[at];
    }
    let mut next = starts.clone();
    let place = |group: usize| {
        next[group] += 1;
        next[group] - 1
    };
    let places = of.map(place).collect();
    (starts, places)
}
