//! How much C recursion fits on the calling thread's stack, and telling CPython 3.13 so.
//!
//! CPython 3.13 allows the same number of nested C calls on every thread, whatever its stack: 10,000,
//! which takes up to 16 MB. That is what threads of ours have; Node's main thread has 8 MB, a Worker
//! 4 MB, and `sorted` nested 1,000 deep overflows that: the process dies. So the allowance of a
//! thread state made on such a thread is cut to what fits. CPython 3.14 looks at the stack itself.

use std::ptr::NonNull;

use pyo3::ffi as c;

use super::version;

/// Stack that one unit of C recursion may take: 1.6 KB measured at worst, with a margin.
const BYTES_PER_UNIT: usize = 2048;
/// Left for JavaScript, which may be called from Python and limits itself to this.
const RESERVED_BYTES: usize = 1_200_000;
/// Less than this and ordinary code fails.
const LEAST_UNITS: usize = 400;
/// What CPython's own allowance is enough for.
const ENOUGH_BYTES: usize = 20_000_000;

/// The start of CPython 3.13's `struct _ts`, 64-bit (`Include/cpython/pystate.h`).
#[repr(C)]
struct ThreadState313 {
    _prev_next_interp: [*mut c::PyObject; 3],
    _eval_breaker: usize,
    _status_whence_state: [u32; 3],
    py_recursion_remaining: i32,
    py_recursion_limit: i32,
    c_recursion_remaining: i32,
    recursion_headroom: i32,
}

/// Cuts the C recursion allowance of a thread state to what the calling thread's stack can take.
///
/// # Safety
/// `raw` was made by `PyThreadState_New` for the calling thread just now and ran nothing yet.
pub(super) unsafe fn limit_recursion(raw: NonNull<c::PyThreadState>) {
    if !version::counts_c_recursion() || size_of::<usize>() != 8 {
        return;
    }
    let Some(available) = available_here().filter(|available| *available < ENOUGH_BYTES) else {
        return;
    };
    let units = available.saturating_sub(RESERVED_BYTES) / BYTES_PER_UNIT;
    let units = i32::try_from(units.max(LEAST_UNITS)).unwrap_or(i32::MAX);
    let state = raw.cast::<ThreadState313>().as_ptr();
    // SAFETY:
    // - a living thread state of CPython 3.13, whose struct begins like this in every 3.13.x (it is
    //   part of the ABI within a minor version);
    // - nobody else looks at it yet. The values that a new one has are checked all the same: if
    //   any is not as expected, nothing is written.
    unsafe {
        let as_expected = (*state).py_recursion_remaining == (*state).py_recursion_limit
            && (*state).py_recursion_limit > 0
            && (500..=20_000).contains(&(*state).c_recursion_remaining)
            && (*state).recursion_headroom == 0;
        if as_expected && (*state).c_recursion_remaining > units {
            (*state).c_recursion_remaining = units;
        }
    }
}

/// [`available`], asked once per thread: what Node has below its calls into here differs little, and
/// Linux reads a file for its main thread.
fn available_here() -> Option<usize> {
    thread_local! {
        static HERE: Option<usize> = available();
    }
    HERE.with(|available| *available)
}

/// Bytes between here and the end of the calling thread's stack; `None` where that is not known.
#[cfg(target_os = "linux")]
fn available() -> Option<usize> {
    let mut attributes = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut lowest, mut size) = (std::ptr::null_mut(), 0);
    // SAFETY: the calling thread; places that are valid for the calls; destroyed once if it was made.
    unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return None;
        }
        let known = libc::pthread_attr_getstack(attributes.as_ptr(), &mut lowest, &mut size) == 0;
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        if !known {
            return None;
        }
    }
    let here = &raw const size as usize;
    here.checked_sub(lowest as usize)
}

/// Bytes between here and the end of the calling thread's stack; `None` where that is not known.
#[cfg(target_os = "macos")]
fn available() -> Option<usize> {
    // SAFETY: the calling thread; both only ask.
    let (top, size) = unsafe {
        let thread = libc::pthread_self();
        (
            libc::pthread_get_stackaddr_np(thread) as usize,
            libc::pthread_get_stacksize_np(thread),
        )
    };
    let here = &raw const size as usize;
    here.checked_sub(top.checked_sub(size)?)
}

/// Windows' own allowance is 3,000.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn available() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_thread_knows_its_stack() {
        let asked = std::thread::Builder::new()
            .stack_size(4 << 20)
            .spawn(super::available);
        let available = asked.unwrap().join().unwrap();
        if let Some(bytes) = available {
            assert!((3 << 20..5 << 20).contains(&bytes), "{bytes}");
        }
    }
}
