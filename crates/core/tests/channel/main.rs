//! What channels promise, from outside. One file a topic, as the sources are. The semantics are those of Go's
//! `chan_test.go` and select tests and of crossbeam-channel's, in our own words. Nothing asserts a time.

mod blocking;
mod endings;
mod handles;
mod monitoring;
mod overflow;
mod passing;
mod pending;
mod random_history;
mod select;
mod support;
