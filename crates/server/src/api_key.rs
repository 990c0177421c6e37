//! API keys: what they are made of, and the deletion of expired ones.

use portcullis_application::{
    api_key::{ApiKeyOptions, ApiKeys},
    housekeeping::Deletion,
    ports::Ports,
    seams::SessionVetoes,
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
