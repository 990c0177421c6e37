//! The client of all requests to providers: the guarded client, with the requests and errors of OAuth 2.0.

mod error;
#[cfg(test)]
mod tests;
mod tokens;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_application::ports::{Clock, ProviderError};
use serde_json::Value;

use self::error::error;

/// Sends requests to providers; cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: portcullis_outbound::Client,
    clock: Arc<dyn Clock>,
}

impl Client {
    /// Returns a client that sends its requests with this one.
    #[must_use]
    pub fn new(http: portcullis_outbound::Client, clock: Arc<dyn Clock>) -> Self {
        Self { http, clock }
    }

    /// Sends a GET request and returns the answer, which is JSON.
    ///
    /// # Errors
    ///
    /// If the status is not 2xx, the answer is not JSON or too long, or there is no answer.
    pub async fn get_json(&self, url: &str, headers: &[(&str, &str)]) -> Result<Value, ProviderError> {
        self.http.get_json(url, headers).await.map_err(error)
    }

    /// Posts a form and returns the answer, which is JSON. An answer that is a form becomes an object of texts.
    ///
    /// # Errors
    ///
    /// As [`Self::get_json`].
    pub async fn post_form(
        &self,
        url: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Result<Value, ProviderError> {
        self.http.post_form(url, form, headers).await.map_err(error)
    }

    /// Posts JSON, or nothing, and returns the answer, which is JSON.
    ///
    /// # Errors
    ///
    /// As [`Self::get_json`].
    pub async fn post_json(
        &self,
        url: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Result<Value, ProviderError> {
        self.http.post_json(url, body, headers).await.map_err(error)
    }

    /// Sends a GET request and returns the answer with its media type, which is empty if the answer does not name it.
    ///
    /// # Errors
    ///
    /// If the status is not 2xx, the answer is longer than 256 KiB, or there is no answer.
    pub async fn get_bytes(
        &self,
        url: &str,
        headers: &[(&str, &str)],
    ) -> Result<(Vec<u8>, String), ProviderError> {
        self.http.get_bytes(url, headers).await.map_err(error)
    }

    /// Returns the time by the clock port.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}
