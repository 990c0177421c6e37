//! Readiness: whether this server can serve requests.

use std::sync::Arc;

use crate::{
    clock_check::{ClockCheck, ClockSkew},
    ports::{Failure, Gate, Ports, Store},
};

/// Reports whether this server can serve requests.
pub struct Health {
    store: Arc<dyn Store>,
    gate: Gate,
    clock_check: ClockCheck,
}

/// Why this server is not ready.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// The server is starting or stopping.
    #[error("the server is starting or stopping")]
    Closed,
    /// The database can be read but accepts no writes.
    #[error("the database is read-only")]
    ReadOnly,
    /// This machine's clock or the database's is wrong.
    #[error(transparent)]
    ClockSkew(#[from] ClockSkew),
    /// The database does not respond.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Health {
    /// Creates the report on these ports.
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            gate: ports.gate.clone(),
            clock_check: ports.clock_check.clone(),
        }
    }

    /// Checks that the gate is open, that the database accepts writes, and that this machine's clock agrees with the
    /// database's.
    ///
    /// # Errors
    ///
    /// The first check that fails.
    pub async fn ready(&self) -> Result<(), NotReady> {
        if !self.gate.is_open() {
            return Err(NotReady::Closed);
        }
        let state = self.store.state().await?;
        if state.is_read_only {
            return Err(NotReady::ReadOnly);
        }
        match self.clock_check.skew(state) {
            Some(skew) => Err(skew.into()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FakePorts, FakeStore};

    #[tokio::test]
    async fn a_server_is_ready_if_and_only_if_its_gate_is_open() {
        let mut fake = FakePorts::with_store(FakeStore::default());
        assert!(Health::new(&fake.ports).ready().await.is_ok());
        fake.ports.gate = Gate::default();
        let closed = Health::new(&fake.ports).ready().await;
        assert!(matches!(closed, Err(NotReady::Closed)));
    }

    #[tokio::test]
    async fn a_read_only_database_is_reported_as_read_only() {
        let fake = FakePorts::with_store(FakeStore::default());
        fake.store.set_read_only();
        let state = Health::new(&fake.ports).ready().await;
        assert!(matches!(state, Err(NotReady::ReadOnly)));
    }
}
