//! Origins that a deployment trusts, and checks of URLs against them.
//!
//! The rules are Better Auth's, with three differences: a text that browsers cannot parse as a URL is never trusted, a
//! wildcard matches only within the part of the URL that contains it, and the authority and the path segments of a
//! custom scheme are compared as a whole.

mod parts;
mod pattern;
mod wildcard;

use url::Url;

use pattern::Pattern;

/// Schemes that are never trusted: they run or show content of the URL itself.
const INLINE_SCHEMES: [&str; 5] = ["about", "blob", "data", "javascript", "vbscript"];

/// The origins that a deployment trusts: its own and those that it lists.
#[derive(Clone, Debug, Default)]
pub struct TrustedOrigins {
    listed: Vec<Pattern>,
    own: Option<Pattern>,
}

impl TrustedOrigins {
    /// Creates the set of the origins that these patterns match:
    ///
    /// * `https://app.example.com`: this origin, in the form that browsers send;
    /// * `https://*.example.com`: every matching origin; `*` is any run of characters and `?` is one character;
    /// * `*.example.com`: every HTTP or HTTPS origin whose host (and port) matches;
    /// * `myapp://`, `myapp://host`, `myapp://host/path`: a custom scheme, and all URLs below this authority and path;
    /// * `myapp://*`, `exp://10.0.0.*:*/**`: a custom scheme with wildcards. `*` matches within one segment of the path
    ///   and `**` any number of segments;
    /// * `null`: pages that have no origin, such as those in a sandboxed frame.
    #[must_use]
    pub fn new(patterns: Vec<String>) -> Self {
        Self {
            listed: patterns.into_iter().map(Pattern::parse).collect(),
            own: None,
        }
    }

    /// Also trusts the origin of this URL, the deployment's own.
    #[must_use]
    pub fn with_own_origin(self, url: &Url) -> Self {
        let origin = url.origin();
        // A URL without an origin would be the pattern `null`.
        let own = origin.is_tuple().then(|| origin.ascii_serialization());
        Self {
            own: own.map(Pattern::parse),
            ..self
        }
    }

    /// Returns the patterns: those that are listed, then the deployment's own origin.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.all().map(Pattern::text)
    }

    /// Whether the value of an `Origin` or `Referer` header is trusted. Relative URLs are not.
    #[must_use]
    pub fn trusts_origin(&self, origin: &str) -> bool {
        // Fast path: a browser's `Origin` nearly always equals a listed one.
        self.all().any(|pattern| pattern.is(origin)) || self.trusts_url(origin)
    }

    /// Whether the deployment's own origin is also listed.
    #[must_use]
    pub fn lists_own(&self) -> bool {
        let own = self.own.as_ref().and_then(|own| Url::parse(own.text()).ok());
        own.is_some_and(|own| self.listed.iter().any(|pattern| pattern.matches(&own)))
    }

    /// Whether a redirect to this URL is allowed: a URL of a trusted origin, or a path on our own. URLs with
    /// backslashes are rejected: browsers treat a backslash as a slash, but other parsers read the text before it as a
    /// user name.
    #[must_use]
    pub fn trusts_redirect(&self, url: &str) -> bool {
        if url.contains('\\') {
            false
        } else if url.starts_with('/') {
            is_plain_path(url)
        } else {
            self.trusts_url(url)
        }
    }

    fn trusts_url(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| self.trusts(&url))
    }

    /// Whether this is a URL of an application whose scheme a pattern names. Pages are no applications, and a pattern
    /// with a wildcard in its scheme names none: every application may register a scheme that it matches.
    #[must_use]
    pub fn trusts_app(&self, url: &Url) -> bool {
        let is_page = matches!(url.scheme(), "file" | "http" | "https");
        let is_inline = INLINE_SCHEMES.contains(&url.scheme());
        let mut of_apps = self.listed.iter().filter(|pattern| pattern.names_scheme());
        !is_page && !is_inline && of_apps.any(|pattern| pattern.matches(url))
    }

    fn trusts(&self, url: &Url) -> bool {
        !INLINE_SCHEMES.contains(&url.scheme()) && self.all().any(|pattern| pattern.matches(url))
    }

    fn all(&self) -> impl Iterator<Item = &Pattern> {
        self.listed.iter().chain(&self.own)
    }
}

/// Whether this is an unambiguous path, with an optional query. A second slash or a backslash at its start would begin
/// a host.
fn is_plain_path(url: &str) -> bool {
    let Some(rest) = url.strip_prefix('/') else {
        return false;
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let all = |text: &str, marks: &[u8]| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || marks.contains(&byte))
    };
    !path.starts_with('/') && all(path, b"_-.+/@") && all(query, b"_-.+/=&%@")
}

#[cfg(test)]
mod apps;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod tests;
