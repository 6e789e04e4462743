//! The thread of an interpreter: takes jobs in order, runs them, waits, and in the end ends it.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crossbeam_utils::sync::Parker;

use super::closing::{CloseReport, GRACE_AFTER_STOP};
use super::control::{Control, Finished, JobId, Next};
use super::coroutines::{Ended, run_loop};
use super::instance::{Inner, Interpreter, InterpreterId};
use super::job::run_task;
use super::runtime;
use super::support::Support;
use super::task::{Failure, Outcome, Stop, Task};
use crate::lingering;
use crate::python::{
    self, Ending, Python, StillInUse, ThreadIdent, ThreadState, clear_in, current_thread_ident,
};
use crate::value::Value;

/// How long threads and exit handlers get to end by themselves, if `close` sets no limit.
const LONGEST_WIND_UP: Duration = Duration::from_secs(10);

/// Between two looks whether an interpreter that was given up has become free.
const LONGEST_PAUSE_AFTER_REPORT: Duration = Duration::from_secs(1);

/// Other Python code can interrupt a job, too (`PyThreadState_SetAsyncExc` by way of `ctypes`). What it
/// leaves is looked for after jobs that failed, and that took longer than importing anything does.
const SHORTEST_INTERRUPTED: Duration = Duration::from_micros(200);

/// Runs jobs until the interpreter closes.
pub(super) fn run(inner: &Arc<Inner>, thread_state: ThreadState, parker: &Parker) {
    let ident = thread_state.attach(current_thread_ident);
    let mut patience = Patience::default();
    let mut may_linger = true;
    loop {
        match inner.control.next(may_linger) {
            Next::Run(job, task) => {
                may_linger = true;
                thread_state.attach(|py| burst(inner, py, ident, job, task));
            }
            Next::Wait => parker.park(),
            Next::Linger => {
                may_linger = false;
                patience.linger(&inner.control);
            }
            Next::TurnLoop => thread_state.attach(|py| turn_loop(inner, py, ident)),
            Next::Close => break,
        }
    }
    end(inner, ident, thread_state);
}

/// Waiting for the next job without sleeping, where that was not in vain lately. On a machine whose
/// cores are all in use, whoever submits often waits for this very core, and a round trip would take
/// 33 µs instead of 7; therefore those ask for it that have measured it (`pace.rs`).
#[derive(Default)]
struct Patience {
    /// How many times on end nothing came.
    misses: u32,
}

impl Patience {
    /// After this many misses, only every so many times is tried.
    const MOST_MISSES: u32 = 4;
    const RARELY: u32 = 16;

    fn linger(&mut self, control: &Control) {
        if self.misses >= Self::MOST_MISSES && !self.misses.is_multiple_of(Self::RARELY) {
            self.misses = self.misses.wrapping_add(1);
        } else if lingering::linger(lingering::LONGEST, || control.calls()) {
            self.misses = 0;
        } else {
            self.misses = self.misses.wrapping_add(1);
        }
    }
}

/// Runs a job, and those that wait behind it, in one attachment.
fn burst(inner: &Inner, py: Python<'_>, ident: ThreadIdent, first: JobId, task: Task) {
    let mut next = Some((first, task));
    while let Some((id, task)) = next {
        let mut coroutine = false;
        // What was let go of elsewhere before this job was submitted is gone when it runs.
        py.release_pending();
        let (outcome, finished) =
            run_current(inner, py, ident, || match run_task(py, task, Some(id)) {
                Some(outcome) => outcome,
                None => {
                    coroutine = true;
                    Ok(Value::None)
                }
            });
        count_threads(inner, py);
        match outcome {
            Ok(_) if coroutine => inner.control.became_coroutine(id, finished),
            outcome => {
                if let Some(completion) = finished.completion {
                    completion(outcome);
                }
            }
        }
        next = match inner.control.next(true) {
            Next::Run(job, task) => Some((job, task)),
            Next::Wait | Next::Linger | Next::TurnLoop | Next::Close => None,
        };
    }
}

/// Counts the threads that jobs have left, if somebody asked for that. Before who waits for a job is told
/// of its end, so that they see what it left.
fn count_threads(inner: &Inner, py: Python<'_>) {
    if let Some(stray) = Support::of(py).and_then(|support| support.stray_threads(py)) {
        inner.stray_threads.store(stray, Ordering::Release);
    }
}

/// One turn of the asyncio loop, as a job of its own: it can be interrupted like any.
fn turn_loop(inner: &Inner, py: Python<'_>, ident: ThreadIdent) {
    inner.control.begin_turn();
    let mut ended = Ended::new();
    // The turn has no outcome of its own.
    let _ = run_current(inner, py, ident, || {
        run_loop(inner, py, &mut ended);
        Ok(Value::None)
    });
    count_threads(inner, py);
    // After the turn, which is a job: whoever is told may ask for a synchronous call at once, and
    // must not find the interpreter busy with nothing but telling.
    for (completion, outcome) in ended {
        completion(outcome);
    }
}

/// Runs the current job (which `Control` knows of) and ends it there.
pub(super) fn run_current(
    inner: &Inner,
    py: Python<'_>,
    ident: ThreadIdent,
    run: impl FnOnce() -> Outcome,
) -> (Outcome, Finished) {
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
    let finished = inner.control.finish();
    if finished.stop.is_some() {
        clear_in(py, ident);
    }
    if finished.stop.is_some() || outcome.is_err() || finished.elapsed > SHORTEST_INTERRUPTED {
        Support::mend(py);
    }
    let Some(stop) = finished.stop else {
        return (outcome, finished);
    };
    inner.interrupt.clear();
    let outcome = match outcome {
        Err(Failure::Exception(_)) => Err(Failure::Stopped(stop)),
        other => other,
    };
    (outcome, finished)
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
fn end(inner: &Arc<Inner>, ident: ThreadIdent, thread_state: ThreadState) {
    inner.winding_up.store(true, Ordering::Release);
    let deadline = inner
        .close_deadline()
        .unwrap_or_else(|| Instant::now() + LONGEST_WIND_UP);
    let left = || deadline.saturating_duration_since(Instant::now());
    thread_state.attach(|py| {
        if let Some(support) = Support::of(py) {
            // What raises in here is reported by Python itself.
            let _ = support.end_threads(py, left());
            // As a job, so that exit handlers can be stopped like one.
            inner.control.begin_turn();
            Interpreter(Arc::clone(inner)).give_up_after(left());
            let _ = run_current(inner, py, ident, || {
                let _ = support.shut_down(py);
                Ok(Value::None)
            });
            support.clear(py);
        }
        runtime::release(py);
    });
    let deadline = deadline + GRACE_AFTER_STOP / 2;
    let mut thread_state = thread_state;
    let mut pause = Duration::from_micros(50);
    let mut longest_pause = Duration::from_millis(10);
    loop {
        match python::end(thread_state) {
            Ok(Ending::Ended) => return inner.ended(CloseReport::default()),
            Ok(Ending::Kept(module)) => {
                return inner.ended(CloseReport::kept(format!(
                    "the extension module {module} was made for one interpreter a process and may still use \
                     this one's objects: ending it would corrupt memory"
                )));
            }
            Err((back, why)) => {
                if Instant::now() >= deadline {
                    // Whoever waits is told; this thread goes on waiting, and ends the interpreter
                    // if the others leave it after all.
                    inner.ended(CloseReport::abandoned(reason(why)));
                    longest_pause = LONGEST_PAUSE_AFTER_REPORT;
                }
                thread_state = back;
            }
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(longest_pause);
    }
}

fn reason(why: StillInUse) -> String {
    match why {
        StillInUse::Threads(count) => format!(
            "{count} thread(s) that Python code started are still running; \
             ending the interpreter now would abort the process"
        ),
        StillInUse::ExitHandlers => {
            "finalizers of its Python code register exit handlers again and again".to_owned()
        }
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
