//! The nodes of CPython 3.13's address map (obmalloc's radix tree): remembered, kept small, and given
//! back when their interpreter has ended. Arenas themselves are `arena.rs`'s.
//!
//! obmalloc finds the arena of an address in a tree of three levels, one tree for each interpreter with
//! an allocator of its own. Its root is part of the interpreter; the nodes below, 256 KiB and 128 KiB,
//! are made with `PyMem_RawCalloc` right after an arena was mapped, and CPython 3.13 never frees them:
//! 0.39 MB for each interpreter that ended. They are nearly empty (a few entries of 32,768), but
//! `calloc` clears memory that was used before, and so takes all of it.
//!
//! Which nodes an arena needs follows from its address alone, so they are expected, in order, and what is
//! asked for next on the same thread is compared with that. They become mappings of their own, of which
//! the system backs only the pages that are touched. A block taken for a node by mistake would be harmless:
//! it is cleared memory of the size that was asked for, and `free` and `realloc` know it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ffi::c_void;
use std::sync::OnceLock;

use parking_lot::Mutex;

use super::ffi::{PyMemAllocatorEx, RAW_DOMAIN, symbol};

/// obmalloc's constants on 64-bit systems: an arena has 2^20 bytes, a node of the lowest level 2^14
/// entries of 8 bytes, one above it 2^15 pointers.
const ARENA_BYTES: usize = 1 << 20;
const LOWEST_SHIFT: usize = 20 + 14;
const MIDDLE_SHIFT: usize = LOWEST_SHIFT + 15;
const LOWEST_BYTES: usize = 8 << 14;
const MIDDLE_BYTES: usize = 8 << 15;

struct Below(PyMemAllocatorEx);

// SAFETY: the function pointers and context of CPython's own raw allocator, which is callable from any
// thread.
unsafe impl Send for Below {}
// SAFETY: as above; never written after it was set.
unsafe impl Sync for Below {}

static BELOW: OnceLock<Below> = OnceLock::new();

/// Trees by the addresses of the interpreters that they belong to.
static TREES: Mutex<Option<Trees>> = Mutex::new(None);

#[derive(Default)]
struct Trees {
    by_owner: HashMap<usize, Tree>,
    /// Every node, and its size.
    nodes: HashMap<usize, usize>,
}

#[derive(Default)]
struct Tree {
    /// The parts of the address space that have a node, one set for each level.
    middle: HashSet<usize>,
    lowest: HashSet<usize>,
    nodes: Vec<usize>,
}

impl Tree {
    /// The sizes of the nodes that an arena at this address makes necessary, in the order in which
    /// CPython asks for them.
    fn grow_for(&mut self, arena: usize) -> Vec<usize> {
        let mut sizes = Vec::new();
        let last = if arena.is_multiple_of(ARENA_BYTES) {
            arena
        } else {
            arena + ARENA_BYTES
        };
        for address in [arena, last] {
            if self.middle.insert(address >> MIDDLE_SHIFT) {
                sizes.push(MIDDLE_BYTES);
            }
            if self.lowest.insert(address >> LOWEST_SHIFT) {
                sizes.push(LOWEST_BYTES);
            }
        }
        sizes.reverse();
        sizes
    }
}

/// What this thread is about to ask for: nodes of an interpreter's tree, the next one last.
struct Expected {
    owner: usize,
    sizes: Vec<usize>,
}

thread_local! {
    static EXPECTED: RefCell<Option<Expected>> = const { RefCell::new(None) };
    /// Whether this thread creates an interpreter that has an allocator of its own.
    static CREATING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Puts itself between CPython and its raw allocator. Before CPython is initialised, and only where
/// obmalloc is the one described above.
pub(super) fn install() {
    if !cfg!(all(target_os = "linux", target_pointer_width = "64")) {
        return;
    }
    let (Some(get), Some(set)) = (symbol(c"PyMem_GetAllocator"), symbol(c"PyMem_SetAllocator"))
    else {
        return;
    };
    type Access = unsafe extern "C" fn(std::ffi::c_int, *mut PyMemAllocatorEx);
    // SAFETY: both are `void (PyMemAllocatorDomain, PyMemAllocatorEx *)` in every version that has them.
    let (get, set) = unsafe {
        (
            std::mem::transmute::<*mut c_void, Access>(get),
            std::mem::transmute::<*mut c_void, Access>(set),
        )
    };
    let mut allocator = PyMemAllocatorEx {
        ctx: std::ptr::null_mut(),
        malloc: None,
        calloc: None,
        realloc: None,
        free: None,
    };
    // SAFETY:
    // - before initialisation nobody allocates; the struct is valid for the calls and copied;
    // - ours does what the one below does, so blocks of either may be freed by either, but for the
    //   nodes, which CPython never frees.
    unsafe {
        get(RAW_DOMAIN, &mut allocator);
        let is_whole = allocator.malloc.is_some()
            && allocator.calloc.is_some()
            && allocator.realloc.is_some()
            && allocator.free.is_some();
        if !is_whole || BELOW.set(Below(allocator)).is_err() {
            return;
        }
        *TREES.lock() = Some(Trees::default());
        allocator.calloc = Some(calloc);
        allocator.realloc = Some(realloc);
        allocator.free = Some(free);
        // malloc stays as it is, with the context that it was given; ours use none.
        set(RAW_DOMAIN, &mut allocator);
    }
}

/// Runs `create`, which makes an interpreter with an allocator of its own on this thread.
pub(super) fn creating<R>(create: impl FnOnce() -> R) -> R {
    CREATING.set(true);
    let created = create();
    CREATING.set(false);
    created
}

/// An arena was mapped for the interpreter at this address, on its thread.
pub(super) fn arena_mapped(owner: usize, arena: usize, size: usize) {
    if size != ARENA_BYTES || owner == 0 {
        return;
    }
    let mut trees = TREES.lock();
    let Some(trees) = trees.as_mut() else {
        return;
    };
    let tree = match trees.by_owner.get_mut(&owner) {
        Some(tree) => tree,
        // Others share the main interpreter's allocator, or are not ours to clear up after.
        None if !CREATING.get() => return,
        None => trees.by_owner.entry(owner).or_default(),
    };
    let sizes = tree.grow_for(arena);
    expect((!sizes.is_empty()).then_some(Expected { owner, sizes }));
}

/// An arena was given back: if its node could not be made, that is why.
pub(super) fn arena_unmapped() {
    expect(None);
}

fn expect(nodes: Option<Expected>) {
    // A thread that ends may still allocate; what it would be given is CPython's own then.
    let _ = EXPECTED.try_with(|expected| *expected.borrow_mut() = nodes);
}

/// Gives back the nodes of an interpreter; `check` makes them inaccessible instead.
///
/// # Safety
/// The interpreter at this address has ended; nobody uses its allocator any more.
pub(super) unsafe fn reclaim(interpreter: usize, check: bool) {
    let mut trees = TREES.lock();
    let Some(trees) = trees.as_mut() else {
        return;
    };
    let Some(tree) = trees.by_owner.remove(&interpreter) else {
        return;
    };
    for node in tree.nodes {
        if let Some(size) = trees.nodes.remove(&node) {
            // SAFETY: a mapping of this size, of which nobody knows any more, as the caller promises.
            unsafe { pages::release(node, size, check) }
        }
    }
}

unsafe extern "C" fn calloc(_: *mut c_void, count: usize, size: usize) -> *mut c_void {
    if let Some(owner) = expects(count, size)
        && let Some(node) = pages::map(size)
    {
        if let Some(trees) = TREES.lock().as_mut()
            && let Some(tree) = trees.by_owner.get_mut(&owner)
        {
            tree.nodes.push(node);
            trees.nodes.insert(node, size);
        }
        return node as *mut c_void;
    }
    let Some(Below(PyMemAllocatorEx {
        ctx,
        calloc: Some(calloc),
        ..
    })) = BELOW.get()
    else {
        return std::ptr::null_mut();
    };
    // SAFETY: CPython's own function with its own context.
    unsafe { calloc(*ctx, count, size) }
}

/// Whose node this is, if it is the one that comes next on this thread.
fn expects(count: usize, size: usize) -> Option<usize> {
    // A thread that ends may still allocate.
    let next = EXPECTED.try_with(|expected| {
        let mut expected = expected.borrow_mut();
        let next = expected.as_mut()?;
        if count == 1 && next.sizes.last() == Some(&size) {
            next.sizes.pop();
            let owner = next.owner;
            if next.sizes.is_empty() {
                *expected = None;
            }
            return Some(owner);
        }
        *expected = None;
        None
    });
    next.ok().flatten()
}

/// Forgets a block that was taken for a node and is none: gives its size.
fn forget(block: *mut c_void) -> Option<usize> {
    // What `malloc` gives is hardly ever the beginning of a page.
    if block.is_null() || !(block as usize).is_multiple_of(4096) {
        return None;
    }
    TREES.lock().as_mut()?.nodes.remove(&(block as usize))
}

unsafe extern "C" fn realloc(_: *mut c_void, block: *mut c_void, size: usize) -> *mut c_void {
    let Some(Below(PyMemAllocatorEx {
        ctx,
        malloc: Some(malloc),
        realloc: Some(realloc),
        ..
    })) = BELOW.get()
    else {
        return std::ptr::null_mut();
    };
    let Some(before) = forget(block) else {
        // SAFETY: CPython's own function with its own context, and a block that came from it.
        return unsafe { realloc(*ctx, block, size) };
    };
    // SAFETY: the old block is a mapping of `before` bytes that is the caller's alone; the new one has
    // `size` bytes, and they do not overlap.
    unsafe {
        let moved = malloc(*ctx, size);
        if moved.is_null() {
            if let Some(trees) = TREES.lock().as_mut() {
                trees.nodes.insert(block as usize, before);
            }
            return moved;
        }
        std::ptr::copy_nonoverlapping(block.cast::<u8>(), moved.cast::<u8>(), before.min(size));
        pages::release(block as usize, before, false);
        moved
    }
}

unsafe extern "C" fn free(_: *mut c_void, block: *mut c_void) {
    if let Some(size) = forget(block) {
        // SAFETY: a mapping of this size that the caller gives back.
        unsafe { pages::release(block as usize, size, false) }
    } else if let Some(Below(PyMemAllocatorEx {
        ctx,
        free: Some(free),
        ..
    })) = BELOW.get()
    {
        // SAFETY: CPython's own function with its own context, and a block that came from it.
        unsafe { free(*ctx, block) }
    }
}

#[cfg(target_os = "linux")]
mod pages {
    /// Cleared memory of its own; the system backs it as it is touched.
    pub(super) fn map(size: usize) -> Option<usize> {
        // SAFETY: a new private mapping, wherever the system likes.
        let address = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        (address != libc::MAP_FAILED).then_some(address as usize)
    }

    /// Unmaps it; `check`: makes it inaccessible for good.
    ///
    /// # Safety
    /// `address` is a mapping of `size` bytes, which nobody uses any more.
    pub(super) unsafe fn release(address: usize, size: usize, check: bool) {
        let address = address as *mut libc::c_void;
        // SAFETY: as the caller promises.
        let failed = unsafe {
            if check {
                libc::mprotect(address, size, libc::PROT_NONE)
            } else {
                libc::munmap(address, size)
            }
        };
        debug_assert_eq!(failed, 0, "the pages of a node");
    }
}

#[cfg(not(target_os = "linux"))]
mod pages {
    pub(super) fn map(_: usize) -> Option<usize> {
        None
    }

    pub(super) unsafe fn release(_: usize, _: usize, _: bool) {
        unreachable!("nothing is mapped here")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_arena_needs_a_node_of_each_level() {
        let mut tree = Tree::default();
        assert_eq!(
            tree.grow_for(0x7f00_0010_0000),
            [LOWEST_BYTES, MIDDLE_BYTES]
        );
        assert!(tree.grow_for(0x7f00_0020_0000).is_empty());
    }

    #[test]
    fn an_arena_across_the_end_of_a_node_needs_both() {
        let mut tree = Tree::default();
        let edge = 1 << LOWEST_SHIFT;
        assert_eq!(
            tree.grow_for(edge - 4096),
            [LOWEST_BYTES, LOWEST_BYTES, MIDDLE_BYTES]
        );
        assert!(tree.grow_for(edge).is_empty());
    }

    #[test]
    fn aligned_arenas_do_not_reach_beyond_themselves() {
        let mut tree = Tree::default();
        let edge = 1 << LOWEST_SHIFT;
        assert_eq!(
            tree.grow_for(edge - ARENA_BYTES),
            [LOWEST_BYTES, MIDDLE_BYTES]
        );
        assert_eq!(tree.grow_for(edge), [LOWEST_BYTES]);
    }
}
