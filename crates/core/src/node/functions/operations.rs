//! Channel operations that may wait: a promise each.

use std::sync::Arc;

use super::super::environment::Environment;
use super::super::failure::Failed;
use super::super::from_js::{self, Mode};
use super::super::js::{Env, Js, Thrown, Val};
use super::super::mailbox::{Mailbox, Message};
use super::super::pending::{Answers, Operation, Timer, settle};
use super::super::polling::Awaited;
use super::super::slab::Key;
use super::{Returns, arguments};
use crate::channel::{
    Completed, Order, Receiver, Refusal, Selection, SendError, Sender, Started, Wake,
};
use crate::sync::Place;
use crate::value::Value;

/// Tells the environment that an operation was committed.
struct Committed {
    mailbox: Arc<Mailbox>,
    ticket: Key,
}

impl Wake for Committed {
    fn wake(&self) {
        self.mailbox.post_operation(Message::Operation(self.ticket));
    }
}

/// What became of an operation that was started.
pub(super) enum Begun<'s> {
    Done(Completed<Value>),
    Waits(Val<'s>),
}

/// Starts an operation. If it waits, gives the promise of what it `answers`.
pub(super) fn begin<'s>(
    environment: &Environment,
    env: Env<'s>,
    selection: Selection<Value>,
    answers: Answers,
    limits: [Val<'_>; 2],
) -> Js<Begun<'s>> {
    begin_at(environment, env, selection, answers, limits, None)
}

/// The same; a place at a barrier is kept as long as the operation waits.
pub(super) fn begin_at<'s>(
    environment: &Environment,
    env: Env<'s>,
    selection: Selection<Value>,
    answers: Answers,
    [timeout, number]: [Val<'_>; 2],
    place: Option<Place>,
) -> Js<Begun<'s>> {
    let selection = match selection.try_now() {
        Ok(completed) => {
            environment.did_not_wait(1);
            return Ok(Begun::Done(completed));
        }
        Err(selection) => selection,
    };
    let (timeout, number) = (
        arguments::timeout(env, timeout),
        arguments::number(env, number),
    );
    let (deferred, promise) = env.promise()?;
    let begun = environment.wait_begins(env, Awaited::Operation, 0);
    let operation = Operation {
        deferred,
        pending: None,
        answers,
        number,
        timer: None,
        _place: place,
    };
    let ticket = environment.operations.borrow_mut().insert(operation);
    environment.wait_kept(&begun, ticket);
    let wake = Committed {
        mailbox: Arc::clone(&environment.mailbox),
        ticket,
    };
    environment.hold(env);
    match selection.start(Arc::new(wake)) {
        // In the moment between trying and starting.
        Started::Done(completed) if answers == Answers::Held => {
            environment.operation_dropped(env, ticket)?;
            return Ok(Begun::Done(completed));
        }
        Started::Done(completed) => environment.operation_done(env, ticket, completed)?,
        Started::Pending(pending) => {
            let timer = timeout.and_then(|timeout| {
                let mailbox = Arc::clone(&environment.mailbox);
                Timer::after(timeout, move || mailbox.post(Message::TimedOut(ticket)))
            });
            if let Some(operation) = environment.operations.borrow_mut().get_mut(ticket) {
                operation.pending = Some(pending);
                operation.timer = timer;
            }
            if number != 0 {
                environment
                    .operation_numbers
                    .borrow_mut()
                    .insert(number, ticket);
            }
            environment.waits(env)?;
        }
    }
    Ok(Begun::Waits(promise))
}

pub(super) fn send<'s>(
    environment: &Environment,
    env: Env<'s>,
    [sender, value, timeout, number]: [Val<'s>; 4],
) -> Returns<'s> {
    let sender = environment.sender(env, sender)?;
    let value = from_js::read(environment, env, value, Mode::Message)?;
    let value = match sender.try_send(value) {
        Ok(()) => {
            environment.did_not_wait(1);
            return Ok(None);
        }
        Err(SendError {
            value,
            reason: Refusal::Full,
        }) => value,
        Err(SendError { reason, .. }) => return Err(reason.into()),
    };
    let mut selection = Selection::new(Order::Prioritized);
    selection.send(Sender::clone(&sender), value);
    match begin(
        environment,
        env,
        selection,
        Answers::Nothing,
        [timeout, number],
    )? {
        // An error here is thrown, as it is by the fast way.
        Begun::Done(completed) => {
            environment.completed(env, completed, Answers::Nothing)?;
            Ok(None)
        }
        Begun::Waits(promise) => Ok(Some(promise)),
    }
}

pub(super) fn receive<'s>(
    environment: &Environment,
    env: Env<'s>,
    [receiver, timeout, number]: [Val<'s>; 3],
) -> Returns<'s> {
    let receiver = environment.receiver(env, receiver)?;
    let mut selection = Selection::new(Order::Prioritized);
    selection.receive(Receiver::clone(&receiver));
    match begin(
        environment,
        env,
        selection,
        Answers::Message,
        [timeout, number],
    )? {
        Begun::Done(completed) => {
            let (deferred, promise) = env.promise()?;
            let result = environment.completed(env, completed, Answers::Message);
            settle(environment, env, deferred, result)?;
            Ok(Some(promise))
        }
        Begun::Waits(promise) => Ok(Some(promise)),
    }
}

pub(super) fn select<'s>(
    environment: &Environment,
    env: Env<'s>,
    [cases, fair, wait, timeout, number]: [Val<'s>; 5],
) -> Returns<'s> {
    let order = if arguments::switch(env, fair, "fair")?.unwrap_or(true) {
        Order::Fair
    } else {
        Order::Prioritized
    };
    let selection = read_cases(environment, env, cases, order)?;
    if env.get_boolean(wait)? {
        return match begin(
            environment,
            env,
            selection,
            Answers::Case,
            [timeout, number],
        )? {
            Begun::Done(completed) => environment
                .completed(env, completed, Answers::Case)
                .map(Some),
            Begun::Waits(promise) => Ok(Some(promise)),
        };
    }
    match selection.try_now() {
        Ok(completed) => environment
            .completed(env, completed, Answers::Case)
            .map(Some),
        Err(_unready) => {
            let pair = env.array_with_length(2)?;
            env.set_element(pair, 0, env.number(-1.0)?)?;
            env.set_element(pair, 1, env.undefined()?)?;
            Ok(Some(pair))
        }
    }
}

fn read_cases(
    environment: &Environment,
    env: Env<'_>,
    cases: Val<'_>,
    order: Order,
) -> Js<Selection<Value>> {
    if !env.is_array(cases)? {
        return Err(Failed::invalid("the cases of a select are an array").into());
    }
    let mut selection = Selection::new(order);
    for index in 0..env.array_length(cases)? {
        env.scope(|env| {
            let case = env.element(cases, index)?;
            let receiver = env.named(case, c"receive")?;
            if env.is_undefined(receiver)? {
                let sender = environment.sender(env, env.named(case, c"send")?)?;
                let value = env.named(case, c"value")?;
                let value = from_js::read(environment, env, value, Mode::Message)?;
                selection.send(Sender::clone(&sender), value);
            } else {
                let receiver = environment.receiver(env, receiver)?;
                selection.receive(Receiver::clone(&receiver));
            }
            Ok::<_, Thrown>(())
        })?;
    }
    Ok(selection)
}

pub(super) fn cancel<'s>(
    environment: &Environment,
    env: Env<'s>,
    [number]: [Val<'s>; 1],
) -> Returns<'s> {
    let number = arguments::number(env, number);
    let ticket = environment.operation_numbers.borrow_mut().remove(&number);
    if let Some(ticket) = ticket {
        environment.operation_stopped(env, ticket, "cancelled")?;
    }
    Ok(None)
}
