//! The client of all requests to providers: the guarded client, with the requests and errors of OAuth 2.0.

#[cfg(test)]
mod tests;

use std::{iter, sync::Arc};

use chrono::{DateTime, Utc};
use portcullis_application::ports::{Clock, ProviderError, ProviderTokens, Rejection};
use portcullis_domain::additional::is_truthy;
use portcullis_outbound::{Rejected, RequestError};
use serde_json::{Map, Value};

use crate::flow::TokenRequest;

const JSON: &str = "application/json";
/// The members of an error response that are passed on (RFC 6749, 5.2).
const ERROR_MEMBERS: [&str; 3] = ["error", "error_description", "error_uri"];

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

    /// Sends a token request and reads its answer by `request.answer`. An answer with a member `error` is a rejection,
    /// also if its status is 200, as that of GitHub.
    ///
    /// # Errors
    ///
    /// As [`Self::get_json`].
    pub async fn tokens(&self, request: &TokenRequest) -> Result<ProviderTokens, ProviderError> {
        let form = request.form.iter();
        let form: Vec<_> = form
            .map(|(name, value)| (*name, value.expose().as_str()))
            .collect();
        let headers = request.headers.iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| (*name, value.expose().as_str()))
            .collect();
        let answer = self.post_token_form(&request.endpoint, &form, &headers).await?;
        if answer.get("error").is_some_and(is_truthy) {
            return Err(rejection(200, "OK".to_owned(), &answer));
        }
        Ok(request.answer.read(answer, self.now()))
    }

    /// Posts a form to a token endpoint and returns the answer. It is asked for JSON: some providers answer with a form
    /// otherwise.
    ///
    /// # Errors
    ///
    /// As [`Self::get_json`], and if the answer is `null`.
    pub(crate) async fn post_token_form(
        &self,
        url: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Result<Value, ProviderError> {
        let headers: Vec<_> = iter::once(&("accept", JSON)).chain(headers).copied().collect();
        let answer = self.post_form(url, form, &headers).await?;
        if answer.is_null() {
            return Err(ProviderError::Unusable("it is empty"));
        }
        Ok(answer)
    }

    /// Returns the time by the clock port.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

/// Returns the error of the port. Of an error response, only members without secrets are passed on.
fn error(error: RequestError) -> ProviderError {
    match error {
        RequestError::Rejected(Rejected { status, reason, body }) => rejection(status, reason, &body),
        RequestError::Unusable(why) => ProviderError::Unusable(why),
        RequestError::Unreachable(failure) => ProviderError::Unreachable(failure),
    }
}

/// Returns the rejection that a response with this status and body is.
fn rejection(status: u16, reason: String, body: &Value) -> ProviderError {
    let member = |name: &str| Some((name.to_owned(), body.get(name)?.clone()));
    ProviderError::Rejected(Rejection {
        status,
        reason,
        error: ERROR_MEMBERS
            .into_iter()
            .filter_map(member)
            .collect::<Map<_, _>>(),
    })
}
