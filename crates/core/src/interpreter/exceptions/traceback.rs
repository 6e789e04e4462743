//! A traceback's text from its pieces, as Python's `traceback` module puts it together
//! (`TracebackException.format`, `StackSummary.format`).

use super::places::Shown;
use crate::python::Link;

/// After so many times the same place, only their number is shown.
const MOST_REPEATED: usize = 3;

/// What Python prints for one exception, after what it prints for the one that led to it.
pub(super) fn format(places: &[Shown], last_lines: &str, origin: Option<(&str, Link)>) -> String {
    let mut text = String::new();
    if let Some((before, link)) = origin {
        text.push_str(before);
        text.push_str(match link {
            Link::Cause => {
                "\nThe above exception was the direct cause of the following exception:\n\n"
            }
            Link::Context => {
                "\nDuring handling of the above exception, another exception occurred:\n\n"
            }
        });
    }
    if !places.is_empty() {
        text.push_str("Traceback (most recent call last):\n");
    }
    for same in places.chunk_by(is_same_place) {
        for shown in same.iter().take(MOST_REPEATED) {
            text.push_str(&shown.text);
        }
        if let Some(more @ 1..) = same.len().checked_sub(MOST_REPEATED) {
            let s = if more > 1 { "s" } else { "" };
            text.push_str(&format!("  [Previous line repeated {more} more time{s}]\n"));
        }
    }
    text.push_str(last_lines);
    text
}

/// As Python compares them: by file, line and function.
fn is_same_place(a: &Shown, b: &Shown) -> bool {
    let (a, b) = (&a.frame, &b.frame);
    a.line == b.line && a.filename == b.filename && a.function == b.function
}

/// Type, message and notes of an exception that is not elaborate.
pub(super) fn last_lines(name: &str, message: &str, notes: &[String]) -> String {
    let mut text = name.to_owned();
    if !message.is_empty() {
        text.push_str(": ");
        text.push_str(message);
    }
    text.push('\n');
    for line in notes.iter().flat_map(|note| note.split('\n')) {
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreter::Frame;

    fn shown(line: u32) -> Shown {
        let frame = Frame {
            line,
            ..Frame::default()
        };
        Shown {
            frame: frame.into(),
            text: format!("  line {line}\n").into(),
        }
    }

    #[test]
    fn a_place_that_repeats_is_counted() {
        let repeated = |times| {
            let mut places = vec![shown(1)];
            places.extend((0..times).map(|_| shown(2)));
            format(&places, "E\n", None)
        };
        assert!(repeated(3).ends_with("  line 2\n  line 2\n  line 2\nE\n"));
        assert!(repeated(4).ends_with("  line 2\n  [Previous line repeated 1 more time]\nE\n"));
        assert!(repeated(9).ends_with("  line 2\n  [Previous line repeated 6 more times]\nE\n"));
    }

    #[test]
    fn a_type_stands_alone_without_a_message() {
        assert_eq!(last_lines("E", "", &[]), "E\n");
        assert_eq!(
            last_lines("E", "m", &["a\nb".to_owned(), String::new()]),
            "E: m\na\nb\n\n"
        );
    }
}
