//! What one JavaScript environment (the main one, or a Worker's) holds. Only its own thread sees
//! this; other threads hold its [`Mailbox`].
//!
//! Nothing here may stay borrowed while JavaScript runs: hooks and host functions come back in.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use super::backstop::Backstop;
use super::ended::Ended;
use super::failure::{self, Failed};
use super::helpers::{Helper, Helpers};
use super::hooks::{BoundHook, Hook, Hooks};
use super::host_call::Waiting;
use super::inbox::Inbox;
use super::js::{Deferred, Env, Js, Ref, Thrown, Val, Waker};
use super::lent::LentList;
use super::mailbox::{Mailbox, RemoteRef};
use super::pending::{Job, Operation};
use super::polling::Polling;
use super::sink::Sink;
use super::slab::{Key, Slab};
use super::thing::Thing;
use crate::channel::Pending;
use crate::interpreter::Interpreter;
use crate::value::Value;

/// One environment's state. Its address is known to its functions and to its wake-up.
pub(super) struct Environment {
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) helpers: Helpers,
    hooks: RefCell<Option<Hooks>>,
    /// What JavaScript holds handles of.
    pub(super) things: RefCell<Slab<Thing>>,
    /// Functions and errors that other threads hold as [`RemoteRef`].
    pub(super) references: RefCell<Slab<Ref>>,
    /// Jobs that somebody waits for.
    pub(super) jobs: RefCell<Slab<Job>>,
    /// Ends of jobs that the hook `jobsEnded` was not told yet.
    pub(super) ended: RefCell<Vec<Ended>>,
    /// Promises of other things.
    pub(super) deferreds: RefCell<Slab<Deferred>>,
    /// Promises of channel operations.
    pub(super) operations: RefCell<Slab<Operation>>,
    /// Receives that were completed and not taken yet, by the numbers that TypeScript gave them.
    pub(super) held: RefCell<HashMap<u64, Pending<Value>>>,
    /// Python calls that wait for a thenable.
    pub(super) waiting: RefCell<Slab<Waiting>>,
    /// The numbers that TypeScript gave to jobs and operations, to cancel them by.
    pub(super) job_numbers: RefCell<HashMap<u64, Key>>,
    pub(super) operation_numbers: RefCell<HashMap<u64, Key>>,
    /// Outputs of interpreters that call functions of this environment.
    pub(super) sinks: RefCell<Vec<Weak<Sink>>>,
    /// Interpreters that end with this environment.
    pub(super) owned: RefCell<Vec<Interpreter>>,
    /// Memory of this environment that others use.
    pub(super) lent: RefCell<LentList>,
    pub(super) constants: Constants,
    pub(super) backstop: Backstop,
    pub(super) polling: Polling,
    /// How many things keep the event loop alive.
    holds: Cell<usize>,
    pub(super) is_closed: Cell<bool>,
    /// Whether this is the process's first environment, whose end is the process's.
    pub(super) is_main_thread: bool,
    pub(super) keeps_thread_states: Cell<bool>,
    /// Numbers below this stand for interned functions.
    pub(super) interned: Cell<u32>,
    /// How deep in a value `to_js` is.
    depth: Cell<usize>,
    /// How large JavaScript's heap may become, in bytes.
    pub(super) heap_limit: Cell<usize>,
    /// Changes with each use of the scratch memory.
    pub(super) scratch_uses: Cell<u64>,
}

/// References that conversions compare with or hand out.
pub(super) struct Constants {
    pub(super) object_prototype: Ref,
    pub(super) empty: Ref,
    pub(super) ended: Ref,
    /// Set right after the environment is in place, because it needs its address.
    pub(super) settled: RefCell<Option<Ref>>,
    pub(super) drain: RefCell<Option<Ref>>,
    pub(super) run_out: RefCell<Option<Ref>>,
    pub(super) look: RefCell<Option<Ref>>,
}

impl Environment {
    pub(super) fn new(env: Env<'_>) -> Js<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let global = env.global()?;
        let object = env.named(global, c"Object")?;
        let constants = Constants {
            object_prototype: env.reference(env.named(object, c"prototype")?)?,
            empty: env.reference(env.symbol("multicore-python.EMPTY")?)?,
            ended: env.reference(env.symbol("multicore-python.ENDED")?)?,
            settled: RefCell::default(),
            drain: RefCell::default(),
            run_out: RefCell::default(),
            look: RefCell::default(),
        };
        Ok(Self {
            mailbox: Arc::new(Mailbox {
                id: NEXT.fetch_add(1, Ordering::Relaxed),
                inbox: Inbox::default(),
                waker: Waker::none(),
                may_be_late: AtomicBool::new(false),
            }),
            helpers: Helpers::load(env)?,
            hooks: RefCell::default(),
            things: RefCell::default(),
            references: RefCell::default(),
            jobs: RefCell::default(),
            ended: RefCell::default(),
            deferreds: RefCell::default(),
            operations: RefCell::default(),
            held: RefCell::default(),
            waiting: RefCell::default(),
            job_numbers: RefCell::default(),
            operation_numbers: RefCell::default(),
            sinks: RefCell::default(),
            owned: RefCell::default(),
            lent: RefCell::default(),
            constants,
            backstop: Backstop::default(),
            polling: Polling::default(),
            holds: Cell::new(0),
            is_closed: Cell::new(false),
            is_main_thread: is_main_thread(env),
            keeps_thread_states: Cell::new(false),
            interned: Cell::new(0),
            depth: Cell::new(0),
            heap_limit: Cell::new(usize::MAX),
            scratch_uses: Cell::new(0),
        })
    }

    pub(super) fn set_hooks(&self, hooks: Hooks) {
        let old = self.hooks.replace(Some(hooks));
        drop(old);
    }

    /// A hook, ready to be called; `None` if TypeScript has not set them.
    pub(super) fn hook<'s>(&self, env: Env<'s>, which: Hook) -> Js<Option<BoundHook<'s>>> {
        let hooks = self.hooks.borrow();
        hooks
            .as_ref()
            .map(|hooks| hooks.get(env, which))
            .transpose()
    }

    /// Calls a hook that must be there.
    pub(super) fn call_hook<'s>(&self, env: Env<'s>, which: Hook, args: &[Val<'_>]) -> Js<Val<'s>> {
        let missing = || Thrown::from(Failed::Internal("setHooks was not called".into()));
        self.hook(env, which)?.ok_or_else(missing)?.call(env, args)
    }

    /// Has `callback` called in another turn of the event loop, outside of any asynchronous context: the
    /// next one, or after `milliseconds`. False if no such turn is certain to come.
    pub(super) fn turn(
        &self,
        env: Env<'_>,
        callback: &RefCell<Option<Ref>>,
        milliseconds: Option<f64>,
    ) -> Js<bool> {
        let callback = {
            let callback = callback.borrow();
            let Some(callback) = callback.as_ref() else {
                return Ok(false);
            };
            env.get(callback)?
        };
        let answer = match milliseconds {
            None => self.call_hook(env, Hook::Soon, &[callback])?,
            Some(ms) => self.call_hook(env, Hook::After, &[callback, env.number(ms)?])?,
        };
        env.get_boolean(answer)
    }

    pub(super) fn help<'s>(&self, env: Env<'s>, which: Helper, args: &[Val<'_>]) -> Js<Val<'s>> {
        self.helpers.call(env, which, args)
    }

    /// Refuses, with V8's own error, to go one level deeper into a value when there is too little
    /// stack left for that. Native code has only V8's reserve beyond the limit of JavaScript
    /// (192 KiB in a Worker), and a value may be `MAX_DEPTH` levels deep.
    pub(super) fn check_stack(&self, env: Env<'_>, depth: usize) -> Js<()> {
        /// Levels between two looks; each takes well below 2 KiB.
        const EVERY: usize = 16;
        if depth % EVERY == EVERY - 1 {
            env.scope(|env| self.help(env, Helper::Nothing, &[]).map(drop))?;
        }
        Ok(())
    }

    /// Whether no value is being made yet.
    pub(super) fn is_outermost(&self) -> bool {
        self.depth.get() == 0
    }

    /// Runs `body` one level deeper in a value that is being made.
    pub(super) fn deeper<R>(&self, env: Env<'_>, body: impl FnOnce() -> Js<R>) -> Js<R> {
        let depth = self.depth.get();
        self.check_stack(env, depth)?;
        self.depth.set(depth + 1);
        let result = body();
        self.depth.set(depth);
        result
    }

    /// The JavaScript error for whatever went wrong; `None` when the environment is going away.
    pub(super) fn error<'s>(&self, env: Env<'s>, thrown: Thrown) -> Option<Val<'s>> {
        let again = match thrown {
            Thrown::Pending => return env.take_exception(),
            Thrown::Failed(failed) => failure::error(self, env, *failed),
        };
        // A hook that fails throws its own error, which is the better one to show.
        match again {
            Ok(error) => Some(error),
            Err(Thrown::Pending) => env.take_exception(),
            Err(Thrown::Failed(failed)) => {
                env.plain_error("ERR_INTERNAL", &format!("{failed:?}")).ok()
            }
        }
    }

    /// Throws the JavaScript error for a failure.
    pub(super) fn throw(&self, env: Env<'_>, failed: Failed) {
        if let Some(error) = self.error(env, failed.into()) {
            let _ = env.throw(error);
        }
    }

    /// Shows an error that has nobody to catch it.
    pub(super) fn uncaught(&self, env: Env<'_>, thrown: Thrown) {
        if let Some(error) = self.error(env, thrown) {
            env.uncaught(error);
        }
    }

    /// Keeps the event loop alive until as many [`Environment::let_go`].
    pub(super) fn hold(&self, env: Env<'_>) {
        let holds = self.holds.get();
        self.holds.set(holds + 1);
        if holds == 0 {
            self.mailbox.waker.keep_alive(env, true);
        }
    }

    pub(super) fn let_go(&self, env: Env<'_>) {
        let holds = self.holds.get() - 1;
        self.holds.set(holds);
        if holds == 0 {
            self.mailbox.waker.keep_alive(env, false);
        }
    }

    /// A reference that may go to other threads.
    pub(super) fn remote(&self, env: Env<'_>, value: Val<'_>) -> Js<RemoteRef> {
        let reference = env.reference(value)?;
        let key = self.references.borrow_mut().insert(reference);
        Ok(RemoteRef {
            mailbox: Arc::clone(&self.mailbox),
            key,
        })
    }

    /// The value of a remote reference, if it is of this environment.
    pub(super) fn local<'s>(&self, env: Env<'s>, remote: &RemoteRef) -> Js<Option<Val<'s>>> {
        if remote.mailbox.id != self.mailbox.id {
            return Ok(None);
        }
        let references = self.references.borrow();
        references
            .get(remote.key)
            .map(|reference| env.get(reference))
            .transpose()
    }
}

/// Whether this environment is the main one and not a Worker's; a Worker's if that is unknown.
fn is_main_thread(env: Env<'_>) -> bool {
    let script =
        "globalThis.process?.getBuiltinModule?.('node:worker_threads')?.isMainThread === true";
    let answer = env
        .run_script(script)
        .and_then(|answer| env.get_boolean(answer));
    answer.unwrap_or_else(|_| {
        let _ = env.take_exception();
        false
    })
}
