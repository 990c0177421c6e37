//! The rules of a deployment for API keys.

use std::ops::RangeInclusive;

use chrono::TimeDelta;

use super::{OwnRateLimit, PlainKey, RateLimiting};
use crate::access::Statements;

/// The number of characters of the digest of a key: SHA-256 in base64url.
pub const DIGEST_LENGTH: usize = 43;

/// The rules of a deployment for API keys, and the defaults of new keys.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct KeyPolicy {
    /// The number of random letters of a new key. A shorter key is not looked up when it stands for a session.
    pub length: usize,
    /// The prefix of a key whose creator chooses none.
    pub default_prefix: Option<String>,
    /// The lengths that a prefix may have.
    pub prefix_length: RangeInclusive<usize>,
    /// The lengths that a name may have, in UTF-16 code units.
    pub name_length: RangeInclusive<usize>,
    /// Whether every key must have a name.
    pub requires_name: bool,
    /// Whether keys may have metadata.
    pub has_metadata: bool,
    /// How many characters of a key are stored, so that its owner recognizes it. `None`: none.
    pub start_length: Option<usize>,
    /// The lifetime of a key whose creator chooses none. `None`: unlimited.
    pub default_lifetime: Option<TimeDelta>,
    /// Whether the creator of a key may choose its lifetime.
    pub may_choose_lifetime: bool,
    /// The lifetimes that may be chosen.
    pub lifetime: RangeInclusive<TimeDelta>,
    /// The rate limit of keys for which no other is set.
    pub rate_limit: KeyRateLimit,
    /// The permissions of keys for which no others are set.
    pub default_permissions: Option<Statements>,
    /// Whether keys are stored as digests.
    pub is_hashed: bool,
    /// The maximum number of keys of a user, so that the list of them is limited.
    pub max_per_user: u32,
}

/// The rate limit of keys for which no other is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRateLimit {
    /// Whether the deployment limits how often keys are used, and whether the limit of a new key applies.
    pub is_enabled: bool,
    /// The window, in milliseconds.
    pub window: i32,
    /// The number of uses in a window.
    pub max: i32,
}

/// Why a lifetime is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpiryRejection {
    /// The deployment chooses all lifetimes.
    #[error("the lifetime of a key cannot be chosen")]
    NotChoosable,
    /// It is too short.
    #[error("the lifetime is too short")]
    TooShort,
    /// It is too long.
    #[error("the lifetime is too long")]
    TooLong,
}

/// A text has a length that the policy does not permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the length of the text is not permitted")]
pub struct LengthRejection;

impl KeyPolicy {
    /// Checks a lifetime that is chosen.
    ///
    /// # Errors
    ///
    /// If the policy does not permit it.
    pub fn check_lifetime(&self, lifetime: TimeDelta) -> Result<(), ExpiryRejection> {
        if !self.may_choose_lifetime {
            return Err(ExpiryRejection::NotChoosable);
        }
        if lifetime < *self.lifetime.start() {
            return Err(ExpiryRejection::TooShort);
        }
        if lifetime > *self.lifetime.end() {
            return Err(ExpiryRejection::TooLong);
        }
        Ok(())
    }

    /// Checks the length of a prefix.
    ///
    /// # Errors
    ///
    /// If the policy does not permit it.
    pub fn check_prefix(&self, prefix: &str) -> Result<(), LengthRejection> {
        check_length(prefix, &self.prefix_length)
    }

    /// Checks the length of a name.
    ///
    /// # Errors
    ///
    /// If the policy does not permit it.
    pub fn check_name(&self, name: &str) -> Result<(), LengthRejection> {
        check_length(name, &self.name_length)
    }

    /// Returns whether a text is long enough to be a key.
    #[must_use]
    pub fn may_be_key(&self, text: &str) -> bool {
        text.encode_utf16().count() >= self.length
    }

    /// Returns whether a text is looked up as a key. If keys are stored unhashed, a text in the form of a digest is
    /// not: otherwise the stored digests of keys that were created before would be keys.
    #[must_use]
    pub fn is_looked_up(&self, text: &str) -> bool {
        self.is_hashed || !has_form_of_digest(text)
    }

    /// Returns the part of a key that is stored as it is.
    pub(super) fn start_of(&self, plain: &PlainKey) -> Option<String> {
        let length = self.start_length?;
        Some(plain.expose().chars().take(length).collect())
    }

    /// Returns whether the deployment limits how often keys are used.
    #[must_use]
    pub const fn rate_limiting(&self) -> RateLimiting {
        if self.rate_limit.is_enabled {
            RateLimiting::On
        } else {
            RateLimiting::Off
        }
    }
}

impl KeyRateLimit {
    /// Returns the limit of a new key for which these parts are set.
    pub(super) const fn completed(self, own: OwnRateLimit) -> OwnRateLimit {
        const fn or(own: Option<i32>, default: i32) -> i32 {
            match own {
                Some(own) => own,
                None => default,
            }
        }
        OwnRateLimit {
            is_enabled: match own.is_enabled {
                Some(is_enabled) => Some(is_enabled),
                None => Some(self.is_enabled),
            },
            window: Some(or(own.window, self.window)),
            max: Some(or(own.max, self.max)),
        }
    }
}

fn has_form_of_digest(text: &str) -> bool {
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    text.len() == DIGEST_LENGTH && text.bytes().all(is_base64url)
}

fn check_length(text: &str, permitted: &RangeInclusive<usize>) -> Result<(), LengthRejection> {
    let length = text.encode_utf16().count();
    permitted.contains(&length).then_some(()).ok_or(LengthRejection)
}
