//! How much a request may say before its body.

use actix_web::HttpRequest;

use crate::{code, error::ApiError};

/// What stands between a header's name and its value, and at its end: `: ` and a line break.
const AROUND_A_HEADER: usize = 4;

/// Whether the request line and the headers are within the limit.
///
/// # Errors
///
/// 431 where they are not.
pub(crate) fn check(request: &HttpRequest, limit: usize) -> Result<(), ApiError> {
    let line = request.method().as_str().len() + request.uri().path().len() + request.query_string().len();
    let headers: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + AROUND_A_HEADER)
        .sum();
    if line + headers > limit {
        return Err((&code::REQUEST_HEADER_FIELDS_TOO_LARGE).into());
    }
    Ok(())
}
