//! What production runs on. Only re-exports and the fences that the model needs to see.

pub(in crate::channel) use crossbeam_queue::{ArrayQueue, SegQueue};
pub(in crate::channel) use crossbeam_utils::sync::{Parker, Unparker};
pub(in crate::channel) use crossbeam_utils::{Backoff, CachePadded};
pub(in crate::channel) use parking_lot::{Mutex, MutexGuard};
use std::cell::Cell;
pub(in crate::channel) use std::sync::atomic::{
    AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence,
};
use std::time::Instant;

/// Stands between a `SeqCst` read-modify-write and a `SeqCst` load that follows it.
///
/// The language's memory model orders those two already, so nothing is emitted. loom treats `SeqCst`
/// accesses as `AcqRel` and only knows `SeqCst` fences; its version of this function is such a fence.
#[inline(always)]
pub(in crate::channel) fn order_rmw_before_load() {}

thread_local! {
    // Making a parker allocates; a thread that blocks once blocks again.
    static PARKER: Cell<Option<Parker>> = const { Cell::new(None) };
}

/// Lends the calling thread's parker. A token left over from an earlier operation may be in it, so
/// every park must be in a loop that checks its condition.
pub(in crate::channel) fn with_parker<R>(run: impl FnOnce(&Parker) -> R) -> R {
    // `try_with`: a destructor of another thread-local may still use a channel.
    let parker = PARKER
        .try_with(Cell::take)
        .ok()
        .flatten()
        .unwrap_or_default();
    let result = run(&parker);
    let _ = PARKER.try_with(|slot| slot.set(Some(parker)));
    result
}

/// The handle that wakes whoever parks on `parker`.
pub(in crate::channel) fn unparker_of(parker: &Parker) -> Unparker {
    parker.unparker().clone()
}

/// Parks until unparked or until `deadline`, whichever is first; may also return for no reason.
pub(in crate::channel) fn park(parker: &Parker, deadline: Option<Instant>) {
    match deadline {
        None => parker.park(),
        Some(deadline) => parker.park_deadline(deadline),
    }
}
