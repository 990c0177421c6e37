//! Storage of the states of authorization requests.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{id::VerificationId, social::AuthorizationState, token::OneTimeToken};

use super::Failure;

/// States of requests to providers, found by the `state` parameter.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AuthorizationStateRepository: Send {
    /// Stores a state under the value of its `state` parameter.
    async fn insert(
        &mut self,
        id: &VerificationId,
        value: &OneTimeToken,
        state: &AuthorizationState,
        now: DateTime<Utc>,
    ) -> Result<(), Failure>;

    /// Returns the state, whether it has expired or not, without consuming it. `None` if there is none, or if what is
    /// stored is not a state.
    async fn find(&mut self, value: &OneTimeToken) -> Result<Option<AuthorizationState>, Failure>;

    /// Returns the state and deletes it: of several concurrent callers only one receives it. `None` as for
    /// [`Self::find`]; a text that is not a state is not deleted.
    async fn consume(&mut self, value: &OneTimeToken) -> Result<Option<AuthorizationState>, Failure>;
}
