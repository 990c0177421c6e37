//! Whether this server should receive requests.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Open while this server should receive requests: from the moment its database was found to be usable until shutdown
/// begins.
///
/// It only affects what readiness reports: a request that arrives while the gate is closed is still served.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_opened: AtomicBool,
    is_closed: AtomicBool,
}

impl Gate {
    /// Returns a gate that is open already.
    #[must_use]
    pub fn opened() -> Self {
        let gate = Self::default();
        gate.open();
        gate
    }

    /// Opens the gate, unless it was closed before.
    pub fn open(&self) {
        self.0.is_opened.store(true, Ordering::SeqCst);
    }

    /// Closes the gate permanently.
    pub fn close(&self) {
        self.0.is_closed.store(true, Ordering::SeqCst);
    }

    /// Whether the gate is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.is_opened.load(Ordering::SeqCst) && !self.0.is_closed.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_gate_never_opens_again() {
        let gate = Gate::default();
        assert!(!gate.is_open());
        gate.open();
        assert!(gate.is_open());
        gate.close();
        gate.open();
        assert!(!gate.is_open());
    }
}
