//! Becoming a user, with an address and a password.

use std::sync::Arc;

use portcullis_domain::{
    account::Account,
    email::EmailAddress,
    password::{Password, PasswordHash, PasswordLength, PasswordPolicy},
    session::SessionPolicy,
    user::User,
};

use crate::{
    context::RequestContext,
    ports::{Clock, Failure, PasswordHasher, Ports, Random, RandomExt, Store, UniqueKey, WriteError},
    sign_in::{
        Entered,
        finish::{Entering, enter},
    },
};

/// How people may become users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignUpOptions {
    /// Whether people may become users by themselves.
    pub enabled: bool,
    /// How long a password may be.
    pub password: PasswordPolicy,
    /// How long a session lives.
    pub session: SessionPolicy,
}

/// Somebody asks to become a user.
#[derive(Clone, Debug)]
pub struct SignUpWithEmail {
    /// What to be called.
    pub name: String,
    /// The address.
    pub email: EmailAddress,
    /// The password to set.
    pub password: Password,
    /// Where a picture is.
    pub image: Option<String>,
    /// Whether the client is to keep the session when the browser closes.
    pub remember_me: bool,
}

/// Why somebody did not become a user.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// People may not become users by themselves.
    #[error("signing up with an address and a password is off")]
    Disabled,
    /// The password's length is outside the policy.
    #[error(transparent)]
    Password(#[from] PasswordLength),
    /// The address is somebody's already.
    #[error("the address is taken")]
    EmailTaken,
    /// The machine let us down.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<WriteError> for SignUpError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(UniqueKey::UserEmail) => Self::EmailTaken,
            other => Self::Failure(other.into_failure()),
        }
    }
}

/// Makes users.
pub struct SignUp {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    hasher: Arc<dyn PasswordHasher>,
    options: SignUpOptions,
}

impl SignUp {
    /// Makes users by these options.
    #[must_use]
    pub fn new(ports: &Ports, options: SignUpOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            random: Arc::clone(&ports.random),
            hasher: Arc::clone(&ports.hasher),
            options,
        }
    }

    /// Makes a user with an account and a session: all three or none.
    ///
    /// # Errors
    ///
    /// [`SignUpError::EmailTaken`] also to whoever loses a race for the address.
    pub async fn with_email(
        &self,
        command: SignUpWithEmail,
        context: &RequestContext,
    ) -> Result<Entered, SignUpError> {
        if !self.options.enabled {
            return Err(SignUpError::Disabled);
        }
        self.options.password.admit_new(&command.password)?;
        if self
            .store
            .read()
            .users()
            .find_by_email(&command.email)
            .await?
            .is_some()
        {
            return Err(SignUpError::EmailTaken);
        }

        let hash = self.hasher.hash(&command.password).await?;

        self.admit(command, hash, context).await
    }

    async fn admit(
        &self,
        command: SignUpWithEmail,
        hash: PasswordHash,
        context: &RequestContext,
    ) -> Result<Entered, SignUpError> {
        let now = self.clock.now();
        let user = User {
            id: self.random.id(),
            name: command.name,
            email: command.email,
            email_verified: false,
            image: command.image,
            created_at: now,
            updated_at: now,
        };
        let account = Account::credential(self.random.id(), user.id.clone(), hash, now);
        let entering = Entering {
            user: &user.id,
            context,
            remembered: command.remember_me,
            now,
        };

        let mut unit = self.store.begin();
        unit.users().insert(&user).await?;
        unit.accounts().insert(&account).await?;
        let (session, effect) = enter(
            unit.as_mut(),
            self.random.as_ref(),
            self.options.session,
            &entering,
        )
        .await?;
        unit.commit().await?;
        Ok(Entered {
            session,
            user,
            effect,
        })
    }
}

#[cfg(test)]
mod tests;
