//! Constructors of responses: JSON, redirects and pages.

mod pages;
mod redirects;

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
};
use portcullis_application::{client_token::ClientEffects, sign_in::completion::Challenge};
use serde::Serialize;

pub(crate) use self::{
    pages::{form_page, page},
    redirects::{after_form, location, plain_redirect, redirect, redirect_after_form, redirect_with_effects},
};
use crate::{cookie::Cookies, layer::cors, view::outcome::Challenged};

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

/// Sets a response header that pages of other origins may also read.
pub(crate) fn set_exposed_header(response: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    cors::expose(response, name.as_str());
    response.insert(name, value);
}
