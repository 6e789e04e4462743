//! Channels.
#![allow(missing_docs)]
#[derive(Debug, Default)]
pub struct Interrupt(std::sync::atomic::AtomicBool);
impl Interrupt {
    pub fn raise(&self) {
        self.0.store(true, std::sync::atomic::Ordering::SeqCst)
    }
    pub fn clear(&self) {
        self.0.store(false, std::sync::atomic::Ordering::SeqCst)
    }
}
