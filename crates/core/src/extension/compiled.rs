//! Code of modules that programs import from source, compiled once in the process: where there are no
//! `.pyc` files (`PYTHONDONTWRITEBYTECODE`, a read-only file system), each interpreter would compile them
//! again, which takes ten times as long as loading. Not here: the modules of multicore (`sources.rs`).

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock};

use parking_lot::Mutex;

use super::define::Args;
use super::process::string;
use super::state::State;
use crate::python::{Borrowed, Mode, Object, PyResult, dict, dump_code, from_python, load_code};
use crate::value::Value;

/// All marshalled code together: what comes later is compiled by each.
const MOST_BYTES: usize = 32 << 20;

#[derive(Default)]
struct Compiled {
    /// By path: what the source was, and its code. A file that changes is compiled anew.
    modules: HashMap<Box<str>, (u64, Arc<[u8]>)>,
    bytes: usize,
}

static COMPILED: LazyLock<Mutex<Compiled>> = LazyLock::new(Mutex::default);

/// With random keys: no source can be made to pass for another.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// `source_to_code(data, path, *, _optimize=-1)`, in place of the method of `SourceFileLoader`, which was
/// registered as `source_to_code`. A C function: no frame of it is between those that tracebacks leave out.
pub(super) fn source_to_code<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let py = this.py();
    // Found on an instance it is called with two, as a function of the class with the instance before.
    let first = args.len().saturating_sub(2);
    let (data, path) = (
        args.required(first, "data")?,
        args.required(first + 1, "path")?,
    );
    let compile = || {
        let original = state.registered(py, "source_to_code", "multicore._bootstrap")?;
        let keywords = dict(py, &[])?;
        if let Some(optimize) = args.keyword("_optimize") {
            keywords.set_item(&Object::str(py, "_optimize")?, &optimize.to_object())?;
        }
        let loader = args
            .at(first.wrapping_sub(1))
            .map_or_else(|| Object::none(py), |loader| loader.to_object());
        let args = Object::tuple(py, [loader, data.to_object(), path.to_object()])?;
        original.call_tuple(&args, Some(&keywords))
    };
    // Compiled with the switches of the process, from the bytes of a file.
    if args.keyword("_optimize").is_some() {
        return compile();
    }
    let (Ok(Value::Bytes(source)), Ok(path)) = (from_python(data, Mode::Message), string(path))
    else {
        return compile();
    };
    let hash = HASHER.hash_one(&source[..]);
    let known = COMPILED.lock().modules.get(&*path).cloned();
    if let Some((_, marshalled)) = known.filter(|(known, _)| *known == hash) {
        // SAFETY: of `dump_code`, below: what is kept for another source has another hash.
        return unsafe { load_code(py, &marshalled) };
    }
    let code = compile()?;
    if let Ok(marshalled) = dump_code(&code) {
        let mut compiled = COMPILED.lock();
        if compiled.bytes + marshalled.len() <= MOST_BYTES {
            compiled.bytes += marshalled.len();
            let before = compiled
                .modules
                .insert(path.into(), (hash, marshalled.into()));
            compiled.bytes -= before.map_or(0, |(_, before)| before.len());
        }
    }
    Ok(code)
}
