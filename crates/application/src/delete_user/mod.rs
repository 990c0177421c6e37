//! Deletion of the caller's account.

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{
    message::MessageKind, password::Password, session::SessionPolicy, token::OneTimeToken,
    verification::Purpose,
};

use crate::{
    client_token::{ClientEffects, SessionEffect},
    clock_check::ClockCheck,
    context::RequestContext,
    credential::{Credentials, PasswordError},
    message::{MessageOptions, MessageWriter, Requester, TokenMessageDraft},
    ports::{Clock, Failure, Ports, Random, RandomExt, Store},
    seams::{DeletionError, Refusal, UserDeletionGuards},
    session::StrictCaller,
};

/// Options of the deletion of users.
#[derive(Clone, Debug, PartialEq)]
pub struct DeleteUserOptions {
    /// Whether users may delete themselves.
    pub enabled: bool,
    /// Whether the user must confirm the deletion by a link in a message.
    pub requires_confirmation: bool,
    /// How long the link is valid.
    pub expires_in: TimeDelta,
    /// How young the session must be if the request contains neither a password nor a token.
    pub session: SessionPolicy,
    /// Options of messages.
    pub messages: MessageOptions,
}

/// The caller's request to be deleted.
#[derive(Clone, Debug, Default)]
pub struct DeletionRequest {
    /// The password.
    pub password: Option<Password>,
    /// The one-time token of a link.
    pub secret: Option<OneTimeToken>,
    /// The URL to which the link finally redirects.
    pub callback: Option<String>,
}

/// The result of a request for deletion.
#[derive(Debug)]
pub enum Deletion {
    /// The user was deleted, with all rows that belong to the user.
    Deleted(ClientEffects),
    /// A message asks the user to confirm.
    ConfirmationSent,
}

/// Why a user was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteUserError {
    /// Deletion of users is disabled.
    #[error("deletion of users is disabled")]
    Disabled,
    /// The password is wrong, or the user has none.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The token is unknown, was used before, has expired, or belongs to another user.
    #[error("the one-time token is invalid")]
    InvalidToken,
    /// The session is too old for a deletion.
    #[error("the session is too old")]
    NotFresh,
    /// The client that follows the link is not signed in.
    #[error("the caller is not signed in")]
    NotSignedIn,
    /// The caller's session was revoked meanwhile, or the user's e-mail address was changed.
    #[error("the session was revoked")]
    SessionEnded,
    /// A plugin refuses the deletion.
    #[error("a plugin refuses the deletion: {}", .0.name)]
    Refused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<DeletionError> for DeleteUserError {
    fn from(error: DeletionError) -> Self {
        match error {
            DeletionError::Refused(refusal) => Self::Refused(refusal),
            DeletionError::Failure(failure) => Self::Failure(failure),
        }
    }
}

/// Deletes the caller.
pub struct DeleteUser {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    random: Arc<dyn Random>,
    credentials: Arc<Credentials>,
    guards: UserDeletionGuards,
    messages: MessageWriter,
    options: DeleteUserOptions,
}

impl DeleteUser {
    /// Creates the use case with these options. Users are deleted only if the guards allow it.
    #[must_use]
    pub fn new(
        ports: &Ports,
        credentials: Arc<Credentials>,
        guards: UserDeletionGuards,
        options: DeleteUserOptions,
    ) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            random: Arc::clone(&ports.random),
            credentials,
            guards,
            messages: MessageWriter::new(ports, options.messages.clone()),
            options,
        }
    }

    /// Returns whether users may delete themselves.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.options.enabled
    }

    /// Deletes the caller, or sends a link by which the user confirms the deletion.
    ///
    /// # Errors
    ///
    /// [`DeleteUserError::NotFresh`] if the session is too old, the request contains neither a password nor a token,
    /// and no confirmation is configured.
    pub async fn delete(
        &self,
        by: &StrictCaller,
        leaving: &DeletionRequest,
        context: &RequestContext,
    ) -> Result<Deletion, DeleteUserError> {
        if !self.options.enabled {
            return Err(DeleteUserError::Disabled);
        }
        if let Some(password) = &leaving.password {
            self.credentials.prove(by, password, context).await?;
        }
        if let Some(secret) = &leaving.secret {
            return self.confirm(Some(by), secret).await.map(Deletion::Deleted);
        }
        if self.options.requires_confirmation {
            self.send_link(by, leaving.callback.as_deref()).await?;
            return Ok(Deletion::ConfirmationSent);
        }
        let now = self.clock.now();
        if leaving.password.is_none() && !by.session().is_recent_sign_in(self.options.session, now) {
            return Err(DeleteUserError::NotFresh);
        }
        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(DeleteUserError::SessionEnded)?;
        self.guards.delete(unit.as_mut(), by.user()).await?;
        unit.commit().await?;
        Ok(Deletion::Deleted(SessionEffect::Clear.into()))
    }

    /// Deletes the caller, who followed the link.
    ///
    /// # Errors
    ///
    /// [`DeleteUserError::NotSignedIn`] if the caller is not signed in. [`DeleteUserError::InvalidToken`] also for
    /// another user's token, which stays valid for that user.
    pub async fn confirm(
        &self,
        by: Option<&StrictCaller>,
        secret: &OneTimeToken,
    ) -> Result<ClientEffects, DeleteUserError> {
        if !self.options.enabled {
            return Err(DeleteUserError::Disabled);
        }
        let by = by.ok_or(DeleteUserError::NotSignedIn)?;
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
        self.guards.delete(unit.as_mut(), by.user()).await?;
        unit.commit().await?;
        Ok(SessionEffect::Clear.into())
    }

    async fn send_link(&self, by: &StrictCaller, callback: Option<&str>) -> Result<(), DeleteUserError> {
        let (user, now) = (by.user(), self.clock.now());
        let expires_at = now + self.options.expires_in;
        let secret = self.random.deletion_token();
        let link = self.messages.options.links.delete_user(&secret, callback);
        let draft = TokenMessageDraft {
            purpose: Purpose::AccountDeletion,
            secret,
            kind: MessageKind::DeleteAccount,
            to: &user.email,
            user,
            link,
            expires_at,
            requester: Requester::User,
        };
        let message = self.messages.write_with_token(draft, now);
        let is_admitted = self.messages.is_within_limits(&message, now).await?;
        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(DeleteUserError::SessionEnded)?;
        if is_admitted {
            message.queue(unit.as_mut(), now).await?;
        }
        Ok(self.messages.commit(unit).await?)
    }
}

#[cfg(test)]
mod tests;
