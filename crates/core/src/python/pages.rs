//! Large blocks of memory that are about to be filled: asks the system for large pages.
//!
//! A fresh block of 64 MiB has 16,384 ordinary pages, each of which is mapped and cleared when it is
//! first touched; that took four times as long as copying the bytes. Most Linux systems give large
//! pages to those who ask (`transparent_hugepage/enabled` is `madvise`); elsewhere this does nothing.

use std::mem::MaybeUninit;

/// From here on it is worth asking; a smaller block has too few large pages (of 2 MiB, mostly).
pub(super) const LARGE_BYTES: usize = 8 << 20;

/// Says that all of this memory will soon be written to.
pub(crate) fn will_fill(memory: &mut [MaybeUninit<u8>]) {
    if memory.len() >= LARGE_BYTES {
        ask(memory);
    }
}

#[cfg(target_os = "linux")]
fn ask(memory: &mut [MaybeUninit<u8>]) {
    /// A multiple of every page size that Linux has.
    const PAGE: usize = 64 << 10;
    let skip = memory.as_ptr().align_offset(PAGE).min(memory.len());
    let length = (memory.len() - skip) / PAGE * PAGE;
    let pages = &mut memory[skip..skip + length];
    // SAFETY: the range is whole pages of memory that the caller lends exclusively. The advice changes
    // neither its contents nor its protection, only how it is backed; failing is harmless.
    unsafe { libc::madvise(pages.as_mut_ptr().cast(), pages.len(), libc::MADV_HUGEPAGE) };
}

#[cfg(not(target_os = "linux"))]
fn ask(_: &mut [MaybeUninit<u8>]) {}
