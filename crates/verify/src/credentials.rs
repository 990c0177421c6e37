//! The credentials that a request presents.

use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue};

use crate::Error;

/// The headers of a request that contain credentials: `Authorization` and `Cookie`, unchanged.
#[derive(Clone, Default)]
pub struct Credentials {
    authorization: Vec<String>,
    cookie: Option<String>,
}

impl Credentials {
    /// Creates credentials from all lines of `Authorization` and of `Cookie`. Lines that are not text are ignored.
    pub fn new<'a>(
        authorization: impl IntoIterator<Item = &'a [u8]>,
        cookie: impl IntoIterator<Item = &'a [u8]>,
    ) -> Self {
        let text = |line: &'a [u8]| std::str::from_utf8(line).ok();
        let cookies: Vec<&str> = cookie.into_iter().filter_map(text).collect();
        Self {
            authorization: authorization
                .into_iter()
                .filter_map(text)
                .map(str::to_owned)
                .collect(),
            // HTTP/2 may split the header at its semicolons.
            cookie: (!cookies.is_empty()).then(|| cookies.join("; ")),
        }
    }

    /// Creates credentials from the value of a `Cookie` header.
    #[must_use]
    pub fn cookie(header: &str) -> Self {
        Self::new([], [header.as_bytes()])
    }

    /// Creates credentials from a token, without `Bearer`.
    #[must_use]
    pub fn bearer(token: &str) -> Self {
        Self::new([format!("Bearer {token}").as_bytes()], [])
    }

    /// Returns the bearer token, or `None` if the request has no `Authorization` of this scheme.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] if there are several lines of `Authorization`, or the token contains characters that no
    /// token has.
    pub fn bearer_token(&self) -> Result<Option<&str>, Error> {
        let line = match self.authorization.as_slice() {
            [] => return Ok(None),
            [line] => line.trim(),
            _ => return Err(Error::Malformed("there are several `Authorization` headers")),
        };
        let Some((scheme, token)) = line.split_once(' ') else {
            return Ok(None);
        };
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Ok(None);
        }
        let token = token.trim_start();
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=%".contains(&byte);
        if token.is_empty() || !token.bytes().all(is_token) {
            return Err(Error::Malformed("it contains characters that no token has"));
        }
        Ok(Some(token))
    }

    /// The value of the `Cookie` header.
    pub(crate) fn cookie_header(&self) -> Option<&str> {
        self.cookie.as_deref()
    }
}

/// Creates credentials from the headers of a request of axum, tonic, hyper and others that use the crate `http`.
impl From<&HeaderMap> for Credentials {
    fn from(headers: &HeaderMap) -> Self {
        let lines = |name| headers.get_all(name).into_iter().map(HeaderValue::as_bytes);
        Self::new(lines(AUTHORIZATION), lines(COOKIE))
    }
}

/// Shows no secret.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("authorization", &self.authorization.len())
            .field("cookie", &self.cookie.is_some())
            .finish()
    }
}
