//! The end of an interpreter: asking for it, waiting for it, giving it up. What its own thread does in
//! the end is in `worker.rs`.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::instance::{Inner, Interpreter};
use super::task::Failure;
use super::timer::{self, TimerId};
use super::worker::CLOSING;
use super::{caller, registry, runtime, stopper};

/// How a close ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloseReport {
    /// The interpreter could not be ended and was left behind: why. `None`: it is gone and its
    /// memory given back.
    pub abandoned: Option<String>,
    /// It is closed, but its memory stays allocated until the process ends: why.
    pub kept: Option<String>,
}

impl CloseReport {
    pub(super) fn abandoned(why: impl Into<String>) -> Self {
        Self {
            abandoned: Some(why.into()),
            kept: None,
        }
    }

    pub(super) fn kept(why: impl Into<String>) -> Self {
        Self {
            abandoned: None,
            kept: Some(why.into()),
        }
    }
}

type Done = Box<dyn FnOnce(CloseReport) + Send>;

/// What is known of it.
#[derive(Default)]
pub(super) struct Closing {
    deadline: Option<Instant>,
    waiting: Vec<Done>,
    /// Deadlines that nobody needs once it has ended.
    timers: Vec<TimerId>,
    report: Option<CloseReport>,
}

/// How long a stopped job gets to wind up before its interpreter is given up.
pub(super) const GRACE_AFTER_STOP: Duration = Duration::from_secs(1);

impl Interpreter {
    /// Closes: queued jobs end with `Failure::Closed`; the running one is waited for until
    /// `timeout` (forever if `None`), then stopped, and if it does not stop, the interpreter is
    /// given up. The main interpreter never closes. Closing twice waits for the same end.
    pub fn close(&self, timeout: Option<Duration>, done: Done) {
        let inner = &self.0;
        if inner.isolation.is_none() {
            return done(CloseReport::abandoned(
                "the main interpreter lives as long as the process",
            ));
        }
        {
            let mut closing = inner.closing.lock();
            if let Some(report) = closing.report.clone() {
                drop(closing);
                return done(report);
            }
            closing.waiting.push(done);
            let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
            closing.deadline = match (closing.deadline, deadline) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        if let Some((queued, _)) = inner.control.begin_close() {
            for job in queued {
                (job.completion)(Err(Failure::Closed));
            }
            inner.close_interrupt.raise();
            let id = inner.interp.id();
            caller::release_closing(|closing| closing == id);
            caller::ask_release();
        }
        if let Some(timeout) = timeout {
            self.give_up_after(timeout);
        }
    }

    /// Stops the running job (or the exit handlers) at `timeout`, and gives the interpreter up a
    /// little later.
    pub(super) fn give_up_after(&self, timeout: Duration) {
        let Some(stop_at) = Instant::now().checked_add(timeout) else {
            return;
        };
        // Weakly: an interpreter that has ended need not be kept until then.
        let inner = Arc::downgrade(&self.0);
        let timer = timer::at(stop_at, move || {
            let Some(living) = inner.upgrade() else {
                return;
            };
            stopper::act(
                &living,
                living.control.request_stop_current(CLOSING),
                CLOSING,
            );
            living.cancel_at_end(timer::at(Instant::now() + GRACE_AFTER_STOP, move || {
                if let Some(inner) = inner.upgrade() {
                    inner.abandon();
                }
            }));
        });
        self.0.cancel_at_end(timer);
    }
}

impl Inner {
    pub(super) fn close_deadline(&self) -> Option<Instant> {
        self.closing.lock().deadline
    }

    /// Forgets a deadline when this has ended, which may be already.
    fn cancel_at_end(&self, timer: TimerId) {
        let mut closing = self.closing.lock();
        if closing.report.is_none() {
            closing.timers.push(timer);
        } else {
            drop(closing);
            timer::cancel(timer);
        }
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Acquire)
    }

    pub(super) fn closed_failure(&self) -> Failure {
        if self.is_abandoned() {
            Failure::Abandoned
        } else {
            Failure::Closed
        }
    }

    /// Gives up waiting for the interpreter to end.
    fn abandon(&self) {
        if self.closing.lock().report.is_some() {
            return;
        }
        let what = if self.winding_up.load(Ordering::Acquire) {
            "an exit handler, a finalizer or a thread of it"
        } else {
            "its job"
        };
        self.ended(CloseReport::abandoned(format!(
            "{what} did not stop: it is in a C function that does not return, or catches every exception. \
             Its thread and its memory are lost until the process ends"
        )));
    }

    /// Its thread is parked for ever, in the middle of what it did.
    pub(super) fn overflowed(&self) {
        self.ended(CloseReport::abandoned(
            "its C stack overflowed (in a recursion that CPython does not count, like `hash()` of a \
             tuple nested very deep). Its thread and its memory are lost until the process ends",
        ));
    }

    /// It is over: tells everybody who waits. The first report stands.
    pub(super) fn ended(&self, report: CloseReport) {
        let (waiting, timers) = {
            let mut closing = self.closing.lock();
            if closing.report.is_some() {
                return;
            }
            if report.abandoned.is_some() {
                self.abandoned.store(true, Ordering::Release);
            }
            closing.report = Some(report.clone());
            (
                std::mem::take(&mut closing.waiting),
                std::mem::take(&mut closing.timers),
            )
        };
        timers.into_iter().for_each(timer::cancel);
        self.control.closed();
        registry::remove(self.interp.id());
        runtime::free_name(&self.name);
        for completion in self.control.tell_all() {
            completion(Err(self.closed_failure()));
        }
        for done in waiting {
            done(report.clone());
        }
    }
}
