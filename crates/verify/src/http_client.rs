//! Requests to the server: limited in time and length, without redirects.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Url, header::HeaderMap, redirect::Policy};
use serde::de::DeserializeOwned;

use crate::{BuildError, Unavailable};

/// Maximum length of a response, in bytes.
const LONGEST: usize = 256 * 1024;
/// Time limits that may be configured.
const SHORTEST_TIMEOUT: Duration = Duration::from_millis(10);
const LONGEST_TIMEOUT: Duration = Duration::from_mins(1);

#[derive(Clone, Debug)]
pub(crate) struct HttpClient(Client);

/// A complete response with the status 200.
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl HttpClient {
    /// Creates a client whose requests, from the resolution of the name to the end of the body, end within `timeout`.
    pub(crate) fn new(timeout: Duration) -> Result<Self, BuildError> {
        if !(SHORTEST_TIMEOUT..=LONGEST_TIMEOUT).contains(&timeout) {
            return Err(BuildError::option("timeout", "use 10 ms to 60 s"));
        }
        let builder = Client::builder()
            .redirect(Policy::none())
            .timeout(timeout)
            .user_agent(concat!("portcullis-verify/", env!("CARGO_PKG_VERSION")));
        // Another crate may have enabled other features of reqwest.
        #[cfg(feature = "rustls")]
        let builder = builder.tls_backend_rustls();
        #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
        let builder = builder.tls_backend_native();
        builder
            .build()
            .map(Self)
            .map_err(|error| BuildError::Client(error.to_string()))
    }

    pub(crate) fn get(&self, url: &Url) -> RequestBuilder {
        self.0.get(url.clone()).header("accept", "application/json")
    }

    pub(crate) fn post(&self, url: &Url) -> RequestBuilder {
        self.0.post(url.clone()).header("accept", "application/json")
    }
}

/// Sends a request and returns the response if its status is 200.
pub(crate) async fn send(request: RequestBuilder) -> Result<Answer, Unavailable> {
    let mut response = request.send().await.map_err(unavailable)?;
    let status = response.status().as_u16();
    if status != 200 {
        return Err(Unavailable::Status(status));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unavailable)? {
        if body.len() + chunk.len() > LONGEST {
            return Err(Unavailable::TooLarge(LONGEST));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        headers: std::mem::take(response.headers_mut()),
        body,
    })
}

/// Reads a response's body as JSON.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unavailable> {
    serde_json::from_slice(body).map_err(|error| Unavailable::Invalid(error.to_string()))
}

/// Reads a URL of the server from the configuration.
pub(crate) fn parse_url(option: &'static str, text: &str) -> Result<Url, BuildError> {
    let invalid = |reason: &str| BuildError::option(option, format!("{text:?} {reason}"));
    let url = Url::parse(text).map_err(|error| invalid(&format!("is not a URL: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid("is not a URL of http or https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BuildError::option(
            option,
            "contains a user name or password; remove them",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("has a query or fragment; remove it"));
    }
    Ok(url)
}

/// Returns the URL of a route below a base URL.
pub(crate) fn below(option: &'static str, base: &Url, route: &str) -> Result<Url, BuildError> {
    parse_url(
        option,
        &format!("{}/{route}", base.as_str().trim_end_matches('/')),
    )
}

/// The cause without the URL, which may be long.
fn unavailable(error: reqwest::Error) -> Unavailable {
    if error.is_timeout() {
        return Unavailable::TimedOut;
    }
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text = cause.to_string();
        source = cause.source();
    }
    Unavailable::Unreachable(text)
}
