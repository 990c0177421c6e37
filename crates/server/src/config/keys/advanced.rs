//! The keys of cookies.

use super::{FOUR_HUNDRED_DAYS, Key, Kind, Otherwise, SECONDS, Value, choice, key, number};

/// The attributes that every cookie has, below the name of a section.
macro_rules! attributes {
    ($section:literal, $otherwise:expr, $($more:expr),*) => {
        &[
            key(
                concat!($section, ".domain"),
                Kind::Text,
                Otherwise($otherwise[0]),
                "With which domain and those below it the cookie is shared.",
            ),
            key(
                concat!($section, ".path"),
                Kind::Text,
                Otherwise($otherwise[1]),
                "Below which path the cookie is sent; the endpoints must be there.",
            ),
            key(
                concat!($section, ".http_only"),
                Kind::Boolean,
                Otherwise($otherwise[2]),
                "Whether scripts of pages are kept from the cookie.",
            ),
            key(
                concat!($section, ".secure"),
                Kind::Boolean,
                Otherwise($otherwise[3]),
                "Whether the cookie is sent over encrypted connections alone.",
            ),
            key(
                concat!($section, ".same_site"),
                choice(&["strict", "lax", "none"], &[]),
                Otherwise($otherwise[4]),
                "With which requests from other sites the cookie is sent. `none` needs `secure`.",
            ),
            key(
                concat!($section, ".partitioned"),
                Kind::Boolean,
                Otherwise($otherwise[5]),
                "Whether each site that embeds this one has a cookie of its own. It needs `secure`.",
            ),
            $($more),*
        ]
    };
}

/// What counts for all cookies where nothing is said.
const FOR_ALL: [&str; 6] = [
    "the one host, unless `advanced.cross_sub_domain_cookies.enabled`",
    "`/`",
    "`true`",
    "as `advanced.use_secure_cookies`",
    "`lax`",
    "`false`",
];
/// What counts for one cookie where nothing is said.
const FOR_ONE: [&str; 6] = [
    "as `advanced.default_cookie_attributes.domain`",
    "as `advanced.default_cookie_attributes.path`",
    "as `advanced.default_cookie_attributes.http_only`",
    "as `advanced.default_cookie_attributes.secure`",
    "as `advanced.default_cookie_attributes.same_site`",
    "as `advanced.default_cookie_attributes.partitioned`",
];

pub(super) static KEYS: &[Key] = &[
    key(
        "advanced.use_secure_cookies",
        Kind::Boolean,
        Otherwise("by the scheme of `base_url`: `true` for https"),
        "Whether cookies are `Secure` and have the prefix `__Secure-`. `false` also allows http in production.",
    ),
    key(
        "advanced.cookie_prefix",
        Kind::Text,
        Value("better-auth"),
        "What the names of cookies begin with, before a dot. `__Host-` and `__Secure-` may stand at its beginning, see `advanced.cookies.session_token.name`.",
    ),
    key(
        "advanced.cross_sub_domain_cookies.enabled",
        Kind::Boolean,
        Value("false"),
        "Whether cookies are shared with the hosts below a domain.",
    ),
    key(
        "advanced.cross_sub_domain_cookies.domain",
        Kind::Text,
        Otherwise("the host of `base_url`"),
        "Which domain. The host of `base_url` must be it or below it.",
    ),
    key(
        "advanced.cookies.session_token.name",
        Kind::Text,
        Otherwise("`session_token` after `advanced.cookie_prefix`"),
        "The name of the cookie that holds the token of the session. If cookies are secure, `__Secure-` is put before it, unless it begins with `__Host-` or `__Secure-`. A name with `__Host-` needs secure cookies, the path `/` and no domain.",
    ),
    key(
        "advanced.cookies.session_data.name",
        Kind::Text,
        Otherwise("`session_data` after `advanced.cookie_prefix`"),
        "The name of the cookie that holds the copy of the session.",
    ),
    key(
        "advanced.cookies.dont_remember.name",
        Kind::Text,
        Otherwise("`dont_remember` after `advanced.cookie_prefix`"),
        "The name of the cookie that says that the session ends with the browser.",
    ),
];

pub(super) static DEFAULT_ATTRIBUTES: &[Key] = attributes!(
    "advanced.default_cookie_attributes",
    FOR_ALL,
    key(
        "advanced.default_cookie_attributes.max_age",
        number(1, FOUR_HUNDRED_DAYS, SECONDS),
        Otherwise("until the browser closes"),
        "How long cookies are kept that do not say so themselves, which is `dont_remember` alone.",
    )
);

pub(super) static SESSION_TOKEN: &[Key] = attributes!("advanced.cookies.session_token.attributes", FOR_ONE,);

pub(super) static SESSION_DATA: &[Key] = attributes!("advanced.cookies.session_data.attributes", FOR_ONE,);

pub(super) static DONT_REMEMBER: &[Key] = attributes!(
    "advanced.cookies.dont_remember.attributes",
    FOR_ONE,
    key(
        "advanced.cookies.dont_remember.attributes.max_age",
        number(1, FOUR_HUNDRED_DAYS, SECONDS),
        Otherwise("as `advanced.default_cookie_attributes.max_age`"),
        "How long the cookie is kept.",
    )
);
