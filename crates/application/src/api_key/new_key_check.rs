//! Check of what the creator of an API key has chosen.

use portcullis_domain::api_key::{NewKey, Refill};
use serde_json::Value;

use super::{ApiKeys, CreateKeyError};

impl ApiKeys {
    /// Checks what the creator has chosen, in Better Auth's order.
    pub(super) fn check_new(&self, new: &NewKey) -> Result<(), CreateKeyError> {
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
