//! Modules that CPython takes from here and not from files: `PyImport_FrozenModules`, which is the
//! embedder's, and which CPython prefers to its own frozen modules. Which they are is
//! `multicore._once`'s to say.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::sync::OnceLock;

use super::ffi::symbol;

/// A module to take from here.
#[derive(Debug)]
pub struct FrozenModule {
    /// Its full name.
    pub name: CString,
    /// Its marshalled code.
    pub code: Box<[u8]>,
    /// Whether it is a package.
    pub is_package: bool,
}

/// `struct _frozen`: four fields since 3.12.
#[repr(C)]
struct Entry {
    name: *const c_char,
    code: *const u8,
    size: c_int,
    is_package: c_int,
}

const _: () =
    assert!(size_of::<Entry>() == 2 * size_of::<*const c_void>() + 2 * size_of::<c_int>());

static MODULES: OnceLock<Vec<FrozenModule>> = OnceLock::new();

/// Makes interpreters to come take these modules from here. While only the main interpreter exists, by
/// the thread that holds its GIL. Does nothing the second time.
pub fn freeze(modules: Vec<FrozenModule>) {
    let Some(table) = symbol(c"PyImport_FrozenModules") else {
        return;
    };
    if MODULES.set(modules).is_err() {
        return;
    }
    let modules = MODULES.get().into_iter().flatten();
    let mut entries: Vec<Entry> = modules
        .map(|module| Entry {
            name: module.name.as_ptr(),
            code: module.code.as_ptr(),
            size: module.code.len() as c_int,
            is_package: c_int::from(module.is_package),
        })
        .collect();
    entries.push(Entry {
        name: std::ptr::null(),
        code: std::ptr::null(),
        size: 0,
        is_package: 0,
    });
    let entries: &'static [Entry] = entries.leak();
    // SAFETY: `const struct _frozen *PyImport_FrozenModules`, null unless somebody else set it; ours
    // lives as long as the process and ends with an entry without a name. Nobody reads it meanwhile, as
    // the caller promises by holding the only GIL.
    unsafe {
        let table = table.cast::<*const Entry>();
        if (*table).is_null() {
            *table = entries.as_ptr();
        }
    }
}

/// The names of modules that are taken from here.
pub fn frozen() -> impl Iterator<Item = &'static CStr> {
    MODULES
        .get()
        .into_iter()
        .flatten()
        .map(|module| module.name.as_c_str())
}
