//! Where a request comes from and where it would lead: the checks against forged requests and open redirects.

use actix_web::http::header::{self, HeaderMap, HeaderName};
use portcullis_domain::origin::TrustedOrigins;
use serde_json::Value;

use crate::{
    code::{self, Code},
    error::ApiError,
    extract::{query::Query, schema::Schema},
};

/// Every parameter, of a body or of a query, that somebody may be sent to. All are checked on every route, so
/// that no later one can forget to.
const URL_PARAMETERS: [(&str, &Code); 4] = [
    ("callbackURL", &code::INVALID_CALLBACKURL),
    ("redirectTo", &code::INVALID_REDIRECTURL),
    ("errorCallbackURL", &code::INVALID_ERRORCALLBACKURL),
    ("newUserCallbackURL", &code::INVALID_NEWUSERCALLBACKURL),
];
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// A request that changes something and carries cookies must say that it comes from a trusted origin: the
/// browser adds cookies by itself, whoever asks for the request.
pub(crate) fn check_with_cookies(headers: &HeaderMap, trusted: &TrustedOrigins) -> Result<(), ApiError> {
    if headers.contains_key(header::COOKIE) {
        check(headers, trusted)
    } else {
        Ok(())
    }
}

/// A foreign page must not sign its visitor in, for which no cookie is needed. What comes from no browser says
/// nothing of where it comes from, and may pass.
pub(crate) fn check_way_in(headers: &HeaderMap, trusted: &TrustedOrigins) -> Result<(), ApiError> {
    if headers.contains_key(header::COOKIE) {
        return check(headers, trusted);
    }
    let says = |name: &HeaderName| text(headers, name).is_some_and(|text| !text.trim().is_empty());
    if says(&FETCH_SITE) || says(&FETCH_MODE) || says(&FETCH_DESTINATION) {
        if text(headers, &FETCH_SITE) == Some("cross-site") && text(headers, &FETCH_MODE) == Some("navigate")
        {
            return Err((&code::CROSS_SITE_NAVIGATION).into());
        }
        return check(headers, trusted);
    }
    if is_present(headers, &header::ORIGIN) || is_present(headers, &header::REFERER) {
        check(headers, trusted)
    } else {
        Ok(())
    }
}

fn check(headers: &HeaderMap, trusted: &TrustedOrigins) -> Result<(), ApiError> {
    let name = [header::ORIGIN, header::REFERER]
        .into_iter()
        .find(|name| is_present(headers, name))
        .ok_or(&code::MISSING_OR_NULL_ORIGIN)?;
    // Two headers are one too many: which of them would count?
    let origin = text(headers, &name).filter(|_| headers.get_all(&name).count() == 1);
    match origin {
        Some("null") => Err((&code::MISSING_OR_NULL_ORIGIN).into()),
        Some(origin) if trusted.trusts_origin(origin) => Ok(()),
        _ => Err((&code::INVALID_ORIGIN).into()),
    }
}

fn is_present(headers: &HeaderMap, name: &HeaderName) -> bool {
    headers.get(name).is_some_and(|value| !value.is_empty())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Whatever somebody may be sent to must be trusted.
pub(crate) fn check_urls(
    body: Option<&Value>,
    query: Query<'_>,
    schema: Option<&Schema>,
    trusted: &TrustedOrigins,
) -> Result<(), ApiError> {
    for (name, code) in URL_PARAMETERS {
        check_member(body, name, code, schema, trusted)?;
        let Ok(value) = query.one(name) else {
            let place = format_args!("query.{name}");
            return Err(ApiError::wrong_type(place, "string", query.value(name).as_ref()));
        };
        check_url(value.as_deref().unwrap_or_default(), code, trusted)?;
    }
    Ok(())
}

fn check_member(
    body: Option<&Value>,
    name: &str,
    code: &'static Code,
    schema: Option<&Schema>,
    trusted: &TrustedOrigins,
) -> Result<(), ApiError> {
    let Some(value) = body.and_then(|body| body.get(name)) else {
        return Ok(());
    };
    if let Value::String(url) = value {
        return check_url(url, code, trusted);
    }
    // A declared member is told of with all others; one that no schema reads is told of here.
    if value.is_null() || schema.is_some_and(|schema| schema.declares(name)) {
        return Ok(());
    }
    let place = format_args!("body.{name}");
    Err(ApiError::wrong_type(place, "string", Some(value)))
}

fn check_url(url: &str, code: &'static Code, trusted: &TrustedOrigins) -> Result<(), ApiError> {
    if url.is_empty() || trusted.trusts_redirect(url) {
        Ok(())
    } else {
        Err(code.into())
    }
}
