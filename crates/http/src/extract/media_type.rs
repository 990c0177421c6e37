//! Which media types a route reads, and how.

use actix_web::http::header::{self, HeaderMap};

use crate::{code, error::ApiError};

const FORM: &str = "x-www-form-urlencoded";

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Form,
}

/// The format of the body; none where nothing is said of it, and the body is to be passed over.
///
/// # Errors
///
/// 415 where the route reads no such format. Two headers are one too many: which of them would count?
pub(crate) fn format(headers: &HeaderMap, allowed: &[&str]) -> Result<Option<Format>, ApiError> {
    let mut lines = headers.get_all(header::CONTENT_TYPE);
    let Some(line) = lines.next().filter(|line| !line.is_empty()) else {
        return Ok(None);
    };
    let raw = String::from_utf8_lossy(line.as_bytes());
    let essence = raw
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    // wire: a type that only contains an allowed one passes as well.
    if lines.next().is_some() || !allowed.iter().any(|allowed| essence.contains(allowed)) {
        return Err(ApiError::with_message(
            &code::UNSUPPORTED_MEDIA_TYPE,
            format!(
                "Content-Type \"{raw}\" is not allowed. Allowed types: {}",
                allowed.join(", ")
            ),
        ));
    }
    Ok(Some(if essence.contains(FORM) {
        Format::Form
    } else {
        Format::Json
    }))
}
