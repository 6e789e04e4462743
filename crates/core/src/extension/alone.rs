//! `call_alone`: functions of the C library that answer in one static place for the whole process.
//!
//! What lives here: the lock around calls of them, whichever interpreter calls. CPython relies on the GIL for it, which
//! interpreters with one each do not share: `getservbyname` gave another interpreter's port. What must not: which
//! functions these are (`multicore._amend`).

use parking_lot::ReentrantMutex;

use super::define::Args;
use super::state::State;
use crate::python::{Borrowed, Object, PyResult, call_vector};

/// Taken again by the same thread where an audit hook calls one of these functions, too.
static ALONE: ReentrantMutex<()> = ReentrantMutex::new(());

/// `call_alone(function, *args)`: its result, while no other thread of the process is in here.
pub(super) fn call_alone<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let function = args.required(0, "function")?.to_object();
    let given: Vec<_> = (1..args.len())
        .filter_map(|index| Some(args.at(index)?.to_object()))
        .collect();
    // The holder takes its GIL back in the middle of the call, so nobody may wait for the lock with one.
    let _alone = ALONE
        .try_lock()
        .unwrap_or_else(|| this.py().detach(|| ALONE.lock()));
    call_vector(&function, &given, None)
}
