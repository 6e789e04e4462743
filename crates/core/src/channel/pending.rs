//! A selection that waits at its channels, as seen by its owner. How others complete it is `operation.rs`.

use super::core::Core;
use super::effects::Effects;
use super::operation::{Cancelled, Commit, Operation, Values};
use super::select::{Completed, End, Outcome, numbered};
use smallvec::SmallVec;
use std::fmt;
use std::sync::Arc;

/// What is told when a pending selection is committed: a promise, a future.
pub trait Wake: Send + Sync {
    /// Called exactly once for a selection that is committed, never for one that is cancelled first; from
    /// whichever thread commits it, without any lock held. Must be cheap and may neither block nor panic. Calling
    /// channel operations that do not block is allowed.
    fn wake(&self);
}

impl<F: Fn() + Send + Sync> Wake for F {
    fn wake(&self) {
        self();
    }
}

/// What [`Selection::start`](super::Selection::start) did.
#[derive(Debug)]
pub enum Started<T: Send + 'static> {
    /// A case was committed at once; the `Wake` is not called.
    Done(Completed<T>),
    /// It waits; the `Wake` will be called when a case is committed.
    Pending(Pending<T>),
}

/// A selection that waits at its channels.
///
/// Dropping it cancels it: the values of its send cases are dropped. If a receive had been committed but
/// not taken, its message is put back: it goes to the next receiver, before everything that is queued, also on a
/// full or a rendezvous channel (whose sender has been told that it was received). Only if the
/// channel is poisoned, or no receiver is left, is it dropped, and counted as such.
#[must_use = "dropping it cancels the selection"]
pub struct Pending<T: Send + 'static> {
    operation: Arc<Operation<T>>,
    ends: SmallVec<[End<T>; 1]>,
    /// Where it stands in the list of each case's channel.
    tickets: SmallVec<[u64; 1]>,
}

impl<T: Send + 'static> Pending<T> {
    pub(super) fn new(
        operation: Arc<Operation<T>>,
        ends: SmallVec<[End<T>; 1]>,
        tickets: SmallVec<[u64; 1]>,
    ) -> Self {
        Self {
            operation,
            ends,
            tickets,
        }
    }

    pub(super) fn operation(&self) -> &Operation<T> {
        &self.operation
    }

    pub(super) fn start_clock(&self) {
        self.operation.start_clock();
    }

    /// True when a case is committed, that is from shortly before the `Wake` is called; also after `take`.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.operation.is_done()
    }

    /// What came of it: `None` while it waits, and `None` again after it was taken.
    pub fn take(&mut self) -> Option<Completed<T>> {
        let (commit, values) = self.operation.collect()?;
        self.withdraw(Some(commit.case));
        self.ends.clear();
        Some(completed(commit, values))
    }

    /// Gives the selection up, for the values of its send cases. After this the `Wake` is not called, unless it was
    /// being called already.
    ///
    /// # Errors
    /// What came of it, if a case was committed first.
    pub fn cancel(mut self) -> Result<Vec<(usize, T)>, Completed<T>> {
        let cancelled = self.operation.cancel();
        match cancelled {
            Cancelled::Unsent(values) => {
                self.withdraw(None);
                Ok(numbered(values))
            }
            Cancelled::Committed(commit, values) => {
                self.withdraw(Some(commit.case));
                Err(completed(commit, values))
            }
            Cancelled::Over => Ok(Vec::new()),
        }
    }

    /// Leaves the lists of the channels, but for the one whose party committed `case` and did that itself.
    fn withdraw(&mut self, case: Option<usize>) {
        for (index, (end, ticket)) in self
            .ends
            .iter()
            .zip(std::mem::take(&mut self.tickets))
            .enumerate()
        {
            if Some(index) != case {
                leave(end, ticket);
            }
        }
    }
}

fn leave<T: Send + 'static>(end: &End<T>, ticket: u64) {
    let core: &Core<T> = end.core();
    core.locked(|state, effects: &mut Effects<T>| {
        let (list, waited) = match end {
            End::Send(_) => (&mut state.senders, &mut state.send_wait),
            End::Receive(_) => (&mut state.receivers, &mut state.receive_wait),
        };
        if let Some(waiter) = list.remove(ticket) {
            *waited += waiter.operation.waited();
            effects.release(waiter);
        }
    });
}

fn completed<T>(commit: Commit<T>, values: Values<T>) -> Completed<T> {
    Completed {
        index: commit.case,
        outcome: commit.outcome,
        unsent: numbered(values),
    }
}

impl<T: Send + 'static> Drop for Pending<T> {
    fn drop(&mut self) {
        match self.operation.cancel() {
            Cancelled::Unsent(values) => {
                self.withdraw(None);
                drop(values);
            }
            Cancelled::Committed(commit, values) => {
                self.withdraw(Some(commit.case));
                if let Outcome::Received(message) = commit.outcome {
                    self.ends[commit.case]
                        .core()
                        .put_back(commit.delivery, message);
                }
                drop(values);
            }
            Cancelled::Over => {}
        }
    }
}

impl<T: Send + 'static> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("done", &self.is_done())
            .finish_non_exhaustive()
    }
}
