//! Options of the HTTP server.

use portcullis_domain::origin::TrustedOrigins;
use portcullis_http::{Limits, Options};
use portcullis_persistence::DeclaredFields;
use url::Url;

use super::{
    address::{base_path, disabled_paths},
    bearer,
    cookies::{self, Site},
    jwt,
    mode::{Mode, is_loopback_url},
    number::{cores, optional_size, seconds, size},
    settings::Settings,
    trusted_origins, trusted_proxies,
};
use crate::features::TOKEN_KINDS;

/// The deployment's URL in development.
const DEVELOPMENT: &str = "http://localhost:3000";

/// Reads the options of the server. In production, `base_url` is required, and plain http must be allowed explicitly.
pub(super) fn read(
    settings: &mut Settings,
    mode: Mode,
    base_url: Option<Url>,
    fields: &DeclaredFields,
) -> Options {
    if mode == Mode::Production {
        check_address(settings, base_url.as_ref());
    }
    let mut base_url = base_url.unwrap_or_else(development_url);
    let base_path = base_path(settings, &base_url);
    base_url.set_path("");
    let is_secure = settings.boolean("advanced.use_secure_cookies");
    let site = Site {
        mode,
        base_url: &base_url,
        base_path: &base_path,
        is_secure: is_secure.unwrap_or(base_url.scheme() == "https"),
    };
    Options {
        cookies: cookies::read(settings, &site, TOKEN_KINDS),
        bearer: bearer::read(settings),
        jwks_path: jwt::jwks_path(settings, &base_path),
        user_fields: fields.user.clone(),
        session_fields: fields.session.clone(),
        disabled_paths: disabled_paths(settings, &base_path),
        base_path,
        trusted_origins: TrustedOrigins::new(trusted_origins::read(settings, mode, &base_url)),
        // wire: Better Auth shows its own page in development only.
        has_error_page: mode == Mode::Development,
        trusted_proxies: trusted_proxies::read(settings, mode),
        limits: limits(settings),
        connections: size(settings, "limits.connections"),
        workers: optional_size(settings, "limits.workers").unwrap_or_else(cores),
        drain: seconds(settings, "limits.drain_timeout"),
        base_url,
    }
}

#[expect(
    clippy::expect_used,
    reason = "the constant is a URL, as every test of development shows"
)]
fn development_url() -> Url {
    Url::parse(DEVELOPMENT).expect("a URL")
}

fn check_address(settings: &mut Settings, base_url: Option<&Url>) {
    let is_http_allowed = settings.boolean("advanced.use_secure_cookies") == Some(false);
    match base_url {
        Some(url) if url.scheme() == "http" && !is_http_allowed => settings.refuse(
            "base_url",
            "`base_url` must be https in production; if you mean plain http, set `advanced.use_secure_cookies = false`",
        ),
        None if !settings.is_given("base_url") => settings.refuse(
            "base_url",
            "`base_url` is required in production: set BETTER_AUTH_URL to the URL by which browsers reach the server",
        ),
        Some(url) if url.scheme() == "http" && !is_loopback_url(url) => settings.warn(
            "base_url",
            "`base_url` is http: passwords and session cookies are sent unencrypted to the server; use https",
        ),
        _ => {}
    }
}

fn limits(settings: &Settings) -> Limits {
    Limits {
        body: size(settings, "limits.body"),
        head: size(settings, "limits.head"),
        request: seconds(settings, "limits.request_timeout"),
        name: size(settings, "limits.name"),
        url: size(settings, "limits.url"),
        text: size(settings, "limits.text"),
        user_agent: size(settings, "limits.user_agent"),
    }
}
