//! Session tokens and one-time tokens.

use crate::secret::Secret;

/// Length of a session token, in letters and digits: 190 bits.
pub const SESSION_TOKEN_LENGTH: usize = 32;

/// The token that authenticates a client's session.
///
/// It gives access to the user's account, so it does not show in debug output.
#[derive(Clone, Debug)]
pub struct SessionToken(Secret<String>);

impl SessionToken {
    /// Returns a token with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text.into()))
    }

    /// Returns the text, as it is in the database and, signed, on the client.
    #[must_use]
    pub const fn expose(&self) -> &String {
        self.0.expose()
    }
}

/// Length of a password reset token, in letters and digits, as in Better Auth: 142 bits.
pub const RESET_TOKEN_LENGTH: usize = 24;
/// Length of an account deletion token, in letters and digits, as in Better Auth.
pub const DELETION_TOKEN_LENGTH: usize = 32;
/// Length of a token that hands a session over, in letters, digits, `-` and `_`, as in Better Auth: 192 bits.
pub const HAND_OVER_LENGTH: usize = 32;

/// Prefix of a token of a sign-in that needs a second factor, as in Better Auth.
pub const TWO_FACTOR_CHALLENGE_PREFIX: &str = "2fa-";
/// Length of such a token after its prefix, in letters and digits, as in Better Auth: 119 bits.
pub const TWO_FACTOR_CHALLENGE_LENGTH: usize = 20;
/// Prefix of a trusted device's token, as in Better Auth.
pub const TRUSTED_DEVICE_PREFIX: &str = "trust-device-";
/// Length of a trusted device's token after its prefix, in letters and digits, as in Better Auth.
pub const TRUSTED_DEVICE_LENGTH: usize = 32;

/// Length of the token of a link that signs in, in letters, as in Better Auth: 182 bits.
pub const SIGN_IN_LINK_LENGTH: usize = 32;
/// The characters of such a token.
pub const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A token that is valid once.
///
/// It does not show in debug output.
#[derive(Clone, Debug)]
pub struct OneTimeToken(Secret<String>);

impl OneTimeToken {
    /// Returns a one-time token with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text.into()))
    }

    /// Returns the text, as it is in a link.
    #[must_use]
    pub const fn expose(&self) -> &String {
        self.0.expose()
    }
}
