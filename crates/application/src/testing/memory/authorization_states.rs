//! States of authorization requests in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{id::VerificationId, social::AuthorizationState, token::OneTimeToken};

use super::{MemoryUnitOfWork, Rows};
use crate::ports::{AuthorizationStateRepository, Failure};

impl Rows {
    /// Deletes up to `limit` expired states, and returns their number.
    pub(super) fn delete_expired_states(&mut self, before: DateTime<Utc>, limit: u32) -> u32 {
        let mut left = limit;
        self.authorization_states.retain(|_, state| {
            let is_deleted = left > 0 && state.expires_at < before;
            left -= u32::from(is_deleted);
            !is_deleted
        });
        limit - left
    }
}

#[async_trait]
impl AuthorizationStateRepository for MemoryUnitOfWork {
    async fn insert(
        &mut self,
        _id: &VerificationId,
        value: &OneTimeToken,
        state: &AuthorizationState,
        _now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let (value, state) = (value.expose().clone(), state.clone());
        self.write(|rows| rows.authorization_states.insert(value, state));
        Ok(())
    }

    async fn find(&mut self, value: &OneTimeToken) -> Result<Option<AuthorizationState>, Failure> {
        Ok(self.read(|rows| rows.authorization_states.get(value.expose()).cloned()))
    }

    async fn consume(&mut self, value: &OneTimeToken) -> Result<Option<AuthorizationState>, Failure> {
        Ok(self.write(|rows| rows.authorization_states.remove(value.expose())))
    }
}
