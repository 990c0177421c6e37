//! The keys of a user: showing and deleting them.

use portcullis_domain::{
    api_key::{ApiKey, ApiKeyId},
    id::UserId,
};

use super::{ApiKeys, DeleteKeyError, FindKeyError, ListKeysError};
use crate::{ports::Failure, session::StrictCaller};

impl ApiKeys {
    /// Returns a key of the caller.
    ///
    /// # Errors
    ///
    /// [`FindKeyError::Unknown`] also for a key of another user.
    pub async fn find(&self, by: &StrictCaller, id: &ApiKeyId) -> Result<ApiKey, FindKeyError> {
        let key = self.find_any(id).await?;
        Some(key)
            .filter(|key| key.user_id == by.user().id)
            .ok_or(FindKeyError::Unknown)
    }

    /// Returns a key of any user, for a service.
    ///
    /// # Errors
    ///
    /// [`FindKeyError::Unknown`] if there is none.
    pub async fn find_any(&self, id: &ApiKeyId) -> Result<ApiKey, FindKeyError> {
        let key = self.store.autocommit().api_keys().find(id).await?;
        key.ok_or(FindKeyError::Unknown)
    }

    /// Returns all keys of the caller, the oldest first.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn list(&self, by: &StrictCaller) -> Result<Vec<ApiKey>, Failure> {
        let mut db = self.store.autocommit();
        db.api_keys().list_by_user(&by.user().id).await
    }

    /// Returns all keys of a user, the oldest first, for a service.
    ///
    /// # Errors
    ///
    /// [`ListKeysError::UnknownUser`] if there is no such user.
    pub async fn list_of(&self, user: &UserId) -> Result<Vec<ApiKey>, ListKeysError> {
        let mut db = self.store.autocommit();
        let keys = db.api_keys().list_by_user(user).await?;
        if keys.is_empty() && db.users().find(user).await?.is_none() {
            return Err(ListKeysError::UnknownUser);
        }
        Ok(keys)
    }

    /// Deletes a key of the caller.
    ///
    /// # Errors
    ///
    /// [`DeleteKeyError::Unknown`] also for a key of another user.
    pub async fn delete(&self, by: &StrictCaller, id: &ApiKeyId) -> Result<(), DeleteKeyError> {
        self.delete_of(&by.user().id, id).await
    }

    /// Deletes a key of any user, for a service.
    ///
    /// # Errors
    ///
    /// [`DeleteKeyError::Unknown`] if there is none.
    pub async fn delete_any(&self, id: &ApiKeyId) -> Result<(), DeleteKeyError> {
        let key = self.store.autocommit().api_keys().find(id).await?;
        let key = key.ok_or(DeleteKeyError::Unknown)?;
        self.delete_of(&key.user_id, id).await
    }

    async fn delete_of(&self, owner: &UserId, id: &ApiKeyId) -> Result<(), DeleteKeyError> {
        let deleted = self.store.autocommit().api_keys().delete(id, owner).await?;
        deleted.then_some(()).ok_or(DeleteKeyError::Unknown)
    }
}
