//! Sign-in of new guests.

use portcullis_domain::{
    anonymous::{self, IS_ANONYMOUS, RANDOM_LENGTH, is_anonymous},
    user::{NewUser, User},
};
use serde_json::Map;

use super::{AnonymousSignInError, AnonymousUsers};
use crate::{
    context::RequestContext,
    ports::RandomExt,
    session::StrictCaller,
    sign_in::completion::{Outcome, SignInMethod, SigningIn},
};

impl AnonymousUsers {
    /// Creates a guest and signs the guest in, in one unit of work.
    ///
    /// # Errors
    ///
    /// [`AnonymousSignInError::AlreadyAnonymous`] if the caller is a guest.
    pub async fn sign_in(
        &self,
        by: Option<&StrictCaller>,
        context: &RequestContext,
    ) -> Result<Outcome, AnonymousSignInError> {
        if by.is_some_and(|by| is_anonymous(by.user())) {
            return Err(AnonymousSignInError::AlreadyAnonymous);
        }
        let guest = self.guest()?;

        let mut unit = self.store.begin();
        let user = unit.users().insert(&guest).await?;
        let signing_in = SigningIn {
            now: user.created_at,
            user,
            method: SignInMethod::Anonymous,
            context,
            is_remembered: true,
        };
        let outcome = self.completion.complete(unit.as_mut(), signing_in).await?;
        if !matches!(outcome, Outcome::Refused(_)) {
            unit.commit().await?;
        }
        Ok(outcome)
    }

    /// Returns a new guest, whom the caller stores.
    fn guest(&self) -> Result<User, AnonymousSignInError> {
        let fields = self.options.fields.create(&Map::new());
        let mut additional = fields.map_err(|_errors| AnonymousSignInError::UnableToCreateUser)?;
        additional.set(IS_ANONYMOUS, true.into());
        let random = self.random.text(RANDOM_LENGTH);
        let new = NewUser {
            name: self.options.name.clone(),
            email: anonymous::address(&random, self.options.domain.as_ref()),
            email_verified: false,
            image: None,
            additional,
        };
        Ok(self
            .users
            .create(new, Some(&SignInMethod::Anonymous), self.clock.now()))
    }
}
