//! Events of channels that Python code causes, on their way to the environment that listens.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;

use super::environment::Environment;
use super::info;
use super::js::{Env, Js, Val};
use super::mailbox::{Message, RemoteRef};
use crate::channel::Direction;
use crate::extension::{self, Event};

/// More than this many are not kept for an environment that does not come to them: a program that looks
/// on must not grow without bound because another one is busy.
const MOST_EVENTS: usize = 10_000;

/// Events for a function of one environment, in order. One message tells of all that wait.
struct Heard {
    function: RemoteRef,
    events: Mutex<VecDeque<Event>>,
}

impl Heard {
    fn hear(self: &Arc<Self>, event: Event) {
        let is_first = {
            let mut events = self.events.lock();
            if events.len() >= MOST_EVENTS {
                return;
            }
            events.push_back(event);
            events.len() == 1
        };
        if is_first {
            let this = Arc::clone(self);
            let tell = move |environment: &Environment, env: Env<'_>| this.tell(environment, env);
            self.function.mailbox.post(Message::Run(Box::new(tell)));
        }
    }

    fn tell(&self, environment: &Environment, env: Env<'_>) {
        let events = std::mem::take(&mut *self.events.lock());
        for event in events {
            let told = env.scope(|env| self.tell_one(environment, env, &event));
            if let Err(thrown) = told {
                environment.uncaught(env, thrown);
            }
        }
    }

    fn tell_one(&self, environment: &Environment, env: Env<'_>, event: &Event) -> Js<()> {
        let Some(function) = environment.local(env, &self.function)? else {
            return Ok(());
        };
        let operation = event.operation.map(|operation| match operation {
            Direction::Send => "send",
            Direction::Receive => "receive",
        });
        let interpreter = match event.interpreter {
            Some(id) => env.number(id.0 as f64)?,
            None => env.null()?,
        };
        let args = [
            env.number(f64::from(event.class as u32))?,
            env.number(event.channel.get() as f64)?,
            info::optional(env, event.name.as_deref())?,
            info::optional(env, operation)?,
            info::optional(env, event.reason.as_deref())?,
            interpreter,
        ];
        env.call(function, &args).map(drop)
    }
}

impl Environment {
    /// From now on `function` is told of what Python code does to channels, as far as it is of these
    /// classes; what was told before is not any more.
    pub(super) fn hear(&self, env: Env<'_>, classes: u32, function: Val<'_>) -> Js<()> {
        if classes == 0 {
            extension::listen(self.mailbox.id, 0, None);
            return Ok(());
        }
        let heard = Arc::new(Heard {
            function: self.remote(env, function)?,
            events: Mutex::default(),
        });
        let listener = Arc::new(move |event| heard.hear(event));
        extension::listen(self.mailbox.id, classes, Some(listener));
        Ok(())
    }
}
