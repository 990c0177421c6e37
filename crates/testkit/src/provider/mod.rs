//! A provider of sign-ins for tests: OAuth 2.0 and OpenID Connect over HTTP, in the shape of each real provider.

mod authorization;
mod control;
mod fault;
mod grant;
mod keys;
mod reply;
mod request;
mod server;
mod shape;
mod state;
#[cfg(test)]
mod tests;
mod user_info;

use std::{
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use portcullis_application::testing::FixedClock;
use serde_json::Value;

pub(crate) use self::reply::Reply;
pub use self::{
    fault::{Fault, FaultyEndpoint},
    request::ReceivedRequest,
};
use self::{
    shape::Shape,
    state::{Grant, Shared, State},
};
use crate::wiring::required;

/// The client id that every provider has issued.
pub const CLIENT_ID: &str = "client-1234";
/// The client secret that every provider has issued. It contains characters that forms encode.
pub const CLIENT_SECRET: &str = "s3cr3t/+=&";

/// A running provider. It signs real tokens, checks what a real one checks, and misbehaves on demand.
pub struct MockProvider {
    /// The provider's clock. It is set to the time at which the clocks of servers start, and moves only when the test
    /// moves it.
    pub clock: Arc<FixedClock>,
    shared: Arc<Shared>,
}

/// How a client must authenticate itself at the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// With the header `Authorization: Basic`.
    Basic,
    /// With members of the body.
    Post,
}

impl MockProvider {
    /// Starts a provider with the shape of a social provider, such as `github`.
    ///
    /// # Panics
    ///
    /// If there is no such shape.
    #[must_use]
    pub fn for_provider(id: &str) -> Self {
        Self::with_shape(id)
    }

    /// Starts a provider with the shape of a preset of generic OAuth, such as `okta`.
    ///
    /// # Panics
    ///
    /// If there is no such shape.
    #[must_use]
    pub fn for_preset(id: &str) -> Self {
        Self::with_shape(&format!("generic/{id}"))
    }

    fn with_shape(name: &str) -> Self {
        let listener = required(TcpListener::bind("127.0.0.1:0"));
        let clock = Arc::new(FixedClock::default());
        let shared = Arc::new(Shared {
            shape: Shape::read(name),
            address: required(listener.local_addr()),
            clock: Arc::clone(&clock),
            has_ended: AtomicBool::new(false),
            state: State::default().into(),
        });
        server::serve(listener, &shared);
        Self { clock, shared }
    }

    /// Returns the ids of all social providers that have a shape, sorted.
    #[must_use]
    pub fn providers() -> Vec<String> {
        Shape::names(".")
    }

    /// Returns the ids of all presets of generic OAuth that have a shape, sorted.
    #[must_use]
    pub fn presets() -> Vec<String> {
        Shape::names("generic")
    }

    /// Returns the provider's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.shared.shape.id
    }

    /// Returns the recorded shape: what the provider expects and answers, and what is expected of the user.
    #[must_use]
    pub fn shape(&self) -> &Value {
        &self.shared.shape.value
    }

    /// Returns the URL of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.shared.base())
    }

    /// Returns the URL of the document with the public keys.
    #[must_use]
    pub fn jwks(&self) -> String {
        self.url(self.shared.shape.jwks())
    }

    /// Returns the issuer of id tokens.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.shared.issuer()
    }

    /// Approves a request as the user would, and returns the URL to which the browser is redirected. For
    /// `response_mode=form_post`, its query is the form that the browser posts.
    ///
    /// # Panics
    ///
    /// If the provider does not accept the request.
    #[must_use]
    pub fn authorize(&self, url: &str) -> String {
        required(self.open(url).and_then(|request| self.shared.approve(&request)))
    }

    /// Refuses a request as the user would, and returns the URL to which the browser is redirected.
    ///
    /// # Panics
    ///
    /// If the provider does not accept the request.
    #[must_use]
    pub fn deny(&self, url: &str) -> String {
        required(self.open(url).and_then(|request| self.shared.deny(&request)))
    }

    fn open(&self, url: &str) -> Result<ReceivedRequest, String> {
        let endpoint = self.url(self.shared.shape.text("/authorization/path"));
        if url.split('?').next() != Some(&endpoint) {
            return Err(format!("\"{url}\" is not at {endpoint}"));
        }
        Ok(ReceivedRequest::of_browser(url))
    }

    /// Signs an id token for the user, with these changes of its claims: `null` removes one.
    #[must_use]
    pub fn id_token(&self, changes: &Value) -> String {
        self.shared.id_token(&Grant::default(), changes)
    }
}

impl Drop for MockProvider {
    /// Ends the thread that listens.
    fn drop(&mut self) {
        self.shared.has_ended.store(true, Ordering::SeqCst);
        let _wakes_the_thread_up = TcpStream::connect(self.shared.address);
    }
}
