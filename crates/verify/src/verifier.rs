//! Verification of JWTs by the server's published keys.

use std::{sync::Arc, time::Duration};

use serde::de::DeserializeOwned;

use crate::{
    BuildError, Claims, Clock, Error, SystemClock, Unavailable, WithFields,
    claims::Expected,
    clock::unix_seconds,
    http_client::{HttpClient, below, parse_url},
    jws::Jws,
    keys::{Keys, Limits, Location},
};

/// Maximum difference of clocks that may be tolerated.
const LARGEST_LEEWAY: Duration = Duration::from_mins(5);

/// Verifies JWTs of one issuer for one service. Create it once; clones share its keys.
///
/// Accepted algorithms are `EdDSA` (Ed25519), ES256, ES512, RS256 and PS256, and for each key only its own. The keys
/// are cached, fetched again when their lifetime ends or when a token names an unknown key, and used for a limited time
/// if they cannot be fetched again. `exp`, `iss`, `aud`, `sub` and the header's `kid` are required.
#[derive(Clone, Debug)]
pub struct Verifier {
    keys: Arc<Keys>,
    expected: Arc<Expected>,
    clock: Arc<dyn Clock>,
}

/// Options of a [`Verifier`]. Issuer, audience and the location of the keys are required.
#[derive(Clone, Debug)]
#[must_use]
pub struct VerifierBuilder {
    issuer: String,
    audiences: Vec<String>,
    jwks_url: Option<String>,
    discovers: bool,
    leeway: Duration,
    timeout: Duration,
    limits: Limits,
    clock: Arc<dyn Clock>,
}

impl Verifier {
    /// Returns the options of a verifier. Set `issuer`, `audience` and `jwks_url`.
    pub fn builder() -> VerifierBuilder {
        VerifierBuilder {
            issuer: String::new(),
            audiences: Vec::new(),
            jwks_url: None,
            discovers: false,
            leeway: Duration::from_mins(1),
            timeout: Duration::from_secs(5),
            limits: Limits {
                interval: Duration::from_secs(30),
                max_stale: Duration::from_hours(1),
            },
            clock: Arc::new(SystemClock),
        }
    }

    /// Returns the options of a verifier that finds the keys by the issuer's `/.well-known/openid-configuration`. Set
    /// `audience`. The document is read when keys are needed, and must name exactly this issuer.
    pub fn discover(issuer: impl Into<String>) -> VerifierBuilder {
        VerifierBuilder {
            discovers: true,
            ..Self::builder().issuer(issuer)
        }
    }

    /// Verifies a token and returns its claims.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the keys are needed and cannot be fetched: respond with 503. Every other error means
    /// that the token is not acceptable: respond with 401.
    pub async fn verify<T: DeserializeOwned>(&self, token: &str) -> Result<Claims<T>, Error> {
        let token = Jws::parse(token)?;
        self.keys.verify(&token).await?;
        self.expected
            .read(&token.payload()?, unix_seconds(self.clock.now()))
    }

    /// Fetches the keys unless they are cached. A service can call it before it reports that it is ready.
    ///
    /// # Errors
    ///
    /// If the keys cannot be fetched.
    pub async fn load_keys(&self) -> Result<(), Unavailable> {
        self.keys.load().await
    }

    /// Returns this verifier for middleware that reads the deployment's own claims as `T`.
    #[must_use]
    pub fn with_fields<T>(self) -> WithFields<Self, T> {
        WithFields::new(self)
    }
}

impl VerifierBuilder {
    /// Sets the only accepted `iss`, exactly as in the tokens (`plugins.jwt.jwt.issuer`).
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = issuer.into();
        self
    }

    /// Adds an accepted `aud`: the name of this service.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Sets the URL of the keys, for example `https://auth.example.com/api/auth/jwks`.
    pub fn jwks_url(mut self, url: impl Into<String>) -> Self {
        self.jwks_url = Some(url.into());
        self
    }

    /// Sets the tolerated difference between the clocks of server and service. Default: 60 s; at most 5 minutes.
    pub const fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// Sets the time limit of each request for keys. Default: 5 s.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the minimum time between two fetches that tokens with unknown keys cause. Default: 30 s.
    pub const fn unknown_key_interval(mut self, interval: Duration) -> Self {
        self.limits.interval = interval;
        self
    }

    /// Sets for how long keys are used after their lifetime if they cannot be fetched again. Default: 1 hour.
    pub const fn max_stale(mut self, max_stale: Duration) -> Self {
        self.limits.max_stale = max_stale;
        self
    }

    /// Replaces the clock, for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Creates the verifier. Sends no request.
    ///
    /// # Errors
    ///
    /// If a required option is missing, or an option has a value that cannot be used.
    pub fn build(self) -> Result<Verifier, BuildError> {
        if self.issuer.is_empty() {
            return Err(BuildError::Missing("issuer"));
        }
        if self.audiences.is_empty() || self.audiences.iter().any(String::is_empty) {
            return Err(BuildError::Missing("audience"));
        }
        if self.leeway > LARGEST_LEEWAY {
            return Err(BuildError::option("leeway", "use at most 5 minutes"));
        }
        if self.limits.interval < Duration::from_secs(1) {
            return Err(BuildError::option("unknown_key_interval", "use at least 1 s"));
        }
        let location = self.location()?;
        let http = HttpClient::new(self.timeout)?;
        let expected = Expected {
            issuer: self.issuer,
            audiences: self.audiences,
            leeway: i64::try_from(self.leeway.as_secs()).unwrap_or(i64::MAX),
        };
        Ok(Verifier {
            keys: Arc::new(Keys::new(location, self.limits, http, Arc::clone(&self.clock))),
            expected: Arc::new(expected),
            clock: self.clock,
        })
    }

    fn location(&self) -> Result<Location, BuildError> {
        match (&self.jwks_url, self.discovers) {
            (Some(url), false) => Ok(Location::Jwks(parse_url("jwks_url", url)?)),
            (None, true) => Ok(Location::Discovery {
                issuer: self.issuer.clone(),
                document: below(
                    "issuer",
                    &parse_url("issuer", &self.issuer)?,
                    ".well-known/openid-configuration",
                )?,
            }),
            (Some(_), true) => Err(BuildError::option(
                "jwks_url",
                "the keys are found by discovery; use `Verifier::builder()` instead, or remove it",
            )),
            (None, false) => Err(BuildError::Missing("jwks_url")),
        }
    }
}
