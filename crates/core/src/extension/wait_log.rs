//! Every wait of Python code at channels, one by one, while somebody records: for pictures over time.
//!
//! A wait is written down by the thread that waited, once it is over; one that ended while its thread
//! still spun is none. Not here: who waits now (`monitoring`).

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::define::Args;
use super::monitoring;
use super::state::State;
use crate::channel::{AroundPark, ChannelId, Direction};
use crate::coalescing;
use crate::lingering::{self, Kind, STREAM};
use crate::python::{Borrowed, Mode, Object, PyResult, from_python, to_python};
use crate::value::Value;

/// How many waits are kept for those who record: they ask every few milliseconds.
const MOST_WAITS: usize = 100_000;

static RECORDERS: AtomicUsize = AtomicUsize::new(0);
static LOG: Mutex<Log> = Mutex::new(Log {
    next: 0,
    waits: VecDeque::new(),
});

thread_local! {
    static HAS_PARKED: Cell<bool> = const { Cell::new(false) };
}

struct Log {
    /// The number of the next one.
    next: u64,
    waits: VecDeque<Waited>,
}

/// One that is over.
#[derive(Clone, Debug)]
pub struct Waited {
    /// Who waited and where: `id/kind/file:line:function`, as in labels.
    pub place: String,
    /// The channels, and whether it was to send.
    pub channels: Vec<(ChannelId, Direction)>,
    began: Instant,
    ended: Instant,
}

impl Waited {
    /// How long ago it began, and ended.
    pub fn ago(&self) -> (Duration, Duration) {
        (self.began.elapsed(), self.ended.elapsed())
    }

    /// `send`, `receive`, or `select` for several.
    pub fn operation(&self) -> &'static str {
        match self.channels.as_slice() {
            [(_, Direction::Send)] => "send",
            [(_, Direction::Receive)] => "receive",
            _ => "select",
        }
    }
}

/// One more, or one less, who records.
pub fn record(on: bool) {
    monitoring::count(&RECORDERS, on);
    if RECORDERS.load(Ordering::Relaxed) == 0 {
        LOG.lock().waits.clear();
    }
}

/// The waits from a number on, and the number of the next; from the next one on if there is none.
pub fn since(number: Option<u64>) -> (u64, Vec<Waited>) {
    let log = LOG.lock();
    let from = number.unwrap_or(log.next);
    let first = log.next - log.waits.len() as u64;
    let skipped = usize::try_from(from.saturating_sub(first)).unwrap_or(usize::MAX);
    (log.next, log.waits.iter().skip(skipped).cloned().collect())
}

/// A wait that is about to begin, written down when this is dropped.
pub(super) struct Began {
    place: String,
    channels: Vec<(ChannelId, Direction)>,
    began: Instant,
}

impl Began {
    /// If somebody records.
    pub(super) fn new(place: Option<&str>, channels: &[(ChannelId, Direction)]) -> Option<Self> {
        let place = place.filter(|_| is_on())?.to_owned();
        HAS_PARKED.set(false);
        Some(Self {
            place,
            channels: channels.to_vec(),
            began: Instant::now(),
        })
    }
}

impl Drop for Began {
    fn drop(&mut self) {
        if !HAS_PARKED.replace(false) {
            return;
        }
        let mut log = LOG.lock();
        log.next += 1;
        if log.waits.len() == MOST_WAITS {
            log.waits.pop_front();
        }
        log.waits.push_back(Waited {
            place: std::mem::take(&mut self.place),
            channels: std::mem::take(&mut self.channels),
            began: self.began,
            ended: Instant::now(),
        });
    }
}

/// Whether anybody records.
pub(super) fn is_on() -> bool {
    RECORDERS.load(Ordering::Relaxed) != 0
}

/// What a thread does around its parking for a channel.
pub(super) const AROUND_PARK: AroundPark = AroundPark {
    before: |is_over| {
        let operations = coalescing::before_park();
        HAS_PARKED.set(true);
        lingering::before_park(Kind::Operation, operations >= STREAM, is_over);
    },
    after: |is_done| lingering::after_park(Kind::Operation, is_done),
};

/// `record_waits(on)`
pub(super) fn record_waits<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    args.check(&["on"])?;
    record(args.required(0, "on")?.to_object().is_true());
    Ok(Object::none(this.py()))
}

/// `waits_since(number=None)`: the next number, and `(place, operation, channels, began, ended)` of each;
/// the times in seconds ago.
pub(super) fn waits_since<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    args.check(&["number"])?;
    let number =
        args.optional(0, "number")
            .and_then(|number| match from_python(number, Mode::Message) {
                Ok(Value::Int(number)) => u64::try_from(number).ok(),
                _ => None,
            });
    let (next, waits) = since(number);
    let rows = waits.into_iter().map(|each| {
        let (began, ended) = each.ago();
        let channels = each.channels.iter().map(|(id, _)| number_of(id.get()));
        Value::Tuple(Box::new([
            Value::from(each.place.as_str()),
            Value::from(each.operation()),
            Value::Tuple(channels.collect()),
            Value::Float(began.as_secs_f64()),
            Value::Float(ended.as_secs_f64()),
        ]))
    });
    let rows = Value::List(rows.collect());
    to_python(this.py(), &Value::Tuple(Box::new([number_of(next), rows])))
}

fn number_of(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
