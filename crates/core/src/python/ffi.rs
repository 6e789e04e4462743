//! C functions of CPython that `pyo3::ffi` does not declare for the limited API, as declarations
//! and run-time look-ups only. Everything here is raw: the safe layer is in the files beside it.
//!
//! Declared functions exist in every CPython from 3.13 on. What only some versions have is looked
//! up by name ([`symbol`]), so that one binary loads into all of them.

use std::ffi::{CStr, c_char, c_int, c_void};

use pyo3::ffi::{Py_ssize_t, PyInterpreterState, PyObject, PyThreadState};

/// `PyInterpreterConfig`: seven ints since 3.12 (PEP 684).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub(super) struct PyInterpreterConfig {
    pub(super) use_main_obmalloc: c_int,
    pub(super) allow_fork: c_int,
    pub(super) allow_exec: c_int,
    pub(super) allow_threads: c_int,
    pub(super) allow_daemon_threads: c_int,
    pub(super) check_multi_interp_extensions: c_int,
    pub(super) gil: c_int,
}

/// `PyInterpreterConfig_SHARED_GIL`.
pub(super) const SHARED_GIL: c_int = 1;
/// `PyInterpreterConfig_OWN_GIL`.
pub(super) const OWN_GIL: c_int = 2;

/// `PyStatus`, returned by value: `_type`, `func`, `err_msg`, `exitcode`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub(super) struct PyStatus {
    pub(super) kind: c_int,
    pub(super) func: *const c_char,
    pub(super) err_msg: *const c_char,
    pub(super) exitcode: c_int,
}

/// `PyObjectArenaAllocator`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub(super) struct PyObjectArenaAllocator {
    pub(super) ctx: *mut c_void,
    pub(super) alloc: Option<unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void>,
    pub(super) free: Option<unsafe extern "C" fn(*mut c_void, *mut c_void, usize)>,
}

/// `PyMemAllocatorEx`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub(super) struct PyMemAllocatorEx {
    pub(super) ctx: *mut c_void,
    pub(super) malloc: Option<unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void>,
    pub(super) calloc: Option<unsafe extern "C" fn(*mut c_void, usize, usize) -> *mut c_void>,
    pub(super) realloc:
        Option<unsafe extern "C" fn(*mut c_void, *mut c_void, usize) -> *mut c_void>,
    pub(super) free: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
}

/// `PYMEM_DOMAIN_RAW`.
pub(super) const RAW_DOMAIN: c_int = 0;

unsafe extern "C" {
    pub(super) fn Py_NewInterpreterFromConfig(
        tstate: *mut *mut PyThreadState,
        config: *const PyInterpreterConfig,
    ) -> PyStatus;
    pub(super) fn PyInterpreterState_ThreadHead(
        interp: *mut PyInterpreterState,
    ) -> *mut PyThreadState;
    pub(super) fn PyInterpreterState_Main() -> *mut PyInterpreterState;
    pub(super) fn PyThreadState_Next(tstate: *mut PyThreadState) -> *mut PyThreadState;
    pub(super) fn PyThreadState_GetUnchecked() -> *mut PyThreadState;
    pub(super) fn PyObject_GetArenaAllocator(allocator: *mut PyObjectArenaAllocator);
    pub(super) fn PyObject_SetArenaAllocator(allocator: *mut PyObjectArenaAllocator);
    /// Writes at most `n` bytes; returns how many are needed, or -1. Flag 3: little-endian.
    pub(super) fn PyLong_AsNativeBytes(
        v: *mut PyObject,
        buffer: *mut c_void,
        n_bytes: Py_ssize_t,
        flags: c_int,
    ) -> Py_ssize_t;
    pub(super) fn PyLong_FromNativeBytes(
        buffer: *const c_void,
        n_bytes: usize,
        flags: c_int,
    ) -> *mut PyObject;
    pub(super) fn PyUnicode_FromKindAndData(
        kind: c_int,
        buffer: *const c_void,
        size: Py_ssize_t,
    ) -> *mut PyObject;
    pub(super) fn PyMarshal_WriteObjectToString(x: *mut PyObject, version: c_int) -> *mut PyObject;
    pub(super) fn PyMarshal_ReadObjectFromString(
        data: *const c_char,
        length: Py_ssize_t,
    ) -> *mut PyObject;
}

/// `Py_ASNATIVEBYTES_LITTLE_ENDIAN`.
pub(super) const LITTLE_ENDIAN: c_int = 1;

/// `frozendict` (PEP 814), CPython 3.15 and later.
#[derive(Clone, Copy, Debug)]
pub(super) struct FrozenDict {
    pub(super) class: *mut pyo3::ffi::PyTypeObject,
    /// Makes one of any mapping.
    pub(super) new: unsafe extern "C" fn(*mut PyObject) -> *mut PyObject,
}

// SAFETY: the address of a static type and of a function; both live as long as the process.
unsafe impl Send for FrozenDict {}
// SAFETY: as above.
unsafe impl Sync for FrozenDict {}

/// `frozendict`, if this CPython has it.
pub(super) fn frozen_dict() -> Option<FrozenDict> {
    static FOUND: std::sync::OnceLock<Option<FrozenDict>> = std::sync::OnceLock::new();
    *FOUND.get_or_init(|| {
        let new = symbol(c"PyFrozenDict_New")?;
        Some(FrozenDict {
            class: symbol(c"PyFrozenDict_Type")?.cast(),
            // SAFETY: `PyObject *PyFrozenDict_New(PyObject *iterable)`, as PEP 814 has it.
            new: unsafe {
                std::mem::transmute::<
                    *mut c_void,
                    unsafe extern "C" fn(*mut PyObject) -> *mut PyObject,
                >(new)
            },
        })
    })
}

/// Looks a symbol of the loaded libpython up; `None` if this version does not have it.
#[cfg(unix)]
pub(super) fn symbol(name: &CStr) -> Option<*mut c_void> {
    unsafe extern "C" {
        fn dlsym(handle: *mut c_void, symbol: *const c_char) -> *mut c_void;
    }
    // `RTLD_DEFAULT`: libpython was opened RTLD_GLOBAL before this addon was loaded.
    #[cfg(target_os = "linux")]
    const RTLD_DEFAULT: *mut c_void = std::ptr::null_mut();
    #[cfg(not(target_os = "linux"))]
    const RTLD_DEFAULT: *mut c_void = -2_isize as *mut c_void;
    // SAFETY: dlsym accepts the pseudo-handle and any NUL-terminated name, from any thread.
    let address = unsafe { dlsym(RTLD_DEFAULT, name.as_ptr()) };
    (!address.is_null()).then_some(address)
}

/// Looks a symbol of the loaded libpython up; `None` if this version does not have it.
#[cfg(windows)]
pub(super) fn symbol(name: &CStr) -> Option<*mut c_void> {
    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleExA(flags: u32, name: *const c_void, module: *mut *mut c_void) -> i32;
        fn GetProcAddress(module: *mut c_void, name: *const c_char) -> *mut c_void;
    }
    // FROM_ADDRESS | UNCHANGED_REFCOUNT: the module that holds a function we already call.
    const FLAGS: u32 = 0x4 | 0x2;
    let mut module = std::ptr::null_mut();
    // SAFETY: the address is one of a loaded module, `module` is valid for writes; with
    // UNCHANGED_REFCOUNT nothing has to be released, and Python is never unloaded.
    unsafe {
        let inside = PyInterpreterState_ThreadHead as *const c_void;
        if GetModuleHandleExA(FLAGS, inside, &mut module) == 0 {
            return None;
        }
        let address = GetProcAddress(module, name.as_ptr());
        (!address.is_null()).then_some(address)
    }
}
