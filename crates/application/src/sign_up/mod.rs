//! Becoming a user, with an address and a password.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use portcullis_domain::{
    account::Account,
    additional::AdditionalFields,
    email::EmailAddress,
    email_verification::LinkRequest,
    id,
    message::MessageKind,
    password::{Password, PasswordHash, PasswordPolicy, PasswordRejection},
    user::User,
};

use crate::{
    context::RequestContext,
    email_verification::{LinkWriter, Wanted},
    floor::Floor,
    message::{Draft, MessageOptions, Requester, SecretLetter},
    ports::{Clock, Failure, PasswordHasher, Ports, Random, RandomExt, Store, UniqueKey, WriteError},
    session::SessionOptions,
    sign_in::{
        Attempts, Entered, FailedSignIns,
        finish::{Door, Entering},
    },
};

/// How people may become users.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct SignUpOptions {
    /// Whether people may become users by themselves.
    pub enabled: bool,
    /// How long a password may be.
    pub password: PasswordPolicy,
    /// What a session is like.
    pub session: SessionOptions,
    /// Whether whoever signs up comes in at once.
    pub auto_sign_in: bool,
    /// Whether only those come in whose address is proven.
    pub requires_verified_email: bool,
    /// Whether whoever signs up is sent a link to prove the address.
    pub sends_link: bool,
    /// What is told to people.
    pub messages: MessageOptions,
    /// How long such a link may be followed.
    pub link_expires_in: TimeDelta,
    /// Where nobody is to learn who has signed up, answers leave this long after their arrival.
    pub floor: Duration,
    /// How failed sign-ins are counted: the address of a sign-up is known to the account.
    pub failed_sign_ins: Option<FailedSignIns>,
}

impl SignUpOptions {
    /// Whether nobody learns by signing up who has signed up before. That takes an answer without a session.
    const fn conceals(&self) -> bool {
        self.requires_verified_email || !self.auto_sign_in
    }
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
    /// Where a link in a mail leads afterwards.
    pub callback_url: Option<String>,
    /// The values of declared fields.
    pub additional: AdditionalFields,
}

/// Why somebody did not become a user.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// People may not become users by themselves.
    #[error("signing up with an address and a password is off")]
    Disabled,
    /// The policy rejects the password.
    #[error(transparent)]
    Password(#[from] PasswordRejection),
    /// The address is somebody's already.
    #[error("the address is taken")]
    EmailTaken,
    /// A declared field is somebody else's already.
    #[error("a field is taken")]
    FieldTaken,
    /// The machine let us down.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<WriteError> for SignUpError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(UniqueKey::UserEmail) => Self::EmailTaken,
            WriteError::Taken(UniqueKey::AdditionalField) => Self::FieldTaken,
            other => Self::Failure(other.into_failure()),
        }
    }
}

/// Somebody has signed up.
#[derive(Debug)]
pub enum SignedUp {
    /// And is in.
    Entered(Box<Entered>),
    /// And has yet to sign in. Where nobody is to learn who has signed up before, it may be that nobody has.
    Pending(Box<User>),
}

/// Makes users.
pub struct SignUp {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    hasher: Arc<dyn PasswordHasher>,
    door: Door,
    writer: LinkWriter,
    floor: Floor,
    attempts: Attempts,
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
            door: Door::new(ports, options.session.clone()),
            writer: LinkWriter::new(ports, options.messages.clone(), options.link_expires_in),
            floor: Floor::new(Arc::clone(&ports.clock), options.floor),
            attempts: Attempts::new(ports, options.failed_sign_ins),
            options,
        }
    }

    /// Makes a user with an account, and a session where whoever signs up comes in: all or none.
    ///
    /// # Errors
    ///
    /// [`SignUpError::EmailTaken`] also to whoever loses a race for the address; but where nobody is to learn who
    /// has signed up, the owner of the address is told instead, and the answer is that of a success.
    pub async fn with_email(
        &self,
        command: SignUpWithEmail,
        context: &RequestContext,
    ) -> Result<SignedUp, SignUpError> {
        let arrival = self.clock.now();
        if !self.options.enabled {
            return Err(SignUpError::Disabled);
        }
        self.options.password.admit_new(&command.password)?;
        let owner = self.owner(&command.email).await?;
        let conceals = self.options.conceals();
        if owner.is_some() && !conceals {
            return Err(SignUpError::EmailTaken);
        }
        let hash = self.hasher.hash(&command.password).await?;
        if !conceals {
            return self.admit(&command, hash, context).await;
        }

        let outcome = match owner {
            Some(owner) => self.warn(&owner, &command, &hash).await,
            None => match self.admit(&command, hash, context).await {
                Err(SignUpError::EmailTaken) => Ok(self.pretend(&command)),
                outcome => outcome,
            },
        };
        self.floor.wait(arrival).await;
        outcome
    }

    async fn owner(&self, email: &EmailAddress) -> Result<Option<User>, Failure> {
        self.store.read().users().find_by_email(email).await
    }

    async fn admit(
        &self,
        command: &SignUpWithEmail,
        hash: PasswordHash,
        context: &RequestContext,
    ) -> Result<SignedUp, SignUpError> {
        let user = self.user(command);
        let now = user.created_at;
        let account = Account::credential(self.random.id(), user.id.clone(), hash, now);
        let letter = self.letter(&user, command).await?;

        let mut unit = self.store.begin();
        unit.users().insert(&user).await?;
        unit.accounts().insert(&account).await?;
        if let Some(letter) = letter {
            letter.queue(unit.as_mut(), now).await?;
        }
        let signed_up = if self.options.conceals() {
            SignedUp::Pending(Box::new(user))
        } else {
            // Not if sign-up hides whether an address is taken: the limits would reveal it.
            self.attempts
                .remember(unit.as_mut(), &user.id, context, now)
                .await?;
            let entering = Entering {
                user,
                context,
                remembered: command.remember_me,
                now,
            };
            SignedUp::Entered(Box::new(self.door.enter(unit.as_mut(), entering).await?))
        };
        self.writer.post.commit(unit).await?;
        Ok(signed_up)
    }

    /// The letter with the link that proves the address, if one is sent.
    async fn letter(&self, user: &User, command: &SignUpWithEmail) -> Result<Option<SecretLetter>, Failure> {
        if !self.options.sends_link || !self.options.messages.is_sending {
            return Ok(None);
        }
        let wanted = Wanted {
            user,
            request: LinkRequest::Verify,
            callback: command.callback_url.as_deref(),
            requester: Requester::NewUser,
        };
        let now = user.created_at;
        let letter = self.writer.write(wanted, now);
        let is_admitted = self.writer.post.admits(&letter, now).await?;
        Ok(is_admitted.then_some(letter))
    }

    /// Answers a sign-up with an address that a user has already as if it had succeeded, and reports it to the user.
    /// The password is kept: see [`RefusedSignUpRepository`](crate::ports::RefusedSignUpRepository).
    async fn warn(
        &self,
        owner: &User,
        command: &SignUpWithEmail,
        hash: &PasswordHash,
    ) -> Result<SignedUp, SignUpError> {
        self.probe(command).await?;
        let now = self.clock.now();
        let draft = Draft {
            kind: MessageKind::SignUpAttempt,
            to: &owner.email,
            user: owner,
            link: None,
            purpose: None,
            expires_at: None,
            requester: Requester::Stranger,
        };
        let letter = self.writer.post.write(draft, now);
        let is_sent = self.options.messages.is_sending && self.writer.post.admits(&letter, now).await?;
        let is_kept = self.options.requires_verified_email && owner.email_verified;
        if is_kept || is_sent {
            let mut unit = self.store.begin();
            if is_kept {
                unit.refused_sign_ups().keep_first(&owner.id, hash, now).await?;
            }
            if is_sent {
                letter.queue(unit.as_mut(), now).await?;
            }
            self.writer.post.commit(unit).await?;
        }
        Ok(self.pretend(command))
    }

    /// Inserts a user with another address and undoes it, so that a declared field that is taken, or a database that
    /// cannot write, gets the same answer as with a free address.
    async fn probe(&self, command: &SignUpWithEmail) -> Result<(), SignUpError> {
        let nobody = User {
            email: EmailAddress::from_stored(self.random.text(id::LENGTH)),
            ..self.user(command)
        };
        let mut never_committed = self.store.begin();
        Ok(never_committed.users().insert(&nobody).await?)
    }

    /// What a success would look like.
    fn pretend(&self, command: &SignUpWithEmail) -> SignedUp {
        SignedUp::Pending(Box::new(self.user(command)))
    }

    fn user(&self, command: &SignUpWithEmail) -> User {
        let now = self.clock.now();
        User {
            id: self.random.id(),
            name: command.name.clone(),
            email: command.email.clone(),
            email_verified: false,
            image: command.image.clone(),
            created_at: now,
            updated_at: now,
            additional: command.additional.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
