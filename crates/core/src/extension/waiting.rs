//! Blocking in Rust on behalf of Python: without the GIL, until done, timed out or interrupted.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TryRecvError, sync_channel};
use std::time::{Duration, Instant};

use crossbeam_utils::sync::{Parker, Unparker};

use super::monitoring;
use super::state::State;
use super::wait_log::{self, Began};
use crate::channel::{Abandonment, ChannelId, Direction, Interrupt, Order, Selection, Wait};
use crate::coalescing;
use crate::interpreter::{Interpreter, runs_job_of};
use crate::lingering::{self, Kind};
use crate::python::{Borrowed, Builtin, ConvertError, Mode, PyErr, PyResult, Python, from_python};
use crate::value::Value;

/// What came of a question ([`Waiting::answer`]).
pub(super) enum Answered<T> {
    /// The answer.
    With(T),
    /// Nobody will answer it.
    Dropped,
    /// The waiting was interrupted first.
    Interrupted,
}

/// Whom to answer. The order of the fields matters: who waits is woken once the answer is there, or
/// never will be.
struct Asked<T> {
    answer: SyncSender<T>,
    _wake: WakeOnDrop,
}

impl<T> Asked<T> {
    fn give(self, value: T) {
        // Nobody may wait any more.
        drop(self.answer.send(value));
    }
}

struct WakeOnDrop(Unparker);

impl Drop for WakeOnDrop {
    fn drop(&mut self) {
        self.0.unpark();
    }
}

/// What may interrupt a blocking operation of the calling thread.
pub(super) struct Waiting {
    interrupt: Option<Arc<Interrupt>>,
    /// Who waits and where, while somebody watches.
    place: Option<String>,
    /// The wait itself, while somebody records.
    _began: Option<Began>,
}

impl Waiting {
    /// For the calling thread: a stop of its job if it runs one, else the closing of its
    /// interpreter.
    pub(super) fn new(state: &State) -> Self {
        Self::with(state, Interpreter::close_interrupt)
    }

    /// As [`Self::new`], but a thread of Python code's own gets the time that `close` leaves it.
    pub(super) fn patient(state: &State) -> Self {
        Self::with(state, Interpreter::thread_interrupt)
    }

    /// `otherwise`: what interrupts a thread that runs no job.
    fn with(state: &State, otherwise: fn(&Interpreter) -> &Arc<Interrupt>) -> Self {
        // Before spinning: it may be those whom we owe a wake-up that we wait for.
        coalescing::make_up();
        let mut place = None;
        let interrupt = state.interpreter().map(|interpreter| {
            let runs_job = runs_job_of(interpreter.id());
            if monitoring::is_on() {
                place = Some(monitoring::place(state, interpreter.id(), runs_job));
            }
            Arc::clone(if runs_job {
                interpreter.job_interrupt()
            } else {
                otherwise(interpreter)
            })
        });
        Self {
            interrupt,
            place,
            _began: None,
        }
    }

    /// The same, at these channels: for who records.
    pub(super) fn at(mut self, channels: &[(ChannelId, Direction)]) -> Self {
        self._began = Began::new(self.place.as_deref(), channels);
        self
    }

    /// Who waits, while somebody watches: `id/job` or `id/thread-<ident>`.
    pub(super) fn agent(&self) -> Option<&str> {
        // A place is an agent, a slash, and where.
        let place = self.place.as_deref()?;
        let kind = place.find('/')? + 1;
        let end = place[kind..].find('/')?;
        Some(&place[..kind + end])
    }

    /// Whether it was interrupted already.
    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupt
            .as_ref()
            .is_some_and(|interrupt| interrupt.is_raised())
    }

    /// How to wait until `deadline`.
    pub(super) fn until(&self, deadline: Option<Instant>) -> Wait<'_> {
        Wait {
            deadline,
            interrupt: self.interrupt.as_deref(),
            label: self
                .place
                .as_ref()
                .map(|place| monitoring::label(place, deadline.is_some())),
            around_park: Some(wait_log::AROUND_PARK),
        }
    }

    /// Asks for something that another thread answers, and waits for the answer.
    pub(super) fn answer<T: Send + 'static>(
        &self,
        ask: impl FnOnce(Box<dyn FnOnce(T) + Send>),
    ) -> Answered<T> {
        let parker = Parker::new();
        let (answer, answered) = sync_channel(1);
        let asked = Asked {
            answer,
            _wake: WakeOnDrop(parker.unparker().clone()),
        };
        let _enrolled = self.interrupt.as_ref().map(|interrupt| {
            let unparker = parker.unparker().clone();
            interrupt.enroll_with(move || unparker.unpark())
        });
        ask(Box::new(move |value| asked.give(value)));
        let mut next = answered.try_recv();
        let mut has_waited = false;
        let came = loop {
            match next {
                Ok(value) => break Answered::With(value),
                Err(TryRecvError::Disconnected) => break Answered::Dropped,
                Err(TryRecvError::Empty) if self.is_interrupted() => break Answered::Interrupted,
                Err(TryRecvError::Empty) => {
                    has_waited = true;
                    let early = Cell::new(None);
                    let _operations = coalescing::before_park();
                    lingering::before_park(Kind::Answer, false, || match answered.try_recv() {
                        Err(TryRecvError::Empty) => self.is_interrupted(),
                        came => {
                            early.set(Some(came));
                            true
                        }
                    });
                    next = early.take().unwrap_or_else(|| {
                        parker.park();
                        answered.try_recv()
                    });
                }
            }
        };
        if has_waited {
            lingering::after_park(Kind::Answer, matches!(came, Answered::With(_)));
        }
        came
    }

    /// Sleeps; says whether it was interrupted.
    pub(super) fn sleep(&self, duration: Duration) -> bool {
        match &self.interrupt {
            Some(_) => {
                // A selection without cases is never ready: it waits for the deadline alone.
                let deadline = Instant::now().checked_add(duration);
                let abandoned = Selection::<Value>::new(Order::Fair).wait(&self.until(deadline));
                abandoned.is_err_and(|abandoned| abandoned.reason == Abandonment::Interrupted)
            }
            None => {
                std::thread::sleep(duration);
                false
            }
        }
    }

    /// The exception for an interrupted operation.
    pub(super) fn interrupted<'py>(&self, py: Python<'py>) -> PyErr<'py> {
        PyErr::new(
            py,
            Builtin::KeyboardInterrupt,
            "the operation was interrupted",
        )
    }
}

/// A number of seconds: an int or a float, not negative, not nan.
pub(super) fn duration<'py>(seconds: Borrowed<'_, 'py>) -> PyResult<'py, Duration> {
    let py = seconds.py();
    let number = match from_python(seconds, Mode::Message) {
        Ok(Value::Int(seconds)) => seconds as f64,
        Ok(Value::Bool(seconds)) => f64::from(u8::from(seconds)),
        Ok(Value::Float(seconds)) => seconds,
        Err(ConvertError::Raised(error)) => return Err(error),
        // Anything that is a number by its own account (numpy.float64, Decimal, Fraction).
        _ => seconds.to_object().to_f64().ok_or_else(|| {
            PyErr::new(py, Builtin::TypeError, "a time must be a number of seconds")
        })?,
    };
    if number.is_nan() {
        return Err(PyErr::new(
            py,
            Builtin::ValueError,
            "Invalid value NaN (not a number)",
        ));
    }
    if number < 0.0 {
        return Err(PyErr::new(
            py,
            Builtin::ValueError,
            "a time must be non-negative",
        ));
    }
    // Longer than the clock can say is for ever.
    Ok(Duration::try_from_secs_f64(number).unwrap_or(Duration::MAX))
}

/// The deadline of a `timeout` argument in seconds; `None` waits for ever.
pub(super) fn deadline<'py>(timeout: Option<Borrowed<'_, 'py>>) -> PyResult<'py, Option<Instant>> {
    Ok(match timeout {
        Some(timeout) => Instant::now().checked_add(duration(timeout)?),
        None => None,
    })
}
