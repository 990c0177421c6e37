//! The lists of what features contribute: routes, error codes and implementations of seams. One line for each feature.

use std::sync::Arc;

use crate::{
    account,
    bearer::BearerOptions,
    change_email, code,
    code::Code,
    credential::{CredentialScheme, Schemes, SessionCookie},
    decorate::ResponseDecorator,
    delete_user, email_verification, error_page, expo,
    expo::Expo,
    features::Features,
    health, home, inbox, jwt,
    jwt::JwtEndpoints,
    password, password_reset,
    route::Route,
    session, session_registry, sign_in, sign_out, sign_up, two_factor, user, username,
};

const ROUTES: &[&[Route]] = &[
    account::ROUTES,
    change_email::ROUTES,
    delete_user::ROUTES,
    email_verification::ROUTES,
    error_page::ROUTES,
    expo::ROUTES,
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
    two_factor::ENROLMENT,
    two_factor::VERIFICATION,
    user::ROUTES,
    username::ROUTES,
];

const CODES: &[&[&Code]] = &[
    account::CODES,
    change_email::CODES,
    code::CODES,
    delete_user::CODES,
    email_verification::CODES,
    expo::CODES,
    health::CODES,
    password::CODES,
    password_reset::CODES,
    sign_in::CODES,
    sign_up::CODES,
    two_factor::CODES,
    user::CODES,
    username::CODES,
];

/// Returns every route.
pub fn routes() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().copied().flatten()
}

/// Returns the credential schemes, in the order in which they are asked.
pub(crate) fn schemes(features: &Features) -> Schemes {
    let mut schemes: Vec<Arc<dyn CredentialScheme>> = vec![Arc::new(SessionCookie)];
    schemes.extend(
        features
            .get::<BearerOptions>()
            .map(|it| it as Arc<dyn CredentialScheme>),
    );
    Schemes::new(schemes)
}

/// Returns the response decorators, in the order in which they are called.
pub(crate) fn decorators(features: &Features) -> Vec<Arc<dyn ResponseDecorator>> {
    let bearer = features
        .get::<BearerOptions>()
        .map(|it| it as Arc<dyn ResponseDecorator>);
    let jwt = features
        .get::<JwtEndpoints>()
        .map(|it| it as Arc<dyn ResponseDecorator>);
    let expo = features.get::<Expo>().map(|it| it as Arc<dyn ResponseDecorator>);
    bearer.into_iter().chain(jwt).chain(expo).collect()
}

/// Returns every code that a response may contain, without duplicates, sorted by name and status.
#[must_use]
pub fn codes() -> Vec<&'static Code> {
    let mut codes: Vec<_> = CODES.iter().copied().flatten().copied().collect();
    codes.sort_by_key(|code| (code.name, code.status, code.message));
    codes.dedup();
    codes
}
