//! Options of the server.

mod limits;
mod pages;

use std::{thread, time::Duration};

use ipnet::IpNet;
use portcullis_domain::{additional::FieldSchema, origin::TrustedOrigins};
use url::Url;

pub use self::{limits::Limits, pages::Pages};
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
