//! The Python side of multicore, embedded: every module of `crates/core/python/multicore`.

/// One module.
pub(super) struct Source {
    pub(super) text: &'static str,
    pub(super) is_package: bool,
}

include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The module with this full name.
pub(super) fn find(name: &str) -> Option<&'static Source> {
    let at = SOURCES
        .binary_search_by_key(&name, |(known, _)| known)
        .ok()?;
    Some(&SOURCES[at].1)
}

#[cfg(test)]
mod tests {
    use super::{SOURCES, find};

    #[test]
    fn modules_are_found_by_their_full_name() {
        assert!(find("multicore").is_some_and(|source| source.is_package));
        assert!(find("multicore._support").is_some_and(|source| !source.is_package));
        assert!(find("multicore.no_such_module").is_none());
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(SOURCES.is_sorted_by_key(|(name, _)| *name));
    }
}
