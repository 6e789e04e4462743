//! A flag that parties wait for.

use std::sync::Arc;

use parking_lot::Mutex;

use super::{next_id, signal};
use crate::message::{ValueReceiver, ValueSender};
use crate::value::Shared;

/// A flag. To wait for it is to wait for the end of a channel, which setting it closes.
#[derive(Debug)]
pub struct Event {
    id: u64,
    now: Mutex<(ValueSender, ValueReceiver)>,
}

impl Event {
    /// One that is not set.
    pub fn new() -> Arc<Self> {
        let id = next_id();
        Arc::new(Self {
            id,
            now: Mutex::new(signal(&format!("event {id}"))),
        })
    }

    /// A number that no other primitive of the process has.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Whether it is set.
    pub fn is_set(&self) -> bool {
        self.now.lock().0.is_closed()
    }

    /// Sets it: everybody who waits goes on.
    pub fn set(&self) {
        let sender = self.now.lock().0.clone();
        sender.close();
    }

    /// Clears it.
    pub fn clear(&self) {
        let mut now = self.now.lock();
        if now.0.is_closed() {
            *now = signal(&format!("event {}", self.id));
        }
    }

    /// A channel that ends when it is set.
    pub fn until_set(&self) -> ValueReceiver {
        self.now.lock().1.clone()
    }
}

impl Shared for Event {
    fn kind(&self) -> &'static str {
        "event"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{ReceiveError, Wait};

    #[test]
    fn setting_it_lets_everybody_go_on() {
        let event = Event::new();
        assert!(!event.is_set());
        let waiting = event.until_set();
        assert!(matches!(waiting.try_receive(), Err(ReceiveError::Empty)));
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| event.until_set().receive_blocking(&Wait::forever()));
            event.set();
            assert!(matches!(waits.join().unwrap(), Err(ReceiveError::Closed)));
        });
        assert!(event.is_set());
        assert!(matches!(waiting.try_receive(), Err(ReceiveError::Closed)));
        event.clear();
        event.clear();
        assert!(!event.is_set());
        assert!(matches!(
            event.until_set().try_receive(),
            Err(ReceiveError::Empty)
        ));
    }
}
