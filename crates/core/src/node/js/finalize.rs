//! Rust data that rides on a JavaScript object and is dropped with it.

use std::ffi::c_void;
use std::marker::PhantomData;

use napi::sys;

use super::env::{Env, Val};

/// Marks the objects that carry a `T` of ours, so that nobody else's data is taken for it.
pub(in crate::node) struct Tag<T> {
    id: sys::napi_type_tag,
    holds: PhantomData<fn() -> T>,
}

impl<T: 'static> Tag<T> {
    /// # Safety
    /// No two tags of different `T` have the same number, here or in any other addon: take random
    /// ones.
    pub(in crate::node) const unsafe fn new(id: u128) -> Self {
        let id = sys::napi_type_tag {
            lower: id as u64,
            upper: (id >> 64) as u64,
        };
        Self {
            id,
            holds: PhantomData,
        }
    }

    /// Puts `data` on `object`. False if something is there already, or the object cannot carry it.
    pub(in crate::node) fn put(&self, env: Env<'_>, object: Val<'_>, data: T) -> bool {
        unsafe extern "C" fn free<T>(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
            // SAFETY: the box that `put` gave away; Node calls this once.
            drop(unsafe { Box::from_raw(data.cast::<T>()) });
        }
        let data = Box::into_raw(Box::new(data)).cast();
        let null = std::ptr::null_mut::<c_void>();
        // SAFETY: holding an `Env` permits the calls; the object is live. The wrap comes first, so
        // that an object with our tag is known to carry our data.
        unsafe {
            let no_reference = std::ptr::null_mut();
            let wrapped = sys::napi_wrap(
                env.raw(),
                object.raw(),
                data,
                Some(free::<T>),
                null,
                no_reference,
            );
            if wrapped != sys::Status::napi_ok {
                drop(Box::from_raw(data.cast::<T>()));
                return false;
            }
            sys::napi_type_tag_object(env.raw(), object.raw(), &self.id) == sys::Status::napi_ok
        }
    }

    /// Looks at the data on `object`, if it carries ours.
    pub(in crate::node) fn with<R>(
        &self,
        env: Env<'_>,
        object: Val<'_>,
        body: impl FnOnce(&T) -> R,
    ) -> Option<R> {
        let (mut ours, mut data) = (false, std::ptr::null_mut());
        // SAFETY: holding an `Env` permits the calls; the object is live. Only `put` tags objects
        // with this number, after it wrapped a `T`; the object is alive, so the data is.
        unsafe {
            let status =
                sys::napi_check_object_type_tag(env.raw(), object.raw(), &self.id, &mut ours);
            if status != sys::Status::napi_ok || !ours {
                return None;
            }
            if sys::napi_unwrap(env.raw(), object.raw(), &mut data) != sys::Status::napi_ok {
                return None;
            }
            Some(body(&*data.cast::<T>()))
        }
    }
}
