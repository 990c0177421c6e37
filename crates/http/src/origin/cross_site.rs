//! Who may send a request that changes something: protection against cross-site request forgery.
//!
//! Browsers name the site of the page that sends a request (`Sec-Fetch-Site`), or at least the page's origin. A page
//! cannot change these headers. A request that has none of them was not sent by a browser, so its sender attached the
//! cookies.

use actix_web::http::header::{self, HeaderMap, HeaderName};
use portcullis_domain::origin::TrustedOrigins;

use super::{Named, OriginHeaders};
use crate::{
    code::{self, Code},
    error::ApiError,
};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
/// The origin of pages that have none, as browsers send it.
const NULL: &str = "null";

/// The site of the page that sends a request, as the browser names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    /// The page has the origin of the request's URL, or the user caused the request without a page.
    Same,
    /// The page may have another origin.
    Other,
    /// The browser names no site, or the client is not a browser.
    Unknown,
}

impl Site {
    /// Reads the site of a request.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        match Named::of(headers, &FETCH_SITE) {
            Named::Absent => Self::Unknown,
            Named::Text(site) if site.trim().is_empty() => Self::Unknown,
            Named::Text("same-origin" | "none") => Self::Same,
            Named::Text(_) | Named::Ambiguous => Self::Other,
        }
    }
}

/// A request whose sender is not allowed to send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused<'a> {
    /// What the request names as its origin.
    pub(crate) origin: Named<'a>,
    code: &'static Code,
}

impl From<Refused<'_>> for ApiError {
    fn from(refused: Refused<'_>) -> Self {
        refused.code.into()
    }
}

/// Requires that a request was sent by a page of a trusted origin, or not by a browser.
///
/// # Errors
///
/// If a page of another origin may have sent the request.
pub(crate) fn check<'a>(
    headers: &'a HeaderMap,
    names: &OriginHeaders,
    trusted: &TrustedOrigins,
) -> Result<(), Refused<'a>> {
    match Site::of(headers) {
        Site::Same => Ok(()),
        Site::Other => require_trusted(names.origin_of(headers), trusted),
        Site::Unknown => match names.origin_of(headers) {
            Named::Absent => match Named::of(headers, &header::REFERER) {
                Named::Absent => Ok(()),
                page => require_trusted(page, trusted),
            },
            origin => require_trusted(origin, trusted),
        },
    }
}

/// Rejects a page of another site that navigates to the server, for example with a form. wire: also if the page's
/// origin is trusted.
///
/// # Errors
///
/// If the request is such a navigation.
pub(crate) fn check_navigation<'a>(headers: &'a HeaderMap, names: &OriginHeaders) -> Result<(), Refused<'a>> {
    let is = |name, value| Named::of(headers, &name) == Named::Text(value);
    if is(FETCH_SITE, "cross-site") && is(FETCH_MODE, "navigate") {
        return Err(Refused {
            origin: names.origin_of(headers),
            code: &code::CROSS_SITE_NAVIGATION,
        });
    }
    Ok(())
}

fn require_trusted<'a>(origin: Named<'a>, trusted: &TrustedOrigins) -> Result<(), Refused<'a>> {
    let code = match origin {
        Named::Text(text) if trusted.trusts_origin(text) => return Ok(()),
        Named::Absent | Named::Text(NULL) => &code::MISSING_OR_NULL_ORIGIN,
        Named::Text(_) | Named::Ambiguous => &code::INVALID_ORIGIN,
    };
    Err(Refused { origin, code })
}
