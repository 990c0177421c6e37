//! Origins that a deployment trusts, and checks of URLs against them.
//!
//! The rules are Better Auth's, with three differences: a text that browsers cannot parse as a URL is never trusted, a
//! wildcard matches only within the part of the URL that contains it, and the whole authority of a custom scheme is
//! compared.

mod pattern;

use url::Url;

use pattern::Pattern;

/// Schemes that are never trusted: they run or show content of the URL itself or of the local machine.
const INLINE_SCHEMES: [&str; 6] = ["about", "blob", "data", "file", "javascript", "vbscript"];

/// The origins that a deployment trusts: its own and those that it lists.
#[derive(Clone, Debug, Default)]
pub struct TrustedOrigins {
    patterns: Vec<Pattern>,
}

impl TrustedOrigins {
    /// Trusts what these patterns match:
    ///
    /// * `https://app.example.com`: this origin, in the form that browsers send;
    /// * `https://*.example.com`: every matching origin; `*` is any run of characters and `?` is one character;
    /// * `*.example.com`: every HTTP or HTTPS origin whose host (and port) matches;
    /// * `myapp://`, `myapp://host`, `exp://10.0.0.*:*/**`: a custom scheme, optionally with authority and path.
    #[must_use]
    pub fn new(patterns: Vec<String>) -> Self {
        Self {
            patterns: patterns.into_iter().map(Pattern::parse).collect(),
        }
    }

    /// Also trusts the origin of this URL.
    #[must_use]
    pub fn with_own_origin(mut self, url: &Url) -> Self {
        self.patterns
            .push(Pattern::parse(url.origin().ascii_serialization()));
        self
    }

    /// Whether the value of an `Origin` or `Referer` header is trusted. Relative URLs are not.
    #[must_use]
    pub fn trusts_origin(&self, origin: &str) -> bool {
        // Fast path: a browser's `Origin` nearly always equals a listed one.
        self.patterns.iter().any(|pattern| pattern.is(origin))
            || Url::parse(origin).is_ok_and(|url| self.trusts(&url))
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
            self.trusts_origin(url)
        }
    }

    fn trusts(&self, url: &Url) -> bool {
        !INLINE_SCHEMES.contains(&url.scheme()) && self.patterns.iter().any(|pattern| pattern.matches(url))
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
mod tests;
