//! Why a request is not authenticated, and why a verifier cannot be built.

/// Why a caller is not authenticated.
///
/// After [`Unavailable`](Self::Unavailable), nothing is known about the caller: respond with 503 and keep the user
/// signed in. Every other variant is about the credentials: respond with 401.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request has no credentials of the expected kind.
    #[error("the request has no credentials")]
    NoCredentials,
    /// The credentials belong to no live session.
    #[error("the session has ended or does not exist")]
    NotSignedIn,
    /// The token or the header that contains it has a wrong form.
    #[error("the token is malformed: {0}")]
    Malformed(&'static str),
    /// The token's header has no `kid`, so its key is unknown.
    #[error("the token has no `kid`")]
    NoKeyId,
    /// The server publishes no usable key with the token's `kid`.
    #[error("the token's key is unknown")]
    UnknownKey,
    /// The token's `alg` is not the algorithm of its key.
    #[error("the token's algorithm is not the one of its key")]
    WrongAlgorithm,
    /// The signature does not belong to the content.
    #[error("the token's signature is wrong")]
    WrongSignature,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` or `iat` is in the future.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `iss` is not the configured issuer.
    #[error("the token has another issuer")]
    WrongIssuer,
    /// `aud` contains none of the configured audiences.
    #[error("the token is for another audience")]
    WrongAudience,
    /// A claim is missing or has a wrong type. Contains the reason, with the claim's name.
    #[error("the token's claims are not as expected: {0}")]
    Claims(String),
    /// The server's answer is missing, so the credentials could not be checked.
    #[error("the credentials could not be checked: {0}")]
    Unavailable(#[from] Unavailable),
}

/// Why the server's answer is missing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unavailable {
    /// The server cannot be reached, or the connection broke.
    #[error("the authentication server cannot be reached: {0}")]
    Unreachable(String),
    /// The server did not respond within the time limit.
    #[error("the authentication server did not respond in time")]
    TimedOut,
    /// The server responded with a status that is no answer: a redirect, 429, 503, or a rejection of this service.
    #[error("the authentication server responded with the status {0}")]
    Status(u16),
    /// The response is longer than the limit.
    #[error("the authentication server's response is longer than {0} bytes")]
    TooLarge(usize),
    /// The response is not what the protocol defines.
    #[error("the authentication server's response is not usable: {0}")]
    Invalid(String),
}

/// Why a verifier or checker cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A required option is not set, or is empty.
    #[error("`{0}` is not set; it is required")]
    Missing(&'static str),
    /// An option has a value that cannot be used.
    #[error("`{option}`: {reason}")]
    Option {
        /// The option's name.
        option: &'static str,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The HTTP client cannot be created, for example because no certificates are installed.
    #[error("the HTTP client cannot be created: {0}")]
    Client(String),
}

impl Error {
    /// Returns whether the credentials could not be checked. Respond with 503, and do not sign the user out.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    /// Returns the status of the response: 503 if the credentials could not be checked, otherwise 401.
    #[must_use]
    pub const fn status(&self) -> u16 {
        if self.is_unavailable() { 503 } else { 401 }
    }

    /// Returns the value of `WWW-Authenticate` (RFC 6750) for a response 401, or `None` for 503.
    #[must_use]
    pub fn challenge(&self) -> Option<String> {
        match self {
            Self::Unavailable(_) => None,
            Self::NoCredentials => Some("Bearer".to_owned()),
            // Only fixed words: the details of claims may contain what the token's maker chose.
            Self::Claims(_) => Some(invalid_token("the token's claims are not as expected")),
            other => Some(invalid_token(&other.to_string())),
        }
    }

    /// Returns the text for the caller: what is wrong with the credentials, without details of the server.
    #[cfg(any(feature = "actix", feature = "axum", feature = "tower"))]
    pub(crate) fn public_message(&self) -> String {
        match self {
            Self::Unavailable(_) => "the credentials could not be checked; try again".to_owned(),
            Self::Claims(_) => "the token's claims are not as expected".to_owned(),
            other => other.to_string(),
        }
    }
}

fn invalid_token(description: &str) -> String {
    format!("Bearer error=\"invalid_token\", error_description=\"{description}\"")
}

impl BuildError {
    pub(crate) fn option(option: &'static str, reason: impl Into<String>) -> Self {
        Self::Option {
            option,
            reason: reason.into(),
        }
    }
}
