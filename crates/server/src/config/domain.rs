//! Domains that cookies may be shared with.

use std::net::IpAddr;

use url::Url;

/// Returns why browsers would reject a cookie with this domain from `base_url`, or `None` if they would accept it.
pub(super) fn fault(domain: &str, base_url: &Url) -> Option<String> {
    let host = base_url.host_str().unwrap_or_default();
    // Browsers ignore a leading dot.
    let domain = domain.strip_prefix('.').unwrap_or(domain).to_ascii_lowercase();
    if !is_within(host, &domain) {
        return Some(format!(
            "is \"{domain}\", but the host of `base_url` is \"{host}\": browsers reject such cookies; use the host or a domain above it"
        ));
    }
    // A host such as localhost, which is not on the list, is only shared with itself.
    let is_own_name = domain == host && !is_listed(&domain);
    (is_public_suffix(&domain) && !is_own_name).then(|| {
        format!("is \"{domain}\", below which anyone can register a host: browsers reject such cookies; use a domain of your own")
    })
}

fn is_within(host: &str, domain: &str) -> bool {
    let is_above = || {
        let is_address = host.parse::<IpAddr>().is_ok() || host.starts_with('[');
        let rest = host.strip_suffix(domain);
        !domain.is_empty() && !is_address && rest.is_some_and(|rest| rest.ends_with('.'))
    };
    host == domain || is_above()
}

/// Whether a domain is a public suffix, by an entry of the list or by its default rule.
fn is_public_suffix(domain: &str) -> bool {
    psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix == domain)
}

fn is_listed(domain: &str) -> bool {
    psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix == domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_accepted_if_browsers_accept_its_cookies() {
        for (base_url, domain, is_good) in [
            ("https://auth.example.com", "example.com", true),
            ("https://auth.example.com", ".example.com", true),
            ("https://auth.example.com", "auth.example.com", true),
            ("https://auth.example.com", "Example.COM", true),
            ("https://auth.example.com", "com", false),
            ("https://auth.example.com", "ample.com", false),
            ("https://auth.example.com", "app.example.com", false),
            ("https://auth.example.com", "example.org", false),
            ("https://auth.example.com", "", false),
            ("https://auth.example.com", ".", false),
            ("https://mine.fly.dev", "fly.dev", false),
            ("https://mine.vercel.app", "vercel.app", false),
            ("https://mine.up.railway.app", "up.railway.app", false),
            ("https://mine.vercel.app", "mine.vercel.app", true),
            ("https://example.co.uk", "co.uk", false),
            ("https://fly.dev", "fly.dev", false),
            ("https://auth.internal", "internal", false),
            ("https://intranet", "intranet", true),
            ("http://localhost:3000", "localhost", true),
            ("http://app.localhost:3000", "localhost", false),
            ("http://127.0.0.1:3000", "127.0.0.1", true),
            ("http://127.0.0.1:3000", "0.0.1", false),
        ] {
            let fault = fault(domain, &Url::parse(base_url).unwrap());
            assert_eq!(fault.is_none(), is_good, "{base_url} {domain}: {fault:?}");
        }
    }
}
