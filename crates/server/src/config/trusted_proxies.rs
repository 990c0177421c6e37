//! Trusted proxies.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use portcullis_http::AddressHeaders;

use super::{
    declare::list,
    key::{Declaration, Key},
    mode::Mode,
    settings::Settings,
};

const KEY: Key<Vec<String>> = list("trusted_proxies", "Addresses or networks (CIDR) of proxies that name the client's address, in `X-Forwarded-For` unless `advanced.ip_address.ip_address_headers` names other headers. In production, networks that together contain every address are rejected.").or("");

const HEADERS: Key<Vec<String>> = list("advanced.ip_address.ip_address_headers", "Headers in which `trusted_proxies` name the client's address, such as `x-real-ip` or `cf-connecting-ip`; the first that contains an address counts. Name only headers that your proxy always sets or replaces: a client can forge any other header.").or("x-forwarded-for");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&KEY.declaration];
pub(super) const HEADER_KEYS: &[&Declaration] = &[&HEADERS.declaration];

/// A header whose value is not an address.
const FORWARDED: &str = "forwarded";

/// Minimum prefix length without a warning: no proxies need a wider network.
const SHORTEST_OF_IPV4: u8 = 8;
/// As [`SHORTEST_OF_IPV4`], for IPv6.
const SHORTEST_OF_IPV6: u8 = 16;
/// All public addresses of IPv6.
const PUBLIC_IPV6: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
const ALL_IPV4: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0);

/// Reads the networks of proxies whose `X-Forwarded-For` is trusted. In production, networks that together contain
/// every client are refused, and very wide ones give a warning.
pub(super) fn read(settings: &mut Settings, mode: Mode) -> Vec<IpNet> {
    let mut networks = Vec::new();
    for entry in settings.get(&KEY) {
        match network(&entry) {
            Some(IpNet::V6(network)) if let Some(plain) = unmapped(network) => settings.refuse(
                &KEY,
                format!("`{KEY}`: \"{entry}\" would match nothing: write {plain}"),
            ),
            Some(network) => networks.push(network),
            None => settings.refuse(
                &KEY,
                format!("`{KEY}`: \"{entry}\" is neither an address nor a network such as 10.0.0.0/8"),
            ),
        }
    }
    if mode == Mode::Production {
        check_width(settings, &networks);
    }
    networks
}

/// Reads the names of the headers in which proxies name the client's address. Without proxies they have no effect, which
/// gives a warning in production.
pub(super) fn headers(settings: &mut Settings, mode: Mode) -> AddressHeaders {
    let names = settings.get(&HEADERS);
    if names.is_empty() {
        settings.refuse(&HEADERS, format!("`{HEADERS}` must name at least one header"));
    }
    if let Some(name) = names.iter().find(|name| name.eq_ignore_ascii_case(FORWARDED)) {
        settings.refuse(
            &HEADERS,
            format!(
                "`{HEADERS}`: `{name}` does not contain a plain address; let the proxy set X-Forwarded-For"
            ),
        );
    }
    if mode == Mode::Production && settings.is_given(&HEADERS) && settings.get(&KEY).is_empty() {
        settings.warn(
            &HEADERS,
            format!("`{HEADERS}` has no effect without `{KEY}`: list the addresses of the proxies that set these headers"),
        );
    }
    AddressHeaders::parse(&names).unwrap_or_else(|name| {
        settings.refuse(
            &HEADERS,
            format!("`{HEADERS}`: \"{name}\" is not the name of a header"),
        );
        AddressHeaders::default()
    })
}

fn network(entry: &str) -> Option<IpNet> {
    entry
        .parse()
        .ok()
        .or_else(|| entry.parse::<IpAddr>().ok().map(IpNet::from))
}

/// Returns the IPv4 network that an IPv6 network maps: addresses are compared in their plain form.
fn unmapped(network: Ipv6Net) -> Option<Ipv4Net> {
    let address = network.addr().to_ipv4_mapped()?;
    let length = network.prefix_len().checked_sub(96)?;
    Ipv4Net::new(address, length).ok()
}

/// Checks the union of the networks: two halves are as wide as the whole.
fn check_width(settings: &mut Settings, networks: &[IpNet]) {
    for network in IpNet::aggregate(&networks.to_vec()) {
        let (holds_all, is_wide, shortest) = match network {
            IpNet::V4(network) => (
                network == ALL_IPV4,
                network.prefix_len() < SHORTEST_OF_IPV4,
                SHORTEST_OF_IPV4,
            ),
            IpNet::V6(network) => (
                network.contains(&PUBLIC_IPV6),
                network.prefix_len() < SHORTEST_OF_IPV6 && PUBLIC_IPV6.contains(&network),
                SHORTEST_OF_IPV6,
            ),
        };
        if holds_all {
            settings.refuse(
                &KEY,
                format!(
                    "`{KEY}` holds {network}, which is every address: any client could evade the rate limits with a forged address; list only the addresses of your proxies"
                ),
            );
        } else if is_wide {
            settings.warn(
                &KEY,
                format!(
                    "`{KEY}` holds {network}, which is wider than /{shortest}: every client in it can evade the rate limits with a forged address; list only the addresses of your proxies"
                ),
            );
        }
    }
}
