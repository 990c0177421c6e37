//! Answers that are for one client alone.

use std::fmt::Display;

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, ContentType, HeaderMap, HeaderName, HeaderValue},
    },
};
use portcullis_application::client_token::SessionEffect;
use serde::Serialize;
use url::Url;

use crate::{code, cookie::Cookies, error::ApiError, layer::cors, view::html::Page};

pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");

/// This JSON, which no cache may keep.
pub(crate) fn json(body: &impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::Ok().json(body);
    response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
    response
}

/// This JSON, with what the client is to keep or to forget. No cache may keep it.
pub(crate) fn with_effect(
    body: &impl Serialize,
    effect: &SessionEffect,
    cookies: &Cookies<'_>,
) -> HttpResponse {
    let mut response = json(body);
    cookies.apply(effect, response.headers_mut());
    response
}

/// Sends whoever asks to this URL, which must have been found to be trusted.
///
/// # Errors
///
/// 403 where no header can hold the URL.
pub(crate) fn redirect(url: &str) -> Result<HttpResponse, ApiError> {
    let location = location(url).ok_or(&code::INVALID_CALLBACKURL)?;
    // wire: the type of a body that is not there.
    Ok(HttpResponse::Found()
        .content_type(ContentType::json())
        .insert_header((header::LOCATION, location))
        .insert_header((header::CACHE_CONTROL, NO_STORE))
        .finish())
}

/// Sends whoever asks to this URL, with what the client is to keep or to forget.
///
/// # Errors
///
/// As [`redirect`].
pub(crate) fn redirect_with_effect(
    url: &str,
    effect: &SessionEffect,
    cookies: &Cookies<'_>,
) -> Result<HttpResponse, ApiError> {
    let mut response = redirect(url)?;
    cookies.apply(effect, response.headers_mut());
    Ok(response)
}

/// Keeps the URL of a request from everybody but its client: no cache keeps it, and no page of another origin that an
/// answer shows or leads to receives it.
pub(crate) fn hide_url(response: &mut HeaderMap) {
    response.insert(header::CACHE_CONTROL, NO_STORE);
    if response.get(header::REFERRER_POLICY) != Some(&SAME_ORIGIN) {
        response.insert(header::REFERRER_POLICY, NO_REFERRER);
    }
}

/// A page for people, which may load nothing but its own style.
pub(crate) fn page<Content: Display>(page: &Page<'_, Content>) -> HttpResponse {
    HttpResponse::Ok()
        // wire: without a charset, which the page itself says.
        .content_type("text/html")
        .insert_header((header::CONTENT_SECURITY_POLICY, page.style.policy()))
        .body(page.to_string())
}

/// A page for people with a form that is sent to the page's own URL.
pub(crate) fn form_page<Content: Display>(page: &Page<'_, Content>) -> HttpResponse {
    let mut response = self::page(page);
    // Without a referrer policy that lets the origin through, browsers send the form with `Origin: null`.
    response
        .headers_mut()
        .insert(header::REFERRER_POLICY, SAME_ORIGIN);
    response
}

/// Leads from a form that was sent to a page that is read.
///
/// # Errors
///
/// As [`redirect`].
pub(crate) fn redirect_after_form(url: &str) -> Result<HttpResponse, ApiError> {
    let mut response = redirect(url)?;
    *response.status_mut() = StatusCode::SEE_OTHER;
    Ok(response)
}

/// Tells something in a header that pages of other origins may read as well.
pub(crate) fn tell(response: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    cors::expose(response, name.as_str());
    response.insert(name, value);
}

/// A `Location` header. A URL that may not stand in a header as it is stands there as browsers write it.
pub(crate) fn location(url: &str) -> Option<HeaderValue> {
    let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain {
        HeaderValue::from_str(url).ok()
    } else {
        HeaderValue::from_str(Url::parse(url).ok()?.as_str()).ok()
    }
}
