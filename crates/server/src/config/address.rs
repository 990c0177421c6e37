//! The addresses that the server listens on, and the URL by which browsers reach it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use portcullis_http::Listen;
use url::Url;

use super::{
    declare::{list, number, text},
    key::{Declaration, Key, Range},
    path::check_endpoint,
    settings::Settings,
};

/// The port in the URL of a development server whose port the system chooses.
const DEFAULT_PORT: u16 = 3000;

pub(super) const BIND: Key<Vec<String>> = list(
    "bind",
    "Addresses to listen on: `ADDRESS:PORT`, `ADDRESS` or `unix:/PATH`. The option `--bind` replaces them.",
)
.or("127.0.0.1");
pub(super) const PORT: Key<u16> = number("port", Range::new(0, 65_535, ""), "Port for the addresses in `bind` that contain none. 0 for any free port: then also set `base_url`, whose default does not contain the chosen port. The option `--port` also replaces the ports in `bind`.").or("3000");
pub(super) const BASE_URL: Key<Option<String>> = text(
    "base_url",
    "URL by which browsers reach the server. A path in it replaces `base_path`.",
)
.otherwise("made from `bind` in development, such as `http://localhost:3000`; required in production");
const BASE_PATH: Key<String> = text("base_path", "Prefix of the endpoints' paths.").or("/api/auth");
const DISABLED_PATHS: Key<Vec<String>> = list(
    "disabled_paths",
    "Endpoints to disable, as paths below the base path: 404 `Not Found`.",
)
.or("");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &BIND.declaration,
    &PORT.declaration,
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
    let port = settings.get(&PORT);
    let replaces_ports = settings.is_from_command_line(&PORT);
    let mut bind = Vec::with_capacity(entries.len());
    for entry in entries {
        match listen(&entry, port, replaces_ports) {
            Some(listen) => bind.push(listen),
            None => settings.refuse(
                &BIND,
                format!("`bind`: \"{entry}\" is neither an address, such as 0.0.0.0 or [::1], nor ADDRESS:PORT, such as 0.0.0.0:3000 or [::]:3000, nor unix:/PATH"),
            ),
        }
    }
    let has_tcp = bind.iter().any(|listen| matches!(listen, Listen::Tcp(_)));
    if replaces_ports && !bind.is_empty() && !has_tcp {
        settings.refuse(
            &PORT,
            "`bind` contains Unix sockets only, which have no port; add `--bind ADDRESS`",
        );
    }
    bind
}

/// Parses `ADDRESS:PORT` or `unix:/PATH`.
pub(super) fn listen_with_port(entry: &str) -> Option<Listen> {
    address(entry)
        .is_none()
        .then(|| listen(entry, 0, false))
        .flatten()
}

fn listen(entry: &str, port: u16, replaces_ports: bool) -> Option<Listen> {
    if let Some(path) = entry.strip_prefix("unix:") {
        return path.starts_with('/').then(|| Listen::Unix(path.into()));
    }
    if let Some(address) = address(entry) {
        return Some(Listen::Tcp(SocketAddr::new(address, port)));
    }
    let local = || {
        let port = entry.strip_prefix("localhost:")?.parse().ok()?;
        Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    };
    let mut address: SocketAddr = entry.parse().ok().or_else(local)?;
    if replaces_ports {
        address.set_port(port);
    }
    Some(Listen::Tcp(address))
}

/// Parses an address without a port. IPv6 addresses are in brackets, as before a port.
fn address(entry: &str) -> Option<IpAddr> {
    if entry == "localhost" {
        return Some(Ipv4Addr::LOCALHOST.into());
    }
    match entry.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?.parse().ok().map(IpAddr::V6),
        None => entry.parse().ok().map(IpAddr::V4),
    }
}

/// Returns the URL of a development server that listens on these addresses. A browser on this machine reaches it as
/// `localhost` if it listens on the usual loopback addresses or on all addresses. If the system chooses the port, the
/// URL has the default port.
#[expect(clippy::expect_used, reason = "each address and port is part of a valid URL")]
pub(super) fn development_url(bind: &[Listen]) -> Url {
    let of_tcp = bind.iter().find_map(|listen| match listen {
        Listen::Tcp(address) if address.port() != 0 => Some(*address),
        Listen::Tcp(_) | Listen::Unix(_) => None,
    });
    let address = of_tcp.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT)));
    let ip = address.ip();
    let is_localhost = ip.is_unspecified() || ip == Ipv4Addr::LOCALHOST || ip == Ipv6Addr::LOCALHOST;
    let host = if is_localhost {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    };
    Url::parse(&format!("http://{host}")).expect("an address is a valid authority")
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp(address: &str) -> Listen {
        Listen::Tcp(address.parse().unwrap())
    }

    #[test]
    fn an_address_without_a_port_has_the_port_of_the_key() {
        for (entry, expected) in [
            ("127.0.0.1", "127.0.0.1:4400"),
            ("localhost", "127.0.0.1:4400"),
            ("0.0.0.0", "0.0.0.0:4400"),
            ("[::1]", "[::1]:4400"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("localhost:80", "127.0.0.1:80"),
            ("[::]:80", "[::]:80"),
        ] {
            assert_eq!(listen(entry, 4400, false), Some(tcp(expected)), "{entry}");
        }
        assert_eq!(listen("[::]:80", 4400, true), Some(tcp("[::]:4400")));
        assert_eq!(listen("unix:/x", 4400, true), Some(Listen::Unix("/x".into())));
        for entry in [
            "4400",
            ":4400",
            "::1",
            "example.com",
            "localhost:",
            "[127.0.0.1]",
            "unix:x",
        ] {
            assert_eq!(listen(entry, 4400, false), None, "{entry}");
        }
    }

    #[test]
    fn the_url_of_development_is_made_from_the_first_address_with_a_port() {
        for (entries, url) in [
            (&["127.0.0.1:4400"][..], "http://localhost:4400/"),
            (&["[::1]:4400"], "http://localhost:4400/"),
            (&["0.0.0.0:4400"], "http://localhost:4400/"),
            (&["127.0.0.2:4400"], "http://127.0.0.2:4400/"),
            (&["[fd00::1]:4400"], "http://[fd00::1]:4400/"),
            (&["127.0.0.1:80"], "http://localhost/"),
            (&["127.0.0.1:0"], "http://localhost:3000/"),
            (&["unix:/x"], "http://localhost:3000/"),
            (
                &["unix:/x", "127.0.0.1:5000", "127.0.0.1:6000"],
                "http://localhost:5000/",
            ),
        ] {
            let bind: Vec<_> = entries
                .iter()
                .map(|entry| listen(entry, 1, false).unwrap())
                .collect();
            assert_eq!(development_url(&bind).as_str(), url, "{entries:?}");
        }
    }
}
