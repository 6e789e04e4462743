//! Environment variables of the process, written so that whoever reads them meanwhile is not hurt.
//!
//! What lives here: `write_variable`, `read_variables`, and the arrays and strings that it makes. What must not: which names Python
//! allows (`multicore._bootstrap`).
//!
//! C reads the variables without a lock: `getenv` in `tzset`, `getaddrinfo`, OpenSSL and Node's `process.env`, and
//! `posix`, which copies all of them whenever an interpreter starts. The C library's `setenv` frees the array that
//! they read when a variable is new (glibc before 2.41, musl), and `unsetenv` shifts it under their eyes. Here each
//! write makes another array and then publishes it. What was ever published is never freed: strings are kept, each
//! once (so does glibc), and arrays are used again in turn. Who reads one for as long as it takes to come round meets
//! entries of two states, each of them whole, and an end.
//!
//! Linux only: elsewhere the C library has a lock for both (macOS, Windows), and Python's own functions stay.
//!
//! It does not hold the C library's lock, which nobody can: JavaScript that adds variables while Python code runs
//! frees arrays as before.

use std::collections::HashSet;
use std::ffi::{CStr, OsString, c_char};
use std::ptr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicPtr, Ordering};

use parking_lot::Mutex;

use super::define::Args;
use super::state::State;
use crate::python::{Borrowed, Builtin, Mode, Object, PyErr, PyResult, from_python, to_python};
use crate::value::Value;

/// `write_variable(name, value)`: bytes without null bytes; `None` removes the variable.
pub(super) fn write_variable<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let given = [args.required(0, "name")?, args.required(1, "value")?];
    let mut written = given.map(|each| from_python(each, Mode::Message));
    match &mut written {
        [Ok(Value::Bytes(name)), Ok(Value::Bytes(value))] => write(name, Some(value)),
        [Ok(Value::Bytes(name)), Ok(Value::None)] => write(name, None),
        _ => {
            let message = "write_variable() takes bytes, and bytes or None";
            return Err(PyErr::new(this.py(), Builtin::TypeError, message));
        }
    }
    Ok(Object::none(this.py()))
}

/// `read_variables()`: a dict of all variables of the process, as bytes.
pub(super) fn read_variables<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    _: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let bytes = |text: OsString| Value::Bytes(text.into_encoded_bytes().into());
    let all = std::env::vars_os().map(|(name, value)| (bytes(name), bytes(value)));
    to_python(this.py(), &Value::Dict(all.collect()))
}

/// `NAME=value`, where C finds it.
type Entry = AtomicPtr<c_char>;

#[cfg(target_os = "linux")]
unsafe extern "C" {
    /// Entries, and a null pointer at the end. Others replace it, and what is in it, at any time.
    #[link_name = "environ"]
    safe static ENVIRON: AtomicPtr<Entry>;
}

/// How many arrays there are at a time.
const ARRAYS: usize = 16;

/// What `environ` points to, or did, or will again.
#[derive(Default)]
struct Published {
    /// Every entry that was ever written, with its null byte.
    entries: HashSet<&'static [u8]>,
    arrays: [&'static [Entry]; ARRAYS],
    turn: usize,
}

impl Published {
    /// The entry that says so, the same one each time.
    fn entry(&mut self, name: &[u8], value: &[u8]) -> *mut c_char {
        let made = [name, b"=", value, b"\0"].concat();
        let kept = self.entries.get(made.as_slice()).copied();
        let kept = kept.unwrap_or_else(|| {
            let kept: &'static [u8] = made.leak();
            self.entries.insert(kept);
            kept
        });
        kept.as_ptr().cast_mut().cast()
    }

    /// An array of these entries. Nothing in it is invalid at any time, and the last place is always null.
    fn array(&mut self, entries: &[*mut c_char]) -> *mut Entry {
        self.turn = (self.turn + 1) % ARRAYS;
        let array = &mut self.arrays[self.turn];
        if array.len() <= entries.len() {
            let room = (entries.len() + 1).next_power_of_two() * 2;
            *array = (0..room)
                .map(|_| Entry::default())
                .collect::<Vec<_>>()
                .leak();
        }
        for (place, &entry) in array.iter().zip(entries) {
            place.store(entry, Ordering::Release);
        }
        array[entries.len()].store(ptr::null_mut(), Ordering::Release);
        array.as_ptr().cast_mut()
    }
}

/// The entries of an array, with `entry` in the place of those of this name, or at the end.
///
/// # Safety
/// `present` is null, or of entries that are valid C strings, ended by a null pointer.
unsafe fn with_entry(
    present: *const Entry,
    name: &[u8],
    mut entry: Option<*mut c_char>,
) -> Vec<*mut c_char> {
    let mut entries = Vec::new();
    let mut at = present;
    while !at.is_null() {
        // SAFETY: not past the end, which ends the loop; entries are C strings.
        let (known, text) = unsafe {
            let known = (*at).load(Ordering::Acquire);
            if known.is_null() {
                break;
            }
            at = at.add(1);
            (known, CStr::from_ptr(known).to_bytes())
        };
        if text
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(b"="))
        {
            entries.extend(entry.take());
        } else {
            entries.push(known);
        }
    }
    entries.extend(entry);
    entries
}

#[cfg(target_os = "linux")]
fn write(name: &[u8], value: Option<&[u8]>) {
    static PUBLISHED: LazyLock<Mutex<Published>> = LazyLock::new(Mutex::default);
    let mut published = PUBLISHED.lock();
    let entry = value.map(|value| published.entry(name, value));
    loop {
        let present = ENVIRON.load(Ordering::Acquire);
        // SAFETY: that is what `environ` points to. Arrays of ours are never freed; one of the C library's is
        // when JavaScript adds a variable in this moment, which is as safe as it is in C (see above).
        let entries = unsafe { with_entry(present, name, entry) };
        let next = published.array(&entries);
        let exchanged =
            ENVIRON.compare_exchange(present, next, Ordering::AcqRel, Ordering::Acquire);
        if exchanged.is_ok() {
            return;
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn write(_: &[u8], _: Option<&[u8]>) {
    unreachable!("multicore._bootstrap leaves os.putenv as it is here");
}
