//! What patterns begin with, found by the first three bytes.

/// Literals and the index of the pattern each belongs to.
pub struct Anchors {
    /// Sorted by bucket.
    list: Vec<(Vec<u8>, u16)>,
    /// Where each bucket begins in `list`; one more at the end.
    starts: Vec<u16>,
}

const BUCKETS: usize = 1024;

fn bucket(head: &[u8]) -> usize {
    let three = u32::from_le_bytes([head[0], head[1], head[2], 0]);
    (three.wrapping_mul(0x9E37_79B1) >> 22) as usize
}

impl Anchors {
    /// From literals of at least three bytes.
    pub fn new(mut list: Vec<(Vec<u8>, u16)>) -> Anchors {
        list.sort_by_cached_key(|(literal, pattern)| (bucket(literal), literal.clone(), *pattern));
        let mut starts = vec![0u16; BUCKETS + 1];
        for (literal, _) in &list {
            starts[bucket(literal) + 1] += 1;
        }
        for at in 0..BUCKETS {
            starts[at + 1] += starts[at];
        }
        Anchors { list, starts }
    }

    /// Those that may begin with these three bytes.
    pub fn that_begin(&self, head: &[u8]) -> &[(Vec<u8>, u16)] {
        let bucket = bucket(head);
        &self.list[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_literal_is_found_by_its_head() {
        let words = ["ghp_", "gho_", "xox", "sk-ant-", "AKIA", "sk-"];
        let list = words.iter().enumerate().map(|(i, w)| (w.as_bytes().to_vec(), i as u16)).collect();
        let anchors = Anchors::new(list);
        for (i, word) in words.iter().enumerate() {
            let found = anchors.that_begin(&word.as_bytes()[..3]);
            assert!(found.iter().any(|(literal, pattern)| literal == word.as_bytes() && *pattern == i as u16));
        }
    }
}
