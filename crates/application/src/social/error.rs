//! Why requests to providers and their answers are rejected.

use portcullis_domain::social::ExplicitLinkRefusal;

use crate::{
    ports::{Failure, ProviderError, WriteError},
    seams::Refusal,
};

/// Why no request to a provider was started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The deployment has no such provider.
    #[error("the provider is not configured")]
    UnknownProvider,
    /// The provider's metadata, which is needed for the request, cannot be read.
    #[error(transparent)]
    Provider(ProviderError),
    /// The state is stored in a cookie and exceeds what browsers store in one.
    #[error("the state is too large for a cookie")]
    StateTooLarge,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a user who is known to a provider was not signed in.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// A user has the address, and the account may not be linked to that user.
    #[error("the account is not linked to the user with its address")]
    NotLinked,
    /// There is no such user, and none may be created.
    #[error("sign-up is disabled")]
    SignUpDisabled,
    /// The user cannot be created: a declared field has no valid value, or a unique one is taken.
    #[error("the user cannot be created")]
    UnableToCreateUser,
    /// A plugin refuses the user.
    #[error("a plugin refuses the user")]
    Refused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<WriteError> for IdentityError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(_) => Self::UnableToCreateUser,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

/// Why an account was not linked to a signed-in user.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Linking is disabled, or the provider is not trusted and has not verified the address.
    #[error("linking is not allowed")]
    NotAllowed,
    /// The account has another address than the user.
    #[error("the account has another address")]
    DifferentEmails,
    /// The account belongs to another user.
    #[error("the account belongs to another user")]
    OtherUser,
    /// The session in which the user requested it has ended, or the user was deleted.
    #[error("the session has ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<ExplicitLinkRefusal> for LinkError {
    fn from(refusal: ExplicitLinkRefusal) -> Self {
        match refusal {
            ExplicitLinkRefusal::NotAllowed => Self::NotAllowed,
            ExplicitLinkRefusal::DifferentEmails => Self::DifferentEmails,
        }
    }
}

/// Why an id token of a client was rejected.
#[derive(Debug, thiserror::Error)]
pub enum IdTokenError {
    /// The deployment has no such provider.
    #[error("the provider is not configured")]
    UnknownProvider,
    /// The provider has no id tokens that can be verified.
    #[error("the provider has no id tokens")]
    Unsupported,
    /// The token is not valid, or the deployment does not accept id tokens of this provider.
    #[error("the id token is not valid")]
    Invalid,
    /// The provider's profile cannot be read or has no id.
    #[error("the provider does not report a user id")]
    NoUserInfo,
    /// The profile has no e-mail address.
    #[error("the profile has no e-mail address")]
    NoEmail,
    /// The user was not signed in.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The account was not linked.
    #[error(transparent)]
    Link(#[from] LinkError),
}

impl From<Failure> for IdTokenError {
    fn from(failure: Failure) -> Self {
        Self::Identity(IdentityError::Failure(failure))
    }
}

/// Why the answer of a provider was rejected.
#[derive(Debug, thiserror::Error)]
pub enum CallbackError {
    /// There is no `state` parameter.
    #[error("the answer has no state")]
    NoState,
    /// The state is unknown, was used, or has expired.
    #[error("the state is not valid any more")]
    Restart,
    /// The state was not given to this client, or was started for another provider.
    #[error("the state belongs to another request")]
    StateMismatch,
    /// The provider reports an error.
    #[error("the provider reports an error")]
    Provider {
        /// The error code.
        error: String,
        /// The provider's words.
        description: Option<String>,
    },
    /// There is no `code` parameter.
    #[error("the answer has no code")]
    NoCode,
    /// The deployment has no such provider.
    #[error("the provider is not configured")]
    UnknownProvider,
    /// The `iss` parameter names another issuer (RFC 9207).
    #[error("the answer is of another issuer")]
    IssuerMismatch,
    /// There is no `iss` parameter, which this provider must send.
    #[error("the answer has no issuer")]
    IssuerMissing,
    /// The provider does not accept the code, or its tokens cannot be used.
    #[error("the code cannot be exchanged")]
    InvalidCode,
    /// The provider's profile cannot be read or has no id.
    #[error("the provider does not report a user id")]
    NoUserInfo,
    /// The profile has no e-mail address.
    #[error("the profile has no e-mail address")]
    NoEmail,
    /// The profile has no name, and the provider's users must have one.
    #[error("the profile has no name")]
    NoName,
    /// The user was not signed in.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The account was not linked.
    #[error(transparent)]
    Link(#[from] LinkError),
}

impl From<Failure> for CallbackError {
    fn from(failure: Failure) -> Self {
        Self::Identity(IdentityError::Failure(failure))
    }
}
