//! The thread of an interpreter: takes jobs in order, runs them, waits, and in the end ends it.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_utils::sync::Parker;

use super::control::{Job, Next};
use super::coroutines::run_loop;
use super::instance::{CloseReport, Inner, InterpreterId};
use super::job::run_task;
use super::runtime;
use super::support::Support;
use super::task::{Failure, Outcome, Stop};
use crate::python::{
    self, Python, StillInUse, ThreadIdent, ThreadState, clear_in, current_thread_ident,
};
use crate::value::Value;

/// How long an interpreter's thread stays awake after a job in case another follows: waking a parked
/// thread costs several microseconds, and a caller that awaits one call after another is back in
/// about ten.
const STAYS_AWAKE: Duration = Duration::from_micros(25);
/// How long a thread that ends waits for other threads' states to go, if `close` sets no limit.
const LONGEST_WAIT_FOR_THREADS: Duration = Duration::from_secs(10);

/// Runs jobs until the interpreter closes.
pub(super) fn run(inner: &Arc<Inner>, thread_state: ThreadState, parker: &Parker) {
    let ident = thread_state.attach(current_thread_ident);
    let mut awake_until = None;
    loop {
        let may_park = awake_until.is_none_or(|until| Instant::now() >= until);
        match inner.control.next(may_park) {
            Next::Run(job) => {
                thread_state.attach(|py| burst(inner, py, ident, job));
                awake_until = Some(Instant::now() + STAYS_AWAKE);
            }
            Next::Wait if may_park => parker.park(),
            Next::Wait => stay_awake(inner, awake_until),
            Next::TurnLoop => thread_state.attach(|py| turn_loop(inner, py, ident)),
            Next::Close => break,
        }
    }
    end(inner, thread_state);
}

/// Waits for something to do without parking. Yields, so that on a busy machine another thread gets
/// the core.
fn stay_awake(inner: &Inner, until: Option<Instant>) {
    while !inner.control.attention() && until.is_some_and(|until| Instant::now() < until) {
        for _ in 0..32 {
            std::hint::spin_loop();
        }
        std::thread::yield_now();
    }
}

/// Runs a job, and those that wait behind it, in one attachment.
fn burst(inner: &Inner, py: Python<'_>, ident: ThreadIdent, first: Job) {
    let mut next = Some(first);
    while let Some(Job {
        task,
        completion,
        id,
    }) = next
    {
        let mut coroutine = false;
        let outcome = run_current(inner, py, ident, || match run_task(py, task, Some(id)) {
            Some(outcome) => outcome,
            None => {
                coroutine = true;
                Ok(Value::None)
            }
        });
        match outcome {
            Ok(_) if coroutine => {
                inner.control.became_coroutine(id, completion);
            }
            outcome => completion(outcome),
        }
        next = match inner.control.next(false) {
            Next::Run(job) => Some(job),
            Next::Wait | Next::TurnLoop | Next::Close => None,
        };
    }
}

/// One turn of the asyncio loop, as a job of its own: it can be interrupted like any.
fn turn_loop(inner: &Inner, py: Python<'_>, ident: ThreadIdent) {
    inner.control.begin_turn();
    // The turn has no outcome; what it settled has been told already.
    let _ = run_current(inner, py, ident, || {
        run_loop(inner, py);
        Ok(Value::None)
    });
}

/// Runs the current job (which `Control` knows of) and ends it there.
pub(super) fn run_current(
    inner: &Inner,
    py: Python<'_>,
    ident: ThreadIdent,
    run: impl FnOnce() -> Outcome,
) -> Outcome {
    inner.control.running_on(ident);
    let _here = JobHere::new(inner.interp.id());
    let run = std::panic::AssertUnwindSafe(run);
    let outcome = std::panic::catch_unwind(run).unwrap_or_else(|panic| {
        let what = panic.downcast_ref::<String>().map(String::as_str);
        let what = what
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("unknown");
        Err(Failure::Internal(format!("a panic in the core: {what}")))
    });
    let Some(stop) = inner.control.finish() else {
        return outcome;
    };
    clear_in(py, ident);
    inner.interrupt.clear();
    match outcome {
        Err(Failure::Exception(_)) => Err(Failure::Stopped(stop)),
        other => other,
    }
}

thread_local! {
    /// The interpreter whose job this thread runs; -1: none.
    static JOB_OF: Cell<i64> = const { Cell::new(-1) };
}

/// Notes that this thread runs a job, as long as it lives; jobs nest (a host function that a job
/// called may run another interpreter's).
struct JobHere(i64);

impl JobHere {
    fn new(interpreter: i64) -> Self {
        Self(JOB_OF.replace(interpreter))
    }
}

impl Drop for JobHere {
    fn drop(&mut self) {
        JOB_OF.set(self.0);
    }
}

/// Whether the calling thread runs a job of this interpreter (and is not just a thread that its
/// Python code started).
pub fn runs_job_of(interpreter: InterpreterId) -> bool {
    JOB_OF.get() == interpreter.0
}

/// Ends the interpreter, or gives it up if that is not possible.
fn end(inner: &Arc<Inner>, thread_state: ThreadState) {
    let deadline = inner
        .close_deadline()
        .unwrap_or_else(|| Instant::now() + LONGEST_WAIT_FOR_THREADS);
    thread_state.attach(|py| {
        if let Some(support) = Support::of(py) {
            let seconds = deadline
                .saturating_duration_since(Instant::now())
                .as_secs_f64();
            // Exit handlers that raise are reported by Python itself.
            let _ = support.shut_down(py, seconds);
            support.clear(py);
        }
        runtime::release(py);
    });
    let mut thread_state = thread_state;
    let mut pause = Duration::from_micros(50);
    loop {
        match python::end(thread_state) {
            Ok(()) => return inner.ended(CloseReport::default()),
            Err((back, why)) if Instant::now() >= deadline => {
                // Dropping the thread state would leave the interpreter without any, which is
                // allowed, but Python threads in it may still need their main thread's.
                std::mem::forget(back);
                return inner.ended(CloseReport {
                    abandoned: Some(reason(why)),
                });
            }
            Err((back, _)) => thread_state = back,
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

fn reason(why: StillInUse) -> String {
    match why {
        StillInUse::Threads(count) => format!(
            "{count} thread(s) that Python code started are still running; \
             ending the interpreter now would abort the process"
        ),
        StillInUse::Lent(count) => format!(
            "{count} view(s) of its memory are still in use elsewhere (typed arrays in JavaScript, \
             memoryviews in other interpreters); let go of them, or send copies"
        ),
        StillInUse::Visitors(count) => format!(
            "{count} thread(s) of this process have not left it (a synchronous call that runs, \
             or a Worker that does not answer)"
        ),
    }
}

/// The stop reason of a job that is stopped because its interpreter closes.
pub(super) const CLOSING: Stop = Stop::Closing;
