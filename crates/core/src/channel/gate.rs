//! The words that the lock-free path and the locked path agree through: counters and flags.
//!
//! No queue, no waiters. The orderings are the point of this file; `docs/design/channels.md`
//! ("The two races") proves what is claimed here.

use super::sync::{AtomicU32, AtomicU64, CachePadded, Ordering, fence, order_rmw_before_load};

/// Senders wait: a send must not overtake them, a receive must make room for them.
pub(super) const SENDERS: u32 = 1;
/// Receivers wait: a send must serve them.
pub(super) const RECEIVERS: u32 = 1 << 1;
/// Messages were put back in front of the queue.
pub(super) const FRONT: u32 = 1 << 2;
/// No send is accepted any more.
pub(super) const CLOSED: u32 = 1 << 3;
/// Poisoned; always together with `CLOSED`.
pub(super) const POISONED: u32 = 1 << 4;
/// The last receiver left, nobody will take what is queued; always together with `CLOSED`.
pub(super) const ABANDONED: u32 = 1 << 5;
/// Messages are to be time-stamped.
pub(super) const MONITORED: u32 = 1 << 6;
/// There is no queue.
pub(super) const RENDEZVOUS: u32 = 1 << 7;

/// In `tickets`, the lowest bit says closed and the rest counts.
const TICKET: u64 = 2;
const TICKETS_CLOSED: u64 = 1;

pub(super) struct Gate {
    inbound: CachePadded<Inbound>,
    outbound: CachePadded<Outbound>,
    /// Written only under the channel's lock.
    flags: CachePadded<AtomicU32>,
}

/// Written by senders.
struct Inbound {
    /// Taken before a push; counts what may still reach the queue. Closing sets its lowest bit, so
    /// that a sender learns in one step that it was admitted before the channel closed or was not.
    tickets: AtomicU64,
    /// Counted after a push.
    pushed: AtomicU64,
}

/// Written by receivers.
struct Outbound {
    /// Counted after a pop, whoever popped and why; undone when a message is put back.
    taken: AtomicU64,
    /// Those of `taken` that no receiver got.
    dropped: AtomicU64,
}

impl Gate {
    pub(super) fn new(flags: u32) -> Self {
        Self {
            inbound: CachePadded::new(Inbound {
                tickets: AtomicU64::new(0),
                pushed: AtomicU64::new(0),
            }),
            outbound: CachePadded::new(Outbound {
                taken: AtomicU64::new(0),
                dropped: AtomicU64::new(0),
            }),
            flags: CachePadded::new(AtomicU32::new(flags)),
        }
    }

    #[inline]
    pub(super) fn flags(&self) -> u32 {
        self.flags.load(Ordering::Acquire)
    }

    /// Asks to be let in: `Some(ticket number)`, or `None` when the channel is closed.
    /// Whoever was let in must push and call [`Gate::pushed`], or call [`Gate::leave`].
    /// Either way it must then act on the flags it gets.
    #[inline]
    pub(super) fn enter(&self) -> Option<u64> {
        let tickets = self.inbound.tickets.fetch_add(TICKET, Ordering::SeqCst);
        (tickets & TICKETS_CLOSED == 0).then_some(tickets / TICKET)
    }

    /// Gives back a ticket that was not used (also one that `enter` did not honour).
    pub(super) fn leave(&self) -> u32 {
        self.inbound.tickets.fetch_sub(TICKET, Ordering::SeqCst);
        self.flags_after_write()
    }

    /// A message was pushed.
    #[inline]
    pub(super) fn pushed(&self) -> u32 {
        self.inbound.pushed.fetch_add(1, Ordering::SeqCst);
        self.flags_after_write()
    }

    /// A message was popped (or handed over directly).
    #[inline]
    pub(super) fn took(&self) -> u32 {
        self.outbound.taken.fetch_add(1, Ordering::SeqCst);
        self.flags_after_write()
    }

    /// A message was popped, or never pushed, and nobody gets it.
    pub(super) fn dropped(&self) -> u32 {
        self.outbound.dropped.fetch_add(1, Ordering::Relaxed);
        self.took()
    }

    /// A message went from hand to hand, past the queue.
    pub(super) fn handed_over(&self) {
        self.inbound.tickets.fetch_add(TICKET, Ordering::SeqCst);
        self.inbound.pushed.fetch_add(1, Ordering::SeqCst);
        self.outbound.taken.fetch_add(1, Ordering::SeqCst);
    }

    /// A message that was taken is in the channel again.
    pub(super) fn put_back(&self) {
        self.outbound.taken.fetch_sub(1, Ordering::SeqCst);
    }

    /// A store-load barrier against [`Gate::announce`]: whoever wrote a counter and does not see the
    /// announced flag here has its counter, and so its push or pop, seen by the announcer.
    #[inline]
    fn flags_after_write(&self) -> u32 {
        order_rmw_before_load();
        self.flags.load(Ordering::SeqCst)
    }

    /// Sets flags that the lock-free path must heed, and then makes sure of seeing every push and pop
    /// of those who have not seen the flags. Only under the channel's lock.
    pub(super) fn announce(&self, flags: u32) {
        self.flags.fetch_or(flags, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        // The loads pair with the read-modify-writes above; their values are not needed.
        let _ = self.inbound.pushed.load(Ordering::SeqCst);
        let _ = self.outbound.taken.load(Ordering::SeqCst);
    }

    /// Refuses every ticket from now on. Only under the channel's lock.
    pub(super) fn shut(&self, flags: u32) {
        self.inbound
            .tickets
            .fetch_or(TICKETS_CLOSED, Ordering::SeqCst);
        self.announce(flags | CLOSED);
    }

    /// Makes the flags in `mask` equal to `flags`. Clearing needs no barrier: a party that still sees
    /// the old flag takes the lock in vain. Setting does, and is [`Gate::announce`]'s.
    pub(super) fn clear(&self, flags: u32) {
        if self.flags.load(Ordering::Relaxed) & flags != 0 {
            self.flags.fetch_and(!flags, Ordering::SeqCst);
        }
    }

    /// True when the channel is closed and nothing that was admitted is still to come.
    ///
    /// Tickets are read first: after closing they only shrink (refused ones are given back) and `taken`
    /// never passes the number of messages truly admitted, so equality means that all were taken.
    pub(super) fn is_drained(&self) -> bool {
        let tickets = self.inbound.tickets.load(Ordering::SeqCst);
        tickets & TICKETS_CLOSED != 0
            && tickets / TICKET == self.outbound.taken.load(Ordering::SeqCst)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.flags() & CLOSED != 0
    }

    /// Messages in the channel; exact when nobody is sending or receiving.
    pub(super) fn len(&self) -> usize {
        // Taken first: the difference can then be too big by what happens in between, never negative
        // but for messages being put back.
        let taken = self.outbound.taken.load(Ordering::SeqCst);
        let pushed = self.inbound.pushed.load(Ordering::SeqCst);
        usize::try_from(pushed.saturating_sub(taken)).unwrap_or(usize::MAX)
    }

    /// Messages accepted, messages taken by anyone, messages dropped; since the channel was made.
    pub(super) fn totals(&self) -> (u64, u64, u64) {
        let dropped = self.outbound.dropped.load(Ordering::SeqCst);
        let taken = self.outbound.taken.load(Ordering::SeqCst);
        let pushed = self.inbound.pushed.load(Ordering::SeqCst);
        (pushed, taken, dropped)
    }
}
