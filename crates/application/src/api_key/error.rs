//! Errors of API keys.

use portcullis_domain::api_key::{ExpiryRejection, KeyRefusal, LengthRejection};

use crate::ports::Failure;

/// Why a key was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateKeyError {
    /// The session of the caller has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// There is no such user.
    #[error("there is no such user")]
    UnknownUser,
    /// Keys have no metadata.
    #[error("metadata is disabled")]
    MetadataDisabled,
    /// The metadata is neither an object nor a list.
    #[error("the metadata is neither an object nor a list")]
    MetadataNotObject,
    /// An amount to refill without an interval.
    #[error("a refill needs an interval")]
    NoRefillInterval,
    /// An interval of refills without an amount.
    #[error("a refill needs an amount")]
    NoRefillAmount,
    /// The lifetime is not permitted.
    #[error(transparent)]
    Lifetime(#[from] ExpiryRejection),
    /// The length of the prefix is not permitted.
    #[error("the length of the prefix is not permitted")]
    PrefixLength,
    /// The length of the name is not permitted.
    #[error("the length of the name is not permitted")]
    NameLength,
    /// Every key needs a name.
    #[error("the key has no name")]
    NoName,
    /// The user has as many keys as the deployment permits.
    #[error("the user has too many keys")]
    TooMany,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a key was not found.
#[derive(Debug, thiserror::Error)]
pub enum FindKeyError {
    /// The caller has no such key.
    #[error("there is no such key")]
    Unknown,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a key was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateKeyError {
    /// The caller has no such key.
    #[error("there is no such key")]
    Unknown,
    /// The length of the name is not permitted.
    #[error("the length of the name is not permitted")]
    NameLength,
    /// The lifetime is not permitted.
    #[error(transparent)]
    Lifetime(#[from] ExpiryRejection),
    /// The metadata is neither an object nor a list.
    #[error("the metadata is neither an object nor a list")]
    MetadataNotObject,
    /// An amount to refill without an interval.
    #[error("a refill needs an interval")]
    NoRefillInterval,
    /// An interval of refills without an amount.
    #[error("a refill needs an amount")]
    NoRefillAmount,
    /// The change is empty.
    #[error("there is nothing to change")]
    NothingToChange,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<LengthRejection> for UpdateKeyError {
    fn from(LengthRejection: LengthRejection) -> Self {
        Self::NameLength
    }
}

/// Why the keys of a user were not listed.
#[derive(Debug, thiserror::Error)]
pub enum ListKeysError {
    /// There is no such user.
    #[error("there is no such user")]
    UnknownUser,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a key was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteKeyError {
    /// The caller has no such key.
    #[error("there is no such key")]
    Unknown,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a key is not valid.
#[derive(Debug, thiserror::Error)]
pub enum VerifyKeyError {
    /// There is no such key.
    #[error("there is no such key")]
    Unknown,
    /// The key is not accepted.
    #[error("the key is not accepted")]
    Refused(KeyRefusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a key does not stand for a session.
#[derive(Debug, thiserror::Error)]
pub enum KeySessionError {
    /// The text is too short to be a key.
    #[error("the text is too short to be a key")]
    TooShort,
    /// There is no such key.
    #[error("there is no such key")]
    Unknown,
    /// The key is not accepted.
    #[error("the key is not accepted")]
    Refused(KeyRefusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<VerifyKeyError> for KeySessionError {
    fn from(error: VerifyKeyError) -> Self {
        match error {
            VerifyKeyError::Unknown => Self::Unknown,
            VerifyKeyError::Refused(refusal) => Self::Refused(refusal),
            VerifyKeyError::Failure(failure) => Self::Failure(failure),
        }
    }
}
