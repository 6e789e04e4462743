//! `site`, which CPython imports in every interpreter, done once: what it found in the main one is
//! told to the others. What is told, and whether that may be done, is `multicore._site`'s to say.
//!
//! CPython prefers modules of `PyImport_FrozenModules`, which are the embedder's, to its own frozen ones. The
//! one here is a `site` that asks [`BUILTIN`] whether the thread makes an interpreter of ours; if so
//! it does nothing, and otherwise runs CPython's own.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::null_mut;
use std::sync::OnceLock;

use pyo3::ffi as c;

use super::ffi::{self, symbol};
use super::lifecycle::BuiltinModule;
use super::version;

/// `struct _frozen`: four fields since 3.12.
#[repr(C)]
struct Frozen {
    name: *const c_char,
    code: *const u8,
    size: c_int,
    is_package: c_int,
}

const NAME: &CStr = c"site";

struct Kept {
    original: Vec<u8>,
    found: Vec<u8>,
}

static KEPT: OnceLock<Kept> = OnceLock::new();

thread_local! {
    /// Whether the thread makes an interpreter that is told what `site` found.
    static SKIPS: Cell<bool> = const { Cell::new(false) };
}

/// Installs `stand_in` as the `site` of interpreters to come. `original` is CPython's, `found` what
/// interpreters of ours get instead ([`found`]); the first two are marshalled code. Does nothing the
/// second time, and with a CPython where this is not known to work.
pub fn stand_in_for_site(original: &[u8], stand_in: &[u8], found: &[u8]) {
    let Some(table) = symbol(c"PyImport_FrozenModules") else {
        return;
    };
    let kept = Kept {
        original: original.to_vec(),
        found: found.to_vec(),
    };
    if !version::runs_site_like_3_13() || KEPT.set(kept).is_err() {
        return;
    }
    let code: &'static [u8] = Box::leak(Box::from(stand_in));
    let modules: &'static [Frozen; 2] = Box::leak(Box::new([
        Frozen {
            name: NAME.as_ptr(),
            code: code.as_ptr(),
            size: code.len() as c_int,
            is_package: 0,
        },
        Frozen {
            name: std::ptr::null(),
            code: std::ptr::null(),
            size: 0,
            is_package: 0,
        },
    ]));
    // SAFETY: `const struct _frozen *PyImport_FrozenModules`, null unless somebody else set it; ours
    // lives as long as the process and ends with an entry without a name. It is set while only the
    // main interpreter exists, by a thread that holds its GIL.
    unsafe {
        let table = table.cast::<*const Frozen>();
        if (*table).is_null() {
            *table = modules.as_ptr();
        }
    }
}

/// What the main interpreter's `site` found, for an interpreter that went without; `None`: it ran in each.
pub fn found() -> Option<&'static [u8]> {
    KEPT.get().map(|kept| kept.found.as_slice())
}

/// Makes an interpreter without `site`.
pub(super) fn without<R>(make: impl FnOnce() -> R) -> R {
    SKIPS.set(true);
    let made = make();
    SKIPS.set(false);
    made
}

/// What the stand-in asks: usable in every interpreter of the process, those of others included.
pub const BUILTIN: BuiltinModule = BuiltinModule {
    name: c"_multicore_site",
    init,
};

/// As C wants it: static and mutable.
#[repr(transparent)]
struct Static<T>(std::cell::UnsafeCell<T>);

// SAFETY: CPython writes bookkeeping fields of the definition, under its own lock; nobody else does.
unsafe impl<T> Sync for Static<T> {}

static METHODS: Static<[c::PyMethodDef; 3]> = Static(std::cell::UnsafeCell::new([
    c::PyMethodDef {
        ml_name: c"skips".as_ptr(),
        ml_meth: c::PyMethodDefPointer { PyCFunction: skips },
        ml_flags: c::METH_NOARGS,
        ml_doc: c"Whether site is to do nothing here.".as_ptr(),
    },
    c::PyMethodDef {
        ml_name: c"code".as_ptr(),
        ml_meth: c::PyMethodDefPointer { PyCFunction: code },
        ml_flags: c::METH_NOARGS,
        ml_doc: c"The code of CPython's own site.".as_ptr(),
    },
    c::PyMethodDef::zeroed(),
]));

static SLOTS: Static<[c::PyModuleDef_Slot; 2]> = Static(std::cell::UnsafeCell::new([
    c::PyModuleDef_Slot {
        slot: c::Py_mod_multiple_interpreters,
        value: c::Py_MOD_PER_INTERPRETER_GIL_SUPPORTED,
    },
    c::PyModuleDef_Slot {
        slot: 0,
        value: null_mut(),
    },
]));

static DEFINITION: Static<c::PyModuleDef> = Static(std::cell::UnsafeCell::new(c::PyModuleDef {
    m_base: c::PyModuleDef_HEAD_INIT,
    m_name: c"_multicore_site".as_ptr(),
    m_doc: std::ptr::null(),
    m_size: 0,
    m_methods: METHODS.0.get().cast(),
    m_slots: SLOTS.0.get().cast(),
    m_traverse: None,
    m_clear: None,
    m_free: None,
}));

unsafe extern "C" fn init() -> *mut c::PyObject {
    // SAFETY: CPython calls this attached; the definition is static.
    unsafe { c::PyModuleDef_Init(DEFINITION.0.get()) }
}

unsafe extern "C" fn skips(_: *mut c::PyObject, _: *mut c::PyObject) -> *mut c::PyObject {
    // SAFETY: CPython calls this attached.
    unsafe { c::PyBool_FromLong(SKIPS.get().into()) }
}

unsafe extern "C" fn code(_: *mut c::PyObject, _: *mut c::PyObject) -> *mut c::PyObject {
    let original = KEPT.get().map_or(&[][..], |kept| &kept.original);
    // SAFETY: CPython calls this attached; as many bytes as said, which live for ever.
    unsafe {
        let size = original.len() as c::Py_ssize_t;
        ffi::PyMarshal_ReadObjectFromString(original.as_ptr().cast(), size)
    }
}

const _: () =
    assert!(size_of::<Frozen>() == 2 * size_of::<*const c_void>() + 2 * size_of::<c_int>());
