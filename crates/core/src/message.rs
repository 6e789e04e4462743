//! The channels that carry values: where `channel/` and `value/`, which know nobody, meet.

use crate::channel::{Receiver, Sender};
use crate::value::{Shared, Value};

/// The sending end of a channel of values.
pub type ValueSender = Sender<Value>;
/// The receiving end of a channel of values.
pub type ValueReceiver = Receiver<Value>;

impl Shared for ValueSender {
    fn kind(&self) -> &'static str {
        "SendChannel"
    }
}

impl Shared for ValueReceiver {
    fn kind(&self) -> &'static str {
        "RecvChannel"
    }
}
