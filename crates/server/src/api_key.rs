//! API keys: their use cases, and the deletion of expired keys.

use std::sync::Arc;

use portcullis_application::{
    api_key::{ApiKeyOptions, ApiKeys, UnprovenApiKeys},
    housekeeping::Deletion,
    ports::Ports,
    seams::{SessionVetoes, UnprovenCredential},
};
use portcullis_http::KeyHeaders;

use crate::config::Config;

/// Returns the use cases of API keys. `vetoes` also end the validity of keys.
pub(crate) fn keys(ports: &Ports, config: &Config, vetoes: SessionVetoes) -> Option<ApiKeys> {
    let options = config.api_key.as_ref()?.options.clone();
    Some(ApiKeys::new(ports, vetoes, options))
}

/// Returns the headers in which requests present API keys instead of sessions.
pub(crate) fn headers(config: &Config) -> Option<KeyHeaders> {
    config.api_key.as_ref()?.headers.clone()
}

/// Returns the deletion of expired API keys.
pub(crate) fn deletion(config: &Config) -> Option<Deletion> {
    config.api_key.as_ref().map(|_options| ApiKeyOptions::deletion())
}

/// Returns what deletes API keys that an unproven owner of an account has created.
pub(crate) fn unproven(config: &Config) -> Option<Arc<dyn UnprovenCredential>> {
    config.api_key.as_ref()?;
    Some(Arc::new(UnprovenApiKeys))
}
