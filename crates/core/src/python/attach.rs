//! Being attached to an interpreter: thread states, the token that proves it, letting go of the
//! GIL for a while. Not here: what an interpreter is (`interp.rs`) or objects (`object.rs`).
//!
//! The rule that this file enforces with types: a Python object may be touched only by a thread
//! that is attached to the interpreter that made it. [`Python<'py>`] is the proof. Its lifetime is
//! a *brand*: every [`ThreadState::attach`] makes a fresh, invariant one, so an object of one
//! interpreter does not type-check where an object of another is wanted, and none outlives the
//! attachment. (Generative lifetimes as in "GhostCell", Yanovski et al., ICFP 2021.)

use std::marker::PhantomData;
use std::ptr::NonNull;
use std::sync::Arc;

use pyo3::ffi as c;

use super::ffi;
use super::interp::Interp;
use super::stack;

/// Proof that this thread is attached to an interpreter and holds its GIL.
#[derive(Clone, Copy)]
pub struct Python<'py> {
    interp: &'py Interp,
    /// Invariant in `'py`, and neither `Send` nor `Sync`.
    _brand: PhantomData<*mut &'py ()>,
}

impl<'py> Python<'py> {
    /// The interpreter that this thread is attached to.
    pub fn interp(self) -> &'py Interp {
        self.interp
    }

    /// Assumes an attachment that somebody else made: CPython, calling into this module.
    ///
    /// # Safety
    /// - The calling thread is attached to `interp` and stays so for `'py`, but for [`Self::detach`].
    /// - `'py` is chosen fresh by the caller (a `for<'py>` closure, or the body of one C function
    ///   whose objects do not leave it).
    pub unsafe fn assume_attached(interp: &'py Interp) -> Self {
        Self {
            interp,
            _brand: PhantomData,
        }
    }

    /// Lets go of the GIL while `f` runs. `f` must be `Send`, so it cannot capture Python objects
    /// or the token.
    pub fn detach<R, F: FnOnce() -> R + Send>(self, f: F) -> R {
        /// Takes the GIL back also when `f` panics.
        struct Restore(*mut c::PyThreadState);
        impl Drop for Restore {
            fn drop(&mut self) {
                // SAFETY: this is what PyEval_SaveThread returned on this thread, and nothing in
                // between left another thread state attached (`ThreadState::attach` is balanced).
                unsafe { c::PyEval_RestoreThread(self.0) }
            }
        }
        // SAFETY: `self` proves that a thread state is attached.
        let restore = Restore(unsafe { c::PyEval_SaveThread() });
        let result = f();
        drop(restore);
        result
    }
}

impl Python<'_> {
    /// Drops the objects of this interpreter that others have let go of meanwhile, as attaching does.
    pub fn release_pending(self) {
        self.interp.release_pending();
    }
}

impl std::fmt::Debug for Python<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Python(interpreter {})", self.interp.id())
    }
}

/// A thread state of one interpreter on the thread that made it: the right to attach there.
///
/// Not `Send`: CPython binds a thread state to the thread that created it.
#[derive(Debug)]
pub struct ThreadState {
    raw: NonNull<c::PyThreadState>,
    interp: Arc<Interp>,
    _thread_bound: PhantomData<*mut ()>,
}

impl ThreadState {
    /// A new thread state for the calling thread; `None` if the interpreter has ended or is ending.
    ///
    /// It keeps the interpreter from ending until it is dropped: [`Interp::enter`].
    pub fn new(interp: &Arc<Interp>) -> Option<Self> {
        let raw = interp.enter(|raw| {
            // SAFETY: `enter` guarantees that the interpreter is alive. PyThreadState_New needs no
            // attached thread state; it binds the new one to this thread.
            unsafe { c::PyThreadState_New(raw.as_ptr()) }
        })?;
        match NonNull::new(raw) {
            Some(raw) => {
                // SAFETY: made for this thread just now.
                unsafe { stack::limit_recursion(raw) };
                Some(Self {
                    raw,
                    interp: Arc::clone(interp),
                    _thread_bound: PhantomData,
                })
            }
            None => {
                interp.leave();
                None
            }
        }
    }

    /// Takes over a thread state that CPython made for this thread.
    ///
    /// # Safety
    /// `raw` is a detached thread state of `interp`, bound to the calling thread, owned by nobody
    /// else; `interp` has been entered for it.
    pub(super) unsafe fn from_raw(raw: NonNull<c::PyThreadState>, interp: Arc<Interp>) -> Self {
        Self {
            raw,
            interp,
            _thread_bound: PhantomData,
        }
    }

    /// Gives the raw thread state up, without clearing it: for `Py_EndInterpreter`.
    pub(super) fn into_raw(self) -> NonNull<c::PyThreadState> {
        let this = std::mem::ManuallyDrop::new(self);
        this.interp.forget(this.raw);
        // SAFETY: `this` is never dropped, so the Arc is read out exactly once.
        drop(unsafe { std::ptr::read(&this.interp) });
        this.raw
    }

    /// The interpreter that it belongs to.
    pub fn interp(&self) -> &Arc<Interp> {
        &self.interp
    }

    /// Attaches (waits for the GIL), runs `f`, detaches. A thread that is attached to an
    /// interpreter already lets go of that one meanwhile.
    pub fn attach<R>(&self, f: impl for<'py> FnOnce(Python<'py>) -> R) -> R {
        /// Detaches, and attaches to what was left, also when `f` panics.
        struct Release(*mut c::PyThreadState);
        impl Drop for Release {
            fn drop(&mut self) {
                // SAFETY: attached by `attach` below, and every `detach` inside was undone; what
                // was attached before is a thread state of this thread.
                unsafe {
                    c::PyEval_SaveThread();
                    if !self.0.is_null() {
                        c::PyEval_RestoreThread(self.0);
                    }
                }
            }
        }
        let before = leave_current();
        // SAFETY: the thread state was made for this thread (the type is not Send), its
        // interpreter cannot end while it exists, and Python is never finalised.
        unsafe { c::PyEval_RestoreThread(self.raw.as_ptr()) };
        let release = Release(before);
        self.interp.release_pending();
        // SAFETY: attached just now, until `release` is dropped; `f` is generic over the brand.
        let result = f(unsafe { Python::assume_attached(&self.interp) });
        drop(release);
        result
    }
}

impl Drop for ThreadState {
    fn drop(&mut self) {
        self.interp.forget(self.raw);
        let before = leave_current();
        // SAFETY: made for this thread, not attached now. Clearing needs the GIL of its
        // interpreter (it drops objects), so attach; afterwards it is detached and deleted.
        unsafe {
            c::PyEval_RestoreThread(self.raw.as_ptr());
            c::PyThreadState_Clear(self.raw.as_ptr());
            c::PyEval_SaveThread();
            c::PyThreadState_Delete(self.raw.as_ptr());
            if !before.is_null() {
                c::PyEval_RestoreThread(before);
            }
        }
        self.interp.leave();
    }
}

/// Detaches the calling thread from whatever it is attached to; null if it is to nothing.
fn leave_current() -> *mut c::PyThreadState {
    // SAFETY: the first only reads the calling thread's state; the second needs an attached one.
    unsafe {
        if ffi::PyThreadState_GetUnchecked().is_null() {
            std::ptr::null_mut()
        } else {
            c::PyEval_SaveThread()
        }
    }
}
