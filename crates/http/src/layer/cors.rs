//! CORS: pages of trusted origins may read responses. Responses to other origins contain no CORS headers.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
};
use portcullis_domain::origin::TrustedOrigins;

/// How long browsers may cache a preflight: two hours, the maximum of Chromium.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");
/// Headers that pages of other origins may also read, if a response contains them. Features expose their own with
/// [`expose`].
const EXPOSED: [&str; 2] = ["retry-after", "x-retry-after"];
const PREFLIGHT_VARIES: HeaderValue =
    HeaderValue::from_static("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");

/// Returns the response to a preflight from a trusted origin other than `own`, or `None` for any other request.
pub(crate) fn preflight(
    request: &HttpRequest,
    trusted: &TrustedOrigins,
    own: Option<&HeaderValue>,
) -> Option<HttpResponse> {
    if !is_preflight(request) {
        return None;
    }
    let asked = request.headers();
    let method = asked.get(header::ACCESS_CONTROL_REQUEST_METHOD)?;
    trusted_origin(asked, trusted, own)?;

    let mut response = HttpResponse::NoContent().finish();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, method.clone());
    if let Some(names) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    headers.insert(header::VARY, PREFLIGHT_VARIES);
    Some(response)
}

/// Whether a browser asks if a page may send a request.
pub(crate) fn is_preflight(request: &HttpRequest) -> bool {
    request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Allows a trusted origin other than `own` to read the response, and makes caches keep one response for each origin.
pub(crate) fn share(
    request: &HeaderMap,
    response: &mut HeaderMap,
    trusted: &TrustedOrigins,
    own: Option<&HeaderValue>,
) {
    if !response.contains_key(header::VARY) {
        response.insert(header::VARY, HeaderValue::from_static("Origin"));
    }
    if let Some(origin) = trusted_origin(request, trusted, own) {
        for name in EXPOSED {
            if response.contains_key(name) {
                expose(response, name);
            }
        }
        response.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        response.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
    }
}

/// Allows pages of other origins to also read this header of the response.
pub(crate) fn expose(response: &mut HeaderMap, name: &str) {
    let exposed = response
        .get(header::ACCESS_CONTROL_EXPOSE_HEADERS)
        .and_then(|names| names.to_str().ok());
    let names = match exposed {
        Some(names) if names.split(',').any(|known| known.trim() == name) => return,
        Some(names) => format!("{names}, {name}"),
        None => name.to_owned(),
    };
    if let Ok(names) = HeaderValue::from_maybe_shared(names) {
        response.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, names);
    }
}

/// Returns the origin of a request if it is trusted and is not `own`.
fn trusted_origin<'a>(
    request: &'a HeaderMap,
    trusted: &TrustedOrigins,
    own: Option<&HeaderValue>,
) -> Option<&'a HeaderValue> {
    let name: HeaderName = header::ORIGIN;
    let origin = request.get(&name)?;
    let is_trusted = Some(origin) != own
        && request.get_all(&name).count() == 1
        && origin.to_str().is_ok_and(|origin| trusted.trusts_origin(origin));
    is_trusted.then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_header_is_exposed_once() {
        let mut response = HeaderMap::new();
        for name in ["set-auth-jwt", "set-auth-token", "set-auth-jwt"] {
            expose(&mut response, name);
        }
        let exposed: Vec<_> = response.get_all(header::ACCESS_CONTROL_EXPOSE_HEADERS).collect();
        assert_eq!(exposed, ["set-auth-jwt, set-auth-token"]);
    }
}
