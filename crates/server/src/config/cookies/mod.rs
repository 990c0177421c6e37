//! Names and attributes of cookies.

mod keys;
mod name;

use portcullis_application::client_token::TokenKind;
use portcullis_http::{AttributeText, Cookie, CookieAttributes, CookieOptions, SameSite, TokenCookie};
use url::Url;

use self::keys::{
    AttributeKeys, CookieKeys, DONT_REMEMBER, FOR_ALL, OF_TOKENS, SESSION_DATA, SESSION_TOKEN, SHARED,
    SHARED_DOMAIN,
};
pub(super) use self::keys::{KEYS, USE_SECURE_COOKIES};
use self::name::Named;
use super::{
    domain, feature_cookies,
    key::{Declaration, Key},
    mode::Mode,
    settings::Settings,
};

/// Suffix of a kind of token whose cookie keeps an earlier token of another kind, such as `state_earlier` for `state`.
/// The keys of that kind also set the cookie of the earlier token.
const EARLIER: &str = "_earlier";

/// The site that sets the cookies.
pub(super) struct Site<'a> {
    pub(super) mode: Mode,
    pub(super) base_url: &'a Url,
    pub(super) base_path: &'a str,
    /// Whether cookies are secure by default.
    pub(super) is_secure: bool,
}

/// Reads the names and attributes of the cookies, also of those that contain tokens of these kinds. Cookies that
/// browsers would reject are refused.
pub(super) fn read(settings: &mut Settings, site: &Site<'_>, kinds: &[TokenKind]) -> CookieOptions {
    let mut attributes = CookieAttributes::new(site.is_secure);
    attributes.domain = shared_domain(settings, site);
    let attributes = layered(settings, &FOR_ALL, attributes, site);
    let mut cookie = |keys| one(settings, keys, attributes.clone(), site);
    let options = CookieOptions {
        session_token: cookie(&SESSION_TOKEN),
        session_data: cookie(&SESSION_DATA),
        dont_remember: cookie(&DONT_REMEMBER),
        tokens: kinds
            .iter()
            .map(|kind| token(settings, *kind, attributes.clone(), site))
            .collect(),
    };
    check_difference(settings, &options);
    options
}

fn shared_domain(settings: &mut Settings, site: &Site<'_>) -> Option<AttributeText> {
    let given = settings.get(&SHARED_DOMAIN);
    if !settings.get(&SHARED) {
        return None;
    }
    // wire: the whole host, not the domain that it belongs to.
    let host = || site.base_url.host_str().unwrap_or_default().to_owned();
    let domain = given.unwrap_or_else(host);
    checked_domain(settings, &SHARED_DOMAIN, &domain, site)
}

fn checked_domain(
    settings: &mut Settings,
    key: &Declaration,
    domain: &str,
    site: &Site<'_>,
) -> Option<AttributeText> {
    let fault = domain::fault(domain, site.base_url);
    let attribute = AttributeText::parse(domain).filter(|_| fault.is_none());
    if attribute.is_none() {
        let fault = fault.unwrap_or_else(|| "contains a character that cookies do not allow".to_owned());
        settings.refuse(key, format!("`{key}` {fault}"));
    }
    attribute
}

/// Returns the attributes `below`, replaced by those that a section sets.
fn layered(
    settings: &mut Settings,
    keys: &AttributeKeys,
    below: CookieAttributes,
    site: &Site<'_>,
) -> CookieAttributes {
    let domain = settings.get(&keys.domain);
    let path = settings.get(&keys.path);
    let max_age = keys.max_age.and_then(|key| settings.get(key));
    CookieAttributes {
        http_only: settings.get(&keys.http_only).unwrap_or(below.http_only),
        secure: settings.get(&keys.secure).unwrap_or(below.secure),
        same_site: same_site(settings, &keys.same_site).or(below.same_site),
        partitioned: settings.get(&keys.partitioned).unwrap_or(below.partitioned),
        domain: domain
            .and_then(|domain| checked_domain(settings, &keys.domain, &domain, site))
            .or(below.domain),
        path: path
            .and_then(|path| checked_path(settings, &keys.path, &path, site))
            .or(below.path),
        max_age: max_age.or(below.max_age),
    }
}

fn same_site(settings: &Settings, key: &Key<Option<String>>) -> Option<SameSite> {
    settings.get(key).map(|text| match text.as_str() {
        "strict" => SameSite::Strict,
        "none" => SameSite::None,
        _ => SameSite::Lax,
    })
}

/// Refuses a path with which browsers never send the cookie to the endpoints.
fn checked_path(
    settings: &mut Settings,
    key: &Declaration,
    path: &str,
    site: &Site<'_>,
) -> Option<AttributeText> {
    let rest = site.base_path.strip_prefix(path);
    let is_sent = path == "/"
        || rest.is_some_and(|rest| rest.is_empty() || path.ends_with('/') || rest.starts_with('/'));
    let attribute = AttributeText::parse(path).filter(|_| is_sent);
    if attribute.is_none() {
        let endpoints = if site.base_path.is_empty() {
            "/"
        } else {
            site.base_path
        };
        settings.refuse(
            key,
            format!(
                "`{key}` is \"{path}\", but the endpoints are below {endpoints}: browsers would not send the cookie to them"
            ),
        );
    }
    attribute
}

fn one(
    settings: &mut Settings,
    keys: &'static CookieKeys,
    below: CookieAttributes,
    site: &Site<'_>,
) -> Cookie {
    with_suffix(settings, keys, "", below, site)
}

/// Returns a cookie whose name ends in `suffix`.
fn with_suffix(
    settings: &mut Settings,
    keys: &'static CookieKeys,
    suffix: &str,
    below: CookieAttributes,
    site: &Site<'_>,
) -> Cookie {
    let given = layered(settings, &keys.attributes, below, site);
    let named = name::read(settings, keys, suffix, site.is_secure);
    checked(settings, &keys.attributes, named, given, site)
}

/// Returns the cookie of a kind of token. Few kinds have keys of their own.
fn token(
    settings: &mut Settings,
    kind: TokenKind,
    attributes: CookieAttributes,
    site: &Site<'_>,
) -> TokenCookie {
    let (whole, suffix) = match kind.name.strip_suffix(EARLIER) {
        Some(name) => (name, EARLIER),
        None => (kind.name, ""),
    };
    let cookie = if let Some(keys) = OF_TOKENS.iter().find(|keys| keys.cookie == whole) {
        with_suffix(settings, keys, suffix, attributes, site)
    } else {
        let named = match feature_cookies::name(kind) {
            Some(key) => name::configured(settings, key, kind.name, site.is_secure),
            None => name::prefixed(settings, kind.name, site.is_secure),
        };
        checked(settings, &FOR_ALL, named, attributes, site)
    };
    TokenCookie { kind, cookie }
}

fn checked(
    settings: &mut Settings,
    keys: &AttributeKeys,
    named: Named,
    given: CookieAttributes,
    site: &Site<'_>,
) -> Cookie {
    named.check(settings, keys, &given);
    check_security(settings, keys, &given);
    warn_of_insecurity(settings, keys, &given, site);
    Cookie {
        name: named.name,
        attributes: given,
    }
}

/// Refuses attributes that contradict each other: browsers reject such cookies.
fn check_security(settings: &mut Settings, keys: &AttributeKeys, given: &CookieAttributes) {
    if given.secure {
        return;
    }
    let faults: [(&Declaration, &Declaration, bool, &str); 2] = [
        (
            &keys.same_site,
            &FOR_ALL.same_site,
            given.same_site == Some(SameSite::None),
            "is `none`, which needs `secure = true`",
        ),
        (
            &keys.partitioned,
            &FOR_ALL.partitioned,
            given.partitioned,
            "is `true`, which needs `secure = true`",
        ),
    ];
    for (own, of_all, is_wrong, reason) in faults {
        if is_wrong {
            let key = if settings.is_given(own) { own } else { of_all };
            settings.refuse(
                key,
                format!("`{key}` {reason}: browsers reject such cookies otherwise"),
            );
        }
    }
}

/// Warns if browsers would also send a cookie of an https site over http.
fn warn_of_insecurity(
    settings: &mut Settings,
    keys: &AttributeKeys,
    given: &CookieAttributes,
    site: &Site<'_>,
) {
    let is_encrypted = site.base_url.scheme() == "https";
    if given.secure || !is_encrypted || site.mode == Mode::Development {
        return;
    }
    let insecure = insecure(settings, keys);
    let key: &Declaration = insecure.map_or(&USE_SECURE_COOKIES, |key| key);
    settings.warn(
        key,
        format!("`{key}` is `false`, but `base_url` is https: browsers also send the cookie over unencrypted connections, on which others can read it; remove the key"),
    );
}

/// Returns the key that switches `Secure` off.
fn insecure<'a>(settings: &Settings, keys: &'a AttributeKeys) -> Option<&'a Declaration> {
    let mut both = [&keys.secure, &FOR_ALL.secure].into_iter();
    both.find(|key| settings.get(*key) == Some(false))
        .map(|key| &key.declaration)
}

/// Refuses two cookies with the same name.
fn check_difference(settings: &mut Settings, options: &CookieOptions) {
    let CookieOptions {
        session_token,
        session_data,
        dont_remember,
        tokens,
    } = options;
    let cookies = tokens.iter().map(|token| &token.cookie);
    let cookies = cookies.chain([session_token, session_data, dont_remember]);
    let mut names: Vec<&str> = cookies.map(|cookie| cookie.name.as_str()).collect();
    names.sort_unstable();
    let mut pairs = names.windows(2);
    let twice = pairs.find_map(|pair| matches!(pair, [one, other] if one == other).then(|| pair.first()));
    if let Some(Some(name)) = twice {
        let sharing = tokens.iter().filter(|token| token.cookie.name.as_str() == *name);
        let mut by_features = sharing.filter_map(|token| feature_cookies::name(token.kind));
        let key = match by_features.find(|key| settings.is_given(key)) {
            Some(key) => &key.declaration,
            None => settings.first_given(&SESSION_TOKEN.name, &[&SESSION_DATA.name, &DONT_REMEMBER.name]),
        };
        settings.refuse(key, format!("`{key}` is the name of two cookies: choose another"));
    }
}

#[cfg(test)]
mod tests;
