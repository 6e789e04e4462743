//! Taking the memory of a `bytearray` or an `array.array` away from it, without a copy.
//!
//! CPython has no function for it before 3.15, so this relies on how 3.13 and 3.14 lay these objects
//! out, and checks what can be checked: the version, the size of an instance, and that the fields
//! hold the address and the size that the public API tells. If anything is different the answer is
//! `None`, and the caller copies.

use std::sync::OnceLock;

use pyo3::ffi as c;

use super::attach::Python;
use super::error::{Builtin, PyErr, PyResult};
use super::exports::Exported;
use super::object::{Borrowed, Object};
use crate::buffer::Memory;

/// Larger requests than this go to the C allocator and not to an interpreter's own arenas
/// (`SMALL_REQUEST_THRESHOLD` of obmalloc): such memory may outlive its interpreter.
const SMALL_BYTES: usize = 512;

/// Memory that an object had, of the C allocator's.
#[derive(Debug)]
pub struct Stolen {
    /// What to free.
    base: usize,
    address: usize,
    length: usize,
}

impl Memory for Stolen {
    fn address(&self) -> usize {
        self.address
    }

    fn length(&self) -> usize {
        self.length
    }

    fn can_move(&self) -> bool {
        true
    }
}

impl Drop for Stolen {
    fn drop(&mut self) {
        unsafe extern "C" {
            fn PyMem_RawFree(place: *mut std::ffi::c_void);
        }
        // SAFETY: allocated by the raw allocator (`steal` checks that), freed once; the raw domain
        // needs no attached thread state.
        unsafe { PyMem_RawFree(std::ptr::with_exposed_provenance_mut(self.base)) }
    }
}

/// `PyByteArrayObject` of 3.13 and 3.14.
#[repr(C)]
struct ByteArray {
    base: c::PyObject,
    size: c::Py_ssize_t,
    allocated: c::Py_ssize_t,
    bytes: *mut u8,
    start: *mut u8,
    exports: c::Py_ssize_t,
}

/// `arrayobject` of `arraymodule.c` in 3.13 and 3.14.
#[repr(C)]
struct Array {
    base: c::PyObject,
    size: c::Py_ssize_t,
    items: *mut u8,
    allocated: c::Py_ssize_t,
    description: *const std::ffi::c_void,
    weak_references: *mut c::PyObject,
    exports: c::Py_ssize_t,
}

/// Takes the memory of a `bytearray`, which is empty afterwards.
///
/// # Errors
/// `BufferError` if a view of it is in use.
pub fn steal_bytearray<'py>(object: Borrowed<'_, 'py>) -> PyResult<'py, Option<Stolen>> {
    if !is_known_layout::<ByteArray>(object) {
        return Ok(None);
    }
    let exported = Exported::of(object)?;
    let (address, length) = (exported.address(), exported.layout().bytes().unwrap_or(0));
    drop(exported);
    let fields = object.as_ptr().cast::<ByteArray>();
    // SAFETY: an object of this size, of a version with this layout, attached with its GIL; nothing
    // is written before the fields were found to say what the public API says.
    unsafe {
        if (*fields).exports != 0 {
            return Err(in_use(object));
        }
        let allocated = usize::try_from((*fields).allocated).unwrap_or(0);
        let base = (*fields).bytes.expose_provenance();
        let start = (*fields).start.expose_provenance();
        let agrees = start == address
            && usize::try_from((*fields).size) == Ok(length)
            && (base..=base.saturating_add(allocated)).contains(&address)
            && length <= allocated;
        if !agrees || allocated <= SMALL_BYTES {
            return Ok(None);
        }
        (*fields).size = 0;
        (*fields).allocated = 0;
        (*fields).bytes = std::ptr::null_mut();
        (*fields).start = std::ptr::null_mut();
        Ok(Some(Stolen {
            base,
            address,
            length,
        }))
    }
}

/// Takes the memory of an `array.array`, which is empty afterwards.
///
/// # Errors
/// `BufferError` if a view of it is in use.
pub fn steal_array<'py>(object: Borrowed<'_, 'py>) -> PyResult<'py, Option<Stolen>> {
    if !is_known_layout::<Array>(object) {
        return Ok(None);
    }
    let exported = Exported::of(object)?;
    let (address, layout) = (exported.address(), exported.layout());
    drop(exported);
    let (count, length) = (layout.shape().first().copied(), layout.bytes().unwrap_or(0));
    let fields = object.as_ptr().cast::<Array>();
    // SAFETY: as in `steal_bytearray`.
    unsafe {
        if (*fields).exports != 0 {
            return Err(in_use(object));
        }
        let base = (*fields).items.expose_provenance();
        let allocated = usize::try_from((*fields).allocated).unwrap_or(0);
        let agrees = base == address
            && usize::try_from((*fields).size).ok() == count
            && count.is_some_and(|count| count <= allocated);
        if !agrees || allocated.saturating_mul(layout.item_size()) <= SMALL_BYTES {
            return Ok(None);
        }
        (*fields).size = 0;
        (*fields).allocated = 0;
        (*fields).items = std::ptr::null_mut();
        Ok(Some(Stolen {
            base,
            address,
            length,
        }))
    }
}

fn in_use<'py>(object: Borrowed<'_, 'py>) -> PyErr<'py> {
    let message = "its memory is in use by a memoryview: release that first";
    PyErr::new(object.py(), Builtin::BufferError, message)
}

/// Whether this CPython lays `object` out as `T`, and has large memory from the C allocator.
fn is_known_layout<T>(object: Borrowed<'_, '_>) -> bool {
    let py = object.py();
    // SAFETY: a living object's type.
    let class = unsafe { Object::from_borrowed(py, c::Py_TYPE(object.as_ptr()).cast()) };
    let size = class
        .getattr(c"__basicsize__")
        .ok()
        .and_then(|size| size.to_f64());
    has_plain_allocators(py) && size == Some(size_of::<T>() as f64)
}

/// Whether this is a CPython of a known version that has large memory from the C allocator.
pub(super) fn has_plain_allocators(py: Python<'_>) -> bool {
    static KNOWN: OnceLock<bool> = OnceLock::new();
    *KNOWN.get_or_init(|| {
        let version = super::version::text();
        let known_version = ["3.13.", "3.14."]
            .iter()
            .any(|known| version.starts_with(known));
        // Debugging allocators put marks around what they hand out.
        let plain = ["PYTHONMALLOC", "PYTHONDEVMODE"]
            .iter()
            .all(|name| std::env::var_os(name).is_none_or(|value| value.is_empty()));
        let sys = Object::import(py, "sys");
        let marks = |name| sys.as_ref().map_or(true, |sys| sys.getattr(name).is_ok());
        let debug_build = marks(c"gettotalrefcount");
        known_version && plain && !debug_build
    })
}
