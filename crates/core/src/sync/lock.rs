//! Locks and semaphores: permits that are taken and given back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use super::{Broken, next_id, signal};
use crate::channel::{ReceiveError, Wait};
use crate::message::{ValueReceiver, ValueSender};
use crate::value::{Shared, Value};

/// What permits are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One permit; breaks when its holder dies.
    Lock,
    /// The same; that one thread may take it again is the business of its language's side.
    Reentrant,
    /// Any number of permits; those of a holder that dies come back.
    Semaphore,
}

/// A lock or a semaphore. Waiting parties are served in order of arrival.
#[derive(Debug)]
pub struct Lock {
    this: Weak<Self>,
    id: u64,
    kind: Kind,
    sender: ValueSender,
    receiver: ValueReceiver,
}

impl Lock {
    /// One with so many permits; a lock has one.
    pub fn new(kind: Kind, permits: usize) -> Arc<Self> {
        let id = next_id();
        let what = match kind {
            Kind::Lock | Kind::Reentrant => "lock",
            Kind::Semaphore => "semaphore",
        };
        let (sender, receiver) = signal(&format!("{what} {id}"));
        let lock = Arc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            id,
            kind,
            sender,
            receiver,
        });
        lock.add(permits);
        lock
    }

    /// A number that no other primitive of the process has.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// What it is.
    pub fn kind_of(&self) -> Kind {
        self.kind
    }

    /// How many permits nobody holds.
    pub fn available(&self) -> usize {
        self.sender.len()
    }

    /// Adds permits.
    pub fn add(&self, permits: usize) {
        for _ in 0..permits {
            let permit = Permit {
                lock: Weak::clone(&self.this),
                held: AtomicBool::new(false),
            };
            // A broken lock takes none; nobody waits for it.
            let _ = self.sender.try_send(Value::Shared(Arc::new(permit)));
        }
    }

    /// Why it is broken, if it is.
    pub fn broken(&self) -> Option<Broken> {
        self.sender.is_poisoned().map(Broken)
    }

    /// Breaks it: whoever waits for it, and whoever comes later, is told why.
    pub fn break_because(&self, reason: Arc<str>) {
        self.sender.poison(reason);
    }

    /// Where permits come from, each a message: a [`Permit`] that [`Permit::from_message`] takes.
    pub fn permits(&self) -> &ValueReceiver {
        &self.receiver
    }

    /// Takes a permit if one is there.
    ///
    /// # Errors
    /// The lock is broken.
    pub fn try_acquire(&self) -> Result<Option<Arc<Permit>>, Broken> {
        match self.receiver.try_receive() {
            Ok(message) => Ok(Permit::from_message(&message)),
            Err(ReceiveError::Poisoned(reason)) => Err(Broken(reason)),
            Err(_) => Ok(None),
        }
    }

    /// Takes a permit, waiting for one; `Empty` never comes of it.
    ///
    /// # Errors
    /// Why there is none: poisoned means broken.
    pub fn acquire_blocking(&self, wait: &Wait<'_>) -> Result<Arc<Permit>, ReceiveError> {
        let message = self.receiver.receive_blocking(wait)?;
        Permit::from_message(&message).ok_or(ReceiveError::Closed)
    }
}

impl Shared for Lock {
    fn kind(&self) -> &'static str {
        match self.kind {
            Kind::Lock | Kind::Reentrant => "lock",
            Kind::Semaphore => "semaphore",
        }
    }
}

/// The right to be inside. Dropped while it is held, its holder has died.
#[derive(Debug)]
pub struct Permit {
    lock: Weak<Lock>,
    held: AtomicBool,
}

impl Permit {
    /// The permit in a message of [`Lock::permits`], which is held from now on.
    pub fn from_message(message: &Value) -> Option<Arc<Self>> {
        let Value::Shared(shared) = message else {
            return None;
        };
        let shared: Arc<dyn std::any::Any + Send + Sync> = Arc::clone(shared) as _;
        let permit = shared.downcast::<Self>().ok()?;
        permit.held.store(true, Ordering::Release);
        Some(permit)
    }

    /// Gives it back; false if it was given back before.
    pub fn release(&self) -> bool {
        let held = self.held.swap(false, Ordering::AcqRel);
        if held && let Some(lock) = self.lock.upgrade() {
            lock.add(1);
        }
        held
    }

    /// Whether it is held.
    pub fn is_held(&self) -> bool {
        self.held.load(Ordering::Acquire)
    }
}

impl Shared for Permit {
    fn kind(&self) -> &'static str {
        "permit"
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if !*self.held.get_mut() {
            return;
        }
        let Some(lock) = self.lock.upgrade() else {
            return;
        };
        match lock.kind {
            Kind::Semaphore => lock.add(1),
            Kind::Lock | Kind::Reentrant => lock.break_because(
                "its holder went away without releasing it (an interpreter that ended, a Worker \
                 that was terminated, or a guard that nobody kept)"
                    .into(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_lock_is_held_by_one() {
        let lock = Lock::new(Kind::Lock, 1);
        let permit = lock.try_acquire().unwrap().unwrap();
        assert!(lock.try_acquire().unwrap().is_none());
        let soon = Wait::for_duration(Duration::from_millis(1));
        assert!(matches!(
            lock.acquire_blocking(&soon),
            Err(ReceiveError::TimedOut)
        ));
        assert!(permit.release());
        assert!(!permit.release(), "once");
        assert!(lock.try_acquire().unwrap().is_some_and(|p| p.release()));
        assert_eq!(lock.available(), 1);
    }

    #[test]
    fn waiters_exclude_each_other() {
        let lock = Lock::new(Kind::Lock, 1);
        let inside = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let permit = lock.acquire_blocking(&Wait::forever()).unwrap();
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        inside.fetch_sub(1, Ordering::SeqCst);
                        permit.release();
                    }
                });
            }
        });
    }

    #[test]
    fn a_lock_whose_holder_dies_is_broken() {
        let lock = Lock::new(Kind::Lock, 1);
        drop(lock.try_acquire().unwrap());
        assert!(
            lock.broken()
                .is_some_and(|Broken(why)| why.contains("went away"))
        );
        assert!(lock.try_acquire().is_err());
        let wait = Wait::forever();
        assert!(matches!(
            lock.acquire_blocking(&wait),
            Err(ReceiveError::Poisoned(_))
        ));
    }

    #[test]
    fn a_semaphore_gets_its_permits_back() {
        let semaphore = Lock::new(Kind::Semaphore, 2);
        let first = semaphore.try_acquire().unwrap();
        let second = semaphore.try_acquire().unwrap().unwrap();
        assert_eq!(semaphore.available(), 0);
        drop(first);
        assert_eq!(semaphore.available(), 1);
        second.release();
        drop(second);
        assert_eq!(semaphore.available(), 2);
        semaphore.add(1);
        assert_eq!(semaphore.available(), 3);
    }

    #[test]
    fn permits_that_wait_are_dropped_with_their_lock() {
        let lock = Lock::new(Kind::Lock, 1);
        let permit = lock.try_acquire().unwrap();
        drop(lock);
        drop(permit);
    }
}
