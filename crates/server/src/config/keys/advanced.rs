//! The keys of cookies.

use super::{FOUR_HUNDRED_DAYS, Key, Kind, Otherwise, SECONDS, Value, choice, key, number};

/// The keys of the attributes that every cookie has, in a section.
macro_rules! attributes {
    ($section:literal, $otherwise:expr, $($more:expr),*) => {
        &[
            key(
                concat!($section, ".domain"),
                Kind::Text,
                Otherwise($otherwise[0]),
                "`Domain` attribute: browsers send the cookie to this domain and its subdomains.",
            ),
            key(
                concat!($section, ".path"),
                Kind::Text,
                Otherwise($otherwise[1]),
                "`Path` attribute: browsers send the cookie to this path and paths below it. The endpoints must be among them.",
            ),
            key(
                concat!($section, ".http_only"),
                Kind::Boolean,
                Otherwise($otherwise[2]),
                "`HttpOnly` attribute: scripts on web pages cannot read the cookie.",
            ),
            key(
                concat!($section, ".secure"),
                Kind::Boolean,
                Otherwise($otherwise[3]),
                "`Secure` attribute: browsers send the cookie over encrypted connections only.",
            ),
            key(
                concat!($section, ".same_site"),
                choice(&["strict", "lax", "none"], &[]),
                Otherwise($otherwise[4]),
                "`SameSite` attribute: the requests from other sites with which browsers send the cookie. `none` requires `secure`.",
            ),
            key(
                concat!($section, ".partitioned"),
                Kind::Boolean,
                Otherwise($otherwise[5]),
                "`Partitioned` attribute: browsers keep a separate cookie for each site that embeds this one. Requires `secure`.",
            ),
            $($more),*
        ]
    };
}

/// Defaults of the attributes of all cookies.
const FOR_ALL: [&str; 6] = [
    "only the host of `base_url`, unless `advanced.cross_sub_domain_cookies.enabled`",
    "`/`",
    "`true`",
    "same as `advanced.use_secure_cookies`",
    "`lax`",
    "`false`",
];
/// Defaults of the attributes of one cookie.
const FOR_ONE: [&str; 6] = [
    "same as `advanced.default_cookie_attributes.domain`",
    "same as `advanced.default_cookie_attributes.path`",
    "same as `advanced.default_cookie_attributes.http_only`",
    "same as `advanced.default_cookie_attributes.secure`",
    "same as `advanced.default_cookie_attributes.same_site`",
    "same as `advanced.default_cookie_attributes.partitioned`",
];

pub(super) static KEYS: &[Key] = &[
    key(
        "advanced.use_secure_cookies",
        Kind::Boolean,
        Otherwise("`true` if `base_url` is https, else `false`"),
        "Make cookies `Secure` and prefix their names with `__Secure-`. `false` also allows an http `base_url` in production.",
    ),
    key(
        "advanced.cookie_prefix",
        Kind::Text,
        Value("better-auth"),
        "Prefix of cookie names, followed by a dot. It may begin with `__Host-` or `__Secure-`; see `advanced.cookies.session_token.name`.",
    ),
    key(
        "advanced.cross_sub_domain_cookies.enabled",
        Kind::Boolean,
        Value("false"),
        "Share cookies with a domain and its subdomains.",
    ),
    key(
        "advanced.cross_sub_domain_cookies.domain",
        Kind::Text,
        Otherwise("the host of `base_url`"),
        "Domain with which cookies are shared. It must be the host of `base_url` or a domain above it.",
    ),
    key(
        "advanced.cookies.session_token.name",
        Kind::Text,
        Otherwise("`advanced.cookie_prefix`, a dot and `session_token`"),
        "Name of the session cookie, which contains the session token. If cookies are secure, it is prefixed with `__Secure-`, unless it begins with `__Host-` or `__Secure-`. A name with `__Host-` requires secure cookies, the path `/` and no domain.",
    ),
    key(
        "advanced.cookies.session_data.name",
        Kind::Text,
        Otherwise("`advanced.cookie_prefix`, a dot and `session_data`"),
        "Name of the cookie that contains the session cookie cache.",
    ),
    key(
        "advanced.cookies.dont_remember.name",
        Kind::Text,
        Otherwise("`advanced.cookie_prefix`, a dot and `dont_remember`"),
        "Name of the cookie that marks a session that ends when the browser closes.",
    ),
];

pub(super) static DEFAULT_ATTRIBUTES: &[Key] = attributes!(
    "advanced.default_cookie_attributes",
    FOR_ALL,
    key(
        "advanced.default_cookie_attributes.max_age",
        number(1, FOUR_HUNDRED_DAYS, SECONDS),
        Otherwise("until the browser closes"),
        "Lifetime of cookies without a lifetime of their own. Only `dont_remember` has none.",
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
        Otherwise("same as `advanced.default_cookie_attributes.max_age`"),
        "Lifetime of the cookie.",
    )
);
