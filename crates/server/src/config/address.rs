//! Where the server listens, and by which address browsers reach it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use portcullis_domain::glob::Glob;
use portcullis_http::Listen;
use url::Url;

use super::{mode::Mode, path::check_endpoint, settings::Settings};

/// Where the server listens: the entries that can be understood.
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

/// The address of the deployment, if it is given and can be understood.
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

/// What the endpoints' paths begin with: the path of `base_url` where it has one, else `base_path`. The root is
/// the empty text.
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

/// The origins that are trusted: the deployment's own, and those that are listed. In production they name a host.
pub(super) fn trusted_origins(settings: &mut Settings, mode: Mode, base_url: &Url) -> Vec<String> {
    let mut origins = vec![base_url.origin().ascii_serialization()];
    for pattern in settings.list("trusted_origins") {
        if let Err(reason) = check_origin(&pattern) {
            settings.refuse(
                "trusted_origins",
                format!("`trusted_origins`: \"{pattern}\" {reason}"),
            );
        } else if mode == Mode::Production && trusts_anybody(&pattern) {
            settings.refuse(
                "trusted_origins",
                format!(
                    "`trusted_origins`: \"{pattern}\" trusts every site there is: name a host, such as https://*.example.com"
                ),
            );
        }
        origins.push(pattern);
    }
    origins
}

/// A pattern that can never match is refused: whoever wrote it would wonder why it does nothing.
fn check_origin(pattern: &str) -> Result<(), String> {
    if pattern.contains(['*', '?']) {
        return Ok(());
    }
    if !pattern.contains("://") {
        return Err("has no scheme: write https://, http:// or your application's own before it".to_owned());
    }
    match Url::parse(pattern) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            let origin = url.origin().ascii_serialization();
            (origin == pattern)
                .then_some(())
                .ok_or_else(|| format!("is no origin and would match nothing: write \"{origin}\""))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(format!("is no origin: {error}")),
    }
}

/// Whether a pattern may be an origin of the web with any host at all.
fn trusts_anybody(pattern: &str) -> bool {
    let (scheme, rest) = pattern.split_once("://").unwrap_or(("http", pattern));
    let is_web = ["http", "https"].iter().any(|web| Glob::new(scheme).matches(web));
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    is_web && !host.is_empty() && host.chars().all(|letter| "*?.".contains(letter))
}

/// The networks whose `X-Forwarded-For` is believed.
pub(super) fn trusted_proxies(settings: &mut Settings) -> Vec<IpNet> {
    let mut networks = Vec::new();
    for entry in settings.list("trusted_proxies") {
        match network(&entry) {
            Some(IpNet::V6(network)) if let Some(plain) = unmapped(network) => settings.refuse(
                "trusted_proxies",
                format!("`trusted_proxies`: \"{entry}\" would match nothing: write {plain}"),
            ),
            Some(network) => networks.push(network),
            None => settings.refuse(
                "trusted_proxies",
                format!(
                    "`trusted_proxies`: \"{entry}\" is neither an address nor a network such as 10.0.0.0/8"
                ),
            ),
        }
    }
    networks
}

fn network(entry: &str) -> Option<IpNet> {
    entry
        .parse()
        .ok()
        .or_else(|| entry.parse::<IpAddr>().ok().map(IpNet::from))
}

/// The network of IPv4 that a network of IPv6 maps: addresses are compared in their plain form.
fn unmapped(network: Ipv6Net) -> Option<Ipv4Net> {
    let address = network.addr().to_ipv4_mapped()?;
    let length = network.prefix_len().checked_sub(96)?;
    Ipv4Net::new(address, length).ok()
}

/// The paths that are switched off.
pub(super) fn disabled_paths(settings: &mut Settings, base_path: &str) -> Vec<String> {
    let paths = settings.list("disabled_paths");
    for path in &paths {
        if let Err(reason) = check_endpoint(path, base_path) {
            settings.refuse("disabled_paths", format!("`disabled_paths`: \"{path}\" {reason}"));
        }
    }
    paths
}
