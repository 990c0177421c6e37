//! Sign-up with e-mail address and password.

mod error;
mod options;

use std::sync::Arc;

use portcullis_domain::{
    account::Account,
    additional::AdditionalFields,
    email::EmailAddress,
    email_verification::LinkRequest,
    id,
    message::{Content, MessageKind},
    password::{Password, PasswordHash},
    user::{NewUser, User},
};

pub use self::{error::SignUpError, options::SignUpOptions};
use crate::{
    code::Codes,
    context::RequestContext,
    credential::Credentials,
    email_verification::{LinkMessage, LinkMessageWriter, write_code},
    message::{MessageDraft, Requester, SealedTokenMessage},
    ports::{Clock, Failure, Ports, Random, RandomExt, Repositories, Store},
    seams::PasswordSource,
    sign_in::completion::{Outcome, SignInCompletion, SignInMethod, SigningIn},
    user::UserCreation,
};

/// A sign-up request.
#[derive(Clone, Debug)]
pub struct SignUpWithEmail {
    /// The user's name.
    pub name: String,
    /// The address.
    pub email: EmailAddress,
    /// The password.
    pub password: Password,
    /// The URL of a picture.
    pub image: Option<String>,
    /// Whether the session outlives the browser.
    pub remember_me: bool,
    /// The URL to which the verification link redirects.
    pub callback_url: Option<String>,
    /// The values of declared fields.
    pub additional: AdditionalFields,
}

/// A successful sign-up.
#[derive(Debug)]
pub enum SignedUp {
    /// The user exists, and this is the outcome of the automatic sign-in. If it was refused, no user was stored.
    SignedIn(Outcome),
    /// The user must sign in. If sign-up conceals whether an address is registered, the user may not exist.
    Pending(Box<User>),
}

/// Signs users up.
pub struct SignUp {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    users: Arc<UserCreation>,
    credentials: Arc<Credentials>,
    completion: Arc<SignInCompletion>,
    writer: LinkMessageWriter,
    codes: Option<Codes>,
    options: SignUpOptions,
}

impl SignUp {
    /// Creates the use case with these options.
    #[must_use]
    pub fn new(
        ports: &Ports,
        users: Arc<UserCreation>,
        completion: Arc<SignInCompletion>,
        credentials: Arc<Credentials>,
        options: SignUpOptions,
    ) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            random: Arc::clone(&ports.random),
            users,
            credentials,
            completion,
            writer: LinkMessageWriter::new(ports, options.messages.clone(), options.link_expires_in),
            codes: options
                .verification_code
                .map(|options| Codes::new(ports, options)),
            options,
        }
    }

    /// Creates a user with a credential account, and a session if users are signed in after sign-up, in one unit of
    /// work.
    ///
    /// # Errors
    ///
    /// [`SignUpError::EmailTaken`] also after a lost race for the address. If sign-up conceals whether an address is
    /// registered, the owner of the address is notified instead, and the response is that of a success.
    pub async fn with_email(
        &self,
        command: SignUpWithEmail,
        context: &RequestContext,
    ) -> Result<SignedUp, SignUpError> {
        let (arrival, conceals) = (self.clock.now(), self.options.conceals());
        if !self.options.enabled {
            return Err(SignUpError::Disabled);
        }
        self.credentials.check_new(&command.password)?;
        let owner = self.owner(&command.email).await?;
        if owner.is_some() && !conceals {
            return Err(SignUpError::EmailTaken);
        }
        let source = PasswordSource::SignUp;
        let hash = self.credentials.hash(&command.password, source).await?;
        if !conceals {
            return self.create(&command, hash, context).await;
        }

        let outcome = match owner {
            Some(owner) => self.notify_owner(&owner, &command, &hash).await,
            None => match self.create(&command, hash.clone(), context).await {
                Err(SignUpError::EmailTaken) => self.pretend(&command, &hash).await,
                outcome => outcome,
            },
        };
        self.credentials.wait(arrival).await;
        outcome
    }

    async fn owner(&self, email: &EmailAddress) -> Result<Option<User>, Failure> {
        self.store.autocommit().users().find_by_email(email).await
    }

    async fn create(
        &self,
        command: &SignUpWithEmail,
        hash: PasswordHash,
        context: &RequestContext,
    ) -> Result<SignedUp, SignUpError> {
        let user = self.user(command);
        let now = user.created_at;
        let account = self.account(&user, hash);
        let message = self.message(&user, command).await?;
        let code = self.code_message(&user).await?;

        let mut unit = self.store.begin();
        let user = insert(unit.as_mut(), &user, &account).await?;
        for message in message.iter().chain(&code) {
            message.queue(unit.as_mut(), now).await?;
        }
        let signed_up = if self.options.conceals() {
            SignedUp::Pending(Box::new(user))
        } else {
            let is_remembered = command.remember_me;
            SignedUp::SignedIn(self.sign_in(unit.as_mut(), user, is_remembered, context).await?)
        };
        if !matches!(signed_up, SignedUp::SignedIn(Outcome::Refused(_))) {
            self.writer.messages.commit(unit).await?;
        }
        Ok(signed_up)
    }

    /// Signs the new user in. The client's IP address becomes known, which is not done if sign-up conceals whether an
    /// address is registered: the limits would reveal it.
    async fn sign_in(
        &self,
        db: &mut dyn Repositories,
        user: User,
        is_remembered: bool,
        context: &RequestContext,
    ) -> Result<Outcome, Failure> {
        let now = user.created_at;
        let attempts = self.credentials.attempts();
        attempts.store_known_address(db, &user, context, now).await?;
        let signing_in = SigningIn {
            user,
            method: SignInMethod::SignUp,
            context,
            is_remembered,
            now,
        };
        self.completion.complete(db, signing_in).await
    }

    /// Returns the message with the verification link, if one is sent.
    async fn message(
        &self,
        user: &User,
        command: &SignUpWithEmail,
    ) -> Result<Option<SealedTokenMessage>, Failure> {
        if !self.options.sends_verification_link || !self.options.messages.is_sending {
            return Ok(None);
        }
        let wanted = LinkMessage {
            user,
            request: LinkRequest::Verify,
            callback: command.callback_url.as_deref(),
            requester: Requester::NewUser,
        };
        let now = user.created_at;
        let message = self.writer.write(wanted, now);
        let is_admitted = self.writer.messages.is_within_limits(&message, now).await?;
        Ok(is_admitted.then_some(message))
    }

    /// Returns the message with the verification code, if one is sent.
    async fn code_message(&self, user: &User) -> Result<Option<SealedTokenMessage>, Failure> {
        let Some(codes) = self.codes.as_ref().filter(|_| self.options.messages.is_sending) else {
            return Ok(None);
        };
        let (messages, now) = (&self.writer.messages, user.created_at);
        let message = write_code(messages, codes, (user, Requester::NewUser), now);
        let is_admitted = messages.is_within_limits(&message, now).await?;
        Ok(is_admitted.then_some(message))
    }

    /// Returns the response of a success for an address that is already registered, and notifies its owner. The
    /// password is stored: see [`RefusedSignUpRepository`](crate::ports::RefusedSignUpRepository).
    async fn notify_owner(
        &self,
        owner: &User,
        command: &SignUpWithEmail,
        hash: &PasswordHash,
    ) -> Result<SignedUp, SignUpError> {
        let pretended = self.pretend(command, hash).await?;
        let now = self.clock.now();
        let draft = MessageDraft {
            kind: MessageKind::SignUpAttempt,
            to: &owner.email,
            user: Some(owner),
            content: Content::Notice,
            purpose: None,
            expires_at: None,
            requester: Requester::Stranger,
        };
        let message = self.writer.messages.write(draft, now);
        let is_sent =
            self.options.messages.is_sending && self.writer.messages.is_within_limits(&message, now).await?;
        let is_kept = self.options.requires_verified_email && owner.email_verified;
        if is_kept || is_sent {
            let mut unit = self.store.begin();
            if is_kept {
                unit.refused_sign_ups().keep_first(&owner.id, hash, now).await?;
            }
            if is_sent {
                message.queue(unit.as_mut(), now).await?;
            }
            self.writer.messages.commit(unit).await?;
        }
        Ok(pretended)
    }

    /// Returns the response of a success. Inserts a user with another address and an account, and rolls back, so that a
    /// taken unique field, a rule or a trigger of the database, or a database that accepts no writes, gets the same
    /// response as with a free address.
    async fn pretend(&self, command: &SignUpWithEmail, hash: &PasswordHash) -> Result<SignedUp, SignUpError> {
        let probe_user = User {
            email: EmailAddress::from_stored(self.random.text(id::LENGTH)),
            ..self.user(command)
        };
        let account = self.account(&probe_user, hash.clone());
        let mut never_committed = self.store.begin();
        let stored = insert(never_committed.as_mut(), &probe_user, &account).await?;
        Ok(SignedUp::Pending(Box::new(User {
            email: command.email.clone(),
            ..stored
        })))
    }

    fn account(&self, user: &User, hash: PasswordHash) -> Account {
        Account::credential(self.random.id(), user.id.clone(), hash, user.created_at)
    }

    fn user(&self, command: &SignUpWithEmail) -> User {
        let new = NewUser {
            name: command.name.clone(),
            email: command.email.clone(),
            email_verified: false,
            image: command.image.clone(),
            additional: command.additional.clone(),
        };
        self.users
            .create(new, Some(&SignInMethod::SignUp), self.clock.now())
    }
}

/// Inserts a user with a credential account, and returns the user as it is stored. Real and pretended sign-ups share it,
/// so that the database treats them alike.
async fn insert(db: &mut dyn Repositories, user: &User, account: &Account) -> Result<User, SignUpError> {
    let stored = db.users().insert(user).await?;
    db.accounts().insert(account).await?;
    Ok(stored)
}

#[cfg(test)]
mod tests;
