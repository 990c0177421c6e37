//! Bodies as they are sent: read up to the limit, and parsed as JSON or a form.

use actix_web::{
    HttpRequest,
    dev::Payload,
    http::header::{self, HeaderMap},
};
use futures_util::StreamExt as _;
use serde_json::Value;

use super::{
    form::{self, FormRules},
    media_type::{self, Format},
};
use crate::{code, error::ApiError};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Returns the value of the body, or `None` if there is no body or no `Content-Type`.
///
/// # Errors
///
/// 413 above the limit, 415 for a media type that is not allowed, 400 if the body is incomplete, cannot be parsed or
/// breaks the rules of forms.
pub(crate) async fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    (allowed, rules): (&[&str], FormRules),
    limit: usize,
) -> Result<Option<Value>, ApiError> {
    let headers = request.headers();
    let length = content_length(headers);
    let is_chunked = headers.contains_key(header::TRANSFER_ENCODING);
    if length.unwrap_or(0) == 0 && !is_chunked {
        return Ok(None);
    }
    if length.is_some_and(|length| length > limit) {
        return Err((&code::PAYLOAD_TOO_LARGE).into());
    }
    let Some(format) = media_type::format(headers, allowed)? else {
        return Ok(None);
    };
    let bytes = collect(payload, length.unwrap_or(0), limit).await?;
    parse(format, rules, &bytes).map(Some)
}

fn content_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn collect(payload: &mut Payload, expected: usize, limit: usize) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::with_capacity(expected.min(limit));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_torn| &code::INVALID_BODY)?;
        if bytes.len() + chunk.len() > limit {
            return Err((&code::PAYLOAD_TOO_LARGE).into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn parse(format: Format, rules: FormRules, bytes: &[u8]) -> Result<Value, ApiError> {
    match format {
        Format::Json => {
            let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
            serde_json::from_slice(text).map_err(|_malformed| (&code::INVALID_JSON).into())
        }
        Format::Form => form::parse(bytes, rules),
    }
}
