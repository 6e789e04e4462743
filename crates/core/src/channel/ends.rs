//! Making a channel, and counting its ends. What an end can do is in `sender.rs` and `receiver.rs`.

use super::core::Core;
use super::options::Options;
use super::receiver::Receiver;
use super::registry;
use super::sender::Sender;
use super::sync::{AtomicUsize, Ordering};
use std::sync::Arc;

/// Makes a channel and its first two ends.
///
/// ```
/// use multicore_python_core::channel::{Capacity, Options, channel};
/// let (sender, receiver) = channel(Options { capacity: Capacity::Unbounded, ..Options::default() });
/// sender.try_send(1).unwrap();
/// assert_eq!(receiver.try_receive(), Ok(1));
/// ```
///
/// A message that contains an end of the channel it is queued in keeps that channel alive, as any
/// cycle of reference counts does; poison such a channel to break it.
pub fn channel<T: Send + 'static>(options: Options) -> (Sender<T>, Receiver<T>) {
    let core = Arc::new(Core::new(options));
    registry::register(&core);
    (Sender::adopt(Arc::clone(&core)), Receiver::adopt(core))
}

/// One more end, where there is one already.
pub(super) fn retain(count: &AtomicUsize) {
    count.fetch_add(1, Ordering::Relaxed);
}

/// One more end, unless the last of its kind has gone: that decision is final.
pub(super) fn revive(count: &AtomicUsize) -> bool {
    let mut current = count.load(Ordering::Relaxed);
    while current != 0 {
        match count.compare_exchange_weak(
            current,
            current + 1,
            Ordering::Relaxed,
            Ordering::Relaxed,
        ) {
            Ok(_) => return true,
            Err(seen) => current = seen,
        }
    }
    false
}

/// One end less; true for the last.
pub(super) fn release(count: &AtomicUsize) -> bool {
    count.fetch_sub(1, Ordering::AcqRel) == 1
}
