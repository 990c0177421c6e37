//! Changes of API keys.

use portcullis_domain::{
    api_key::{ApiKey, ApiKeyId},
    id::UserId,
};

use super::{ApiKeys, FindKeyError, KeyChange, UpdateKeyError};
use crate::session::StrictCaller;

impl ApiKeys {
    /// Changes a key of the caller, and returns it.
    ///
    /// # Errors
    ///
    /// [`UpdateKeyError::Unknown`] also for a key of another user; or if the deployment does not permit the change.
    pub async fn update(
        &self,
        by: &StrictCaller,
        id: &ApiKeyId,
        change: KeyChange,
    ) -> Result<ApiKey, UpdateKeyError> {
        let key = self.find(by, id).await?;
        self.change(&key, change).await
    }

    /// Changes a key of any user, for a service, and returns it. `owner` is the user to whom the key must belong.
    /// `None`: any user.
    ///
    /// # Errors
    ///
    /// [`UpdateKeyError::Unknown`] if there is no such key, or it belongs to another user; or if the deployment does
    /// not permit the change.
    pub async fn update_any(
        &self,
        id: &ApiKeyId,
        owner: Option<&UserId>,
        change: KeyChange,
    ) -> Result<ApiKey, UpdateKeyError> {
        let key = self.find_any(id).await?;
        if owner.is_some_and(|owner| *owner != key.user_id) {
            return Err(UpdateKeyError::Unknown);
        }
        self.change(&key, change).await
    }

    async fn change(&self, key: &ApiKey, change: KeyChange) -> Result<ApiKey, UpdateKeyError> {
        let patch = self.patch(change)?;

        let mut db = self.store.autocommit();
        let changed = db.api_keys().update(&key.id, &key.user_id, &patch).await?;
        changed.ok_or(UpdateKeyError::Unknown)
    }
}

impl From<FindKeyError> for UpdateKeyError {
    fn from(error: FindKeyError) -> Self {
        match error {
            FindKeyError::Unknown => Self::Unknown,
            FindKeyError::Failure(failure) => Self::Failure(failure),
        }
    }
}
