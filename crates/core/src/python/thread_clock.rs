//! How much processor time a thread has used, asked from any thread. Nothing of Python.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The processor time of one thread.
#[derive(Debug)]
pub struct ThreadClock {
    thread: Option<Thread>,
    /// Nanoseconds, when it was asked last: what is left of a thread that has ended.
    last: AtomicU64,
}

impl ThreadClock {
    /// The calling thread's.
    pub fn here() -> Self {
        Self {
            thread: Thread::current(),
            last: AtomicU64::new(0),
        }
    }

    /// What it has used so far, user and system time; of a thread that has ended what was known last.
    pub fn read(&self) -> Duration {
        let used = self.thread.as_ref().and_then(Thread::used);
        let nanoseconds = used.map_or(0, |used| u64::try_from(used.as_nanos()).unwrap_or(u64::MAX));
        let before = self.last.fetch_max(nanoseconds, Ordering::Relaxed);
        Duration::from_nanos(before.max(nanoseconds))
    }
}

/// The number of its clock.
#[cfg(target_os = "linux")]
#[derive(Debug)]
struct Thread(std::ffi::c_int);

#[cfg(target_os = "linux")]
impl Thread {
    fn current() -> Option<Self> {
        use std::ffi::{c_int, c_void};

        unsafe extern "C" {
            fn pthread_self() -> *mut c_void;
            fn pthread_getcpuclockid(thread: *mut c_void, clock: *mut c_int) -> c_int;
        }

        let mut clock = 0;
        // SAFETY: the calling thread, which lives; a place that is valid for the call.
        let known = unsafe { pthread_getcpuclockid(pthread_self(), &raw mut clock) == 0 };
        known.then_some(Self(clock))
    }

    fn used(&self) -> Option<Duration> {
        use std::ffi::{c_int, c_long};

        #[repr(C)]
        struct TimeSpec {
            seconds: c_long,
            nanoseconds: c_long,
        }

        unsafe extern "C" {
            fn clock_gettime(clock: c_int, time: *mut TimeSpec) -> c_int;
        }

        let mut time = TimeSpec {
            seconds: 0,
            nanoseconds: 0,
        };
        // SAFETY: a place that is valid for the call; the clock of a thread that has ended is refused.
        let known = unsafe { clock_gettime(self.0, &raw mut time) == 0 };
        let seconds = u64::try_from(time.seconds).ok()?;
        let nanoseconds = u32::try_from(time.nanoseconds).ok()?;
        known.then(|| Duration::new(seconds, nanoseconds))
    }
}

/// Its Mach port.
#[cfg(target_os = "macos")]
#[derive(Debug)]
struct Thread(u32);

#[cfg(target_os = "macos")]
impl Thread {
    fn current() -> Option<Self> {
        use std::ffi::c_void;

        unsafe extern "C" {
            fn pthread_self() -> *mut c_void;
            fn pthread_mach_thread_np(thread: *mut c_void) -> u32;
        }

        // SAFETY: the calling thread; both only ask.
        let port = unsafe { pthread_mach_thread_np(pthread_self()) };
        (port != 0).then_some(Self(port))
    }

    fn used(&self) -> Option<Duration> {
        use std::ffi::c_int;

        /// `THREAD_BASIC_INFO`, and its length in ints.
        const BASIC: u32 = 3;
        const LENGTH: usize = 10;

        unsafe extern "C" {
            fn thread_info(port: u32, flavor: u32, info: *mut c_int, length: *mut u32) -> c_int;
        }

        let (mut info, mut length) = ([0; LENGTH], LENGTH as u32);
        // SAFETY: room for as many ints as `length` says; a port that is none any more is refused.
        let done = unsafe { thread_info(self.0, BASIC, info.as_mut_ptr(), &raw mut length) };
        // User seconds, microseconds, system seconds, microseconds.
        let part = |index: usize| u64::try_from(info[index]).unwrap_or(0);
        (done == 0).then(|| {
            Duration::from_secs(part(0) + part(2)) + Duration::from_micros(part(1) + part(3))
        })
    }
}

/// A handle of it that may ask for its times.
#[cfg(windows)]
#[derive(Debug)]
struct Thread(isize);

#[cfg(windows)]
unsafe extern "system" {
    fn GetCurrentThreadId() -> u32;
    fn OpenThread(access: u32, inherit: i32, id: u32) -> isize;
    fn CloseHandle(handle: isize) -> i32;
    fn GetThreadTimes(
        handle: isize,
        created: *mut u64,
        ended: *mut u64,
        kernel: *mut u64,
        user: *mut u64,
    ) -> i32;
}

#[cfg(windows)]
impl Thread {
    fn current() -> Option<Self> {
        const QUERY_LIMITED_INFORMATION: u32 = 0x0800;
        // SAFETY: the calling thread; a handle of our own, closed when this is dropped.
        let handle = unsafe { OpenThread(QUERY_LIMITED_INFORMATION, 0, GetCurrentThreadId()) };
        (handle != 0).then_some(Self(handle))
    }

    fn used(&self) -> Option<Duration> {
        let [mut created, mut ended, mut kernel, mut user] = [0_u64; 4];
        // SAFETY: a handle that is open as long as this lives; FILETIME is 64 bits in two halves,
        // the lower first, and so a u64 here.
        let done = unsafe {
            GetThreadTimes(
                self.0,
                &raw mut created,
                &raw mut ended,
                &raw mut kernel,
                &raw mut user,
            )
        };
        // In units of 100 ns.
        (done != 0).then(|| Duration::from_nanos((kernel + user).saturating_mul(100)))
    }
}

#[cfg(windows)]
impl Drop for Thread {
    fn drop(&mut self) {
        // SAFETY: opened by `current`, closed once.
        unsafe { CloseHandle(self.0) };
    }
}

/// Nothing is known elsewhere.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
#[derive(Debug)]
struct Thread;

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
impl Thread {
    fn current() -> Option<Self> {
        None
    }

    fn used(&self) -> Option<Duration> {
        None
    }
}
