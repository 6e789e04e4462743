//! Node loads the addon: one [`Environment`] for each JavaScript environment that does.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use napi::bindgen_prelude::{JsValue as _, Object};
use napi::sys;

use super::environment::Environment;
use super::failure::Failed;
use super::js::{self, Env, Js, Thrown, Val};
use super::{functions, pin};

/// What napi-rs calls in each environment.
#[napi_derive::napi(module_exports)]
pub(crate) fn register(exports: Object<'_>, env: napi::Env) -> napi::Result<()> {
    // SAFETY: napi-rs calls this on the environment's thread, in the handle scope of the loading.
    let (env, exports) = unsafe {
        let env = Env::from_raw(env.raw());
        (env, env.val(exports.raw()))
    };
    match catch_unwind(AssertUnwindSafe(|| set_up(env, exports))) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Thrown::Pending)) => Err(napi::Error::new(napi::Status::PendingException, "")),
        Ok(Err(Thrown::Failed(failed))) => Err(napi::Error::from_reason(format!("{failed:?}"))),
        Err(_) => Err(napi::Error::from_reason(
            "the addon panicked while it was loaded",
        )),
    }
}

fn set_up(env: Env<'_>, exports: Val<'_>) -> Js<()> {
    pin::pin();
    let environment = Box::new(Environment::new(env)?);
    let id = environment.mailbox.id;
    let place: *const Environment = Box::into_raw(environment);
    // SAFETY:
    // - the box is given to Node as instance data, whose finaliser is the last that Node runs of an
    //   addon, after all cleanup hooks, when no JavaScript can run any more: until then it stays
    //   where it is;
    // - cleanup hooks run last in, first out. Ours is added after the threadsafe function of
    //   `connect` was made (whose own hook closes it), so it disconnects while that is alive.
    unsafe {
        own(env, place)?;
        let mailbox = &(&*place).mailbox;
        mailbox.waker.connect(env, place)?;
        let status =
            sys::napi_add_env_cleanup_hook(env.raw(), Some(clean_up), place.cast_mut().cast());
        if status != sys::Status::napi_ok {
            return Err(Failed::Internal("Node-API takes no cleanup hook".into()).into());
        }
        js::enter(env, id, place);
        functions::export(env, place, exports)
    }
}

/// Gives the environment to Node.
///
/// # Safety
/// `place` is of a box that nobody else frees.
unsafe fn own(env: Env<'_>, place: *const Environment) -> Js<()> {
    unsafe extern "C" fn free(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
        // SAFETY: the box that `own` gave away; Node calls this once, on the environment's thread, while the
        // environment is still there for what its references need (`Ref`).
        drop(unsafe { Box::from_raw(data.cast::<Environment>()) });
    }
    // SAFETY: holding an `Env` permits the call; the box is the caller's to give away.
    let status = unsafe {
        let data = place.cast_mut().cast();
        sys::napi_set_instance_data(env.raw(), data, Some(free), std::ptr::null_mut())
    };
    if status == sys::Status::napi_ok {
        return Ok(());
    }
    // SAFETY: Node did not take it.
    drop(unsafe { Box::from_raw(place.cast_mut()) });
    Err(Failed::Internal("Node-API takes no instance data".into()).into())
}

unsafe extern "C" fn clean_up(data: *mut c_void) {
    // SAFETY: the environment that `set_up` put there, alive until after this.
    let environment = unsafe { &*data.cast::<Environment>() };
    // A panic must not unwind into Node; what it left undone is left undone.
    let _ = catch_unwind(AssertUnwindSafe(|| environment.end()));
}
