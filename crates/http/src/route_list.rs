//! The lists of all routes and of all error codes. One line for each file that declares some.

use crate::{
    account, admin, anonymous, api_key, captcha, change_email, code, code::Code, delete_user, dev_oidc,
    discovery, email_otp, email_verification, error_page, expo, forward_auth, generic_oauth,
    have_i_been_pwned, health, home, inbox, introspection, jwt, magic_link, multi_session, oauth_error,
    one_tap, one_time_token, open_api, organization, passkey, password, password_reset, phone_number,
    provider_token, route::Route, session, session_registry, sign_in, sign_out, sign_up, social, two_factor,
    user, username,
};

/// The routes with the titles under which the documentation shows them.
const ROUTES: &[(&str, &[Route])] = &[
    ("Accounts", account::ROUTES),
    ("Administration", admin::USERS),
    ("Administration", admin::CHANGES),
    ("Administration", admin::SESSIONS),
    ("Administration", admin::PERMISSIONS),
    ("Administration by services", admin::SERVICES),
    ("Anonymous", anonymous::ROUTES),
    ("API keys", api_key::ROUTES),
    ("API keys", api_key::SERVICE_ROUTES),
    ("User", change_email::ROUTES),
    ("User", delete_user::REQUEST),
    ("User", delete_user::CONFIRMATION),
    ("Pages", dev_oidc::ROUTES),
    ("Discovery", discovery::ROUTES),
    ("E-mail codes", email_otp::SENDING),
    ("E-mail codes", email_otp::VERIFICATION),
    ("E-mail codes", email_otp::PASSWORD),
    ("E-mail verification", email_verification::ROUTES),
    ("Pages", error_page::ROUTES),
    ("Expo", expo::ROUTES),
    ("Forward authentication", forward_auth::ROUTES),
    ("Generic OAuth", generic_oauth::BEGINNING),
    ("Generic OAuth", generic_oauth::CALLBACK),
    ("Health", health::ROUTES),
    ("Pages", home::ROUTES),
    ("Pages", inbox::ROUTES),
    ("Introspection", introspection::ROUTES),
    ("JWT", jwt::ROUTES),
    ("Multi-session", multi_session::ROUTES),
    ("Magic links", magic_link::ROUTES),
    ("One Tap", one_tap::ROUTES),
    ("One-time token", one_time_token::ROUTES),
    ("API reference", open_api::ROUTES),
    ("Organization", organization::CHANGES),
    ("Organization", organization::ACTIVATION),
    ("Organization", organization::MEMBERS),
    ("Organization", organization::OWN_MEMBERSHIP),
    ("Organization", organization::INVITATIONS),
    ("Organization", organization::INVITATION_DECISION),
    ("Organization", organization::RECEIVED_INVITATIONS),
    ("Organization", organization::TEAMS),
    ("Organization", organization::OWN_TEAMS),
    ("Organization", organization::TEAM_MEMBERS),
    ("Organization", organization::ROLES),
    ("Organization", organization::ROLE_READS),
    ("Organization", organization::SERVICE),
    ("Passkeys", passkey::ROUTES),
    ("Password", password::CHANGE),
    ("Password", password::VERIFICATION),
    ("Password", password_reset::ROUTES),
    ("Phone number", phone_number::ROUTES),
    ("Phone number", phone_number::VERIFICATION),
    ("Phone number", phone_number::PASSWORD_RESET),
    ("Accounts", provider_token::ROUTES),
    ("Session", session::ROUTES),
    ("Session", session_registry::ROUTES),
    ("Sign-in", sign_in::ROUTES),
    ("Sign-in", sign_out::ROUTES),
    ("Sign-up", sign_up::ROUTES),
    ("Social sign-in", social::SIGN_IN),
    ("Social sign-in", social::CALLBACK),
    ("Social sign-in", social::LINK),
    ("Two-factor", two_factor::ENROLMENT),
    ("Two-factor", two_factor::VERIFICATION),
    ("User", user::ROUTES),
    ("Username", username::AVAILABILITY),
    ("Username", username::SIGN_IN),
];

/// The error codes of each file.
const CODES: &[&[&Code]] = &[
    account::CODES,
    anonymous::CODES,
    api_key::CODES,
    admin::CODES,
    captcha::CODES,
    change_email::CODES,
    code::CODES,
    delete_user::CODES,
    email_otp::CODES,
    email_verification::CODES,
    expo::CODES,
    forward_auth::CODES,
    generic_oauth::CODES,
    have_i_been_pwned::CODES,
    health::CODES,
    introspection::CODES,
    jwt::CODES,
    magic_link::CODES,
    multi_session::CODES,
    oauth_error::CODES,
    one_tap::CODES,
    one_time_token::CODES,
    organization::CODES,
    organization::INVITATION_CODES,
    organization::MEMBER_CODES,
    organization::ROLE_CODES,
    organization::TEAM_CODES,
    passkey::CODES,
    password::CODES,
    password_reset::CODES,
    phone_number::CODES,
    provider_token::CODES,
    sign_in::CODES,
    sign_up::CODES,
    social::CODES,
    two_factor::CODES,
    user::CODES,
    username::CODES,
];

/// Returns every route.
pub fn routes() -> impl Iterator<Item = &'static Route> {
    titled_routes().map(|(_title, route)| route)
}

/// Returns every route with the title under which the documentation shows it.
pub(crate) fn titled_routes() -> impl Iterator<Item = (&'static str, &'static Route)> {
    let sections = ROUTES.iter();
    sections.flat_map(|(title, routes)| routes.iter().map(|route| (*title, route)))
}

/// Returns every code that a response may contain, without duplicates, sorted by name and status.
#[must_use]
pub fn codes() -> Vec<&'static Code> {
    let mut codes: Vec<_> = CODES.iter().copied().flatten().copied().collect();
    codes.sort_by_key(|code| (code.name, code.status, code.message));
    codes.dedup();
    codes
}
