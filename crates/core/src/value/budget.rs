//! How large one conversion may become. Not here: what a conversion makes, and how it says that it was too much.
//!
//! Containers may share their parts where they come from, and a value is a tree: `x = []`, then `x = [x, x]`
//! thirty times, is sixty lists in Python or JavaScript and would be two thousand million values here. So
//! conversions count what they make, container by container.

use std::cell::Cell;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Value;

/// The most values in one value: what V8 stores item by item in an array at most, and so many that a hundred
/// million items pass. They are made within seconds, which matters because nobody can interrupt it.
pub const MAX_VALUES: usize = 1 << 27;

/// What a container takes beside its items, here and where it arrives, on the low side.
const CONTAINER_BYTES: usize = 64;

/// The most bytes in one value.
static MAX_BYTES: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Tells how much memory there is for this process. One value may take half of it: what it was made of, or what
/// is made of it, takes about as much again.
pub fn set_memory(bytes: usize) {
    MAX_BYTES.store(bytes / 2, Ordering::Relaxed);
}

/// What one conversion may still make.
#[derive(Clone, Debug)]
pub struct Budget {
    values: Cell<usize>,
    bytes: Cell<usize>,
}

/// A conversion would make more than it may. Displayed as the reason of a refusal, with the way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exceeded {
    /// More than [`MAX_VALUES`].
    Values,
    /// More than half of the memory.
    Bytes,
}

impl Budget {
    /// For one conversion.
    pub fn new() -> Self {
        Self {
            values: Cell::new(MAX_VALUES),
            bytes: Cell::new(MAX_BYTES.load(Ordering::Relaxed)),
        }
    }

    /// What was counted since then does not count: it was not made after all.
    pub fn restore(&self, then: &Self) {
        self.values.set(then.values.get());
        self.bytes.set(then.bytes.get());
    }

    /// A container with so many items, before they are made.
    ///
    /// # Errors
    /// It would be too much.
    #[inline]
    pub fn container(&self, items: usize) -> Result<(), Exceeded> {
        self.items(items)?;
        self.bytes(CONTAINER_BYTES)
    }

    /// So many items of a container.
    ///
    /// # Errors
    /// It would be too much.
    #[inline]
    pub fn items(&self, count: usize) -> Result<(), Exceeded> {
        let left = self.values.get().checked_sub(count);
        self.values.set(left.ok_or(Exceeded::Values)?);
        // No overflow: the count is below `MAX_VALUES`.
        self.bytes(count * size_of::<Value>())
    }

    /// So many bytes of text or data.
    ///
    /// # Errors
    /// It would be too much.
    #[inline]
    pub fn bytes(&self, count: usize) -> Result<(), Exceeded> {
        let left = self.bytes.get().checked_sub(count);
        self.bytes.set(left.ok_or(Exceeded::Bytes)?);
        Ok(())
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Values => write!(
                f,
                "with it there would be more than {MAX_VALUES} values (what is held in several places is copied \
                 for each): send it in parts"
            ),
            Self::Bytes => write!(
                f,
                "with it there would be more than {} MB, half of the memory (what is held in several places is \
                 copied for each): send it in parts, or as a view or transfer",
                MAX_BYTES.load(Ordering::Relaxed) >> 20
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, CONTAINER_BYTES, Exceeded, MAX_VALUES};

    fn with(values: usize, bytes: usize) -> Budget {
        let budget = Budget::new();
        budget.values.set(values);
        budget.bytes.set(bytes);
        budget
    }

    #[test]
    fn a_hundred_million_items_fit_and_no_more_than_the_bound() {
        let budget = with(MAX_VALUES, usize::MAX);
        budget.container(100_000_000).unwrap();
        budget.container(MAX_VALUES - 100_000_000).unwrap();
        assert_eq!(budget.container(1), Err(Exceeded::Values));
        assert_eq!(budget.items(usize::MAX), Err(Exceeded::Values));
        budget.container(0).unwrap();
    }

    #[test]
    fn what_was_not_made_after_all_does_not_count() {
        let budget = with(3, 1000);
        let before = budget.clone();
        budget.container(2).unwrap();
        assert_eq!(budget.container(2), Err(Exceeded::Values));
        budget.restore(&before);
        budget.container(3).unwrap();
        assert_eq!(budget.items(1), Err(Exceeded::Values));
    }

    #[test]
    fn what_was_refused_is_not_counted() {
        let budget = with(10, 1000);
        assert_eq!(budget.bytes(1001), Err(Exceeded::Bytes));
        budget.bytes(1000 - CONTAINER_BYTES - 24).unwrap();
        budget.container(1).unwrap();
        assert_eq!(budget.container(0), Err(Exceeded::Bytes));
    }
}
