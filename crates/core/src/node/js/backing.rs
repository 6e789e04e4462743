//! Keeping memory of V8's beyond the environment that it came from.
//!
//! Node-API cannot do that: a reference dies with its environment. When a Worker ends while Python
//! reads memory that it lent, that memory must stay. V8 counts the owners of such memory
//! (`std::shared_ptr<v8::BackingStore>`), and the node executable exports the function that makes one
//! more; it is looked up by name, and where it is not found a Worker lends no memory.

use std::ffi::{CStr, c_void};
use std::mem::MaybeUninit;
use std::sync::OnceLock;

use super::env::{Env, Val};

/// Room for what V8 returns, a `std::shared_ptr`: two words. Larger, so that every calling
/// convention passes a place for it, as C++ does for a class with a destructor. V8 writes the first two.
#[repr(C)]
struct Returned([MaybeUninit<usize>; 4]);

/// `std::shared_ptr<v8::BackingStore> v8::…ArrayBuffer::GetBackingStore()`; `this` is what a
/// `v8::Local` holds, which is what a `napi_value` is.
type GetBackingStore = unsafe extern "C" fn(this: *mut c_void) -> Returned;

#[derive(Clone, Copy)]
struct Functions {
    plain: GetBackingStore,
    shared: GetBackingStore,
}

fn functions() -> Option<Functions> {
    static FOUND: OnceLock<Option<Functions>> = OnceLock::new();
    *FOUND.get_or_init(|| {
        Some(Functions {
            plain: look_up(c"_ZN2v811ArrayBuffer15GetBackingStoreEv")?,
            shared: look_up(c"_ZN2v817SharedArrayBuffer15GetBackingStoreEv")?,
        })
    })
}

/// Only where C++ passes arguments and results as said above: the Itanium ABI.
#[cfg(all(unix, any(target_arch = "x86_64", target_arch = "aarch64")))]
fn look_up(name: &CStr) -> Option<GetBackingStore> {
    unsafe extern "C" {
        fn dlsym(handle: *mut c_void, symbol: *const std::ffi::c_char) -> *mut c_void;
    }
    #[cfg(target_os = "linux")]
    const RTLD_DEFAULT: *mut c_void = std::ptr::null_mut();
    #[cfg(not(target_os = "linux"))]
    const RTLD_DEFAULT: *mut c_void = -2_isize as *mut c_void;
    // SAFETY: dlsym takes the pseudo-handle and any name; the mangled name says the signature.
    unsafe {
        let address = dlsym(RTLD_DEFAULT, name.as_ptr());
        (!address.is_null()).then(|| std::mem::transmute::<*mut c_void, GetBackingStore>(address))
    }
}

#[cfg(not(all(unix, any(target_arch = "x86_64", target_arch = "aarch64"))))]
fn look_up(_: &CStr) -> Option<GetBackingStore> {
    None
}

/// Whether [`Env::keep_memory`] works here.
pub(in crate::node) fn can_keep_memory() -> bool {
    functions().is_some()
}

impl Env<'_> {
    /// Keeps the memory of an array buffer for the rest of the process, whatever becomes of its
    /// environment. Runs no JavaScript.
    ///
    /// # Safety
    /// `buffer` is a `SharedArrayBuffer` if `is_shared`, else an `ArrayBuffer`: V8 does not check.
    pub(in crate::node) unsafe fn keep_memory(self, buffer: Val<'_>, is_shared: bool) -> bool {
        let Some(functions) = functions() else {
            return false;
        };
        let get = if is_shared {
            functions.shared
        } else {
            functions.plain
        };
        // SAFETY:
        // - holding an `Env` permits it; the handle is live and of the function's class, as the caller promises;
        // - the first word of what is returned is written whatever it is, a null one included. As nothing here
        //   destroys it, that owner is never given up.
        let store = unsafe {
            let Returned([store, ..]) = get(buffer.raw().cast());
            store.assume_init()
        };
        store != 0
    }
}
