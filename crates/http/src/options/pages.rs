//! Options of the pages that browsers see.

/// Options of the pages that browsers see.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// The name of the application.
    pub app_name: String,
    /// Whether this server shows pages for developers: errors on its own page, and links at the root. If `false`, the
    /// front end's start page shows errors.
    pub is_development: bool,
    /// The page that shows errors instead of this server's own.
    pub error_url: Option<String>,
    /// The front end's start page, to which users are led if a link names no page.
    pub default_redirect_url: Option<String>,
}

impl Pages {
    /// Returns the start page: that of the front end, or the root of this server.
    pub(crate) fn start_page(&self) -> &str {
        self.default_redirect_url.as_deref().unwrap_or("/")
    }
}
