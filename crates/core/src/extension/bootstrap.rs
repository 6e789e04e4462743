//! Getting `multicore` into a new interpreter: the importer of the embedded sources, and what
//! `multicore._bootstrap` does to `sys`.

use super::bridge::ModuleBridge;
use super::compile_ahead::compile_ahead;
use super::module::{self, BUILTIN};
use super::sources;
use crate::interpreter::{Bootstrap, CreateOptions, Interpreter, StartOptions};
use crate::python::{Builtin, Object, PyErr, PyResult, Python, SITE, named, run, set_bridge};
use crate::value::{Text, Value};

/// What [`crate::interpreter::start`] needs.
pub static BOOTSTRAP: Bootstrap = Bootstrap {
    modules: &[BUILTIN, SITE],
    prepare,
    release,
};

fn release(py: Python<'_>) {
    if let Some(state) = module::state(py) {
        state.clear(py);
    }
}

fn prepare<'py>(
    py: Python<'py>,
    start: &StartOptions,
    create: &CreateOptions,
    interpreter: &Interpreter,
) -> PyResult<'py, ()> {
    set_bridge(Box::new(ModuleBridge));
    drop(Object::import(py, "_multicore")?);
    let Some(state) = module::state(py) else {
        return Err(PyErr::new(
            py,
            Builtin::RuntimeError,
            "_multicore has no state",
        ));
    };
    state.set_interpreter(interpreter.clone(), create);
    let Some(code) = sources::code(py, "multicore._bootstrap")? else {
        return Err(PyErr::new(
            py,
            Builtin::RuntimeError,
            "multicore._bootstrap is not embedded",
        ));
    };
    let globals = named(
        py,
        &[(Text::from("__name__"), Value::from("multicore._bootstrap"))],
    )?;
    run(&code, &globals)?;
    let strings =
        |items: &[String]| Value::List(items.iter().map(|item| item.as_str().into()).collect());
    let path: Vec<String> = create.path.iter().chain(&start.path).cloned().collect();
    let argv = create.argv.as_deref().map_or(Value::None, strings);
    let arguments = [
        (Text::from("path"), strings(&path)),
        (Text::from("argv"), argv),
        (
            Text::from("executable"),
            Value::from(start.executable.as_str()),
        ),
        (Text::from("serial"), Value::Bool(create.serial)),
        (
            Text::from("main"),
            Value::Bool(interpreter.isolation().is_none()),
        ),
    ];
    let prepare = globals.get_item(&Object::str(py, "prepare")?)?;
    prepare
        .call_tuple(&Object::tuple(py, [])?, Some(&named(py, &arguments)?))
        .map(drop)?;
    if interpreter.isolation().is_none() {
        compile_ahead(interpreter);
    }
    Ok(())
}
