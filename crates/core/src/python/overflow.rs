//! An overflow of the C stack costs an interpreter, not the process.
//!
//! CPython does not count every recursion in C: `hash()` of a tuple nested a million deep, iterating
//! over as many nested `map` objects or dropping as many nested generators overflows any stack, and
//! stock python dies of it. Unwinding C frames is not possible, but an interpreter with a GIL of its
//! own needs nobody to go on: its thread is parked in the signal handler for ever, with its GIL, and
//! whoever armed the guard is told, so that the interpreter can be given up like one that hangs.
//!
//! Not here: interpreters that share the main interpreter's GIL, which would stop all of them, and
//! threads that must go on (a synchronous call runs on Node's). There the process dies, as before, but says
//! why; so it does if a thread overflows while such a call waits for it. Nor Windows, where it dies as well.
//!
//! What remains: a thread that overflows inside `malloc` keeps the lock of its malloc arena. glibc
//! gives threads arenas of their own, up to eight per core.

#[cfg(unix)]
pub use unix::{StackGuard, watch};

#[cfg(unix)]
mod armed;

#[cfg(unix)]
mod unix {
    use std::marker::PhantomData;
    use std::mem::MaybeUninit;
    use std::ops::Range;
    use std::ptr::null_mut;
    use std::sync::atomic::{AtomicI32, Ordering};
    use std::sync::{Arc, OnceLock};

    use libc::{c_int, c_void, sigaction, siginfo_t};

    use super::super::interp::{Calls, Interp};
    use super::armed::{Armed, Slot};

    /// The alternate stack on which the handler runs: room for the kernel's frame with all vector
    /// registers (`AT_MINSIGSTKSZ` is up to 11 KB on x86-64) and for a handler that we pass on to.
    const ALTERNATE_BYTES: usize = 128 << 10;

    /// A frame may step over the guard page, if it is large; further than this it is no overflow.
    const BELOW_GUARD: usize = 64 << 10;

    /// What the process says when it dies of it.
    const OVERFLOWED: &[u8] = b"multicore: the C stack overflowed in Python code (a recursion in C that CPython does not count, like \
hash() of a tuple nested very deep), in a synchronous call or in an interpreter without a GIL of its own. The process \
ends. Run asynchronously, in an interpreter with a GIL of its own, such code costs that interpreter alone.\n";

    /// The writing end of the pipe on which the handler tells tokens; -1: none.
    static TELL: AtomicI32 = AtomicI32::new(-1);

    /// What was installed before, for faults that are not ours (V8 has a handler for WebAssembly).
    static PREVIOUS: OnceLock<[sigaction; 2]> = OnceLock::new();

    /// Linux tells an overflow by the first, macOS by the second.
    const SIGNALS: [c_int; 2] = [libc::SIGSEGV, libc::SIGBUS];

    /// Installs the handler, once in a process, and a thread that calls `overflowed` with the token
    /// of each guard whose thread overflowed. Whether that worked: without it, guards do nothing.
    pub fn watch(overflowed: fn(i64)) -> bool {
        static WATCHING: OnceLock<bool> = OnceLock::new();
        *WATCHING.get_or_init(|| start(overflowed).is_some())
    }

    fn start(overflowed: fn(i64)) -> Option<()> {
        let mut ends = [-1; 2];
        // SAFETY: room for two descriptors.
        if unsafe { libc::pipe(ends.as_mut_ptr()) } != 0 {
            return None;
        }
        for end in ends {
            // SAFETY: a descriptor that was made just now.
            unsafe { libc::fcntl(end, libc::F_SETFD, libc::FD_CLOEXEC) };
        }
        let [reading, writing] = ends;
        std::thread::Builder::new()
            .name("multicore-overflow".into())
            .stack_size(256 << 10)
            .spawn(move || listen(reading, overflowed))
            .ok()?;
        TELL.store(writing, Ordering::Release);
        // First what the handler needs, then the handler.
        // SAFETY: asking only; both structs are plain data, written by the calls.
        let previous = unsafe {
            SIGNALS.map(|signal| {
                let mut before = MaybeUninit::<sigaction>::zeroed();
                libc::sigaction(signal, std::ptr::null(), before.as_mut_ptr());
                before.assume_init()
            })
        };
        PREVIOUS.set(previous).ok()?;
        for signal in SIGNALS {
            // SAFETY: a handler with the signature that SA_SIGINFO asks for, which does only what
            // is allowed in one (see there); every signal is blocked while it runs, because it may
            // never return.
            unsafe {
                let mut action = MaybeUninit::<sigaction>::zeroed().assume_init();
                action.sa_sigaction = on_fault as *const () as usize;
                action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
                libc::sigfillset(&mut action.sa_mask);
                libc::sigaction(signal, &action, null_mut());
            }
        }
        Some(())
    }

    fn listen(reading: c_int, overflowed: fn(i64)) {
        loop {
            let mut token = [0_u8; 8];
            // SAFETY: our own descriptor, never closed; room for eight bytes. Tokens are written
            // whole (eight bytes are less than PIPE_BUF), so they are read whole.
            let count = unsafe { libc::read(reading, token.as_mut_ptr().cast(), token.len()) };
            match count {
                8 => overflowed(i64::from_ne_bytes(token)),
                -1 if std::io::Error::last_os_error().raw_os_error() == Some(libc::EINTR) => {}
                // Python code closed it, with `os.closerange` for instance: nobody can be told any more.
                _ => return,
            }
        }
    }

    /// What is done here is async-signal-safe, on any thread of the process, also on one that never armed a
    /// guard and whose fault is another's business:
    ///
    /// - it reads and writes atomics of memory that is never given back (the slots, [`TELL`], [`PREVIOUS`], the
    ///   interpreter's [`Calls`]), and takes no lock;
    /// - it calls `write`, `pause` and `sigaction`, which POSIX allows, and whoever had the signal before;
    /// - it has no thread-local storage of its own: that of a library which was opened at run time may be
    ///   allocated when a thread first reads it, and the fault may be one of `malloc`.
    extern "C" fn on_fault(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
        // SAFETY: SA_SIGINFO: the kernel gives both.
        let address = unsafe { (*info).si_addr() } as usize;
        // The kernel puts it on the stack that the handler runs on: which guard's that is says whose thread this is.
        if let Some(armed) = Slot::of_stack_with(info.addr(), ALTERNATE_BYTES)
            && (armed.from..armed.to).contains(&address)
        {
            // SAFETY: the guard whose alternate stack this is lives, as only this thread could drop it, and keeps
            // the interpreter.
            let may_stop = unsafe { armed.calls.as_ref() }.is_some_and(Calls::lose_gil);
            if !may_stop {
                // SAFETY: a constant of that length. What is not written is not missed: the process dies.
                unsafe { libc::write(2, OVERFLOWED.as_ptr().cast(), OVERFLOWED.len()) };
                return pass_on(signal, info, context);
            }
            let token = armed.token.to_ne_bytes();
            // SAFETY: eight bytes; the descriptor is never closed.
            unsafe { libc::write(TELL.load(Ordering::Acquire), token.as_ptr().cast(), 8) };
            loop {
                // SAFETY: waits for a signal; all are blocked here, so it never returns.
                unsafe { libc::pause() };
            }
        }
        pass_on(signal, info, context);
    }

    /// A fault that is not ours goes to whoever was there before us.
    fn pass_on(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
        let before = PREVIOUS.get().and_then(|previous| {
            let at = SIGNALS.iter().position(|each| *each == signal)?;
            Some(&previous[at])
        });
        // SAFETY:
        // - a handler that was installed is called with what it was installed for;
        // - without one, the default comes back: the faulting instruction runs again and the process
        //   dies of it, with a core dump that shows it.
        unsafe {
            match before {
                Some(before) if before.sa_sigaction > libc::SIG_IGN => {
                    if before.sa_flags & libc::SA_SIGINFO != 0 {
                        let handler: extern "C" fn(c_int, *mut siginfo_t, *mut c_void) =
                            std::mem::transmute(before.sa_sigaction);
                        handler(signal, info, context);
                    } else {
                        let handler: extern "C" fn(c_int) =
                            std::mem::transmute(before.sa_sigaction);
                        handler(signal);
                    }
                }
                _ => {
                    let mut action = MaybeUninit::<sigaction>::zeroed().assume_init();
                    action.sa_sigaction = libc::SIG_DFL;
                    libc::sigaction(signal, &action, null_mut());
                }
            }
        }
    }

    /// Watches the calling thread's stack while it lives. It stays on its thread.
    #[derive(Debug)]
    pub struct StackGuard {
        alternate: *mut c_void,
        slot: &'static Slot,
        _interp: Option<Arc<Interp>>,
        _stays: PhantomData<*mut ()>,
    }

    impl StackGuard {
        /// `None` where it cannot be had; then an overflow ends the process.
        ///
        /// The function given to [`watch`] is called with the interpreter's id.
        pub fn new(interp: &Arc<Interp>) -> Option<Self> {
            Self::arm(Some(interp))
        }

        /// For a thread that must not stop: the process dies of an overflow, but says why. `None` also
        /// if somebody else handles signals of this thread on a stack of their own.
        pub fn explaining() -> Option<Self> {
            let mut present = MaybeUninit::<libc::stack_t>::zeroed();
            // SAFETY: asking only.
            let is_free = unsafe {
                libc::sigaltstack(std::ptr::null(), present.as_mut_ptr()) == 0
                    && present.assume_init().ss_flags & libc::SS_DISABLE != 0
            };
            is_free.then(|| Self::arm(None)).flatten()
        }

        fn arm(interp: Option<&Arc<Interp>>) -> Option<Self> {
            let Range { start, end } = guard_of_this_thread()?;
            // SAFETY: a new mapping, which becomes this thread's alternate stack until `drop`.
            let alternate = unsafe {
                let alternate = libc::mmap(
                    null_mut(),
                    ALTERNATE_BYTES,
                    libc::PROT_READ | libc::PROT_WRITE,
                    libc::MAP_PRIVATE | libc::MAP_ANON,
                    -1,
                    0,
                );
                if alternate == libc::MAP_FAILED {
                    return None;
                }
                let stack = libc::stack_t {
                    ss_sp: alternate,
                    ss_flags: 0,
                    ss_size: ALTERNATE_BYTES,
                };
                if libc::sigaltstack(&stack, null_mut()) != 0 {
                    libc::munmap(alternate, ALTERNATE_BYTES);
                    return None;
                }
                alternate
            };
            let armed = Armed {
                from: start.saturating_sub(BELOW_GUARD),
                to: end,
                token: interp.map_or(-1, |interp| interp.id()),
                calls: interp.map_or(std::ptr::null(), |interp| interp.calls()),
            };
            Some(Self {
                alternate,
                slot: Slot::arm(alternate.addr(), armed),
                _interp: interp.cloned(),
                _stays: PhantomData,
            })
        }
    }

    impl Drop for StackGuard {
        fn drop(&mut self) {
            self.slot.disarm();
            let off = libc::stack_t {
                ss_sp: null_mut(),
                ss_flags: libc::SS_DISABLE,
                ss_size: ALTERNATE_BYTES,
            };
            // SAFETY: the same thread (the guard is !Send); its alternate stack is
            // not in use, as this is no handler, and is unmapped after it was switched off.
            unsafe {
                libc::sigaltstack(&off, null_mut());
                libc::munmap(self.alternate, ALTERNATE_BYTES);
            }
        }
    }

    /// The addresses that a thread touches first when its stack overflows.
    #[cfg(target_os = "linux")]
    fn guard_of_this_thread() -> Option<Range<usize>> {
        let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
        let (mut lowest, mut size, mut guard) = (null_mut(), 0, 0);
        // SAFETY: the calling thread; places that are valid for the calls; destroyed if it was made.
        unsafe {
            if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
                return None;
            }
            let attributes = attributes.as_mut_ptr();
            let known = libc::pthread_attr_getstack(attributes, &mut lowest, &mut size) == 0
                && libc::pthread_attr_getguardsize(attributes, &mut guard) == 0;
            libc::pthread_attr_destroy(attributes);
            if !known {
                return None;
            }
        }
        // The process's first thread has no guard of its own: the kernel keeps room below its stack.
        let guard = guard.max(4096);
        // glibc before 2.27 counts the guard as part of the stack, later ones and musl do not.
        let lowest = lowest as usize;
        Some(lowest.saturating_sub(guard)..lowest + guard)
    }

    #[cfg(target_os = "macos")]
    fn guard_of_this_thread() -> Option<Range<usize>> {
        // SAFETY: the calling thread; both only ask.
        let lowest = unsafe {
            let thread = libc::pthread_self();
            (libc::pthread_get_stackaddr_np(thread) as usize)
                .checked_sub(libc::pthread_get_stacksize_np(thread))?
        };
        const PAGE: usize = 16 << 10;
        Some(lowest.saturating_sub(PAGE)..lowest + PAGE)
    }

    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    fn guard_of_this_thread() -> Option<Range<usize>> {
        None
    }

    #[cfg(test)]
    mod tests {
        use std::sync::Arc;
        use std::sync::mpsc::{Sender, channel};
        use std::time::Duration;

        use parking_lot::Mutex;

        use super::{Interp, StackGuard, watch};

        static TOLD: Mutex<Option<Sender<i64>>> = Mutex::new(None);

        fn overflowed(token: i64) {
            if let Some(sender) = &*TOLD.lock() {
                let _ = sender.send(token);
            }
        }

        #[expect(unconditional_recursion, reason = "that is what is tested")]
        fn recurse(depth: u64) -> u64 {
            std::hint::black_box(recurse(std::hint::black_box(depth) + 1)) + 1
        }

        #[test]
        fn an_overflow_is_told_and_the_process_lives() {
            let (sender, told) = channel();
            *TOLD.lock() = Some(sender);
            assert!(watch(overflowed));
            // A thread that ends in order tells nothing, and leaves nothing armed.
            let interp = Interp::for_tests(7);
            let ends = Arc::clone(&interp);
            std::thread::spawn(move || drop(StackGuard::new(&ends)))
                .join()
                .unwrap();
            assert!(interp.begin_call().is_some());
            let overflows = Arc::clone(&interp);
            std::thread::Builder::new()
                .stack_size(1 << 20)
                .spawn(move || {
                    let _guard = StackGuard::new(&overflows);
                    recurse(0)
                })
                .unwrap();
            assert_eq!(told.recv_timeout(Duration::from_secs(60)), Ok(7));
            // Nobody would ever get its GIL again.
            assert!(interp.begin_call().is_none());
        }
    }
}

#[cfg(not(unix))]
pub use elsewhere::{StackGuard, watch};

#[cfg(not(unix))]
mod elsewhere {
    /// Does nothing here: an overflow ends the process.
    pub fn watch(_: fn(i64)) -> bool {
        false
    }

    /// Does nothing here: an overflow ends the process.
    #[derive(Debug)]
    pub struct StackGuard;

    impl StackGuard {
        /// Never there.
        pub fn explaining() -> Option<Self> {
            None
        }

        /// Never there.
        pub fn new(_: &std::sync::Arc<super::super::interp::Interp>) -> Option<Self> {
            None
        }
    }
}
