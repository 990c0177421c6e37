//! The part of `portcullis check` about clients: the values that browsers and verifiers depend on, and settings with
//! which they do not work.

use std::{iter, net::IpAddr};

use portcullis_http::{CookieAttributes, SameSite};
use url::Url;

use crate::{config::Config, error::Error, output};

/// Prints what browsers and verifiers depend on, and a line that begins with `note:` for each setting with which they
/// do not work.
pub(super) fn check(config: &Config) -> Result<(), Error> {
    let lines = iter::once(cookie(config)).chain(tokens(config));
    for line in lines.chain(notes(config)) {
        output::print(&line)?;
    }
    Ok(())
}

fn cookie(config: &Config) -> String {
    let cookie = &config.http.cookies.session_token;
    let CookieAttributes {
        domain,
        secure,
        same_site,
        ..
    } = &cookie.attributes;
    let host = config.http.base_url.host_str().unwrap_or_default();
    let hosts = domain.as_ref().map_or_else(
        || host.to_owned(),
        |domain| format!("{} and every host below it", domain.as_str()),
    );
    let secure = if *secure { "; Secure" } else { "" };
    let same_site = same_site.map_or_else(String::new, |same_site| format!("; SameSite={same_site}"));
    format!(
        "session cookie: {} for {hosts}{secure}{same_site}",
        cookie.name.as_str()
    )
}

fn tokens(config: &Config) -> Option<String> {
    let jwt = config.jwt.as_ref()?;
    let own = jwt.audiences.iter().map(|own| own.audience.as_str());
    let default = jwt.claims.audience.iter().map(String::as_str);
    let audiences: Vec<_> = default.chain(own).collect();
    Some(format!(
        "JWTs: iss \"{}\"; aud \"{}\"; keys at {}{}",
        jwt.claims.issuer,
        audiences.join("\", \""),
        config.http.routes_url(),
        config.jwks_path
    ))
}

fn notes(config: &Config) -> impl Iterator<Item = String> {
    let issuer = config.jwt.as_ref().map(|jwt| jwt.claims.issuer.as_str());
    let issuer = issuer.and_then(|issuer| misspelt_issuer(issuer, &config.http.base_url));
    // Pages of another site may send a bearer token instead of the cookie.
    let same_site = config.http.cookies.session_token.attributes.same_site;
    let needs_cookie = config.bearer.is_none() && same_site != Some(SameSite::None);
    let secure = insecure_server(config).map(str::to_owned);
    let origins = config.http.trusted_origins.patterns();
    let foreign = origins.filter(move |origin| needs_cookie && is_foreign(origin, &config.http.base_url));
    issuer
        .into_iter()
        .chain(secure)
        .chain(foreign.map(|origin| foreign_note(origin, config)))
}

fn insecure_server(config: &Config) -> Option<&'static str> {
    let is_secure = config.http.cookies.session_token.attributes.secure;
    (is_secure && config.http.base_url.scheme() == "http").then_some(
        "note: the session cookie is `Secure`, but `base_url` is http: browsers discard the cookie, some of them also on \
         localhost; use https, or remove `advanced.use_secure_cookies` and `secure`",
    )
}

fn misspelt_issuer(issuer: &str, base_url: &Url) -> Option<String> {
    let own = origin(base_url);
    let is_misspelt = issuer != own && bare(issuer) == bare(&own);
    is_misspelt.then(|| {
        format!(
            "note: `plugins.jwt.jwt.issuer` is \"{issuer}\", but the origin of `base_url` is \"{own}\": verifiers compare \
             every character of `iss`, and most are given the origin; remove the key"
        )
    })
}

/// Returns a URL without its scheme and its last slash.
fn bare(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_scheme, rest)| rest);
    rest.trim_end_matches('/').to_lowercase()
}

fn foreign_note(origin: &str, config: &Config) -> String {
    let base_url = config.http.origin();
    let hint = if is_loopback(origin) && is_loopback(&base_url) {
        "open its pages by the host of `base_url`: localhost and 127.0.0.1 are different sites"
    } else {
        "serve both below one domain, let a proxy of the front end forward to this server, enable `plugins.bearer`, or set \
         `advanced.default_cookie_attributes.same_site = \"none\"`"
    };
    format!(
        "note: the trusted origin {origin} is on another site than `base_url`, {base_url}: browsers do not send the \
         session cookie with requests of its pages; {hint}"
    )
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn is_loopback(origin: &str) -> bool {
    let host = web_origin(origin).map(|(_scheme, host)| host);
    host.is_some_and(|host| {
        let address = host.parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    })
}

/// Whether a pattern matches only pages of another site than that of `base_url`. Patterns without a scheme, or of a
/// scheme other than http and https, have no site.
fn is_foreign(pattern: &str, base_url: &Url) -> bool {
    let own = web_origin(&origin(base_url)).map(|(scheme, host)| (scheme, site(&host)));
    let other = web_origin(pattern).map(|(scheme, host)| (scheme, site(&host)));
    other.is_some() && other != own
}

/// Returns the scheme and the host of an origin of the web, or of a pattern; without labels that have wildcards.
fn web_origin(pattern: &str) -> Option<(String, String)> {
    let (scheme, rest) = pattern.split_once("://")?;
    let is_web = ["http", "https"].contains(&scheme);
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let fixed = match host.rfind(['*', '?']) {
        Some(last) => host.get(last..)?.split_once('.')?.1,
        None => host,
    };
    (is_web && !fixed.is_empty()).then(|| (scheme.to_owned(), fixed.to_lowercase()))
}

/// Returns the part of a host that decides which site it belongs to: the domain that an organization can register, or
/// the host itself.
fn site(host: &str) -> String {
    if host.parse::<IpAddr>().is_ok() {
        return host.to_owned();
    }
    psl::domain_str(host).unwrap_or(host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_a_scheme_and_a_domain_that_can_be_registered() {
        for (base_url, origin, foreign) in [
            ("https://auth.example.com", "https://app.example.com", false),
            ("https://auth.example.com", "https://*.example.com", false),
            ("https://auth.example.com", "https://example.com:8443", false),
            ("https://auth.example.com", "https://*-app.example.com", false),
            ("https://auth.example.com", "myapp://", false),
            ("https://auth.example.com", "*.example.org", false),
            ("https://auth.example.com", "null", false),
            ("https://auth.example.com", "https://example.org", true),
            ("https://auth.example.com", "https://*.example.org", true),
            ("https://auth.example.com", "http://app.example.com", true),
            ("https://auth.example.co.uk", "https://shop.co.uk", true),
            ("https://auth.vercel.app", "https://app.vercel.app", true),
            ("http://localhost:4400", "http://localhost:3000", false),
            ("http://localhost:4400", "http://localhost:*", false),
            ("http://localhost:4400", "http://127.0.0.1:3000", true),
            ("http://127.0.0.1:4400", "http://127.0.0.1:3000", false),
            ("http://127.0.0.1:4400", "http://10.0.0.1:3000", true),
            ("http://[::1]:4400", "http://[::1]:3000", false),
        ] {
            let base_url = Url::parse(base_url).unwrap();
            assert_eq!(is_foreign(origin, &base_url), foreign, "{base_url} {origin}");
        }
    }

    #[test]
    fn an_issuer_that_nearly_equals_the_origin_is_misspelt() {
        let base_url = Url::parse("https://auth.example.com").unwrap();
        for (issuer, is_misspelt) in [
            ("https://auth.example.com", false),
            ("https://auth.example.com/", true),
            ("http://auth.example.com", true),
            ("auth.example.com", true),
            ("https://issuer.example.com", false),
        ] {
            assert_eq!(
                misspelt_issuer(issuer, &base_url).is_some(),
                is_misspelt,
                "{issuer}"
            );
        }
    }
}
