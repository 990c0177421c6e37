//! The way out.

use std::sync::Arc;

use portcullis_domain::token::SessionToken;

use crate::{
    client_token::SessionEffect,
    ports::{Failure, Ports, Store},
};

/// Ends sessions at their own client's wish.
pub struct SignOut {
    store: Arc<dyn Store>,
}

impl SignOut {
    /// Ends sessions of this store.
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self {
            store: Arc::clone(&ports.store),
        }
    }

    /// Ends every session that the client presents. Repeating it changes nothing.
    ///
    /// # Errors
    ///
    /// Where the store fails: the session may live on, so the client must not forget it.
    pub async fn end(&self, tokens: &[SessionToken]) -> Result<SessionEffect, Failure> {
        if !tokens.is_empty() {
            self.store.read().sessions().delete_all(tokens).await?;
        }
        Ok(SessionEffect::Forget)
    }
}

#[cfg(test)]
mod tests;
