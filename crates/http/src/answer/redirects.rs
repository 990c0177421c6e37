//! Redirects.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, ContentType, HeaderValue},
    },
};
use portcullis_application::client_token::ClientEffects;
use url::Url;

use super::NO_STORE;
use crate::{code, cookie::Cookies, error::ApiError};

/// Redirects the client to `url`, which must already have been checked to be trusted.
///
/// # Errors
///
/// 403 if a header cannot contain the URL.
pub(crate) fn redirect(url: &str) -> Result<HttpResponse, ApiError> {
    let location = location(url).ok_or(&code::INVALID_CALLBACKURL)?;
    // wire: the content type is sent although there is no body.
    Ok(HttpResponse::Found()
        .content_type(ContentType::json())
        .insert_header((header::LOCATION, location))
        .insert_header((header::CACHE_CONTROL, NO_STORE))
        .finish())
}

/// Redirects the client to a page of the deployment, with no other headers.
///
/// # Errors
///
/// As [`redirect`].
pub(crate) fn plain_redirect(url: &str) -> Result<HttpResponse, ApiError> {
    let location = location(url).ok_or(&code::INVALID_CALLBACKURL)?;
    let mut response = HttpResponse::Found();
    Ok(response.insert_header((header::LOCATION, location)).finish())
}

/// Redirects the client to `url` and sets or clears its cookies.
///
/// # Errors
///
/// As [`redirect`].
pub(crate) fn redirect_with_effects(
    url: &str,
    effects: &ClientEffects,
    cookies: &Cookies<'_>,
) -> Result<HttpResponse, ApiError> {
    let mut response = redirect(url)?;
    cookies.apply(effects, &mut response);
    Ok(response)
}

/// Redirects a client that sent a form, with 303, so that it requests `url` with GET.
///
/// # Errors
///
/// As [`redirect`].
pub(crate) fn redirect_after_form(url: &str) -> Result<HttpResponse, ApiError> {
    let mut response = redirect(url)?;
    *response.status_mut() = StatusCode::SEE_OTHER;
    Ok(response)
}

/// Sets the status of a redirect to 303, so that a client that sent a form requests the page with GET.
pub(crate) fn after_form(mut response: HttpResponse) -> HttpResponse {
    if response.status() == StatusCode::FOUND {
        *response.status_mut() = StatusCode::SEE_OTHER;
    }
    response
}

/// Returns the value of a `Location` header. A URL with characters that headers cannot contain is serialised as
/// browsers do.
pub(crate) fn location(url: &str) -> Option<HeaderValue> {
    let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain {
        HeaderValue::from_str(url).ok()
    } else {
        HeaderValue::from_str(Url::parse(url).ok()?.as_str()).ok()
    }
}
