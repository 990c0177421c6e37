//! Owners of the sites that a pattern of trusted origins matches.

use portcullis_domain::glob::Glob;
use psl::Type;

use crate::config::mode::is_loopback_host;

/// Labels below which hosting services give names to their customers, as in `up.railway.app` and `a.run.app`. Each also
/// matches a wildcard of the list of public suffixes, such as `*.ck`. The list can be queried, but not enumerated.
const SAMPLES: [&str; 6] = ["a", "app", "cloudapp", "id", "s3", "up"];

/// The owners of the sites that a pattern matches.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Sites of any host.
    Everyone,
    /// Sites of everyone who registers a name below this public suffix.
    Suffix(String),
    /// Sites of those customers of this hosting service who register a name of the pattern's form.
    Customers(String),
    /// Every host below this top-level domain, which is not on the list of public suffixes.
    Unlisted(String),
    /// Sites that only the owner of the pattern's domain can have, or no web sites.
    Own,
}

impl Reach {
    /// Returns whose sites `pattern` matches. The end of the host after its last wildcard decides: only that is the
    /// same in all hosts that match.
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

/// Whether a pattern matches http origins other than those of this machine.
pub(super) fn includes_plain_http(pattern: &str) -> bool {
    let (scheme, host) = parts(pattern);
    let is_local = host == "*.localhost" || is_loopback_host(host);
    matches(scheme, "http") && !host.is_empty() && !is_local
}

fn matches(scheme: &str, web: &str) -> bool {
    Glob::new(scheme).matches(web)
}

/// Returns the scheme and the host of a pattern. A pattern without a scheme matches http and https.
fn parts(pattern: &str) -> (&str, &str) {
    let (scheme, rest) = pattern.split_once("://").unwrap_or(("http*", pattern));
    let authority = rest.split('/').next().unwrap_or_default();
    let has_port = |(_, port): &(&str, &str)| !port.contains(']');
    let host = authority.rsplit_once(':').filter(has_port);
    (scheme, host.map_or(authority, |(host, _)| host))
}

/// Returns the reach of a pattern that ends with a wildcard, a dot and `domain`.
fn below(start: &str, domain: &str) -> Reach {
    if domain == "localhost" {
        return Reach::Own;
    }
    let suffix = Suffix::of(domain);
    if suffix.is_known {
        // Does the label before the suffix consist of wildcards only, or does it contain letters?
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

/// Returns the reach of a pattern with a wildcard directly before `end`: in hosts that match, the first label of `end`
/// may be longer, or other labels may precede it.
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

/// The entry of a domain in the list of public suffixes.
struct Suffix {
    /// Whether the list contains it, by a rule of its own.
    is_known: bool,
    /// Whether it belongs to a hosting service, not to a registry.
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
    fn a_pattern_whose_host_has_no_fixed_end_matches_every_site() {
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
    fn a_pattern_below_a_public_suffix_matches_sites_of_others() {
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
    fn a_pattern_below_an_own_domain_or_outside_the_web_matches_no_site_of_others() {
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
    fn plain_http_is_detected_unless_the_host_is_this_machine() {
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
