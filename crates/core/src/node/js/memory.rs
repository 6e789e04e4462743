//! Array buffers and typed arrays: reading them, making them, lending Rust's memory to them.

use std::ffi::c_void;
use std::sync::atomic::{AtomicUsize, Ordering};

use napi::sys;

use super::create::make;
use super::env::{Env, Val};
use super::error::Js;
use super::reference::Ref;
use crate::buffer::Element;
use crate::python::will_fill;
use crate::value::Blob;

/// From this size on, JavaScript gets the memory itself instead of a copy: below it, copying is
/// cheaper than an external buffer with its finalizer.
const ADOPT_BYTES: usize = 64 * 1024;

/// While JavaScript holds more than this of our memory, it gets copies. Node frees external memory
/// only when its event loop turns: a program that receives in a tight loop would pile it up,
/// garbage collection or not.
const MOST_ADOPTED_BYTES: usize = 128 * 1024 * 1024;

/// How much of our memory JavaScript holds, in all environments.
static ADOPTED_BYTES: AtomicUsize = AtomicUsize::new(0);

/// A small array of doubles that Rust and our own JavaScript helpers both see.
pub(in crate::node) struct Scratch {
    place: *mut f64,
    length: usize,
    /// Keeps the memory. It is never handed to user code, so nobody can detach it.
    _owner: Ref,
}

impl Scratch {
    pub(in crate::node) fn length(&self) -> usize {
        self.length
    }

    /// A copy of the first `count` numbers.
    pub(in crate::node) fn read<R>(
        &self,
        _env: Env<'_>,
        count: usize,
        body: impl FnOnce(&[f64]) -> R,
    ) -> R {
        // SAFETY: the memory is alive (`_owner`), `length` doubles long and zeroed at first;
        // nothing writes to it meanwhile: JavaScript runs on this thread only (`_env`), and `body`
        // has no way to call it on this memory.
        body(unsafe { std::slice::from_raw_parts(self.place, count.min(self.length)) })
    }

    /// Writes doubles to the front.
    pub(in crate::node) fn write(&self, _env: Env<'_>, numbers: impl Iterator<Item = f64>) {
        for (index, number) in numbers.take(self.length).enumerate() {
            // SAFETY: within the memory, which is alive, on the thread that owns it.
            unsafe { self.place.add(index).write(number) };
        }
    }

    /// Writes 32-bit integers to the front.
    pub(in crate::node) fn write_integers(
        &self,
        _env: Env<'_>,
        numbers: impl Iterator<Item = i32>,
    ) {
        for (index, number) in numbers.take(self.length).enumerate() {
            // SAFETY: as above; an i32 is smaller than a double.
            unsafe { self.place.cast::<i32>().add(index).write(number) };
        }
    }
}

impl<'s> Env<'s> {
    /// The scratch memory and its array buffer.
    pub(in crate::node) fn scratch(self, length: usize) -> Js<(Scratch, Val<'s>)> {
        let (buffer, place) = self.array_buffer(length * size_of::<f64>())?;
        let owner = self.reference(buffer)?;
        Ok((
            Scratch {
                place: place.cast(),
                length,
                _owner: owner,
            },
            buffer,
        ))
    }

    pub(super) fn array_buffer(self, bytes: usize) -> Js<(Val<'s>, *mut c_void)> {
        let mut place = std::ptr::null_mut();
        let buffer = make!(self, napi_create_arraybuffer, bytes, &mut place)?;
        Ok((buffer, place))
    }

    fn typed_array(self, kind: i32, length: usize, buffer: Val<'_>) -> Js<Val<'s>> {
        make!(self, napi_create_typedarray, kind, length, buffer.raw(), 0)
    }

    /// A `Uint8Array` of these bytes; large ones give their memory away instead of being copied.
    pub(in crate::node) fn bytes(self, bytes: Blob) -> Js<Val<'s>> {
        let length = bytes.len();
        let may_adopt = ADOPTED_BYTES.load(Ordering::Relaxed) < MOST_ADOPTED_BYTES;
        let buffer = if length >= ADOPT_BYTES && may_adopt {
            self.adopt(bytes)?
        } else {
            self.copy(&bytes)?
        };
        self.typed_array(sys::TypedarrayType::uint8_array, length, buffer)
    }

    fn copy(self, bytes: &[u8]) -> Js<Val<'s>> {
        let (buffer, place) = self.array_buffer(bytes.len())?;
        if !bytes.is_empty() {
            // SAFETY: the buffer was just made that long, and is no part of `bytes`.
            unsafe {
                will_fill(std::slice::from_raw_parts_mut(place.cast(), bytes.len()));
                std::ptr::copy_nonoverlapping(bytes.as_ptr(), place.cast(), bytes.len());
            }
        }
        Ok(buffer)
    }

    fn adopt(self, bytes: Blob) -> Js<Val<'s>> {
        unsafe extern "C" fn free(_: sys::napi_env, _: *mut c_void, owner: *mut c_void) {
            // SAFETY: the box that `adopt` gave away; called once.
            let bytes = unsafe { Box::from_raw(owner.cast::<Blob>()) };
            ADOPTED_BYTES.fetch_sub(bytes.len(), Ordering::Relaxed);
            drop(bytes);
        }
        // Keeps the bytes where they are, and they are not looked at as long as JavaScript may write
        // to them.
        let mut bytes = Box::new(bytes);
        let (place, length) = (bytes.place(), bytes.len());
        let owner = Box::into_raw(bytes);
        let mut buffer = std::ptr::null_mut();
        // SAFETY: holding an `Env` permits the call; the memory is ours until `free`, which Node
        // calls once, when the array buffer is collected or the environment ends.
        let status = unsafe {
            sys::napi_create_external_arraybuffer(
                self.raw(),
                place.cast(),
                length,
                Some(free),
                owner.cast(),
                &mut buffer,
            )
        };
        if status == sys::Status::napi_ok {
            ADOPTED_BYTES.fetch_add(length, Ordering::Relaxed);
            // SAFETY: made by Node-API in the current scope.
            return Ok(unsafe { self.val(buffer) });
        }
        // SAFETY: Node did not take it (`napi_no_external_buffers_allowed` where V8 has a sandbox,
        // as in Electron): it is ours as before, and `free` is not called.
        let bytes = unsafe { Box::from_raw(owner) };
        self.copy(&bytes)
    }

    /// The numbers of a `Float64Array`, or `None` for any other typed array.
    pub(in crate::node) fn get_doubles(self, array: Val<'_>) -> Js<Option<Vec<f64>>> {
        let located = self.locate(array)?;
        if located.element != Some(Element::Float64) {
            return Ok(None);
        }
        let place = std::ptr::with_exposed_provenance(located.address);
        // SAFETY: Node-API says that `length` doubles are there, aligned as V8 aligns them.
        Ok(Some(unsafe { copied(place, located.length) }))
    }
}

/// A copy of memory that JavaScript owns.
///
/// # Safety
/// `length` items are there, or `length` is 0.
unsafe fn copied<T: Copy>(place: *const T, length: usize) -> Vec<T> {
    let mut copy = Vec::with_capacity(length);
    if length > 0 {
        // SAFETY: the caller's promise; the new vector has room and is elsewhere. Plain bytes and
        // doubles have no invalid forms, so a torn read of shared memory is only a wrong value.
        unsafe {
            std::ptr::copy_nonoverlapping(place, copy.as_mut_ptr(), length);
            copy.set_len(length);
        }
    }
    copy
}
