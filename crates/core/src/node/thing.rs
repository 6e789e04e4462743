//! What a handle can stand for, and looking handles up.

use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use super::environment::Environment;
use super::failure::Failed;
use super::js::{Env, Js, Val};
use super::slab::Key;
use crate::channel::{Direction, Receiver, Sender};
use crate::extension::Held;
use crate::interpreter::Interpreter;
use crate::value::{Shared, Value};

/// What JavaScript holds a handle of. In an `Rc`, so that using one neither borrows the table nor
/// counts as one more channel end.
#[derive(Clone)]
pub(super) enum Thing {
    Sender(Rc<Handed<Sender<Value>>>),
    Receiver(Rc<Handed<Receiver<Value>>>),
    Interpreter(Rc<Interpreter>),
    /// Something that this side can only pass on.
    Shared(Rc<Arc<dyn Shared>>),
}

/// An end that JavaScript has a handle of: counted, for deadlock detection in Python.
pub(super) struct Handed<E> {
    end: E,
    _held: Held,
}

impl<E> Deref for Handed<E> {
    type Target = E;
    fn deref(&self) -> &E {
        &self.end
    }
}

impl Thing {
    pub(super) fn sender(end: Sender<Value>) -> Self {
        let _held = Held::by_host(end.id(), Direction::Send);
        Self::Sender(Rc::new(Handed { end, _held }))
    }

    pub(super) fn receiver(end: Receiver<Value>) -> Self {
        let _held = Held::by_host(end.id(), Direction::Receive);
        Self::Receiver(Rc::new(Handed { end, _held }))
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Sender(_) => "a sender",
            Self::Receiver(_) => "a receiver",
            Self::Interpreter(_) => "an interpreter",
            Self::Shared(shared) => shared.kind(),
        }
    }

    /// The thing as it crosses: one more reference to it, or one more end.
    pub(super) fn to_shared(&self) -> Arc<dyn Shared> {
        match self {
            Self::Sender(sender) => Arc::new(Sender::clone(sender)),
            Self::Receiver(receiver) => Arc::new(Receiver::clone(receiver)),
            Self::Interpreter(interpreter) => Arc::new(Interpreter::clone(interpreter)),
            Self::Shared(shared) => Arc::clone(shared),
        }
    }
}

/// What a handle was meant to be and is not.
#[cold]
fn wrong(wanted: &str, found: Option<&Thing>) -> Failed {
    Failed::Invalid(match found {
        None => format!("this handle of {wanted} was released, closed, or never given out"),
        Some(thing) => format!("this handle is of {}, not of {wanted}", thing.kind()),
    })
}

/// The key that a JavaScript value could be.
pub(super) fn key(env: Env<'_>, handle: Val<'_>) -> Option<Key> {
    env.get_number(handle).and_then(Key::from_number)
}

macro_rules! lookup {
    ($name:ident, $variant:ident, $type:ty, $wanted:literal) => {
        /// What a handle stands for, if it is one of this kind.
        pub(super) fn $name(&self, env: Env<'_>, handle: Val<'_>) -> Js<Rc<$type>> {
            let things = self.things.borrow();
            match key(env, handle).and_then(|key| things.get(key)) {
                Some(Thing::$variant(thing)) => Ok(Rc::clone(thing)),
                other => Err(wrong($wanted, other).into()),
            }
        }
    };
}

impl Environment {
    lookup!(sender, Sender, Handed<Sender<Value>>, "a sender");
    lookup!(receiver, Receiver, Handed<Receiver<Value>>, "a receiver");
    lookup!(interpreter, Interpreter, Interpreter, "an interpreter");

    /// Whatever a handle stands for.
    pub(super) fn thing(&self, env: Env<'_>, handle: Val<'_>) -> Js<Thing> {
        let things = self.things.borrow();
        let thing = key(env, handle).and_then(|key| things.get(key)).cloned();
        thing.ok_or_else(|| wrong("anything", None).into())
    }

    /// A handle of a thing.
    pub(super) fn handle<'s>(&self, env: Env<'s>, thing: Thing) -> Js<Val<'s>> {
        let key = self.things.borrow_mut().insert(thing);
        env.number(key.to_number())
    }
}
