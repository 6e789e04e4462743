//! The arrays that C's `environ` points to: made anew for each write, published, and never freed.
//!
//! The C library's `setenv` frees the array that others read when a variable is new (glibc before 2.41, musl), and
//! `unsetenv` shifts it under their eyes. Here strings are kept, each once (so does glibc), and arrays are used
//! again in turn: who reads one for as long as it takes to come round meets entries of two states, each of them
//! whole, and an end.
//!
//! This does not hold the C library's lock, which nobody can: JavaScript that adds variables while Python code runs
//! frees arrays as before.

use std::collections::HashSet;
use std::ffi::{CStr, c_char};
use std::ptr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicPtr, Ordering};

use parking_lot::Mutex;

/// `NAME=value`, where C finds it.
type Entry = AtomicPtr<c_char>;

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

/// Sets a variable, or removes it. Neither has null bytes.
pub(super) fn write(name: &[u8], value: Option<&[u8]>) {
    static PUBLISHED: LazyLock<Mutex<Published>> = LazyLock::new(Mutex::default);
    let mut published = PUBLISHED.lock();
    let entry = value.map(|value| published.entry(name, value));
    loop {
        let present = ENVIRON.load(Ordering::Acquire);
        // SAFETY: that is what `environ` points to. Arrays of ours are never freed; one of the C library's is
        // when JavaScript adds a variable in this moment, which is as safe as it is in C (see above).
        let [entries, again] = std::array::from_fn(|_| unsafe { with_entry(present, name, entry) });
        if entries != again {
            // JavaScript removes one, which moves those behind it: one of them may have been missed.
            continue;
        }
        let next = published.array(&entries);
        let exchanged =
            ENVIRON.compare_exchange(present, next, Ordering::AcqRel, Ordering::Acquire);
        if exchanged.is_ok() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::{CStr, c_char};
    use std::ptr;

    use super::{ARRAYS, Entry, Published, with_entry};

    fn texts(entries: &[*mut c_char]) -> Vec<&'static str> {
        let text = |&entry: &*mut c_char| {
            // SAFETY: entries of this module's own making, which are never freed.
            let text: &'static CStr = unsafe { CStr::from_ptr(entry) };
            text.to_str().unwrap()
        };
        entries.iter().map(text).collect()
    }

    fn written(
        published: &mut Published,
        present: *const Entry,
        name: &str,
        value: Option<&str>,
    ) -> (*const Entry, Vec<&'static str>) {
        let entry = value.map(|value| published.entry(name.as_bytes(), value.as_bytes()));
        // SAFETY: null, or made here.
        let entries = unsafe { with_entry(present, name.as_bytes(), entry) };
        (published.array(&entries), texts(&entries))
    }

    #[test]
    fn writes_replace_add_and_remove() {
        let mut published = Published::default();
        let (present, all) = written(&mut published, ptr::null(), "A", Some("1"));
        assert_eq!(all, ["A=1"]);
        let (present, all) = written(&mut published, present, "AB", Some("2=3"));
        assert_eq!(all, ["A=1", "AB=2=3"]);
        let (present, all) = written(&mut published, present, "A", Some(""));
        assert_eq!(all, ["A=", "AB=2=3"]);
        let (present, all) = written(&mut published, present, "B", None);
        assert_eq!(all, ["A=", "AB=2=3"]);
        let (_, all) = written(&mut published, present, "A", None);
        assert_eq!(all, ["AB=2=3"]);
    }

    #[test]
    fn an_entry_is_kept_once() {
        let mut published = Published::default();
        let entry = published.entry(b"A", b"1");
        assert_ne!(published.entry(b"A", b"2"), entry);
        assert_eq!(published.entry(b"A", b"1"), entry);
    }

    #[test]
    fn who_reads_an_array_that_comes_round_finds_whole_entries_and_an_end() {
        let mut published = Published::default();
        let (old, _) = written(&mut published, ptr::null(), "A", Some("1"));
        let mut present = old;
        for turn in 0..ARRAYS * 4 {
            let name = format!("N{turn}");
            (present, _) = written(&mut published, present, &name, Some("1"));
            // SAFETY: an array of ours, which is never freed.
            let seen = unsafe { with_entry(old, b"", None) };
            assert!(texts(&seen).iter().all(|text| text.ends_with("=1")));
        }
        // SAFETY: as above.
        let seen = unsafe { with_entry(present, b"", None) };
        assert_eq!(seen.len(), ARRAYS * 4 + 1);
    }
}
