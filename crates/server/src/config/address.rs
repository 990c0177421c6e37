//! The addresses that the server listens on, and the URL by which browsers reach it.

use std::net::{Ipv4Addr, SocketAddr};

use portcullis_http::Listen;
use url::Url;

use super::{
    declare::{list, text},
    key::{Declaration, Key},
    path::check_endpoint,
    settings::Settings,
};

pub(super) const BIND: Key<Vec<String>> =
    list("bind", "Addresses to listen on: `ADDRESS:PORT` or `unix:/PATH`.").or("127.0.0.1:3000");
pub(super) const BASE_URL: Key<Option<String>> = text(
    "base_url",
    "URL by which browsers reach the server. A path in it replaces `base_path`.",
)
.otherwise("`http://localhost:3000` in development; required in production");
const BASE_PATH: Key<String> = text("base_path", "Prefix of the endpoints' paths.").or("/api/auth");
const DISABLED_PATHS: Key<Vec<String>> = list(
    "disabled_paths",
    "Endpoints to disable, as paths below the base path: 404 `Not Found`.",
)
.or("");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &BIND.declaration,
    &BASE_URL.declaration,
    &BASE_PATH.declaration,
    &DISABLED_PATHS.declaration,
];

/// Returns the addresses to listen on. Invalid entries are refused and left out.
pub(super) fn bind(settings: &mut Settings) -> Vec<Listen> {
    let entries = settings.get(&BIND);
    if entries.is_empty() {
        settings.refuse(&BIND, "`bind` must name at least one address to listen on");
    }
    let mut bind = Vec::with_capacity(entries.len());
    for entry in entries {
        match listen(&entry) {
            Some(listen) => bind.push(listen),
            None => settings.refuse(
                &BIND,
                format!("`bind`: \"{entry}\" is neither ADDRESS:PORT, such as 0.0.0.0:3000 or [::]:3000, nor unix:/PATH"),
            ),
        }
    }
    bind
}

fn listen(entry: &str) -> Option<Listen> {
    if let Some(path) = entry.strip_prefix("unix:") {
        return path.starts_with('/').then(|| Listen::Unix(path.into()));
    }
    if let Some(port) = entry.strip_prefix("localhost:") {
        let port = port.parse().ok()?;
        return Some(Listen::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, port))));
    }
    entry.parse().ok().map(Listen::Tcp)
}

/// Returns the deployment's URL, or `None` if it is not given or invalid.
pub(super) fn base_url(settings: &mut Settings) -> Option<Url> {
    let text = settings.get(&BASE_URL)?;
    let url = Url::parse(&text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    if url.is_none() {
        settings.refuse(
            &BASE_URL,
            "`base_url` must be an http or https URL without user, query and fragment, such as https://auth.example.com",
        );
    }
    url
}

/// Returns the prefix of the endpoints' paths: the path of `base_url` if it has one, else `base_path`. The root is the
/// empty string.
pub(super) fn base_path(settings: &mut Settings, base_url: &Url) -> String {
    let replacement = base_url.path().trim_end_matches('/');
    if !replacement.is_empty() {
        return replacement.to_owned();
    }
    let path = settings.get(&BASE_PATH);
    let is_path = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
    if !path.starts_with('/') || path.contains("//") || !path.chars().all(is_path) {
        settings.refuse(&BASE_PATH, "`base_path` must be a path such as /api/auth");
    }
    path.trim_end_matches('/').to_owned()
}

/// Returns the disabled paths.
pub(super) fn disabled_paths(settings: &mut Settings, base_path: &str) -> Vec<String> {
    let paths = settings.get(&DISABLED_PATHS);
    for path in &paths {
        if let Err(reason) = check_endpoint(path, base_path) {
            settings.refuse(&DISABLED_PATHS, format!("`disabled_paths`: \"{path}\" {reason}"));
        }
    }
    paths
}
