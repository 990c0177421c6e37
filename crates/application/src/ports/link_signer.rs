//! Links in mails, signed as the reference signs them.

use chrono::{DateTime, Utc};
use portcullis_domain::{email_verification::EmailLink, token::OneTimeSecret};

/// A link that was shown to us, and is genuine.
#[derive(Clone, Debug)]
pub struct GenuineLink {
    /// What it says.
    pub link: EmailLink,
    /// When it was made, in whole seconds.
    pub issued_at: DateTime<Utc>,
    /// From then on it is worth nothing.
    pub expires_at: DateTime<Utc>,
}

/// Why a link is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It was worth something once.
    #[error("the link has expired")]
    Expired,
    /// Nobody of us made it.
    #[error("the link is not genuine")]
    Invalid,
}

/// Makes and reads the tokens of links: JWTs (HS256, with the secret itself, the reference's claims in its order,
/// §6 of the contract), so that servers can share them.
pub trait LinkSigner: Send + Sync {
    /// The token of a link that is made now. Two that say the same and are made in the same second are equal.
    fn sign(&self, link: &EmailLink, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> OneTimeSecret;

    /// What the token of a link says. One without an end is none.
    ///
    /// # Errors
    ///
    /// [`LinkError::Expired`] for a genuine one after its end.
    fn verify(&self, token: &OneTimeSecret, now: DateTime<Utc>) -> Result<GenuineLink, LinkError>;
}
