//! Draining the queue of an environment, on its thread.

use super::environment::Environment;
use super::host_call::Waits;
use super::inbox::Drained;
use super::js::{Env, Js, Val};
use super::mailbox::Message;

/// How many messages are handled before the event loop gets its turn.
const MESSAGES_PER_TICK: usize = 1024;

impl Environment {
    /// Handles what is in the queue; if that is too much, the rest after other events had their turn.
    ///
    /// Each message has a handle scope of its own. Promises that are settled here have their
    /// continuations run when this returns to Node, in the same order.
    pub(super) fn tick(&self, env: Env<'_>) {
        if self.is_closed.get() {
            return;
        }
        let drained = self.mailbox.inbox.drain(MESSAGES_PER_TICK, |message| {
            if let Err(thrown) = env.scope(|env| self.handle_message(env, message)) {
                self.uncaught(env, thrown);
            }
        });
        if let Err(thrown) = env.scope(|env| self.tell_ended(env)) {
            self.uncaught(env, thrown);
        }
        if drained == Drained::More && !self.come_back(env) {
            // Without another turn the wake-up has to do; Node gives it none of its own.
            self.mailbox.waker.wake();
        }
    }

    fn handle_message(&self, env: Env<'_>, message: Message) -> Js<()> {
        self.word_comes();
        if !matches!(message, Message::JobDone { .. }) {
            self.tell_ended(env)?;
        }
        match message {
            Message::JobDone { ticket, outcome } => self.job_done(env, ticket, outcome),
            Message::Operation(ticket) => self.operation_woken(env, ticket),
            Message::TimedOut(ticket) => self.operation_stopped(env, ticket, "timeout"),
            Message::Text(sink) => {
                self.deliver(env, &sink);
                Ok(())
            }
            Message::HostCall(call) => {
                call.run(self, env, Waits::Yes);
                self.answered(env);
                Ok(())
            }
            Message::Release(key) => {
                let reference = self.references.borrow_mut().remove(key);
                drop(reference);
                Ok(())
            }
            Message::Run(action) => {
                action(self, env);
                Ok(())
            }
        }
    }

    /// Asks for another tick after the other events of this turn: waking ourselves would come first.
    fn come_back(&self, env: Env<'_>) -> bool {
        self.turn(env, &self.constants.drain, None)
            .unwrap_or_else(|_| {
                let _ = env.take_exception();
                false
            })
    }
}

/// The function that is called in that turn.
pub(super) fn drain<'s>(
    environment: &Environment,
    env: Env<'s>,
    []: [Val<'s>; 0],
) -> Js<Option<Val<'s>>> {
    environment.tick(env);
    Ok(None)
}
