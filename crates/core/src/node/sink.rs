//! Where `sys.stdout` and `sys.stderr` go when a JavaScript function takes them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use super::environment::Environment;
use super::js::{Env, Js, Val};
use super::mailbox::{Message, RemoteRef};
use crate::interpreter::Output;

/// Text on its way to a function. Pieces that arrive before the environment comes to them are one.
#[derive(Debug)]
pub(super) struct Sink {
    function: RemoteRef,
    text: Mutex<String>,
    /// Whether `text` has any; and then the queue has a message about it, or had.
    has_text: AtomicBool,
}

impl Environment {
    /// An output that calls `function`.
    pub(super) fn sink(&self, env: Env<'_>, function: Val<'_>) -> Js<Output> {
        let sink = Arc::new(Sink {
            function: self.remote(env, function)?,
            text: Mutex::default(),
            has_text: AtomicBool::new(false),
        });
        let mut sinks = self.sinks.borrow_mut();
        sinks.retain(|sink| sink.strong_count() > 0);
        sinks.push(Arc::downgrade(&sink));
        Ok(Output::Sink(Arc::new(move |text| sink.write(text))))
    }

    /// Delivers what was written by Python code that runs on this thread, before that code, or the
    /// one who called it, goes on.
    pub(super) fn flush_sinks(&self, env: Env<'_>) {
        let ready: Vec<Arc<Sink>> = {
            let sinks = self.sinks.borrow();
            if sinks.is_empty() {
                return;
            }
            let sinks = sinks.iter().filter_map(std::sync::Weak::upgrade);
            sinks
                .filter(|sink| sink.has_text.load(Ordering::Acquire))
                .collect()
        };
        for sink in ready {
            self.deliver(env, &sink);
        }
    }

    /// Gives a sink's text to its function. What the function throws, nobody can catch.
    pub(super) fn deliver(&self, env: Env<'_>, sink: &Sink) {
        let text = {
            let mut text = sink.text.lock();
            sink.has_text.store(false, Ordering::Release);
            std::mem::take(&mut *text)
        };
        if text.is_empty() {
            return;
        }
        let delivered = env.scope(|env| match self.local(env, &sink.function)? {
            Some(function) => env.call(function, &[env.string(&text)?]).map(|_| ()),
            None => Ok(()),
        });
        if let Err(thrown) = delivered {
            self.uncaught(env, thrown);
        }
    }
}

impl Sink {
    fn write(self: &Arc<Self>, piece: &str) {
        let is_first = {
            let mut text = self.text.lock();
            text.push_str(piece);
            !self.has_text.swap(true, Ordering::AcqRel)
        };
        if is_first {
            self.function.mailbox.post(Message::Text(Arc::clone(self)));
        }
    }
}
