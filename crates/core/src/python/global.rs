//! A Python object that is kept beyond the attachment.

use std::ptr::NonNull;
use std::sync::Weak;

use pyo3::ffi as c;

use super::attach::Python;
use super::interp::Interp;
use super::object::Object;

/// A strong reference that outlives the attachment. It can be used only by a thread that is
/// attached to the same interpreter (checked), and dropped anywhere.
pub struct Global {
    raw: NonNull<c::PyObject>,
    id: i64,
    interp: Weak<Interp>,
}

// SAFETY: the pointer is touched only in `get` (attached to `interp`, checked) and given back
// through the interpreter's own release queue.
unsafe impl Send for Global {}
// SAFETY: as above; `get` needs the GIL.
unsafe impl Sync for Global {}

impl Object<'_> {
    /// Keeps this for later, beyond the attachment.
    pub fn into_global(self) -> Global {
        let interp = self.py().interp();
        Global {
            // SAFETY: objects have addresses.
            raw: unsafe { NonNull::new_unchecked(self.into_ptr()) },
            id: interp.id(),
            interp: interp.weak(),
        }
    }
}

impl Global {
    /// The object, for a thread that is attached to its interpreter; `None` for any other.
    pub fn get<'py>(&self, py: Python<'py>) -> Option<Object<'py>> {
        if py.interp().id() != self.id {
            return None;
        }
        // SAFETY: a strong reference keeps it alive, and it is of the attached interpreter.
        Some(unsafe { Object::from_borrowed(py, self.raw.as_ptr()) })
    }

    /// CPython's id of the interpreter that it belongs to.
    pub fn interp_id(&self) -> i64 {
        self.id
    }
}

impl Drop for Global {
    fn drop(&mut self) {
        // An interpreter that is gone took its objects with it.
        if let Some(interp) = self.interp.upgrade() {
            interp.release_later(self.raw);
        }
    }
}

impl std::fmt::Debug for Global {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Global(interpreter {})", self.id)
    }
}
