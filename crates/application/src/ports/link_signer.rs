//! Tokens of links in mails, signed as Better Auth signs them.

use chrono::{DateTime, Utc};
use portcullis_domain::{email_verification::EmailLink, token::OneTimeToken};

/// A link whose token has a valid signature.
#[derive(Clone, Debug)]
pub struct VerifiedLink {
    /// The token's content.
    pub link: EmailLink,
    /// When the token was created, in whole seconds.
    pub issued_at: DateTime<Utc>,
    /// When the token expires.
    pub expires_at: DateTime<Utc>,
}

/// Why a link is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkTokenError {
    /// The token is genuine but has expired.
    #[error("the link has expired")]
    Expired,
    /// The token is malformed or its signature is invalid.
    #[error("the link is not genuine")]
    Invalid,
}

/// Creates and verifies the tokens of links: JWTs (HS256, signed with the secret itself, with Better Auth's claims in
/// its order, §6 of the contract), so that servers can share them.
pub trait LinkSigner: Send + Sync {
    /// Returns a token for `link`. Two tokens for the same link that are created in the same second are equal.
    fn sign(&self, link: &EmailLink, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> OneTimeToken;

    /// Returns the link of a token. A token without an expiry is invalid.
    ///
    /// # Errors
    ///
    /// [`LinkTokenError::Expired`] for a genuine token that has expired.
    fn verify(&self, token: &OneTimeToken, now: DateTime<Utc>) -> Result<VerifiedLink, LinkTokenError>;
}
