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

/// A block of memory that can be kept.
pub trait Room {
    /// How many bytes fit in it.
    fn capacity(&self) -> usize;
}

/// A few blocks of one kind that nobody uses.
#[derive(Debug)]
pub struct Spare<B>(Mutex<Vec<B>>);

impl<B: Room> Spare<B> {
    /// None yet.
    pub const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Whether blocks of this capacity are kept.
    pub fn is_kept(capacity: usize) -> bool {
        (SMALLEST_BYTES..=LARGEST_BYTES).contains(&capacity)
    }

    /// A block with room for `length` bytes, if one was kept that is not much too large.
    pub fn take(&self, length: usize) -> Option<B> {
        if !Self::is_kept(length) {
            return None;
        }
        let mut spare = self.0.lock();
        let fits = |block: &B| block.capacity() >= length && block.capacity() / 2 <= length;
        let found = spare.iter().position(fits)?;
        Some(spare.swap_remove(found))
    }

    /// Keeps a block, or frees it.
    pub fn keep(&self, block: B) {
        if !Self::is_kept(block.capacity()) {
            return;
        }
        let mut spare = self.0.lock();
        if spare.len() < MOST {
            spare.push(block);
            return;
        }
        // The one that was kept longest goes, so that sizes which are no longer used do not stay.
        let oldest = std::mem::replace(&mut spare[0], block);
        spare.rotate_left(1);
        drop(spare);
        drop(oldest);
    }
}

impl<B: Room> Default for Spare<B> {
    fn default() -> Self {
        Self::new()
    }
}

impl Room for Vec<u8> {
    fn capacity(&self) -> usize {
        self.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_blocks_of_a_fitting_size_are_used_again() {
        let spare = Spare::<Vec<u8>>::new();
        assert!(spare.take(1 << 20).is_none());
        spare.keep(Vec::with_capacity(10));
        assert!(spare.take(10).is_none());
        assert!(spare.take(LARGEST_BYTES + 1).is_none());
        spare.keep(Vec::with_capacity(1 << 20));
        assert!(spare.take(1 << 18).is_none(), "much too large");
        assert_eq!(
            spare.take(1 << 20).map(|block| block.capacity()),
            Some(1 << 20)
        );
        assert!(spare.take(1 << 20).is_none(), "taken");
        for _ in 0..2 * MOST {
            spare.keep(Vec::with_capacity(1 << 20));
        }
        assert_eq!(spare.0.lock().len(), MOST);
    }
}
