//! The client of all requests to services outside of the deployment: limited in time and length, without redirects, and
//! only to public addresses unless the configuration allows a host (against server-side request forgery).

mod address;
mod answer;
mod error;
mod guard;
mod options;
#[cfg(test)]
mod tests;
mod tls;

use portcullis_application::ports::Failure;
use reqwest::{
    Method, Request,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;
use url::form_urlencoded::Serializer;

use self::{
    answer::{Answer, LONGEST_BYTES, LONGEST_TEXT},
    error::unreachable,
    guard::{Guard, TARGET},
};
pub use self::{
    error::{Rejected, RequestError},
    guard::Refused,
    options::ClientOptions,
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Sends requests to services; cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    guard: Guard,
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
    pub fn new(options: ClientOptions) -> Result<Self, Failure> {
        let http = options.builder().map_err(Failure::new)?;
        let http = http.build().map_err(Failure::new)?;
        let guard = Guard::new(options.allowed_hosts);
        Ok(Self { http, guard })
    }

    /// Sends a GET request and returns the answer, which is JSON.
    ///
    /// # Errors
    ///
    /// If the status is not 2xx, the answer is not JSON or too long, or there is no answer.
    pub async fn get_json(&self, url: &str, headers: &[(&str, &str)]) -> Result<Value, RequestError> {
        let answer = self.send((Method::GET, url), None, headers, LONGEST_TEXT);
        answer.await?.json()
    }

    /// Sends a GET request and returns the answer, which is text.
    ///
    /// # Errors
    ///
    /// As [`Self::get_json`].
    pub async fn get_text(&self, url: &str, headers: &[(&str, &str)]) -> Result<String, RequestError> {
        let answer = self.send((Method::GET, url), None, headers, LONGEST_TEXT);
        answer.await?.text()
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
    ) -> Result<Value, RequestError> {
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
    ) -> Result<Value, RequestError> {
        let body = body.map(|body| (JSON, body.to_string()));
        let answer = self.send((Method::POST, url), body, headers, LONGEST_TEXT);
        answer.await?.json()
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
    ) -> Result<(Vec<u8>, String), RequestError> {
        let answer = self
            .send((Method::GET, url), None, headers, LONGEST_BYTES)
            .await?;
        Ok((answer.body, answer.media_type))
    }

    async fn send(
        &self,
        (method, url): (Method, &str),
        body: Body,
        headers: &[(&str, &str)],
        longest: usize,
    ) -> Result<Answer, RequestError> {
        let (url, target) = self
            .guard
            .check(url)
            .map_err(|refused| RequestError::Unreachable(Failure::unavailable(refused)))?;
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

/// Returns the headers of a request. It accepts every media type unless the headers contain `Accept`, as in Better
/// Auth. A later header replaces an earlier one of the same name.
fn header_map(media_type: Option<&'static str>, headers: &[(&str, &str)]) -> Result<HeaderMap, RequestError> {
    let mut map = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("*/*"))]);
    if let Some(media_type) = media_type {
        map.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    for (name, value) in headers {
        let (Ok(name), Ok(mut value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) else {
            return Err(RequestError::Unusable(
                "it contains a token that no header can contain",
            ));
        };
        // Most of them contain tokens, which must not appear in debug output.
        value.set_sensitive(true);
        map.insert(name, value);
    }
    Ok(map)
}
