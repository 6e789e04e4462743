//! A receive in two steps: wait for a message, then take it or let the channel keep it. For those
//! who may lose interest in between, as a stream that is cancelled does.

use super::super::environment::Environment;
use super::super::failure::Failed;
use super::super::js::{Env, Val};
use super::super::pending::Answers;
use super::operations::{Begun, begin};
use super::{Returns, arguments};
use crate::channel::{Order, Pending, Receiver, Selection};

/// The message or `ENDED` if there is one now; else a promise of nothing, after which
/// [`take`] gives it.
pub(super) fn receive<'s>(
    environment: &Environment,
    env: Env<'s>,
    [receiver, number]: [Val<'s>; 2],
) -> Returns<'s> {
    let receiver = environment.receiver(env, receiver)?;
    let mut selection = Selection::new(Order::Prioritized);
    selection.receive(Receiver::clone(&receiver));
    let limits = [env.undefined()?, number];
    match begin(environment, env, selection, Answers::Held, limits)? {
        Begun::Done(completed) => environment
            .completed(env, completed, Answers::Message)
            .map(Some),
        Begun::Waits(promise) => Ok(Some(promise)),
    }
}

/// The message or `ENDED`, once the promise of [`receive`] is fulfilled.
pub(super) fn take<'s>(
    environment: &Environment,
    env: Env<'s>,
    [number]: [Val<'s>; 1],
) -> Returns<'s> {
    let number = arguments::number(env, number);
    let held = environment.held.borrow_mut().remove(&number);
    match held.and_then(|mut pending| Pending::take(&mut pending)) {
        Some(completed) => environment
            .completed(env, completed, Answers::Message)
            .map(Some),
        None => Err(Failed::invalid("nothing is held under this number").into()),
    }
}

/// Gives a [`receive`] up, whether or not there is a message by now: that goes to the next receiver. Its
/// promise is fulfilled. Harmless for one that was taken.
pub(super) fn put_back<'s>(
    environment: &Environment,
    env: Env<'s>,
    [number]: [Val<'s>; 1],
) -> Returns<'s> {
    let number = arguments::number(env, number);
    let held = environment.held.borrow_mut().remove(&number);
    // Dropping it returns the message, and may wake others: nothing is borrowed here.
    drop(held);
    let ticket = environment.operation_numbers.borrow_mut().remove(&number);
    if let Some(ticket) = ticket {
        environment.operation_dropped(env, ticket)?;
    }
    Ok(None)
}
