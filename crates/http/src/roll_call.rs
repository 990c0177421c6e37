//! The roll call of routes and codes: one line for each feature.

use crate::{code, code::Code, health, route::Route, session, sign_in, sign_out, sign_up};

const ROUTES: &[&[Route]] = &[
    health::ROUTES,
    session::ROUTES,
    sign_in::ROUTES,
    sign_out::ROUTES,
    sign_up::ROUTES,
];

const CODES: &[&[&Code]] = &[code::CODES, sign_in::CODES, sign_up::CODES];

/// Every route.
pub fn routes() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().copied().flatten()
}

/// Every code that a response may carry, each once, sorted by name.
#[must_use]
pub fn codes() -> Vec<&'static Code> {
    let mut codes: Vec<_> = CODES.iter().copied().flatten().copied().collect();
    codes.sort_by_key(|code| code.name);
    codes.dedup();
    codes
}
