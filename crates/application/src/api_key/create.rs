//! Creation of API keys.

use portcullis_domain::{
    api_key::{ALPHABET, ApiKey, NewKey, PlainKey, Refill},
    id::UserId,
    secret::Secret,
};
use serde_json::Value;

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

    /// Checks what the creator has chosen, in Better Auth's order.
    fn check_new(&self, new: &NewKey) -> Result<(), CreateKeyError> {
        let policy = &self.options.policy;
        match &new.metadata {
            Value::Null => {}
            _ if !policy.has_metadata => return Err(CreateKeyError::MetadataDisabled),
            Value::Object(_) | Value::Array(_) => {}
            _ => return Err(CreateKeyError::MetadataNotObject),
        }
        check_refill(new.privileges.refill)?;
        if let Some(lifetime) = new.lifetime {
            policy.check_lifetime(lifetime)?;
        }
        let prefix = new.prefix.as_deref().map_or(Ok(()), |it| policy.check_prefix(it));
        prefix.map_err(|_rejection| CreateKeyError::PrefixLength)?;
        match new.name.as_deref().filter(|name| !name.is_empty()) {
            Some(name) => policy
                .check_name(name)
                .map_err(|_rejection| CreateKeyError::NameLength),
            None if policy.requires_name => Err(CreateKeyError::NoName),
            None => Ok(()),
        }
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

/// Zero means that there is no refill, as in Better Auth.
fn check_refill(refill: Refill) -> Result<(), CreateKeyError> {
    let is_set = |part: Option<i32>| part.is_some_and(|part| part != 0);
    match (is_set(refill.amount), is_set(refill.interval)) {
        (true, false) => Err(CreateKeyError::NoRefillInterval),
        (false, true) => Err(CreateKeyError::NoRefillAmount),
        (true, true) | (false, false) => Ok(()),
    }
}
