//! Running a job on the thread that asks for it: the synchronous path.
//!
//! A thread that calls often (Node's) keeps its thread state in each interpreter that it called:
//! making one costs more than a call. CPython binds a thread state to its thread, so only that
//! thread can give it up; an interpreter that wants to end asks for it ([`ask_release`]).

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::sync::Arc;

use parking_lot::Mutex;

use super::runtime;
use crate::python::{Interp, Python, StackGuard, ThreadIdent, ThreadState, current_thread_ident};

/// Tells a thread that keeps thread states to call [`release_closing`] soon.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

struct Kept {
    interpreter: i64,
    ident: ThreadIdent,
    /// Not dropped with the thread: attaching needs the GIL, which at the exit of a process nobody
    /// may ever give up.
    thread_state: ManuallyDrop<ThreadState>,
}

#[derive(Default)]
struct Here {
    keeper: Option<u64>,
    stack: Option<StackGuard>,
    kept: Vec<Kept>,
}

thread_local! {
    static HERE: RefCell<Here> = RefCell::default();
}

static KEEPERS: Mutex<Vec<(u64, Waker)>> = Mutex::new(Vec::new());

/// Makes the calling thread keep its thread states. Ended by [`stop_keeping`].
pub fn keep_thread_states(wake: Waker) {
    let mut keepers = KEEPERS.lock();
    let id = keepers.iter().map(|(id, _)| id + 1).max().unwrap_or(0);
    keepers.push((id, wake));
    HERE.with_borrow_mut(|here| {
        here.keeper = Some(id);
        here.stack = runtime::explain_overflow();
    });
}

/// Gives up the calling thread's states in the interpreters that `is_free` says can be attached to
/// without waiting. The others are lost to the thread, and their interpreters cannot be ended.
pub fn stop_keeping(is_free: impl Fn(i64) -> bool) {
    let (keeper, kept) = HERE.with_borrow_mut(|here| {
        here.stack = None;
        (here.keeper.take(), std::mem::take(&mut here.kept))
    });
    KEEPERS.lock().retain(|(id, _)| Some(*id) != keeper);
    kept.into_iter()
        .filter(|kept| is_free(kept.interpreter))
        .for_each(release);
}

/// Gives up the calling thread's states in interpreters that `is_closing`.
pub fn release_closing(is_closing: impl Fn(i64) -> bool) {
    let closing: Vec<Kept> = HERE.with_borrow_mut(|here| {
        let (closing, kept) = here
            .kept
            .drain(..)
            .partition(|kept| is_closing(kept.interpreter));
        here.kept = kept;
        closing
    });
    closing.into_iter().for_each(release);
}

/// Asks all threads for their states in interpreters that are closing.
pub(super) fn ask_release() {
    for (_, wake) in &*KEEPERS.lock() {
        wake();
    }
}

fn release(kept: Kept) {
    drop(ManuallyDrop::into_inner(kept.thread_state));
}

/// Attaches the calling thread and runs `f`; `None` if the interpreter has ended.
pub(super) fn attached<R>(
    interp: &Arc<Interp>,
    f: impl FnOnce(Python<'_>, ThreadIdent) -> R,
) -> Option<R> {
    let id = interp.id();
    let _call = interp.begin_call()?;
    // The states are taken out while `f` runs: it may come back here for another interpreter.
    let (keeps, kept) = HERE.with_borrow_mut(|here| {
        let at = here.kept.iter().position(|kept| kept.interpreter == id);
        (
            here.keeper.is_some(),
            at.map(|at| here.kept.swap_remove(at)),
        )
    });
    let kept = match kept {
        Some(kept) => kept,
        None => {
            let thread_state = ThreadState::new(interp)?;
            let ident = thread_state.attach(current_thread_ident);
            Kept {
                interpreter: id,
                ident,
                thread_state: ManuallyDrop::new(thread_state),
            }
        }
    };
    let result = kept.thread_state.attach(|py| f(py, kept.ident));
    if keeps {
        HERE.with_borrow_mut(|here| here.kept.push(kept));
    } else {
        release(kept);
    }
    Some(result)
}
