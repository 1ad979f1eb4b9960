//! Memory for long records: taken as address space that is used as far as it is written, and given back as soon as it is
//! freed.

/// A record of more bytes is long, and so is a chunk that holds one. What is larger is freed as soon as it was used instead of
/// being kept for the next one.
pub const LONG: usize = 1 << 20;

/// Bytes of address space taken at once for what outgrows [`LONG`]. Above 32 MiB glibc always maps and unmaps (mallopt(3),
/// `M_MMAP_THRESHOLD`): growing copies nothing, leaves no holes, and freeing gives the memory back.
pub const SPACE: usize = 48 << 20;

/// Makes `list` able to hold at least `count` items, as many as a long record may have; nothing is moved until it has more.
pub fn for_long<T>(list: &mut Vec<T>, count: usize) {
    let count = count.max(SPACE / size_of::<T>().max(1));
    if list.capacity() < count {
        list.reserve_exact(count - list.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_taken_once() {
        let mut list: Vec<u64> = Vec::new();
        for_long(&mut list, 10);
        assert_eq!(list.capacity() * 8, SPACE);
        list.push(1);
        for_long(&mut list, 10);
        assert_eq!(list.capacity() * 8, SPACE);
        for_long(&mut list, SPACE);
        assert_eq!((list.capacity(), list[0]), (SPACE, 1));
    }
}
