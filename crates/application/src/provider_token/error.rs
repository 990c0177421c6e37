//! Why the tokens of an account are not returned.

use crate::ports::{Failure, ProviderError};

/// Why the tokens of an account are not returned.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The deployment has no provider with this id, whose tokens were to be read.
    #[error("the provider `{0}` is not configured")]
    Unsupported(String),
    /// The deployment has no provider with this id, whose tokens were to be refreshed.
    #[error("the provider `{0}` is not configured")]
    Unknown(String),
    /// The account's provider is not configured any more.
    #[error("the provider `{0}` is not configured")]
    NotConfigured(String),
    /// The provider with this id does not refresh tokens.
    #[error("the provider `{0}` does not refresh tokens")]
    NotRefreshable(String),
    /// The caller has no such account.
    #[error("the user has no such account")]
    AccountNotFound,
    /// The account has no refresh token.
    #[error("the account has no refresh token")]
    NoRefreshToken,
    /// The account has no access token.
    #[error("the account has no access token")]
    NoAccessToken,
    /// The stored tokens cannot be decrypted.
    #[error("the stored tokens cannot be decrypted")]
    Unreadable,
    /// The provider did not refresh the access token.
    #[error(transparent)]
    Provider(ProviderError),
    /// The provider did not refresh the tokens that the client wanted to have refreshed.
    #[error(transparent)]
    Refresh(ProviderError),
    /// The stored tokens that the client wanted to have refreshed cannot be decrypted.
    #[error("the stored refresh token cannot be decrypted")]
    UnreadableRefreshToken,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl TokenError {
    /// Logs why stored tokens cannot be decrypted, and returns the error.
    pub(super) fn unreadable(failure: &Failure) -> Self {
        tracing::warn!(
            cause = failure.causes(),
            "could not decrypt the stored tokens of a provider; they are not returned"
        );
        Self::Unreadable
    }

    /// Returns the error of a refresh that the client wanted.
    pub(super) fn while_refreshing(self) -> Self {
        match self {
            Self::Provider(error) => Self::Refresh(error),
            Self::Unreadable => Self::UnreadableRefreshToken,
            other => other,
        }
    }
}
