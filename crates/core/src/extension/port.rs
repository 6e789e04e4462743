//! How an event loop waits for channels: selections that nobody blocks for, and a bell, a socket
//! that the loop watches, which is rung once for however many of them were committed.
//!
//! Not here: futures and the loop (`multicore/_loops.py`).

use std::collections::HashMap;
use std::ffi::CStr;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use pyo3::ffi as c;

use super::define::{Args, Class, make_instance, methods, state_of, value_of};
use super::process::integer;
use super::selecting::{committed, is_fair, selection};
use super::state::State;
use crate::channel::{Pending, Started};
use crate::python::{Borrowed, Builtin, Object, PyErr, PyResult, to_python};
use crate::value::Value;

type This<'a, 'py> = Borrowed<'a, 'py>;
type Returned<'py> = PyResult<'py, Object<'py>>;

/// The selections of one event loop.
pub(super) struct Port {
    ready: Arc<Ready>,
    pending: Mutex<HashMap<u64, Pending<Value>>>,
    last: AtomicU64,
}

/// The committed ones, as the threads that commit them see it.
struct Ready {
    tokens: Mutex<Tokens>,
    bell: Bell,
}

#[derive(Default)]
struct Tokens {
    committed: Vec<u64>,
    rung: bool,
}

impl Ready {
    fn add(&self, token: u64) {
        let mut tokens = self.tokens.lock();
        tokens.committed.push(token);
        if !std::mem::replace(&mut tokens.rung, true) {
            self.bell.ring();
        }
    }
}

/// A duplicate of the socket that rings when it is written to.
#[cfg(unix)]
struct Bell(std::fs::File);
#[cfg(windows)]
struct Bell(std::net::TcpStream);

impl Bell {
    /// `None` if the descriptor is none.
    #[cfg(unix)]
    fn new(descriptor: i64) -> Option<Self> {
        use std::os::fd::BorrowedFd;
        let descriptor = i32::try_from(descriptor).ok().filter(|&fd| fd >= 0)?;
        // SAFETY: the caller of `open_port` keeps the socket open for the length of the call; a
        // number that is no descriptor makes the duplication fail and nothing else.
        let socket = unsafe { BorrowedFd::borrow_raw(descriptor) };
        socket.try_clone_to_owned().ok().map(|fd| Self(fd.into()))
    }

    /// `None` if the descriptor is none.
    #[cfg(windows)]
    fn new(descriptor: i64) -> Option<Self> {
        use std::os::windows::io::BorrowedSocket;
        let socket = u64::try_from(descriptor).ok().filter(|&s| s != u64::MAX)?;
        // SAFETY: as on Unix.
        let socket = unsafe { BorrowedSocket::borrow_raw(socket) };
        socket.try_clone_to_owned().ok().map(|s| Self(s.into()))
    }

    fn ring(&self) {
        // The socket does not block: if it is full, the loop has a byte to read; if the loop is
        // gone, nobody listens.
        let _ = (&self.0).write(&[1]);
    }
}

impl Class for Port {
    const NAME: &'static CStr = c"_multicore.Port";
    const DOC: &'static CStr = c"The channel operations that an event loop waits for.";
    fn methods() -> *mut c::PyMethodDef {
        METHODS.as_ptr()
    }
}

methods!(METHODS, state_of::<Port>, [
    c"start" => start, c"start($self, cases, fair=True)\n--\n\nCommit a case now and give (index, obj), or give the token of what waits.";
    c"take" => take, c"take($self)\n--\n\n[(token, (index, obj) or an exception), ...] of what was committed since.";
    c"cancel" => cancel, c"cancel($self, token)\n--\n\nGive up; what was received meanwhile goes back to its channel.";
]);

/// `open_port(descriptor)`: of a socket that does not block.
pub(super) fn open<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    let Some(bell) = Bell::new(integer(args.required(0, "descriptor")?)?) else {
        return Err(PyErr::new(py, Builtin::ValueError, "not a socket"));
    };
    let port = Port {
        ready: Arc::new(Ready {
            tokens: Mutex::default(),
            bell,
        }),
        pending: Mutex::default(),
        last: AtomicU64::new(0),
    };
    let class = state.class::<Port>(py)?;
    // SAFETY: the class is ours.
    unsafe { make_instance(state, &class, port) }
}

fn of<'a>(this: This<'a, '_>) -> &'a Port {
    // SAFETY: methods of a type are called on its instances alone.
    unsafe { value_of::<Port>(this) }
}

fn start<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&["cases", "fair"])?;
    let (py, port) = (this.py(), of(this));
    let (selection, cases) = selection(state, args.required(0, "cases")?, is_fair(&args, 1))?;
    let token = port.last.fetch_add(1, Ordering::Relaxed) + 1;
    let ready = Arc::clone(&port.ready);
    match selection.start(Arc::new(move || ready.add(token))) {
        Started::Done(completed) => committed(state, py, completed),
        Started::Pending(pending) => {
            cases.tell_blocked(state, None);
            // Nobody looks for it before: `take` runs on the loop's thread, as this does.
            port.pending.lock().insert(token, pending);
            to_python(py, &Value::Int(token as i64))
        }
    }
}

fn take<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&[])?;
    let (py, port) = (this.py(), of(this));
    let tokens = {
        let mut tokens = port.ready.tokens.lock();
        tokens.rung = false;
        std::mem::take(&mut tokens.committed)
    };
    let list = to_python(py, &Value::List(Box::new([])))?;
    for token in tokens {
        let pending = port.pending.lock().remove(&token);
        let Some(completed) = pending.and_then(|mut pending| pending.take()) else {
            continue;
        };
        let outcome = match committed(state, py, completed) {
            Ok(outcome) => outcome,
            Err(error) => error.object().clone(),
        };
        let token = to_python(py, &Value::Int(token as i64))?;
        list.call_method(c"append", [&Object::tuple(py, [token, outcome])?])?;
    }
    Ok(list)
}

fn cancel<'py>(this: This<'_, 'py>, _: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let token = u64::try_from(integer(args.required(0, "token")?)?).unwrap_or(0);
    // Dropped after the lock: a message may go back to its channel and wake its next receiver.
    let pending = of(this).pending.lock().remove(&token);
    drop(pending);
    Ok(Object::none(this.py()))
}
