//! How the server is to behave.

use std::{thread, time::Duration};

use ipnet::IpNet;
use portcullis_domain::{additional::FieldSchema, origin::TrustedOrigins};
use url::Url;

use crate::{
    cookie::{BearerOptions, CookieOptions},
    view::Presenter,
};

/// How many connections are accepted beyond those that may be open, before any is closed.
const SPARE: usize = 16;

/// How the server is to behave.
#[derive(Clone, Debug)]
pub struct Options {
    /// The origin at which clients see the server; it is always trusted.
    pub base_url: Url,
    /// The path under which the reference's routes stand, such as `/api/auth`; empty or `/` for none.
    pub base_path: String,
    /// Paths below the base path at which nothing is to be found, as they stand in requests.
    pub disabled_paths: Vec<String>,
    /// Who else may send requests with cookies, and where redirects may lead.
    pub trusted_origins: TrustedOrigins,
    /// What cookies are called, and how browsers are to treat them.
    pub cookies: CookieOptions,
    /// How clients may present their sessions without a cookie; none: they may not.
    pub bearer: Option<BearerOptions>,
    /// Below the base path, where the keys are published that verify our JWTs.
    pub jwks_path: String,
    /// What the deployment keeps of users besides.
    pub user_fields: FieldSchema,
    /// What the deployment keeps of sessions besides.
    pub session_fields: FieldSchema,
    /// Whether what went wrong is told on a page of ours; otherwise the front end's first page is to tell it.
    pub has_error_page: bool,
    /// The proxies whose word about a client's address counts.
    pub trusted_proxies: Vec<IpNet>,
    /// How much a request may ask for.
    pub limits: Limits,
    /// How many connections clients may have open at once.
    pub connections: usize,
    /// How many threads serve requests; zero for as many as there are cores.
    pub workers: usize,
    /// How long requests may go on once the server is to stop.
    pub drain: Duration,
}

impl Options {
    /// How many threads serve requests.
    #[must_use]
    pub fn threads(&self) -> usize {
        if self.workers == 0 {
            thread::available_parallelism().map_or(1, usize::from)
        } else {
            self.workers
        }
    }

    /// The most file descriptors that connections take: beside those that may be open, a few that are being closed,
    /// or have been accepted and not yet counted.
    #[must_use]
    pub fn most_descriptors(&self) -> usize {
        self.connections + SPARE + 2 * self.threads()
    }

    /// Shows users and sessions as clients may see them.
    pub(crate) const fn presenter(&self) -> Presenter<'_> {
        Presenter::new(&self.user_fields, &self.session_fields)
    }
}

/// How much a request may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of a body.
    pub body: usize,
    /// The most bytes of a request line and its headers.
    pub head: usize,
    /// The longest time until an answer.
    pub request: Duration,
    /// The most code points of a name.
    pub name: usize,
    /// The most code points of a URL.
    pub url: usize,
    /// The most code points of any other text.
    pub text: usize,
    /// The most bytes that are kept of a user agent.
    pub user_agent: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 64 * 1024,
            head: 16 * 1024,
            request: Duration::from_secs(5),
            name: 256,
            url: 2048,
            text: 4096,
            user_agent: 512,
        }
    }
}
