//! The client's address and user agent.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::{
    HttpRequest,
    http::header::{HeaderMap, HeaderName},
};
use ipnet::IpNet;

/// How many bits of an IPv6 address identify the client: a client with one address usually has its whole /64.
const NETWORK: u32 = 64;

/// The headers in which trusted proxies name the client, by precedence: the first that contains an address counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressHeaders(Vec<HeaderName>);

impl Default for AddressHeaders {
    /// Only `X-Forwarded-For`.
    fn default() -> Self {
        Self(vec![HeaderName::from_static("x-forwarded-for")])
    }
}

impl AddressHeaders {
    /// Returns the headers with these names, in any case.
    ///
    /// # Errors
    ///
    /// The first text that is not the name of a header.
    pub fn parse(names: &[String]) -> Result<Self, &str> {
        let names = names.iter().map(|name| name.parse().map_err(|_| name.as_str()));
        names.collect::<Result<_, _>>().map(Self)
    }
}

/// The client of a request, as its address identifies it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// The address in its canonical form; empty if it is unknown.
    pub(crate) address: String,
    /// Whether other clients have the same address: it is unknown, or a trusted proxy's own.
    pub(crate) is_shared: bool,
    /// Whether a trusted proxy names the address, so that it is neither that of a proxy nor unknown.
    pub(crate) is_forwarded: bool,
}

/// Returns the client of a request.
///
/// The address is the peer's, unless the peer is a trusted proxy: then it is the right-most address in the first of
/// `names` with an address, that is not a trusted proxy's. An entry that is not an address ends the search, and the hop
/// that sent it is the client. A peer at a Unix socket has no address; it counts as a proxy if any proxy is trusted.
pub(crate) fn of(request: &HttpRequest, proxies: &[IpNet], names: &AddressHeaders) -> Client {
    let peer = request.peer_addr().map(|peer| peer.ip());
    let is_proxy = |address: IpAddr| {
        let address = address.to_canonical();
        proxies.iter().any(|network| network.contains(&address))
    };
    let found = match peer {
        peer if proxies.is_empty() => peer,
        Some(peer) if !is_proxy(peer) => Some(peer),
        proxy => names
            .0
            .iter()
            .find_map(|name| forwarded(request.headers(), name, is_proxy))
            .or(proxy),
    };
    Client {
        address: found.map_or_else(String::new, canonical),
        is_shared: found.is_none_or(is_proxy),
        is_forwarded: found != peer && found.is_some_and(|found| !is_proxy(found)),
    }
}

/// Returns the client that a header of proxies names: the right-most address that is not a proxy's, or the left-most
/// one before an entry that is not an address. `None`: the header is absent, or its right-most entry is not an address.
fn forwarded(headers: &HeaderMap, name: &HeaderName, is_proxy: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
    let lines: Vec<_> = headers.get_all(name).collect();
    let hops = lines
        .iter()
        .rev()
        .flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let mut nearest = None;
    for hop in hops {
        let Some(address) = parse(hop) else { break };
        nearest = Some(address);
        if !is_proxy(address) {
            break;
        }
    }
    nearest
}

/// Parses an address as proxies write it, with or without a port.
fn parse(hop: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(hop).ok()?.trim_matches([' ', '\t']);
    if let Some(bracketed) = text.strip_prefix('[') {
        let (address, rest) = bracketed.split_once(']')?;
        let is_end = rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
        return address.parse().ok().filter(|_| is_end).map(IpAddr::V6);
    }
    match text.split_once(':') {
        Some((address, port)) if is_port(port) && address.contains('.') => address.parse().ok(),
        _ => text.parse().ok(),
    }
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Formats an address as Better Auth does: IPv6 in full, with the client's own half set to zero.
fn canonical(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - NETWORK)));
            let mut text = String::with_capacity(39);
            for (place, group) in network.segments().into_iter().enumerate() {
                if place > 0 {
                    text.push(':');
                }
                text.extend(
                    [12, 8, 4, 0]
                        .map(|shift| char::from_digit(u32::from(group >> shift & 0xf), 16).unwrap_or('0')),
                );
            }
            text
        }
    }
}

/// Returns the user agent without control characters, truncated to `limit` bytes.
pub(crate) fn user_agent(headers: &HeaderMap, limit: usize) -> String {
    let Some(line) = headers.get("user-agent") else {
        return String::new();
    };
    let mut text = String::from_utf8_lossy(line.as_bytes()).into_owned();
    text.retain(|character| !character.is_control());
    text.truncate(text.floor_char_boundary(limit));
    text
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn proxies() -> Vec<IpNet> {
        ["10.0.0.0/8", "127.0.0.1/32", "2001:db8:ffff::/48"]
            .map(|network| network.parse().unwrap())
            .to_vec()
    }

    fn client(peer: Option<&str>, lines: &[&str], proxies: &[IpNet]) -> Client {
        let sent: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
        client_by(&AddressHeaders::default(), peer, &sent, proxies)
    }

    fn client_by(
        names: &AddressHeaders,
        peer: Option<&str>,
        sent: &[(&str, &str)],
        proxies: &[IpNet],
    ) -> Client {
        let mut request = TestRequest::get();
        if let Some(peer) = peer {
            request = request.peer_addr((peer.parse::<IpAddr>().unwrap(), 1234).into());
        }
        for header in sent {
            request = request.append_header(*header);
        }
        of(&request.to_http_request(), proxies, names)
    }

    fn found(peer: Option<&str>, lines: &[&str], proxies: &[IpNet]) -> String {
        client(peer, lines, proxies).address
    }

    #[test]
    fn an_address_is_forwarded_if_a_trusted_proxy_names_it() {
        for (peer, lines, is_forwarded) in [
            (Some("10.0.0.1"), &["203.0.113.9"][..], true),
            (None, &["203.0.113.9"], true),
            (Some("198.51.100.7"), &["203.0.113.9"], false),
            (Some("10.0.0.1"), &["10.0.0.2"], false),
            (Some("10.0.0.1"), &["unknown"], false),
            (Some("10.0.0.1"), &[], false),
            (None, &[], false),
        ] {
            let found = client(peer, lines, &proxies());
            assert_eq!(found.is_forwarded, is_forwarded, "{peer:?} {lines:?}");
        }
        assert!(!client(Some("10.0.0.1"), &["203.0.113.9"], &[]).is_forwarded);
    }

    #[test]
    fn without_proxies_the_client_is_the_peer() {
        assert_eq!(found(Some("198.51.100.7"), &["1.1.1.1"], &[]), "198.51.100.7");
        assert_eq!(found(None, &["1.1.1.1"], &[]), "");
        assert_eq!(
            found(Some("198.51.100.7"), &["1.1.1.1"], &proxies()),
            "198.51.100.7"
        );
    }

    #[test]
    fn behind_proxies_the_client_is_the_right_most_untrusted_address() {
        for (lines, client) in [
            (&["203.0.113.9"][..], "203.0.113.9"),
            (&["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
            (&["1.1.1.1,203.0.113.9 ,10.9.9.9, 127.0.0.1"], "203.0.113.9"),
            (&["1.1.1.1", "203.0.113.9", "10.1.1.1"], "203.0.113.9"),
            (&["203.0.113.9:4711"], "203.0.113.9"),
            (&["[2001:db8::1]:4711"], "2001:0db8:0000:0000:0000:0000:0000:0000"),
            (&["[2001:db8::1]"], "2001:0db8:0000:0000:0000:0000:0000:0000"),
            (&["203.0.113.9, 2001:db8:ffff::1"], "203.0.113.9"),
            (&["203.0.113.9, ::ffff:10.0.0.1"], "203.0.113.9"),
            (&["::ffff:203.0.113.9"], "203.0.113.9"),
            (&["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            (&[][..], "10.0.0.1"),
            (&[""], "10.0.0.1"),
            (&["unknown"], "10.0.0.1"),
            (&["203.0.113.9, unknown, 10.0.0.2"], "10.0.0.2"),
            (&["203.0.113.9:"], "10.0.0.1"),
            (&["203.0.113.9:99999"], "10.0.0.1"),
            (&["203.0.113.9:+1"], "10.0.0.1"),
            (&["[203.0.113.9]"], "10.0.0.1"),
            (&["[2001:db8::1"], "10.0.0.1"),
            (&["fe80::1%eth0"], "10.0.0.1"),
            (&["203.0.113.009"], "10.0.0.1"),
        ] {
            assert_eq!(found(Some("10.0.0.1"), lines, &proxies()), client, "{lines:?}");
        }
    }

    #[test]
    fn a_peer_at_a_unix_socket_is_a_proxy_if_proxies_are_trusted() {
        assert_eq!(found(None, &["203.0.113.9"], &proxies()), "203.0.113.9");
        assert_eq!(found(None, &["unknown"], &proxies()), "");
    }

    #[test]
    fn the_first_listed_header_with_an_address_names_the_client() {
        let names = ["CF-Connecting-IP", "x-real-ip"].map(str::to_owned);
        let names = AddressHeaders::parse(&names).unwrap();
        for (sent, expected) in [
            (&[("cf-connecting-ip", "203.0.113.9")][..], "203.0.113.9"),
            (&[("x-real-ip", "203.0.113.9")], "203.0.113.9"),
            (
                &[("x-real-ip", "1.1.1.1"), ("cf-connecting-ip", "203.0.113.9")],
                "203.0.113.9",
            ),
            (
                &[("cf-connecting-ip", "unknown"), ("x-real-ip", "203.0.113.9")],
                "203.0.113.9",
            ),
            (
                &[("x-real-ip", "1.1.1.1"), ("x-real-ip", "203.0.113.9")],
                "203.0.113.9",
            ),
            (&[("x-forwarded-for", "1.1.1.1")], "10.0.0.1"),
        ] {
            let found = client_by(&names, Some("10.0.0.1"), sent, &proxies());
            assert_eq!(found.address, expected, "{sent:?}");
            let stranger = client_by(&names, Some("198.51.100.7"), sent, &proxies());
            assert_eq!(stranger.address, "198.51.100.7", "{sent:?}");
        }
        assert_eq!(AddressHeaders::parse(&["x real".to_owned()]), Err("x real"));
    }

    #[test]
    fn an_unknown_address_and_a_proxys_own_are_shared() {
        for (peer, lines, is_shared) in [
            (None, &[][..], true),
            (None, &["unknown"], true),
            (None, &["203.0.113.9"], false),
            (Some("10.0.0.1"), &[], true),
            (Some("10.0.0.1"), &["unknown"], true),
            (Some("10.0.0.1"), &["203.0.113.9, unknown"], true),
            (Some("10.0.0.1"), &["10.0.0.2"], true),
            (Some("10.0.0.1"), &["203.0.113.9"], false),
            (Some("198.51.100.7"), &["unknown"], false),
        ] {
            assert_eq!(
                client(peer, lines, &proxies()).is_shared,
                is_shared,
                "{peer:?} {lines:?}"
            );
        }
        assert!(!client(Some("10.0.0.1"), &[], &[]).is_shared);
        assert!(client(None, &["203.0.113.9"], &[]).is_shared);
    }

    #[test]
    fn an_address_has_one_canonical_form() {
        for (peer, text) in [
            ("7.7.7.7", "7.7.7.7"),
            ("::ffff:7.7.7.7", "7.7.7.7"),
            ("::ffff:707:707", "7.7.7.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002:0000:0000:0000:0000"),
            ("2001:DB8:1:2::1", "2001:0db8:0001:0002:0000:0000:0000:0000"),
            ("::1", "0000:0000:0000:0000:0000:0000:0000:0000"),
        ] {
            assert_eq!(found(Some(peer), &[], &[]), text);
        }
    }

    #[test]
    fn a_user_agent_is_truncated_between_characters_and_contains_no_control_characters() {
        let agent = |value: &str, limit: usize| {
            let request = TestRequest::get()
                .insert_header(("user-agent", value))
                .to_http_request();
            user_agent(request.headers(), limit)
        };
        assert_eq!(agent("Mozilla/5.0", 512), "Mozilla/5.0");
        assert_eq!(agent("a\tb", 512), "ab");
        assert_eq!(agent("aéb", 2), "a");
        assert_eq!(agent("aéb", 3), "aé");
        assert_eq!(agent(&"x".repeat(5_000), 512).len(), 512);
        assert_eq!(user_agent(&HeaderMap::new(), 512), "");
    }
}
