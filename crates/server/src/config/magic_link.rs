//! Magic links.

use chrono::TimeDelta;
use portcullis_application::{magic_link::MagicLinkOptions, rate_limit::CustomRule};
use portcullis_domain::{glob::Glob, payload_token::TokenForm, rate_limit::Rule};

use super::{
    declare::{SECONDS, boolean, choice, number},
    key::{Declaration, Key, Range},
    settings::Settings,
};

const SECTION: &str = "plugins.magic_link";
/// The paths of the routes.
const PATHS: &[&str] = &["/sign-in/magic-link", "/magic-link/verify"];

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.magic_link.enabled",
    "Let users sign in with a link that is sent to their address.",
)
.otherwise("`true` if there is a section `[plugins.magic_link]`, even an empty one");
const EXPIRES_IN: Key<TimeDelta> = number(
    "plugins.magic_link.expires_in",
    Range::new(1, 86_400, SECONDS),
    "Lifetime of a link.",
)
.or("300");
const DISABLE_SIGN_UP: Key<bool> = boolean(
    "plugins.magic_link.disable_sign_up",
    "Create no users. A link to an address that no user has reports `new_user_signup_disabled`.",
)
.or("false");
const STORE_TOKEN: Key<String> = choice(
    "plugins.magic_link.store_token",
    &["plain", "hashed"],
    "If `compatibility.shared_database` is set, form in which tokens are stored: use the Node server's value. Otherwise, only hashes are stored.",
)
.or("plain");
const WINDOW: Key<TimeDelta> = number(
    "plugins.magic_link.rate_limit.window",
    Range::new(1, 86_400, SECONDS),
    "Period in which a client may send `max` requests to each of `/sign-in/magic-link` and `/magic-link/verify`.",
)
.or("60");
const MAX: Key<u32> = number(
    "plugins.magic_link.rate_limit.max",
    Range::new(1, 1000, "requests"),
    "Maximum number of requests of a client to each of these paths in `window`.",
)
.or("5");
const CONFIRM_PAGE: Key<bool> = boolean(
    "plugins.magic_link.confirm_page",
    "Show a page with a button when a link is followed, and sign the user in when the button is pressed: programs that \
     scan mails follow links, and each link works once.",
)
.or("false");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &EXPIRES_IN.declaration,
    &DISABLE_SIGN_UP.declaration,
    &STORE_TOKEN.declaration,
    &WINDOW.declaration,
    &MAX.declaration,
    &CONFIRM_PAGE.declaration,
];

/// Returns the options, or `None` if magic links are disabled.
pub(super) fn read(settings: &Settings) -> Option<MagicLinkOptions> {
    let options = MagicLinkOptions {
        expires_in: settings.get(&EXPIRES_IN),
        may_sign_up: !settings.get(&DISABLE_SIGN_UP),
        token_form: match settings.get(&STORE_TOKEN).as_str() {
            "hashed" => TokenForm::Hashed,
            _ => TokenForm::Plain,
        },
        confirms: settings.get(&CONFIRM_PAGE),
    };
    settings.enables(&ENABLED, SECTION).then_some(options)
}

/// Returns the rate limits of the routes. Rules of the deployment precede them.
pub(super) fn rate_limits(settings: &Settings) -> impl Iterator<Item = CustomRule> + use<> {
    let rule = Rule {
        window: settings.get(&WINDOW),
        max: settings.get(&MAX),
    };
    let paths = if settings.enables(&ENABLED, SECTION) {
        PATHS
    } else {
        &[]
    };
    paths.iter().map(move |path| CustomRule {
        path: Glob::new(*path),
        rule: Some(rule),
    })
}
