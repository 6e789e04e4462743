//! What agents say that they do for others while they wait: a thread that runs a composition of
//! processes, a call of the host's. By these, who looks for deadlocks sees through such a wait.
//!
//! A store of values under the names that labels of waits have for agents. What the notes say, and
//! when they are made, is for `csp`, in both languages.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::define::Args;
use super::monitoring;
use super::state::State;
use crate::interpreter::runs_job_of;
use crate::python::{
    Borrowed, Builtin, Mode, Object, PyErr, PyResult, Python, from_python, to_python,
};
use crate::value::Value;

use super::channel_errors::conversion_error;

/// Agent and key.
type Key = (String, u64);

static NOTES: Mutex<BTreeMap<Key, (Value, Instant)>> = Mutex::new(BTreeMap::new());

/// One of them.
#[derive(Debug)]
pub struct Note {
    /// Who waits: `id/job` or `id/thread-<ident>`.
    pub agent: String,
    /// Tells the notes of an agent apart.
    pub key: u64,
    /// Since it was made, or made anew.
    pub age: Duration,
    /// What it says.
    pub note: Value,
}

/// Makes a note, instead of the one before under the same key, or takes it back.
pub fn set_note(agent: String, key: u64, note: Option<Value>) {
    let before = match note {
        Some(note) => NOTES.lock().insert((agent, key), (note, Instant::now())),
        None => NOTES.lock().remove(&(agent, key)),
    };
    // Not with the lock held: a value may be the last to hold an end.
    drop(before);
}

/// All of them.
pub fn notes() -> Vec<Note> {
    let notes = NOTES.lock();
    let all = notes.iter().map(|((agent, key), (note, since))| Note {
        agent: agent.clone(),
        key: *key,
        age: since.elapsed(),
        note: note.clone(),
    });
    all.collect()
}

/// The calling thread, as labels of waits name it.
fn here<'py>(state: &State, py: Python<'py>) -> PyResult<'py, String> {
    let Some(interpreter) = state.interpreter() else {
        let message = "this interpreter is not one of ours";
        return Err(PyErr::new(py, Builtin::RuntimeError, message));
    };
    let id = interpreter.id();
    Ok(monitoring::agent(state, id, runs_job_of(id)))
}

/// `is_watched()`
pub(super) fn is_watched<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    args.check(&[])?;
    to_python(this.py(), &Value::Bool(monitoring::is_on()))
}

/// `agent()`
pub(super) fn agent<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    args.check(&[])?;
    Object::str(this.py(), &here(state, this.py())?)
}

/// `note(key, note, agent=None)`
pub(super) fn note<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let py = this.py();
    args.check(&["key", "note", "agent"])?;
    let convert = |object: Borrowed<'_, 'py>| {
        from_python(object, Mode::Message).map_err(|error| conversion_error(state, py, error))
    };
    let key = match convert(args.required(0, "key")?)? {
        Value::Int(key) => u64::try_from(key).unwrap_or_default(),
        _ => return Err(PyErr::new(py, Builtin::TypeError, "a key is an int")),
    };
    let note = match convert(args.required(1, "note")?)? {
        Value::None => None,
        note => Some(note),
    };
    let agent = match args.optional(2, "agent").map(convert).transpose()? {
        Some(Value::Str(agent)) => agent.to_string_lossy().into_owned(),
        Some(_) => return Err(PyErr::new(py, Builtin::TypeError, "an agent is a str")),
        None => here(state, py)?,
    };
    set_note(agent, key, note);
    Ok(Object::none(py))
}

/// `list_notes()`: `(agent, key, age in seconds, note)`.
pub(super) fn list<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    args.check(&[])?;
    let rows = notes().into_iter().map(|each| {
        let key = Value::Int(i64::try_from(each.key).unwrap_or(i64::MAX));
        let age = Value::Float(each.age.as_secs_f64());
        Value::Tuple(Box::new([
            Value::from(each.agent.as_str()),
            key,
            age,
            each.note,
        ]))
    });
    to_python(this.py(), &Value::List(rows.collect()))
}
