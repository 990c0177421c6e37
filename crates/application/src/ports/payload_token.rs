//! Storage of one-time tokens with a payload.

use async_trait::async_trait;
use portcullis_domain::{
    payload_token::{Payload, PayloadPurpose, PayloadToken},
    token::OneTimeToken,
};

use super::Failure;

/// One-time tokens with a payload. Expired ones are deleted with all other one-time tokens.
///
/// A token is found only by its purpose and its value together. In a database that a Node server shares, some purposes have
/// no prefix: a caller finds the token, accepts its payload only if it has exactly the form of the purpose, and then
/// consumes the token with this payload.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait PayloadTokenRepository: Send {
    /// Stores a token.
    async fn insert(&mut self, token: &PayloadToken) -> Result<(), Failure>;

    /// Returns the payload of the newest token, whether it has expired or not, without consuming it.
    async fn find(
        &mut self,
        purpose: PayloadPurpose,
        secret: &OneTimeToken,
    ) -> Result<Option<Payload>, Failure>;

    /// Deletes the token if it has this payload. Returns whether it had: of several concurrent callers only one receives
    /// `true`.
    async fn consume(
        &mut self,
        purpose: PayloadPurpose,
        secret: &OneTimeToken,
        payload: &Payload,
    ) -> Result<bool, Failure>;
}
