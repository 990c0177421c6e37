//! Checks of tokens by introspection (RFC 7662), as an authenticated service.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{
    RequestBuilder, Url,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde::{Deserialize, de::DeserializeOwned};
use url::form_urlencoded::{Serializer, byte_serialize};

use crate::{
    BuildError, Clock, Empty, Error, SystemClock, User, WithFields,
    cache::Cache,
    clock::from_unix_seconds,
    http_client::{HttpClient, below, json, parse_url, send},
};

/// An active token.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Introspection<T = Empty> {
    /// The user's id.
    pub sub: String,
    /// The session's id. `None`: the token belongs to no session.
    #[serde(default)]
    pub sid: Option<String>,
    /// The issuer.
    #[serde(default)]
    pub iss: Option<String>,
    /// The time of expiry, in seconds since 1970.
    #[serde(default)]
    pub exp: Option<i64>,
    /// The time of issue, in seconds since 1970.
    #[serde(default)]
    pub iat: Option<i64>,
    /// The kind of token: `session` for a session token, `Bearer` for a JWT.
    #[serde(default)]
    pub token_type: Option<String>,
    /// The user's e-mail address.
    #[serde(default)]
    pub username: Option<String>,
    /// The user, as in `/get-session`.
    #[serde(default = "none")]
    pub user: Option<User<T>>,
}

/// The default of `user`, which does not require `T` to have a default.
const fn none<T>() -> Option<User<T>> {
    None
}

#[derive(Deserialize)]
struct Active {
    active: bool,
}

/// Asks the server about session tokens and JWTs, at `/oauth2/introspect`. Create it once; clones share its
/// connections and cache.
///
/// In contrast to a [`Verifier`](crate::Verifier), it reports at once that a session has ended, unless its cache is
/// enabled.
#[derive(Clone)]
pub struct Introspector {
    url: Url,
    authorization: Option<String>,
    http: HttpClient,
    cache: Option<Arc<Cache>>,
}

/// Options of an [`Introspector`]: `base_url` with `client`, or `private_url`.
#[derive(Clone)]
#[must_use]
pub struct IntrospectorBuilder {
    base_url: Option<String>,
    private_url: Option<String>,
    client: Option<(String, String)>,
    timeout: Duration,
    cache: Option<(usize, Duration)>,
    clock: Arc<dyn Clock>,
}

impl Introspector {
    /// Returns the options of an introspector.
    pub fn builder() -> IntrospectorBuilder {
        IntrospectorBuilder {
            base_url: None,
            private_url: None,
            client: None,
            timeout: Duration::from_secs(3),
            cache: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// Returns what the server knows about a token, or `None` if it is not active.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the server gave no answer, or rejects this service's own credentials (status 401).
    pub async fn introspect<T: DeserializeOwned>(
        &self,
        token: &str,
    ) -> Result<Option<Introspection<T>>, Error> {
        if let Some(answer) = self.cache.as_ref().and_then(|cache| cache.get(token)) {
            return read(&answer);
        }
        let asked = self.cache.as_ref().map(|cache| (cache, cache.now()));
        let answer = send(self.request(token)).await?.body;
        let found: Option<Introspection<T>> = read(&answer)?;
        if let (Some((cache, asked)), Some(found)) = (asked, &found) {
            cache.put(token, &answer, asked, found.exp.and_then(from_unix_seconds));
        }
        Ok(found)
    }

    fn request(&self, token: &str) -> RequestBuilder {
        let form = Serializer::new(String::new())
            .append_pair("token", token)
            .finish();
        let request = self
            .http
            .post(&self.url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        match &self.authorization {
            Some(authorization) => request.header(AUTHORIZATION, authorization),
            None => request,
        }
    }

    /// Returns this introspector for middleware that reads the user's own fields as `T`.
    #[must_use]
    pub fn with_fields<T>(self) -> WithFields<Self, T> {
        WithFields::new(self)
    }
}

fn read<T: DeserializeOwned>(answer: &[u8]) -> Result<Option<Introspection<T>>, Error> {
    let Active { active } = json(answer)?;
    Ok(if active { Some(json(answer)?) } else { None })
}

impl IntrospectorBuilder {
    /// Sets the server's URL with its base path, for example `https://auth.example.com/api/auth`.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sets the id and secret of this service (`clients.<id>.secret` of the server).
    pub fn client(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.client = Some((id.into(), secret.into()));
        self
    }

    /// Sets the complete URL of the introspection route on the server's private listener
    /// (`plugins.introspection.private_bind`), which needs no `client`.
    pub fn private_url(mut self, url: impl Into<String>) -> Self {
        self.private_url = Some(url.into());
        self
    }

    /// Sets the time limit of each request. Default: 3 s.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Caches up to `capacity` answers about active tokens for `lifetime`, at most 30 s. Default: no cache.
    ///
    /// A token that is revoked is accepted until its answer is dropped. No answer is used after the `exp` in it.
    pub const fn cache(mut self, capacity: usize, lifetime: Duration) -> Self {
        self.cache = Some((capacity, lifetime));
        self
    }

    /// Replaces the clock, for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Creates the introspector. Sends no request.
    ///
    /// # Errors
    ///
    /// If a required option is missing, or an option has a value that cannot be used.
    pub fn build(self) -> Result<Introspector, BuildError> {
        let (url, authorization) = match (&self.base_url, &self.private_url, &self.client) {
            (None, Some(url), None) => (parse_url("private_url", url)?, None),
            (_, Some(_), _) => {
                return Err(BuildError::option(
                    "private_url",
                    "remove `base_url` and `client`: the private listener needs neither",
                ));
            }
            (Some(url), None, Some((id, secret))) => {
                let base = parse_url("base_url", url)?;
                (
                    below("base_url", &base, "oauth2/introspect")?,
                    Some(basic(id, secret)),
                )
            }
            (None, None, _) => return Err(BuildError::Missing("base_url")),
            (Some(_), None, None) => return Err(BuildError::Missing("client")),
        };
        let cache = self.cache.map(|limits| Cache::new(limits, self.clock));
        Ok(Introspector {
            url,
            authorization,
            http: HttpClient::new(self.timeout)?,
            cache: cache.transpose()?.map(Arc::new),
        })
    }
}

/// The value of `Authorization` for client authentication: RFC 6749 encodes id and secret before they are joined.
fn basic(id: &str, secret: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)))
    )
}

/// Shows no secret.
impl fmt::Debug for Introspector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspector")
            .field("url", &self.url.as_str())
            .finish_non_exhaustive()
    }
}

/// Shows no secret.
impl fmt::Debug for IntrospectorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntrospectorBuilder")
            .field("base_url", &self.base_url)
            .field("private_url", &self.private_url)
            .field("client", &self.client.as_ref().map(|(id, _)| id))
            .finish_non_exhaustive()
    }
}
