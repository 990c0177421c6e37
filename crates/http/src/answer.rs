//! Answers that are for one client alone.

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
};
use portcullis_application::client_token::SessionEffect;
use serde::Serialize;
use url::Url;

use crate::cookie::Cookies;

/// This JSON, which no cache may keep.
pub(crate) fn json(body: &impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::Ok().json(body);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
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

/// A `Location` header. A URL that may not stand in a header as it is stands there as browsers write it.
pub(crate) fn location(url: &str) -> Option<HeaderValue> {
    let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain {
        HeaderValue::from_str(url).ok()
    } else {
        HeaderValue::from_str(Url::parse(url).ok()?.as_str()).ok()
    }
}
