//! Locks, events, conditions and barriers as Python sees them: one type, whose methods
//! `multicore.sync` gives the names and the manners of `threading`'s.

use std::ffi::CStr;
use std::sync::Arc;
use std::time::Instant;

use pyo3::ffi as c;

use super::define::{Args, Class, make_instance, methods, state_of, value_of};
use super::process::{integer, string};
use super::state::State;
use super::waiting::{Waiting, deadline};
use crate::channel::ReceiveError;
use crate::python::{Borrowed, Builtin, Object, PyErr, PyResult, Python, to_python};
use crate::sync::{Arrival, Barrier, Broken, Condition, Event, Kind, Lock};
use crate::value::{Shared, Value};

/// Where the classes and exceptions are defined.
const MODULE: &str = "multicore.sync";

type This<'a, 'py> = Borrowed<'a, 'py>;
type Returned<'py> = PyResult<'py, Object<'py>>;

/// A primitive as Python holds it.
#[derive(Clone)]
pub(super) enum Primitive {
    Lock(Arc<Lock>),
    Event(Arc<Event>),
    Condition(Arc<Condition>),
    Barrier(Arc<Barrier>),
}

impl Class for Primitive {
    const NAME: &'static CStr = c"_multicore.Primitive";
    const DOC: &'static CStr = c"Something that parties wait for, of the whole process.";
    fn methods() -> *mut c::PyMethodDef {
        METHODS.as_ptr()
    }
}

methods!(METHODS, state_of::<Primitive>, [
    c"_id" => id, c"_id($self)\n--\n\nA number that no other primitive has.";
    c"_broken" => broken, c"_broken($self)\n--\n\nWhy it is broken, or None.";
    c"_acquire" => acquire, c"_acquire($self, timeout=None)\n--\n\nTake a permit; 0 does not wait. Says whether it was taken.";
    c"_release" => release, c"_release($self)\n--\n\nGive a permit back; False if this interpreter holds none.";
    c"_held" => held, c"_held($self)\n--\n\nWhether this interpreter holds a permit.";
    c"_add" => add, c"_add($self, n)\n--\n\nAdd permits.";
    c"_count" => count, c"_count($self)\n--\n\nPermits that nobody holds; parties that wait.";
    c"_set" => set, c"_set($self)\n--\n\nSet the event.";
    c"_clear" => clear, c"_clear($self)\n--\n\nClear the event, or make the barrier as new.";
    c"_is_set" => is_set, c"_is_set($self)\n--\n\nWhether the event is set.";
    c"_wait" => wait, c"_wait($self, timeout=None)\n--\n\nWait for the event, the notification, the other parties.";
    c"_notify" => notify, c"_notify($self, n)\n--\n\nWake up to n who wait.";
    c"_lock" => lock_of, c"_lock($self)\n--\n\nThe condition's lock.";
    c"_abort" => abort, c"_abort($self, reason)\n--\n\nBreak it.";
    c"_parties" => parties, c"_parties($self)\n--\n\nHow many parties the barrier is for.";
]);

impl Primitive {
    /// The primitive behind a shared thing.
    pub(super) fn from_shared(shared: &Arc<dyn Shared>) -> Option<Self> {
        let any = || Arc::clone(shared) as Arc<dyn std::any::Any + Send + Sync>;
        let lock = any().downcast().map(Self::Lock);
        lock.or_else(|any| any.downcast().map(Self::Event))
            .or_else(|any| any.downcast().map(Self::Condition))
            .or_else(|any| any.downcast().map(Self::Barrier))
            .ok()
    }

    pub(super) fn to_shared(&self) -> Arc<dyn Shared> {
        match self {
            Self::Lock(lock) => Arc::clone(lock) as _,
            Self::Event(event) => Arc::clone(event) as _,
            Self::Condition(condition) => Arc::clone(condition) as _,
            Self::Barrier(barrier) => Arc::clone(barrier) as _,
        }
    }

    fn class_name(&self) -> &'static str {
        match self {
            Self::Lock(lock) => match lock.kind_of() {
                Kind::Lock => "Lock",
                Kind::Reentrant => "RLock",
                Kind::Semaphore => "Semaphore",
            },
            Self::Event(_) => "Event",
            Self::Condition(_) => "Condition",
            Self::Barrier(_) => "Barrier",
        }
    }

    fn id(&self) -> u64 {
        match self {
            Self::Lock(lock) => lock.id(),
            Self::Event(event) => event.id(),
            Self::Condition(condition) => condition.id(),
            Self::Barrier(barrier) => barrier.id(),
        }
    }
}

/// The object that stands for a primitive in this interpreter.
pub(super) fn object<'py>(state: &State, py: Python<'py>, primitive: Primitive) -> Returned<'py> {
    let class = state.registered(py, primitive.class_name(), MODULE)?;
    let ours = state.class::<Primitive>(py)?;
    // SAFETY: two living objects of this interpreter; a type is checked to be one before it is
    // asked for its bases. The class is a subclass of ours then.
    unsafe {
        if c::PyType_Check(class.as_ptr()) == 0
            || c::PyType_IsSubtype(class.as_ptr().cast(), ours.as_ptr().cast()) == 0
        {
            let message = "multicore.sync registered a class that is none of its own";
            return Err(PyErr::new(py, Builtin::TypeError, message));
        }
        make_instance(state, &class, primitive)
    }
}

/// `create_primitive(kind, n)`; for a condition `n` is its lock.
pub(super) fn create<'py>(
    this: This<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    args.check(&["kind", "n"])?;
    let kind = string(args.required(0, "kind")?)?;
    let second = args.required(1, "n")?;
    let number = || {
        usize::try_from(integer(second)?)
            .map_err(|_| PyErr::new(py, Builtin::ValueError, "the number must not be negative"))
    };
    let primitive = match kind.as_str() {
        "lock" => Primitive::Lock(Lock::new(Kind::Lock, 1)),
        "rlock" => Primitive::Lock(Lock::new(Kind::Reentrant, 1)),
        "semaphore" => Primitive::Lock(Lock::new(Kind::Semaphore, number()?)),
        "event" => Primitive::Event(Event::new()),
        "barrier" => Primitive::Barrier(Barrier::new(number()?.max(1))),
        "condition" if state.is_instance::<Primitive>(second) => match of(second) {
            Primitive::Lock(lock) if lock.kind_of() != Kind::Semaphore => {
                Primitive::Condition(Condition::new(Arc::clone(lock)))
            }
            _ => return Err(wrong(py)),
        },
        _ => return Err(wrong(py)),
    };
    object(state, py, primitive)
}

fn of<'a>(this: This<'a, '_>) -> &'a Primitive {
    // SAFETY: methods of this type are called on its instances alone; elsewhere it was checked.
    unsafe { value_of::<Primitive>(this) }
}

#[cold]
fn wrong<'py>(py: Python<'py>) -> PyErr<'py> {
    PyErr::new(
        py,
        Builtin::TypeError,
        "this primitive has no such operation",
    )
}

fn lock<'a, 'py>(this: This<'a, 'py>) -> PyResult<'py, &'a Arc<Lock>> {
    match of(this) {
        Primitive::Lock(lock) => Ok(lock),
        Primitive::Condition(condition) => Ok(condition.lock()),
        _ => Err(wrong(this.py())),
    }
}

fn broken_error<'py>(
    state: &State,
    py: Python<'py>,
    primitive: &Primitive,
    reason: &str,
) -> PyErr<'py> {
    let class = match primitive {
        Primitive::Barrier(_) => "BrokenBarrierError",
        _ => "BrokenLockError",
    };
    state.error(py, class, MODULE, reason)
}

fn id<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    to_python(this.py(), &Value::Int(of(this).id() as i64))
}

fn broken<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let broken = match of(this) {
        Primitive::Barrier(barrier) => barrier.broken(),
        Primitive::Event(_) => None,
        Primitive::Lock(_) | Primitive::Condition(_) => lock(this)?.broken(),
    };
    to_python(
        this.py(),
        &broken.map_or(Value::None, |Broken(reason)| Value::from(&*reason)),
    )
}

fn acquire<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    args.check(&["timeout"])?;
    let lock = lock(this)?;
    let taken = lock.try_acquire();
    let permit = match taken {
        Ok(Some(permit)) => permit,
        Err(Broken(reason)) => return Err(broken_error(state, py, of(this), &reason)),
        Ok(None) => {
            let deadline = deadline(args.optional(0, "timeout"))?;
            let waiting = Waiting::new(state);
            match py.detach(|| lock.acquire_blocking(&waiting.until(deadline))) {
                Ok(permit) => permit,
                Err(ReceiveError::Poisoned(reason)) => {
                    return Err(broken_error(state, py, of(this), &reason));
                }
                Err(ReceiveError::Interrupted) => return Err(waiting.interrupted(py)),
                Err(_) => return to_python(py, &Value::Bool(false)),
            }
        }
    };
    state.hold(lock.id(), permit);
    to_python(py, &Value::Bool(true))
}

fn release<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&[])?;
    let permit = state.let_go(lock(this)?.id());
    to_python(
        this.py(),
        &Value::Bool(permit.is_some_and(|permit| permit.release())),
    )
}

fn held<'py>(this: This<'_, 'py>, state: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let held = state.holds(lock(this)?.id());
    to_python(this.py(), &Value::Bool(held))
}

fn add<'py>(this: This<'_, 'py>, _: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let number = integer(args.required(0, "n")?)?;
    let Primitive::Lock(lock) = of(this) else {
        return Err(wrong(this.py()));
    };
    if lock.kind_of() != Kind::Semaphore {
        return Err(wrong(this.py()));
    }
    lock.add(usize::try_from(number).unwrap_or(0));
    Ok(Object::none(this.py()))
}

fn count<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let count = match of(this) {
        Primitive::Lock(lock) => lock.available(),
        Primitive::Condition(condition) => condition.waiting(),
        Primitive::Barrier(barrier) => barrier.waiting(),
        Primitive::Event(_) => return Err(wrong(this.py())),
    };
    to_python(this.py(), &Value::Int(count as i64))
}

fn set<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let Primitive::Event(event) = of(this) else {
        return Err(wrong(this.py()));
    };
    event.set();
    Ok(Object::none(this.py()))
}

fn clear<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    match of(this) {
        Primitive::Event(event) => event.clear(),
        Primitive::Barrier(barrier) => barrier.reset(),
        _ => return Err(wrong(this.py())),
    }
    Ok(Object::none(this.py()))
}

fn is_set<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let Primitive::Event(event) = of(this) else {
        return Err(wrong(this.py()));
    };
    to_python(this.py(), &Value::Bool(event.is_set()))
}

fn wait<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    args.check(&["timeout"])?;
    let deadline = deadline(args.optional(0, "timeout"))?;
    match of(this) {
        Primitive::Lock(_) => Err(wrong(py)),
        Primitive::Event(event) => {
            let (waiting, receiver) = (Waiting::new(state), event.until_set());
            let ended = py.detach(|| receiver.receive_blocking(&waiting.until(deadline)));
            match ended {
                Err(ReceiveError::Interrupted) => Err(waiting.interrupted(py)),
                ended => to_python(py, &Value::Bool(matches!(ended, Err(ReceiveError::Closed)))),
            }
        }
        Primitive::Condition(condition) => wait_for(state, py, condition, deadline),
        Primitive::Barrier(barrier) => {
            let broken = |reason: &str| broken_error(state, py, of(this), reason);
            let index = match barrier.arrive() {
                Err(Broken(reason)) => return Err(broken(&reason)),
                Ok(Arrival::Last(index)) => index,
                Ok(Arrival::Waits(place)) => {
                    let waiting = Waiting::new(state);
                    let receiver = place.until_all();
                    match py.detach(|| receiver.receive_blocking(&waiting.until(deadline))) {
                        Err(ReceiveError::Interrupted) => return Err(waiting.interrupted(py)),
                        Err(ReceiveError::Poisoned(reason)) => return Err(broken(&reason)),
                        Err(ReceiveError::TimedOut) => return Err(broken("it waited too long")),
                        _ => place.index,
                    }
                }
            };
            to_python(py, &Value::Int(index as i64))
        }
    }
}

/// Waits for a notification outside of the lock, and comes back inside.
fn wait_for<'py>(
    state: &State,
    py: Python<'py>,
    condition: &Arc<Condition>,
    deadline: Option<Instant>,
) -> Returned<'py> {
    let lock = condition.lock();
    let Some(permit) = state.let_go(lock.id()) else {
        let message = "cannot wait on un-acquired lock";
        return Err(PyErr::new(py, Builtin::RuntimeError, message));
    };
    let (waiting, receiver) = (Waiting::new(state), condition.enqueue());
    permit.release();
    let received = py.detach(|| receiver.receive_blocking(&waiting.until(deadline)));
    // A last look: the notification may have come as the wait was given up.
    let notified = received.is_ok() || receiver.try_receive().is_ok();
    let back = py.detach(|| lock.acquire_blocking(&waiting.until(None)));
    match (back, received) {
        (Ok(permit), received) => {
            state.hold(lock.id(), permit);
            match received {
                Err(ReceiveError::Interrupted) if !notified => Err(waiting.interrupted(py)),
                _ => to_python(py, &Value::Bool(notified)),
            }
        }
        (Err(ReceiveError::Poisoned(reason)), _) => {
            Err(state.error(py, "BrokenLockError", MODULE, &reason))
        }
        (Err(_), _) => Err(waiting.interrupted(py)),
    }
}

fn notify<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    let number = integer(args.required(0, "n")?)?;
    let Primitive::Condition(condition) = of(this) else {
        return Err(wrong(py));
    };
    if !state.holds(condition.lock().id()) {
        let message = "cannot notify on un-acquired lock";
        return Err(PyErr::new(py, Builtin::RuntimeError, message));
    }
    let notified = condition.notify(usize::try_from(number).unwrap_or(0));
    to_python(py, &Value::Int(notified as i64))
}

fn lock_of<'py>(this: This<'_, 'py>, state: &State, _: Args<'_, 'py>) -> Returned<'py> {
    object(state, this.py(), Primitive::Lock(Arc::clone(lock(this)?)))
}

fn abort<'py>(this: This<'_, 'py>, _: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let reason = string(args.required(0, "reason")?)?;
    match of(this) {
        Primitive::Barrier(barrier) => barrier.abort(reason.into()),
        _ => return Err(wrong(this.py())),
    }
    Ok(Object::none(this.py()))
}

fn parties<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let Primitive::Barrier(barrier) = of(this) else {
        return Err(wrong(this.py()));
    };
    to_python(this.py(), &Value::Int(barrier.parties() as i64))
}
