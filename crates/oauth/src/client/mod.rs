//! The client of all requests to providers: limited in time and length, without redirects, and only to public addresses
//! unless the configuration allows a host (against server-side request forgery).

mod address;
mod answer;
mod guard;
mod options;
#[cfg(test)]
mod tests;

use std::{iter, sync::Arc};

use chrono::{DateTime, Utc};
use portcullis_application::ports::{Clock, Failure, ProviderError, ProviderTokens};
use portcullis_domain::additional::is_truthy;
use reqwest::{
    Method, Request, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;
use url::form_urlencoded::Serializer;

pub use self::options::ClientOptions;
use self::{
    answer::{Answer, LONGEST_BYTES, LONGEST_TEXT, rejection, unreachable},
    guard::{Guard, TARGET},
};
use crate::flow::TokenRequest;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Sends requests to providers; cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    guard: Guard,
    clock: Arc<dyn Clock>,
}

/// The body of a request, with its media type.
type Body = Option<(&'static str, String)>;

impl Client {
    /// Returns a client that is not connected yet. It uses the proxies of the environment, as reqwest does. A proxy may
    /// have a private address, and it, not this client, resolves the names of hosts and must refuse private addresses.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub fn new(options: ClientOptions, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let http = options.builder().build().map_err(Failure::new)?;
        let guard = Guard::new(options.allowed_hosts);
        Ok(Self { http, guard, clock })
    }

    /// Sends a GET request and returns the answer, which is JSON.
    ///
    /// # Errors
    ///
    /// If the status is not 2xx, the answer is not JSON or too long, or there is none.
    pub async fn get_json(&self, url: &str, headers: &[(&str, &str)]) -> Result<Value, ProviderError> {
        let answer = self.send((Method::GET, url), None, headers, LONGEST_TEXT);
        answer.await?.json()
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
        let form = Serializer::new(String::new()).extend_pairs(form).finish();
        let answer = self.send((Method::POST, url), Some((FORM, form)), headers, LONGEST_TEXT);
        answer.await?.json_or_form()
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
        let body = body.map(|body| (JSON, body.to_string()));
        let answer = self.send((Method::POST, url), body, headers, LONGEST_TEXT);
        answer.await?.json()
    }

    /// Sends a GET request and returns the answer with its media type, which is empty if the answer does not name it.
    ///
    /// # Errors
    ///
    /// If the status is not 2xx, the answer is longer than 256 KiB, or there is none.
    pub async fn get_bytes(
        &self,
        url: &str,
        headers: &[(&str, &str)],
    ) -> Result<(Vec<u8>, String), ProviderError> {
        let answer = self
            .send((Method::GET, url), None, headers, LONGEST_BYTES)
            .await?;
        Ok((answer.body, answer.media_type))
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
            return Err(rejection(StatusCode::OK, &answer));
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

    async fn send(
        &self,
        (method, url): (Method, &str),
        body: Body,
        headers: &[(&str, &str)],
        longest: usize,
    ) -> Result<Answer, ProviderError> {
        let (url, target) = self
            .guard
            .check(url)
            .map_err(|refused| ProviderError::Unreachable(Failure::unavailable(refused)))?;
        let mut request = Request::new(method, url);
        *request.headers_mut() = header_map(body.as_ref().map(|(media_type, _)| *media_type), headers)?;
        *request.body_mut() = body.map(|(_, body)| body.into());
        let answer = async {
            let response = self.http.execute(request).await.map_err(unreachable)?;
            Answer::read(response, longest).await
        };
        TARGET.scope(target, answer).await
    }
}

/// Returns the headers of a request. It accepts every media type unless they say otherwise, as Better Auth's requests. A
/// later header replaces an earlier one of the same name.
fn header_map(
    media_type: Option<&'static str>,
    headers: &[(&str, &str)],
) -> Result<HeaderMap, ProviderError> {
    let mut map = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("*/*"))]);
    if let Some(media_type) = media_type {
        map.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    for (name, value) in headers {
        let (Ok(name), Ok(mut value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) else {
            return Err(ProviderError::Unusable(
                "it contains a token that no header can contain",
            ));
        };
        // Most of them contain tokens, which must not appear in debug output.
        value.set_sensitive(true);
        map.insert(name, value);
    }
    Ok(map)
}
