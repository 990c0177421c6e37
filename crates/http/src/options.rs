//! Options of the server.

use std::{thread, time::Duration};

use ipnet::IpNet;
use portcullis_domain::{additional::FieldSchema, origin::TrustedOrigins};
use url::Url;

use crate::{cookie::CookieOptions, extract::client::AddressHeaders, origin::OriginHeaders, view::Presenter};

/// Connections that are accepted beyond the limit before one is closed.
const SPARE: usize = 16;

/// Options of the server.
#[derive(Clone, Debug)]
pub struct Options {
    /// The URL at which clients reach the server. Its origin is always trusted.
    pub base_url: Url,
    /// The path below which Better Auth's routes are, such as `/api/auth`; empty or `/` for none.
    pub base_path: String,
    /// Disabled paths, relative to the base path, as clients send them or as routes declare them.
    pub disabled_paths: Vec<String>,
    /// Other origins that may send requests with cookies, and to which redirects may lead.
    pub trusted_origins: TrustedOrigins,
    /// The headers in which requests name their origin.
    pub origin_headers: OriginHeaders,
    /// Names and attributes of the cookies.
    pub cookies: CookieOptions,
    /// The deployment's additional fields of users.
    pub user_fields: FieldSchema,
    /// The deployment's additional fields of sessions.
    pub session_fields: FieldSchema,
    /// The pages that browsers see.
    pub pages: Pages,
    /// The proxies that name the client's address.
    pub trusted_proxies: Vec<IpNet>,
    /// The headers in which they name it.
    pub address_headers: AddressHeaders,
    /// Limits of requests.
    pub limits: Limits,
    /// Maximum number of open connections.
    pub connections: usize,
    /// Number of threads that serve requests; zero for as many as there are cores.
    pub workers: usize,
    /// How long requests may continue after the server begins to stop.
    pub drain: Duration,
}

impl Options {
    /// Returns the origin of the server.
    #[must_use]
    pub fn origin(&self) -> String {
        self.base_url.origin().ascii_serialization()
    }

    /// Returns the URL below which Better Auth's routes are, without a slash at its end.
    #[must_use]
    pub fn routes_url(&self) -> String {
        self.origin() + self.base_path.trim_end_matches('/')
    }

    /// Returns the number of threads that serve requests.
    #[must_use]
    pub fn threads(&self) -> usize {
        if self.workers == 0 {
            thread::available_parallelism().map_or(1, usize::from)
        } else {
            self.workers
        }
    }

    /// Returns the maximum number of file descriptors that connections use: those that may be open, and a few that are
    /// being closed or have been accepted and are not counted yet.
    #[must_use]
    pub fn max_descriptors(&self) -> usize {
        self.connections + SPARE + 2 * self.threads()
    }

    /// Returns the presenter of users and sessions to clients.
    pub(crate) const fn presenter(&self) -> Presenter<'_> {
        Presenter::new(&self.user_fields, &self.session_fields)
    }
}

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

/// Limits of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Maximum bytes of a body.
    pub body: usize,
    /// Maximum bytes of a request line and its headers.
    pub head: usize,
    /// Maximum time until the response.
    pub request: Duration,
    /// How much more time a request has if it may wait for providers of sign-ins.
    pub providers: Duration,
    /// How much more time a request has if a feature may ask another server about it or about a new password.
    pub checks: Duration,
    /// Maximum code points of a name.
    pub name: usize,
    /// Maximum code points of a URL.
    pub url: usize,
    /// Maximum code points of any other text.
    pub text: usize,
    /// Maximum bytes of a user agent that are stored.
    pub user_agent: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 64 * 1024,
            head: 16 * 1024,
            request: Duration::from_secs(5),
            providers: Duration::from_secs(40),
            checks: Duration::ZERO,
            name: 256,
            url: 2048,
            text: 4096,
            user_agent: 512,
        }
    }
}
