//! Sign-out.

use std::sync::Arc;

use portcullis_domain::token::SessionToken;

use crate::{
    client_token::{ClientEffects, SessionEffect},
    ports::{Failure, Ports, Store},
};

/// Ends the sessions that a client presents.
pub struct SignOut {
    store: Arc<dyn Store>,
}

impl SignOut {
    /// Creates the use case with the store of `ports`.
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self {
            store: Arc::clone(&ports.store),
        }
    }

    /// Ends every session whose token the client presents. Idempotent.
    ///
    /// # Errors
    ///
    /// If the store fails. The session may still be live, so the client must keep its token.
    pub async fn end(&self, tokens: &[SessionToken]) -> Result<ClientEffects, Failure> {
        if !tokens.is_empty() {
            self.store.autocommit().sessions().delete_all(tokens).await?;
        }
        Ok(SessionEffect::Clear.into())
    }
}

#[cfg(test)]
mod tests;
