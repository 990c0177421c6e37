//! The addresses that the server listens on, and the URL by which browsers reach it.

use std::net::{Ipv4Addr, SocketAddr};

use portcullis_http::Listen;
use url::Url;

use super::{path::check_endpoint, settings::Settings};

/// Returns the addresses to listen on. Invalid entries are refused and left out.
pub(super) fn bind(settings: &mut Settings) -> Vec<Listen> {
    let entries = settings.list("bind");
    if entries.is_empty() {
        settings.refuse("bind", "`bind` must name at least one address to listen on");
    }
    let mut bind = Vec::with_capacity(entries.len());
    for entry in entries {
        match listen(&entry) {
            Some(listen) => bind.push(listen),
            None => settings.refuse(
                "bind",
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
    let text = settings.text("base_url")?;
    let url = Url::parse(&text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    if url.is_none() {
        settings.refuse(
            "base_url",
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
    let path = settings.text("base_path").unwrap_or_default();
    let is_path = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
    if !path.starts_with('/') || path.contains("//") || !path.chars().all(is_path) {
        settings.refuse("base_path", "`base_path` must be a path such as /api/auth");
    }
    path.trim_end_matches('/').to_owned()
}

/// Returns the disabled paths.
pub(super) fn disabled_paths(settings: &mut Settings, base_path: &str) -> Vec<String> {
    let paths = settings.list("disabled_paths");
    for path in &paths {
        if let Err(reason) = check_endpoint(path, base_path) {
            settings.refuse("disabled_paths", format!("`disabled_paths`: \"{path}\" {reason}"));
        }
    }
    paths
}
