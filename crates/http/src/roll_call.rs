//! The roll call of routes and codes: one line for each feature.

use crate::{
    code, code::Code, error_page, health, password, route::Route, session, session_registry, sign_in,
    sign_out, sign_up, user,
};

const ROUTES: &[&[Route]] = &[
    error_page::ROUTES,
    health::ROUTES,
    password::ROUTES,
    session::ROUTES,
    session_registry::ROUTES,
    sign_in::ROUTES,
    sign_out::ROUTES,
    sign_up::ROUTES,
    user::ROUTES,
];

const CODES: &[&[&Code]] = &[
    code::CODES,
    password::CODES,
    sign_in::CODES,
    sign_up::CODES,
    user::CODES,
];

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
