//! Jobs that became coroutines: they live on the asyncio loop of their interpreter, several at
//! once, while its thread runs other jobs between their steps.
//!
//! The loop runs on the interpreter's own thread whenever that has nothing else to do
//! ([`run_loop`]); a new job, a stop or a finished coroutine ends its run. What a coroutine is made
//! into (`asyncio.Task`) is Python's half: `multicore._coroutines`.

use super::control::{Completion, JobId};
use super::instance::Inner;
use super::job::{convert_result, failure};
use super::support::Support;
use super::task::{Failure, Outcome};
use crate::python::{
    Borrowed, Builtin, Mode, Object, PyErr, PyResult, Python, from_python, to_python,
};
use crate::value::Value;

/// Makes a task of a coroutine, on behalf of a job.
pub(super) fn begin<'py>(
    support: &Support,
    coroutine: &Object<'py>,
    job: JobId,
) -> PyResult<'py, ()> {
    let number = to_python(coroutine.py(), &Value::Int(job.0 as i64))?;
    support
        .coroutines(coroutine.py())?
        .call_method(c"begin", [coroutine, &number])
        .map(drop)
}

/// Runs a coroutine to its end on the calling thread.
pub(super) fn run_to_end<'py>(
    support: &Support,
    coroutine: &Object<'py>,
) -> PyResult<'py, Object<'py>> {
    support
        .coroutines(coroutine.py())?
        .call_method(c"run_to_end", [coroutine])
}

/// Coroutines that have ended and what came of them, which nobody was told yet.
pub(super) type Ended = Vec<(Completion, Outcome)>;

/// Runs the loop until somebody wakes it or a coroutine ends; adds those that ended.
pub(super) fn run_loop(inner: &Inner, py: Python<'_>, ended: &mut Ended) {
    let Some(support) = Support::of(py) else {
        return;
    };
    let cancel = inner.control.take_cancels();
    if let Err(error) = turn(inner, support, py, &cancel, ended) {
        // What escapes a turn (KeyboardInterrupt, SystemExit) has been set on its task as well; a
        // broken loop would spin here, so the coroutines that are left end with it.
        if !error.is(Builtin::KeyboardInterrupt) && !error.is(Builtin::SystemExit) {
            for job in inner.control.coroutine_jobs() {
                settle(inner, job, Err(failure(support, &error)), ended);
            }
        }
    }
}

fn turn<'py>(
    inner: &Inner,
    support: &Support,
    py: Python<'py>,
    cancel: &[JobId],
    ended: &mut Ended,
) -> PyResult<'py, ()> {
    let coroutines = support.coroutines(py)?;
    for job in cancel {
        coroutines.call_method(c"cancel", [&to_python(py, &Value::Int(job.0 as i64))?])?;
    }
    let watched = to_python(py, &Value::Int(inner.wake_pipe.watched()))?;
    let turned = coroutines.call_method(c"turn", [&watched]);
    inner.wake_pipe.drain();
    for each in coroutines.call_method(c"take_ended", [])?.iterate()? {
        let parts: Vec<Object<'py>> = each?.iterate()?.collect::<PyResult<'_, _>>()?;
        let [number, result, error] = &parts[..] else {
            continue;
        };
        let Ok(Value::Int(number)) = from_python(Borrowed::from(number), Mode::Message) else {
            continue;
        };
        let outcome = if error.is_none() {
            convert_result(support, result.clone())
        } else {
            Err(failure(support, &PyErr::from_object(error.clone())))
        };
        support.restore_main(py);
        settle(inner, JobId(number as u64), outcome, ended);
    }
    turned.map(drop)
}

fn settle(inner: &Inner, job: JobId, outcome: Outcome, ended: &mut Ended) {
    if let Some((completion, stop)) = inner.control.end_coroutine(job) {
        let outcome = match (stop, outcome) {
            (Some(stop), Err(Failure::Exception(_))) => Err(Failure::Stopped(stop)),
            (_, outcome) => outcome,
        };
        ended.push((completion, outcome));
    }
}
