//! Whose sites a pattern of trusted origins matches.

use portcullis_domain::glob::Glob;
use psl::Type;

use crate::config::mode::is_loopback_host;

/// Labels below which hosting services give names to their customers, as in `up.railway.app` and `a.run.app`; any of
/// them meets a wildcard of the list, such as `*.ck`. The list can be asked, but not enumerated.
const SAMPLES: [&str; 6] = ["a", "app", "cloudapp", "id", "s3", "up"];

/// Whose sites a pattern matches.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Sites of any host.
    Everyone,
    /// Sites of everyone who registers a name below this public suffix.
    Suffix(String),
    /// Sites of those customers of this hosting service who register a name of the pattern's form.
    Customers(String),
    /// Every host below this top-level domain, which is not public as far as the list knows.
    Unlisted(String),
    /// Sites that only the owner of the pattern's domain can have, or none of the web.
    Own,
}

impl Reach {
    /// Returns whose sites `pattern` matches. What counts is the end of the host after its last wildcard: only that
    /// is the same in all hosts that match.
    pub(super) fn of(pattern: &str) -> Self {
        let (scheme, host) = parts(pattern);
        let is_web = ["http", "https"].iter().any(|web| matches(scheme, web));
        if !is_web || host.is_empty() {
            return Self::Own;
        }
        let host = host.trim_end_matches('.').to_lowercase();
        let Some(wildcard) = host.rfind(['*', '?']) else {
            return Self::Own;
        };
        let (start, end) = (host.get(..=wildcard), host.get(wildcard + 1..));
        let (start, end) = (start.unwrap_or_default(), end.unwrap_or_default());
        match end.strip_prefix('.') {
            Some(domain) => below(start, domain),
            None => beside(end),
        }
    }
}

/// Whether a pattern matches origins of http, apart from those of this machine.
pub(super) fn includes_plain_http(pattern: &str) -> bool {
    let (scheme, host) = parts(pattern);
    let is_local = host == "*.localhost" || is_loopback_host(host);
    matches(scheme, "http") && !host.is_empty() && !is_local
}

fn matches(scheme: &str, web: &str) -> bool {
    Glob::new(scheme).matches(web)
}

/// The scheme and the host of a pattern. Without a scheme, both of the web match.
fn parts(pattern: &str) -> (&str, &str) {
    let (scheme, rest) = pattern.split_once("://").unwrap_or(("http*", pattern));
    let authority = rest.split('/').next().unwrap_or_default();
    let has_port = |(_, port): &(&str, &str)| !port.contains(']');
    let host = authority.rsplit_once(':').filter(has_port);
    (scheme, host.map_or(authority, |(host, _)| host))
}

/// The reach of a pattern that ends with a wildcard and a dot before `domain`.
fn below(start: &str, domain: &str) -> Reach {
    if domain == "localhost" {
        return Reach::Own;
    }
    let suffix = Suffix::of(domain);
    if suffix.is_known {
        // What stands before the suffix: is it any label, or must it have letters of the pattern?
        let label = start.rsplit('.').next().unwrap_or_default();
        let is_any = label.chars().all(|letter| "*?".contains(letter));
        return if is_any || !suffix.is_of_service {
            Reach::Suffix(domain.to_owned())
        } else {
            Reach::Customers(domain.to_owned())
        };
    }
    if let Some(known) = SAMPLES
        .iter()
        .map(|label| format!("{label}.{domain}"))
        .find(|domain| Suffix::of(domain).is_known)
    {
        return Reach::Suffix(known);
    }
    if domain.contains('.') {
        Reach::Own
    } else {
        Reach::Unlisted(domain.to_owned())
    }
}

/// The reach of a pattern in which a wildcard stands directly before `end`: the first label of it may be longer, or
/// another label may come before it.
fn beside(end: &str) -> Reach {
    if Suffix::of(end).is_known {
        return Reach::Suffix(end.to_owned());
    }
    let Some((_, domain)) = end.split_once('.') else {
        return Reach::Everyone;
    };
    let suffix = Suffix::of(domain);
    match (suffix.is_known, suffix.is_of_service) {
        (true, true) => Reach::Customers(domain.to_owned()),
        (true, false) => Reach::Suffix(domain.to_owned()),
        (false, _) if !domain.contains('.') && domain != "localhost" => Reach::Unlisted(domain.to_owned()),
        (false, _) => Reach::Own,
    }
}

/// What the list of public suffixes says of a domain.
struct Suffix {
    /// Whether it is one of the list, by a rule of its own.
    is_known: bool,
    /// Whether it is a hosting service's, rather than a registry's.
    is_of_service: bool,
}

impl Suffix {
    fn of(domain: &str) -> Self {
        let found = psl::suffix(domain.as_bytes()).filter(|suffix| suffix.is_known() && *suffix == domain);
        Self {
            is_known: found.is_some(),
            is_of_service: found.and_then(|suffix| suffix.typ()) == Some(Type::Private),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suffix(domain: &str) -> Reach {
        Reach::Suffix(domain.to_owned())
    }

    fn customers(domain: &str) -> Reach {
        Reach::Customers(domain.to_owned())
    }

    fn unlisted(domain: &str) -> Reach {
        Reach::Unlisted(domain.to_owned())
    }

    #[test]
    fn a_pattern_without_a_fixed_end_of_the_host_reaches_everyone() {
        for pattern in [
            "*",
            "**",
            "*.*",
            "*:*",
            "https://*",
            "https://**",
            "http*://**",
            "*://*",
            "https://*:8443",
            "https://*/**",
            "https://example.*",
            "https://example.com*",
            "https://example.com*:443",
            "https://app-*",
            "http://10.0.0.*",
            "https://*-app",
            "https://?",
        ] {
            assert_eq!(Reach::of(pattern), Reach::Everyone, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_below_a_public_suffix_reaches_those_who_register_there() {
        for (pattern, reach) in [
            ("https://*.com", suffix("com")),
            ("*.co.uk", suffix("co.uk")),
            ("https://*.COM.", suffix("com")),
            ("https://**.vercel.app", suffix("vercel.app")),
            ("https://*.vercel.app", suffix("vercel.app")),
            ("https://*.*.vercel.app:*", suffix("vercel.app")),
            ("https://*vercel.app", suffix("vercel.app")),
            ("https://*.github.io", suffix("github.io")),
            ("https://*com", suffix("com")),
            ("https://*example.com", suffix("com")),
            ("https://shop?.com", suffix("com")),
            ("https://my-app-*.com", suffix("com")),
            ("https://*.railway.app", suffix("up.railway.app")),
            ("https://*.run.app", suffix("a.run.app")),
            ("https://*.ck", suffix("a.ck")),
            ("https://my-app-*.vercel.app", customers("vercel.app")),
            ("https://*-team.vercel.app", customers("vercel.app")),
            ("https://*.my-app-*.vercel.app", customers("vercel.app")),
            ("https://*.internal", unlisted("internal")),
            ("https://app-*.internal", unlisted("internal")),
            ("https://*-app.internal", unlisted("internal")),
        ] {
            assert_eq!(Reach::of(pattern), reach, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_below_a_domain_of_ones_own_or_outside_the_web_reaches_no_stranger() {
        for pattern in [
            "https://app.example.com",
            "https://*.example.com",
            "https://*-app.example.com",
            "*.example.com:*",
            "https://*.example.co.uk",
            "https://*.my-app.vercel.app",
            "https://*.auth.internal",
            "http://*.localhost:*",
            "http://localhost:*",
            "myapp://",
            "exp://*:*/**",
            "javascript://*",
        ] {
            assert_eq!(Reach::of(pattern), Reach::Own, "{pattern}");
        }
    }

    #[test]
    fn plain_http_is_seen_unless_the_host_is_this_machine() {
        for pattern in ["http://app.example.com", "*.example.com", "http*://*.example.com"] {
            assert!(includes_plain_http(pattern), "{pattern}");
        }
        for pattern in [
            "https://app.example.com",
            "http://localhost:3000",
            "http://localhost:*",
            "http://127.0.0.1:*",
            "http://[::1]:3000",
            "http://*.localhost",
            "myapp://",
        ] {
            assert!(!includes_plain_http(pattern), "{pattern}");
        }
    }
}
