//! Why the store does not write a row.

use super::Failure;

/// A unique key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UniqueKey {
    /// The e-mail address of a user.
    UserEmail,
    /// The token of a session.
    SessionToken,
    /// The slug of an organization.
    OrganizationSlug,
    /// An additional field that is declared unique.
    AdditionalField,
}

/// Why a row was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Another row has this key.
    #[error("another row has the unique key {0:?}")]
    Taken(UniqueKey),
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl WriteError {
    /// Converts the error for callers that expect no conflict, such as two equal random tokens.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        match self {
            Self::Failure(failure) => failure,
            taken @ Self::Taken(_) => Failure::new(taken),
        }
    }
}
