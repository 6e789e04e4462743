//! Publishing a selection: under the locks of all its channels, either commit a case or wait at each.
//!
//! Taking all locks, in the order of channel ids, is how Go's `select` does it (runtime/select.go): what the
//! selection sees is then true of all channels at once, and two selections that cross cannot miss each other
//! nor commit each other half-way. Serving waiters is `settle.rs`.

use super::core::State;
use super::effects::Effects;
use super::gate::{RECEIVERS, SENDERS};
use super::id::ChannelId;
use super::operation::{Operation, Signal, Values};
use super::pending::Pending;
use super::select::{Completed, End, Outcome, Selection, numbered, received, sent};
use super::sync::MutexGuard;
use smallvec::SmallVec;
use std::sync::Arc;

type Locked<'a, T> = SmallVec<[(ChannelId, MutexGuard<'a, State<T>>); 1]>;

/// Locks every channel once, in the order all selections agree on.
fn lock_all<T: Send + 'static>(ends: &[End<T>]) -> Locked<'_, T> {
    let mut cores: SmallVec<[_; 1]> = ends.iter().map(End::core).collect();
    cores.sort_unstable_by_key(|core| core.id);
    cores.dedup_by_key(|core| core.id);
    cores
        .into_iter()
        .map(|core| (core.id, core.lock()))
        .collect()
}

fn state_of<'l, T: Send + 'static>(
    locked: &'l mut Locked<'_, T>,
    end: &End<T>,
) -> &'l mut State<T> {
    let id = end.core().id;
    match locked.binary_search_by_key(&id, |(id, _)| *id) {
        Ok(index) => &mut locked[index].1,
        Err(_) => unreachable!("every case's channel was locked"),
    }
}

pub(super) fn start<T: Send + 'static>(
    selection: Selection<T>,
    signal: Signal,
) -> Result<Completed<T>, Pending<T>> {
    let Selection {
        ends,
        mut values,
        order,
        label,
    } = selection;
    let mut effects = Effects::new();
    let mut locked = lock_all(&ends);

    // First say that we are here, then look: whoever comes by without the lock in between either sees
    // the flag or has left what we are looking for.
    for end in &ends {
        end.core().gate.announce(match end {
            End::Send(_) => SENDERS,
            End::Receive(_) => RECEIVERS,
        });
    }
    let ready = order.arrange(ends.len()).into_iter().find_map(|case| {
        let outcome = attempt(&ends, &mut values, case, &mut locked, &mut effects)?;
        Some((case, outcome))
    });

    let result = match ready {
        Some((case, outcome)) => Ok(Completed {
            index: case,
            outcome,
            unsent: numbered(values),
        }),
        None => {
            let operation = Arc::new(Operation::new(values, signal, label));
            let tickets: SmallVec<[u64; 1]> = ends
                .iter()
                .enumerate()
                .map(|(case, end)| {
                    let state = state_of(&mut locked, end);
                    let list = match end {
                        End::Send(_) => &mut state.senders,
                        End::Receive(_) => &mut state.receivers,
                    };
                    list.push(Arc::clone(&operation), case)
                })
                .collect();
            Err((operation, tickets))
        }
    };
    for end in &ends {
        end.core().refresh_flags(state_of(&mut locked, end));
    }
    drop(locked);
    effects.run();
    result.map_err(|(operation, tickets)| Pending::new(operation, ends, tickets))
}

fn attempt<T: Send + 'static>(
    ends: &[End<T>],
    values: &mut Values<T>,
    case: usize,
    locked: &mut Locked<'_, T>,
    effects: &mut Effects<T>,
) -> Option<Outcome<T>> {
    let end = &ends[case];
    let state = state_of(locked, end);
    match end {
        End::Send(sender) => {
            let value = values[case].take()?;
            sent(sender.core().attempt_send(state, value, effects))
                .map_err(|value| values[case] = Some(value))
                .ok()
        }
        End::Receive(receiver) => received(receiver.core().attempt_receive(state, effects)),
    }
}
