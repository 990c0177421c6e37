//! Tokens that a client holds.

use crate::secret::Secret;

/// How many letters and digits a session token has: 190 bits.
pub const SESSION_TOKEN_LENGTH: usize = 32;

/// The token by which a client proves its session.
///
/// Who holds it is signed in, so it does not show in debug output.
#[derive(Clone, Debug)]
pub struct SessionToken(Secret<String>);

impl SessionToken {
    /// A token with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text.into()))
    }

    /// The text, as it stands in the database and, signed, on the client.
    #[must_use]
    pub const fn expose(&self) -> &String {
        self.0.expose()
    }
}

/// How many letters and digits the secret of a password reset has, as the reference's: 142 bits.
pub const RESET_SECRET_LENGTH: usize = 24;
/// How many letters and digits the secret of a deletion has, as the reference's.
pub const DELETION_SECRET_LENGTH: usize = 32;

/// What whoever holds it may show once.
///
/// It does not show in debug output.
#[derive(Clone, Debug)]
pub struct OneTimeSecret(Secret<String>);

impl OneTimeSecret {
    /// A secret with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text.into()))
    }

    /// The text, as it stands in a link.
    #[must_use]
    pub const fn expose(&self) -> &String {
        self.0.expose()
    }
}
