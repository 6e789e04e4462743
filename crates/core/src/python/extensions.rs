//! What the extension modules that an interpreter loaded say about themselves (PEP 489, PEP 684).
//! Not here: refusing to load one, which is CPython's own `check_multi_interp_extensions`.

use std::ffi::{CStr, c_int};

use pyo3::ffi as c;

/// `Py_mod_multiple_interpreters`, whose value 0 is `Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED`.
const MULTIPLE_INTERPRETERS: c_int = 3;

/// The name of an extension module that is not made for more than one interpreter, if the current
/// interpreter has loaded one.
///
/// Such a module (orjson, numpy) keeps objects in C variables of the process. Ending the interpreter
/// that they belong to frees them, and the next interpreter that uses the module reads freed memory:
/// stock CPython 3.13.0 dies of `import orjson` in a third legacy interpreter, after two were
/// destroyed. Modules with single-phase initialisation are no danger: CPython 3.13 and later
/// initialise them in the main interpreter, which stays.
///
/// # Safety
/// The calling thread is attached, no exception is set.
pub(super) unsafe fn bound_to_first_interpreter() -> Option<String> {
    // SAFETY: attached; the dict is the interpreter's own and borrowed. Nothing in the loop runs
    // Python code, so the dict does not change: PyModule_Check, PyModule_GetDef and
    // PyModule_GetDict read fields, and looking up an exact str in a module's dict runs none
    // (module dicts of extension modules have str keys).
    unsafe {
        let modules = c::PyImport_GetModuleDict();
        if modules.is_null() || c::PyDict_Check(modules) == 0 {
            return None;
        }
        let (mut at, mut name, mut module) = (0, std::ptr::null_mut(), std::ptr::null_mut());
        while c::PyDict_Next(modules, &mut at, &mut name, &mut module) != 0 {
            if c::PyModule_Check(module) == 0 {
                continue;
            }
            let def = c::PyModule_GetDef(module);
            if def.is_null() {
                c::PyErr_Clear();
                continue;
            }
            if !is_bound(&*def) || !has_file(module) {
                continue;
            }
            return Some(match (*def).m_name.is_null() {
                true => "an extension module".to_owned(),
                false => CStr::from_ptr((*def).m_name).to_string_lossy().into_owned(),
            });
        }
        None
    }
}

/// # Safety
/// A definition that CPython holds; its slots end with an empty one.
unsafe fn is_bound(def: &c::PyModuleDef) -> bool {
    // SAFETY: PEP 489: an array of slots whose last has the number 0; read with their C layout.
    unsafe {
        let mut slot = def.m_slots;
        while !slot.is_null() && (*slot).slot != 0 {
            if (*slot).slot == MULTIPLE_INTERPRETERS {
                return (*slot).value.is_null();
            }
            slot = slot.add(1);
        }
    }
    false
}

/// Whether it was loaded from a file: CPython's own built-in modules are seen to by CPython.
///
/// # Safety
/// Attached; `module` is a module.
unsafe fn has_file(module: *mut c::PyObject) -> bool {
    // SAFETY: as the caller promises; both references are borrowed.
    unsafe {
        let dict = c::PyModule_GetDict(module);
        let found = c::PyDict_GetItemString(dict, c"__file__".as_ptr());
        !found.is_null()
    }
}
