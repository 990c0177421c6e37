//! One-time tokens that carry data instead of naming a user.

use chrono::{DateTime, Utc};

use crate::{id::VerificationId, secret::Secret, token::OneTimeToken};

/// The purpose of a one-time token with a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PayloadPurpose {
    /// Signs in the owner of an e-mail address. The payload is the request for the link.
    MagicLink,
    /// Hands a session over to another client. The payload identifies the session.
    SessionHandOver,
    /// Identifies a challenge that a passkey signs. The payload is the challenge and the user.
    PasskeyChallenge,
}

impl PayloadPurpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::MagicLink, Self::SessionHandOver, Self::PasskeyChallenge];

    /// Returns the purpose's name in storage keys.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MagicLink => "magic-link",
            Self::SessionHandOver => "session-hand-over",
            Self::PasskeyChallenge => "passkey-challenge",
        }
    }

    /// Returns the prefix of Better Auth's identifiers for this purpose. Some of its identifiers have none: they are the
    /// token itself, as the states of authorization requests are.
    #[must_use]
    pub const fn better_auth_prefix(self) -> &'static str {
        match self {
            Self::SessionHandOver => "one-time-token:",
            Self::MagicLink | Self::PasskeyChallenge => "",
        }
    }
}

/// The form in which a Node server that shares the database finds a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenForm {
    /// By the token itself.
    #[default]
    Plain,
    /// By its SHA-256 hash, in base64url without padding.
    Hashed,
}

/// A one-time token with a payload, as it is stored until it is used or expires.
#[derive(Clone, Debug)]
pub struct PayloadToken {
    /// The row's id, which never changes.
    pub id: VerificationId,
    /// The token's purpose.
    pub purpose: PayloadPurpose,
    /// The token that the client presents.
    pub secret: OneTimeToken,
    /// Its form in a shared database. Otherwise only its hash is stored.
    pub form: TokenForm,
    /// The data.
    pub payload: Secret<String>,
    /// When the token expires.
    pub expires_at: DateTime<Utc>,
    /// When the token was created.
    pub created_at: DateTime<Utc>,
}

/// The payload of a token that was found.
#[derive(Clone, Debug)]
pub struct Payload {
    /// The data. If the database is shared, its text may be that of a token of another purpose: the reader must accept
    /// exactly its own form.
    pub text: Secret<String>,
    /// When the token expires.
    pub expires_at: DateTime<Utc>,
}

impl Payload {
    /// Whether the token has not expired.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now <= self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_token_expires_after_its_end_and_not_at_it() {
        let end = DateTime::from_timestamp_millis(1_767_225_600_000).unwrap();
        let payload = Payload {
            text: Secret::new("{}".to_owned()),
            expires_at: end,
        };
        assert!(payload.is_live(end));
        assert!(!payload.is_live(end + TimeDelta::milliseconds(1)));
    }
}
