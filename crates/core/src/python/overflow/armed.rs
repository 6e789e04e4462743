//! What the handler of overflows must know of the thread that it runs on, found without thread-local storage: by the
//! alternate stack, of which each guarded thread has one. Not here: making those stacks, or what a fault leads to.
//!
//! Slots are never given back, only used again, so a handler may walk through them at any time. There are as many
//! as there were guards at once.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicI64, AtomicPtr, AtomicUsize, Ordering};

use super::super::interp::Calls;

/// A guarded thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Armed {
    /// The first address of its guard page, or below.
    pub(super) from: usize,
    /// The address after it.
    pub(super) to: usize,
    /// Whom to tell of.
    pub(super) token: i64,
    /// Of an interpreter that the guard keeps alive; null: the thread must not stop, and what happened is only said.
    pub(super) calls: *const Calls,
}

/// Where a guarded thread is kept.
///
/// `alternate` says whose it is: the address of a guard's alternate stack, [`FREE`] or [`TAKEN`]. The other fields are
/// written and read by the thread of that guard alone; they are atomic because the next may be of another thread.
#[derive(Debug)]
pub(super) struct Slot {
    alternate: AtomicUsize,
    from: AtomicUsize,
    to: AtomicUsize,
    token: AtomicI64,
    calls: AtomicPtr<Calls>,
    next: AtomicPtr<Slot>,
}

const FREE: usize = 0;

/// Somebody writes the fields. Not the address of a stack.
const TAKEN: usize = 1;

/// The newest slot.
static SLOTS: AtomicPtr<Slot> = AtomicPtr::new(null_mut());

impl Slot {
    /// Keeps the calling thread, whose alternate stack begins at `alternate`.
    pub(super) fn arm(alternate: usize, armed: Armed) -> &'static Self {
        let slot = Self::all()
            .find(|slot| {
                let taken = (slot.alternate).compare_exchange(
                    FREE,
                    TAKEN,
                    Ordering::Acquire,
                    Ordering::Relaxed,
                );
                taken.is_ok()
            })
            .unwrap_or_else(Self::another);
        slot.from.store(armed.from, Ordering::Relaxed);
        slot.to.store(armed.to, Ordering::Relaxed);
        slot.token.store(armed.token, Ordering::Relaxed);
        slot.calls.store(armed.calls.cast_mut(), Ordering::Relaxed);
        // For a handler on this thread the order of the program suffices, if the compiler keeps it.
        slot.alternate.store(alternate, Ordering::Release);
        slot
    }

    /// The thread is guarded no more.
    pub(super) fn disarm(&self) {
        self.alternate.store(FREE, Ordering::Release);
    }

    /// For a signal handler: the guarded thread on whose alternate stack of `size` bytes `address` is. With the address of
    /// something on the stack that the handler runs on, that is the thread it runs on.
    pub(super) fn of_stack_with(address: usize, size: usize) -> Option<Armed> {
        let slot = Self::all().find(|slot| {
            let alternate = slot.alternate.load(Ordering::Acquire);
            alternate > TAKEN && (alternate..alternate.saturating_add(size)).contains(&address)
        })?;
        Some(Armed {
            from: slot.from.load(Ordering::Relaxed),
            to: slot.to.load(Ordering::Relaxed),
            token: slot.token.load(Ordering::Relaxed),
            calls: slot.calls.load(Ordering::Relaxed),
        })
    }

    /// One more slot, which is taken.
    fn another() -> &'static Self {
        let slot: &'static Self = Box::leak(Box::new(Self {
            alternate: AtomicUsize::new(TAKEN),
            from: AtomicUsize::new(0),
            to: AtomicUsize::new(0),
            token: AtomicI64::new(0),
            calls: AtomicPtr::new(null_mut()),
            next: AtomicPtr::new(null_mut()),
        }));
        let mut newest = SLOTS.load(Ordering::Relaxed);
        loop {
            slot.next.store(newest, Ordering::Relaxed);
            let place = std::ptr::from_ref(slot).cast_mut();
            match SLOTS.compare_exchange_weak(newest, place, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return slot,
                Err(now) => newest = now,
            }
        }
    }

    fn all() -> impl Iterator<Item = &'static Self> {
        // SAFETY: null, or a slot that was leaked, and made whole before it was published.
        let mut next = unsafe { SLOTS.load(Ordering::Acquire).as_ref() };
        std::iter::from_fn(move || {
            let slot = next?;
            // SAFETY: as above; written before the slot was published, and not again.
            next = unsafe { slot.next.load(Ordering::Relaxed).as_ref() };
            Some(slot)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Armed, Slot};

    fn armed(token: i64) -> Armed {
        Armed {
            from: 16,
            to: 32,
            token,
            calls: std::ptr::null(),
        }
    }

    fn count() -> usize {
        Slot::all().count()
    }

    /// Stacks at addresses that no other test has.
    #[test]
    fn a_thread_is_found_by_its_stack_while_it_is_guarded() {
        const STACK: usize = usize::MAX - 1_000_000;
        let found = |address| Slot::of_stack_with(address, 100).map(|armed| armed.token);
        let slot = Slot::arm(STACK, armed(7));
        assert_eq!(found(STACK), Some(7));
        assert_eq!(found(STACK + 99), Some(7));
        assert_eq!(found(STACK + 100), None);
        assert_eq!(found(STACK - 1), None);
        slot.disarm();
        assert_eq!(found(STACK), None);
    }

    #[test]
    fn slots_are_used_again_and_each_has_one_owner() {
        const THREADS: usize = 8;
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                scope.spawn(move || {
                    for time in 0..2000 {
                        let stack = usize::MAX - 500_000 + 1000 * thread;
                        let token = (thread * 10_000 + time) as i64;
                        let slot = Slot::arm(stack, armed(token));
                        let found = Slot::of_stack_with(stack + 5, 1000);
                        assert_eq!(found.map(|armed| armed.token), Some(token));
                        slot.disarm();
                    }
                });
            }
        });
        // Others of this process's tests may have some besides.
        assert!(count() <= THREADS + 8, "{}", count());
    }
}
