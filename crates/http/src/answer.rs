//! Answers that carry a token or a session.

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
};
use portcullis_application::client_token::SessionEffect;
use serde::Serialize;
use url::Url;

use crate::cookie::Cookies;

/// This JSON, with what the client is to keep or to forget. No cache may keep it.
pub(crate) fn with_effect(
    body: &impl Serialize,
    effect: &SessionEffect,
    cookies: &Cookies<'_>,
) -> HttpResponse {
    let mut response = HttpResponse::Ok().json(body);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    cookies.apply(effect, headers);
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
