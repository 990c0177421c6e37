//! Deletion of guests who sign in as another user.

use std::sync::Arc;

use portcullis_domain::{anonymous::is_anonymous, id::UserId, token::SessionToken, user::User};

use crate::{
    ports::{Failure, FailureKind, Ports, Store},
    seams::{DeletionCause, DeletionError, UserDeletionGuards},
    session::{Reading, Sessions, StrictCaller},
};

/// The guest has not asked for the deletion.
const CAUSE: DeletionCause = DeletionCause::Abandonment;

/// Deletes guests who have signed in as another user.
///
/// The deletion has its own unit of work, after that of the sign-in: the sign-in succeeds even if the guest cannot be
/// deleted.
pub struct AnonymousLink {
    store: Arc<dyn Store>,
    sessions: Arc<Sessions>,
    guards: UserDeletionGuards,
}

/// Why a guest was not deleted.
enum Kept {
    /// The guest was deleted meanwhile, or is no longer a guest.
    NoGuest,
    /// The guest has an account or a verified address, and can sign in again.
    CanReturn,
    /// A plugin refuses the deletion, or other rows refer to the guest.
    Undeletable,
}

impl AnonymousLink {
    /// Creates the deletion. It finds guests by `sessions`, and deletes those that the guards allow.
    #[must_use]
    pub fn new(ports: &Ports, sessions: Arc<Sessions>, guards: UserDeletionGuards) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            sessions,
            guards,
        }
    }

    /// Deletes the guest whose session is the first live one of these tokens, which the client presented with its sign-in
    /// as `user`. Returns whether a guest was deleted.
    ///
    /// # Errors
    ///
    /// If the store fails. The sign-in is complete in any case.
    pub async fn follow(&self, presented: &[SessionToken], user: &User) -> Result<bool, Failure> {
        if presented.is_empty() || is_anonymous(user) {
            return Ok(false);
        }
        let caller = self.sessions.caller(presented, Reading::UNCHANGED).await?;
        let Some(guest) = caller.filter(|caller| is_guest_in_person(caller, &user.id)) else {
            return Ok(false);
        };
        let id = &guest.user().id;
        match self.delete(id).await? {
            None => {
                self.sessions.note_ended(presented);
                Ok(true)
            }
            Some(Kept::NoGuest) => Ok(false),
            Some(Kept::CanReturn) => {
                tracing::info!(
                    user = id.as_str(),
                    "a guest with an account or a verified address was not deleted"
                );
                Ok(false)
            }
            Some(Kept::Undeletable) => {
                tracing::info!(
                    user = id.as_str(),
                    "a guest whom a plugin or other rows protect was not deleted"
                );
                Ok(false)
            }
        }
    }

    /// Deletes a guest. `None`: the guest was deleted.
    async fn delete(&self, id: &UserId) -> Result<Option<Kept>, Failure> {
        let mut unit = self.store.begin();
        let locked = unit.users().lock(id).await?;
        let Some(guest) = locked.filter(is_anonymous) else {
            return Ok(Some(Kept::NoGuest));
        };
        if guest.email_verified || !unit.accounts().list_by_user(id).await?.is_empty() {
            return Ok(Some(Kept::CanReturn));
        }
        let deleted = match self.guards.delete_for(CAUSE, unit.as_mut(), &guest).await {
            Ok(()) => unit.commit().await,
            Err(DeletionError::Refused(_)) => return Ok(Some(Kept::Undeletable)),
            Err(DeletionError::Failure(failure)) => Err(failure),
        };
        match deleted {
            Ok(()) => Ok(None),
            Err(failure) if failure.kind() == FailureKind::Referenced => Ok(Some(Kept::Undeletable)),
            Err(failure) => Err(failure),
        }
    }
}

/// Returns whether the caller is a guest for whom no other user acts, and who has signed in as another user.
fn is_guest_in_person(caller: &StrictCaller, signed_in: &UserId) -> bool {
    is_anonymous(caller.user()) && !caller.is_delegated() && caller.user().id != *signed_in
}
