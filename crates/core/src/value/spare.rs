//! Memory of large blobs, kept for the next one.
//!
//! A large block comes from the system and goes back to it: its pages are cleared and mapped anew each
//! time, which costs several times what copying the bytes costs. A few blocks are kept instead.

use parking_lot::Mutex;

/// Smaller blocks are cheap to allocate.
const SMALLEST_BYTES: usize = 128 * 1024;
/// Larger ones would hold too much memory.
const LARGEST_BYTES: usize = 4 * 1024 * 1024;
/// How many are kept: 16 MiB at most.
const MOST: usize = 4;

static SPARE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// Whether blocks of this capacity are kept.
pub(super) fn is_kept(capacity: usize) -> bool {
    (SMALLEST_BYTES..=LARGEST_BYTES).contains(&capacity)
}

/// An empty vector with room for `length` bytes, if one was kept that is not much too large.
pub(super) fn take(length: usize) -> Option<Vec<u8>> {
    if !is_kept(length) {
        return None;
    }
    let mut spare = SPARE.lock();
    let fits = |block: &Vec<u8>| block.capacity() >= length && block.capacity() / 2 <= length;
    let found = spare.iter().position(fits)?;
    Some(spare.swap_remove(found))
}

/// Keeps the memory of a vector, or frees it.
pub(super) fn keep(mut bytes: Vec<u8>) {
    if !is_kept(bytes.capacity()) {
        return;
    }
    bytes.clear();
    let mut spare = SPARE.lock();
    if spare.len() < MOST {
        spare.push(bytes);
        return;
    }
    // The one that was kept longest goes, so that sizes which are no longer used do not stay.
    let oldest = std::mem::replace(&mut spare[0], bytes);
    spare.rotate_left(1);
    drop(spare);
    drop(oldest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_blocks_of_a_fitting_size_are_used_again() {
        assert!(take(10).is_none());
        keep(Vec::with_capacity(10));
        assert!(take(LARGEST_BYTES + 1).is_none());
        // Other tests may use the same blocks at the same time: only the size is certain.
        keep(Vec::with_capacity(1 << 20));
        if let Some(block) = take(1 << 20) {
            assert!(block.is_empty() && (1 << 20..=1 << 21).contains(&block.capacity()));
        }
        assert!(SPARE.lock().len() <= MOST);
    }
}
