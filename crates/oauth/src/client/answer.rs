//! Answers of providers: their length, their form, and rejections.

use portcullis_application::ports::{Failure, ProviderError, Rejection};
use reqwest::{Response, StatusCode, header::CONTENT_TYPE};
use serde_json::{Map, Value};
use url::form_urlencoded;

/// Maximum length of an answer that is JSON or a form, in bytes.
pub(super) const LONGEST_TEXT: usize = 1024 * 1024;
/// Maximum length of any other answer, in bytes.
pub(super) const LONGEST_BYTES: usize = 256 * 1024;

/// The members of an error response that are passed on (RFC 6749, 5.2).
const ERROR_MEMBERS: [&str; 3] = ["error", "error_description", "error_uri"];

/// A whole answer with a status of success.
pub(super) struct Answer {
    /// The media type with its parameters. Empty if the answer does not name it.
    pub(super) media_type: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// Reads an answer. One with another status than 2xx is a rejection; redirects are not followed.
    pub(super) async fn read(response: Response, longest: usize) -> Result<Self, ProviderError> {
        let status = response.status();
        let media_type = response.headers().get(CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default().to_owned();
        let body = body(response, longest).await;
        if status.is_success() {
            let body = body?;
            return Ok(Self { media_type, body });
        }
        // The status is known, so that a body that cannot be read does not matter.
        let body = body.unwrap_or_default();
        let error = Self { media_type, body };
        Err(rejection(status, &error.json_or_form().unwrap_or_default()))
    }

    /// Returns the JSON value.
    pub(super) fn json(&self) -> Result<Value, ProviderError> {
        serde_json::from_slice(&self.body).map_err(|_| ProviderError::Unusable("it is not JSON"))
    }

    /// Returns the JSON value. A form is an object of texts.
    pub(super) fn json_or_form(&self) -> Result<Value, ProviderError> {
        let essence = self.media_type.split(';').next().unwrap_or_default().trim();
        let forms = ["application/x-www-form-urlencoded", "text/plain"];
        let may_be_form = forms.iter().any(|form| essence.eq_ignore_ascii_case(form));
        match self.json() {
            Err(_) if may_be_form && self.body.contains(&b'=') => {
                let members = form_urlencoded::parse(&self.body).into_owned();
                let members = members.map(|(name, value)| (name, Value::String(value)));
                Ok(Value::Object(members.collect()))
            }
            json => json,
        }
    }
}

/// Returns the rejection that a response with this status and body is.
pub(super) fn rejection(status: StatusCode, body: &Value) -> ProviderError {
    let member = |name: &str| Some((name.to_owned(), body.get(name)?.clone()));
    ProviderError::Rejected(Rejection {
        status: status.as_u16(),
        reason: status.canonical_reason().unwrap_or_default().to_owned(),
        error: ERROR_MEMBERS
            .into_iter()
            .filter_map(member)
            .collect::<Map<_, _>>(),
    })
}

/// Returns that the provider cannot be reached. The URL, which may contain a secret, is left out.
pub(super) fn unreachable(error: reqwest::Error) -> ProviderError {
    ProviderError::Unreachable(Failure::unavailable(error.without_url()))
}

/// Reads a body in parts and stops when it is too long.
async fn body(mut response: Response, longest: usize) -> Result<Vec<u8>, ProviderError> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(unreachable)? {
        if body.len() + part.len() > longest {
            return Err(ProviderError::Unusable("it is too long"));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}
