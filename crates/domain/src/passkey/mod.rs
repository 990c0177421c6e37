//! Passkeys: key pairs with whose private keys authenticators sign users in (WebAuthn).
//!
//! The rules are those of Better Auth's plugin `passkey` and of WebAuthn Level 3.

mod authenticator;
mod ceremony;
mod challenge;
mod selection;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

pub use self::{
    authenticator::{Aaguid, AuthenticatorData, Flags},
    ceremony::{Ceremony, ClientData, PasskeyRejection},
    challenge::PasskeyChallenge,
    selection::{Attachment, AuthenticatorSelection, Requirement},
};
use crate::id::{Id, UserId};

/// Bytes of a challenge, as in Better Auth.
pub const CHALLENGE_LENGTH: usize = 32;
/// Letters and digits of the random handle of a user that an authenticator receives, as in Better Auth.
pub const USER_HANDLE_LENGTH: usize = 32;

/// The id of a [`Passkey`].
pub type PasskeyId = Id<Passkey>;

/// A passkey, as stored. Better Auth's table is `passkey`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// The passkey's id, which never changes.
    pub id: PasskeyId,
    /// The name that its owner has given it.
    pub name: Option<String>,
    /// The public key as a COSE key (RFC 9052), in base64.
    pub public_key: String,
    /// The owner.
    pub user_id: UserId,
    /// The id by which the authenticator knows the passkey, in base64url.
    pub credential_id: String,
    /// How often the authenticator has signed, by its last signature. Zero if it does not count. Other programs may have
    /// stored a number below zero.
    pub counter: i32,
    /// `singleDevice` or `multiDevice`.
    pub device_type: String,
    /// Whether the passkey is also stored elsewhere, by the last signature.
    pub is_backed_up: bool,
    /// The ways in which clients reach the authenticator, separated by commas.
    pub transports: Option<String>,
    /// When it was registered.
    pub created_at: Option<DateTime<Utc>>,
    /// The model of the authenticator.
    pub aaguid: Option<String>,
}

/// What changes each time that a passkey is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyUse {
    /// The authenticator's count of signatures.
    pub counter: i32,
    /// `singleDevice` or `multiDevice`.
    pub device_type: &'static str,
    /// Whether the passkey is also stored elsewhere.
    pub is_backed_up: bool,
}

impl PasskeyUse {
    /// Returns what an authenticator states about a passkey.
    ///
    /// # Errors
    ///
    /// If the flags contradict each other, or if the database cannot store the count: Better Auth cannot store it either.
    pub fn of(data: &AuthenticatorData) -> Result<Self, PasskeyRejection> {
        if data.flags.is_backed_up() && !data.flags.is_backup_eligible() {
            return Err(PasskeyRejection::ContradictoryFlags);
        }
        Ok(Self {
            counter: i32::try_from(data.counter).map_err(|_too_large| PasskeyRejection::Counter)?,
            device_type: if data.flags.is_backup_eligible() {
                "multiDevice"
            } else {
                "singleDevice"
            },
            is_backed_up: data.flags.is_backed_up(),
        })
    }
}

impl Passkey {
    /// Returns the ways in which clients reach the authenticator.
    #[must_use]
    pub fn transports(&self) -> Option<Vec<&str>> {
        Some(self.transports.as_deref()?.split(',').collect())
    }

    /// Checks that a signature is newer than the last one, as far as the authenticator counts them: otherwise the
    /// authenticator was copied, or the signature was used before.
    ///
    /// # Errors
    ///
    /// If it is not newer.
    pub const fn check_counter(&self, counter: i32) -> Result<(), PasskeyRejection> {
        let counts = counter > 0 || self.counter > 0;
        if counts && counter <= self.counter {
            return Err(PasskeyRejection::Counter);
        }
        Ok(())
    }
}
