//! The channels of this process, for monitoring. Holds them weakly and is touched only when a channel
//! is made or goes, never when a message moves.

use super::core::Core;
use super::ends::revive;
use super::id::ChannelId;
use super::receiver::Receiver;
use super::sender::Sender;
use super::stats::Stats;
use super::waiters::WaiterInfo;
use std::any::Any;
use std::collections::BTreeMap;
// std's lock on purpose: loom has no static locks, and nothing of the protocol depends on this one.
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// What the registry can ask of a channel whose message type it does not know.
trait Inspect: Any + Send + Sync {
    fn stats(&self) -> Stats;
    fn waiters(&self) -> Vec<WaiterInfo>;
}

impl<T: Send + 'static> Inspect for Core<T> {
    fn stats(&self) -> Stats {
        Core::stats(self)
    }

    fn waiters(&self) -> Vec<WaiterInfo> {
        Core::waiters(self)
    }
}

type Live = BTreeMap<ChannelId, Weak<dyn Inspect>>;

fn live() -> MutexGuard<'static, Live> {
    static LIVE: Mutex<Live> = Mutex::new(BTreeMap::new());
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn register<T: Send + 'static>(core: &Arc<Core<T>>) {
    let core: Arc<dyn Inspect> = Arc::<Core<T>>::clone(core);
    live().insert(core.stats().id, Arc::downgrade(&core));
}

impl<T> Drop for Core<T> {
    fn drop(&mut self) {
        live().remove(&self.id);
    }
}

/// All live channels. Upgraded under the lock but used, and dropped, without it: what is dropped may be
/// the last reference, and dropping a channel takes the lock.
fn snapshot() -> Vec<Arc<dyn Inspect>> {
    live().values().filter_map(Weak::upgrade).collect()
}

/// The figures of every live channel of the process, of any message type, in order of making.
#[must_use]
pub fn all_stats() -> Vec<Stats> {
    snapshot().iter().map(|channel| channel.stats()).collect()
}

/// What waits at every live channel of the process, in order of making; channels nobody waits at are left out.
#[must_use]
pub fn all_waiters() -> Vec<(ChannelId, Vec<WaiterInfo>)> {
    snapshot()
        .iter()
        .map(|channel| (channel.stats().id, channel.waiters()))
        .filter(|(_, waiters)| !waiters.is_empty())
        .collect()
}

/// Both ends of a live channel, as far as they still exist.
#[derive(Debug)]
pub struct Ends<T: Send + 'static> {
    /// Which channel.
    pub id: ChannelId,
    /// A sender, unless the last one has gone.
    pub sender: Option<Sender<T>>,
    /// A receiver, unless the last one has gone.
    pub receiver: Option<Receiver<T>>,
}

/// Ends of every live channel of the process whose messages are `T`, in order of making.
/// They count as ends: drop them soon, or the channels they belong to will not retire.
#[must_use]
pub fn list_all<T: Send + 'static>() -> Vec<Ends<T>> {
    snapshot()
        .into_iter()
        .filter_map(|channel| {
            (channel as Arc<dyn Any + Send + Sync>)
                .downcast::<Core<T>>()
                .ok()
        })
        .map(|core| Ends {
            id: core.id,
            sender: revive(&core.senders).then(|| Sender::adopt(Arc::clone(&core))),
            receiver: revive(&core.receivers).then(|| Receiver::adopt(Arc::clone(&core))),
        })
        .collect()
}
