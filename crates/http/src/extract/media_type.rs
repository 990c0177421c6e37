//! The media types of bodies.

use actix_web::http::header::{self, HeaderMap};

use crate::{code, error::ApiError};

const FORM: &str = "x-www-form-urlencoded";

/// The format of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Form,
}

/// Returns the format of the body, or `None` if there is no `Content-Type` and the body is ignored.
///
/// # Errors
///
/// 415 if the route does not accept the media type, or if there are several `Content-Type` headers.
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
    // wire: a type that only contains an allowed one is also accepted.
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
