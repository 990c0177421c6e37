//! Checks of sessions by asking the server.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use chrono::DateTime;
use reqwest::{Url, header::AUTHORIZATION, header::COOKIE};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    BuildError, Clock, Credentials, Empty, Error, SystemClock, WithFields,
    cache::Cache,
    cookies::CookieNames,
    http_client::{HttpClient, below, json, parse_url, send},
};

/// A live session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session<T = Empty> {
    /// The session's id, as in the claim `sid`.
    pub id: String,
    /// The time of expiry, as the server writes it: RFC 3339, in UTC.
    pub expires_at: String,
    /// The session's user.
    pub user: User<T>,
}

impl<T> Session<T> {
    /// The time of expiry, or `None` if it is not as the server writes it. Such an answer is not cached.
    fn expires(&self) -> Option<SystemTime> {
        DateTime::parse_from_rfc3339(&self.expires_at)
            .ok()
            .map(SystemTime::from)
    }
}

/// A user, with the deployment's own fields in `fields`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User<T = Empty> {
    /// The user's id.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// Whether the user has proven that the address is theirs.
    pub email_verified: bool,
    /// The URL of a picture.
    #[serde(default)]
    pub image: Option<String>,
    /// All other fields that `T` declares.
    #[serde(flatten)]
    pub fields: T,
}

/// The response of `/get-session`. The session's token is not read.
#[derive(Deserialize)]
struct Answer<T> {
    session: SessionRow,
    user: User<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionRow {
    id: String,
    expires_at: String,
}

/// Asks the server whether a session cookie or bearer token belongs to a live session. Create it once; clones share
/// its connections and cache.
///
/// The session is neither renewed nor changed, and no redirect is followed.
#[derive(Clone, Debug)]
pub struct SessionChecker {
    url: Url,
    names: CookieNames,
    http: HttpClient,
    cache: Option<Arc<Cache>>,
}

/// Options of a [`SessionChecker`]. The base URL is required.
#[derive(Clone, Debug)]
#[must_use]
pub struct SessionCheckerBuilder {
    base_url: String,
    names: CookieNames,
    timeout: Duration,
    cache: Option<(usize, Duration)>,
    clock: Arc<dyn Clock>,
}

impl SessionChecker {
    /// Returns the options of a checker. Set `base_url`.
    pub fn builder() -> SessionCheckerBuilder {
        SessionCheckerBuilder {
            base_url: String::new(),
            names: CookieNames::with_prefix("better-auth"),
            timeout: Duration::from_secs(3),
            cache: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// Returns the session of these credentials, or `None` if the user is not signed in.
    ///
    /// Only the session cookies and the bearer token are sent. Without either, no request is sent.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the server gave no answer, also for 429: respond with 503, and keep the user signed
    /// in. [`Error::Malformed`] if `Authorization` has a wrong form.
    pub async fn check<T: DeserializeOwned>(
        &self,
        credentials: &Credentials,
    ) -> Result<Option<Session<T>>, Error> {
        let (cookies, bearer) = self.find(credentials)?;
        if cookies.is_none() && bearer.is_none() {
            return Ok(None);
        }
        let key = format!("{}\n{}", cookies.as_deref().unwrap_or(""), bearer.unwrap_or(""));
        if let Some(answer) = self.cache.as_ref().and_then(|cache| cache.get(&key)) {
            return session(&answer);
        }
        let mut request = self.http.get(&self.url);
        if let Some(cookies) = &cookies {
            request = request.header(COOKIE, cookies);
        }
        if let Some(token) = bearer {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let asked = self.cache.as_ref().map(|cache| (cache, cache.now()));
        let answer = send(request).await?.body;
        let found: Option<Session<T>> = session(&answer)?;
        let expires = found.as_ref().and_then(Session::expires);
        if let (Some((cache, asked)), Some(_)) = (asked, expires) {
            cache.put(&key, &answer, asked, expires);
        }
        Ok(found)
    }

    /// Whether there are credentials to ask about.
    pub(crate) fn finds_any(&self, credentials: &Credentials) -> Result<bool, Error> {
        let (cookies, bearer) = self.find(credentials)?;
        Ok(cookies.is_some() || bearer.is_some())
    }

    /// The session cookies and the bearer token.
    fn find<'a>(&self, credentials: &'a Credentials) -> Result<(Option<String>, Option<&'a str>), Error> {
        let header = credentials.cookie_header();
        let cookies = header.and_then(|header| self.names.of(header));
        Ok((cookies, credentials.bearer_token()?))
    }

    /// Returns this checker for middleware that reads the user's own fields as `T`.
    #[must_use]
    pub fn with_fields<T>(self) -> WithFields<Self, T> {
        WithFields::new(self)
    }
}

/// Reads the server's answer: `null`, or session and user.
fn session<T: DeserializeOwned>(answer: &[u8]) -> Result<Option<Session<T>>, Error> {
    let answer: Option<Answer<T>> = json(answer)?;
    Ok(answer.map(|Answer { session, user }| Session {
        id: session.id,
        expires_at: session.expires_at,
        user,
    }))
}

impl SessionCheckerBuilder {
    /// Sets the server's URL with its base path, for example `https://auth.example.com/api/auth`.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Sets the prefix of the server's cookies (`advanced.cookie_prefix`). Default: `better-auth`.
    pub fn cookie_prefix(mut self, prefix: &str) -> Self {
        self.names = CookieNames::with_prefix(prefix);
        self
    }

    /// Sets the name of the session cookie (`advanced.cookies.session_token.name`).
    pub fn cookie_name(mut self, name: &str) -> Self {
        self.names = CookieNames::named(name);
        self
    }

    /// Sets the time limit of each request. Default: 3 s.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Caches up to `capacity` answers about live sessions for `lifetime`, at most 30 s. Default: no cache.
    ///
    /// A session that the user has ended is accepted until its answer is dropped. No answer is used after the session's
    /// `expiresAt`.
    pub const fn cache(mut self, capacity: usize, lifetime: Duration) -> Self {
        self.cache = Some((capacity, lifetime));
        self
    }

    /// Replaces the clock, for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Creates the checker. Sends no request.
    ///
    /// # Errors
    ///
    /// If the base URL is missing, or an option has a value that cannot be used.
    pub fn build(self) -> Result<SessionChecker, BuildError> {
        if self.base_url.is_empty() {
            return Err(BuildError::Missing("base_url"));
        }
        let base = parse_url("base_url", &self.base_url)?;
        let mut url = below("base_url", &base, "get-session")?;
        url.set_query(Some("disableRefresh=true"));
        let cache = self.cache.map(|limits| Cache::new(limits, self.clock));
        Ok(SessionChecker {
            url,
            names: self.names,
            http: HttpClient::new(self.timeout)?,
            cache: cache.transpose()?.map(Arc::new),
        })
    }
}
