//! The list of all keys. The readers of the file and of the environment, and the documentation, use it.

use super::{
    account, address, admin, anonymous, api_key, bearer, captcha, clients, compatibility, cookies, database,
    delivery, email_and_password, email_otp, email_verification, expo, fields, forward_auth, generic_oauth,
    have_i_been_pwned, http, introspection, jwt,
    key::Declaration,
    last_login_method, log, magic_link, mode, multi_session, one_tap, one_time_token, open_api, organization,
    pages, passkey, password, phone_number, rate_limit, secret, session, session_cache,
    social_providers::{self, client, development},
    tables, trusted_origins, trusted_proxies, two_factor, user, username,
};

/// Prefix of our variables.
pub(super) const PREFIX: &str = "PORTCULLIS_";

/// Variables of Better Auth, and the keys that they set.
pub(super) const ALIASES: [(&str, &str); 5] = [
    ("DATABASE_URL", database::URL.declaration.name),
    ("BETTER_AUTH_SECRET", secret::SECRET.declaration.name),
    ("BETTER_AUTH_URL", address::BASE_URL.declaration.name),
    (ADDED, trusted_origins::KEY.declaration.name),
    ("PORT", address::PORT.declaration.name),
];

/// The variable of Better Auth whose entries are added to those of the file.
pub(super) const ADDED: &str = "BETTER_AUTH_TRUSTED_ORIGINS";

/// The keys that precede those of cookies, in the order of the documentation.
static BEFORE_COOKIES: &[&[&Declaration]] = &[
    mode::KEYS,
    address::KEYS,
    &[&delivery::APP_NAME.declaration],
    pages::KEYS,
    secret::KEYS,
    trusted_origins::KEYS,
    trusted_proxies::KEYS,
    &[&delivery::INBOX.declaration],
    development::KEYS,
    compatibility::KEYS,
    account::KEYS,
    tables::ACCOUNT_KEYS,
];

/// The keys that follow those of cookies. Those that only some providers have follow them.
static AFTER_COOKIES: &[&[&Declaration]] = &[
    trusted_proxies::HEADER_KEYS,
    clients::KEYS,
    database::KEYS,
    delivery::KEYS,
    delivery::SMTP_KEYS,
    delivery::WEBHOOK_KEYS,
    email_and_password::KEYS,
    email_verification::KEYS,
    http::LIMIT_KEYS,
    log::KEYS,
    client::KEYS,
    pages::ERROR_KEYS,
    password::KEYS,
    anonymous::KEYS,
    api_key::KEYS,
    admin::KEYS,
    bearer::KEYS,
    email_otp::KEYS,
    captcha::KEYS,
    expo::KEYS,
    forward_auth::KEYS,
    generic_oauth::KEYS,
    have_i_been_pwned::KEYS,
    introspection::KEYS,
    jwt::KEYS,
    magic_link::KEYS,
    last_login_method::KEYS,
    multi_session::KEYS,
    one_tap::KEYS,
    one_time_token::KEYS,
    open_api::KEYS,
    organization::KEYS,
    phone_number::KEYS,
    passkey::KEYS,
    two_factor::KEYS,
    username::KEYS,
    rate_limit::KEYS,
    tables::RATE_LIMIT_KEYS,
    session::LIFETIME_KEYS,
    tables::SESSION_KEYS,
    &[&fields::SESSION.declaration],
    session::CACHE_KEYS,
    session_cache::KEYS,
    social_providers::KEYS,
];

/// The keys that follow those of providers.
static AFTER_PROVIDERS: &[&[&Declaration]] = &[
    &[&fields::USER.declaration],
    user::KEYS,
    tables::USER_KEYS,
    tables::VERIFICATION_KEYS,
];

/// Returns every key of this build.
pub(super) fn keys() -> impl Iterator<Item = &'static Declaration> {
    let listed =
        |sections: &'static [&'static [&'static Declaration]]| sections.iter().copied().flatten().copied();
    let before = [BEFORE_COOKIES, cookies::KEYS, AFTER_COOKIES]
        .into_iter()
        .flat_map(listed);
    before
        .chain(social_providers::extra_keys())
        .chain(listed(AFTER_PROVIDERS))
}

/// The part of a key's name that stands for any name: `clients.NAME.secret` is a key of each client.
pub(super) const ANY_NAME: &str = "NAME";

/// Returns the key with this name, unless the key has a value for each of several names.
pub(super) fn find(name: &str) -> Option<&'static Declaration> {
    keys().find(|key| key.name == name && !has_names(key))
}

/// Returns the key that has a value for each of several names, and the name that stands in this one: for
/// `clients.api.secret`, the key `clients.NAME.secret` and the name `api`.
pub(super) fn find_named(name: &str) -> Option<(&'static Declaration, &str)> {
    keys().filter(|key| has_names(key)).find_map(|key| {
        let (before, after) = key.name.split_once(ANY_NAME)?;
        let given = name.strip_prefix(before)?.strip_suffix(after)?;
        (!given.is_empty() && !given.contains('.')).then_some((key, given))
    })
}

/// Returns the name of a key in the file, with this name instead of `NAME`.
pub(super) fn of_name(key: &Declaration, name: &str) -> String {
    key.name.replacen(ANY_NAME, name, 1)
}

/// Whether the key has a value for each of several names.
fn has_names(key: &Declaration) -> bool {
    key.name.split('.').any(|part| part == ANY_NAME)
}

/// Whether there are keys below this name.
pub(super) fn is_section(name: &str) -> bool {
    let is_below = |key: &Declaration| {
        let mut parts = key.name.split('.');
        let is_same = |part: &str| parts.next().is_some_and(|own| own == part || own == ANY_NAME);
        name.split('.').all(is_same) && parts.next().is_some()
    };
    keys().any(is_below)
}

/// Returns the variable of a key with this name.
pub(super) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.replace('.', "__").to_uppercase())
}
