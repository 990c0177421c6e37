//! Detection of proxies that are not in `trusted_proxies`.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::HttpRequest;
use ipnet::IpNet;

/// Headers with which proxies and backends forward a client's address.
const FORWARDING: [&str; 7] = [
    "x-forwarded-for",
    "forwarded",
    "x-real-ip",
    "cf-connecting-ip",
    "true-client-ip",
    "x-client-ip",
    "fly-client-ip",
];

/// Warns the operator once if a peer forwards an address and is not trusted.
#[derive(Default)]
pub(crate) struct ForwardingCheck {
    has_warned: AtomicBool,
}

impl ForwardingCheck {
    /// Checks a request. The log does not contain addresses.
    pub(crate) fn check(&self, request: &HttpRequest, proxies: &[IpNet]) {
        if self.has_warned.load(Ordering::Relaxed) {
            return;
        }
        let Some(header) = forwarded_by_stranger(request, proxies) else {
            return;
        };
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                header,
                "a request forwards a client's address, but its sender is not trusted: the header is ignored, and all \
                 clients of that sender have its address; if the sender is your proxy or backend, add its address to \
                 `trusted_proxies`"
            );
        }
    }
}

/// Returns the header with which a peer that is no trusted proxy forwards an address.
fn forwarded_by_stranger(request: &HttpRequest, proxies: &[IpNet]) -> Option<&'static str> {
    let header = FORWARDING
        .into_iter()
        .find(|name| request.headers().contains_key(*name))?;
    let peer = request.peer_addr()?.ip().to_canonical();
    let is_trusted = proxies.iter().any(|network| network.contains(&peer));
    (!is_trusted).then_some(header)
}
