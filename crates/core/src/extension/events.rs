//! What Python code does to channels, told to whoever listens: `node:diagnostics_channel`, by way of the
//! host. Without a listener an event is not made, and costs one relaxed load.
//!
//! Not here: who waits and who holds what (`monitoring.rs`), which is asked for and not told.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use parking_lot::Mutex;

use super::state::State;
use crate::channel::{ChannelId, Direction};
use crate::interpreter::InterpreterId;

/// What happens to a channel; the numbers are those of `packages/channels/src/diagnostics.ts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the class of events of that name")]
pub enum EventClass {
    Created = 0,
    Closed = 1,
    Left = 2,
    Poisoned = 3,
    Blocked = 4,
}

impl EventClass {
    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// Something that Python code did.
#[derive(Clone, Debug)]
pub struct Event {
    /// What.
    pub class: EventClass,
    /// To which channel.
    pub channel: ChannelId,
    /// The channel's name.
    pub name: Option<Arc<str>>,
    /// [`EventClass::Blocked`]: what waits.
    pub operation: Option<Direction>,
    /// [`EventClass::Poisoned`]: why.
    pub reason: Option<Arc<str>>,
    /// Whose code did it; `None` for an interpreter that is none of ours.
    pub interpreter: Option<InterpreterId>,
}

/// Takes events, on any thread, possibly with a GIL held: it must neither wait nor call Python.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;

struct Listening {
    owner: u64,
    classes: u32,
    listener: Listener,
}

/// The classes that somebody listens to.
static WANTED: AtomicU32 = AtomicU32::new(0);

static LISTENERS: Mutex<Vec<Listening>> = Mutex::new(Vec::new());

/// From now on `listener` gets the events of these classes (a bit for each [`EventClass`]), and whatever
/// the same owner listened with before gets none. No classes: nobody does.
pub fn listen(owner: u64, classes: u32, listener: Option<Listener>) {
    let mut listeners = LISTENERS.lock();
    let before = listeners
        .iter()
        .position(|listening| listening.owner == owner)
        .map(|index| listeners.swap_remove(index));
    if let (Some(listener), true) = (listener, classes != 0) {
        listeners.push(Listening {
            owner,
            classes,
            listener,
        });
    }
    let wanted = listeners.iter().fold(0, |all, each| all | each.classes);
    WANTED.store(wanted, Ordering::Relaxed);
    drop(listeners);
    // It may hold what takes locks when it is dropped.
    drop(before);
}

/// Whether anybody listens to events of this class.
#[inline]
pub(super) fn is_wanted(class: EventClass) -> bool {
    WANTED.load(Ordering::Relaxed) & class.bit() != 0
}

/// An end that something happens to or at.
pub(super) struct At {
    pub(super) channel: ChannelId,
    pub(super) name: Option<Arc<str>>,
}

/// Tells of an event, if anybody listens.
#[inline]
pub(super) fn tell(state: &State, class: EventClass, at: impl FnOnce() -> At) {
    if is_wanted(class) {
        publish(state, class, at(), None, None);
    }
}

/// Tells that an operation has to wait, unless its time is over already.
#[inline]
pub(super) fn tell_blocked(
    state: &State,
    operation: Direction,
    deadline: Option<Instant>,
    at: impl FnOnce() -> At,
) {
    if is_wanted(EventClass::Blocked) && deadline.is_none_or(|deadline| deadline > Instant::now()) {
        publish(state, EventClass::Blocked, at(), Some(operation), None);
    }
}

/// Tells that a channel was poisoned.
pub(super) fn tell_poisoned(state: &State, reason: &Arc<str>, at: impl FnOnce() -> At) {
    if is_wanted(EventClass::Poisoned) {
        let reason = Some(Arc::clone(reason));
        publish(state, EventClass::Poisoned, at(), None, reason);
    }
}

#[cold]
fn publish(
    state: &State,
    class: EventClass,
    at: At,
    operation: Option<Direction>,
    reason: Option<Arc<str>>,
) {
    let event = Event {
        class,
        channel: at.channel,
        name: at.name,
        operation,
        reason,
        interpreter: state.interpreter().map(|interpreter| interpreter.id()),
    };
    // Called without the lock: one may be waking its event loop.
    let listeners: Vec<Listener> = {
        let listeners = LISTENERS.lock();
        let listening = listeners.iter().filter(|it| it.classes & class.bit() != 0);
        listening.map(|it| Arc::clone(&it.listener)).collect()
    };
    for listener in listeners {
        listener(event.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::{EventClass, is_wanted, listen};
    use std::sync::Arc;

    #[test]
    fn a_class_is_wanted_as_long_as_somebody_listens_to_it() {
        let [one, other] = [u64::MAX, u64::MAX - 1];
        let bits = |classes: &[EventClass]| classes.iter().map(|it| it.bit()).sum();
        assert!(!is_wanted(EventClass::Left));
        listen(
            one,
            bits(&[EventClass::Left, EventClass::Closed]),
            Some(Arc::new(drop)),
        );
        listen(other, bits(&[EventClass::Left]), Some(Arc::new(drop)));
        assert!(is_wanted(EventClass::Left) && is_wanted(EventClass::Closed));
        listen(one, bits(&[EventClass::Created]), Some(Arc::new(drop)));
        assert!(is_wanted(EventClass::Left) && !is_wanted(EventClass::Closed));
        listen(other, 0, None);
        assert!(!is_wanted(EventClass::Left) && is_wanted(EventClass::Created));
        listen(one, 0, Some(Arc::new(drop)));
        assert!(!is_wanted(EventClass::Created));
    }
}
