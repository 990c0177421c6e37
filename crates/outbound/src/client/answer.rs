//! Answers of services: their length, their form, and rejections.

use reqwest::{Response, header::CONTENT_TYPE};
use serde_json::Value;
use url::form_urlencoded;

use super::error::{Rejected, RequestError, unreachable};

/// Maximum length of an answer that is JSON, a form or other text, in bytes.
pub(super) const LONGEST_TEXT: usize = 1024 * 1024;
/// Maximum length of any other answer, in bytes.
pub(super) const LONGEST_BYTES: usize = 256 * 1024;

/// A whole answer with a status of success.
pub(super) struct Answer {
    /// The media type with its parameters. Empty if the answer does not name it.
    pub(super) media_type: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// Reads an answer. One with another status than 2xx is a rejection; redirects are not followed.
    pub(super) async fn read(response: Response, longest: usize) -> Result<Self, RequestError> {
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
        let body = Self { media_type, body };
        Err(RequestError::Rejected(Rejected {
            status: status.as_u16(),
            reason: status.canonical_reason().unwrap_or_default().to_owned(),
            body: body.json_or_form().unwrap_or_default(),
        }))
    }

    /// Returns the JSON value.
    pub(super) fn json(&self) -> Result<Value, RequestError> {
        serde_json::from_slice(&self.body).map_err(|_| RequestError::Unusable("it is not JSON"))
    }

    /// Returns the text.
    pub(super) fn text(self) -> Result<String, RequestError> {
        String::from_utf8(self.body).map_err(|_| RequestError::Unusable("it is not text"))
    }

    /// Returns the JSON value. A form is an object of texts.
    pub(super) fn json_or_form(&self) -> Result<Value, RequestError> {
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

/// Reads a body in parts and stops when it is too long.
async fn body(mut response: Response, longest: usize) -> Result<Vec<u8>, RequestError> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(unreachable)? {
        if body.len() + part.len() > longest {
            return Err(RequestError::Unusable("it is too long"));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}
