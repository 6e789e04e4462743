//! The one door to synchronisation primitives: the real ones, or loom's when compiled with `--cfg loom`.
//!
//! Nothing else in `channel/` may name `std::sync::atomic`, `parking_lot` or `crossbeam_*` directly
//! (`std::sync::Arc` excepted: loom's cannot hold trait objects, and reference counts are not what we check).

#[cfg(loom)]
mod model;
#[cfg(not(loom))]
mod real;

#[cfg(loom)]
pub(super) use self::model::*;
#[cfg(not(loom))]
pub(super) use self::real::*;
