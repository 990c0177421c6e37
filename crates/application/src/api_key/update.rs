//! Changes of API keys.

use chrono::TimeDelta;
use portcullis_domain::{
    access::Statements,
    api_key::{ApiKey, ApiKeyId, KeyPatch, Refill},
    id::UserId,
};
use serde_json::Value;

use super::{ApiKeys, FindKeyError, UpdateKeyError};
use crate::session::StrictCaller;

/// Changes of a key. `None` leaves a member unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyChange {
    /// The name.
    pub name: Option<String>,
    /// Whether the key is accepted.
    pub is_enabled: Option<bool>,
    /// The lifetime from now on; `Some(None)`: unlimited.
    pub lifetime: Option<Option<TimeDelta>>,
    /// Data of the application. It is ignored if keys have no metadata.
    pub metadata: Option<Value>,
    /// Changes that only services may make.
    pub privileged: PrivilegedChange,
}

/// Changes of a key that a service may make and the owner may not. `None` leaves a member unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrivilegedChange {
    /// The number of uses that remain; `Some(None)`: unlimited.
    pub remaining: Option<Option<i32>>,
    /// The pause between two refills, in milliseconds.
    pub refill_interval: Option<i32>,
    /// The number of uses after a refill.
    pub refill_amount: Option<i32>,
    /// Whether the rate limit applies.
    pub is_rate_limited: Option<bool>,
    /// The window of the rate limit, in milliseconds.
    pub rate_limit_window: Option<i32>,
    /// The number of uses in a window.
    pub rate_limit_max: Option<i32>,
    /// What the key may be used for; `Some(None)`: nothing.
    pub permissions: Option<Option<Statements>>,
}

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

    /// Returns what is stored, after the checks in Better Auth's order.
    fn patch(&self, change: KeyChange) -> Result<KeyPatch, UpdateKeyError> {
        let policy = &self.options.policy;
        if let Some(name) = &change.name {
            policy.check_name(name)?;
        }
        let expires_at = self.new_end(change.lifetime)?;
        let metadata = change.metadata.filter(|_| policy.has_metadata);
        if let Some(Value::Bool(_) | Value::Number(_) | Value::String(_)) = metadata {
            return Err(UpdateKeyError::MetadataNotObject);
        }
        let privileged = change.privileged;
        let patch = KeyPatch {
            name: change.name,
            is_enabled: change.is_enabled,
            expires_at,
            metadata,
            remaining: privileged.remaining,
            refill: refill(privileged.refill_amount, privileged.refill_interval)?,
            is_rate_limited: privileged.is_rate_limited,
            rate_limit_window: privileged.rate_limit_window,
            rate_limit_max: privileged.rate_limit_max,
            permissions: privileged.permissions,
        };
        if patch.is_empty() {
            return Err(UpdateKeyError::NothingToChange);
        }
        Ok(patch)
    }

    #[expect(
        clippy::option_option,
        reason = "removing the end differs from leaving it unchanged"
    )]
    fn new_end(
        &self,
        lifetime: Option<Option<TimeDelta>>,
    ) -> Result<Option<Option<chrono::DateTime<chrono::Utc>>>, UpdateKeyError> {
        let policy = &self.options.policy;
        let Some(chosen) = lifetime else {
            return Ok(None);
        };
        // Removing the expiry also counts as choosing a lifetime.
        policy.check_lifetime(chosen.unwrap_or(*policy.lifetime.start()))?;
        let end = chosen.and_then(|lifetime| self.clock.now().checked_add_signed(lifetime));
        Ok(Some(end))
    }
}

fn refill(amount: Option<i32>, interval: Option<i32>) -> Result<Option<Refill>, UpdateKeyError> {
    match (amount, interval) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(UpdateKeyError::NoRefillInterval),
        (None, Some(_)) => Err(UpdateKeyError::NoRefillAmount),
        (Some(_), Some(_)) => Ok(Some(Refill { interval, amount })),
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
