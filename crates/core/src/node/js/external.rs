//! Array buffers over memory that is not V8's, and typed arrays of every kind: reading where they
//! are, making them. Plain bytes and scratch memory are in `memory.rs`.

use std::cell::RefCell;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::sync::Arc;

use napi::sys;
use parking_lot::Mutex;

use super::create::make;
use super::env::{Env, Val};
use super::error::Js;
use super::finalize::Tag;
use crate::buffer::{Buffer, Element, Memory};
use crate::python::{Block, will_fill};
use crate::value::Blob;

/// What keeps memory in place while an array buffer shows it.
type Keeper = Arc<Mutex<Option<Arc<dyn Memory>>>>;

/// What rides on an array buffer that shows memory of ours.
pub(in crate::node) struct Shown {
    /// `None` once it was given away or let go.
    pub(in crate::node) buffer: RefCell<Option<Buffer>>,
    keeper: Keeper,
}

impl Shown {
    /// Lets go of the memory, whose array buffer was detached just now: nothing reaches it any
    /// more. Node's own notice comes later, from the event loop.
    pub(in crate::node) fn let_go(&self) {
        let kept = self.keeper.lock().take();
        drop(kept);
    }
}

// SAFETY: a random number that no other tag has.
static SHOWN: Tag<Shown> = unsafe { Tag::new(0x6f1d_93c4_58b2_4e0a_a7d6_0c31_e98f_7b25) };

/// Where the memory of a typed array is.
#[derive(Clone, Copy)]
pub(in crate::node) struct Array<'s> {
    /// `None`: a kind of typed array that is not known here.
    pub(in crate::node) element: Option<Element>,
    pub(in crate::node) address: usize,
    /// In items.
    pub(in crate::node) length: usize,
    /// Bytes from the beginning of its array buffer.
    pub(in crate::node) offset: usize,
    /// The `ArrayBuffer` or `SharedArrayBuffer`.
    pub(in crate::node) buffer: Val<'s>,
}

impl<'s> Env<'s> {
    /// Where the memory of a typed array is.
    pub(in crate::node) fn locate(self, array: Val<'_>) -> Js<Array<'s>> {
        let (mut kind, mut length, mut offset) = (0, 0, 0);
        let (mut place, mut buffer) = (std::ptr::null_mut::<c_void>(), std::ptr::null_mut());
        // SAFETY: holding an `Env` permits the call; the value is live, the places are valid.
        self.check(unsafe {
            sys::napi_get_typedarray_info(
                self.raw(),
                array.raw(),
                &mut kind,
                &mut length,
                &mut place,
                &mut buffer,
                &mut offset,
            )
        })?;
        let element = ELEMENTS
            .iter()
            .find(|(known, _)| *known == kind)
            .map(|(_, element)| *element);
        Ok(Array {
            element,
            address: place.expose_provenance(),
            length,
            offset,
            // SAFETY: made by Node-API in the current scope.
            buffer: unsafe { self.val(buffer) },
        })
    }

    /// Where the memory of an `ArrayBuffer` is, and its length in bytes.
    pub(in crate::node) fn locate_buffer(self, buffer: Val<'_>) -> Js<(usize, usize)> {
        let (mut place, mut length) = (std::ptr::null_mut::<c_void>(), 0);
        // SAFETY: holding an `Env` permits the call; the value is live, the places are valid.
        self.check(unsafe {
            sys::napi_get_arraybuffer_info(self.raw(), buffer.raw(), &mut place, &mut length)
        })?;
        Ok((place.expose_provenance(), length))
    }

    /// Detaches an `ArrayBuffer`: its typed arrays are empty from now on.
    pub(in crate::node) fn detach(self, buffer: Val<'_>) -> Js<()> {
        // SAFETY: holding an `Env` permits the call; the value is live.
        self.check(unsafe { sys::napi_detach_arraybuffer(self.raw(), buffer.raw()) })
    }

    /// A typed array of an array buffer.
    pub(in crate::node) fn array_of(
        self,
        element: Element,
        length: usize,
        buffer: Val<'_>,
        offset: usize,
    ) -> Js<Val<'s>> {
        let kind = ELEMENTS.iter().find(|(_, known)| *known == element);
        let kind = kind.map_or(sys::TypedarrayType::uint8_array, |(kind, _)| *kind);
        make!(
            self,
            napi_create_typedarray,
            kind,
            length,
            buffer.raw(),
            offset
        )
    }

    /// An array buffer over the buffer's own memory, which remembers it; `None` where Node allows
    /// none (Electron).
    pub(in crate::node) fn external(self, shown: &Buffer) -> Js<Option<Val<'s>>> {
        unsafe extern "C" fn free(_: sys::napi_env, _: *mut c_void, keeper: *mut c_void) {
            // SAFETY: the count that `external` gave away; Node calls this once.
            drop(unsafe { Arc::from_raw(keeper.cast::<Mutex<Option<Arc<dyn Memory>>>>()) });
        }
        let kept: Keeper = Arc::new(Mutex::new(Some(Arc::clone(shown.memory()))));
        let keeper = Arc::into_raw(Arc::clone(&kept)).cast_mut();
        let mut buffer = std::ptr::null_mut();
        // SAFETY: holding an `Env` permits the call; the memory stays where it is until `free`,
        // which Node calls once, when the array buffer is collected or detached, or the
        // environment ends; `let_go` frees it earlier only when nothing can reach it any more.
        let status = unsafe {
            sys::napi_create_external_arraybuffer(
                self.raw(),
                std::ptr::with_exposed_provenance_mut(shown.address()),
                shown.length(),
                Some(free),
                keeper.cast(),
                &mut buffer,
            )
        };
        if status != sys::Status::napi_ok {
            // SAFETY: Node did not take it.
            drop(unsafe { Arc::from_raw(keeper) });
            return Ok(None);
        }
        // SAFETY: made by Node-API in the current scope.
        let buffer = unsafe { self.val(buffer) };
        let rides = Shown {
            buffer: RefCell::new(Some(shown.clone())),
            keeper: kept,
        };
        SHOWN.put(self, buffer, rides);
        Ok(Some(buffer))
    }

    /// What an array buffer of ours shows; `None` if it is none of ours.
    pub(in crate::node) fn shown<R>(
        self,
        buffer: Val<'_>,
        body: impl FnOnce(&Shown) -> R,
    ) -> Option<R> {
        SHOWN.with(self, buffer, body)
    }

    /// A plain array buffer with a copy of the buffer's memory.
    pub(in crate::node) fn copied(self, from: &Buffer) -> Js<Val<'s>> {
        let (bytes, mut place) = (from.length(), std::ptr::null_mut());
        let buffer = make!(self, napi_create_arraybuffer, bytes, &mut place)?;
        if bytes > 0 {
            // SAFETY: `from` keeps that many bytes there; the array buffer was just made that long.
            // Somebody may write to shared memory meanwhile: bytes have no invalid forms.
            unsafe {
                std::ptr::copy_nonoverlapping(
                    std::ptr::with_exposed_provenance(from.address()),
                    place.cast::<u8>(),
                    bytes,
                );
            }
        }
        Ok(buffer)
    }

    /// A copy of bytes that a value of this scope keeps in place; `None` if there is no memory for it.
    pub(in crate::node) fn copy_bytes_out(self, array: &Array<'s>) -> Option<Blob> {
        let copy = |place: &mut [MaybeUninit<u8>]| {
            let from = std::ptr::with_exposed_provenance::<u8>(array.address);
            // SAFETY: Node-API said that the array is there and that long, and no JavaScript ran
            // since; the place is as long, and somewhere else.
            unsafe { std::ptr::copy_nonoverlapping(from, place.as_mut_ptr().cast(), place.len()) }
        };
        // SAFETY: the copy is as long as the place.
        match unsafe { Block::filled(array.length, copy) } {
            Some(block) => Some(Blob::of_block(block)),
            None => self.copy_out(array, array.length).map(Blob::from),
        }
    }

    /// A copy of memory that a value of this scope keeps in place.
    pub(in crate::node) fn copy_out(self, array: &Array<'s>, bytes: usize) -> Option<Vec<u8>> {
        let mut copy = Blob::room_for(bytes)?;
        will_fill(copy.spare_capacity_mut());
        if bytes > 0 {
            // SAFETY: Node-API said that the array is there and that long, and no JavaScript ran
            // since; the new vector has room.
            unsafe {
                let place = std::ptr::with_exposed_provenance::<u8>(array.address);
                std::ptr::copy_nonoverlapping(place, copy.as_mut_ptr(), bytes);
                copy.set_len(bytes);
            }
        }
        Some(copy)
    }
}

/// Node-API's numbers of the kinds of typed arrays.
const ELEMENTS: [(sys::napi_typedarray_type, Element); 11] = [
    (sys::TypedarrayType::uint8_array, Element::Uint8),
    (sys::TypedarrayType::uint8_clamped_array, Element::Uint8),
    (sys::TypedarrayType::int8_array, Element::Int8),
    (sys::TypedarrayType::int16_array, Element::Int16),
    (sys::TypedarrayType::uint16_array, Element::Uint16),
    (sys::TypedarrayType::int32_array, Element::Int32),
    (sys::TypedarrayType::uint32_array, Element::Uint32),
    (sys::TypedarrayType::float32_array, Element::Float32),
    (sys::TypedarrayType::float64_array, Element::Float64),
    (sys::TypedarrayType::bigint64_array, Element::BigInt64),
    (sys::TypedarrayType::biguint64_array, Element::BigUint64),
];
