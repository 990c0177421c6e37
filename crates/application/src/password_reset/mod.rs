//! Another password for whoever has forgotten theirs.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    account::Account,
    email::EmailAddress,
    message::MessageKind,
    password::{Password, PasswordHash, PasswordPolicy, PasswordRejection},
    token::OneTimeSecret,
    user::User,
    verification::{Proven, Purpose},
};

use crate::{
    clock_check::ClockCheck,
    context::RequestContext,
    floor::Floor,
    message::{MessageOptions, Post, Requester, SecretDraft, SecretLetter},
    ports::{Clock, Failure, PasswordHasher, Ports, Random, RandomExt, Repositories, Store},
    sign_in::{Attempts, FailedSignIns},
};

/// How passwords are reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordResetOptions {
    /// What is told to people, and whether anything is.
    pub messages: MessageOptions,
    /// How long a link may be followed.
    pub expires_in: TimeDelta,
    /// How long a password may be.
    pub password: PasswordPolicy,
    /// Whether a reset ends the user's sessions.
    pub revokes_sessions: bool,
    /// Requests for a link leave this long after their arrival, whatever they found.
    pub floor: Duration,
    /// How sign-ins are counted that fail: a reset makes up for them.
    pub failed_sign_ins: Option<FailedSignIns>,
}

/// Why a password was not reset.
#[derive(Debug, thiserror::Error)]
pub enum PasswordResetError {
    /// Nothing can be sent.
    #[error("no messages are sent")]
    Disabled,
    /// The secret is none, was used before, or is too old.
    #[error("the secret is worth nothing")]
    InvalidToken,
    /// The policy rejects the password.
    #[error(transparent)]
    Password(#[from] PasswordRejection),
    /// The machine let us down.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Resets passwords.
pub struct PasswordReset {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    random: Arc<dyn Random>,
    hasher: Arc<dyn PasswordHasher>,
    post: Post,
    floor: Floor,
    attempts: Attempts,
    options: PasswordResetOptions,
}

impl PasswordReset {
    /// Resets by these options.
    #[must_use]
    pub fn new(ports: &Ports, options: PasswordResetOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            random: Arc::clone(&ports.random),
            hasher: Arc::clone(&ports.hasher),
            post: Post::new(ports, options.messages.clone()),
            floor: Floor::new(Arc::clone(&ports.clock), options.floor),
            attempts: Attempts::new(ports, options.failed_sign_ins),
            options,
        }
    }

    /// Sends a link to the user who has this address. The answer, its time and the statements are the same whether a
    /// user has it or not, and whether a message is sent or the limits refuse it.
    ///
    /// # Errors
    ///
    /// [`PasswordResetError::Disabled`], and if the store fails.
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
        let requester = self.post.requester(email, context, arrival).await?;
        let found = self.store.read().users().find_by_email(email).await?;
        let user = found.unwrap_or_else(|| User::unknown(email.clone(), self.random.id(), arrival));
        let letter = self.write(&user, redirect_to, requester);
        if self.post.admits(&letter, arrival).await? {
            self.send(&user, &letter).await?;
        }
        self.floor.wait(arrival).await;
        Ok(())
    }

    fn write(&self, user: &User, redirect_to: Option<&str>, requester: Requester) -> SecretLetter {
        let now = self.clock.now();
        let expires_at = now + self.options.expires_in;
        let secret = self.random.reset_secret();
        let link = self.post.options.links.reset_password(&secret, redirect_to);
        let draft = SecretDraft {
            purpose: Purpose::PasswordReset,
            secret,
            kind: MessageKind::ResetPassword,
            to: &user.email,
            user,
            link,
            expires_at,
            requester,
        };
        self.post.write_secret(draft, now)
    }

    /// Queues the letter if the user still has the address: a user who has just left it must not be reached by it. For
    /// an address that no user has, the same is done and undone, so that a database that cannot write gives the same
    /// answer.
    async fn send(&self, user: &User, letter: &SecretLetter) -> Result<(), Failure> {
        let mut unit = self.store.begin();
        let found = unit.users().share_if_free(&user.id).await?;
        letter.queue(unit.as_mut(), self.clock.now()).await?;
        if found.is_some_and(|found| found.email == user.email) {
            self.post.commit(unit).await?;
        }
        Ok(())
    }

    /// Whether the secret is worth something, which it stays.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn is_live(&self, secret: &OneTimeSecret) -> Result<bool, Failure> {
        Ok(self.find(secret).await?.is_some())
    }

    async fn find(&self, secret: &OneTimeSecret) -> Result<Option<Proven>, Failure> {
        let found = self
            .store
            .read()
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

    /// Gives whoever a secret was made for another password, and an account with one to whoever has none. Every
    /// other secret of theirs is worth nothing afterwards.
    ///
    /// # Errors
    ///
    /// [`PasswordResetError::InvalidToken`] also to whoever comes second with a secret.
    pub async fn reset(
        &self,
        secret: &OneTimeSecret,
        password: &Password,
        context: &RequestContext,
    ) -> Result<(), PasswordResetError> {
        self.options.password.admit_new(password)?;
        // Hashing is work: it is not done for whoever has made a secret up.
        let found = self.find(secret).await?;
        let owner = found.ok_or(PasswordResetError::InvalidToken)?.user_id;
        let hash = self.hasher.hash(password).await?;
        let now = self.clock.now();

        let mut unit = self.store.begin();
        let user = unit.users().hold(&owner).await?;
        let user = user.ok_or(PasswordResetError::InvalidToken)?;
        unit.verifications()
            .consume(Purpose::PasswordReset, secret)
            .await?
            .filter(|proven| proven.is_live(now))
            .ok_or(PasswordResetError::InvalidToken)?;
        self.replace(unit.as_mut(), &user, hash, now).await?;
        let who = (&user.email, &user.id);
        self.attempts.start_over(unit.as_mut(), who, context, now).await?;
        let notice = self
            .post
            .notice(MessageKind::PasswordChanged, &user, &user.email, now);
        if let Some(notice) = notice {
            notice.queue(unit.as_mut(), now).await?;
        }
        Ok(self.post.commit(unit).await?)
    }

    async fn replace(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        hash: PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        if !db.accounts().set_password(&user.id, &hash, now).await? {
            let account = Account::credential(self.random.id(), user.id.clone(), hash, now);
            db.accounts().insert(&account).await?;
        }
        db.verifications()
            .delete_by_user(&Purpose::ENDED_BY_PASSWORD, &user.id)
            .await?;
        if self.options.revokes_sessions {
            db.sessions().delete_by_user(&user.id).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
