//! Names of cookies, and what the prefix of a name requires of its cookie (RFC 6265bis, 4.1.3).

use portcullis_http::{CookieAttributes, CookieName, CookieOptions};

use super::{
    insecure,
    keys::{AttributeKeys, COOKIE_PREFIX, CookieKeys, FOR_ALL, SHARED},
};
use crate::config::{
    key::{Declaration, Key},
    settings::Settings,
};

const SECURE: &str = "__Secure-";
const HOST: &str = "__Host-";

/// The name of a cookie.
pub(super) struct Named {
    pub(super) name: CookieName,
    /// The key that sets it.
    key: &'static Declaration,
    /// Whether the name was given with a prefix. Otherwise, `__Secure-` may have been added.
    has_own_prefix: bool,
}

/// Reads the name of a cookie, and adds `suffix`. A name with one of the two prefixes stays unchanged. Any other gets the
/// prefix `__Secure-` if `is_secure`.
pub(super) fn read(
    settings: &mut Settings,
    keys: &'static CookieKeys,
    suffix: &str,
    is_secure: bool,
) -> Named {
    let standard = format!("{}{suffix}", keys.cookie);
    match settings.get(&keys.name) {
        Some(name) => {
            let name = format!("{name}{suffix}");
            named(settings, &keys.name, &name, &standard, is_secure)
        }
        None => prefixed(settings, &standard, is_secure),
    }
}

/// Returns the name of a cookie that has none of its own: the common prefix and Better Auth's name.
pub(super) fn prefixed(settings: &mut Settings, cookie: &str, is_secure: bool) -> Named {
    let text = format!("{}.{cookie}", settings.get(&COOKIE_PREFIX));
    named(settings, &COOKIE_PREFIX, &text, cookie, is_secure)
}

/// Returns the name of a cookie of a feature: the common prefix and what the feature's key names. `standard` is Better Auth's
/// name.
pub(super) fn configured(
    settings: &mut Settings,
    key: &'static Key<String>,
    standard: &str,
    is_secure: bool,
) -> Named {
    let own = settings.get(key);
    if !settings.is_given(key) {
        return prefixed(settings, standard, is_secure);
    }
    let text = format!("{}.{own}", settings.get(&COOKIE_PREFIX));
    named(settings, key, &text, standard, is_secure)
}

fn named(
    settings: &mut Settings,
    key: &'static Declaration,
    text: &str,
    cookie: &str,
    is_secure: bool,
) -> Named {
    let prefix = [SECURE, HOST]
        .into_iter()
        .find(|prefix| starts_with(text, prefix));
    let name = parse(text, prefix, is_secure).unwrap_or_else(|reason| {
        settings.refuse(key, format!("`{key}` {reason}"));
        standard_name(cookie)
    });
    Named {
        name,
        key,
        has_own_prefix: prefix.is_some(),
    }
}

/// Browsers compare prefixes without regard to case.
fn starts_with(text: &str, prefix: &str) -> bool {
    let start = text.get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn parse(text: &str, prefix: Option<&str>, is_secure: bool) -> Result<CookieName, String> {
    let whole = match prefix {
        Some(prefix) if !text.starts_with(prefix) => {
            return Err(format!(
                "must spell its prefix `{prefix}`: some browsers recognize only this spelling"
            ));
        }
        Some(prefix) if text == prefix => return Err(format!("must have a name after `{prefix}`")),
        None if is_secure => format!("{SECURE}{text}"),
        _ => text.to_owned(),
    };
    CookieName::parse(&whole).ok_or_else(|| {
        "is not valid in the name of a cookie: use letters, digits, `.`, `-` and `_`".to_owned()
    })
}

/// Returns Better Auth's name, which replaces a refused one.
fn standard_name(cookie: &str) -> CookieName {
    let standard = CookieName::parse(&format!("better-auth.{cookie}"));
    standard.unwrap_or_else(|| CookieOptions::new(false).dont_remember.name)
}

impl Named {
    /// Refuses attributes with which browsers reject a cookie of this name.
    pub(super) fn check(&self, settings: &mut Settings, keys: &AttributeKeys, given: &CookieAttributes) {
        let name = self.name.as_str();
        let is_host = name.starts_with(HOST);
        if !given.secure && (is_host || name.starts_with(SECURE)) {
            self.refuse_insecure(settings, keys);
        }
        if !is_host {
            return;
        }
        if given.path.as_ref().is_none_or(|path| path.as_str() != "/") {
            let setters: [&Declaration; 2] = [&keys.path, &FOR_ALL.path];
            let path = setters.into_iter().find(|key| settings.is_given(key));
            self.refuse(settings, path.unwrap_or(self.key), "must be \"/\"");
        }
        if given.domain.is_some() {
            let setters: [&Declaration; 2] = [&keys.domain, &FOR_ALL.domain];
            let domain = setters.into_iter().find(|key| settings.is_given(key));
            self.refuse(settings, domain.unwrap_or(&SHARED), "must be left out");
        }
    }

    fn refuse_insecure(&self, settings: &mut Settings, keys: &AttributeKeys) {
        match insecure(settings, keys) {
            Some(key) if self.has_own_prefix => self.refuse(settings, key, "must be `true`"),
            Some(key) => settings.refuse(
                key,
                format!(
                    "`{key}` is `false`, but the name begins with `{SECURE}`, and browsers reject such cookies: remove the key, or set `advanced.use_secure_cookies = false` to remove the prefix"
                ),
            ),
            None => settings.refuse(
                self.key,
                format!(
                    "`{}`: browsers reject the name \"{}\" without `Secure`, because of its prefix: use https in `base_url`, or set `{} = true`",
                    self.key,
                    self.name.as_str(),
                    FOR_ALL.secure,
                ),
            ),
        }
    }

    fn refuse(&self, settings: &mut Settings, key: &Declaration, what: &str) {
        let name = self.name.as_str();
        settings.refuse(
            key,
            format!("`{key}` {what} with the name \"{name}\": browsers reject such cookies otherwise, because of the prefix"),
        );
    }
}
