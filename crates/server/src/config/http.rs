//! Options of the HTTP server.

use std::{thread, time::Duration};

use portcullis_domain::origin::TrustedOrigins;
use portcullis_http::{Limits, Listen, Options};
use portcullis_persistence::DeclaredFields;
use url::Url;

use super::{
    address::{BASE_URL, base_path, development_url, disabled_paths},
    cookies::{self, Site, USE_SECURE_COOKIES},
    declare::{BYTES, SECONDS, number},
    feature_origins,
    key::{Declaration, Key, Range},
    mode::{Mode, is_loopback_url},
    pages,
    settings::Settings,
    social_providers, trusted_origins, trusted_proxies,
};
use crate::features::TOKEN_KINDS;

const BODY: Key<usize> = number(
    "limits.body",
    Range::new(1024, 16_777_216, BYTES),
    "Maximum size of a request body; 413 above.",
)
.or("65536");
const HEAD: Key<usize> = number(
    "limits.head",
    Range::new(1024, 65_536, BYTES),
    "Maximum size of a request's line and headers; 431 above.",
)
.or("16384");
const NAME: Key<usize> = number(
    "limits.name",
    Range::new(1, 4096, "code points"),
    "Maximum length of a name; 400 above.",
)
.or("256");
const URL: Key<usize> = number(
    "limits.url",
    Range::new(64, 65_536, "code points"),
    "Maximum length of a URL in a field; 400 above.",
)
.or("2048");
const TEXT: Key<usize> = number(
    "limits.text",
    Range::new(64, 65_536, "code points"),
    "Maximum length of any other text field; 400 above.",
)
.or("4096");
const USER_AGENT: Key<usize> = number(
    "limits.user_agent",
    Range::new(0, 4096, BYTES),
    "Maximum stored length of the user agent; the rest is cut off.",
)
.or("512");
pub(super) const REQUEST_TIMEOUT: Key<Duration> = number(
    "limits.request_timeout",
    Range::new(1, 300, SECONDS),
    "How long a request may take; 503 after that. Requests that wait for providers of sign-ins may take longer: see `oauth_client.timeout`.",
)
.or("5");
const DRAIN_TIMEOUT: Key<Duration> = number(
    "limits.drain_timeout",
    Range::new(0, 600, SECONDS),
    "How long requests in flight may take to finish after SIGTERM.",
)
.or("30");
const CONNECTIONS: Key<usize> = number("limits.connections", Range::new(1, 1_000_000, "connections"), "Maximum number of client connections; fewer if the limit of open files allows fewer. When another client connects, the connection that has been idle longest is closed. If all are busy, the new one is closed.").or("10000");
const WORKERS: Key<Option<usize>> = number(
    "limits.workers",
    Range::new(1, 1024, "threads"),
    "Number of threads that serve requests.",
)
.otherwise("the number of cores");

/// The keys, in the order of the documentation.
pub(super) const LIMIT_KEYS: &[&Declaration] = &[
    &BODY.declaration,
    &HEAD.declaration,
    &NAME.declaration,
    &URL.declaration,
    &TEXT.declaration,
    &USER_AGENT.declaration,
    &REQUEST_TIMEOUT.declaration,
    &DRAIN_TIMEOUT.declaration,
    &CONNECTIONS.declaration,
    &WORKERS.declaration,
];

/// Reads the options of the server. In production, `base_url` is required, and plain http must be allowed explicitly.
pub(super) fn read(
    settings: &mut Settings,
    mode: Mode,
    base_url: Option<Url>,
    bind: &[Listen],
    fields: &DeclaredFields,
) -> Options {
    if mode == Mode::Production {
        check_address(settings, base_url.as_ref());
    }
    let mut base_url = base_url.unwrap_or_else(|| development_url(bind));
    let base_path = base_path(settings, &base_url);
    base_url.set_path("");
    let is_secure = settings.get(&USE_SECURE_COOKIES);
    let site = Site {
        mode,
        base_url: &base_url,
        base_path: &base_path,
        is_secure: is_secure.unwrap_or(base_url.scheme() == "https"),
    };
    let of_features = feature_origins::read(settings, mode);
    let mut origins = trusted_origins::read(settings, mode);
    origins.extend(of_features.trusted);
    Options {
        cookies: cookies::read(settings, &site, TOKEN_KINDS),
        user_fields: fields.user.clone(),
        session_fields: fields.session.clone(),
        disabled_paths: disabled_paths(settings, &base_path),
        base_path,
        trusted_origins: TrustedOrigins::new(origins).with_own_origin(&base_url),
        origin_headers: of_features.headers,
        pages: pages::read(settings, mode, &base_url),
        trusted_proxies: trusted_proxies::read(settings, mode),
        address_headers: trusted_proxies::headers(settings, mode),
        limits: limits(settings),
        connections: settings.get(&CONNECTIONS),
        workers: settings.get(&WORKERS).unwrap_or_else(cores),
        drain: settings.get(&DRAIN_TIMEOUT),
        base_url,
    }
}

fn check_address(settings: &mut Settings, base_url: Option<&Url>) {
    let is_http_allowed = settings.get(&USE_SECURE_COOKIES) == Some(false);
    match base_url {
        Some(url) if url.scheme() == "http" && !is_http_allowed => settings.refuse(
            &BASE_URL,
            "`base_url` must be https in production; if you mean plain http, set `advanced.use_secure_cookies = false`",
        ),
        None if !settings.is_given(&BASE_URL) => settings.refuse(
            &BASE_URL,
            "`base_url` is required in production: set BETTER_AUTH_URL to the URL by which browsers reach the server",
        ),
        Some(url) if url.scheme() == "http" && !is_loopback_url(url) => settings.warn(
            &BASE_URL,
            "`base_url` is http: passwords and session cookies are sent unencrypted to the server; use https",
        ),
        _ => {}
    }
}

fn limits(settings: &Settings) -> Limits {
    Limits {
        body: settings.get(&BODY),
        head: settings.get(&HEAD),
        request: settings.get(&REQUEST_TIMEOUT),
        providers: social_providers::client::provider_time(settings),
        // The time of each feature is added when its options are read.
        checks: Duration::ZERO,
        name: settings.get(&NAME),
        url: settings.get(&URL),
        text: settings.get(&TEXT),
        user_agent: settings.get(&USER_AGENT),
    }
}

/// Returns the number of available cores.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
