//! How things that are no built-in objects cross: shared things by their own types, instances of
//! classes by `multicore._records`.

use std::any::Any;
use std::sync::Arc;

use super::channel_ends::{ReceiveEnd, SendEnd, receive_end, send_end};
use super::define::{Class, make_instance, value_of};
use super::host_function::Callable;
use super::interpreters::{Handle, handle};
use super::memory;
use super::module;
use super::opaque::Opaque;
use super::parcel::{Closed, Parcel, closed};
use super::queues;
use super::state::State;
use super::sync::{self, Primitive};
use super::transfer::{self, Transferred};
use crate::buffer::{Buffer, Transfer};
use crate::interpreter::{Interpreter, as_host_function};
use crate::message::{ValueReceiver, ValueSender};
use crate::python::{
    Borrowed, Bridge, Builtin, Exported, Mode, Object, PyErr, PyResult, Python, Reduced, to_python,
};
use crate::value::{Record, Shared, Value};

/// The bridge between `python/`'s conversions and this module.
pub(super) struct ModuleBridge;

impl Bridge for ModuleBridge {
    fn shared_from<'py>(&self, object: Borrowed<'_, 'py>) -> Option<Arc<dyn Shared>> {
        /// The value of an instance of `T`.
        fn instance<'a, T: Class>(state: &State, object: Borrowed<'a, '_>) -> Option<&'a T> {
            // SAFETY: checked first.
            state
                .is_instance::<T>(object)
                .then(|| unsafe { value_of::<T>(object) })
        }
        let state = module::state(object.py())?;
        if let Some(end) = instance::<SendEnd>(&state, object) {
            return Some(end.get(&state, object.py()).ok()?);
        }
        if let Some(end) = instance::<ReceiveEnd>(&state, object) {
            return Some(end.get(&state, object.py()).ok()?);
        }
        if let Some(handle) = instance::<Handle>(&state, object) {
            return Some(Arc::new(handle.interpreter.clone()));
        }
        if let Some(function) = instance::<Callable>(&state, object) {
            return Some(Arc::clone(&function.0) as Arc<dyn Shared>);
        }
        if let Some(primitive) = instance::<Primitive>(&state, object) {
            return Some(primitive.to_shared());
        }
        if let Some(queue) = instance::<queues::Handle>(&state, object) {
            return Some(queue.0.clone());
        }
        if let Some(parcel) = instance::<Closed>(&state, object) {
            return Some(parcel.0.clone());
        }
        if let Some(transferred) = instance::<Transferred>(&state, object) {
            return Some(Arc::clone(&transferred.0) as Arc<dyn Shared>);
        }
        instance::<Opaque>(&state, object).map(|opaque| Arc::clone(&opaque.0))
    }

    fn shared_to<'py>(
        &self,
        py: Python<'py>,
        shared: &Arc<dyn Shared>,
    ) -> PyResult<'py, Object<'py>> {
        let Some(state) = module::state(py) else {
            return Err(PyErr::new(
                py,
                Builtin::RuntimeError,
                "_multicore was not imported",
            ));
        };
        let any = || Arc::clone(shared) as Arc<dyn Any + Send + Sync>;
        if let Ok(sender) = any().downcast::<ValueSender>() {
            return send_end(&state, py, sender);
        }
        if let Ok(receiver) = any().downcast::<ValueReceiver>() {
            return receive_end(&state, py, receiver);
        }
        if let Ok(interpreter) = any().downcast::<Interpreter>() {
            return handle(&state, py, (*interpreter).clone());
        }
        if let Ok(queue) = any().downcast::<queues::Queue>() {
            return queues::handle(&state, py, queue);
        }
        if let Ok(parcel) = any().downcast::<Parcel>() {
            return closed(&state, py, parcel);
        }
        if let Ok(buffer) = any().downcast::<Buffer>() {
            return memory::show(&state, py, (*buffer).clone());
        }
        if let Ok(transfer) = any().downcast::<Transfer>() {
            return transfer::receive(&state, py, &transfer);
        }
        if let Some(primitive) = Primitive::from_shared(shared) {
            return sync::object(&state, py, primitive);
        }
        if let Some(function) = as_host_function(shared) {
            let class = state.class::<Callable>(py)?;
            // SAFETY: the class is ours.
            return unsafe { make_instance(&state, &class, Callable(function)) };
        }
        let class = state.class::<Opaque>(py)?;
        // SAFETY: the class is ours.
        unsafe { make_instance(&state, &class, Opaque(Arc::clone(shared))) }
    }

    fn reduce<'py>(&self, object: Borrowed<'_, 'py>, mode: Mode) -> PyResult<'py, Reduced<'py>> {
        let py = object.py();
        let Some(state) = module::state(py) else {
            return Ok(Reduced::Refused(String::new()));
        };
        if Exported::is_view(object)
            && let Some(reduced) = memory::reduce(&state, object, mode)?
        {
            return Ok(reduced);
        }
        let reduce = state.registered(py, "reduce", "multicore._records")?;
        let reduced = reduce.call([&object.to_object()])?;
        if reduced.is_none() {
            if Exported::is_exporter(object)
                && let Some(reduced) = memory::reduce(&state, object, mode)?
            {
                return Ok(reduced);
            }
            return Ok(Reduced::Refused(String::new()));
        }
        if let Some(reason) = reduced.to_str() {
            return Ok(Reduced::Refused(reason));
        }
        let parts: Vec<_> = reduced.iterate()?.collect::<PyResult<'_, _>>()?;
        let malformed = || {
            PyErr::new(
                py,
                Builtin::TypeError,
                "multicore._records.reduce gave something malformed",
            )
        };
        let [kind, type_name, fields] = &parts[..] else {
            return Err(malformed());
        };
        let mut named = Vec::new();
        for field in fields.iterate()? {
            let field: Vec<_> = field?.iterate()?.collect::<PyResult<'_, _>>()?;
            let [name, value] = &field[..] else {
                return Err(malformed());
            };
            named.push((name.to_str().ok_or_else(malformed)?, value.clone()));
        }
        Ok(Reduced::Record {
            kind: kind.to_str().ok_or_else(malformed)?,
            type_name: type_name.to_str().ok_or_else(malformed)?,
            fields: named,
        })
    }

    fn rebuild<'py>(&self, record: &Record, fields: &Object<'py>) -> PyResult<'py, Object<'py>> {
        let py = fields.py();
        let Some(state) = module::state(py) else {
            return Err(PyErr::new(
                py,
                Builtin::RuntimeError,
                "_multicore was not imported",
            ));
        };
        let rebuild = state.registered(py, "rebuild", "multicore._records")?;
        rebuild.call([
            &to_python(py, &Value::Str(record.kind.clone()))?,
            &to_python(py, &Value::Str(record.type_name.clone()))?,
            fields,
        ])
    }
}
