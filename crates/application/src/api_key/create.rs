//! Creation of API keys.

use portcullis_domain::{
    api_key::{ALPHABET, ApiKey, NewKey, PlainKey},
    id::UserId,
    secret::Secret,
};

use super::{ApiKeys, CreateKeyError};
use crate::{
    ports::{RandomExt as _, UnitOfWork},
    session::StrictCaller,
};

/// A new key. Its owner sees the whole key only now.
#[derive(Debug)]
pub struct CreatedKey {
    /// The key as it is stored.
    pub key: ApiKey,
    /// The key as its owner sends it.
    pub plain: PlainKey,
}

impl ApiKeys {
    /// Creates a key of the caller.
    ///
    /// # Errors
    ///
    /// If the deployment does not permit the key.
    pub async fn create(&self, by: &StrictCaller, new: NewKey) -> Result<CreatedKey, CreateKeyError> {
        self.check_new(&new)?;
        let created = self.made(by.user().id.clone(), new);

        let unit = by.begin(self.store.as_ref()).await?;
        let unit = unit.ok_or(CreateKeyError::SessionEnded)?;
        self.stored(created, unit).await
    }

    /// Creates a key of any user, for a service.
    ///
    /// # Errors
    ///
    /// [`CreateKeyError::UnknownUser`], or if the deployment does not permit the key.
    pub async fn create_for(&self, user: &UserId, new: NewKey) -> Result<CreatedKey, CreateKeyError> {
        self.check_new(&new)?;
        let created = self.made(user.clone(), new);

        let mut unit = self.store.begin();
        let owner = unit.users().lock(user).await?;
        owner.ok_or(CreateKeyError::UnknownUser)?;
        self.stored(created, unit).await
    }

    fn made(&self, user: UserId, new: NewKey) -> CreatedKey {
        let policy = &self.options.policy;
        let prefix = new.prefix.as_deref().or(policy.default_prefix.as_deref());
        let random = self.random.draw(ALPHABET, policy.length);
        let plain = Secret::new(format!("{}{random}", prefix.unwrap_or_default()));
        let digest = self.stored_form(&plain);
        let ids = (self.random.id(), user);
        let key = ApiKey::new(ids, (&plain, digest), new, policy, self.clock.now());
        CreatedKey { key, plain }
    }

    /// Stores a key in a unit of work that has locked the owner, so that parallel requests do not exceed the limit.
    async fn stored(
        &self,
        created: CreatedKey,
        mut unit: Box<dyn UnitOfWork>,
    ) -> Result<CreatedKey, CreateKeyError> {
        let keys = unit.api_keys();
        let count = keys.count_by_user(&created.key.user_id).await?;
        if count >= u64::from(self.options.policy.max_per_user) {
            return Err(CreateKeyError::TooMany);
        }
        let key = keys.insert(&created.key).await?;
        unit.commit().await?;
        Ok(CreatedKey { key, ..created })
    }
}
