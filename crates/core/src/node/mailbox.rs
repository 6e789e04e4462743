//! What other threads hold of an environment: its queue, its wake-up, and references that they may
//! drop. No Node-API here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::environment::Environment;
use super::host_call::HostCall;
use super::inbox::{Drained, Inbox};
use super::js::{Env, Waker};
use super::sink::Sink;
use super::slab::Key;
use crate::coalescing::{self, Late};
use crate::interpreter::Outcome;

/// Something to do in an environment.
pub(super) type Action = Box<dyn FnOnce(&Environment, Env<'_>) + Send>;

/// What an environment is told by other threads, in order.
pub(super) enum Message {
    /// A job ended.
    JobDone { ticket: Key, outcome: Outcome },
    /// A waiting channel operation was completed.
    Operation(Key),
    /// A waiting channel operation has waited long enough.
    TimedOut(Key),
    /// A sink has text.
    Text(Arc<Sink>),
    /// Python calls a function of this environment.
    HostCall(HostCall),
    /// Nobody needs this reference any more.
    Release(Key),
    /// Anything rare.
    Run(Action),
}

/// The part of an environment that any thread may hold, also after the environment has gone.
pub(super) struct Mailbox {
    /// Tells environments apart; never reused.
    pub(super) id: u64,
    pub(super) inbox: Inbox<Message>,
    pub(super) waker: Waker,
    /// Whether wake-ups may be put off: only while a timer of the environment runs that makes up for
    /// those that nobody delivers (`backstop.rs`).
    pub(super) may_be_late: AtomicBool,
}

impl Mailbox {
    /// Tells the environment; if it is gone, the message is dropped, and what it owns says so to
    /// whom it concerns.
    pub(super) fn post(&self, message: Message) {
        if self.inbox.push(message) && !self.waker.wake() {
            self.discard();
        }
    }

    /// The same for a message that came of a channel operation: in a stream of them, one wake-up
    /// serves many.
    pub(super) fn post_operation(self: &Arc<Self>, message: Message) {
        if !self.may_be_late.load(Ordering::Acquire) || !coalescing::put_off(self) {
            self.post(message);
            coalescing::woke();
        } else if self.inbox.push_late(message) && !self.may_be_late.load(Ordering::Acquire) {
            // The timer has run out in between, and may not have seen the message.
            coalescing::make_up();
        }
    }

    /// Drops what the queue holds, and what is pushed meanwhile. The environment is gone.
    pub(super) fn discard(&self) {
        while self.inbox.drain(usize::MAX, drop) == Drained::More {}
    }
}

impl Late for Mailbox {
    fn make_up(&self) {
        if self.inbox.wake_owed() && !self.waker.wake() {
            self.discard();
        }
    }
}

impl std::fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailbox")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A reference to a JavaScript value of some environment that may be held and dropped anywhere.
#[derive(Debug)]
pub(super) struct RemoteRef {
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) key: Key,
}

impl Drop for RemoteRef {
    fn drop(&mut self) {
        self.mailbox.post(Message::Release(self.key));
    }
}
