//! The lists of all routes and error codes: one line for each feature.

use portcullis_application::seams::Refusal;

use crate::{
    account, change_email, code, code::Code, delete_user, email_verification, error::ApiError, error_page,
    health, home, inbox, jwt, password, password_reset, route::Route, session, session_registry, sign_in,
    sign_out, sign_up, user,
};

const ROUTES: &[&[Route]] = &[
    account::ROUTES,
    change_email::ROUTES,
    delete_user::ROUTES,
    email_verification::ROUTES,
    error_page::ROUTES,
    health::ROUTES,
    home::ROUTES,
    inbox::ROUTES,
    jwt::ROUTES,
    password::ROUTES,
    password_reset::ROUTES,
    session::ROUTES,
    session_registry::ROUTES,
    sign_in::ROUTES,
    sign_out::ROUTES,
    sign_up::ROUTES,
    user::ROUTES,
];

const CODES: &[&[&Code]] = &[
    account::CODES,
    change_email::CODES,
    code::CODES,
    delete_user::CODES,
    email_verification::CODES,
    health::CODES,
    password::CODES,
    password_reset::CODES,
    sign_in::CODES,
    sign_up::CODES,
    user::CODES,
];

impl From<Refusal> for ApiError {
    /// A refusal names a code of its feature. One that is not listed here is a fault of the server.
    fn from(refusal: Refusal) -> Self {
        let mut codes = CODES.iter().copied().flatten().copied();
        match (codes.find(|code| code.name == refusal.name), refusal.message) {
            (Some(code), Some(message)) => Self::with_message(code, message),
            (Some(code), None) => code.into(),
            (None, _) => (&code::INTERNAL_SERVER_ERROR).into(),
        }
    }
}

/// Returns every route.
pub fn routes() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().copied().flatten()
}

/// Returns every code that a response may contain, without duplicates, sorted by name and status.
#[must_use]
pub fn codes() -> Vec<&'static Code> {
    let mut codes: Vec<_> = CODES.iter().copied().flatten().copied().collect();
    codes.sort_by_key(|code| (code.name, code.status, code.message));
    codes.dedup();
    codes
}
