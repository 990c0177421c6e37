//! Whether requests should come here at all.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use portcullis_application::ports::{Failure, Repositories, Store, UnitOfWork};

/// Open while requests should come: after the schema was found right, and until the server is to stop.
#[derive(Debug, Default)]
pub struct Gate {
    is_opened: AtomicBool,
    is_closed: AtomicBool,
}

impl Gate {
    /// Lets the store's own state count, unless the gate was closed already.
    pub fn open(&self) {
        self.is_opened.store(true, Ordering::SeqCst);
    }

    /// Says no from now on, whatever the store's state is.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
    }

    fn is_open(&self) -> bool {
        self.is_opened.load(Ordering::SeqCst) && !self.is_closed.load(Ordering::SeqCst)
    }
}

/// The gate is closed.
#[derive(Debug, thiserror::Error)]
#[error("the server is starting or stopping")]
struct Closed;

/// A store that gives a sign of life only while its gate is open. What is asked of it is done all the same.
pub struct GatedStore {
    store: Arc<dyn Store>,
    gate: Arc<Gate>,
}

impl GatedStore {
    /// This store behind this gate.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, gate: Arc<Gate>) -> Self {
        Self { store, gate }
    }
}

#[async_trait]
impl Store for GatedStore {
    fn read(&self) -> Box<dyn Repositories> {
        self.store.read()
    }

    fn begin(&self) -> Box<dyn UnitOfWork> {
        self.store.begin()
    }

    async fn ping(&self) -> Result<(), Failure> {
        if !self.gate.is_open() {
            return Err(Failure::unavailable(Closed));
        }
        self.store.ping().await
    }
}

#[cfg(test)]
mod tests {
    use portcullis_application::testing::FakeStore;

    use super::*;

    #[tokio::test]
    async fn a_store_is_ready_while_its_gate_is_open() {
        let gate = Arc::new(Gate::default());
        let store = GatedStore::new(Arc::new(FakeStore::default()), Arc::clone(&gate));
        assert!(store.ping().await.unwrap_err().is_unavailable());
        gate.open();
        assert!(store.ping().await.is_ok());
        gate.close();
        gate.open();
        assert!(store.ping().await.unwrap_err().is_unavailable());
    }
}
