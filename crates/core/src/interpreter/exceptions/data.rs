//! What `multicore._exceptions` made of an exception, from values to [`ExceptionData`].

use std::sync::Arc;

use crate::interpreter::task::{Bindings, ExceptionData, Frame};
use crate::value::{Text, Value};

/// From what `multicore._exceptions.describe` gives:
/// `(type, message, traceback, frames, notes, cause, errors, attributes)`.
pub(super) fn exception_data(value: Value) -> Option<ExceptionData> {
    let [
        type_name,
        message,
        traceback,
        frames,
        notes,
        cause,
        errors,
        attributes,
    ] = tuple(value)?;
    Some(ExceptionData {
        type_name: text(type_name)?.to_string_lossy().into_owned(),
        message: text(message)?,
        traceback: text(traceback)?,
        frames: items(frames)?
            .into_iter()
            .filter_map(|value| tuple(value).and_then(frame))
            .map(Arc::new)
            .collect(),
        notes: items(notes)?.into_iter().filter_map(text).collect(),
        cause: match cause {
            Value::None => None,
            cause => exception_data(cause).map(Box::new),
        },
        errors: items(errors)?
            .into_iter()
            .filter_map(exception_data)
            .collect(),
        attributes: attributes_of(attributes),
    })
}

/// `(filename, function, line, column, source)`.
pub(super) fn frame([filename, function, line, column, source]: [Value; 5]) -> Option<Frame> {
    let number = |value| match value {
        Value::Int(number) => u32::try_from(number).unwrap_or(0),
        _ => 0,
    };
    Some(Frame {
        filename: text(filename)?,
        function: text(function)?,
        line: number(line),
        column: number(column),
        source: text(source)?,
    })
}

fn attributes_of(value: Value) -> Bindings {
    let pairs = items(value).unwrap_or_default().into_iter();
    pairs
        .filter_map(|pair| tuple(pair).and_then(|[name, value]| Some((text(name)?, value))))
        .collect()
}

fn items(value: Value) -> Option<Vec<Value>> {
    match value {
        Value::Tuple(items) | Value::List(items) => Some(items.into_vec()),
        _ => None,
    }
}

pub(super) fn tuple<const N: usize>(value: Value) -> Option<[Value; N]> {
    items(value)?.try_into().ok()
}

pub(super) fn text(value: Value) -> Option<Text> {
    match value {
        Value::Str(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_described_exception_is_taken_apart() {
        let strings = |texts: &[&str]| Value::Tuple(texts.iter().map(|&t| t.into()).collect());
        let frame = Value::Tuple(Box::new([
            "<python 1>".into(),
            "f".into(),
            3.into(),
            5.into(),
            "boom()".into(),
        ]));
        let described = |cause| {
            Value::Tuple(Box::new([
                "ValueError".into(),
                "no".into(),
                "Traceback".into(),
                Value::Tuple(Box::new([frame.clone()])),
                strings(&["a note"]),
                cause,
                Value::Tuple(Box::new([])),
                Value::Tuple(Box::new([Value::Tuple(Box::new([
                    "errno".into(),
                    2.into(),
                ]))])),
            ]))
        };
        let data = exception_data(described(described(Value::None))).unwrap();
        assert_eq!(data.type_name, "ValueError");
        assert_eq!((data.frames[0].line, data.frames[0].column), (3, 5));
        assert_eq!(data.notes, [Text::from("a note")]);
        assert!(data.cause.is_some_and(|cause| cause.cause.is_none()));
        assert!(matches!(data.attributes[0].1, Value::Int(2)));
    }
}
