//! Finding an environment again on its own thread, below JavaScript that is running: a Python
//! function that was called synchronously calls back.

use std::cell::RefCell;

use napi::sys;

use super::env::Env;
use crate::node::environment::Environment;

struct Local {
    id: u64,
    raw: sys::napi_env,
    environment: *const Environment,
}

thread_local! {
    /// The environments of this thread: one, unless the addon was loaded twice.
    static LOCAL: RefCell<Vec<Local>> = const { RefCell::new(Vec::new()) };
}

/// Makes `environment` known to [`with_local`] on this thread.
///
/// # Safety
/// `environment` stays where it is until [`leave`], which is called before its cleanup hooks end.
pub(in crate::node) unsafe fn enter(env: Env<'_>, id: u64, environment: *const Environment) {
    LOCAL.with_borrow_mut(|local| {
        local.push(Local {
            id,
            raw: env.raw(),
            environment,
        })
    });
}

/// Ends [`enter`].
pub(in crate::node) fn leave(id: u64) {
    LOCAL.with_borrow_mut(|local| local.retain(|known| known.id != id));
}

/// Whether this is the thread of environment `id`, and the environment is alive.
pub(in crate::node) fn is_local(id: u64) -> bool {
    LOCAL
        .try_with(|local| local.borrow().iter().any(|known| known.id == id))
        .unwrap_or(false)
}

/// Runs `body` in environment `id` if this is its thread.
///
/// Called by host functions and sinks, which an interpreter runs: that runs on an environment's thread only inside of
/// a synchronous call from its JavaScript, so JavaScript may be called. And by the environment's cleanup hook, whose
/// `body` (`lent.rs`) calls none.
pub(in crate::node) fn with_local<R>(
    id: u64,
    body: impl for<'a> FnOnce(&Environment, Env<'a>) -> R,
) -> Option<R> {
    let (raw, environment) = LOCAL
        .try_with(|local| {
            let local = local.borrow();
            let known = local.iter().find(|known| known.id == id)?;
            Some((known.raw, known.environment))
        })
        .ok()??;
    // SAFETY: this thread is the environment's, below a native callback of it or in its cleanup hook (see above); a
    // handle scope is opened here, which works in either; `environment` is alive until `leave`, which only the
    // environment's end calls, not what runs in `body`.
    let (env, environment) = unsafe { (Env::from_raw(raw), &*environment) };
    Some(env.scope(|env| body(environment, env)))
}
