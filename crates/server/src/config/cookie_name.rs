//! Names of cookies, and what the prefix of a name requires of its cookie (RFC 6265bis, 4.1.3).

use portcullis_http::{CookieAttributes, CookieName, CookieOptions};

use super::{cookies::FOR_ALL, settings::Settings};

const SECURE: &str = "__Secure-";
const HOST: &str = "__Host-";
const SHARED: &str = "advanced.cross_sub_domain_cookies.enabled";
const COOKIE_PREFIX: &str = "advanced.cookie_prefix";

/// The name of a cookie.
pub(super) struct Named {
    pub(super) name: CookieName,
    /// The key that sets it.
    key: String,
    /// Whether the name was given with a prefix. Otherwise, `__Secure-` may have been added.
    has_own_prefix: bool,
}

/// Reads the name of the cookie `key`, whose section is `section`. A name with one of the two prefixes stays unchanged.
/// Any other gets the prefix `__Secure-` if `is_secure`.
pub(super) fn read(settings: &mut Settings, section: &str, key: &str, is_secure: bool) -> Named {
    let own = format!("{section}.name");
    let (setter, text) = if let Some(name) = settings.text(&own) {
        (own, name)
    } else {
        let prefix = settings.text(COOKIE_PREFIX).unwrap_or_default();
        (COOKIE_PREFIX.to_owned(), format!("{prefix}.{key}"))
    };
    let prefix = [SECURE, HOST]
        .into_iter()
        .find(|prefix| starts_with(&text, prefix));
    let name = parse(&text, prefix, is_secure).unwrap_or_else(|reason| {
        settings.refuse(&setter, format!("`{setter}` {reason}"));
        standard_name(key)
    });
    Named {
        name,
        key: setter,
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
fn standard_name(key: &str) -> CookieName {
    let standard = CookieName::parse(&format!("better-auth.{key}"));
    standard.unwrap_or_else(|| CookieOptions::new(false).dont_remember.name)
}

impl Named {
    /// Refuses attributes with which browsers reject a cookie of this name.
    pub(super) fn check(&self, settings: &mut Settings, section: &str, given: &CookieAttributes) {
        let name = self.name.as_str();
        let is_host = name.starts_with(HOST);
        if !given.secure && (is_host || name.starts_with(SECURE)) {
            self.refuse_insecure(settings, section);
        }
        if !is_host {
            return;
        }
        let key = |settings: &Settings, attribute: &str| {
            let own = format!("{section}.attributes.{attribute}");
            let of_all = format!("{FOR_ALL}.{attribute}");
            let keys = [own, of_all];
            keys.into_iter().find(|key| settings.is_given(key))
        };
        if given.path.as_ref().is_none_or(|path| path.as_str() != "/") {
            let path = key(settings, "path").unwrap_or_else(|| self.key.clone());
            self.refuse(settings, &path, "must be \"/\"");
        }
        if given.domain.is_some() {
            let domain = key(settings, "domain").unwrap_or_else(|| SHARED.to_owned());
            self.refuse(settings, &domain, "must be left out");
        }
    }

    fn refuse_insecure(&self, settings: &mut Settings, section: &str) {
        let own = format!("{section}.attributes.secure");
        let of_all = format!("{FOR_ALL}.secure");
        let insecure = [own, of_all]
            .into_iter()
            .find(|key| settings.boolean(key) == Some(false));
        match insecure {
            Some(key) if self.has_own_prefix => self.refuse(settings, &key, "must be `true`"),
            Some(key) => settings.refuse(
                &key,
                format!(
                    "`{key}` is `false`, but the name begins with `{SECURE}`, and browsers reject such cookies: remove the key, or set `advanced.use_secure_cookies = false` to remove the prefix"
                ),
            ),
            None => settings.refuse(
                &self.key,
                format!(
                    "`{}`: browsers reject the name \"{}\" without `Secure`, because of its prefix: use https in `base_url`, or set `{FOR_ALL}.secure = true`",
                    self.key,
                    self.name.as_str(),
                ),
            ),
        }
    }

    fn refuse(&self, settings: &mut Settings, key: &str, what: &str) {
        let name = self.name.as_str();
        settings.refuse(
            key,
            format!("`{key}` {what} with the name \"{name}\": browsers reject such cookies otherwise, because of the prefix"),
        );
    }
}
