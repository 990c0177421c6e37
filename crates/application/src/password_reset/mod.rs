//! Reset of a forgotten password.

mod operator;
mod replacement;

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{
    email::EmailAddress,
    message::MessageKind,
    password::{Password, PasswordRejection},
    token::OneTimeToken,
    user::User,
    verification::{Proven, Purpose},
};

pub use self::operator::ResetLink;
use crate::{
    account::FirstProof,
    clock_check::ClockCheck,
    context::RequestContext,
    credential::{Credentials, NewPasswordError},
    message::{MessageOptions, MessageWriter, Requester, SealedTokenMessage, TokenMessageDraft},
    ports::{Clock, Failure, Ports, Random, RandomExt, Store},
    seams::{PasswordSource, Refusal},
};

/// Options of password resets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordResetOptions {
    /// Options of messages, and whether any are sent.
    pub messages: MessageOptions,
    /// How long a link is valid.
    pub expires_in: TimeDelta,
    /// Whether a reset revokes the user's sessions.
    pub revokes_sessions: bool,
}

/// Why a password was not reset.
#[derive(Debug, thiserror::Error)]
pub enum PasswordResetError {
    /// Messages are disabled.
    #[error("messages are disabled")]
    Disabled,
    /// The token is unknown, was used before, or has expired.
    #[error("the one-time token is invalid")]
    InvalidToken,
    /// The policy rejects the password.
    #[error(transparent)]
    Password(#[from] PasswordRejection),
    /// A plugin refuses the password.
    #[error("a plugin refuses the password: {}", .0.name)]
    PasswordRefused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<NewPasswordError> for PasswordResetError {
    fn from(error: NewPasswordError) -> Self {
        match error {
            NewPasswordError::Refused(refusal) => Self::PasswordRefused(refusal),
            NewPasswordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

/// Resets passwords.
pub struct PasswordReset {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    random: Arc<dyn Random>,
    credentials: Arc<Credentials>,
    first_proof: FirstProof,
    messages: MessageWriter,
    options: PasswordResetOptions,
}

impl PasswordReset {
    /// Creates the use cases with these options.
    #[must_use]
    pub fn new(
        ports: &Ports,
        (credentials, first_proof): (Arc<Credentials>, FirstProof),
        options: PasswordResetOptions,
    ) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            random: Arc::clone(&ports.random),
            credentials,
            first_proof,
            messages: MessageWriter::new(ports, options.messages.clone()),
            options,
        }
    }

    /// Sends a link to the user with this e-mail address. The response, its time and the statements are the same
    /// whether a user has the address or not, and whether a message is sent or the limits refuse it.
    ///
    /// # Errors
    ///
    /// [`PasswordResetError::Disabled`] if messages are disabled; a failure of the store.
    pub async fn request(
        &self,
        email: &EmailAddress,
        redirect_to: Option<&str>,
        context: &RequestContext,
    ) -> Result<(), PasswordResetError> {
        if !self.options.messages.is_sending {
            return Err(PasswordResetError::Disabled);
        }
        let arrival = self.clock.now();
        let requester = self.messages.requester(email, context, arrival).await?;
        let found = self.store.autocommit().users().find_by_email(email).await?;
        let user = found.unwrap_or_else(|| User::unknown(email.clone(), self.random.id(), arrival));
        let message = self.write(&user, redirect_to, requester);
        if self.messages.is_within_limits(&message, arrival).await? {
            self.send(&user, &message).await?;
        }
        self.credentials.wait(arrival).await;
        Ok(())
    }

    fn write(&self, user: &User, redirect_to: Option<&str>, requester: Requester) -> SealedTokenMessage {
        let now = self.clock.now();
        let expires_at = now + self.options.expires_in;
        let secret = self.random.reset_token();
        let link = self.messages.options.links.reset_password(&secret, redirect_to);
        let draft = TokenMessageDraft {
            purpose: Purpose::PasswordReset,
            secret,
            kind: MessageKind::ResetPassword,
            to: &user.email,
            user,
            link,
            expires_at,
            requester,
        };
        self.messages.write_with_token(draft, now)
    }

    /// Queues the message if the user still has the address: a user who changed the address meanwhile must not be sent
    /// a link there. For an unregistered address, the same is done and rolled back, so that a database that accepts no
    /// writes causes the same response.
    async fn send(&self, user: &User, message: &SealedTokenMessage) -> Result<(), Failure> {
        let mut unit = self.store.begin();
        let found = unit.users().lock_shared_if_free(&user.id).await?;
        message.queue(unit.as_mut(), self.clock.now()).await?;
        if found.is_some_and(|found| found.email == user.email) {
            self.messages.commit(unit).await?;
        }
        Ok(())
    }

    /// Returns whether the token is valid, without consuming it.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn is_live(&self, secret: &OneTimeToken) -> Result<bool, Failure> {
        Ok(self.find(secret).await?.is_some())
    }

    async fn find(&self, secret: &OneTimeToken) -> Result<Option<Proven>, Failure> {
        let found = self
            .store
            .autocommit()
            .verifications()
            .find(Purpose::PasswordReset, secret)
            .await?;
        match found {
            Some(proven) if proven.is_live(self.clock.now()) => Ok(Some(proven)),
            Some(_expired) => {
                self.clock_check.confirm().await?;
                Ok(None)
            }
            None => Ok(None),
        }
    }

    /// Sets a new password for the token's user, and creates a credential account if there is none. Revokes the user's
    /// other tokens, except those that verify the e-mail address. If the address was never verified, deletes the user's
    /// accounts at providers.
    ///
    /// # Errors
    ///
    /// [`PasswordResetError::InvalidToken`] also if another request consumed the token meanwhile.
    pub async fn reset(
        &self,
        secret: &OneTimeToken,
        password: &Password,
        context: &RequestContext,
    ) -> Result<(), PasswordResetError> {
        self.credentials.check_new(password)?;
        // Checked first, so that an invalid token does not cost a hash.
        let found = self.find(secret).await?;
        let owner = found.ok_or(PasswordResetError::InvalidToken)?.user_id;
        let hash = self.credentials.hash(password, PasswordSource::Reset).await?;
        let now = self.clock.now();

        let mut unit = self.store.begin();
        let user = unit.users().lock(&owner).await?;
        let user = user.ok_or(PasswordResetError::InvalidToken)?;
        unit.verifications()
            .consume(Purpose::PasswordReset, secret)
            .await?
            .filter(|proven| proven.is_live(now))
            .ok_or(PasswordResetError::InvalidToken)?;
        self.replace(unit.as_mut(), &user, hash, (context, now)).await?;
        Ok(self.messages.commit(unit).await?)
    }
}

#[cfg(test)]
mod tests;
