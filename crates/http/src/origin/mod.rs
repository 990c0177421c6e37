//! Checks of a request's origin and of its redirect URLs: protection against CSRF and open redirects.

mod headers;

use actix_web::http::header::{self, HeaderMap, HeaderName};
use portcullis_domain::origin::TrustedOrigins;
use serde_json::Value;

use self::headers::Named;
pub use self::headers::OriginHeaders;
use crate::{
    code::{self, Code},
    error::ApiError,
    extract::{body::Schema, query::QueryString},
};

/// Every parameter of a body or a query to which a client may be redirected. All are checked on every route, so that a
/// new route cannot omit the check.
const URL_PARAMETERS: [(&str, &Code); 4] = [
    ("callbackURL", &code::INVALID_CALLBACKURL),
    ("redirectTo", &code::INVALID_REDIRECTURL),
    ("errorCallbackURL", &code::INVALID_ERRORCALLBACKURL),
    ("newUserCallbackURL", &code::INVALID_NEWUSERCALLBACKURL),
];
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Requires a trusted origin of a request that changes something and carries cookies: the browser attaches cookies to
/// requests from any page.
pub(crate) fn check_with_cookies(
    headers: &HeaderMap,
    names: &OriginHeaders,
    trusted: &TrustedOrigins,
) -> Result<(), ApiError> {
    if headers.contains_key(header::COOKIE) {
        check(headers, names, trusted)
    } else {
        Ok(())
    }
}

/// Requires a trusted origin of a browser's request, also without cookies. Clients other than browsers send no origin
/// and are accepted.
pub(crate) fn check_without_cookies(
    headers: &HeaderMap,
    names: &OriginHeaders,
    trusted: &TrustedOrigins,
) -> Result<(), ApiError> {
    if headers.contains_key(header::COOKIE) {
        return check(headers, names, trusted);
    }
    let is_filled = |name: &HeaderName| text(headers, name).is_some_and(|text| !text.trim().is_empty());
    if is_filled(&FETCH_SITE) || is_filled(&FETCH_MODE) || is_filled(&FETCH_DESTINATION) {
        if text(headers, &FETCH_SITE) == Some("cross-site") && text(headers, &FETCH_MODE) == Some("navigate")
        {
            return Err((&code::CROSS_SITE_NAVIGATION).into());
        }
        return check(headers, names, trusted);
    }
    if named(headers, names) == Named::Absent {
        Ok(())
    } else {
        check(headers, names, trusted)
    }
}

fn check(headers: &HeaderMap, names: &OriginHeaders, trusted: &TrustedOrigins) -> Result<(), ApiError> {
    match named(headers, names) {
        Named::Absent | Named::Text("null") => Err((&code::MISSING_OR_NULL_ORIGIN).into()),
        Named::Text(origin) if trusted.trusts_origin(origin) => Ok(()),
        Named::Text(_) | Named::Ambiguous => Err((&code::INVALID_ORIGIN).into()),
    }
}

/// Returns the origin that the request names, or else the URL of the page that sent it.
fn named<'a>(headers: &'a HeaderMap, names: &OriginHeaders) -> Named<'a> {
    match names.origin_of(headers) {
        Named::Absent => Named::of(headers, &header::REFERER),
        named => named,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Requires every redirect URL in the body and the query to be trusted.
pub(crate) fn check_urls(
    body: Option<&Value>,
    query: QueryString<'_>,
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
    // The schema reports a declared member together with all others; an undeclared one is reported here.
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
