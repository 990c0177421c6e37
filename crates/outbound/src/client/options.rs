//! Options of the client.

use std::{sync::Arc, time::Duration};

use reqwest::{ClientBuilder, redirect::Policy};

use super::{
    guard::{Guard, Refused, Resolver},
    tls,
};

/// Time limit for a connection, unless that of the whole request is shorter.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Options of the client.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// Time limit for a request, from the resolution of the host's name to the end of the answer.
    pub timeout: Duration,
    /// Hosts that may have any address, and to which requests may be sent without TLS: `host` or `host:port`, an IPv6
    /// address in brackets. All other hosts must have a public address.
    pub allowed_hosts: Vec<String>,
}

impl Default for ClientOptions {
    /// Ten seconds, and only public addresses.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            allowed_hosts: Vec::new(),
        }
    }
}

impl ClientOptions {
    /// Accepts a URL to which a client with these options sends requests. Only a request resolves the name of a host, so a
    /// name may still turn out to have no address that is allowed.
    ///
    /// # Errors
    ///
    /// [`Refused`] with the reason.
    pub fn check(&self, url: &str) -> Result<(), Refused> {
        Guard::new(self.allowed_hosts.clone()).check(url).map(|_| ())
    }

    /// Returns a builder of guarded clients.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub(super) fn builder(&self) -> Result<ClientBuilder, native_tls::Error> {
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::connector()?)
            .redirect(Policy::none())
            .dns_resolver(Arc::new(Resolver))
            .timeout(self.timeout)
            .connect_timeout(self.timeout.min(CONNECT_TIMEOUT))
            .user_agent("portcullis");
        Ok(builder)
    }
}
