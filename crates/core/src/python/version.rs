//! Which CPython runs, and what differs between the supported versions. Every difference that the
//! core minds has a name here.

use std::ffi::CStr;

use pyo3::ffi as c;

/// `(major, minor, micro)` of the loaded libpython.
pub(super) fn triple() -> (u8, u8, u8) {
    let text = text();
    let mut parts = text.split('.').map(|part| {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    });
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next())
}

/// The version as text: `3.13.0`, `3.15.0rc1`.
pub fn text() -> String {
    // SAFETY: a static string, callable at any time.
    let text = unsafe { CStr::from_ptr(c::Py_GetVersion()) }.to_string_lossy();
    text.split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The format to marshal code in: since 3.14 its constants may be slices, which the older one lacks.
pub(super) fn marshal_format() -> i32 {
    if triple() >= (3, 14, 0) { 5 } else { 4 }
}

/// Whether nested C calls are counted, and not measured by the stack that is left (3.14 and later).
pub(super) fn counts_c_recursion() -> bool {
    triple() < (3, 14, 0)
}

/// Whether starting an interpreter imports `site`, and that does what it does in 3.13: looked at for
/// 3.13 and 3.14. 3.15 reads `.start` files, too.
pub(super) fn runs_site_like_3_13() -> bool {
    triple() < (3, 15, 0)
}

/// Whether ending an interpreter leaks most of its memory, so that it pays to take arenas back:
/// measured at 1.8 MB (bare) to 9 MB on every 3.13, at 7–55 KB on 3.14 and 3.15.
pub(super) fn leaks_on_end() -> bool {
    triple() < (3, 14, 0)
}
