//! One-time tokens by which a user takes a session to another client.

use chrono::TimeDelta;
use portcullis_application::one_time_token::OneTimeTokenOptions;
use portcullis_domain::payload_token::TokenForm;

use super::{
    declare::{SECONDS, boolean, choice, number},
    key::{Declaration, Key, Range},
    settings::Settings,
};

const SECTION: &str = "plugins.one_time_token";
const HASHED: &str = "hashed";

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.one_time_token.enabled",
    "Let users take a session to another client, such as a page of another site, by a one-time token.",
)
.otherwise("`true` if there is a section `[plugins.one_time_token]`, even an empty one");
const EXPIRES_IN: Key<TimeDelta> = number(
    "plugins.one_time_token.expires_in",
    Range::new(1, 3600, SECONDS),
    "Lifetime of a one-time token. Better Auth's option is in minutes.",
)
.or("180");
const DISABLE_CLIENT_REQUEST: Key<bool> = boolean(
    "plugins.one_time_token.disable_client_request",
    "Reject requests for a token. With `set_ott_header_on_new_session`, tokens are still in the header `set-ott`.",
)
.or("false");
const DISABLE_SET_SESSION_COOKIE: Key<bool> = boolean(
    "plugins.one_time_token.disable_set_session_cookie",
    "Return the session of a token without setting its cookie: for clients that read the session token from the body.",
)
.or("false");
const STORE_TOKEN: Key<String> = choice(
    "plugins.one_time_token.store_token",
    &["plain", HASHED],
    "If `compatibility.shared_database` is set, form in which tokens are stored: use the Node server's value. Otherwise, only hashes are stored.",
)
.or("plain");
const SET_OTT_HEADER: Key<bool> = boolean(
    "plugins.one_time_token.set_ott_header_on_new_session",
    "Return a token in the header `set-ott` of each response that sets a session cookie.",
)
.or("false");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &EXPIRES_IN.declaration,
    &DISABLE_CLIENT_REQUEST.declaration,
    &DISABLE_SET_SESSION_COOKIE.declaration,
    &STORE_TOKEN.declaration,
    &SET_OTT_HEADER.declaration,
];

/// Returns the options, or `None` if sessions are not handed over. `session_lifetime` is that of sessions.
pub(super) fn read(settings: &Settings, session_lifetime: TimeDelta) -> Option<OneTimeTokenOptions> {
    let form = match settings.get(&STORE_TOKEN).as_str() {
        HASHED => TokenForm::Hashed,
        _ => TokenForm::Plain,
    };
    let options = OneTimeTokenOptions {
        lifetime: settings.get(&EXPIRES_IN),
        session_lifetime,
        form,
        may_be_requested: !settings.get(&DISABLE_CLIENT_REQUEST),
        sets_cookie: !settings.get(&DISABLE_SET_SESSION_COOKIE),
        sets_header: settings.get(&SET_OTT_HEADER),
    };
    settings.enables(&ENABLED, SECTION).then_some(options)
}
