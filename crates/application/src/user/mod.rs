//! Creation of users, and changes of the caller's profile.

mod creation;

use std::sync::Arc;

use portcullis_domain::{
    session::SessionPolicy,
    user::{User, UserPatch},
};

pub use self::creation::UserCreation;
use crate::{
    client_token::ClientEffects,
    ports::{Clock, Failure, Ports, Store, WriteError},
    session::StrictCaller,
};

/// Why a user was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateUserError {
    /// The patch is empty.
    #[error("there is nothing to change")]
    NothingToChange,
    /// Another user has the value of a unique field.
    #[error("another user has the value of a unique field")]
    Taken,
    /// The user was deleted meanwhile.
    #[error("the user was deleted")]
    Gone,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<WriteError> for UpdateUserError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(_) => Self::Taken,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

/// A changed user.
#[derive(Debug)]
pub struct Updated {
    /// The user after the change.
    pub user: User,
    /// The changes to the data that the client stores.
    pub effects: ClientEffects,
}

/// Changes the caller.
pub struct UpdateUser {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    session: SessionPolicy,
}

impl UpdateUser {
    /// Creates the use case with the store and the clock of `ports`.
    #[must_use]
    pub fn new(ports: &Ports, session: SessionPolicy) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            session,
        }
    }

    /// Changes the caller. The client stores its session token for a full lifetime again, as in Better Auth; the
    /// client of a key stores none.
    ///
    /// # Errors
    ///
    /// [`UpdateUserError::NothingToChange`] for an empty patch.
    pub async fn update(
        &self,
        by: &StrictCaller,
        patch: &UserPatch,
        remembered: bool,
    ) -> Result<Updated, UpdateUserError> {
        if patch.is_empty() {
            return Err(UpdateUserError::NothingToChange);
        }
        let now = self.clock.now();
        let updated = self
            .store
            .autocommit()
            .users()
            .update(&by.user().id, patch, now)
            .await?;
        let user = updated.ok_or(UpdateUserError::Gone)?;
        let lifetime = remembered.then_some(self.session.expires_in);
        let effects = by.stored(user.clone(), lifetime).into();
        Ok(Updated { user, effects })
    }
}

#[cfg(test)]
mod tests;
