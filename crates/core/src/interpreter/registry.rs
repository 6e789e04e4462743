//! The living interpreters of this process.

use parking_lot::RwLock;

use super::instance::Interpreter;

/// Ordered by id, so the main interpreter comes first.
static LIVING: RwLock<Vec<Interpreter>> = RwLock::new(Vec::new());

pub(super) fn add(interpreter: Interpreter) {
    let mut living = LIVING.write();
    living.push(interpreter);
    living.sort_by_key(Interpreter::id);
}

pub(super) fn remove(id: i64) {
    LIVING
        .write()
        .retain(|interpreter| interpreter.id().0 != id);
}

pub(super) fn list() -> Vec<Interpreter> {
    LIVING.read().clone()
}

pub(super) fn find(is_it: impl Fn(&Interpreter) -> bool) -> Option<Interpreter> {
    LIVING
        .read()
        .iter()
        .find(|interpreter| is_it(interpreter))
        .cloned()
}
