//! The places that exceptions passed, as they are shown: Python makes the text of each once, later
//! it is only looked up. Making it takes 100 µs and more: it reads the source line, and parses it to
//! place the carets.

use std::collections::HashMap;
use std::sync::Arc;

use crate::interpreter::task::Frame;
use crate::python::{Entry, Global, Place};

/// How many places are remembered; all are forgotten when there would be more.
const MOST_PLACES: usize = 1024;

/// A place as it is shown.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) frame: Arc<Frame>,
    /// What Python prints for it: two lines or more, each with its newline.
    pub(super) text: Arc<str>,
}

struct Known {
    shown: Shown,
    /// Keeps the code object where it is: the place is nothing without it.
    _code: Global,
}

/// The places that were shown before, of one interpreter.
#[derive(Default)]
pub(super) struct Places(HashMap<Place, Known>);

impl Places {
    pub(super) fn get(&self, place: Place) -> Option<Shown> {
        self.0.get(&place).map(|known| known.shown.clone())
    }

    /// Remembers a place. Gives what is to be dropped where no access to the places is under way.
    pub(super) fn remember(&mut self, entry: &Entry<'_>, shown: Shown) -> Option<Self> {
        let full = self.0.len() >= MOST_PLACES;
        let dropped = full.then(|| std::mem::take(self));
        let known = Known {
            shown,
            _code: entry.code.clone().into_global(),
        };
        self.0.insert(entry.place(), known);
        dropped
    }
}
