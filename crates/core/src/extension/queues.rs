//! Queues between interpreters (PEP 734), over the channels of the core: any number of parties
//! put and get, nobody closes. An item whose interpreter was destroyed is *unbound*: what `get`
//! makes of it was decided when it was put.

use std::collections::HashMap;
use std::ffi::CStr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use pyo3::ffi as c;

use super::channel_ends::message;
use super::define::{Args, Class, make_instance, methods, state_of, value_of};
use super::parcel::{carried, delivered};
use super::process::integer;
use super::state::State;
use super::waiting::{Waiting, deadline};
use crate::channel::{
    self, Capacity, Interrupt, Options, ReceiveError, Receiver, Refusal, SendError, Sender,
};
use crate::python::{Borrowed, Builtin, Mode, Object, PyErr, PyResult, Python, to_python};
use crate::value::{Shared, Value};

/// Where the Python classes are.
const MODULE: &str = "multicore._queues";
/// A bounded channel holds memory for all its room: above this the bound is only a number that
/// `full` compares with.
const MOST_ROOM: usize = 1 << 20;

type This<'a, 'py> = Borrowed<'a, 'py>;
type Returned<'py> = PyResult<'py, Object<'py>>;

/// What becomes of an item whose interpreter was destroyed; the numbers are CPython's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unbound {
    Remove = 1,
    Error = 2,
    Replace = 3,
    /// Ours: items outlive whoever put them, as in `multiprocessing`.
    Keep = 4,
}

struct Item {
    value: Value,
    /// Raised once the interpreter that put it is closing.
    owner: Option<Arc<Interrupt>>,
    unbound: Unbound,
}

impl Item {
    fn is_unbound(&self) -> bool {
        self.owner.as_ref().is_some_and(|owner| owner.is_raised())
    }
}

/// One queue of the process.
pub(super) struct Queue {
    id: i64,
    maxsize: i64,
    unbound: Unbound,
    /// Whether it takes only what is shared, unless `put` says otherwise.
    shared_only: bool,
    sender: Sender<Item>,
    receiver: Receiver<Item>,
    /// Items that go when their interpreter goes, counted by interpreter.
    removable: Mutex<Vec<(Arc<Interrupt>, usize)>>,
}

impl Shared for Queue {
    fn kind(&self) -> &'static str {
        "Queue"
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Queue({})", self.id)
    }
}

#[derive(Default)]
struct Known {
    last: i64,
    queues: HashMap<i64, Weak<Queue>>,
}

static KNOWN: Mutex<Option<Known>> = Mutex::new(None);

impl Queue {
    fn new(maxsize: i64, unbound: Unbound, shared_only: bool) -> Arc<Self> {
        let capacity = match usize::try_from(maxsize).map(NonZeroUsize::new) {
            Ok(Some(room)) if room.get() <= MOST_ROOM => Capacity::Bounded(room),
            _ => Capacity::Unbounded,
        };
        let (sender, receiver) = channel::channel(Options {
            capacity,
            ..Options::default()
        });
        let mut known = KNOWN.lock();
        let known = known.get_or_insert_default();
        known.last += 1;
        let queue = Arc::new(Self {
            id: known.last,
            maxsize,
            unbound,
            shared_only,
            sender,
            receiver,
            removable: Mutex::default(),
        });
        known.queues.insert(queue.id, Arc::downgrade(&queue));
        queue
    }

    fn find(id: i64) -> Option<Arc<Self>> {
        KNOWN.lock().as_ref()?.queues.get(&id)?.upgrade()
    }

    fn all() -> Vec<Arc<Self>> {
        let known = KNOWN.lock();
        let mut all: Vec<_> = known
            .iter()
            .flat_map(|known| known.queues.values())
            .filter_map(Weak::upgrade)
            .collect();
        all.sort_by_key(|queue| queue.id);
        all
    }

    fn len(&self) -> usize {
        let gone = self.removable.lock();
        let gone: usize = gone
            .iter()
            .filter(|(owner, _)| owner.is_raised())
            .map(|(_, count)| count)
            .sum();
        self.receiver.len().saturating_sub(gone)
    }

    fn is_full(&self) -> bool {
        usize::try_from(self.maxsize).is_ok_and(|room| room > 0 && self.len() >= room)
    }

    /// Counts an item that goes with its interpreter, or takes it out of the count.
    fn count(&self, item: &Item, add: bool) {
        let (Unbound::Remove, Some(owner)) = (item.unbound, &item.owner) else {
            return;
        };
        let mut removable = self.removable.lock();
        let known = removable
            .iter()
            .position(|(known, _)| Arc::ptr_eq(known, owner));
        match known {
            Some(at) if add => removable[at].1 += 1,
            Some(at) if removable[at].1 > 1 => removable[at].1 -= 1,
            Some(at) => drop(removable.swap_remove(at)),
            None if add => removable.push((Arc::clone(owner), 1)),
            None => {}
        }
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        if let Some(known) = &mut *KNOWN.lock() {
            known.queues.remove(&self.id);
        }
    }
}

/// A queue as Python holds it.
pub(super) struct Handle(pub(super) Arc<Queue>);

impl Class for Handle {
    const NAME: &'static CStr = c"_multicore.QueueHandle";
    const DOC: &'static CStr = c"A queue between interpreters.";
    fn methods() -> *mut c::PyMethodDef {
        METHODS.as_ptr()
    }
}

methods!(METHODS, state_of::<Handle>, [
    c"put" => put, c"put($self, obj, block=True, timeout=None, *, unbounditems=None, syncobj=None)\n--\n\nAdd the object to the queue.\n\nWaits while the queue is full, unless block is false; raises QueueFull when\ntimeout seconds have passed. What cannot be sent as it is gets pickled.\nunbounditems says what get() makes of the object once the interpreter that\nput it was destroyed: UNBOUND, UNBOUND_ERROR, UNBOUND_REMOVE, or None for the\nqueue's own default.";
    c"put_nowait" => put_nowait, c"put_nowait($self, obj, *, unbounditems=None, syncobj=None)\n--\n\nAdd the object, or raise QueueFull.";
    c"get" => get, c"get($self, block=True, timeout=None)\n--\n\nReturn the next object.\n\nWaits while the queue is empty, unless block is false; raises QueueEmpty when\ntimeout seconds have passed.";
    c"get_nowait" => get_nowait, c"get_nowait($self)\n--\n\nReturn the next object, or raise QueueEmpty.";
    c"qsize" => qsize, c"qsize($self)\n--\n\nHow many objects are in the queue.";
    c"empty" => empty, c"empty($self)\n--\n\nWhether the queue is empty.";
    c"full" => full, c"full($self)\n--\n\nWhether the queue is full.";
    c"_id" => id, c"_id($self)\n--\n\nThe queue's number.";
    c"_maxsize" => maxsize, c"_maxsize($self)\n--\n\nHow many objects it may hold.";
    c"_unbound" => unbound, c"_unbound($self)\n--\n\nThe default for unbound items, as a number.";
]);

fn of<'a>(this: This<'a, '_>) -> &'a Arc<Queue> {
    // SAFETY: methods of a type are called on its instances alone.
    &unsafe { value_of::<Handle>(this) }.0
}

/// A queue as an object here: of the class that `multicore._queues` registered.
pub(super) fn handle<'py>(state: &State, py: Python<'py>, queue: Arc<Queue>) -> Returned<'py> {
    state.known(py, ("Queue", queue.id), || {
        let class = state.registered(py, "Queue", MODULE)?;
        // SAFETY: `process::register` accepts only a subclass of Handle under this name.
        unsafe { make_instance(state, &class, Handle(queue)) }
    })
}

/// `create_queue(maxsize, unbound)`
pub(super) fn create<'py>(
    this: This<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let maxsize = integer(args.required(0, "maxsize")?)?;
    let unbound = unbound_of(args.required(1, "unbound")?)?;
    let shared_only = args
        .optional(2, "syncobj")
        .is_some_and(|shared_only| shared_only.to_object().is_true());
    handle(state, this.py(), Queue::new(maxsize, unbound, shared_only))
}

/// `find_queue(id)`: `None` if there is none.
pub(super) fn find<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    match Queue::find(integer(args.required(0, "id")?)?) {
        Some(queue) => handle(state, this.py(), queue),
        None => Ok(Object::none(this.py())),
    }
}

/// `list_queues()`
pub(super) fn list<'py>(this: This<'_, 'py>, state: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    let list = to_python(py, &Value::List(Box::new([])))?;
    for queue in Queue::all() {
        list.call_method(c"append", [&handle(state, py, queue)?])?;
    }
    Ok(list)
}

fn unbound_of<'py>(flag: Borrowed<'_, 'py>) -> PyResult<'py, Unbound> {
    match integer(flag)? {
        1 => Ok(Unbound::Remove),
        2 => Ok(Unbound::Error),
        3 => Ok(Unbound::Replace),
        4 => Ok(Unbound::Keep),
        _ => Err(PyErr::new(
            flag.py(),
            Builtin::ValueError,
            "unsupported unbound replacement",
        )),
    }
}

fn item<'py>(this: This<'_, 'py>, state: &State, args: &Args<'_, 'py>) -> PyResult<'py, Item> {
    // CPython 3.13.0 called it `unbound`.
    let chosen = args.keyword("unbounditems").or(args.keyword("unbound"));
    let unbound = match chosen {
        Some(chosen) if !chosen.to_object().is_none() => {
            let flag = state
                .registered(this.py(), "unbound_flag", MODULE)?
                .call([&chosen.to_object()])?;
            unbound_of((&flag).into())?
        }
        _ => of(this).unbound,
    };
    let owner = state
        .interpreter()
        .filter(|_| unbound != Unbound::Keep)
        .map(|interpreter| Arc::clone(interpreter.close_interrupt()));
    let object = args.required(0, "obj")?;
    // As CPython 3.13 had it: only what is shared, nothing that would be pickled.
    let shared_only = match args.keyword("syncobj") {
        Some(asked) if !asked.to_object().is_none() => asked.to_object().is_true(),
        _ => of(this).shared_only,
    };
    Ok(Item {
        value: if shared_only {
            message(state, object)?
        } else {
            carried(state, object, Mode::Share)?
        },
        owner,
        unbound,
    })
}

fn put<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&[
        "obj",
        "block",
        "timeout",
        "unbounditems",
        "syncobj",
        "unbound",
    ])?;
    let block = args
        .named(1, "block")
        .is_none_or(|block| block.to_object().is_true());
    let deadline = deadline(args.optional(2, "timeout"))?;
    let item = item(this, state, &args)?;
    put_item(this, state, item, block, deadline)
}

fn put_nowait<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&["obj", "unbounditems", "syncobj", "unbound"])?;
    let item = item(this, state, &args)?;
    put_item(this, state, item, false, None)
}

fn put_item<'py>(
    this: This<'_, 'py>,
    state: &State,
    item: Item,
    block: bool,
    deadline: Option<std::time::Instant>,
) -> Returned<'py> {
    let (py, queue) = (this.py(), of(this));
    queue.count(&item, true);
    let refused = match queue.sender.try_send(item) {
        Ok(()) => return Ok(Object::none(py)),
        Err(refused) => refused,
    };
    let refused = if block && matches!(refused.reason, Refusal::Full) {
        let waiting = Waiting::new(state);
        let wait = waiting.until(deadline);
        match py.detach(|| queue.sender.send_blocking(refused.value, &wait)) {
            Ok(()) => return Ok(Object::none(py)),
            Err(refused) => refused,
        }
    } else {
        refused
    };
    let SendError { value, reason } = refused;
    queue.count(&value, false);
    Err(match reason {
        Refusal::Interrupted => Waiting::new(state).interrupted(py),
        _ => state.error(py, "QueueFull", MODULE, "the queue is full"),
    })
}

fn get<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&["block", "timeout"])?;
    let block = args
        .named(0, "block")
        .is_none_or(|block| block.to_object().is_true());
    let deadline = deadline(args.optional(1, "timeout"))?;
    get_item(this, state, block, deadline)
}

fn get_nowait<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&[])?;
    get_item(this, state, false, None)
}

fn get_item<'py>(
    this: This<'_, 'py>,
    state: &State,
    block: bool,
    deadline: Option<std::time::Instant>,
) -> Returned<'py> {
    let (py, queue) = (this.py(), of(this));
    loop {
        let received = match queue.receiver.try_receive() {
            Err(ReceiveError::Empty) if block => {
                let waiting = Waiting::new(state);
                py.detach(|| queue.receiver.receive_blocking(&waiting.until(deadline)))
            }
            received => received,
        };
        let item = match received {
            Ok(item) => item,
            Err(ReceiveError::Interrupted) => return Err(Waiting::new(state).interrupted(py)),
            Err(_) => return Err(state.error(py, "QueueEmpty", MODULE, "the queue is empty")),
        };
        queue.count(&item, false);
        if !item.is_unbound() {
            return delivered(state, py, &item.value);
        }
        match item.unbound {
            // `Keep` has no owner that could go.
            Unbound::Remove | Unbound::Keep => {}
            Unbound::Replace => return state.registered(py, "UNBOUND", MODULE),
            Unbound::Error => {
                let message = "item's original interpreter destroyed";
                return Err(state.error(py, "QueueItemDestroyed", MODULE, message));
            }
        }
    }
}

fn size<'py>(py: Python<'py>, size: usize) -> Returned<'py> {
    to_python(py, &Value::Int(i64::try_from(size).unwrap_or(i64::MAX)))
}

fn qsize<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    size(this.py(), of(this).len())
}

fn empty<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    to_python(this.py(), &Value::Bool(of(this).len() == 0))
}

fn full<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    to_python(this.py(), &Value::Bool(of(this).is_full()))
}

fn id<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    to_python(this.py(), &Value::Int(of(this).id))
}

fn maxsize<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    to_python(this.py(), &Value::Int(of(this).maxsize))
}

fn unbound<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    to_python(this.py(), &Value::Int(of(this).unbound as i64))
}
