//! Native functions as JavaScript functions: arguments in, panics caught, failures thrown.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use napi::sys;

use super::env::{Env, Val};
use super::error::{Js, Thrown};
use crate::node::environment::Environment;

/// Makes a JavaScript function of `body`, which gets exactly `N` arguments, `undefined` for those
/// that are missing.
///
/// # Safety
/// `environment` stays where it is until no JavaScript of its environment can run any more.
pub(in crate::node) unsafe fn define<'s, F, const N: usize>(
    env: Env<'s>,
    environment: *const Environment,
    name: &str,
    _body: F,
) -> Js<Val<'s>>
where
    F: for<'a> Fn(&Environment, Env<'a>, [Val<'a>; N]) -> Js<Option<Val<'a>>> + Copy + 'static,
{
    // SAFETY: the caller's promise.
    unsafe { create(env, environment, name, trampoline::<F, N>) }
}

/// As [`define`], for a function that takes any number of arguments and gets `MOST` of them at most.
///
/// # Safety
/// As for [`define`].
pub(in crate::node) unsafe fn define_variadic<'s, F, const MOST: usize>(
    env: Env<'s>,
    environment: *const Environment,
    name: &str,
    _body: F,
) -> Js<Val<'s>>
where
    F: for<'a> Fn(&Environment, Env<'a>, [Val<'a>; MOST], usize) -> Js<Option<Val<'a>>>
        + Copy
        + 'static,
{
    // SAFETY: the caller's promise.
    unsafe { create(env, environment, name, trampoline_variadic::<F, MOST>) }
}

/// # Safety
/// As for [`define`]; `function` reads its data as what `environment` is.
unsafe fn create<'s>(
    env: Env<'s>,
    environment: *const Environment,
    name: &str,
    callback: unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value,
) -> Js<Val<'s>> {
    let mut function = std::ptr::null_mut();
    // SAFETY: holding an `Env` permits the call; the name is as long as it is said to be.
    env.check(unsafe {
        sys::napi_create_function(
            env.raw(),
            name.as_ptr().cast(),
            name.len() as isize,
            Some(callback),
            environment.cast_mut().cast(),
            &mut function,
        )
    })?;
    // SAFETY: made by Node-API in the current scope.
    Ok(unsafe { env.val(function) })
}

unsafe extern "C" fn trampoline<F, const N: usize>(
    raw: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value
where
    F: for<'a> Fn(&Environment, Env<'a>, [Val<'a>; N]) -> Js<Option<Val<'a>>> + Copy + 'static,
{
    // SAFETY: `define` was given an `F`, and Node calls this with its own `raw` and `info`.
    unsafe {
        let body = the_only::<F>();
        enter(raw, info, |environment, env, args, _| {
            body(environment, env, args)
        })
    }
}

unsafe extern "C" fn trampoline_variadic<F, const MOST: usize>(
    raw: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value
where
    F: for<'a> Fn(&Environment, Env<'a>, [Val<'a>; MOST], usize) -> Js<Option<Val<'a>>>
        + Copy
        + 'static,
{
    // SAFETY: as above, with `define_variadic`.
    unsafe { enter(raw, info, the_only::<F>()) }
}

/// The only value of a type that has no size.
///
/// # Safety
/// There was one.
unsafe fn the_only<F: Copy>() -> F {
    const {
        assert!(
            size_of::<F>() == 0,
            "only plain functions and closures that capture nothing"
        )
    };
    // SAFETY: `F` has no size and is `Copy`, and there was one: there is one at any address.
    unsafe { std::ptr::NonNull::<F>::dangling().read() }
}

/// Reads the arguments, runs `body`, throws what it fails with.
///
/// # Safety
/// Called by Node, with its own arguments, in a function that [`create`] made.
#[inline(always)]
unsafe fn enter<const N: usize>(
    raw: sys::napi_env,
    info: sys::napi_callback_info,
    body: impl for<'a> Fn(&Environment, Env<'a>, [Val<'a>; N], usize) -> Js<Option<Val<'a>>>,
) -> sys::napi_value {
    let mut args = [std::ptr::null_mut(); N];
    let (mut count, mut data) = (N, std::ptr::null_mut::<c_void>());
    // SAFETY: Node's own `raw` and `info`; `args` has room for `count` values, all of which are
    // filled (with undefined where there is no argument).
    unsafe {
        let this = std::ptr::null_mut();
        sys::napi_get_cb_info(raw, info, &mut count, args.as_mut_ptr(), this, &mut data);
    }
    // SAFETY: Node calls this on the environment's thread inside a handle scope that stays open
    // until it returns; `data` is what `define` was given, alive by its contract.
    let (env, environment) = unsafe { (Env::from_raw(raw), &*data.cast::<Environment>()) };
    // SAFETY: the arguments belong to that scope.
    let args = args.map(|arg| unsafe { env.val(arg) });
    match catch_unwind(AssertUnwindSafe(|| body(environment, env, args, count))) {
        Ok(Ok(Some(value))) => value.raw(),
        Ok(Ok(None) | Err(Thrown::Pending)) => std::ptr::null_mut(),
        Ok(Err(Thrown::Failed(failed))) => {
            let thrown = catch_unwind(AssertUnwindSafe(|| environment.throw(env, *failed)));
            if let Err(panic) = thrown {
                internal(env, &*panic);
            }
            std::ptr::null_mut()
        }
        Err(panic) => {
            internal(env, &*panic);
            std::ptr::null_mut()
        }
    }
}

/// Throws `ERR_INTERNAL` for a panic, which must never unwind into Node.
#[cold]
fn internal(env: Env<'_>, panic: &(dyn std::any::Any + Send)) {
    env.throw_plain("ERR_INTERNAL", &panic_message(panic));
}

/// What a panic said.
pub(in crate::node) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let said = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!(
        "a defect in Multicore Python, please report it: {}",
        said.unwrap_or("panic")
    )
}
