//! Origins that a deployment trusts, and whether a URL leads to one of them.
//!
//! The rules are the reference's, save that what no browser can read as a URL is never trusted, that a wildcard
//! never reaches beyond the part of a URL in which it stands, and that a custom scheme's authority is compared
//! whole.

mod pattern;

use url::Url;

use pattern::Pattern;

/// Schemes that lead to no place but run or show what the URL itself says.
const INLINE_SCHEMES: [&str; 6] = ["about", "blob", "data", "file", "javascript", "vbscript"];

/// The origins that a deployment trusts: its own and those that it lists.
#[derive(Clone, Debug, Default)]
pub struct TrustedOrigins {
    patterns: Vec<Pattern>,
}

impl TrustedOrigins {
    /// Trusts what these patterns match:
    ///
    /// * `https://app.example.com`: this origin, as browsers write origins;
    /// * `https://*.example.com`: every origin of the form, where `*` is any run of characters and `?` is one;
    /// * `*.example.com`: the same by the host (and port) alone, on the web;
    /// * `myapp://`, `myapp://host`, `exp://10.0.0.*:*/**`: a custom scheme, narrowed by authority and path.
    #[must_use]
    pub fn new(patterns: Vec<String>) -> Self {
        Self {
            patterns: patterns.into_iter().map(Pattern::parse).collect(),
        }
    }

    /// Trusts the origin of this URL besides.
    #[must_use]
    pub fn with_own(mut self, url: &Url) -> Self {
        self.patterns
            .push(Pattern::parse(url.origin().ascii_serialization()));
        self
    }

    /// Whether the value of an `Origin` or `Referer` header is trusted. Never relative.
    #[must_use]
    pub fn trusts_origin(&self, origin: &str) -> bool {
        // A browser's `Origin` is nearly always one of those listed, to the letter.
        self.patterns.iter().any(|pattern| pattern.is(origin))
            || Url::parse(origin).is_ok_and(|url| self.trusts(&url))
    }

    /// Whether a redirect may lead to this URL: one of a trusted origin, or a path on our own. A backslash is a slash
    /// to browsers and none to others, who would take what stands before it for the name of a user.
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

/// Whether this is a path, perhaps with a query, in which nothing can be read in two ways: a second slash or a
/// backslash at its start would make it a host.
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
