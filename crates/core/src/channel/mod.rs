//! Channels: typed, many-to-many, first in first out; threads, promises and futures wait on them alike.
//!
//! What lives here: the buffers, the two ends, the waiters, selection, statistics. Generic in the
//! message type. What must not: Python, Node, any knowledge of a `Value`, and `unsafe`.
//!
//! Architecture invariant: messages move between parties only in three ways: through the lock-free
//! queue, from the list of put-back messages, or directly from a waiting operation to another, the
//! last two under the channel's lock. `docs/design/channels.md` has the protocol and why it is right.
#![forbid(unsafe_code)]
#![allow(
    unexpected_cfgs,
    reason = "`--cfg loom` is given by hand, for the model checks only"
)]

mod attempt;
mod clock;
mod core;
mod effects;
mod ends;
mod error;
mod gate;
mod id;
mod interrupt;
mod lifecycle;
mod operation;
mod options;
mod order;
mod pending;
mod queue;
mod receiver;
mod registry;
mod select;
mod sender;
mod settle;
mod stamps;
mod start;
mod stats;
mod sync;
mod wait;
mod waiters;

pub use self::ends::channel;
pub use self::error::{ReceiveError, Refusal, SendError};
pub use self::id::ChannelId;
pub use self::interrupt::Interrupt;
pub use self::options::{Capacity, Options, Overflow};
pub use self::order::Order;
pub use self::pending::{Pending, Started, Wake};
pub use self::receiver::Receiver;
pub use self::registry::{Ends, all_stats, all_waiters, list_all};
pub use self::select::{Abandoned, Abandonment, Completed, Outcome, Selection};
pub use self::sender::Sender;
pub use self::stats::Stats;
pub use self::wait::{AroundPark, Wait};
pub use self::waiters::{Direction, WaiterInfo};
