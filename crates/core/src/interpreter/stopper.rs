//! Stopping a job that runs: waking what it is blocked in, and raising in what it computes.
//!
//! A stopper is a short-lived thread, because attaching to a busy interpreter waits for its GIL:
//! 5 ms if it runs bytecode, forever if it is in a C function that keeps the GIL. In that case the
//! stopper waits as long, and nobody else does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::control::{JobId, StopRequest};
use super::instance::Inner;
use super::task::{Failure, Stop};
use super::timer;
use crate::python::{ThreadState, is_safe_to_raise_in, raise_in};

/// What a blocked operation gets to wake up and raise, before the exception is sent from outside.
const GRACE_FOR_BLOCKED: Duration = Duration::from_millis(2);
/// What the asyncio loop gets to cancel a coroutine by itself.
const GRACE_FOR_LOOP: Duration = Duration::from_millis(20);
/// Between two exceptions, the first and the longest pause. Code that catches the exception gets
/// another.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);
/// How long an import in progress is let go on, at most, and how often that is looked at: stopped in the
/// middle, it leaves locks and half-made modules.
const PATIENCE: Duration = Duration::from_millis(250);
const LOOK: Duration = Duration::from_micros(300);
/// Whoever waits for a job that was asked to stop is told after this time that it does not.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Acts on what a request to stop found.
pub(super) fn act(inner: &Arc<Inner>, request: StopRequest, why: Stop) {
    match request {
        StopRequest::WasQueued(job) => (job.completion)(Err(Failure::Stopped(why))),
        StopRequest::SendStopper(job) => {
            inner.interrupt.raise();
            let stopped = Arc::clone(inner);
            let spawned = std::thread::Builder::new()
                .name("multicore-stopper".into())
                .spawn(move || stop(&stopped, job));
            // Without a thread the job is still woken when it blocks; a later `close` gives it up.
            drop(spawned);
            let inner = Arc::clone(inner);
            timer::at(Instant::now() + LONGEST_WAIT, move || {
                for (completion, stop) in inner.control.tell_early(job) {
                    completion(Err(Failure::StillRunning(stop)));
                }
            });
        }
        StopRequest::WatchTurn(turn) => {
            let inner = Arc::clone(inner);
            timer::at(Instant::now() + GRACE_FOR_LOOP, move || {
                act(&inner, inner.control.request_stop_of_turn(turn, why), why);
            });
        }
        StopRequest::UnderWay | StopRequest::Ended => {}
    }
}

fn stop(inner: &Arc<Inner>, job: JobId) {
    std::thread::sleep(GRACE_FOR_BLOCKED);
    let mut pause = FIRST_PAUSE;
    let mut patience_ends = Instant::now() + PATIENCE;
    while inner.control.is_running(job) && !inner.is_abandoned() {
        let within = inner.within.lock().clone();
        for interpreter in within {
            interpreter.interrupt();
        }
        // A thread state for each try: one that is kept would keep the interpreter from ending.
        let Some(thread_state) = ThreadState::new(&inner.interp) else {
            return;
        };
        let asked = thread_state.attach(|py| {
            let is_patient = Instant::now() < patience_ends;
            inner.control.while_running(job, |thread| {
                thread.is_some_and(|thread| {
                    (!is_patient || is_safe_to_raise_in(py, thread)) && raise_in(py, thread)
                })
            })
        });
        drop(thread_state);
        if asked == Some(false) && Instant::now() < patience_ends {
            std::thread::sleep(LOOK);
            continue;
        }
        patience_ends = Instant::now() + PATIENCE;
        std::thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
