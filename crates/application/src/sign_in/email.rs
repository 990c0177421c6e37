//! Sign-in with e-mail address and password.

use std::sync::Arc;

use portcullis_domain::email::EmailAddress;

use super::{
    PasswordRequest, PasswordSignIn, SignInError,
    completion::{Identifier, Outcome},
};
use crate::{
    context::RequestContext,
    credential::AttemptKey,
    ports::{Ports, Store},
};

/// Options of sign-in with an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInOptions {
    /// Whether sign-in with e-mail address and password is enabled.
    pub enabled: bool,
}

/// A sign-in request.
#[derive(Clone, Debug)]
pub struct SignInWithEmail {
    /// The e-mail address.
    pub email: EmailAddress,
    /// The password and the rest of the request.
    pub request: PasswordRequest,
}

/// Signs users in by their e-mail addresses.
pub struct SignIn {
    store: Arc<dyn Store>,
    passwords: Arc<PasswordSignIn>,
    options: SignInOptions,
}

impl SignIn {
    /// Creates the use case with these options.
    #[must_use]
    pub fn new(ports: &Ports, passwords: Arc<PasswordSignIn>, options: SignInOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            passwords,
            options,
        }
    }

    /// Signs in the user with this e-mail address and password.
    ///
    /// # Errors
    ///
    /// [`SignInError::Disabled`], and the errors of [`PasswordSignIn::begin`] and [`PasswordSignIn::finish`].
    pub async fn with_email(
        &self,
        command: SignInWithEmail,
        context: &RequestContext,
    ) -> Result<Outcome, SignInError> {
        if !self.options.enabled {
            return Err(SignInError::Disabled);
        }
        let attempt = self.passwords.begin(Identifier::Email, command.request)?;
        let email = &command.email;
        let user = self.store.autocommit().users().find_by_email(email).await?;
        let key = AttemptKey::from(email);
        self.passwords.finish(attempt, user, key, context).await
    }
}
