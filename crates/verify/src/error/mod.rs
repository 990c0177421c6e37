//! Why a request is not authenticated, and why a verifier cannot be built.

mod build;
mod unavailable;

pub use self::{build::BuildError, unavailable::Unavailable};

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
