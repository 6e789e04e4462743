//! What an interpreter keeps to run jobs quickly: `__main__`, resolved functions, compiled sources,
//! the Python half of the job runner (`multicore._support`).

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::RwLock;

use super::exceptions::Exceptions;
use super::instance::FunctionId;
use super::names::NamesId;
use super::task::ExceptionData;
use crate::python::{
    Borrowed, GilCell, Global, Mode, Object, PyErr, PyResult, Python, SourceKind, compile,
    copy_dict, from_python, module_dict, names_tuple,
};
use crate::value::Value;

/// Sources longer than this are not kept compiled.
const LONGEST_KEPT_SOURCE_BYTES: usize = 16 * 1024;
/// How many compiled sources are kept; all are dropped when there would be more.
const MOST_KEPT_SOURCES: usize = 256;

/// Interned function paths, by id.
static PATHS: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// Interns a function's path (`module:qualified.name`). Equal paths give equal ids.
pub fn intern_function(path: &str) -> FunctionId {
    let known = |paths: &[String]| paths.iter().position(|known| known == path);
    if let Some(at) = known(&PATHS.read()) {
        return FunctionId(at as u32);
    }
    let mut paths = PATHS.write();
    let at = known(&paths).unwrap_or_else(|| {
        paths.push(path.to_owned());
        paths.len() - 1
    });
    FunctionId(at as u32)
}

/// From now on every call leaves `__main__` of this interpreter as it is now; `false`: not any more.
pub fn keep_main(py: Python<'_>, keep: bool) -> PyResult<'_, ()> {
    let Some(support) = Support::of(py) else {
        return Ok(());
    };
    let kept = if keep {
        Some(copy_dict(&support.main(py)?)?.into_global())
    } else {
        None
    };
    let before = support.fields.with(py, |fields| match fields {
        Some(fields) => std::mem::replace(&mut fields.kept_main, kept),
        None => kept,
    });
    drop(before);
    Ok(())
}

/// Mends what an exception that came from outside may have left half-done on the calling thread, which
/// runs no Python code any more.
pub fn mend(py: Python<'_>) {
    Support::mend(py);
}

/// From now on the threads that Python code started in this interpreter are counted after every job:
/// `count` says how many there are, of which `expected` are meant to be there.
pub fn count_threads<'py>(py: Python<'py>, count: Object<'py>, expected: i64) {
    if let Some(support) = Support::of(py) {
        let counted = Some((count.into_global(), expected));
        let before = support.fields.with(py, |fields| {
            std::mem::replace(&mut fields.as_mut()?.threads, counted)
        });
        drop(before);
    }
}

/// The per-interpreter state; emptied before its interpreter ends.
#[derive(Debug)]
pub(super) struct Support {
    fields: GilCell<Option<Fields>>,
    exceptions: Exceptions,
}

struct Fields {
    main: Global,
    /// `__main__` as every call has to leave it ([`keep_main`]).
    kept_main: Option<Global>,
    /// How threads are counted, and how many are expected ([`count_threads`]).
    threads: Option<(Global, i64)>,
    /// Keeps a source for tracebacks.
    remember: Global,
    resolve: Global,
    adopt: Global,
    coroutines: Option<Global>,
    mend: Option<Global>,
    end_threads: Global,
    shutdown: Global,
    functions: Vec<Option<Global>>,
    /// Tuples of interned names of keyword arguments.
    names: Vec<Option<Global>>,
    codes: HashMap<(SourceKind, Box<str>), Global>,
    sources_made: u64,
}

impl Support {
    /// Loads the Python half. `multicore` is importable already.
    pub(super) fn new(py: Python<'_>) -> PyResult<'_, Self> {
        let module = Object::import(py, "multicore._support")?;
        let fields = GilCell::new(
            py,
            Some(Fields {
                main: module_dict(py, c"__main__")?.into_global(),
                kept_main: None,
                threads: None,
                remember: module.getattr(c"remember")?.into_global(),
                resolve: module.getattr(c"resolve")?.into_global(),
                adopt: module.getattr(c"adopt")?.into_global(),
                coroutines: None,
                mend: None,
                end_threads: module.getattr(c"end_threads")?.into_global(),
                shutdown: module.getattr(c"shutdown")?.into_global(),
                functions: Vec::new(),
                names: Vec::new(),
                codes: HashMap::new(),
                sources_made: 0,
            }),
        );
        Ok(Self {
            fields,
            exceptions: Exceptions::new(py),
        })
    }

    /// The state of the interpreter that `py` is attached to.
    pub(super) fn of(py: Python<'_>) -> Option<&Self> {
        py.interp().state()
    }

    /// Lets go of every object, before the interpreter ends.
    pub(super) fn clear(&self, py: Python<'_>) {
        let fields = self.fields.with(py, Option::take);
        drop(fields);
        self.exceptions.clear(py);
    }

    fn get<'py>(
        &self,
        py: Python<'py>,
        pick: impl FnOnce(&mut Fields) -> Option<&Global>,
    ) -> Option<Object<'py>> {
        self.fields
            .with(py, |fields| pick(fields.as_mut()?)?.get(py))
            .flatten()
    }

    fn need<'py>(
        &self,
        py: Python<'py>,
        pick: impl FnOnce(&mut Fields) -> Option<&Global>,
    ) -> PyResult<'py, Object<'py>> {
        self.get(py, pick).ok_or_else(|| {
            PyErr::new(
                py,
                crate::python::Builtin::RuntimeError,
                "the interpreter is closing",
            )
        })
    }

    /// The dict of `__main__`.
    pub(super) fn main<'py>(&self, py: Python<'py>) -> PyResult<'py, Object<'py>> {
        self.need(py, |fields| Some(&fields.main))
    }

    /// Undoes what a call did to `__main__`, if [`keep_main`] asked for it.
    pub(super) fn restore_main(&self, py: Python<'_>) {
        let Some(kept) = self.get(py, |fields| fields.kept_main.as_ref()) else {
            return;
        };
        // It fails where memory is out or a key is made to: the next call tries again.
        drop(
            self.main(py)
                .and_then(|main| crate::python::restore_dict(&main, &kept)),
        );
    }

    /// Threads of Python code beyond those that are expected; `None`: nobody asked ([`count_threads`]).
    pub(super) fn stray_threads(&self, py: Python<'_>) -> Option<u32> {
        let (count, expected) = self.fields.with(py, |fields| {
            let (count, expected) = fields.as_ref()?.threads.as_ref()?;
            Some((count.get(py)?, *expected))
        })??;
        let counted = count.call([]).ok()?;
        match from_python(Borrowed::from(&counted), Mode::Message) {
            Ok(Value::Int(threads)) => u32::try_from(threads.saturating_sub(expected).max(0)).ok(),
            _ => None,
        }
    }

    /// An interned function, resolved the first time.
    pub(super) fn function<'py>(
        &self,
        py: Python<'py>,
        id: FunctionId,
    ) -> PyResult<'py, Object<'py>> {
        let at = id.0 as usize;
        if let Some(known) = self.get(py, |fields| fields.functions.get(at)?.as_ref()) {
            return Ok(known);
        }
        let path = PATHS.read().get(at).cloned().unwrap_or_default();
        let function = self.resolve(&Object::str(py, &path)?)?;
        // A name in `__main__` may be bound anew by the next job: only paths with a module are kept.
        if path.contains(':') && !path.starts_with("__main__:") {
            self.keep(&function, at, |fields| &mut fields.functions);
        }
        Ok(function)
    }

    /// The tuple of interned names, made the first time.
    pub(super) fn names<'py>(&self, py: Python<'py>, id: NamesId) -> PyResult<'py, Object<'py>> {
        let at = id.index();
        if let Some(known) = self.get(py, |fields| fields.names.get(at)?.as_ref()) {
            return Ok(known);
        }
        let names = names_tuple(py, &id.names())?;
        self.keep(&names, at, |fields| &mut fields.names);
        Ok(names)
    }

    fn keep(
        &self,
        object: &Object<'_>,
        at: usize,
        list: impl FnOnce(&mut Fields) -> &mut Vec<Option<Global>>,
    ) {
        let kept = object.clone().into_global();
        self.fields.with(object.py(), |fields| {
            if let Some(fields) = fields {
                let list = list(fields);
                if list.len() <= at {
                    list.resize_with(at + 1, || None);
                }
                list[at] = Some(kept);
            }
        });
    }

    /// A function by its path.
    pub(super) fn resolve<'py>(&self, path: &Object<'py>) -> PyResult<'py, Object<'py>> {
        self.need(path.py(), |fields| Some(&fields.resolve))?
            .call([path])
    }

    /// A result that is no value by itself: a coroutine, a generator. `None`: nothing can be made
    /// of it.
    pub(super) fn adopt<'py>(&self, result: &Object<'py>) -> PyResult<'py, Object<'py>> {
        self.need(result.py(), |fields| Some(&fields.adopt))?
            .call([result])
    }

    /// `multicore._coroutines`, imported when it is first needed: it imports asyncio.
    pub(super) fn coroutines<'py>(&self, py: Python<'py>) -> PyResult<'py, Object<'py>> {
        if let Some(known) = self.get(py, |fields| fields.coroutines.as_ref()) {
            return Ok(known);
        }
        let module = Object::import(py, "multicore._coroutines")?;
        let kept = module.clone().into_global();
        self.fields.with(py, |fields| {
            if let Some(fields) = fields {
                fields.coroutines = Some(kept);
            }
        });
        Ok(module)
    }

    /// Mends what an exception that came from outside may have left half-done on the calling thread,
    /// which runs no Python code any more: CPython's import lock and the like.
    pub(super) fn mend(py: Python<'_>) {
        let Some(support) = Self::of(py) else {
            return;
        };
        let known = support.get(py, |fields| fields.mend.as_ref());
        let mend = known.map_or_else(
            || {
                let mend = Object::import(py, "multicore._mend")?.getattr(c"mend")?;
                let kept = mend.clone().into_global();
                support.fields.with(py, |fields| {
                    if let Some(fields) = fields {
                        fields.mend = Some(kept);
                    }
                });
                Ok(mend)
            },
            Ok,
        );
        // What cannot be mended shows in the next job.
        drop(mend.and_then(|mend| mend.call([])));
    }

    /// A compiled source.
    pub(super) fn code<'py>(
        &self,
        py: Python<'py>,
        source: &str,
        filename: Option<&str>,
        kind: SourceKind,
    ) -> PyResult<'py, Object<'py>> {
        if let Some(filename) = filename {
            self.remember(py, filename, source)?;
            return compile(py, source, filename, kind);
        }
        let keep = source.len() <= LONGEST_KEPT_SOURCE_BYTES;
        let key = (kind, Box::from(source));
        if keep && let Some(known) = self.get(py, |fields| fields.codes.get(&key)) {
            return Ok(known);
        }
        let number = self.fields.with(py, |fields| {
            fields.as_mut().map_or(0, |fields| {
                fields.sources_made += 1;
                fields.sources_made
            })
        });
        let filename = format!("<python {}>", number.unwrap_or(0));
        self.remember(py, &filename, source)?;
        let code = compile(py, source, &filename, kind)?;
        if keep {
            let kept = code.clone().into_global();
            let dropped = self.fields.with(py, |fields| {
                let fields = fields.as_mut()?;
                let full = fields.codes.len() >= MOST_KEPT_SOURCES;
                let dropped = full.then(|| std::mem::take(&mut fields.codes));
                fields.codes.insert(key, kept);
                dropped
            });
            drop(dropped);
        }
        Ok(code)
    }

    /// Keeps a source for tracebacks.
    fn remember<'py>(&self, py: Python<'py>, filename: &str, source: &str) -> PyResult<'py, ()> {
        let remember = self.need(py, |fields| Some(&fields.remember))?;
        let (filename, source) = (Object::str(py, filename)?, Object::str(py, source)?);
        remember.call([&filename, &source]).map(drop)
    }

    /// Takes an exception apart. Cannot fail: what goes wrong on the way costs detail only.
    pub(super) fn describe(&self, error: &PyErr<'_>) -> ExceptionData {
        self.exceptions.describe(error)
    }

    /// Waits for threads that Python code started, at most so long, then stops them.
    pub(super) fn end_threads<'py>(&self, py: Python<'py>, limit: Duration) -> PyResult<'py, ()> {
        let end_threads = self.need(py, |fields| Some(&fields.end_threads))?;
        let seconds = crate::python::to_python(py, &Value::Float(limit.as_secs_f64()))?;
        end_threads.call([&seconds]).map(drop)
    }

    /// Runs exit handlers.
    pub(super) fn shut_down<'py>(&self, py: Python<'py>) -> PyResult<'py, ()> {
        self.need(py, |fields| Some(&fields.shutdown))?
            .call([])
            .map(drop)
    }
}

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Fields({} functions, {} sources)",
            self.functions.len(),
            self.codes.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_paths_are_interned_once() {
        let a = intern_function("statistics:mean");
        assert_eq!(intern_function("statistics:mean"), a);
        assert_ne!(intern_function("statistics:median"), a);
    }
}
