//! The provider of development mode: an imitation of an OpenID provider, with which a developer signs in as any person.
//!
//! Its only client is this server. The browser is sent to its page as to that of any provider, but the server exchanges
//! the code in the same process. It has no tokens that another server could use.

mod codes;
mod provider;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{email::EmailAddress, secret::Secret};
use url::{Url, form_urlencoded::Serializer};

use self::{
    codes::{Codes, Grant},
    provider::DevOidcProvider,
};
use crate::ports::{Clock, IdentityProvider, Ports, Random, RandomExt};

/// The id of the provider.
pub const ID: &str = "dev-oidc";
/// The path of the page on which the developer chooses a person.
pub const AUTHORIZATION_PATH: &str = "/dev/oidc/authorize";

/// The path to which the provider sends the user back, below the base path.
const CALLBACK_PATH: &str = "/callback/dev-oidc";
/// The client id of this server.
const CLIENT_ID: &str = "portcullis-development";
/// Length of a code and of an access token, in letters and digits: 190 bits.
const TOKEN_LENGTH: usize = 32;
/// How long a code is valid.
const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(1);

/// Options of the provider of development mode.
#[derive(Clone, Debug)]
pub struct DevOidcOptions {
    /// URL of the server without a path, which is also the issuer.
    pub origin: String,
    /// URL below which the routes are, without a slash at its end.
    pub base_url: String,
    /// Returns the challenge of a code verifier for the method `S256` (RFC 7636, 4.2).
    pub code_challenge: fn(&Secret<String>) -> String,
}

/// A request of a browser that was sent to the provider (RFC 6749, 4.1.1). An absent parameter is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonRequest {
    /// `response_type`.
    pub response_type: String,
    /// `client_id`.
    pub client_id: String,
    /// `redirect_uri`.
    pub redirect_uri: String,
    /// `state`.
    pub state: String,
    /// `code_challenge` (RFC 7636).
    pub code_challenge: String,
    /// `code_challenge_method`.
    pub code_challenge_method: String,
}

/// What the developer decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Sign in as this person.
    Approved(Person),
    /// Cancel the sign-in.
    Denied,
}

/// A user of the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The address, which is also the user's id at the provider.
    pub email: EmailAddress,
    /// Whether the provider reports the address as verified.
    pub is_email_verified: bool,
}

/// The request is not one that this server makes: the browser must not be sent to its redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request was not made by this server")]
pub struct ForeignRequest;

/// The provider of development mode; cheap to clone.
#[derive(Clone)]
pub struct DevOidc {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    codes: Arc<Codes>,
    options: Arc<DevOidcOptions>,
}

impl DevOidc {
    /// Creates the provider. It has no users until the developer names one.
    #[must_use]
    pub fn new(ports: &Ports, options: DevOidcOptions) -> Self {
        Self {
            clock: Arc::clone(&ports.clock),
            random: Arc::clone(&ports.random),
            codes: Arc::default(),
            options: Arc::new(options),
        }
    }

    /// Returns the provider as sign-ins use it.
    #[must_use]
    pub fn identity_provider(&self) -> Arc<dyn IdentityProvider> {
        Arc::new(DevOidcProvider::new(self.clone()))
    }

    /// Checks that this server made the request.
    ///
    /// # Errors
    ///
    /// If the client, the redirect URI, the response type or the challenge method is another one, or if the challenge
    /// or the state is missing.
    pub fn check(&self, request: &PersonRequest) -> Result<(), ForeignRequest> {
        let is_own = request.client_id == CLIENT_ID
            && request.redirect_uri == self.redirect_uri()
            && request.response_type == "code"
            && request.code_challenge_method == "S256"
            && !request.code_challenge.is_empty()
            && !request.state.is_empty();
        if is_own { Ok(()) } else { Err(ForeignRequest) }
    }

    /// Returns the URL to which the browser returns, with a code for the person, or with an error if the developer cancels.
    ///
    /// # Errors
    ///
    /// As [`Self::check`]. No code is issued then.
    pub fn decide(&self, request: &PersonRequest, choice: Choice) -> Result<String, ForeignRequest> {
        self.check(request)?;

        let answer = match choice {
            Choice::Approved(person) => ("code", self.issue(request, person)),
            Choice::Denied => ("error", "access_denied".to_owned()),
        };
        let mut query = Serializer::new(String::new());
        query.append_pair(answer.0, &answer.1);
        query.append_pair("state", &request.state);
        query.append_pair("iss", &self.options.origin);
        Ok(format!("{}?{}", request.redirect_uri, query.finish()))
    }

    fn issue(&self, request: &PersonRequest, person: Person) -> String {
        let code = self.random.text(TOKEN_LENGTH);
        let now = self.now();
        self.codes.issue(
            Grant {
                code: Secret::new(code.clone()),
                client_id: request.client_id.clone(),
                redirect_uri: request.redirect_uri.clone(),
                code_challenge: request.code_challenge.clone(),
                expires_at: now + CODE_LIFETIME,
                person,
            },
            now,
        );
        code
    }

    fn redirect_uri(&self) -> String {
        format!("{}{CALLBACK_PATH}", self.options.base_url)
    }

    fn authorization_url(&self) -> Option<Url> {
        Url::parse(&format!("{}{AUTHORIZATION_PATH}", self.options.origin)).ok()
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}
