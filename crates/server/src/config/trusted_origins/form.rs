//! Patterns that can never match, and the form in which they would.
//!
//! Browsers send origins in one form: lower case, international names in ASCII, without the default port, and without a
//! path. A pattern in another form would have no effect.

use portcullis_domain::origin::TrustedOrigins;
use url::Url;

/// The default ports, which browsers omit.
const DEFAULT_PORTS: [(&str, &str); 2] = [("http", ":80"), ("https", ":443")];

/// Refuses a pattern that can never match.
///
/// # Errors
///
/// Why the pattern cannot match, with the form that works.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    let is_wild = pattern.contains(['*', '?']);
    if pattern == "null" {
        return Ok(());
    }
    if pattern.contains(['#', '@', '\\', '{', '}']) || pattern.contains(char::is_whitespace) {
        return Err(
            "would match nothing: write only a scheme, a host and a port, such as https://app.example.com"
                .to_owned(),
        );
    }
    match pattern.split_once("://") {
        None if is_wild => check_wild("", pattern, pattern),
        None => {
            Err("has no scheme: put https://, http:// or your application's own scheme before it".to_owned())
        }
        Some((scheme, rest)) if is_wild => check_wild(scheme, rest, pattern),
        Some(_) => check_plain(pattern),
    }
}

/// Checks a pattern without wildcards: it must match its own text.
fn check_plain(pattern: &str) -> Result<(), String> {
    let url = Url::parse(pattern)
        .map_err(|error| format!("is not an origin such as https://app.example.com: {error}"))?;
    if TrustedOrigins::new(vec![pattern.to_owned()]).trusts_origin(pattern) {
        return Ok(());
    }
    let form = match url.scheme() {
        "http" | "https" => url.origin().ascii_serialization(),
        _ => url.as_str().to_owned(),
    };
    if TrustedOrigins::new(vec![form.clone()]).trusts_origin(&form) {
        Err(would_match_nothing(&form))
    } else {
        Err(never_trusted(url.scheme()))
    }
}

/// Checks a pattern with wildcards, part by part. An empty scheme is `http` or `https`.
fn check_wild(scheme: &str, rest: &str, pattern: &str) -> Result<(), String> {
    let lower = scheme.to_lowercase();
    if !lower.is_empty() && is_inline(&lower) {
        return Err(never_trusted(&lower));
    }
    let is_web = matches!(lower.as_str(), "" | "http" | "https");
    let slash = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(slash);
    let mut form = String::new();
    if !scheme.is_empty() {
        form = format!("{lower}://");
    }
    if is_web {
        form += &web_authority(&lower, authority)?;
        if matches_with_path(path) {
            form += path;
        }
    } else {
        form += rest;
    }
    if form == pattern {
        return Ok(());
    }
    Err(would_match_nothing(&form))
}

/// Whether URLs of this scheme contain a page themselves.
fn is_inline(scheme: &str) -> bool {
    let url = format!("{scheme}://a");
    !scheme.contains(['*', '?']) && !TrustedOrigins::new(vec![url.clone()]).trusts_origin(&url)
}

fn never_trusted(scheme: &str) -> String {
    format!("is never trusted: URLs of `{scheme}:` contain a page themselves")
}

/// Returns the host and the port in the form of browsers.
fn web_authority(scheme: &str, authority: &str) -> Result<String, String> {
    let port = authority
        .rfind(':')
        .filter(|colon| !authority.get(*colon..).is_some_and(|port| port.contains(']')));
    let (host, port) = authority.split_at(port.unwrap_or(authority.len()));
    let host = if host.starts_with('[') {
        host.to_lowercase()
    } else {
        let labels = host.split('.').map(label);
        labels.collect::<Result<Vec<_>, _>>()?.join(".")
    };
    let is_omitted = port == ":" || DEFAULT_PORTS.contains(&(scheme, port));
    let number = port.strip_prefix(':').unwrap_or_default();
    if !is_omitted && !port.is_empty() && !number.contains(['*', '?']) && !is_port(number) {
        return Err(format!("would match nothing: \"{number}\" is not a port"));
    }
    Ok(host + if is_omitted { "" } else { port })
}

/// Returns a label of a host in the form of browsers.
fn label(label: &str) -> Result<String, String> {
    if label.contains(['*', '?']) {
        if !label.is_ascii() {
            return Err(format!(
                "would match nothing: write \"{label}\" in the ASCII form of international names, or as `*`"
            ));
        }
        return Ok(label.to_ascii_lowercase());
    }
    // A label of only digits would be read as an IPv4 address.
    if label.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(label.to_owned());
    }
    let url = Url::parse(&format!("https://{label}.test"));
    let host = url.ok().and_then(|url| Some(url.host_str()?.to_owned()));
    let ascii = host.and_then(|host| Some(host.strip_suffix(".test")?.to_owned()));
    ascii.ok_or_else(|| format!("would match nothing: \"{label}\" is not part of a host"))
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port.to_string() == text)
}

/// Whether a pattern for origins can match with this path. Only `**` matches the missing path of an origin.
fn matches_with_path(path: &str) -> bool {
    TrustedOrigins::new(vec![format!("http*://a{path}")]).trusts_origin("https://a")
}

fn would_match_nothing(form: &str) -> String {
    format!("would match nothing: write \"{form}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_can_never_match_is_refused_with_the_form_that_works() {
        for (pattern, form) in [
            ("https://app.example.com/", "https://app.example.com"),
            ("https://APP.example.com", "https://app.example.com"),
            ("https://app.example.com:443", "https://app.example.com"),
            ("http://localhost:80", "http://localhost"),
            ("HTTPS://app.example.com", "https://app.example.com"),
            ("https://app.example.com/sign-in", "https://app.example.com"),
            ("https://münchen.example", "https://xn--mnchen-3ya.example"),
            ("https://*.x.com/", "https://*.x.com"),
            ("https://*.x.com/app", "https://*.x.com"),
            ("https://*.x.com/*", "https://*.x.com"),
            ("https://*.X.com", "https://*.x.com"),
            ("https://*.x.com:443", "https://*.x.com"),
            ("https://*.x.com:443/", "https://*.x.com"),
            ("https://*.x.com:", "https://*.x.com"),
            ("http://*.x.com:80", "http://*.x.com"),
            ("HTTPS://*.x.com", "https://*.x.com"),
            ("https://*.münchen.example", "https://*.xn--mnchen-3ya.example"),
            ("*.X.com", "*.x.com"),
            ("*.x.com/", "*.x.com"),
            ("MYAPP://", "myapp://"),
            ("MyApp://callback", "myapp://callback"),
            ("MYAPP://*", "myapp://*"),
            ("EXP://*/**", "exp://*/**"),
            ("myapp://a b".replace(' ', "\u{e9}").as_str(), "myapp://a%C3%A9b"),
            ("myapp://host/../a", "myapp://host/a"),
        ] {
            assert_eq!(
                check(pattern),
                Err(format!("would match nothing: write \"{form}\"")),
                "{pattern}"
            );
            assert_eq!(check(form), Ok(()), "{form}");
        }
    }

    #[test]
    fn a_pattern_without_a_form_that_works_is_refused() {
        for pattern in [
            "example.com",
            "localhost:3000",
            "app",
            "https://",
            "https://a b.com",
            "https://me@x.com",
            "https://*.x.com#a",
            "https://*.x.com:99999",
            "https://*.x.com:port",
            "https://*.x y.com",
            "https://*.x%.com",
            "https://*\\.x.com",
            "javascript://",
            "javascript://*",
            "DATA://?",
            "https://{a,b}.x.com",
            "https://*.{a,b}.com",
            "data://x",
        ] {
            assert!(check(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_can_match_is_accepted() {
        for pattern in [
            "https://app.example.com",
            "http://localhost:3000",
            "http://[::1]:3000",
            "https://*.x.com",
            "https://*.x.com/**",
            "https://*.x.com:*",
            "https://*.x.com:8443",
            "https://*.x.com:84??",
            "http://*.x.com:443",
            "http://10.0.0.*:3000",
            "http://[::*]:3000",
            "http*://*.x.com",
            "*.x.com",
            "*.x.com:443",
            "*",
            "**",
            "https://?.x_y.com",
            "myapp://",
            "myapp://callback",
            "myapp://Callback/Done",
            "myapp://*",
            "my*://*",
            "exp://10.0.0.*:*/*",
            "exp://*/**",
            "file://",
            "file:///android_asset",
            "com.example.app://oauth",
            "null",
        ] {
            assert_eq!(check(pattern), Ok(()), "{pattern}");
        }
    }
}
