//! Decision whether a user may be deleted.

use std::sync::Arc;

use async_trait::async_trait;
use portcullis_domain::user::User;

use super::{Decision, Refusal};
use crate::ports::{Failure, Repositories};

/// Why a user is to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionCause {
    /// The user, an administrator, the operator or a service requests it.
    Request,
    /// The guest has signed in as another user. The deletion was not requested, so nothing of value may be lost by it.
    Abandonment,
}

/// Decides whether a user may be deleted, by the user or by another one.
#[async_trait]
pub trait UserDeletionGuard: Send + Sync {
    /// Decides about this user. The user's row is locked, and is deleted in the same unit of work if all guards allow it.
    /// The guard locks what its decision depends on. What it writes to `db` is undone if any guard refuses.
    async fn check(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        cause: DeletionCause,
    ) -> Result<Decision, Failure>;
}

/// The guards of all plugins. Every flow that deletes a user calls them.
#[derive(Clone, Default)]
pub struct UserDeletionGuards(Arc<[Arc<dyn UserDeletionGuard>]>);

impl UserDeletionGuards {
    /// Creates the list of these plugins, which are called in this order.
    #[must_use]
    pub fn new(guards: Arc<[Arc<dyn UserDeletionGuard>]>) -> Self {
        Self(guards)
    }

    /// Deletes a user whose row is locked, with all rows that belong to the user. The first refusal decides.
    ///
    /// # Errors
    ///
    /// [`DeletionError::Refused`] if a guard refuses; the unit of work must then not be committed.
    pub(crate) async fn delete(&self, db: &mut dyn Repositories, user: &User) -> Result<(), DeletionError> {
        self.delete_for(DeletionCause::Request, db, user).await
    }

    /// As [`Self::delete`], for this cause.
    ///
    /// # Errors
    ///
    /// As [`Self::delete`].
    pub(crate) async fn delete_for(
        &self,
        cause: DeletionCause,
        db: &mut dyn Repositories,
        user: &User,
    ) -> Result<(), DeletionError> {
        for guard in self.0.iter() {
            if let Decision::Refused(refusal) = guard.check(db, user, cause).await? {
                return Err(DeletionError::Refused(refusal));
            }
        }
        db.users().delete(&user.id).await?;
        Ok(())
    }
}

/// Why a user was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeletionError {
    /// A plugin refuses the deletion.
    #[error("a plugin refuses the deletion: {}", .0.name)]
    Refused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}
