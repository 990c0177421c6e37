//! The limit of what is read from a mail server in one step.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Maximum number of bytes that are read in one step: replies, of which lettre accepts 1,000 bytes, and the
/// certificates of a TLS handshake, of which OpenSSL accepts at most 100 KiB.
const MOST: usize = 128 * 1024;

/// The number of bytes that may still be read in the current step.
///
/// lettre limits replies too, but reads a whole line before it checks the length.
#[derive(Clone, Debug)]
pub(super) struct Allowance(Arc<AtomicUsize>);

impl Allowance {
    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicUsize::new(MOST)))
    }

    /// Begins a new step. Writes do not begin one: over TLS, the server can make us write at any time.
    pub(super) fn renew(&self) {
        self.0.store(MOST, Ordering::Relaxed);
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    pub(super) fn spend(&self, bytes: usize) {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(bytes), Ordering::Relaxed);
    }
}
