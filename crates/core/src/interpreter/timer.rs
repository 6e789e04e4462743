//! Deadlines: one thread for the process that calls functions back at their time.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::LazyLock;
use std::time::Instant;

use parking_lot::{Condvar, Mutex};

/// What is called when the time has come; it must not block.
type Action = Box<dyn FnOnce() + Send>;

/// A deadline that was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerId(u64);

#[derive(Default)]
struct Timers {
    heap: BinaryHeap<Reverse<(Instant, u64)>>,
    actions: HashMap<u64, Action>,
    next: u64,
    running: bool,
}

impl Timers {
    /// Drops the deadlines of cancelled timers once they are the most: long timeouts of short calls
    /// would pile up otherwise. Costs as much as the cancellations since the last time.
    fn prune(&mut self) {
        if self.heap.len() > 64 && self.heap.len() > 2 * self.actions.len() {
            let actions = &self.actions;
            self.heap
                .retain(|Reverse((_, id))| actions.contains_key(id));
        }
    }
}

static TIMERS: LazyLock<(Mutex<Timers>, Condvar)> = LazyLock::new(Default::default);

/// Calls `action` at `deadline`, on the timer thread, unless it is cancelled before.
pub fn at(deadline: Instant, action: impl FnOnce() + Send + 'static) -> TimerId {
    let (timers, changed) = &*TIMERS;
    let mut timers = timers.lock();
    timers.next += 1;
    let id = timers.next;
    timers.heap.push(Reverse((deadline, id)));
    timers.actions.insert(id, Box::new(action));
    if !timers.running {
        let spawned = std::thread::Builder::new()
            .name("multicore-timer".into())
            .spawn(run);
        timers.running = spawned.is_ok();
    }
    changed.notify_one();
    TimerId(id)
}

/// Forgets a deadline; nothing happens if its time has come.
pub fn cancel(timer: TimerId) {
    let mut timers = TIMERS.0.lock();
    let action = timers.actions.remove(&timer.0);
    timers.prune();
    drop(timers);
    drop(action);
}

fn run() {
    let (timers, changed) = &*TIMERS;
    let mut guard = timers.lock();
    loop {
        let Some(&Reverse((deadline, id))) = guard.heap.peek() else {
            changed.wait(&mut guard);
            continue;
        };
        if !guard.actions.contains_key(&id) {
            guard.heap.pop();
        } else if deadline > Instant::now() {
            changed.wait_until(&mut guard, deadline);
        } else {
            guard.heap.pop();
            if let Some(action) = guard.actions.remove(&id) {
                parking_lot::MutexGuard::unlocked(&mut guard, || {
                    // One action that panics must not end the others' timers.
                    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(action));
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn cancelled_deadlines_do_not_pile_up() {
        let later = Instant::now() + Duration::from_secs(3600);
        let timers: Vec<_> = (0..10_000).map(|_| at(later, || ())).collect();
        timers.into_iter().for_each(cancel);
        assert!(TIMERS.0.lock().heap.len() <= 64);
    }

    #[test]
    fn actions_come_in_the_order_of_their_deadlines_and_cancelled_ones_not_at_all() {
        let (send, receive) = mpsc::channel();
        let now = Instant::now();
        let add = |ms, name| {
            let send = send.clone();
            at(now + Duration::from_millis(ms), move || {
                send.send(name).unwrap()
            })
        };
        add(30, "late");
        add(10, "early");
        cancel(add(20, "cancelled"));
        assert_eq!(receive.recv(), Ok("early"));
        assert_eq!(receive.recv(), Ok("late"));
        assert!(receive.try_recv().is_err());
    }
}
