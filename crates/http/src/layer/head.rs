//! The size limit of the request line and headers.

use actix_web::HttpRequest;

use crate::{code, error::ApiError};

/// Bytes of a header that are not part of its name or value: `: ` and a line break.
const AROUND_A_HEADER: usize = 4;

/// Checks that the request line and the headers are within the limit.
///
/// # Errors
///
/// 431 if they are not.
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
