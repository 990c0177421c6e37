//! Checks of redirect URLs: protection against open redirects.

use portcullis_domain::{additional::is_truthy, origin::TrustedOrigins};
use serde_json::Value;

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

/// Parameters of links that have the error of `callbackURL`.
const LINK_PAGES: [&str; 2] = ["errorCallbackURL", "newUserCallbackURL"];

/// Requires every redirect URL in the body and the query to be trusted. `link`: the query of a link that a browser
/// follows. Better Auth checks the pages that it declares under one name.
pub(crate) fn check_urls(
    link: Option<&Schema>,
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
        let code = if LINK_PAGES.contains(&name) && link.is_some_and(|query| query.declares(name)) {
            &code::INVALID_CALLBACKURL
        } else {
            code
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
    // wire: Better Auth ignores values that are falsy in JavaScript.
    if !is_truthy(value) || schema.is_some_and(|schema| schema.declares(name)) {
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
