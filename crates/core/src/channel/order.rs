//! In which order a selection looks at its cases.

use smallvec::SmallVec;

/// Which case a selection prefers when several are ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Any of them, with equal chance, so that none starves.
    #[default]
    Fair,
    /// The one that was added first.
    Prioritized,
}

impl Order {
    /// The numbers of `count` cases, in the order to look at them.
    pub(super) fn arrange(self, count: usize) -> SmallVec<[usize; 4]> {
        let mut cases: SmallVec<[usize; 4]> = (0..count).collect();
        if self == Self::Fair {
            // Fisher and Yates' shuffle.
            for last in (1..count).rev() {
                cases.swap(last, random_below(last + 1));
            }
        }
        cases
    }
}

/// Marsaglia's xorshift64 (Journal of Statistical Software 8:14, 2003), one state a thread.
#[cfg(not(loom))]
fn random_below(bound: usize) -> usize {
    use std::cell::Cell;
    use std::hash::{BuildHasher, RandomState};
    thread_local! {
        static STATE: Cell<u64> = const { Cell::new(0) };
    }
    let mut x = STATE.try_with(Cell::get).unwrap_or(0);
    if x == 0 {
        x = RandomState::new().hash_one(0_u8) | 1;
    }
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    let _ = STATE.try_with(|state| state.set(x));
    // Multiply-shift instead of a remainder (Lemire); the product of two 32-bit numbers fits.
    (((x >> 32) * bound as u64) >> 32) as usize
}

/// The model must take the same way when it repeats an execution.
#[cfg(loom)]
fn random_below(bound: usize) -> usize {
    bound - 1
}
