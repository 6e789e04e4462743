//! Giving an ended interpreter's memory back: an arena allocator that knows whose arenas are whose.
//!
//! CPython 3.13 leaks most of an own-GIL interpreter's object memory when it ends (its obmalloc
//! state is freed, but not the arenas that still hold blocks: 1.8 MB bare, 9 MB after many
//! imports). Arenas of an interpreter with an allocator of its own hold objects of that
//! interpreter alone, so what is left of them after `Py_EndInterpreter` can be unmapped, as long
//! as nothing process-wide points into them. What did (static types of extension modules, readied
//! by whichever interpreter loads them first) is why such modules are loaded by the main
//! interpreter first (`multicore._bootstrap`).
//!
//! It also keeps a few free arenas instead of unmapping them at once (`spare.rs`): a program that makes
//! and drops a few megabytes of objects, as every call with a long list does, otherwise pays for mapping
//! and zeroing them each time (100,000 floats: a third of the time), and so does the next interpreter.
//! That, and whose arenas are whose, is good for 3.14 and later, too, which leave nothing to reclaim.
//!
//! `MULTICORE_ARENA_RECLAIM=0` switches it off: then the memory is lost, as in CPython itself. `check`
//! proves it: arenas that would be unmapped become inaccessible for good, so that whatever still uses
//! one is a fault at that very instruction (docs/design/robustness.md).

use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use pyo3::ffi as c;

use super::ffi::{
    PyObject_GetArenaAllocator, PyObject_SetArenaAllocator, PyObjectArenaAllocator,
    PyThreadState_GetUnchecked,
};
use super::{radix, spare, version};

struct Below(PyObjectArenaAllocator);

// SAFETY: the function pointers and context of CPython's own allocator, which is callable from
// any thread (mmap and munmap).
unsafe impl Send for Below {}
// SAFETY: as above; never written after it was set.
unsafe impl Sync for Below {}

static BELOW: OnceLock<Below> = OnceLock::new();

/// Arenas by address: whose they are (an interpreter's address) and their size.
static ARENAS: Mutex<Option<HashMap<usize, Arena>>> = Mutex::new(None);

/// `MULTICORE_ARENA_RECLAIM=check`.
static CHECKING: AtomicBool = AtomicBool::new(false);

#[derive(Clone, Copy)]
struct Arena {
    owner: usize,
    size: usize,
}

/// Installs the allocator. Before CPython is initialised.
pub(super) fn install() {
    let wish = std::env::var_os("MULTICORE_ARENA_RECLAIM");
    let wishes = |what| wish.as_deref().is_some_and(|value| value == what);
    if wishes("0") {
        return;
    }
    CHECKING.store(cfg!(unix) && wishes("check"), Ordering::Relaxed);
    let mut below = PyObjectArenaAllocator {
        ctx: std::ptr::null_mut(),
        alloc: None,
        free: None,
    };
    // SAFETY: before initialisation nobody allocates; both structs are valid for the calls, and
    // CPython copies what is set.
    unsafe {
        PyObject_GetArenaAllocator(&mut below);
        if below.alloc.is_none() || below.free.is_none() || BELOW.set(Below(below)).is_err() {
            return;
        }
        *ARENAS.lock() = Some(HashMap::new());
        let mut ours = PyObjectArenaAllocator {
            ctx: std::ptr::null_mut(),
            alloc: Some(allocate),
            free: Some(free),
        };
        PyObject_SetArenaAllocator(&mut ours);
    }
    if version::leaks_on_end() {
        radix::install();
    }
}

/// The address of the interpreter that the calling thread is attached to; 0 if none.
fn current_interpreter() -> usize {
    // SAFETY: both only read the calling thread's state; the second gets a living thread state.
    unsafe {
        let tstate = PyThreadState_GetUnchecked();
        if tstate.is_null() {
            0
        } else {
            c::PyThreadState_GetInterpreter(tstate) as usize
        }
    }
}

unsafe extern "C" fn allocate(_: *mut c_void, size: usize) -> *mut c_void {
    let Some(Below(PyObjectArenaAllocator {
        ctx,
        alloc: Some(alloc),
        ..
    })) = BELOW.get()
    else {
        return std::ptr::null_mut();
    };
    let address = match spare::take(size) {
        Some(address) => address as *mut c_void,
        // SAFETY: CPython's own function with its own context.
        None => unsafe { alloc(*ctx, size) },
    };
    if !address.is_null()
        && let Some(arenas) = ARENAS.lock().as_mut()
    {
        let owner = current_interpreter();
        arenas.insert(address as usize, Arena { owner, size });
        radix::arena_mapped(owner, address as usize, size);
    }
    address
}

unsafe extern "C" fn free(_: *mut c_void, address: *mut c_void, size: usize) {
    if let Some(arenas) = ARENAS.lock().as_mut() {
        arenas.remove(&(address as usize));
    }
    radix::arena_unmapped();
    // SAFETY: CPython gives back an arena that it got from `allocate` (installed before it was
    // initialised, so from nowhere else), and uses it no more.
    unsafe { give_back(address as usize, size) }
}

/// Keeps a free arena, or unmaps it.
///
/// # Safety
/// `address` is an arena of `size` bytes from CPython's own allocator, which nobody uses any more.
unsafe fn give_back(address: usize, size: usize) {
    if spare::keep(address, size) {
        return;
    }
    if let Some(Below(PyObjectArenaAllocator {
        ctx,
        free: Some(free),
        ..
    })) = BELOW.get()
    {
        // SAFETY: as the caller promises; CPython's own function with its own context.
        unsafe { free(*ctx, address as *mut c_void, size) }
    }
}

/// Bytes of arenas that an interpreter holds, `interpreter` being its address.
pub(super) fn bytes_of(interpreter: usize) -> usize {
    let arenas = ARENAS.lock();
    let all = arenas.iter().flat_map(HashMap::values);
    all.filter(|arena| arena.owner == interpreter)
        .map(|arena| arena.size)
        .sum()
}

/// Unmaps what is left of an interpreter's arenas (`own_allocator`), or only forgets whose they
/// were: an interpreter that shares the main allocator fills the main interpreter's arenas, and from 3.14
/// on what is left is what CPython means to leave.
///
/// # Safety
/// The interpreter at this address has ended; no object of it is used any more.
pub(super) unsafe fn reclaim(interpreter: usize, own_allocator: bool) {
    let mut left = Vec::new();
    if let Some(arenas) = ARENAS.lock().as_mut() {
        arenas.retain(|&address, arena| {
            let mine = arena.owner == interpreter;
            if mine {
                left.push((address, arena.size));
            }
            !mine
        });
    }
    if !own_allocator || !version::leaks_on_end() {
        return;
    }
    let check = CHECKING.load(Ordering::Relaxed);
    // SAFETY: the interpreter, which had an allocator of its own, has ended, as the caller promises.
    unsafe { radix::reclaim(interpreter, check) }
    for (address, size) in left {
        // SAFETY: an arena of the ended interpreter, which nothing uses any more, as the caller
        // promises; removed from the table above, so it is given back once.
        unsafe {
            if check {
                forbid(address, size);
            } else {
                give_back(address, size);
            }
        }
    }
}

/// Makes an arena inaccessible for good.
///
/// # Safety
/// `address` is a mapping of `size` bytes, which nobody uses any more.
#[cfg(unix)]
unsafe fn forbid(address: usize, size: usize) {
    // SAFETY: CPython's arenas are whole pages of `mmap`; nobody uses this one, as the caller promises.
    let failed = unsafe { libc::mprotect(address as *mut c_void, size, libc::PROT_NONE) };
    assert_eq!(failed, 0, "mprotect of an arena");
}

#[cfg(not(unix))]
unsafe fn forbid(_: usize, _: usize) {
    unreachable!("not offered here")
}
