//! User names: sign-in, availability, and what clients may set.

mod error;
mod user_input;

use std::sync::Arc;

use portcullis_domain::username::UsernamePolicy;

pub use self::{
    error::{AvailabilityError, UsernameSignInError},
    user_input::UsernameInput,
};
use crate::{
    context::RequestContext,
    credential::AttemptKey,
    ports::{Ports, Store},
    sign_in::{
        PasswordRequest, PasswordSignIn,
        completion::{Identifier, Outcome},
    },
};

/// A request to sign in with a user name.
#[derive(Clone, Debug)]
pub struct SignInWithUsername {
    /// The user name as the client sent it.
    pub username: String,
    /// The password and the rest of the request.
    pub request: PasswordRequest,
}

/// Signs users in by their user names, and checks which names are free.
pub struct Usernames {
    store: Arc<dyn Store>,
    passwords: Arc<PasswordSignIn>,
    policy: UsernamePolicy,
}

impl Usernames {
    /// Creates the use cases with this policy.
    #[must_use]
    pub fn new(ports: &Ports, passwords: Arc<PasswordSignIn>, policy: UsernamePolicy) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            passwords,
            policy,
        }
    }

    /// Signs in the user with this user name and password.
    ///
    /// # Errors
    ///
    /// [`UsernameSignInError::Rejected`] for a name that no user can have. Otherwise the errors of sign-in by e-mail
    /// address: an unknown name and a wrong password get the same error after the same time.
    pub async fn sign_in(
        &self,
        command: SignInWithUsername,
        context: &RequestContext,
    ) -> Result<Outcome, UsernameSignInError> {
        let SignInWithUsername { username, request } = command;
        self.policy.check(&username)?;
        let attempt = self.passwords.begin(Identifier::Username, request)?;
        let username = self.policy.normalized(&username);
        let user = self.store.autocommit().usernames().find_user(&username).await?;
        let unknown = AttemptKey::of_unknown(&username);
        Ok(self.passwords.finish(attempt, user, unknown, context).await?)
    }

    /// Returns whether no user has this user name.
    ///
    /// # Errors
    ///
    /// [`AvailabilityError::Rejected`] for a name that no user can have.
    pub async fn is_available(&self, username: &str) -> Result<bool, AvailabilityError> {
        self.policy.check(username)?;
        let username = self.policy.normalized(username);
        let found = self.store.autocommit().usernames().find_user(&username).await?;
        Ok(found.is_none())
    }
}

#[cfg(test)]
mod tests;
