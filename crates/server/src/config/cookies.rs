//! Names and attributes of cookies.

use chrono::TimeDelta;
use portcullis_application::client_token::TokenKind;
use portcullis_http::{AttributeText, Cookie, CookieAttributes, CookieOptions, SameSite, TokenCookie};
use url::Url;

use super::{cookie_name, domain, mode::Mode, settings::Settings};

const SHARED: &str = "advanced.cross_sub_domain_cookies";
/// The section of the attributes that every cookie has.
pub(super) const FOR_ALL: &str = "advanced.default_cookie_attributes";

/// The site that sets the cookies.
pub(super) struct Site<'a> {
    pub(super) mode: Mode,
    pub(super) base_url: &'a Url,
    pub(super) base_path: &'a str,
    /// Whether cookies are secure by default.
    pub(super) is_secure: bool,
}

/// Reads the names and attributes of the cookies, also of those that contain tokens of these kinds. Cookies that browsers would reject are refused.
pub(super) fn read(settings: &mut Settings, site: &Site<'_>, kinds: &[TokenKind]) -> CookieOptions {
    let mut attributes = CookieAttributes::new(site.is_secure);
    attributes.domain = shared_domain(settings, site);
    let attributes = layered(settings, FOR_ALL, attributes, site);
    let mut cookie = |key: &str| one(settings, key, attributes.clone(), site);
    let options = CookieOptions {
        session_token: cookie("session_token"),
        session_data: cookie("session_data"),
        dont_remember: cookie("dont_remember"),
        tokens: kinds
            .iter()
            .map(|kind| TokenCookie {
                kind: *kind,
                cookie: cookie(kind.name),
            })
            .collect(),
    };
    check_difference(settings, &options);
    options
}

fn shared_domain(settings: &mut Settings, site: &Site<'_>) -> Option<AttributeText> {
    let key = format!("{SHARED}.domain");
    let given = settings.text(&key);
    if settings.boolean(&format!("{SHARED}.enabled")) != Some(true) {
        return None;
    }
    // wire: the whole host, not the domain that it belongs to.
    let host = || site.base_url.host_str().unwrap_or_default().to_owned();
    let domain = given.unwrap_or_else(host);
    checked_domain(settings, &key, &domain, site)
}

fn checked_domain(
    settings: &mut Settings,
    key: &str,
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
    section: &str,
    below: CookieAttributes,
    site: &Site<'_>,
) -> CookieAttributes {
    let name = |attribute: &str| format!("{section}.{attribute}");
    let is = |settings: &Settings, attribute: &str| settings.boolean(&name(attribute));
    let domain = settings.text(&name("domain"));
    let path = settings.text(&name("path"));
    let max_age = max_age(settings, section);
    CookieAttributes {
        http_only: is(settings, "http_only").unwrap_or(below.http_only),
        secure: is(settings, "secure").unwrap_or(below.secure),
        same_site: same_site(settings, &name("same_site")).or(below.same_site),
        partitioned: is(settings, "partitioned").unwrap_or(below.partitioned),
        domain: domain
            .and_then(|domain| checked_domain(settings, &name("domain"), &domain, site))
            .or(below.domain),
        path: path
            .and_then(|path| checked_path(settings, &name("path"), &path, site))
            .or(below.path),
        max_age: max_age.or(below.max_age),
    }
}

/// Only some sections have this key.
fn max_age(settings: &Settings, section: &str) -> Option<TimeDelta> {
    let has_key = section == FOR_ALL || section.contains("dont_remember");
    let seconds = has_key.then(|| settings.number(&format!("{section}.max_age")))??;
    i64::try_from(seconds).ok().and_then(TimeDelta::try_seconds)
}

fn same_site(settings: &Settings, name: &str) -> Option<SameSite> {
    settings.text(name).map(|text| match text.as_str() {
        "strict" => SameSite::Strict,
        "none" => SameSite::None,
        _ => SameSite::Lax,
    })
}

/// Refuses a path with which browsers never send the cookie to the endpoints.
fn checked_path(settings: &mut Settings, key: &str, path: &str, site: &Site<'_>) -> Option<AttributeText> {
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

fn one(settings: &mut Settings, key: &str, below: CookieAttributes, site: &Site<'_>) -> Cookie {
    let section = format!("advanced.cookies.{key}");
    let given = layered(settings, &format!("{section}.attributes"), below, site);
    let named = cookie_name::read(settings, &section, key, site.is_secure);
    named.check(settings, &section, &given);
    check_security(settings, &section, &given);
    warn_of_insecurity(settings, &section, &given, site);
    Cookie {
        name: named.name,
        attributes: given,
    }
}

/// Refuses attributes that contradict each other: browsers reject such cookies.
fn check_security(settings: &mut Settings, section: &str, given: &CookieAttributes) {
    if given.secure {
        return;
    }
    let faults = [
        (
            "same_site",
            given.same_site == Some(SameSite::None),
            "is `none`, which needs `secure = true`",
        ),
        (
            "partitioned",
            given.partitioned,
            "is `true`, which needs `secure = true`",
        ),
    ];
    for (attribute, is_wrong, reason) in faults {
        if is_wrong {
            let own = format!("{section}.attributes.{attribute}");
            let of_all = format!("{FOR_ALL}.{attribute}");
            let key = if settings.is_given(&own) { own } else { of_all };
            settings.refuse(
                &key,
                format!("`{key}` {reason}: browsers reject such cookies otherwise"),
            );
        }
    }
}

/// Warns if browsers would also send a cookie of an https site over http.
fn warn_of_insecurity(settings: &mut Settings, section: &str, given: &CookieAttributes, site: &Site<'_>) {
    let is_encrypted = site.base_url.scheme() == "https";
    if given.secure || !is_encrypted || site.mode == Mode::Development {
        return;
    }
    let own = format!("{section}.attributes.secure");
    let of_all = format!("{FOR_ALL}.secure");
    let insecure = [own, of_all]
        .into_iter()
        .find(|key| settings.boolean(key) == Some(false));
    let key = insecure.unwrap_or_else(|| "advanced.use_secure_cookies".to_owned());
    settings.warn(
        &key,
        format!("`{key}` is `false`, but `base_url` is https: browsers also send the cookie over unencrypted connections, on which others can read it; remove the key"),
    );
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
    if names
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one == other))
    {
        let key = settings.first_given([
            "advanced.cookies.session_token.name",
            "advanced.cookies.session_data.name",
            "advanced.cookies.dont_remember.name",
        ]);
        settings.refuse(key, format!("`{key}` is the name of two cookies: choose another"));
    }
}
