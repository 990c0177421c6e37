//! Verification of API keys, each of which is one use of the key.

use portcullis_domain::{
    access::Statements,
    api_key::{ApiKey, KeyRefusal, KeyUsage, PlainKey},
    user::User,
};

use super::{ApiKeys, VerifyKeyError};
use crate::ports::Failure;

/// A valid key.
#[derive(Debug)]
pub struct VerifiedKey {
    /// The key after this use.
    pub key: ApiKey,
    /// Its owner.
    pub user: User,
}

impl ApiKeys {
    /// Returns the key if it may be used now for what is `wanted`, and records the use. A key that can never be used again
    /// is deleted.
    ///
    /// It costs two statements: one reads the key, the other records the use only if the row is unchanged, so that
    /// parallel uses are all counted and none is granted twice. If another use comes between the two, the row is locked
    /// and checked again.
    ///
    /// # Errors
    ///
    /// If the key is not valid, or its owner may have no session.
    pub async fn verify(
        &self,
        key: &PlainKey,
        wanted: Option<&Statements>,
    ) -> Result<VerifiedKey, VerifyKeyError> {
        if !self.options.policy.is_looked_up(key.expose()) {
            return Err(VerifyKeyError::Unknown);
        }
        let digest = self.stored_form(key);
        let found = self.store.autocommit().api_keys().find_by_digest(&digest).await?;
        let (key, user) = found.ok_or(VerifyKeyError::Unknown)?;
        self.check_owner(&key, &user).await?;
        let usage = self.checked(&key, wanted).await?;
        let now = self.clock.now();
        if self.store.autocommit().api_keys().spend(&key, usage, now).await? {
            return Ok(self.used(key, usage, user));
        }
        self.verify_locked((key, user), wanted).await
    }

    /// Locks a key that was changed since it was read, mostly by a concurrent use, and records this use.
    async fn verify_locked(
        &self,
        (found, user): (ApiKey, User),
        wanted: Option<&Statements>,
    ) -> Result<VerifiedKey, VerifyKeyError> {
        let mut unit = self.store.begin();
        let key = unit.api_keys().lock(&found.id).await?;
        let key = key.ok_or(VerifyKeyError::Unknown)?;
        let usage = key
            .check(wanted, self.options.policy.rate_limiting(), self.clock.now())
            .map_err(VerifyKeyError::Refused)?;
        let is_spent = unit.api_keys().spend(&key, usage, self.clock.now()).await?;
        unit.commit().await?;
        is_spent
            .then(|| self.used(key, usage, user))
            .ok_or_else(|| Failure::unavailable("an API key that is locked was changed").into())
    }

    /// Rejects the keys of users whose sessions a plugin refuses.
    async fn check_owner(&self, key: &ApiKey, owner: &User) -> Result<(), VerifyKeyError> {
        let session = self.session_of(key);
        let active = (&session, owner);
        let is_refused = self
            .vetoes
            .is_refused(self.store.as_ref(), active, self.clock.now());
        if is_refused.await? {
            return Err(VerifyKeyError::Unknown);
        }
        Ok(())
    }

    /// Returns the usage after this use, or deletes a key that can never be used again.
    async fn checked(&self, key: &ApiKey, wanted: Option<&Statements>) -> Result<KeyUsage, VerifyKeyError> {
        let checked = key.check(wanted, self.options.policy.rate_limiting(), self.clock.now());
        let refusal = match checked {
            Ok(usage) => return Ok(usage),
            Err(refusal) => refusal,
        };
        match refusal {
            KeyRefusal::Expired => {
                self.clock_check.confirm().await?;
                self.store.autocommit().api_keys().retire(key).await?;
            }
            KeyRefusal::Exhausted { is_final: true } => {
                self.store.autocommit().api_keys().retire(key).await?;
            }
            KeyRefusal::Exhausted { is_final: false }
            | KeyRefusal::Disabled
            | KeyRefusal::NotPermitted
            | KeyRefusal::RateLimited { .. } => {}
        }
        Err(VerifyKeyError::Refused(refusal))
    }

    fn used(&self, key: ApiKey, usage: KeyUsage, user: User) -> VerifiedKey {
        let updated_at = self.clock.now();
        VerifiedKey {
            key: ApiKey {
                usage,
                updated_at,
                ..key
            },
            user,
        }
    }
}
