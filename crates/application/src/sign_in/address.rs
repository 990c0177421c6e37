//! Sign-in of a user who has proven to own an e-mail address, by a link or a code of a message.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    additional::FieldSchema,
    email::EmailAddress,
    user::{NewUser, User},
};
use serde_json::Map;

use super::completion::{Outcome, SignInCompletion, SignInMethod, SigningIn};
use crate::{
    account::{AddressProof, FirstProof},
    context::RequestContext,
    credential::Credentials,
    ports::{Failure, Repositories, UniqueKey, WriteError},
    user::UserCreation,
};

/// A proof that the client may sign in the user with this address.
pub(crate) struct ProvenAddress<'a> {
    /// The address.
    pub(crate) email: &'a EmailAddress,
    /// The name of a new user.
    pub(crate) name: &'a str,
    /// How the address was proven.
    pub(crate) method: SignInMethod,
    /// Whether a user may be created.
    pub(crate) may_sign_up: bool,
    /// The client.
    pub(crate) context: &'a RequestContext,
    /// The time of the sign-in.
    pub(crate) now: DateTime<Utc>,
}

/// A sign-in by an address.
#[derive(Debug)]
pub struct AddressSignedIn {
    /// The outcome. If it is [`Outcome::Refused`], the unit of work must not be committed.
    pub outcome: Outcome,
    /// Whether the user was created.
    pub is_new: bool,
}

/// Why a user was not signed in by an address.
#[derive(Debug, thiserror::Error)]
pub enum AddressSignInError {
    /// There is no such user, and none may be created.
    #[error("no user has the e-mail address")]
    SignUpDisabled,
    /// The user cannot be created: a declared field is required or unique, or another request has just created a user with
    /// the address.
    #[error("the user cannot be created")]
    UnableToCreateUser,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Signs users in by their addresses.
pub struct AddressSignIn {
    users: Arc<UserCreation>,
    completion: Arc<SignInCompletion>,
    credentials: Arc<Credentials>,
    fields: FieldSchema,
}

impl AddressSignIn {
    /// Creates the sign-in. `fields` are the additional fields of new users.
    #[must_use]
    pub const fn new(
        users: Arc<UserCreation>,
        completion: Arc<SignInCompletion>,
        credentials: Arc<Credentials>,
        fields: FieldSchema,
    ) -> Self {
        Self {
            users,
            completion,
            credentials,
            fields,
        }
    }

    /// Returns the deletion of credentials that other persons may have set.
    pub(crate) fn first_proof(&self) -> &FirstProof {
        self.completion.first_proof()
    }

    /// Locks the user with this address, and returns the user. To be called before the proof is consumed: rows are locked in
    /// the order of [`UnitOfWork`](crate::ports::UnitOfWork).
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub(crate) async fn lock(
        &self,
        db: &mut dyn Repositories,
        email: &EmailAddress,
    ) -> Result<Option<User>, Failure> {
        let Some(found) = db.users().find_by_email(email).await? else {
            return Ok(None);
        };
        let locked = db.users().lock(&found.id).await?;
        Ok(locked.filter(|user| user.email == *email))
    }

    /// Signs in the user that [`Self::lock`] returned, or a new one. A user whose address was not verified first loses all
    /// other ways to sign in, and the second factor: another person may have set it, who would keep the owner out.
    ///
    /// # Errors
    ///
    /// [`AddressSignInError`] with the reason.
    pub(crate) async fn complete(
        &self,
        db: &mut dyn Repositories,
        proven: ProvenAddress<'_>,
        user: Option<User>,
    ) -> Result<AddressSignedIn, AddressSignInError> {
        let is_new = user.is_none();
        let user = match user {
            Some(user) => self.prove(db, user, proven.now).await?,
            None => self.create(db, &proven).await?,
        };
        let ProvenAddress { context, now, .. } = proven;
        let signing_in = SigningIn {
            user,
            method: proven.method,
            context,
            is_remembered: true,
            now,
        };
        let outcome = self.completion.complete(db, signing_in).await?;
        if let Outcome::Completed(completed) = &outcome {
            let attempts = self.credentials.attempts();
            attempts
                .store_known_address(db, &completed.user, context, now)
                .await?;
        }
        Ok(AddressSignedIn { outcome, is_new })
    }

    /// Verifies the address of the user, who is locked, if it was not verified before.
    async fn prove(
        &self,
        db: &mut dyn Repositories,
        user: User,
        now: DateTime<Utc>,
    ) -> Result<User, Failure> {
        if user.email_verified {
            return Ok(user);
        }
        let first_proof = self.completion.first_proof();
        let proof = AddressProof::MessageSignIn;
        let proven = first_proof.prove(db, (&user, proof), None, now).await?;
        Ok(proven.unwrap_or(user))
    }

    async fn create(
        &self,
        db: &mut dyn Repositories,
        proven: &ProvenAddress<'_>,
    ) -> Result<User, AddressSignInError> {
        if !proven.may_sign_up {
            return Err(AddressSignInError::SignUpDisabled);
        }
        let additional = self.fields.create(&Map::new());
        let new = NewUser {
            name: proven.name.to_owned(),
            email: proven.email.clone(),
            email_verified: true,
            image: None,
            additional: additional.map_err(|_errors| AddressSignInError::UnableToCreateUser)?,
        };
        let user = self.users.create(new, Some(&proven.method), proven.now);
        match db.users().insert(&user).await {
            Ok(user) => Ok(user),
            Err(WriteError::Taken(UniqueKey::UserEmail | UniqueKey::AdditionalField)) => {
                Err(AddressSignInError::UnableToCreateUser)
            }
            Err(error) => Err(error.into_failure().into()),
        }
    }
}
