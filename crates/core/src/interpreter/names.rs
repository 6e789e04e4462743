//! Names of keyword arguments, known by a number in the whole process: a call brings only the values.
//! What each interpreter keeps of them is `support.rs`'s.

use std::sync::Arc;

use parking_lot::RwLock;

use crate::value::Text;

/// Names of keyword arguments, in an order of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamesId(u32);

/// By id.
static NAMES: RwLock<Vec<Arc<[Text]>>> = RwLock::new(Vec::new());

/// Interns names. Equal ones give equal ids; they are never forgotten.
pub fn intern_names(names: Vec<Text>) -> NamesId {
    let known = |all: &[Arc<[Text]>]| all.iter().position(|known| **known == *names);
    if let Some(at) = known(&NAMES.read()) {
        return NamesId(at as u32);
    }
    let mut all = NAMES.write();
    let at = known(&all).unwrap_or(all.len());
    if at == all.len() {
        all.push(names.into());
    }
    NamesId(at as u32)
}

impl NamesId {
    /// The names that a number stands for.
    pub fn from_number(number: f64) -> Option<Self> {
        let id = number as u32;
        let is_known = f64::from(id) == number && (id as usize) < NAMES.read().len();
        is_known.then_some(Self(id))
    }

    /// For whoever gives numbers to others.
    pub fn number(self) -> u32 {
        self.0
    }

    pub(super) fn index(self) -> usize {
        self.0 as usize
    }

    /// The names themselves.
    pub fn names(self) -> Arc<[Text]> {
        NAMES.read().get(self.index()).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{NamesId, intern_names};
    use crate::value::Text;

    #[test]
    fn names_in_one_order_have_one_number() {
        let names = |all: &[&str]| intern_names(all.iter().copied().map(Text::from).collect());
        let id = names(&["first", "second"]);
        assert_eq!(names(&["first", "second"]), id);
        assert_ne!(names(&["second", "first"]), id);
        assert_ne!(names(&["first"]), id);
        assert_eq!(*id.names(), [Text::from("first"), Text::from("second")]);
        assert_eq!(NamesId::from_number(f64::from(id.number())), Some(id));
        for wrong in [-1.0, 0.5, 1e9, f64::NAN] {
            assert_eq!(NamesId::from_number(wrong), None);
        }
    }
}
