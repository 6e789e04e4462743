//! Where in a value a conversion failed: the `$[2].conn` of a refusal.

use std::fmt::{self, Write};

/// The way from the root of a value to one of its parts.
///
/// A conversion builds it only after a refusal, from the inside out, so that a success pays
/// nothing for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// The steps, innermost first.
    steps: Vec<String>,
}

impl Location {
    /// The part is the item at `index` of a sequence or set.
    pub fn push_index(&mut self, index: usize) {
        self.steps.push(format!("[{index}]"));
    }

    /// The part is the field or string key called `name`.
    pub fn push_field(&mut self, name: &str) {
        let plain = !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == '$');
        self.steps.push(if plain {
            format!(".{name}")
        } else {
            format!("[{name:?}]")
        });
    }

    /// The part is a key of a mapping that is no string, or the value under it: `what` shows it.
    pub fn push_key(&mut self, what: &str) {
        self.steps.push(format!("[{what}]"));
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('$')?;
        self.steps
            .iter()
            .rev()
            .try_for_each(|step| f.write_str(step))
    }
}

/// A value was refused because a part of it cannot cross.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotShareable {
    /// Where the culprit is.
    pub location: Location,
    /// What it is: a type's qualified name.
    pub type_name: String,
    /// Why it cannot cross and what to do, as a phrase.
    pub reason: String,
}

impl NotShareable {
    /// A refusal of the value at hand itself.
    pub fn new(type_name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            location: Location::default(),
            type_name: type_name.into(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for NotShareable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.location, self.type_name, self.reason)
    }
}

impl std::error::Error for NotShareable {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_reads_from_the_outside_in() {
        let mut refusal = NotShareable::new("sqlite3.Connection", "it belongs to its interpreter");
        refusal.location.push_field("conn");
        refusal.location.push_index(2);
        assert_eq!(
            refusal.to_string(),
            "$[2].conn: sqlite3.Connection: it belongs to its interpreter"
        );
    }

    #[test]
    fn odd_names_are_quoted() {
        let mut location = Location::default();
        location.push_field("a b");
        location.push_field("");
        location.push_key("(1, 2)");
        assert_eq!(location.to_string(), "$[(1, 2)][\"\"][\"a b\"]");
    }
}
