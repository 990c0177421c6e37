//! Why organizations are not created.

use crate::ports::{Failure, UniqueKey, WriteError};

/// Why an organization was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateOrganizationError {
    /// Users may not create organizations.
    #[error("users may not create organizations")]
    NotAllowed,
    /// The user is a member of too many organizations.
    #[error("the user has reached the maximum number of organizations")]
    LimitReached,
    /// Another organization has the slug.
    #[error("another organization has the slug")]
    SlugTaken,
    /// Another organization has the value of a unique field.
    #[error("another organization has the value of a unique field")]
    FieldTaken,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why no organization was created for a user.
#[derive(Debug, thiserror::Error)]
pub enum CreateForUserError {
    /// There is no such user.
    #[error("there is no such user")]
    UserNotFound,
    /// The user is a member of too many organizations.
    #[error("the user has reached the maximum number of organizations")]
    LimitReached,
    /// Another organization has the slug.
    #[error("another organization has the slug")]
    SlugTaken,
    /// Another organization has the value of a unique field.
    #[error("another organization has the value of a unique field")]
    FieldTaken,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a locked user gets no organization.
pub(super) enum Obstacle {
    LimitReached,
    SlugTaken,
    FieldTaken,
    Failure(Failure),
}

impl From<Failure> for Obstacle {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<WriteError> for Obstacle {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(UniqueKey::OrganizationSlug) => Self::SlugTaken,
            WriteError::Taken(_) => Self::FieldTaken,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<Obstacle> for CreateOrganizationError {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::LimitReached => Self::LimitReached,
            Obstacle::SlugTaken => Self::SlugTaken,
            Obstacle::FieldTaken => Self::FieldTaken,
            Obstacle::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<Obstacle> for CreateForUserError {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::LimitReached => Self::LimitReached,
            Obstacle::SlugTaken => Self::SlugTaken,
            Obstacle::FieldTaken => Self::FieldTaken,
            Obstacle::Failure(failure) => Self::Failure(failure),
        }
    }
}
