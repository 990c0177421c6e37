//! The passkeys of a user: listing, naming and deleting them.

use portcullis_domain::passkey::{Passkey, PasskeyId};

use super::{PasskeyChangeError, Passkeys};
use crate::{ports::Failure, session::StrictCaller};

impl Passkeys {
    /// Returns all passkeys of the caller, the oldest first.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn list(&self, by: &StrictCaller) -> Result<Vec<Passkey>, Failure> {
        let mut db = self.store.autocommit();
        db.passkeys().list_by_user(&by.user().id).await
    }

    /// Names a passkey of the caller, and returns it.
    ///
    /// # Errors
    ///
    /// If there is no such passkey, or if another user owns it.
    pub async fn rename(
        &self,
        by: &StrictCaller,
        id: &PasskeyId,
        name: &str,
    ) -> Result<Passkey, PasskeyChangeError> {
        self.check_owner(by, id).await?;
        let mut db = self.store.autocommit();
        let renamed = db.passkeys().rename(id, &by.user().id, name).await?;
        renamed.ok_or(PasskeyChangeError::Unknown)
    }

    /// Deletes a passkey of the caller.
    ///
    /// # Errors
    ///
    /// If there is no such passkey, or if another user owns it.
    pub async fn delete(&self, by: &StrictCaller, id: &PasskeyId) -> Result<(), PasskeyChangeError> {
        self.check_owner(by, id).await?;
        let mut db = self.store.autocommit();
        let is_deleted = db.passkeys().delete(id, &by.user().id).await?;
        is_deleted.then_some(()).ok_or(PasskeyChangeError::Unknown)
    }

    /// The statements that change a passkey also check its owner; this only distinguishes the errors.
    async fn check_owner(&self, by: &StrictCaller, id: &PasskeyId) -> Result<(), PasskeyChangeError> {
        let found = self.store.autocommit().passkeys().find(id).await?;
        let passkey = found.ok_or(PasskeyChangeError::Unknown)?;
        (passkey.user_id == by.user().id)
            .then_some(())
            .ok_or(PasskeyChangeError::NotOwned)
    }
}
