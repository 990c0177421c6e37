//! The method of a user's last sign-in.

use chrono::TimeDelta;
use portcullis_application::last_login_method::{LAST_LOGIN, LastLoginOptions};
use portcullis_domain::{additional::FieldDefinition, last_login_method};
use portcullis_http::{Cookie, CookieAttributes, CookieName, CookieOptions, TokenCookie};

use super::{
    declare::{boolean, lifetime, text},
    key::{Declaration, Key},
    settings::Settings,
    tables::Schema,
};

const SECTION: &str = "plugins.last_login_method";

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.last_login_method.enabled",
    "Remember in a cookie how the user signed in last, so that pages can show it.",
)
.otherwise(
    "`true` if there is a section `[plugins.last_login_method]`, even an empty one, but not if it only contains `schema`",
);
const COOKIE_NAME: Key<String> = text(
    "plugins.last_login_method.cookie_name",
    "Whole name of the cookie, to which neither `advanced.cookie_prefix` nor `__Secure-` is added. The client has an \
     option of the same name.",
)
.or("better-auth.last_used_login_method");
const MAX_AGE: Key<TimeDelta> = lifetime(
    "plugins.last_login_method.max_age",
    "How long browsers keep the cookie.",
)
.or("2592000");
const STORE: Key<bool> = boolean(
    "plugins.last_login_method.store_in_database",
    "Store the method also in the user's row, as `lastLoginMethod`.",
)
.or("false");
pub(super) const SCHEMA: Schema = Schema::new(
    "plugins.last_login_method.schema",
    &[],
    last_login_method::user_fields,
);

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &COOKIE_NAME.declaration,
    &MAX_AGE.declaration,
    &STORE.declaration,
    &SCHEMA.key.declaration,
];

fn is_on(settings: &Settings) -> bool {
    settings.enables(&ENABLED, SECTION)
}

/// Returns the field that the plugin adds to users, if it is enabled and stores the method.
pub(super) fn user_fields(settings: &Settings) -> Vec<FieldDefinition> {
    if is_on(settings) && settings.get(&STORE) {
        last_login_method::user_fields()
    } else {
        Vec::new()
    }
}

/// Returns the options, or `None` if no method is remembered, and adds the cookie to those of the deployment.
pub(super) fn read(settings: &mut Settings, cookies: &mut CookieOptions) -> Option<LastLoginOptions> {
    let cookie = cookie(settings, cookies);
    let options = LastLoginOptions {
        max_age: settings.get(&MAX_AGE),
        is_stored: settings.get(&STORE),
    };
    if !is_on(settings) {
        return None;
    }
    cookies.tokens.extend(cookie);
    Some(options)
}

/// Returns the cookie, which has the attributes of the session cookie, except that scripts can read it.
fn cookie(settings: &mut Settings, cookies: &CookieOptions) -> Option<TokenCookie> {
    let text = settings.get(&COOKIE_NAME);
    let attributes = CookieAttributes {
        http_only: false,
        max_age: None,
        ..cookies.session_token.attributes.clone()
    };
    match named(&text, &attributes, cookies) {
        Ok(name) => Some(TokenCookie {
            kind: LAST_LOGIN,
            cookie: Cookie { name, attributes },
        }),
        Err(reason) => {
            settings.refuse(&COOKIE_NAME, format!("`{COOKIE_NAME}` {reason}"));
            None
        }
    }
}

fn named(text: &str, attributes: &CookieAttributes, cookies: &CookieOptions) -> Result<CookieName, String> {
    let name = CookieName::parse(text).ok_or_else(|| {
        format!("is \"{text}\", which contains a character that names of cookies do not allow")
    })?;
    let CookieOptions {
        session_token,
        session_data,
        dont_remember,
        tokens,
    } = cookies;
    let others = tokens.iter().map(|token| &token.cookie);
    let mut others = others.chain([session_token, session_data, dont_remember]);
    if others.any(|other| other.name == name) {
        return Err(format!(
            "is \"{text}\", the name of another cookie: choose another"
        ));
    }
    let lower = text.to_ascii_lowercase();
    let is_for_host = lower.starts_with("__host-");
    let is_rejected = (is_for_host || lower.starts_with("__secure-")) && !attributes.secure
        || is_for_host && attributes.domain.is_some();
    if is_rejected {
        return Err(format!(
            "is \"{text}\": browsers reject a cookie of this name here; choose another"
        ));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::{load, refused};

    #[test]
    fn the_cookie_has_the_attributes_of_the_session_cookie_and_can_be_read_by_scripts() {
        let config = load("[plugins.last_login_method]\n", &[]);
        let options = config.last_login_method.unwrap();
        assert_eq!((options.max_age, options.is_stored), (TimeDelta::days(30), false));
        let cookies = &config.http.cookies;
        let found = cookies.tokens.iter().find(|token| token.kind == LAST_LOGIN);
        let cookie = &found.unwrap().cookie;
        assert_eq!(cookie.name.as_str(), "better-auth.last_used_login_method");
        let readable = CookieAttributes {
            http_only: false,
            ..cookies.session_token.attributes.clone()
        };
        assert_eq!(cookie.attributes, readable);
    }

    #[test]
    fn there_is_no_cookie_if_no_method_is_remembered() {
        let config = load("", &[]);
        assert_eq!(config.last_login_method, None);
        let mut tokens = config.http.cookies.tokens.iter();
        assert!(!tokens.any(|token| token.kind == LAST_LOGIN));
    }

    #[test]
    fn a_name_that_no_cookie_can_have_is_rejected() {
        for (name, reason) in [
            (
                "a b",
                "is \"a b\", which contains a character that names of cookies do not allow",
            ),
            (
                "better-auth.session_token",
                "is \"better-auth.session_token\", the name of another cookie: choose another",
            ),
            (
                "__Host-last",
                "is \"__Host-last\": browsers reject a cookie of this name here; choose another",
            ),
        ] {
            let file = format!("plugins.last_login_method.cookie_name = \"{name}\"\n");
            let problem = format!("portcullis.toml:1: `plugins.last_login_method.cookie_name` {reason}");
            assert_eq!(refused(&file, &[]), [problem]);
        }
    }
}
