//! Stand-ins for loom. The queues are deques: loom cannot look inside crossbeam's, so what is checked is
//! our protocol around a correct queue, not the queue.
//!
//! The deques are guarded by *std's* mutex, which loom does not see: a loom mutex would order everything
//! around it and so hide a missing fence of ours. But loom must know that queue operations depend on
//! each other, or it will not try them in every order: hence a relaxed counter that orders nothing.

pub(in crate::channel) use crossbeam_utils::CachePadded;
pub(in crate::channel) use loom::sync::MutexGuard;
pub(in crate::channel) use loom::sync::atomic::{
    AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence,
};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

pub(in crate::channel) struct Mutex<T>(loom::sync::Mutex<T>);

impl<T> Mutex<T> {
    pub(in crate::channel) fn new(value: T) -> Self {
        Self(loom::sync::Mutex::new(value))
    }

    pub(in crate::channel) fn lock(&self) -> MutexGuard<'_, T> {
        self.0
            .lock()
            .expect("no model thread panics while it holds a lock")
    }
}

pub(in crate::channel) fn order_rmw_before_load() {
    fence(Ordering::SeqCst);
}

/// Never spins: in the model, spinning only multiplies equal executions.
pub(in crate::channel) struct Backoff;

impl Backoff {
    pub(in crate::channel) fn new() -> Self {
        Self
    }

    pub(in crate::channel) fn snooze(&self) {
        loom::thread::yield_now();
    }

    pub(in crate::channel) fn is_completed(&self) -> bool {
        true
    }
}

struct Token {
    given: loom::sync::Mutex<bool>,
    changed: loom::sync::Condvar,
}

pub(in crate::channel) struct Parker(Arc<Token>);

#[derive(Clone)]
pub(in crate::channel) struct Unparker(Arc<Token>);

pub(in crate::channel) fn unparker_of(parker: &Parker) -> Unparker {
    Unparker(Arc::clone(&parker.0))
}

impl Unparker {
    pub(in crate::channel) fn unpark(&self) {
        *self.0.given.lock().expect("not poisoned") = true;
        self.0.changed.notify_one();
    }
}

pub(in crate::channel) fn with_parker<R>(run: impl FnOnce(&Parker) -> R) -> R {
    run(&Parker(Arc::new(Token {
        given: loom::sync::Mutex::new(false),
        changed: loom::sync::Condvar::new(),
    })))
}

/// Deadlines do not exist in the model: time cannot pass there.
pub(in crate::channel) fn park(parker: &Parker, _deadline: Option<Instant>) {
    let mut given = parker.0.given.lock().expect("not poisoned");
    while !*given {
        given = parker.0.changed.wait(given).expect("not poisoned");
    }
    *given = false;
}

struct Items<T> {
    items: std::sync::Mutex<VecDeque<T>>,
    operations: AtomicUsize,
}

impl<T> Items<T> {
    fn new() -> Self {
        Self {
            items: std::sync::Mutex::new(VecDeque::new()),
            operations: AtomicUsize::new(0),
        }
    }

    /// One step that other queue operations come before or after.
    fn step<R>(&self, act: impl FnOnce(&mut VecDeque<T>) -> R) -> R {
        self.operations.fetch_add(1, Ordering::Relaxed);
        act(&mut self.items.lock().expect("not poisoned"))
    }
}

pub(in crate::channel) struct ArrayQueue<T> {
    items: Items<T>,
    capacity: usize,
}

impl<T> ArrayQueue<T> {
    pub(in crate::channel) fn new(capacity: usize) -> Self {
        Self {
            items: Items::new(),
            capacity,
        }
    }

    pub(in crate::channel) fn push(&self, value: T) -> Result<(), T> {
        self.items.step(|items| {
            if items.len() == self.capacity {
                return Err(value);
            }
            items.push_back(value);
            Ok(())
        })
    }

    pub(in crate::channel) fn force_push(&self, value: T) -> Option<T> {
        self.items.step(|items| {
            let displaced = if items.len() == self.capacity {
                items.pop_front()
            } else {
                None
            };
            items.push_back(value);
            displaced
        })
    }

    pub(in crate::channel) fn pop(&self) -> Option<T> {
        self.items.step(VecDeque::pop_front)
    }

    pub(in crate::channel) fn is_empty(&self) -> bool {
        self.items.step(|items| items.is_empty())
    }
}

pub(in crate::channel) struct SegQueue<T>(Items<T>);

impl<T> SegQueue<T> {
    pub(in crate::channel) fn new() -> Self {
        Self(Items::new())
    }

    pub(in crate::channel) fn push(&self, value: T) {
        self.0.step(|items| items.push_back(value));
    }

    pub(in crate::channel) fn pop(&self) -> Option<T> {
        self.0.step(VecDeque::pop_front)
    }

    pub(in crate::channel) fn is_empty(&self) -> bool {
        self.0.step(|items| items.is_empty())
    }
}
