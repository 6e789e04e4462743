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
    let mut info = std::mem::MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY:
    // - `dladdr` gets an address inside of this library and a valid place, which it fills if it says so; all of it
    //   are pointers, for which zero is a value;
    // - the name that it gives is a string of the loader's, alive as long as the library;
    // - `dlopen` with RTLD_NOLOAD runs no code of a library: it finds what is loaded. The handle is never closed.
    unsafe {
        let address = anchor as fn() as *const libc::c_void;
        if libc::dladdr(address, info.as_mut_ptr()) == 0 {
            return None;
        }
        let name = info.assume_init().dli_fname;
        if name.is_null() {
            return None;
        }
        let keep = libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE;
        (!libc::dlopen(name, keep).is_null()).then_some(())
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
