//! The keys of cookies. Each cookie has the same ones.

use chrono::TimeDelta;

use crate::config::{
    declare::{boolean, choice, lifetime, text},
    key::{Declaration, Key},
};

/// The keys of a cookie's attributes.
pub(super) struct AttributeKeys {
    pub(super) domain: Key<Option<String>>,
    pub(super) path: Key<Option<String>>,
    pub(super) http_only: Key<Option<bool>>,
    pub(super) secure: Key<Option<bool>>,
    pub(super) same_site: Key<Option<String>>,
    pub(super) partitioned: Key<Option<bool>>,
    /// Only some sections have it.
    pub(super) max_age: Option<&'static Key<Option<TimeDelta>>>,
}

/// The keys of one cookie.
pub(super) struct CookieKeys {
    /// The name of the cookie in Better Auth.
    pub(super) cookie: &'static str,
    pub(super) name: Key<Option<String>>,
    pub(super) attributes: AttributeKeys,
}

impl AttributeKeys {
    /// Returns the keys that every section has, in the order of the documentation.
    const fn list(&self) -> [&Declaration; 6] {
        [
            &self.domain.declaration,
            &self.path.declaration,
            &self.http_only.declaration,
            &self.secure.declaration,
            &self.same_site.declaration,
            &self.partitioned.declaration,
        ]
    }
}

/// Declares the attributes of a section, with the descriptions of their defaults.
macro_rules! attributes {
    ($section:literal, $otherwise:ident, $max_age:expr) => {
        AttributeKeys {
            domain: text(
                concat!($section, ".domain"),
                "`Domain` attribute: browsers send the cookie to this domain and its subdomains.",
            )
            .otherwise($otherwise[0]),
            path: text(
                concat!($section, ".path"),
                "`Path` attribute: browsers send the cookie to this path and paths below it. The endpoints must be among them.",
            )
            .otherwise($otherwise[1]),
            http_only: boolean(
                concat!($section, ".http_only"),
                "`HttpOnly` attribute: scripts on web pages cannot read the cookie.",
            )
            .otherwise($otherwise[2]),
            secure: boolean(
                concat!($section, ".secure"),
                "`Secure` attribute: browsers send the cookie over encrypted connections only.",
            )
            .otherwise($otherwise[3]),
            same_site: choice(
                concat!($section, ".same_site"),
                &["strict", "lax", "none"],
                "`SameSite` attribute: decides with which requests from other sites browsers send the cookie. `none` requires `secure`.",
            )
            .otherwise($otherwise[4]),
            partitioned: boolean(
                concat!($section, ".partitioned"),
                "`Partitioned` attribute: browsers keep a separate cookie for each site that embeds this one. Requires `secure`.",
            )
            .otherwise($otherwise[5]),
            max_age: $max_age,
        }
    };
}

/// Defaults of the attributes of all cookies.
const STANDARD: [&str; 6] = [
    "only the host of `base_url`, unless `advanced.cross_sub_domain_cookies.enabled`",
    "`/`",
    "`true`",
    "same as `advanced.use_secure_cookies`",
    "`lax`",
    "`false`",
];
/// Defaults of the attributes of one cookie.
const AS_FOR_ALL: [&str; 6] = [
    "same as `advanced.default_cookie_attributes.domain`",
    "same as `advanced.default_cookie_attributes.path`",
    "same as `advanced.default_cookie_attributes.http_only`",
    "same as `advanced.default_cookie_attributes.secure`",
    "same as `advanced.default_cookie_attributes.same_site`",
    "same as `advanced.default_cookie_attributes.partitioned`",
];

pub(in crate::config) const USE_SECURE_COOKIES: Key<Option<bool>> = boolean("advanced.use_secure_cookies", "Make cookies `Secure` and prefix their names with `__Secure-`. `false` also allows an http `base_url` in production.").otherwise("`true` if `base_url` is https, else `false`");
pub(super) const COOKIE_PREFIX: Key<String> = text("advanced.cookie_prefix", "Prefix of cookie names, followed by a dot. It may begin with `__Host-` or `__Secure-`; see `advanced.cookies.session_token.name`.").or("better-auth");
pub(super) const SHARED: Key<bool> = boolean(
    "advanced.cross_sub_domain_cookies.enabled",
    "Share cookies with a domain and its subdomains.",
)
.or("false");
pub(super) const SHARED_DOMAIN: Key<Option<String>> = text(
    "advanced.cross_sub_domain_cookies.domain",
    "Domain with which cookies are shared. It must be the host of `base_url` or a domain above it.",
)
.otherwise("the host of `base_url`");
const FOR_ALL_MAX_AGE: Key<Option<TimeDelta>> = lifetime(
    "advanced.default_cookie_attributes.max_age",
    "Lifetime of the cookie `dont_remember`, the only one without a lifetime of its own.",
)
.otherwise("until the browser closes");
const DONT_REMEMBER_MAX_AGE: Key<Option<TimeDelta>> = lifetime(
    "advanced.cookies.dont_remember.attributes.max_age",
    "Lifetime of the cookie.",
)
.otherwise("same as `advanced.default_cookie_attributes.max_age`");

/// The keys of the attributes that every cookie has.
pub(super) static FOR_ALL: AttributeKeys = attributes!(
    "advanced.default_cookie_attributes",
    STANDARD,
    Some(&FOR_ALL_MAX_AGE)
);

/// The keys of the cookie `session_token`.
pub(super) static SESSION_TOKEN: CookieKeys = CookieKeys {
    cookie: "session_token",
    name: text("advanced.cookies.session_token.name", "Name of the session cookie, which contains the session token. If cookies are secure, it is prefixed with `__Secure-`, unless it begins with `__Host-` or `__Secure-`. A name with `__Host-` requires secure cookies, the path `/` and no domain.").otherwise("`advanced.cookie_prefix`, a dot and `session_token`"),
    attributes: attributes!("advanced.cookies.session_token.attributes", AS_FOR_ALL, None),
};

/// The keys of the cookie `session_data`.
pub(super) static SESSION_DATA: CookieKeys = CookieKeys {
    cookie: "session_data",
    name: text(
        "advanced.cookies.session_data.name",
        "Name of the cookie that contains the session cookie cache.",
    )
    .otherwise("`advanced.cookie_prefix`, a dot and `session_data`"),
    attributes: attributes!("advanced.cookies.session_data.attributes", AS_FOR_ALL, None),
};

/// The keys of the cookie `dont_remember`.
pub(super) static DONT_REMEMBER: CookieKeys = CookieKeys {
    cookie: "dont_remember",
    name: text(
        "advanced.cookies.dont_remember.name",
        "Name of the cookie that marks a session that ends when the browser closes.",
    )
    .otherwise("`advanced.cookie_prefix`, a dot and `dont_remember`"),
    attributes: attributes!(
        "advanced.cookies.dont_remember.attributes",
        AS_FOR_ALL,
        Some(&DONT_REMEMBER_MAX_AGE)
    ),
};

/// The keys of the cookie `state`.
static STATE: CookieKeys = CookieKeys {
    cookie: "state",
    name: text(
        "advanced.cookies.state.name",
        "Name of the cookie that belongs to a sign-in with a provider, if `account.store_state_strategy` is `database`.",
    )
    .otherwise("`advanced.cookie_prefix`, a dot and `state`"),
    attributes: attributes!("advanced.cookies.state.attributes", AS_FOR_ALL, None),
};

/// The keys of the cookie `oauth_state`.
static OAUTH_STATE: CookieKeys = CookieKeys {
    cookie: "oauth_state",
    name: text(
        "advanced.cookies.oauth_state.name",
        "Name of the cookie that contains the state of a sign-in with a provider, if `account.store_state_strategy` is `cookie`.",
    )
    .otherwise("`advanced.cookie_prefix`, a dot and `oauth_state`"),
    attributes: attributes!("advanced.cookies.oauth_state.attributes", AS_FOR_ALL, None),
};

/// The keys of the cookie `account_data`.
static ACCOUNT_DATA: CookieKeys = CookieKeys {
    cookie: "account_data",
    name: text(
        "advanced.cookies.account_data.name",
        "Name of the cookie that contains the account of a sign-in with a provider, if `account.store_account_cookie` is set.",
    )
    .otherwise("`advanced.cookie_prefix`, a dot and `account_data`"),
    attributes: attributes!("advanced.cookies.account_data.attributes", AS_FOR_ALL, None),
};

/// The keys of the cookies of tokens, by the names of their kinds. The cookies of other kinds have none.
pub(super) static OF_TOKENS: [&CookieKeys; 3] = [&STATE, &OAUTH_STATE, &ACCOUNT_DATA];

/// The keys, in the order of the documentation.
pub(in crate::config) static KEYS: &[&[&Declaration]] = &[
    &[
        &USE_SECURE_COOKIES.declaration,
        &COOKIE_PREFIX.declaration,
        &SHARED.declaration,
        &SHARED_DOMAIN.declaration,
        &SESSION_TOKEN.name.declaration,
        &SESSION_DATA.name.declaration,
        &DONT_REMEMBER.name.declaration,
        &STATE.name.declaration,
        &OAUTH_STATE.name.declaration,
        &ACCOUNT_DATA.name.declaration,
    ],
    &FOR_ALL.list(),
    &[&FOR_ALL_MAX_AGE.declaration],
    &SESSION_TOKEN.attributes.list(),
    &SESSION_DATA.attributes.list(),
    &DONT_REMEMBER.attributes.list(),
    &[&DONT_REMEMBER_MAX_AGE.declaration],
    &STATE.attributes.list(),
    &OAUTH_STATE.attributes.list(),
    &ACCOUNT_DATA.attributes.list(),
];
