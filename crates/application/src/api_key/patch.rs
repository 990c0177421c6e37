//! What a change of an API key stores, if the deployment permits it.

use chrono::TimeDelta;
use portcullis_domain::api_key::{KeyPatch, Refill};
use serde_json::Value;

use super::{ApiKeys, KeyChange, UpdateKeyError};

impl ApiKeys {
    /// Returns what is stored, after the checks in Better Auth's order.
    pub(super) fn patch(&self, change: KeyChange) -> Result<KeyPatch, UpdateKeyError> {
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
