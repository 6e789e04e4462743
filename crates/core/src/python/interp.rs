//! An interpreter as the safe layer knows it: identity, who is inside, what hangs on it.
//!
//! Not here: how one is created and ended (`lifecycle.rs`), or what runs in it (`interpreter/`).

use std::any::Any;
use std::ffi::c_long;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use crossbeam_queue::SegQueue;
use parking_lot::Mutex;
use pyo3::ffi as c;

use super::attach::Python;

/// One CPython interpreter of this process.
#[derive(Debug)]
pub struct Interp {
    this: Weak<Self>,
    id: i64,
    own_gil: bool,
    gate: Mutex<Gate>,
    /// Strong references that were dropped by threads that were not attached.
    to_release: SegQueue<Released>,
    /// Threads that run code in it, by CPython's identity, with their thread states as numbers.
    running: Mutex<Vec<(c_long, usize)>>,
    has_releases: AtomicBool,
    /// Who would wait for ever if a thread of this interpreter stopped with its GIL.
    calls: Calls,
    /// What the layers above keep for this interpreter, each set once: `interpreter/`'s and
    /// `extension/`'s.
    states: [OnceLock<Box<dyn Any + Send + Sync>>; 2],
}

#[derive(Debug)]
struct Gate {
    /// `None` once the interpreter is ending.
    raw: Option<NonNull<c::PyInterpreterState>>,
    /// Thread states of ours that exist.
    inside: usize,
    /// Pieces of memory of its objects that are in use outside of it.
    lent: usize,
}

/// Calls by threads that must not wait for ever (Node's), and whether the GIL is gone for good.
///
/// Who calls counts itself first and looks whether the GIL is lost then; who is about to stop with the
/// GIL says so first and counts then. So one of them sees the other.
#[derive(Debug, Default)]
pub(super) struct Calls {
    under_way: AtomicUsize,
    gil_is_lost: AtomicBool,
}

impl Calls {
    /// For a signal handler: whether the calling thread may stop for ever, with the GIL. From
    /// then on nobody begins a call.
    #[cfg(unix)]
    pub(super) fn lose_gil(&self) -> bool {
        self.gil_is_lost.store(true, Ordering::SeqCst);
        self.under_way.load(Ordering::SeqCst) == 0
    }
}

/// A call that is under way: [`Interp::begin_call`].
#[derive(Debug)]
pub struct Call<'a>(&'a Calls);

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Debug)]
struct Released(NonNull<c::PyObject>);

// SAFETY: the pointer is only a number until `release_pending` hands it to Py_DecRef on a thread
// that is attached to the interpreter that it belongs to.
unsafe impl Send for Released {}
// SAFETY: the raw pointer is an identity; it is passed to CPython only inside `enter`, under the
// lock and while the interpreter is alive.
unsafe impl Send for Gate {}

/// All interpreters that code of ours has met, by CPython's id.
static REGISTRY: Mutex<Vec<(i64, Weak<Interp>)>> = Mutex::new(Vec::new());

impl Interp {
    /// Makes an interpreter known.
    ///
    /// # Safety
    /// `raw` is alive and nobody ends it but through `lifecycle::end`, after [`Self::shut`]
    /// (`adopt` says what holds for foreign ones).
    pub(super) unsafe fn register(
        raw: NonNull<c::PyInterpreterState>,
        own_gil: bool,
        inside: usize,
    ) -> Arc<Self> {
        // SAFETY: alive, as the caller promises; the id never changes.
        let id = unsafe { c::PyInterpreterState_GetID(raw.as_ptr()) };
        let interp = Arc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            id,
            own_gil,
            gate: Mutex::new(Gate {
                raw: Some(raw),
                inside,
                lent: 0,
            }),
            to_release: SegQueue::new(),
            running: Mutex::default(),
            has_releases: AtomicBool::new(false),
            calls: Calls::default(),
            states: [OnceLock::new(), OnceLock::new()],
        });
        let mut registry = REGISTRY.lock();
        registry.retain(|(_, known)| known.strong_count() > 0);
        registry.push((id, Arc::downgrade(&interp)));
        interp
    }

    /// One that there is not, for tests of what needs no CPython.
    #[cfg(test)]
    pub(super) fn for_tests(id: i64) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            id,
            own_gil: true,
            gate: Mutex::new(Gate {
                raw: None,
                inside: 0,
                lent: 0,
            }),
            to_release: SegQueue::new(),
            running: Mutex::default(),
            has_releases: AtomicBool::new(false),
            calls: Calls::default(),
            states: [OnceLock::new(), OnceLock::new()],
        })
    }

    /// The interpreter that the calling thread is attached to, `None` if it is none of ours
    /// (user code made it with the standard library's `_interpreters`).
    ///
    /// # Safety
    /// The calling thread is attached to some interpreter.
    pub(crate) unsafe fn current() -> Option<Arc<Self>> {
        // SAFETY: attached, as the caller promises.
        let id = unsafe { c::PyInterpreterState_GetID(c::PyInterpreterState_Get()) };
        REGISTRY
            .lock()
            .iter()
            .find(|(known, _)| *known == id)
            .and_then(|(_, interp)| interp.upgrade())
    }

    /// Begins a call on a thread that must not wait for ever; `None` if the GIL is lost.
    pub fn begin_call(&self) -> Option<Call<'_>> {
        self.calls.under_way.fetch_add(1, Ordering::SeqCst);
        let call = Call(&self.calls);
        (!self.calls.gil_is_lost.load(Ordering::SeqCst)).then_some(call)
    }

    /// For the handler of overflows, of which Windows has none.
    #[cfg(unix)]
    pub(super) fn calls(&self) -> &Calls {
        &self.calls
    }

    /// Notes the thread state of a thread that runs code here; to be forgotten before it is deleted.
    pub(super) fn note(&self, ident: c_long, state: NonNull<c::PyThreadState>) {
        let mut running = self.running.lock();
        running.retain(|(known, _)| *known != ident);
        running.push((ident, state.as_ptr() as usize));
    }

    /// The thread state is about to be deleted.
    pub(super) fn forget(&self, state: NonNull<c::PyThreadState>) {
        let address = state.as_ptr() as usize;
        self.running.lock().retain(|(_, known)| *known != address);
    }

    /// Calls `f` with the thread state of a thread that was noted; it is not deleted meanwhile.
    pub(super) fn with_noted<R>(
        &self,
        ident: c_long,
        f: impl FnOnce(NonNull<c::PyThreadState>) -> R,
    ) -> Option<R> {
        let running = self.running.lock();
        let (_, state) = running.iter().find(|(known, _)| *known == ident)?;
        NonNull::new(*state as *mut c::PyThreadState).map(f)
    }

    /// CPython's id: unique, never used again in this process.
    pub fn id(&self) -> i64 {
        self.id
    }

    pub(super) fn weak(&self) -> Weak<Self> {
        Weak::clone(&self.this)
    }

    /// Whether it has a GIL of its own.
    pub fn has_own_gil(&self) -> bool {
        self.own_gil
    }

    /// Runs `f` with the raw interpreter and counts one more thread state of ours inside; `None`
    /// if it has ended or is ending.
    pub(super) fn enter<R>(
        &self,
        f: impl FnOnce(NonNull<c::PyInterpreterState>) -> R,
    ) -> Option<R> {
        let mut gate = self.gate.lock();
        let raw = gate.raw?;
        gate.inside += 1;
        Some(f(raw))
    }

    /// Undoes one [`Self::enter`].
    pub(super) fn leave(&self) {
        self.gate.lock().inside -= 1;
    }

    /// How many thread states of ours are inside.
    pub(super) fn inside(&self) -> usize {
        self.gate.lock().inside
    }

    /// Counts one more piece of its memory that is in use outside; false if it is ending.
    pub(super) fn lend(&self) -> bool {
        let mut gate = self.gate.lock();
        let lives = gate.raw.is_some();
        gate.lent += usize::from(lives);
        lives
    }

    /// Undoes one [`Self::lend`]. What kept the memory in place has been given back before.
    pub(super) fn return_lent(&self) {
        self.gate.lock().lent -= 1;
    }

    /// How many pieces of its memory are in use outside.
    pub(super) fn lent(&self) -> usize {
        self.gate.lock().lent
    }

    /// Lets nobody in any more, if `at_most` thread states of ours are inside and none of its
    /// memory is in use outside.
    pub(super) fn shut(&self, at_most: usize) -> bool {
        let mut gate = self.gate.lock();
        let free = gate.inside <= at_most && gate.lent == 0;
        if free {
            gate.raw = None;
        }
        free
    }

    /// Opens again after [`Self::shut`]: the interpreter could not be ended.
    pub(super) fn reopen(&self, raw: NonNull<c::PyInterpreterState>) {
        self.gate.lock().raw = Some(raw);
    }

    /// Gives a strong reference back from a thread that is not attached.
    pub(super) fn release_later(&self, object: NonNull<c::PyObject>) {
        self.to_release.push(Released(object));
        self.has_releases.store(true, Ordering::Release);
    }

    /// Drops what was given back meanwhile. The calling thread is attached to this interpreter.
    pub(super) fn release_pending(&self) {
        if self.has_releases.load(Ordering::Relaxed) {
            self.has_releases.store(false, Ordering::Relaxed);
            while let Some(Released(object)) = self.to_release.pop() {
                // SAFETY: a strong reference of this interpreter, which the caller is attached to
                // (`Python`, `ThreadState::attach` and `lifecycle::end` call this).
                unsafe { c::Py_DecRef(object.as_ptr()) }
            }
        }
    }

    /// Hangs a layer's own state on this interpreter: one of each type, two in all.
    pub fn set_state<T: Any + Send + Sync>(&self, state: T) {
        if self.state::<T>().is_none() {
            let mut state: Box<dyn Any + Send + Sync> = Box::new(state);
            for slot in &self.states {
                match slot.set(state) {
                    Ok(()) => return,
                    Err(back) => state = back,
                }
            }
        }
    }

    /// The state of this type that was hung here.
    pub fn state<T: Any>(&self) -> Option<&T> {
        self.states
            .iter()
            .find_map(|slot| slot.get()?.downcast_ref())
    }
}

/// Something that belongs to one interpreter and is touched only by threads attached to it.
///
/// The GIL is the lock: access needs the token, the token's interpreter is checked, and a second
/// access while one is under way (Python code that ran inside switched threads) is `None`.
pub struct GilCell<T> {
    interp: i64,
    busy: std::cell::Cell<bool>,
    value: std::cell::UnsafeCell<T>,
}

// SAFETY: `with` lets only threads through that are attached to `interp`, one at a time: they
// hold its GIL when they test and set `busy`. `T: Send` because these are different threads.
unsafe impl<T: Send> Sync for GilCell<T> {}
// SAFETY: moving the cell moves the T.
unsafe impl<T: Send> Send for GilCell<T> {}

impl<T> GilCell<T> {
    /// A cell of the interpreter that `py` is attached to.
    pub fn new(py: Python<'_>, value: T) -> Self {
        Self {
            interp: py.interp().id(),
            busy: std::cell::Cell::new(false),
            value: std::cell::UnsafeCell::new(value),
        }
    }

    /// Access. `None` if `py` is of another interpreter, or an access is under way.
    pub fn with<R>(&self, py: Python<'_>, f: impl FnOnce(&mut T) -> R) -> Option<R> {
        /// Ends the access also when `f` panics.
        struct Done<'a>(&'a std::cell::Cell<bool>);
        impl Drop for Done<'_> {
            fn drop(&mut self) {
                self.0.set(false);
            }
        }
        if py.interp().id() != self.interp || self.busy.replace(true) {
            return None;
        }
        let _done = Done(&self.busy);
        // SAFETY:
        // - the thread holds the GIL of `self.interp` (the token and the check above);
        // - `busy` was false and is true now, so no other reference to the value exists.
        Some(f(unsafe { &mut *self.value.get() }))
    }
}

impl<T> std::fmt::Debug for GilCell<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GilCell(interpreter {})", self.interp)
    }
}
