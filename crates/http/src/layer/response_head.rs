//! The length of response heads: proxies have small buffers for them. nginx answers 502 if a head exceeds 4 KiB
//! (`proxy_buffer_size`), although the request has been processed.

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderMap, HeaderName},
};

use crate::{
    cookie::{CookieOptions, withdraw_cache},
    options::Options,
};

/// Maximum length with the default settings of nginx.
const MOST: usize = 4096;
/// Bytes of the headers and line breaks that are added when the response is sent: `content-length`, `date`,
/// `connection` and the empty line.
const FRAMING: usize = 81;
/// The part of it that Better Auth does not send to a proxy: `content-length`.
const OWN_FRAMING: usize = 24;
/// Bytes of a header that are not part of its name or value: `: ` and a line break.
const AROUND_A_HEADER: usize = 4;
/// Headers that Better Auth does not send.
const OWN: [&str; 7] = [
    "access-control-allow-credentials",
    "access-control-allow-origin",
    "cache-control",
    "referrer-policy",
    "vary",
    "x-content-type-options",
    "x-request-id",
];

/// An extension of a response: this header is left out if the head would be too long.
pub(crate) struct Optional(pub(crate) HeaderName);

/// Shortens the head of a response if proxies with default settings could reject it: the session cookie cache is left
/// out, and then the optional header.
///
/// A response to a request that changes nothing, such as `GET /get-session`, is shortened only if Better Auth's would
/// not be too long: otherwise the deployment needs larger buffers anyway, and sends long caches there.
pub(crate) fn fit(
    request: &HeaderMap,
    response: &mut HttpResponse,
    options: &Options,
    has_changed_something: bool,
) {
    let is_too_long = |response: &HttpResponse| {
        let length = length(response);
        let allowance = if has_changed_something {
            usize::MAX
        } else {
            MOST + own(response.headers(), &options.cookies)
        };
        length > MOST && length <= allowance
    };
    if is_too_long(response) {
        withdraw_cache(request, response.headers_mut(), options);
    }
    if is_too_long(response) {
        let optional = response.extensions_mut().remove::<Optional>();
        if let Some(Optional(name)) = optional {
            response.headers_mut().remove(name);
        }
    }
}

fn length(response: &HttpResponse) -> usize {
    let status = response.status();
    let reason = status.canonical_reason().unwrap_or_default();
    let line = "HTTP/1.1 200 \r\n".len() + reason.len();
    line + response.headers().iter().map(of_header).sum::<usize>() + FRAMING
}

/// Returns the length of the lines that Better Auth would not send.
fn own(response: &HeaderMap, cookies: &CookieOptions) -> usize {
    let is_own = |(name, value): &(&HeaderName, &header::HeaderValue)| {
        OWN.contains(&name.as_str())
            || (*name == header::SET_COOKIE && value.to_str().is_ok_and(|line| cookies.clears_twin(line)))
    };
    response.iter().filter(is_own).map(of_header).sum::<usize>() + OWN_FRAMING
}

fn of_header((name, value): (&HeaderName, &header::HeaderValue)) -> usize {
    name.as_str().len() + value.len() + AROUND_A_HEADER
}
