//! Which encoding Python takes for files, paths and the environment: the one that the `python`
//! command would take. Decided before CPython starts; starting it is in `lifecycle.rs`.

#[cfg(unix)]
use std::ffi::{CStr, CString, c_char};

/// Whether UTF-8 mode (PEP 540) is to be on; `None` where CPython's own default is right.
///
/// An embedded CPython does not turn it on by itself where the `python` command does: in the C
/// locale, which is what containers and services run in (no `LANG`), text would be ASCII. Sets
/// the process's `LC_CTYPE` from the environment, as CPython does when it starts: node leaves
/// it at "C", and paths are decoded by it.
///
/// # Errors
/// `PYTHONUTF8` is neither 0 nor 1.
pub(super) fn utf8_mode() -> Result<Option<bool>, String> {
    let asked = std::env::var_os("PYTHONUTF8").filter(|value| !value.is_empty());
    let c_locale = locale_is_c();
    match asked {
        None => Ok(c_locale),
        Some(value) if value == "1" => Ok(Some(true)),
        Some(value) if value == "0" => Ok(Some(false)),
        Some(_) => Err("PYTHONUTF8 is neither 0 nor 1: correct or unset it".to_owned()),
    }
}

/// Whether `LC_CTYPE` is "C" or "POSIX" once it is set from the environment.
#[cfg(unix)]
fn locale_is_c() -> Option<bool> {
    // SAFETY: the strings are NUL-terminated; the answer, which a later call may overwrite, is
    // read at once. Other threads that read the locale meanwhile see the old or the new one: the
    // C library swaps a pointer under its own lock. CPython would make the same call next.
    unsafe {
        libc::setlocale(libc::LC_CTYPE, c"".as_ptr());
        let name = libc::setlocale(libc::LC_CTYPE, std::ptr::null());
        if name.is_null() {
            return Some(true);
        }
        let name = CStr::from_ptr(name);
        Some(name == c"C" || name == c"POSIX")
    }
}

/// On Windows UTF-8 mode is a matter of `PYTHONUTF8` and of CPython's version alone.
#[cfg(windows)]
fn locale_is_c() -> Option<bool> {
    None
}

pub(super) const HOLDS_NUL: &str = "the executable's path holds a NUL";

/// A path in `wchar_t`s and with a NUL, as CPython 3.13 wants it before it has started. After
/// [`utf8_mode`], and by what that said.
#[cfg(unix)]
pub(super) fn wide(path: &str, utf8: bool) -> Result<Vec<libc::wchar_t>, String> {
    let name = CString::new(path).map_err(|_| HOLDS_NUL)?;
    if utf8 {
        let wide = path.chars().map(|each| u32::from(each) as libc::wchar_t);
        return Ok(wide.chain([0]).collect());
    }
    unsafe extern "C" {
        fn Py_DecodeLocale(arg: *const c_char, size: *mut usize) -> *mut libc::wchar_t;
        fn PyMem_RawFree(memory: *mut std::ffi::c_void);
    }
    let mut length = 0;
    // SAFETY:
    // - Py_DecodeLocale may be called before CPython starts and decodes by `LC_CTYPE`, which is
    //   set by now; it returns null or `length` characters and a NUL, which are ours;
    // - they come from PyMem_RawMalloc.
    unsafe {
        let decoded = Py_DecodeLocale(name.as_ptr(), &mut length);
        if decoded.is_null() {
            return Err(format!("the executable's path cannot be decoded: {path}"));
        }
        let wide = std::slice::from_raw_parts(decoded, length + 1).to_vec();
        PyMem_RawFree(decoded.cast());
        Ok(wide)
    }
}

/// A path in `wchar_t`s and with a NUL, as CPython 3.13 wants it before it has started.
#[cfg(windows)]
pub(super) fn wide(path: &str, _utf8: bool) -> Result<Vec<u16>, String> {
    if path.contains('\0') {
        return Err(HOLDS_NUL.to_owned());
    }
    Ok(path.encode_utf16().chain([0]).collect())
}
