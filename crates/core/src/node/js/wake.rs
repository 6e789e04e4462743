//! Waking an environment's event loop from any thread: a threadsafe function that carries nothing.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

use napi::sys;
use parking_lot::Mutex;

use super::env::Env;
use super::error::Js;
use crate::node::environment::Environment;

/// Wakes one environment.
pub(in crate::node) struct Waker {
    /// `None` once the environment is going away. Node frees the function after its cleanup hooks
    /// have run, so it is called only under this lock, and taken out by the hook of ours.
    function: Mutex<Option<Function>>,
    /// The same for the environment's own thread, which need not wait for a thread that wakes it; null
    /// when there is none. Only that thread touches it.
    own: AtomicPtr<sys::napi_threadsafe_function__>,
}

struct Function(sys::napi_threadsafe_function);

// SAFETY: a threadsafe function may be called from any thread, which is what it is for.
unsafe impl Send for Function {}

impl Waker {
    /// A waker that has no environment (yet).
    pub(in crate::node) fn none() -> Self {
        Self {
            function: Mutex::new(None),
            own: AtomicPtr::default(),
        }
    }

    /// Connects it: from now on a wake-up calls [`Environment::tick`] on the environment's thread,
    /// outside of other JavaScript, microtasks after it.
    ///
    /// # Safety
    /// `environment` stays where it is until [`Waker::disconnect`], which is called before the
    /// environment's cleanup hooks end.
    pub(in crate::node) unsafe fn connect(
        &self,
        env: Env<'_>,
        environment: *const Environment,
    ) -> Js<()> {
        let name = env.string("multicore-python")?;
        let mut function = std::ptr::null_mut();
        // SAFETY: holding an `Env` permits the call; no JavaScript function and no resource are
        // wanted (null), one user (this), an unbounded queue that holds at most one entry.
        env.check(unsafe {
            let null = std::ptr::null_mut();
            sys::napi_create_threadsafe_function(
                env.raw(),
                null,
                null,
                name.raw(),
                0,
                1,
                std::ptr::null_mut(),
                None,
                environment.cast_mut().cast(),
                Some(tick),
                &mut function,
            )
        })?;
        // SAFETY: made above, on this thread.
        env.check(unsafe { sys::napi_unref_threadsafe_function(env.raw(), function) })?;
        *self.function.lock() = Some(Function(function));
        self.own.store(function, Ordering::Relaxed);
        Ok(())
    }

    /// Wakes the environment; false if it is gone.
    pub(in crate::node) fn wake(&self) -> bool {
        let function = self.function.lock();
        let Some(Function(function)) = *function else {
            return false;
        };
        // SAFETY: it is alive while it is in there, and the lock keeps it there.
        let status = unsafe {
            sys::napi_call_threadsafe_function(
                function,
                std::ptr::null_mut(),
                sys::ThreadsafeFunctionCallMode::nonblocking,
            )
        };
        status == sys::Status::napi_ok
    }

    /// Whether the environment's event loop must stay alive for this. `env` is of that environment.
    pub(in crate::node) fn keep_alive(&self, env: Env<'_>, keep: bool) {
        let function = self.own.load(Ordering::Relaxed);
        if function.is_null() {
            return;
        }
        // SAFETY: `env` is of the environment, so this is its thread, which disconnects before the function is
        // freed; that thread alone counts references, so it needs no lock.
        unsafe {
            if keep {
                sys::napi_ref_threadsafe_function(env.raw(), function);
            } else {
                sys::napi_unref_threadsafe_function(env.raw(), function);
            }
        }
    }

    /// No wake-up reaches the environment after this.
    pub(in crate::node) fn disconnect(&self) {
        self.own.store(null_mut(), Ordering::Relaxed);
        *self.function.lock() = None;
    }
}

unsafe extern "C" fn tick(
    raw: sys::napi_env,
    _callback: sys::napi_value,
    context: *mut c_void,
    _data: *mut c_void,
) {
    // Node empties the queue of an environment that ends with a null one.
    if raw.is_null() {
        return;
    }
    // SAFETY: Node calls this on the environment's thread in a handle scope, with the context that
    // `connect` gave, alive by its contract: Node stops calling once the environment cleans up.
    let (env, environment) = unsafe { (Env::from_raw(raw), &*context.cast::<Environment>()) };
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| environment.tick(env))) {
        env.throw_plain("ERR_INTERNAL", &super::trampoline::panic_message(&*panic));
        if let Some(error) = env.take_exception() {
            env.uncaught(error);
        }
    }
}
