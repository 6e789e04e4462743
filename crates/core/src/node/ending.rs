//! The end of an environment: what it owns is let go, and nobody waits for it any longer. And which
//! interpreters it owns, and how its thread gives up its place in them.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::environment::Environment;
use super::js;
use super::mailbox::Message;
use crate::extension;
use crate::interpreter::{self, Interpreter, InterpreterId, State, Stop};

/// How long an interpreter may go on with what it does when its environment has ended.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(200);

/// How long the end of an environment waits for jobs to notice that they were stopped.
const STOP_PATIENCE: Duration = Duration::from_millis(100);

/// How long the end of the process waits for interpreters to end, so that their `atexit` handlers
/// run and their files are flushed.
const EXIT_PATIENCE: Duration = Duration::from_millis(1000);

impl Environment {
    /// An interpreter was created for this environment, and ends with it.
    pub(super) fn own(&self, interpreter: Interpreter) {
        self.owned.borrow_mut().push(interpreter);
    }

    /// It is being closed already.
    pub(super) fn disown(&self, interpreter: &Interpreter) {
        let id = interpreter.id();
        self.owned.borrow_mut().retain(|owned| owned.id() != id);
    }

    /// From the first synchronous call on, this thread keeps its place in the interpreters that it
    /// calls. Those that close ask for it back through the queue.
    pub(super) fn keep_thread_states(&self) {
        if self.keeps_thread_states.replace(true) {
            return;
        }
        let mailbox = std::sync::Arc::clone(&self.mailbox);
        interpreter::keep_thread_states(std::sync::Arc::new(move || {
            mailbox.post(Message::Run(Box::new(|_, _| {
                interpreter::release_closing(is_closing)
            })));
        }));
    }

    /// Runs in the environment's cleanup hook: no JavaScript may run any more, and Python is never
    /// finalised here.
    pub(super) fn end(&self) {
        if self.is_closed.replace(true) {
            return;
        }
        self.mailbox.waker.disconnect();
        extension::listen(self.mailbox.id, 0, None);
        self.keep_lent();
        js::leave(self.mailbox.id);

        // Each is dropped with nothing borrowed: dropping may wake others, or come back to a slab.
        let jobs = self.jobs.borrow_mut().drain();
        for job in &jobs {
            if let Some(id) = job.id {
                job.interpreter.stop(id, Stop::Cancelled);
            }
        }
        let operations = self.operations.borrow_mut().drain();
        drop(operations);
        let held = self.held.take();
        drop(held);
        let waiting = self.waiting.borrow_mut().drain();
        drop(waiting);
        self.mailbox.discard();
        let things = self.things.borrow_mut().drain();
        drop(things);

        let owned = self.owned.take();
        if self.keeps_thread_states.get() {
            give_up_thread_states(&owned);
        }
        close_all(owned, self.is_main_thread);
    }
}

/// Gives up this thread's place in every interpreter, so that they can end. That takes their GIL, so
/// those that this environment kept busy get a moment to notice that they were stopped; one that
/// does not is left alone, and cannot be ended.
fn give_up_thread_states(owned: &[Interpreter]) {
    let deadline = Instant::now() + STOP_PATIENCE;
    let is_busy = || {
        owned
            .iter()
            .any(|interpreter| interpreter.state() == State::Running)
    };
    while is_busy() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(1));
    }
    interpreter::stop_keeping(|id| {
        let interpreter = Interpreter::get(InterpreterId(id));
        interpreter.is_some_and(|i| matches!(i.state(), State::Idle | State::Closing))
    });
}

/// Whether an interpreter wants to end, or has.
fn is_closing(id: i64) -> bool {
    Interpreter::get(InterpreterId(id))
        .is_none_or(|interpreter| matches!(interpreter.state(), State::Closing | State::Closed))
}

/// Closes interpreters on a thread of its own.
fn close_all(interpreters: Vec<Interpreter>, waits: bool) {
    if interpreters
        .iter()
        .all(|interpreter| interpreter.state() == State::Closed)
    {
        return;
    }
    let (closed, is_closed) = mpsc::channel::<()>();
    let close = move || {
        for interpreter in interpreters {
            let closed = closed.clone();
            interpreter.close(Some(CLOSE_TIMEOUT), Box::new(move |_| drop(closed)));
        }
    };
    let thread = std::thread::Builder::new().name("multicore-closer".into());
    // Without a thread they are left as they are; the process goes on.
    if thread.spawn(close).is_ok() && waits {
        // Nothing is ever sent: the channel ends when all are closed.
        let _ = is_closed.recv_timeout(EXIT_PATIENCE);
    }
}
