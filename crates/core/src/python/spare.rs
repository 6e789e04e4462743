//! Free pieces of CPython's memory that are kept for whoever needs one next, because mapping and clearing
//! them again is expensive: an interpreter touches some 375 pages of its arenas, a tenth of what it
//! costs. Whose arenas are whose is `arena.rs`'s.

use parking_lot::Mutex;

/// Pieces of one size.
struct Pieces {
    size: usize,
    most: usize,
    addresses: Mutex<Vec<usize>>,
}

/// CPython asks its arena allocator for two things: obmalloc's arenas, and pieces of the stacks that
/// Python frames are on, which deep recursion takes and gives back again and again (larger ones are rare).
/// Kept apart, so that one cannot keep the other out.
static KEPT: [Pieces; 2] = [Pieces::of(1 << 20, 8), Pieces::of(16 << 10, 16)];

impl Pieces {
    const fn of(size: usize, most: usize) -> Self {
        Self {
            size,
            most,
            addresses: Mutex::new(Vec::new()),
        }
    }

    fn kept(size: usize) -> Option<&'static Self> {
        KEPT.iter().find(|pieces| pieces.size == size)
    }
}

/// A piece of this size, which is the caller's now. What it holds is anything.
pub(super) fn take(size: usize) -> Option<usize> {
    Pieces::kept(size)?.addresses.lock().pop()
}

/// Whether the piece was kept. Otherwise it stays the caller's.
pub(super) fn keep(address: usize, size: usize) -> bool {
    let Some(pieces) = Pieces::kept(size) else {
        return false;
    };
    let mut addresses = pieces.addresses.lock();
    let keep = addresses.len() < pieces.most;
    if keep {
        addresses.push(address);
    }
    keep
}

#[cfg(test)]
mod tests {
    use super::{keep, take};

    #[test]
    fn pieces_of_one_size_do_not_keep_out_those_of_another() {
        assert!(keep(0x4000, 16 << 10));
        assert!(!keep(0x8000, 32 << 10));
        let kept = (1..20).filter(|at| keep(at << 20, 1 << 20)).count();
        assert_eq!(kept, 8);
        assert_eq!(take(16 << 10), Some(0x4000));
        assert_eq!(take(16 << 10), None);
        assert_eq!(take(1 << 20), Some(8 << 20));
        assert_eq!((1..20).filter_map(|_| take(1 << 20)).count(), 7);
    }
}
