//! `site`, which CPython imports in every interpreter, done once: what it found in the main one is
//! told to the others. What is told, and whether that may be done, is `multicore._site`'s to say.
//!
//! CPython imports a stand-in (`frozen.rs`), which asks [`BUILTIN`] whether the thread makes an interpreter
//! of ours; if so it does nothing, and otherwise runs CPython's own.

use std::cell::Cell;
use std::ptr::null_mut;
use std::sync::OnceLock;

use pyo3::ffi as c;

use super::ffi;
use super::lifecycle::BuiltinModule;
use super::version;

struct Kept {
    original: Vec<u8>,
    found: Vec<u8>,
}

static KEPT: OnceLock<Kept> = OnceLock::new();

thread_local! {
    /// Whether the thread makes an interpreter that is told what `site` found.
    static SKIPS: Cell<bool> = const { Cell::new(false) };
}

/// Whether one `site` can do for all, as far as this CPython goes.
pub fn can_stand_in_for_site() -> bool {
    version::runs_site_like_3_13()
}

/// Keeps what a stand-in for `site` needs. `original` is CPython's (marshalled code), `found` what
/// interpreters of ours get instead ([`found`]). Does nothing the second time.
pub fn keep_site(original: &[u8], found: &[u8]) {
    let _ = KEPT.set(Kept {
        original: original.to_vec(),
        found: found.to_vec(),
    });
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
