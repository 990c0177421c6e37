//! Deletion of guests by themselves.

use portcullis_domain::anonymous::is_anonymous;

use super::{AnonymousDeletionError, AnonymousUsers};
use crate::{
    client_token::{ClientEffects, SessionEffect},
    session::StrictCaller,
};

impl AnonymousUsers {
    /// Deletes the caller, who must be a guest.
    ///
    /// # Errors
    ///
    /// [`AnonymousDeletionError::NotAnonymous`] for every other user.
    pub async fn delete(&self, by: &StrictCaller) -> Result<ClientEffects, AnonymousDeletionError> {
        if !self.options.are_deleted {
            return Err(AnonymousDeletionError::Disabled);
        }
        if !is_anonymous(by.user()) {
            return Err(AnonymousDeletionError::NotAnonymous);
        }

        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(AnonymousDeletionError::SessionEnded)?;
        let user = unit.users().find(&by.user().id).await?;
        let user = user.filter(is_anonymous);
        let user = user.ok_or(AnonymousDeletionError::NotAnonymous)?;
        self.guards.delete(unit.as_mut(), &user).await?;
        unit.commit().await?;
        Ok(SessionEffect::Clear.into())
    }
}
