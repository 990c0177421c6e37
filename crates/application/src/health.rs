//! Can requests be served?

use std::sync::Arc;

use crate::ports::{Failure, Ports, Store};

/// Tells whether the machine behind the use cases is there.
pub struct Health {
    store: Arc<dyn Store>,
}

impl Health {
    /// Watches these ports.
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self {
            store: Arc::clone(&ports.store),
        }
    }

    /// Asks the store for a sign of life.
    ///
    /// # Errors
    ///
    /// Where it gives none.
    pub async fn ready(&self) -> Result<(), Failure> {
        self.store.ping().await
    }
}
