//! Passkeys: their owners register and manage them, and sign in with them.

mod authentication;
mod code;
mod options;
mod registration;
mod registry;
mod response;
mod view;

use crate::{call::Call, origin::Named, route::Route};

pub(crate) use self::code::CODES;

/// The routes.
pub(crate) static ROUTES: &[Route] = &[
    options::REGISTRATION,
    options::AUTHENTICATION,
    registration::ROUTE,
    authentication::ROUTE,
    registry::LIST,
    registry::DELETE,
    registry::UPDATE,
];

/// Returns the origin that the request names. An ambiguous one is returned as an empty text, which is not the origin of
/// any page.
fn origin<'a, F>(call: &Call<'a, F>) -> Option<&'a str> {
    match call.options.origin_headers.origin_of(call.request.headers()) {
        Named::Absent => None,
        Named::Ambiguous => Some(""),
        Named::Text(origin) => Some(origin),
    }
}
