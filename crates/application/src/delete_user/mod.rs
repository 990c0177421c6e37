//! Leaving.

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{
    message::MessageKind, password::Password, session::SessionPolicy, token::OneTimeSecret,
    verification::Purpose,
};

use crate::{
    client_token::SessionEffect,
    clock_check::ClockCheck,
    context::RequestContext,
    message::{MessageOptions, Post, Requester, SecretDraft},
    password::{PasswordError, PasswordOptions, Passwords},
    ports::{Clock, Failure, Ports, Random, RandomExt, Store},
    session::StrictCaller,
};

/// How users leave.
#[derive(Clone, Debug, PartialEq)]
pub struct DeleteUserOptions {
    /// Whether they may at all.
    pub enabled: bool,
    /// Whether a message asks them to follow a link.
    pub verifies: bool,
    /// How long the link may be followed.
    pub expires_in: TimeDelta,
    /// How young a session must be where nothing else is shown.
    pub session: SessionPolicy,
    /// How a password is judged.
    pub passwords: PasswordOptions,
    /// What is told to people.
    pub messages: MessageOptions,
}

/// What is shown by whoever wants to leave.
#[derive(Clone, Debug, Default)]
pub struct Leaving {
    /// The password.
    pub password: Option<Password>,
    /// The secret of a link.
    pub secret: Option<OneTimeSecret>,
    /// Where the link in the message leads in the end.
    pub callback: Option<String>,
}

/// What came of it.
#[derive(Debug)]
pub enum Deletion {
    /// The user is gone, with all that hung on them.
    Done(SessionEffect),
    /// A message was sent.
    Asked,
}

/// Why somebody stays.
#[derive(Debug, thiserror::Error)]
pub enum DeleteUserError {
    /// Users cannot leave by themselves.
    #[error("deleting users is off")]
    Disabled,
    /// The password is wrong, or there is none.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The secret is none, was used before, is too old, or somebody else's.
    #[error("the secret is worth nothing")]
    InvalidToken,
    /// The session is too old for what cannot be undone.
    #[error("the session is too old")]
    NotFresh,
    /// Whoever follows the link is not signed in.
    #[error("nobody is signed in")]
    NobodyThere,
    /// The caller's session was ended meanwhile, or the user's address changed.
    #[error("the session was ended")]
    SessionEnded,
    /// The machine let us down.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Deletes users at their own wish.
pub struct DeleteUser {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    random: Arc<dyn Random>,
    passwords: Passwords,
    post: Post,
    options: DeleteUserOptions,
}

impl DeleteUser {
    /// Works by these options.
    #[must_use]
    pub fn new(ports: &Ports, options: DeleteUserOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            random: Arc::clone(&ports.random),
            passwords: Passwords::new(ports, options.passwords.clone()),
            post: Post::new(ports, options.messages.clone()),
            options,
        }
    }

    /// Deletes the caller, or sends a link by which they confirm that they want it.
    ///
    /// # Errors
    ///
    /// [`DeleteUserError::NotFresh`] where neither a password nor a secret is shown and no message asks.
    pub async fn delete(
        &self,
        by: &StrictCaller,
        leaving: &Leaving,
        context: &RequestContext,
    ) -> Result<Deletion, DeleteUserError> {
        if !self.options.enabled {
            return Err(DeleteUserError::Disabled);
        }
        if let Some(password) = &leaving.password {
            self.passwords.prove(by, password, context).await?;
        }
        if let Some(secret) = &leaving.secret {
            return self.confirm(Some(by), secret).await.map(Deletion::Done);
        }
        if self.options.verifies {
            self.ask(by, leaving.callback.as_deref()).await?;
            return Ok(Deletion::Asked);
        }
        let now = self.clock.now();
        if leaving.password.is_none() && !by.session().is_newly_begun(self.options.session, now) {
            return Err(DeleteUserError::NotFresh);
        }
        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(DeleteUserError::SessionEnded)?;
        unit.users().delete(&by.user().id).await?;
        unit.commit().await?;
        Ok(Deletion::Done(SessionEffect::Forget))
    }

    /// Deletes whoever has followed the link.
    ///
    /// # Errors
    ///
    /// [`DeleteUserError::NobodyThere`] if the caller is not signed in; [`DeleteUserError::InvalidToken`] also for a
    /// secret that was made for another user, who can still use it.
    pub async fn confirm(
        &self,
        by: Option<&StrictCaller>,
        secret: &OneTimeSecret,
    ) -> Result<SessionEffect, DeleteUserError> {
        if !self.options.enabled {
            return Err(DeleteUserError::Disabled);
        }
        let by = by.ok_or(DeleteUserError::NobodyThere)?;
        let (user, now) = (&by.user().id, self.clock.now());
        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(DeleteUserError::SessionEnded)?;
        let proven = unit
            .verifications()
            .consume(Purpose::AccountDeletion, secret)
            .await?
            .filter(|proven| proven.user_id == *user)
            .ok_or(DeleteUserError::InvalidToken)?;
        if !proven.is_live(now) {
            drop(unit);
            self.clock_check.confirm().await?;
            return Err(DeleteUserError::InvalidToken);
        }
        unit.users().delete(user).await?;
        unit.commit().await?;
        Ok(SessionEffect::Forget)
    }

    async fn ask(&self, by: &StrictCaller, callback: Option<&str>) -> Result<(), DeleteUserError> {
        let (user, now) = (by.user(), self.clock.now());
        let expires_at = now + self.options.expires_in;
        let secret = self.random.deletion_secret();
        let link = self.post.options.links.delete_user(&secret, callback);
        let draft = SecretDraft {
            purpose: Purpose::AccountDeletion,
            secret,
            kind: MessageKind::DeleteAccount,
            to: &user.email,
            user,
            link,
            expires_at,
            requester: Requester::User,
        };
        let letter = self.post.write_secret(draft, now);
        let is_admitted = self.post.admits(&letter, now).await?;
        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(DeleteUserError::SessionEnded)?;
        if is_admitted {
            letter.queue(unit.as_mut(), now).await?;
        }
        Ok(self.post.commit(unit).await?)
    }
}

#[cfg(test)]
mod tests;
