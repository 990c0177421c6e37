//! Development or production?

use portcullis_http::Listen;
use url::{Host, Url};

use super::settings::Settings;

/// How careful to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// On somebody's own machine: what is missing is made.
    Development,
    /// Reachable by others: what is missing stops the start.
    Production,
}

/// The mode that is given. Where none is, only what nobody else can reach is development: a variable that was
/// forgotten must not open it to the world.
pub(super) fn read(settings: &mut Settings, base_url: Option<&Url>, bind: &[Listen]) -> Mode {
    match settings.text("mode").as_deref() {
        Some("production") => return Mode::Production,
        Some(_) => return Mode::Development,
        None => {}
    }
    let is_base_url_local = base_url.is_none_or(is_loopback_url);
    let is_bind_local = bind.iter().all(is_loopback_address);
    let is_local = is_base_url_local && is_bind_local;
    if !is_local && !settings.is_given("mode") {
        let reachable = if is_base_url_local { "bind" } else { "base_url" };
        settings.refuse(
            "mode",
            format!(
                "`mode` must be chosen, since by `{reachable}` others can reach the server: \
                 PORTCULLIS_MODE=production, or PORTCULLIS_MODE=development if that is meant"
            ),
        );
    }
    Mode::Development
}

fn is_loopback_url(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A unix socket is no loopback address: whoever listens before it may well be reachable.
fn is_loopback_address(listen: &Listen) -> bool {
    match listen {
        Listen::Tcp(address) => address.ip().is_loopback(),
        Listen::Unix(_) => false,
    }
}
