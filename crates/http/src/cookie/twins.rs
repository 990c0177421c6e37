//! Cookies of the same name and another domain, which remain in browsers when a deployment changes the domain.
//!
//! A browser sends them together with the current cookie, and the older one first.

use actix_web::http::header::HeaderMap;
use url::{Host, Url};

use super::{options::AttributeText, read};

/// The twins of cookies that a response sets or clears.
pub(super) struct Twins<'a> {
    request: &'a HeaderMap,
    base_url: &'a Url,
    /// The names whose twins are cleared already.
    taken: Vec<String>,
}

impl<'a> Twins<'a> {
    /// Finds twins of the cookies in this request to this server.
    pub(super) fn new(request: &'a HeaderMap, base_url: &'a Url) -> Self {
        Self {
            request,
            base_url,
            taken: Vec::new(),
        }
    }

    /// Returns the domains under which a cookie with this name and domain may have twins; `None` is only the host. The
    /// second call for a name returns none.
    ///
    /// A request does not contain the domains of its cookies. With a domain, its only cookie of the name may be the
    /// host's own. Without one, a single cookie is most likely the current one, and only a second one is a twin.
    /// Browsers ignore domains that they do not accept.
    pub(super) fn take(&mut self, name: &str, domain: Option<&AttributeText>) -> Vec<Option<AttributeText>> {
        let number = read::count(self.request, name);
        if number == 0 || self.taken.iter().any(|taken| taken == name) {
            return Vec::new();
        }
        self.taken.push(name.to_owned());
        let of_host = domain.map(|_| None);
        let of_parents = if number > 1 { self.domains() } else { Vec::new() };
        let others = of_parents.into_iter().filter(|other| Some(other) != domain);
        of_host.into_iter().chain(others.map(Some)).collect()
    }

    /// Returns the domains that contain the server's host, except for the last label.
    fn domains(&self) -> Vec<AttributeText> {
        let Some(Host::Domain(host)) = self.base_url.host() else {
            return Vec::new();
        };
        let mut domains = Vec::new();
        let mut rest = host;
        while let Some((_label, parent)) = rest.split_once('.') {
            domains.extend(AttributeText::parse(rest));
            rest = parent;
        }
        domains
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{COOKIE, HeaderValue};

    use super::*;

    fn taken(cookies: &'static str, domain: Option<&str>, base_url: &str) -> Vec<String> {
        let mut request = HeaderMap::new();
        request.insert(COOKIE, HeaderValue::from_static(cookies));
        let base_url = base_url.parse().unwrap();
        let domain = domain.and_then(AttributeText::parse);
        let mut twins = Twins::new(&request, &base_url);
        let found = twins.take("a", domain.as_ref());
        assert!(twins.take("a", domain.as_ref()).is_empty());
        let texts = found.into_iter().map(|domain| {
            let domain = domain.map(|domain| domain.as_str().to_owned());
            domain.unwrap_or_else(|| "the host".to_owned())
        });
        texts.collect()
    }

    #[test]
    fn a_cookie_with_a_domain_may_have_the_hosts_own_as_its_twin() {
        let base_url = "https://auth.example.com";
        let domain = Some("example.com");
        assert_eq!(taken("b=1", domain, base_url), [""; 0]);
        assert_eq!(taken("a=1", domain, base_url), ["the host"]);
        assert_eq!(
            taken("a=1; b=1; a=2", domain, base_url),
            ["the host", "auth.example.com"]
        );
    }

    #[test]
    fn a_second_cookie_of_a_name_may_have_any_domain_of_the_host() {
        let base_url = "https://auth.eu.example.com";
        assert_eq!(taken("a=1", None, base_url), [""; 0]);
        assert_eq!(
            taken("a=1; a=2", None, base_url),
            ["auth.eu.example.com", "eu.example.com", "example.com"]
        );
        for base_url in ["http://localhost:3000", "http://192.0.2.1", "http://[::1]:3000"] {
            assert_eq!(taken("a=1; a=2", None, base_url), [""; 0], "{base_url}");
        }
    }
}
