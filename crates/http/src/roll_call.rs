//! The lists of what features contribute to the core, such as implementations of seams. One line for each feature.
//! Routes and error codes are in [`route_list`](crate::route_list).

use std::sync::Arc;

use portcullis_application::{
    admin::Admin, anonymous::AnonymousLink, captcha::Captcha, have_i_been_pwned::HaveIBeenPwned,
    multi_session::MultiSession, one_time_token::OneTimeTokens, organization::Organizations,
    phone_number::PhoneNumbers, two_factor::TwoFactor, username::Usernames,
};
use portcullis_domain::last_login_method::LAST_LOGIN_METHOD;
use serde_json::{Map, Value};

pub(crate) use crate::route_list::titled_routes;
pub use crate::route_list::{codes, routes};
use crate::{
    admin, anonymous, api_key,
    api_key::{ApiKeySessions, KeyHeaders},
    bearer::{self, BearerOptions},
    captcha,
    code::Code,
    credential::{CredentialScheme, KeyScheme, Schemes, SessionCookie},
    decorate::ResponseDecorator,
    dev_oidc,
    discovery::{self, Links},
    expo::Expo,
    features::Features,
    have_i_been_pwned, introspection, jwt,
    jwt::JwtEndpoints,
    multi_session, one_time_token,
    open_api::OpenApiPage,
    operation::AddedHeader,
    organization, phone_number,
    refusal::Refusals,
    route::Route,
    route_check::RouteCheck,
    two_factor, username,
};

/// What features add to discovery documents. Later ones replace members of earlier ones.
const METADATA: &[discovery::Metadata] = &[introspection::metadata, jwt::metadata];

/// The fields of users that only the feature itself changes. Not even administrators can set them.
const OWN_FIELDS: &[&[&str]] = &[
    anonymous::OWN_FIELDS,
    &[LAST_LOGIN_METHOD],
    phone_number::OWN_FIELDS,
    two_factor::OWN_FIELDS,
];

/// Returns whether only a feature itself changes this field of users.
#[must_use]
pub fn is_own_field(name: &str) -> bool {
    OWN_FIELDS.iter().any(|fields| fields.contains(&name))
}

/// The fields of users by which they sign in.
const SIGN_IN_FIELDS: &[&[&str]] = &[username::SIGN_IN_FIELDS];

/// Returns whether users sign in by this field: sessions in which another user acts must not change it.
pub(crate) fn is_for_sign_in(name: &str) -> bool {
    SIGN_IN_FIELDS.iter().any(|fields| fields.contains(&name))
}

/// Returns whether callers may present session tokens in the header `Authorization`.
pub(crate) fn has_bearer_tokens(features: &Features) -> bool {
    features.get::<BearerOptions>().is_some()
}

/// Returns the path of the page that describes the routes, below the base path, if there is one.
pub(crate) fn reference_path(features: &Features) -> Option<String> {
    Some(features.get::<OpenApiPage>()?.path().to_owned())
}

/// Returns the path of the form with which a developer signs in without an account elsewhere, if there is one.
pub(crate) fn developer_sign_in(features: &Features) -> Option<&'static str> {
    dev_oidc::start_path(features)
}

/// Returns whether a sign-in may be answered with a second step.
pub(crate) fn has_second_steps(features: &Features) -> bool {
    features.get::<TwoFactor>().is_some()
}

/// Returns the errors with which the enabled features refuse what the core is about to do.
pub(crate) fn refusals(features: &Features) -> Vec<&'static Refusals> {
    let admin = features.get::<Admin>().map(|_enabled| &admin::REFUSALS);
    let keys = features.get::<KeyHeaders>().map(|_enabled| &api_key::REFUSALS);
    let usernames = features.get::<Usernames>().map(|_enabled| &username::REFUSALS);
    let organizations = features.get::<Organizations>();
    let organizations = organizations.map(|_enabled| &organization::REFUSALS);
    let pwned = features.get::<HaveIBeenPwned>();
    let pwned = pwned.map(|_enabled| &have_i_been_pwned::REFUSALS);
    let phone_numbers = features.get::<PhoneNumbers>();
    let phone_numbers = phone_numbers.map(|_enabled| &phone_number::REFUSALS);
    let enabled = [admin, keys, organizations, phone_numbers, pwned, usernames];
    enabled.into_iter().flatten().collect()
}

/// Returns the errors with which all features together refuse what the core is about to do.
pub(crate) fn every_refusal() -> Vec<&'static Refusals> {
    vec![
        &admin::REFUSALS,
        &api_key::REFUSALS,
        &have_i_been_pwned::REFUSALS,
        &organization::REFUSALS,
        &phone_number::REFUSALS,
        &username::REFUSALS,
    ]
}

/// Returns the headers that response decorators add.
pub(crate) fn added_headers(features: &Features) -> Vec<&'static AddedHeader> {
    let bearer = features.get::<BearerOptions>().map(|_enabled| &bearer::HEADER);
    let jwt = features.get::<JwtEndpoints>();
    let jwt = jwt.filter(|endpoints| endpoints.jwt.sets_header());
    let jwt = jwt.map(|_enabled| &jwt::HEADER);
    let hand_over = features.get::<OneTimeTokens>();
    let hand_over = hand_over.filter(|tokens| tokens.sets_header());
    let hand_over = hand_over.map(|_enabled| &one_time_token::HEADER);
    bearer.into_iter().chain(jwt).chain(hand_over).collect()
}

/// Returns the marks of the cookies in which features keep sessions in addition to the current one.
pub(crate) fn marks_of_further_sessions(features: &Features) -> impl Iterator<Item = &'static str> {
    let multi_session = features.get::<MultiSession>();
    multi_session.map(|_enabled| multi_session::MARK).into_iter()
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

/// Returns the feature by which keys stand for sessions, if there is one.
pub(crate) fn key_scheme(features: &Features) -> Option<Arc<dyn KeyScheme>> {
    let scheme = ApiKeySessions::new(features)?;
    Some(Arc::new(scheme))
}

/// Returns the checks of requests before anything else is done for them, in the order in which they begin.
pub(crate) fn route_checks(features: &Features) -> Vec<Arc<dyn RouteCheck>> {
    let captcha = features.get::<Captcha>().map(|it| it as Arc<dyn RouteCheck>);
    captcha.into_iter().collect()
}

/// Returns the errors with which checks reject requests for a route in a deployment.
pub(crate) fn check_codes(features: &Features, route: &Route) -> &'static [&'static Code] {
    let captcha = features.get::<Captcha>();
    match captcha.filter(|captcha| captcha::is_protected(captcha, route)) {
        Some(_protecting) => captcha::CODES,
        None => &[],
    }
}

/// Returns the errors with which checks may reject requests for a route, whatever the configuration.
pub(crate) fn every_check_code(route: &Route) -> &'static [&'static Code] {
    if route.is_called_by_clients() {
        captcha::CODES
    } else {
        &[]
    }
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
    let multi_session = features
        .get::<MultiSession>()
        .map(|it| it as Arc<dyn ResponseDecorator>);
    let one_time_token = features
        .get::<OneTimeTokens>()
        .map(|it| it as Arc<dyn ResponseDecorator>);
    let guests = features
        .get::<AnonymousLink>()
        .map(|it| it as Arc<dyn ResponseDecorator>);
    // Expo passes the cookies of the response to the application, so it comes last.
    let all = [bearer, jwt, guests, multi_session, one_time_token, expo];
    all.into_iter().flatten().collect()
}

/// Returns what the enabled features add to discovery documents.
pub(crate) fn metadata(features: &Features, links: &Links<'_>) -> Map<String, Value> {
    let members = METADATA.iter().filter_map(|metadata| metadata(features, links));
    members.flatten().collect()
}
