//! Large `bytes` that cross without a second copy: memory laid out as a `bytes` object of CPython,
//! which is filled once, by any thread, and becomes the object where it arrives.
//!
//! CPython can make a `bytes` object only by copying, or on a thread that is attached to its interpreter,
//! which who has the bytes is not (a typed array may be read on Node's thread alone). But the memory of a
//! large object is the C allocator's (obmalloc hands requests over 512 bytes on to the raw domain, as
//! its documentation says), which needs no interpreter, and a `bytes` object is a header and its bytes.
//! So a block has room for the header in front, and it is written when the block has arrived. The other
//! way round, an object that nobody else refers to becomes a block as it is.
//!
//! Only with CPython's default allocators, and where a sample object looks as expected ([`enable`]); else
//! blobs are plain memory of Rust, and are copied once more.

use std::ffi::c_void;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::ffi as c;

use super::attach::Python;
use super::error::PyResult;
use super::object::{Borrowed, Object};
use super::pages::will_fill;
use super::steal::has_plain_allocators;
use crate::value::{self, Blob, Room, Spare};

/// Shorter ones are copied: that is cheaper than two allocations.
const SHORTEST: usize = 64 * 1024;

/// `PyBytesObject`, whose bytes follow, and a zero after them.
#[repr(C)]
struct Header {
    base: c::PyObject,
    size: c::Py_ssize_t,
    hash: c::Py_hash_t,
}

const HEADER: usize = size_of::<Header>();

/// Whether blocks can become objects here.
static ENABLED: AtomicBool = AtomicBool::new(false);

static SPARE: Spare<Place> = Spare::new();

/// Memory of the raw allocator for a header, so many bytes, and a zero.
struct Place {
    /// Of the header.
    base: NonNull<u8>,
    capacity: usize,
}

// SAFETY: memory that this alone refers to; the raw domain is callable from any thread.
unsafe impl Send for Place {}
// SAFETY: as above; there is nothing to do with a shared reference but read.
unsafe impl Sync for Place {}

impl Room for Place {
    fn capacity(&self) -> usize {
        self.capacity
    }
}

impl Place {
    fn new(capacity: usize) -> Option<Self> {
        let size = capacity.checked_add(HEADER + 1)?;
        // SAFETY: the raw domain needs no attached thread state; null says that there is no memory.
        let base = NonNull::new(unsafe { PyMem_RawMalloc(size) }.cast::<u8>())?;
        Some(Self { base, capacity })
    }

    /// Where the bytes begin.
    fn bytes(&self) -> NonNull<u8> {
        // SAFETY: the memory is longer than the header.
        unsafe { self.base.add(HEADER) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // SAFETY: memory of the raw allocator that this alone refers to, freed once.
        unsafe { PyMem_RawFree(self.base.as_ptr().cast()) }
    }
}

/// The bytes of a `bytes` object that is none at present.
pub(crate) struct Block {
    place: ManuallyDrop<Place>,
    length: usize,
}

impl Block {
    /// A block of `length` bytes, all of which `fill` writes. `None` if blocks are of no use here: for
    /// few bytes, without memory, with allocators that are not CPython's own.
    ///
    /// # Safety
    /// `fill` initialises all that it is given.
    pub(crate) unsafe fn filled(
        length: usize,
        fill: impl FnOnce(&mut [MaybeUninit<u8>]),
    ) -> Option<Self> {
        if length < SHORTEST || !ENABLED.load(Ordering::Relaxed) {
            return None;
        }
        let place = SPARE.take(length).or_else(|| Place::new(length))?;
        // SAFETY: the place has room for so many bytes, which nobody else refers to.
        let bytes =
            unsafe { std::slice::from_raw_parts_mut(place.bytes().as_ptr().cast(), length) };
        will_fill(bytes);
        fill(bytes);
        let place = ManuallyDrop::new(place);
        Some(Self { place, length })
    }

    /// A copy of these bytes; `None` as for [`Self::filled`].
    pub(super) fn copy_of(bytes: &[u8]) -> Option<Self> {
        let copy = |place: &mut [MaybeUninit<u8>]| {
            // SAFETY: the place is as long as the bytes, and fresh.
            unsafe {
                let to = place.as_mut_ptr().cast();
                std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
            }
        };
        // SAFETY: all of the place is written to.
        unsafe { Self::filled(bytes.len(), copy) }
    }

    /// Takes the memory of an object that nobody else refers to.
    ///
    /// # Errors
    /// The object: it is no large `bytes`, or somebody else may have it.
    pub(super) fn of(object: Object<'_>) -> Result<Self, Object<'_>> {
        let raw = object.as_ptr();
        // SAFETY: a living object of the attached interpreter; each accessor is used on its type.
        unsafe {
            // The reference is our own, and the only one. What runs in this interpreter may borrow
            // references from its own variables, but not from ours.
            let is_ours = c::Py_TYPE(raw) == &raw mut c::PyBytes_Type && c::Py_REFCNT(raw) == 1;
            if !is_ours || !ENABLED.load(Ordering::Relaxed) {
                return Err(object);
            }
            let length = c::PyBytes_Size(raw) as usize;
            if length < SHORTEST {
                return Err(object);
            }
            let base = NonNull::new_unchecked(object.into_ptr().cast());
            count_as_freed();
            Ok(Self {
                place: ManuallyDrop::new(Place {
                    base,
                    capacity: length,
                }),
                length,
            })
        }
    }

    /// The object.
    ///
    /// # Errors
    /// None that is known: it allocates nothing.
    pub(super) fn into_object(self, py: Python<'_>) -> PyResult<'_, Object<'_>> {
        let this = ManuallyDrop::new(self);
        let (base, end) = (this.place.base, this.length);
        // SAFETY:
        // - the memory is the raw allocator's, as that of every object of this size, which is what
        //   PyObject_Free gives it back to; it is as long as the header, the bytes and a zero;
        // - the fields are those that `enable` found, and the reference is a new one.
        unsafe {
            this.place.bytes().add(end).write(0);
            let object = base.cast::<Header>().as_ptr();
            (*object).hash = -1;
            let size = end as c::Py_ssize_t;
            let object = c::PyObject_InitVar(object.cast(), &raw mut c::PyBytes_Type, size);
            count_as_allocated();
            Object::from_new(py, object.cast())
        }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: taken once: here, or never by `into_object`, which forgets the block.
        SPARE.keep(unsafe { ManuallyDrop::take(&mut self.place) });
    }
}

impl value::Block for Block {
    fn bytes(&self) -> &[u8] {
        // SAFETY: initialised by `filled`, or CPython's own; nobody writes to them while this is
        // borrowed: `place` promises so of those who use it.
        unsafe { std::slice::from_raw_parts(self.place.bytes().as_ptr(), self.length) }
    }

    fn place(&mut self) -> *mut u8 {
        self.place.bytes().as_ptr()
    }
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Block({} bytes)", self.length)
    }
}

/// A copy of bytes on their way out of an interpreter, or into it; `None` without memory for it.
pub(super) fn copied(bytes: &[u8]) -> Option<Blob> {
    if let Some(block) = Block::copy_of(bytes) {
        return Some(Blob::of_block(block));
    }
    let mut copy = Blob::room_for(bytes.len())?;
    will_fill(copy.spare_capacity_mut());
    copy.extend_from_slice(bytes);
    Some(Blob::from(copy))
}

/// Looks whether blocks can be objects of this CPython, once it has started.
pub(super) fn enable(py: Python<'_>) {
    if ENABLED.load(Ordering::Relaxed) || !has_plain_allocators(py) {
        return;
    }
    // SAFETY: attached. A fresh object is looked at, of which a header is there in any layout: it
    // is longer than that.
    let expected = unsafe {
        let size = 2 * HEADER as c::Py_ssize_t;
        let sample = c::PyBytes_FromStringAndSize(std::ptr::null(), size);
        let Ok(sample) = Object::from_new(py, sample) else {
            c::PyErr_Clear();
            return;
        };
        let class = Borrowed::new(py, (&raw mut c::PyBytes_Type).cast()).to_object();
        let basic_size = class.getattr(c"__basicsize__");
        let basic_size = basic_size.ok().and_then(|size| size.to_f64());
        let (object, bytes) = (sample.as_ptr(), c::PyBytes_AsString(sample.as_ptr()));
        let header = object.cast::<Header>();
        basic_size == Some((HEADER + 1) as f64)
            && bytes.addr() == object.addr() + HEADER
            && (*header).size == size
            && (*header).hash == -1
            && c::Py_REFCNT(object) == 1
    };
    ENABLED.store(expected, Ordering::Relaxed);
}

/// CPython counts the large blocks of each interpreter: one of ours became one of its own.
///
/// # Safety
/// Attached.
unsafe fn count_as_allocated() {
    // SAFETY: such a request goes to the raw domain, so it may be given back there, and then the
    // interpreter counts one block more than it allocated itself. Null is freed harmlessly.
    unsafe { PyMem_RawFree(c::PyObject_Malloc(UNUSED_BYTES)) }
}

/// One of its large blocks became one of ours.
///
/// # Safety
/// Attached.
unsafe fn count_as_freed() {
    // SAFETY: the reverse of the above.
    unsafe { c::PyObject_Free(PyMem_RawMalloc(UNUSED_BYTES)) }
}

/// The least that goes to the raw domain is 513 bytes.
const UNUSED_BYTES: usize = 1024;

unsafe extern "C" {
    fn PyMem_RawMalloc(size: usize) -> *mut c_void;
    fn PyMem_RawFree(place: *mut c_void);
}
