//! Keeping the addon loaded. Node unloads an addon with the last environment that uses it, but
//! threads of ours (interpreters, timers) go on, and libpython cannot be unloaded.

use std::sync::Once;

/// Keeps this library in memory until the process ends.
pub(super) fn pin() {
    static PIN: Once = Once::new();
    PIN.call_once(|| {
        // Where the system refuses, the addon works all the same as long as one environment lives.
        let _ = keep_loaded();
    });
}

/// Somewhere in this library.
fn anchor() {}

#[cfg(unix)]
fn keep_loaded() -> Option<()> {
    use std::ffi::{c_char, c_int, c_void};

    #[repr(C)]
    struct DlInfo {
        file_name: *const c_char,
        base: *mut c_void,
        symbol_name: *const c_char,
        symbol: *mut c_void,
    }

    unsafe extern "C" {
        fn dladdr(address: *const c_void, info: *mut DlInfo) -> c_int;
        fn dlopen(file_name: *const c_char, flags: c_int) -> *mut c_void;
    }

    const RTLD_LAZY: c_int = 1;
    #[cfg(target_os = "macos")]
    const KEEP: c_int = 0x10 | 0x80; // RTLD_NOLOAD | RTLD_NODELETE
    #[cfg(not(target_os = "macos"))]
    const KEEP: c_int = 0x4 | 0x1000; // RTLD_NOLOAD | RTLD_NODELETE

    let mut info = DlInfo {
        file_name: std::ptr::null(),
        base: std::ptr::null_mut(),
        symbol_name: std::ptr::null(),
        symbol: std::ptr::null_mut(),
    };
    // SAFETY:
    // - `dladdr` gets an address inside of this library and a valid place, laid out as POSIX has it;
    // - the name that it gives is a string of the loader's, alive as long as the library;
    // - `dlopen` with RTLD_NOLOAD runs no code: it finds what is loaded. The handle is never closed.
    unsafe {
        let address = anchor as fn() as *const c_void;
        if dladdr(address, &mut info) == 0 || info.file_name.is_null() {
            return None;
        }
        (!dlopen(info.file_name, RTLD_LAZY | KEEP).is_null()).then_some(())
    }
}

#[cfg(windows)]
fn keep_loaded() -> Option<()> {
    use std::ffi::c_void;

    const PIN: u32 = 0x1; // GET_MODULE_HANDLE_EX_FLAG_PIN
    const FROM_ADDRESS: u32 = 0x4; // GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleExW(flags: u32, name: *const u16, module: *mut *mut c_void) -> i32;
    }

    let mut module = std::ptr::null_mut();
    // SAFETY: with FROM_ADDRESS the name is an address inside of this library; `module` is a valid
    // place. The handle is never freed.
    let done = unsafe {
        GetModuleHandleExW(
            PIN | FROM_ADDRESS,
            anchor as fn() as *const u16,
            &mut module,
        )
    };
    (done != 0).then_some(())
}
