//! Requests of the developer: sent on this machine, to this machine. Pages for developers answer no others.

use actix_web::http::header::{self, HeaderMap};
use url::Host;

use crate::{
    call::Call,
    origin::{Named, Site},
};

/// Returns whether the request comes from this machine and names it in `Host`. A foreign name that resolves to this
/// machine (DNS rebinding) is rejected, and so is a request that a proxy on this machine forwards for another client.
pub(crate) fn is_local<F>(call: &Call<'_, F>) -> bool {
    let from_here = call
        .request
        .peer_addr()
        .is_none_or(|peer| peer.ip().to_canonical().is_loopback());
    let headers = call.request.headers();
    from_here && !is_forwarded(headers) && host(headers).is_some_and(names_this_machine)
}

/// Returns whether a page of this server sent the request, or a client that is not a browser. Other origins are
/// rejected even if they are trusted.
pub(crate) fn is_of_own_page<F>(call: &Call<'_, F>) -> bool {
    let headers = call.request.headers();
    match Site::of(headers) {
        Site::Same => true,
        Site::Other => false,
        Site::Unknown => match Named::of(headers, &header::ORIGIN) {
            Named::Absent => true,
            Named::Text(origin) => origin == call.options.origin(),
            Named::Ambiguous => false,
        },
    }
}

/// Returns whether the browser reached this server by its base URL. If it used another host, such as `127.0.0.1`
/// instead of
/// `localhost`, it does not send the cookies that it has for the base URL.
pub(crate) fn is_at_base_url<F>(call: &Call<'_, F>) -> bool {
    let base_url = &call.options.base_url;
    let url = host(call.request.headers()).map(|host| format!("{}://{host}/", base_url.scheme()));
    let url = url.and_then(|url| url::Url::parse(&url).ok());
    url.is_some_and(|url| url.origin() == base_url.origin())
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST).and_then(|host| host.to_str().ok())
}

/// Returns whether a proxy has added a header.
fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        matches!(name, "forwarded" | "via" | "x-real-ip") || name.starts_with("x-forwarded-")
    })
}

fn names_this_machine(host: &str) -> bool {
    let url = url::Url::parse(&format!("http://{host}/"));
    url.is_ok_and(|url| match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_localhost_and_loopback_addresses_name_this_machine() {
        for host in [
            "localhost",
            "localhost:3000",
            "127.0.0.1:3000",
            "[::1]:3000",
            "app.localhost",
        ] {
            assert!(names_this_machine(host), "{host}");
        }
        for host in [
            "evil.test",
            "localhost.evil.test",
            "10.0.0.1",
            "",
            "127.0.0.1.evil.test",
            "a@evil.test",
        ] {
            assert!(!names_this_machine(host), "{host}");
        }
    }
}
