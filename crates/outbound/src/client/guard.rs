//! Which URLs and addresses requests may be sent to.
//!
//! The check of an address happens after the resolution of its name, in the resolver that the connection uses, so that a
//! name server cannot give one address to the check and another one to the connection (DNS rebinding).
//!
//! Proxies: reqwest reads them from the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`). The resolver
//! then sees the name of the proxy and not that of the service. The operator chose the proxy, so its address may be
//! private. The resolver distinguishes the two names by the request that it belongs to ([`TARGET`]); redirects are not
//! followed, so each request has only these two. Behind a proxy, the proxy resolves the names of services, and only the
//! proxy can refuse private addresses; addresses in URLs are checked here in any case.

use std::{net::IpAddr, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::address::is_public;

tokio::task_local! {
    /// What the request of the current task is sent to.
    pub(super) static TARGET: Target;
}

/// The target of a request.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The host as the URL has it.
    host: String,
    /// Whether the configuration allows the host, whatever its address.
    is_allowed: bool,
}

/// Why a request is not sent. Contains no URL, which may contain a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The text is not a URL with a host.
    #[error("the text is not a URL")]
    NoUrl,
    /// The URL has neither the scheme `https`, nor the scheme `http` and an allowed host.
    #[error("the URL does not start with https://")]
    Scheme,
    /// The URL contains a user name or password.
    #[error("the URL contains a user name or password")]
    UserInfo,
    /// The host has no address that is allowed.
    #[error("the host has no public address, and the configuration does not allow the host")]
    Address,
}

/// Checks URLs.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// In lower case: `host` or `host:port`.
    allowed: Arc<[String]>,
}

impl Guard {
    pub(super) fn new(mut allowed: Vec<String>) -> Self {
        for host in &mut allowed {
            host.make_ascii_lowercase();
        }
        Self {
            allowed: allowed.into(),
        }
    }

    /// Returns the URL and its target, unless a request to it is refused.
    pub(super) fn check(&self, url: &str) -> Result<(Url, Target), Refused> {
        let url = Url::parse(url).map_err(|_| Refused::NoUrl)?;
        let host = url.host_str().ok_or(Refused::NoUrl)?.to_owned();
        let is_allowed = self.allows(&host, url.port_or_known_default());
        match url.scheme() {
            "https" => {}
            "http" if is_allowed => {}
            _ => return Err(Refused::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::UserInfo);
        }
        // The resolver is not called for addresses.
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) | None => None,
        };
        if !is_allowed && literal.is_some_and(|address| !is_public(address)) {
            return Err(Refused::Address);
        }
        Ok((url, Target { host, is_allowed }))
    }

    fn allows(&self, host: &str, port: Option<u16>) -> bool {
        let with_port = port.map(|port| format!("{host}:{port}"));
        self.allowed
            .iter()
            .any(|entry| entry == host || Some(entry) == with_port.as_ref())
    }
}

/// Resolves names with the operating system and returns only addresses that are allowed.
pub(super) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        // Without a target, only public addresses are allowed.
        let may_be_private = TARGET.try_with(|target| target.is_allowed || target.host != name.as_str());
        let may_be_private = may_be_private.unwrap_or(false);
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<_> = addresses
                .filter(|address| may_be_private || is_public(address.ip()))
                .collect();
            if allowed.is_empty() {
                return Err(Refused::Address.into());
            }
            let allowed: Addrs = Box::new(allowed.into_iter());
            Ok(allowed)
        })
    }
}
