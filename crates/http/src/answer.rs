//! Constructors of responses: JSON, redirects and pages.

use std::fmt::Display;

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, ContentType, HeaderMap, HeaderName, HeaderValue},
    },
};
use portcullis_application::{client_token::ClientEffects, sign_in::completion::Challenge};
use serde::Serialize;
use url::Url;

use crate::{
    code,
    cookie::Cookies,
    error::ApiError,
    layer::cors,
    view::{html::Page, outcome::Challenged},
};

pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");

/// Returns a JSON response that must not be cached.
pub(crate) fn json(body: &impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::Ok().json(body);
    response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
    response
}

/// Returns a JSON response that sets or clears the client's cookies. It must not be cached.
pub(crate) fn with_effects(
    body: &impl Serialize,
    effects: &ClientEffects,
    cookies: &Cookies<'_>,
) -> HttpResponse {
    let mut response = json(body);
    cookies.apply(effects, &mut response);
    response
}

/// Returns the response to a sign-in that waits for a second step, and sets the cookie of the challenge.
pub(crate) fn challenge(challenge: &Challenge, cookies: &Cookies<'_>) -> HttpResponse {
    with_effects(&Challenged::NOW, &challenge.effects, cookies)
}

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

/// Adds each of these headers that the response lacks, with an empty value.
pub(crate) fn complete(response: &mut HeaderMap, names: &[&'static str]) {
    for name in names.iter().copied().map(HeaderName::from_static) {
        if !response.contains_key(&name) {
            response.insert(name, HeaderValue::from_static(""));
        }
    }
}

/// Keeps the request's URL confidential: the response is not cached, and browsers do not send the URL to pages of
/// other origins as the referrer.
pub(crate) fn protect_url(response: &mut HeaderMap) {
    response.insert(header::CACHE_CONTROL, NO_STORE);
    if response.get(header::REFERRER_POLICY) != Some(&SAME_ORIGIN) {
        response.insert(header::REFERRER_POLICY, NO_REFERRER);
    }
}

/// Returns an HTML page that may load only its own style.
pub(crate) fn page<Content: Display>(page: &Page<'_, Content>) -> HttpResponse {
    HttpResponse::Ok()
        // wire: no charset; the page itself declares it.
        .content_type("text/html")
        .insert_header((header::CONTENT_SECURITY_POLICY, page.style.policy()))
        .body(page.to_string())
}

/// Returns an HTML page with a form that is sent to the page's own URL.
pub(crate) fn form_page<Content: Display>(page: &Page<'_, Content>) -> HttpResponse {
    let mut response = self::page(page);
    // Unless the referrer policy allows the origin, browsers send the form with `Origin: null`.
    response
        .headers_mut()
        .insert(header::REFERRER_POLICY, SAME_ORIGIN);
    response
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

/// Sets a response header that pages of other origins may also read.
pub(crate) fn set_exposed_header(response: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    cors::expose(response, name.as_str());
    response.insert(name, value);
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
