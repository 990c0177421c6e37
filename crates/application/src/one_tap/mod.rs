//! Google One Tap: sign-in with the id token that Google gives to a page of the application.

mod error;

use std::sync::Arc;

use portcullis_domain::secret::Secret;

pub use self::error::OneTapError;
use crate::{
    context::RequestContext,
    ports::IdentityProvider,
    sign_in::completion::Outcome,
    social::{ClientIdToken, IdTokenError, Social},
};

/// The scopes of an id token of One Tap, as Better Auth stores them.
const SCOPES: [&str; 3] = ["openid", "profile", "email"];

/// Signs users in with id tokens of Google One Tap.
pub struct OneTap {
    social: Arc<Social>,
    google: Arc<dyn IdentityProvider>,
}

impl OneTap {
    /// Creates the use case for id tokens that `google` verifies. Its policy decides whether users may sign up.
    #[must_use]
    pub const fn new(social: Arc<Social>, google: Arc<dyn IdentityProvider>) -> Self {
        Self { social, google }
    }

    /// Signs the user of an id token in, by the same rules as a sign-in with Google. `None`: the token has no e-mail address.
    ///
    /// # Errors
    ///
    /// [`OneTapError`] with the reason.
    pub async fn sign_in(
        &self,
        token: Secret<String>,
        context: &RequestContext,
    ) -> Result<Option<Outcome>, OneTapError> {
        let id_token = ClientIdToken {
            provider: self.google.id().to_owned(),
            token,
            nonce: None,
            access_token: None,
            refresh_token: None,
            scopes: Some(SCOPES.map(str::to_owned).into()),
        };
        match self.social.sign_in_at(&self.google, &id_token, context).await {
            Ok(outcome) => Ok(Some(outcome)),
            Err(IdTokenError::NoEmail) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests;
