//! What is told of an exception that leaves its interpreter: everything that can be asked about it
//! later, when the interpreter may be busy or gone. The text is Python's own, to the letter.
//!
//! A plain exception (a type, a message, a traceback, causes of the same kind) is described here, with
//! the text of each place made by Python once (`places`). Groups, and what is odd, are described by
//! `multicore._exceptions` as a whole (`data`).

mod data;
mod places;
mod traceback;

use self::data::{exception_data, frame, text, tuple};
use self::places::{Places, Shown};
use self::traceback::format;
use super::task::{Bindings, ExceptionData};
use crate::python::{
    self, Borrowed, Entry, GilCell, Global, Link, Mode, Object, PyErr, PyResult, Python,
    from_python,
};
use crate::value::Text;

/// Exceptions in a chain that is described here; longer ones are Python's to cut.
const LONGEST_CHAIN: usize = 32;
/// What `traceback` shows for an exception whose `__str__` raises.
const NO_MESSAGE: &str = "<exception str() failed>";

/// What an interpreter keeps to describe exceptions.
#[derive(Debug)]
pub(super) struct Exceptions(GilCell<Fields>);

#[derive(Default)]
struct Fields {
    module: Option<Module>,
    places: Places,
}

/// `multicore._exceptions`, imported when the first exception leaves.
struct Module {
    describe: Global,
    place: Global,
    last_lines: Global,
    notes: Global,
    attributes: Vec<Global>,
}

impl Exceptions {
    pub(super) fn new(py: Python<'_>) -> Self {
        Self(GilCell::new(py, Fields::default()))
    }

    /// Lets go of every object, before the interpreter ends.
    pub(super) fn clear(&self, py: Python<'_>) {
        let fields = self.0.with(py, std::mem::take);
        drop(fields);
    }

    /// Takes an exception apart. Cannot fail: what goes wrong on the way costs detail only.
    pub(super) fn describe(&self, error: &PyErr<'_>) -> ExceptionData {
        let object = error.object();
        self.plain(object)
            .ok()
            .flatten()
            .or_else(|| self.elaborate(object))
            .unwrap_or_else(|| ExceptionData {
                type_name: object.type_name(),
                message: error.summary().into(),
                ..ExceptionData::default()
            })
    }

    /// Describes a plain exception; `None` if it is none.
    fn plain<'py>(&self, exception: &Object<'py>) -> PyResult<'py, Option<ExceptionData>> {
        let py = exception.py();
        if python::has_traceback_limit(py) {
            return Ok(None);
        }
        let mut chain: Vec<(Object<'py>, Option<Link>)> = Vec::new();
        let mut next = Some(exception.clone());
        while let Some(current) = next.take() {
            let seen = |(known, _): &(Object<'py>, _)| known.is(&current);
            if python::is_group(&current) || chain.len() >= LONGEST_CHAIN || chain.iter().any(seen)
            {
                return Ok(None);
            }
            let origin = python::origin(&current)?;
            chain.push((current, origin.as_ref().map(|(link, _)| *link)));
            next = origin.map(|(_, origin)| origin);
        }
        let mut described: Option<ExceptionData> = None;
        for (exception, link) in chain.iter().rev() {
            let before = link.and_then(|link| {
                let origin = described.as_ref()?.traceback.as_str()?;
                Some((origin, link))
            });
            let Some(mut this) = self.one(exception, before)? else {
                return Ok(None);
            };
            this.cause = described.map(Box::new);
            described = Some(this);
        }
        Ok(described)
    }

    /// Describes one exception of a chain, without its cause but with its text.
    fn one<'py>(
        &self,
        exception: &Object<'py>,
        origin: Option<(&str, Link)>,
    ) -> PyResult<'py, Option<ExceptionData>> {
        let py = exception.py();
        let Some((module, name)) = type_names(exception) else {
            return Ok(None);
        };
        let message = match python::message(exception) {
            Ok(message) => message.to_str(),
            Err(_) => Some(NO_MESSAGE.to_owned()),
        };
        let (Some(message), Some(notes)) = (message, self.notes(exception)?) else {
            return Ok(None);
        };
        let last_lines = if python::is_elaborate(exception) {
            self.call(py, |module| &module.last_lines, exception)?
                .to_str()
        } else {
            let name = match module.as_str() {
                "builtins" | "__main__" => name.clone(),
                module => format!("{module}.{name}"),
            };
            Some(traceback::last_lines(&name, &message, &notes))
        };
        let mut places = Vec::new();
        for entry in python::traceback(exception)? {
            let Some(shown) = self.shown(&entry)? else {
                return Ok(None);
            };
            // Frames of multicore itself at the top: users look for their own.
            let is_ours = |text: &Text| {
                text.as_str()
                    .is_some_and(|name| name.starts_with("<multicore"))
            };
            if !places.is_empty() || !is_ours(&shown.frame.filename) {
                places.push(shown);
            }
        }
        let attributes = self.attributes(exception)?;
        Ok(last_lines.map(|last_lines| ExceptionData {
            type_name: match module.as_str() {
                "builtins" => name,
                module => format!("{module}.{name}"),
            },
            message: message.into(),
            traceback: format(&places, &last_lines, origin).into(),
            frames: places.into_iter().map(|shown| shown.frame).collect(),
            notes: notes.into_iter().map(Text::from).collect(),
            cause: None,
            errors: Vec::new(),
            attributes,
        }))
    }

    /// The notes; `None` if they are not a list of strings.
    fn notes<'py>(&self, exception: &Object<'py>) -> PyResult<'py, Option<Vec<String>>> {
        let name = self.kept(exception.py(), |module| &module.notes)?;
        Ok(match python::attribute(exception, &name) {
            None => Some(Vec::new()),
            Some(notes) => python::list_items(&notes)
                .and_then(|notes| notes.iter().map(Object::to_exact_str).collect()),
        })
    }

    /// What else the exception carries and can cross.
    fn attributes<'py>(&self, exception: &Object<'py>) -> PyResult<'py, Bindings> {
        let py = exception.py();
        self.module(py)?;
        let names = self.0.with(py, |fields| {
            let module = fields.module.as_ref()?;
            let names = module.attributes.iter().map(|name| name.get(py));
            names.collect::<Option<Vec<_>>>()
        });
        let mut found = Bindings::new();
        for name in names.flatten().unwrap_or_default() {
            let Some(value) = python::attribute(exception, &name) else {
                continue;
            };
            if value.is_none() || python::is_callable(&value) {
                continue;
            }
            if let Ok(value) = from_python(Borrowed::from(&value), Mode::Message)
                && let Some(name) = name.to_str()
            {
                found.push((name.into(), value));
            }
        }
        Ok(found)
    }

    /// A place as it is shown; `None` if UTF-8 cannot express it.
    fn shown<'py>(&self, entry: &Entry<'py>) -> PyResult<'py, Option<Shown>> {
        let py = entry.code.py();
        let known = self.0.with(py, |fields| fields.places.get(entry.place()));
        if let Some(known) = known.flatten() {
            return Ok(Some(known));
        }
        let made = self.call(py, |module| &module.place, &entry.traceback)?;
        let made = from_python(Borrowed::from(&made), Mode::Copy).ok();
        let made = made.and_then(tuple).and_then(|parts| {
            let [filename, function, line, column, source, lines] = parts;
            let lines = text(lines)?;
            Some(Shown {
                frame: frame([filename, function, line, column, source])?.into(),
                text: lines.as_str()?.into(),
            })
        });
        if let Some(shown) = &made {
            let dropped = self
                .0
                .with(py, |fields| fields.places.remember(entry, shown.clone()));
            drop(dropped);
        }
        Ok(made)
    }

    /// What Python makes of an exception.
    fn elaborate(&self, exception: &Object<'_>) -> Option<ExceptionData> {
        let described = self.call(exception.py(), |module| &module.describe, exception);
        from_python(Borrowed::from(&described.ok()?), Mode::Copy)
            .ok()
            .and_then(exception_data)
    }

    fn call<'py>(
        &self,
        py: Python<'py>,
        function: impl FnOnce(&Module) -> &Global,
        argument: &Object<'py>,
    ) -> PyResult<'py, Object<'py>> {
        self.kept(py, function)?.call([argument])
    }

    fn kept<'py>(
        &self,
        py: Python<'py>,
        pick: impl FnOnce(&Module) -> &Global,
    ) -> PyResult<'py, Object<'py>> {
        self.module(py)?;
        let found = self
            .0
            .with(py, |fields| pick(fields.module.as_ref()?).get(py));
        found.flatten().ok_or_else(|| {
            PyErr::new(
                py,
                python::Builtin::RuntimeError,
                "the interpreter is closing",
            )
        })
    }

    /// Imports `multicore._exceptions`.
    fn module<'py>(&self, py: Python<'py>) -> PyResult<'py, ()> {
        if self.0.with(py, |fields| fields.module.is_some()) == Some(true) {
            return Ok(());
        }
        let module = Object::import(py, "multicore._exceptions")?;
        let names = module.getattr(c"ATTRIBUTES")?;
        let made = Module {
            describe: module.getattr(c"describe")?.into_global(),
            place: module.getattr(c"place")?.into_global(),
            last_lines: module.getattr(c"last_lines")?.into_global(),
            notes: Object::str(py, "__notes__")?.into_global(),
            attributes: python::tuple_items(&names)
                .into_iter()
                .map(Object::into_global)
                .collect(),
        };
        let before = self.0.with(py, |fields| fields.module.replace(made));
        drop(before);
        Ok(())
    }
}

/// The module and the qualified name of an exception's class; `None` if they are no strings.
fn type_names(exception: &Object<'_>) -> Option<(String, String)> {
    let class = exception.class();
    let text = |name| class.getattr(name).ok()?.to_exact_str();
    Some((text(c"__module__")?, text(c"__qualname__")?))
}

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fields")
    }
}
