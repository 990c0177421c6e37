//! What a user may change of themselves.

use std::sync::Arc;

use portcullis_domain::{
    session::SessionPolicy,
    user::{User, UserPatch},
};

use crate::{
    client_token::SessionEffect,
    ports::{Clock, Failure, Ports, Store, WriteError},
    session::StrictCaller,
};

/// Why a user was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateUserError {
    /// Nothing was asked for.
    #[error("there is nothing to change")]
    NothingToChange,
    /// Another user has what no two may have.
    #[error("another user has that already")]
    Taken,
    /// The user was deleted meanwhile.
    #[error("the user is gone")]
    Gone,
    /// The machine let us down.
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

/// A user as changed.
#[derive(Debug)]
pub struct Updated {
    /// The user now.
    pub user: User,
    /// What the client is to do.
    pub effect: SessionEffect,
}

/// Changes users at their own wish.
pub struct UpdateUser {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    session: SessionPolicy,
}

impl UpdateUser {
    /// Works on this store.
    #[must_use]
    pub fn new(ports: &Ports, session: SessionPolicy) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            session,
        }
    }

    /// Changes the caller. The client keeps its session for a whole life again, as with the reference.
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
            .read()
            .users()
            .update(&by.user().id, patch, now)
            .await?;
        let user = updated.ok_or(UpdateUserError::Gone)?;
        let lifetime = remembered.then_some(self.session.expires_in);
        let effect = SessionEffect::keep(by.session().clone(), user.clone(), lifetime);
        Ok(Updated { user, effect })
    }
}

#[cfg(test)]
mod tests;
