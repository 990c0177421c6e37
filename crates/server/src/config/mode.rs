//! The mode: development or production.

use portcullis_http::Listen;
use url::{Host, Url};

use super::{
    declare::choice,
    key::{Declaration, Key},
    settings::Settings,
};

const MODE: Key<Option<String>> = choice("mode", &["development", "production"], "`development` creates a missing secret and database. `production` requires them and rejects dangerous settings.").otherwise("`development` if `bind` and `base_url` contain loopback addresses only; otherwise required");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&MODE.declaration];

/// Development or production.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// On a developer's machine: a missing secret or database is created.
    Development,
    /// Reachable by others: a missing setting stops the start.
    Production,
}

impl Mode {
    /// Returns the mode's name in the configuration.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }
}

/// Returns the mode that is set. If none is set, it is development only if no other machine can reach the server: a
/// forgotten variable must not expose development mode to a network.
pub(super) fn read(settings: &mut Settings, base_url: Option<&Url>, bind: &[Listen]) -> Mode {
    match settings.get(&MODE).as_deref() {
        Some("production") => return Mode::Production,
        Some(_) => return Mode::Development,
        None => {}
    }
    let is_base_url_local = base_url.is_none_or(is_loopback_url);
    let is_bind_local = bind.iter().all(is_loopback_address);
    let is_local = is_base_url_local && is_bind_local;
    if !is_local && !settings.is_given(&MODE) {
        let has_tcp_abroad = bind
            .iter()
            .any(|listen| matches!(listen, Listen::Tcp(_)) && !is_loopback_address(listen));
        let reason = match (is_base_url_local, has_tcp_abroad) {
            (false, _) => "other machines can reach the server through `base_url`",
            (true, true) => "other machines can reach the server through `bind`",
            (true, false) => {
                "a proxy that uses the Unix socket in `bind` may let other machines reach the server"
            }
        };
        settings.refuse(
            &MODE,
            format!(
                "`mode` must be set, since {reason}: set PORTCULLIS_MODE=production, or \
                 PORTCULLIS_MODE=development if you mean that"
            ),
        );
    }
    Mode::Development
}

/// Whether the host of a URL is this machine.
pub(super) fn is_loopback_url(url: &Url) -> bool {
    url.host().is_some_and(|host| is_loopback(&host.to_owned()))
}

/// Whether a host, as it is written in a URL, is this machine.
pub(super) fn is_loopback_host(host: &str) -> bool {
    Host::parse(host).is_ok_and(|host| is_loopback(&host))
}

fn is_loopback(host: &Host) -> bool {
    match host {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// A unix socket is not a loopback address: the proxy in front of it may be reachable from other machines.
pub(super) fn is_loopback_address(listen: &Listen) -> bool {
    match listen {
        Listen::Tcp(address) => address.ip().is_loopback(),
        Listen::Unix(_) => false,
    }
}
