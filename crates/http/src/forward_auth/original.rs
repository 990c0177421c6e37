//! The request that a proxy asks about. It determines the answer to a client without a session, and never whether a
//! client may pass.

use actix_web::{
    HttpRequest,
    http::header::{self, HeaderMap},
};
use url::Url;

use crate::options::Options;

/// Headers in which nginx's configurations name the whole URL, or its path and query.
const ORIGINAL_URL: &str = "x-original-url";
const ORIGINAL_URI: &str = "x-original-uri";
/// The header in which Caddy and Traefik name the path and the query.
const FORWARDED_URI: &str = "x-forwarded-uri";
/// Headers that name the method.
const METHODS: [&str; 2] = ["x-original-method", "x-forwarded-method"];

/// The request that a proxy asks about.
pub(super) struct Original<'a> {
    request: &'a HttpRequest,
    /// The original path, if the proxy appends it to the path of the check, as Envoy does. Empty otherwise.
    tail: &'a str,
}

impl<'a> Original<'a> {
    pub(super) const fn new(request: &'a HttpRequest, tail: &'a str) -> Self {
        Self { request, tail }
    }

    /// Returns whether a browser opens a page.
    pub(super) fn is_page(&self) -> bool {
        let named = METHODS.iter().find_map(|name| self.single(name));
        let method = named.unwrap_or(self.request.method().as_str());
        let mut accepted = self.headers().get_all(header::ACCEPT);
        let accepts_pages = accepted.any(|line| {
            let line = line.to_str().unwrap_or_default().to_ascii_lowercase();
            line.split(',').any(|range| range.trim().starts_with("text/html"))
        });
        matches!(method, "GET" | "HEAD") && accepts_pages
    }

    /// Returns whether the proxy passes redirects on to the client. nginx does not; its configurations are recognized
    /// by the headers in which they name the URL.
    pub(super) fn is_passed_by_redirects(&self) -> bool {
        let is_nginx = |name: &&str| self.headers().contains_key(*name);
        ![ORIGINAL_URL, ORIGINAL_URI].iter().any(is_nginx)
    }

    /// Returns the URL of the request if it is of a trusted origin.
    pub(super) fn url(&self, options: &Options) -> Option<Url> {
        let text = self.text(options)?;
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let url = Url::parse(&text).ok().filter(|_| is_plain)?;
        let is_web = matches!(url.scheme(), "http" | "https");
        let has_user = !url.username().is_empty() || url.password().is_some();
        let is_short = url.as_str().len() <= options.limits.url;
        let is_good =
            is_web && !has_user && is_short && options.trusted_origins.trusts_redirect(url.as_str());
        is_good.then_some(url)
    }

    /// Returns the URL as the proxy names it.
    fn text(&self, options: &Options) -> Option<String> {
        if let Some(url) = self.single(ORIGINAL_URL) {
            return Some(url.to_owned());
        }
        let mut names = [ORIGINAL_URI, FORWARDED_URI].into_iter();
        let uri = match names.find_map(|name| self.single(name)) {
            Some(uri) => uri.to_owned(),
            None => self.appended()?,
        };
        let host = self
            .single("x-forwarded-host")
            .or_else(|| self.single(header::HOST.as_str()))?;
        let scheme = self.single("x-forwarded-proto");
        let scheme = scheme.unwrap_or_else(|| options.base_url.scheme());
        // The URI must not become a part of the host, nor the host a part of the path.
        let is_separate = uri.starts_with('/') && !host.contains(['/', '?', '#', '@']);
        is_separate.then(|| format!("{scheme}://{host}{uri}"))
    }

    /// Returns the path and the query that the proxy has appended to the path of the check.
    fn appended(&self) -> Option<String> {
        let query = self.request.query_string();
        match query {
            _ if self.tail.is_empty() => None,
            "" => Some(self.tail.to_owned()),
            query => Some(format!("{}?{query}", self.tail)),
        }
    }

    /// Returns the value of a header that the request has once.
    fn single(&self, name: &str) -> Option<&'a str> {
        let mut lines = self.headers().get_all(name);
        let line = lines.next()?;
        let text = line.to_str().ok().filter(|text| !text.is_empty());
        text.filter(|_| lines.next().is_none())
    }

    fn headers(&self) -> &'a HeaderMap {
        self.request.headers()
    }
}
