//! Change of the caller's e-mail address.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use portcullis_domain::{
    email::EmailAddress, email_verification::LinkRequest, session::SessionPolicy, user::User,
    verification::RevokingEvent,
};

use crate::{
    client_token::{ClientEffects, SessionEffect},
    email_verification::{LinkMessage, LinkMessageWriter},
    floor::Floor,
    message::{MessageOptions, Requester},
    ports::{Clock, Failure, Ports, Store, WriteError},
    session::StrictCaller,
};

/// Options of e-mail address changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeEmailOptions {
    /// Whether users may change their e-mail address.
    pub enabled: bool,
    /// Whether the user must confirm the change at the old address, if that is verified.
    pub requires_confirmation: bool,
    /// Whether a user whose old address is not verified gets the new one at once.
    pub changes_unverified_at_once: bool,
    /// Options of messages, and whether any are sent.
    pub messages: MessageOptions,
    /// How long a link is valid.
    pub expires_in: TimeDelta,
    /// The lifetimes of sessions.
    pub session: SessionPolicy,
    /// Minimum time of a response, which hides whether the new address is taken.
    pub floor: Duration,
}

/// Why a change is rejected.
#[derive(Debug, thiserror::Error)]
pub enum ChangeEmailError {
    /// Changing addresses is disabled.
    #[error("changing e-mail addresses is disabled")]
    Disabled,
    /// The new address is the caller's current one.
    #[error("the new e-mail address is the current one")]
    Same,
    /// The change needs a message, and messages are disabled.
    #[error("messages are disabled")]
    NothingSent,
    /// The caller's session was revoked meanwhile, or the user's e-mail address was changed.
    #[error("the session was revoked")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// A request for a change.
#[derive(Clone, Debug)]
pub struct ChangeEmailRequest {
    /// The new address.
    pub email: EmailAddress,
    /// The URL to which the link finally redirects.
    pub callback: Option<String>,
    /// Whether the session outlives the browser.
    pub remembered: bool,
}

/// Changes the e-mail addresses of users.
pub struct ChangeEmail {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    writer: LinkMessageWriter,
    floor: Floor,
    options: ChangeEmailOptions,
}

impl ChangeEmail {
    /// Creates the use case with these options.
    #[must_use]
    pub fn new(ports: &Ports, options: ChangeEmailOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            writer: LinkMessageWriter::new(ports, options.messages.clone(), options.expires_in),
            floor: Floor::new(Arc::clone(&ports.clock), options.floor),
            options,
        }
    }

    /// Begins a change: sends a confirmation link to the old address, or a verification link to the new one, or changes
    /// the address at once. If another user has the new address, nothing is sent to it. The response and its time do
    /// not reveal that, and the confirmation link is still sent to the old address.
    ///
    /// # Errors
    ///
    /// [`ChangeEmailError`], which never depends on whether another user has the new address.
    pub async fn change(
        &self,
        by: &StrictCaller,
        new: &ChangeEmailRequest,
    ) -> Result<ClientEffects, ChangeEmailError> {
        let arrival = self.clock.now();
        if !self.options.enabled {
            return Err(ChangeEmailError::Disabled);
        }
        let user = by.user();
        if new.email == user.email {
            return Err(ChangeEmailError::Same);
        }
        let is_at_once = !user.email_verified && self.options.changes_unverified_at_once;
        if !is_at_once && !self.options.messages.is_sending {
            return Err(ChangeEmailError::NothingSent);
        }
        let to = new.email.clone();
        let effects = if user.email_verified && self.options.requires_confirmation {
            let request = LinkRequest::ConfirmChange(to);
            self.send_link(by, new.wanted(user, request)).await?
        } else if self.is_taken(&to).await? {
            SessionEffect::Unchanged.into()
        } else if is_at_once {
            self.change_at_once(by, new).await?
        } else {
            let request = LinkRequest::VerifyChange(to);
            self.send_link(by, new.wanted(user, request)).await?
        };
        self.floor.wait(arrival).await;
        Ok(effects)
    }

    async fn is_taken(&self, email: &EmailAddress) -> Result<bool, Failure> {
        let owner = self.store.autocommit().users().find_by_email(email).await?;
        Ok(owner.is_some())
    }

    /// Sends a confirmation link to the old address, or a verification link to the new one.
    async fn send_link(
        &self,
        by: &StrictCaller,
        wanted: LinkMessage<'_>,
    ) -> Result<ClientEffects, ChangeEmailError> {
        let now = self.clock.now();
        let message = self.writer.write(wanted, now);
        let is_admitted = self.writer.messages.is_within_limits(&message, now).await?;
        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(ChangeEmailError::SessionEnded)?;
        if is_admitted {
            message.queue(unit.as_mut(), now).await?;
        }
        self.writer.messages.commit(unit).await?;
        Ok(SessionEffect::Unchanged.into())
    }

    /// Changes the address at once. One-time tokens that were sent to the old address are revoked.
    async fn change_at_once(
        &self,
        by: &StrictCaller,
        new: &ChangeEmailRequest,
    ) -> Result<ClientEffects, ChangeEmailError> {
        let (user, now) = (by.user(), self.clock.now());
        let changed = User {
            email: new.email.clone(),
            updated_at: now,
            ..user.clone()
        };
        let wanted = new.wanted(&changed, LinkRequest::Verify);
        let message = self.writer.write(wanted, now);
        let is_sent =
            self.options.messages.is_sending && self.writer.messages.is_within_limits(&message, now).await?;
        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(ChangeEmailError::SessionEnded)?;
        unit.verifications()
            .revoke(RevokingEvent::EmailChange, &user.id)
            .await?;
        let taken = unit
            .users()
            .set_email(&user.id, &user.email, &new.email, false, now)
            .await;
        let changed = match taken {
            Ok(Some(changed)) => changed,
            // A concurrent request took the address or changed the user.
            Ok(None) | Err(WriteError::Taken(_)) => return Ok(SessionEffect::Unchanged.into()),
            Err(WriteError::Failure(failure)) => return Err(failure.into()),
        };
        if is_sent {
            message.queue(unit.as_mut(), now).await?;
        }
        self.writer.messages.commit(unit).await?;
        let lifetime = new.remembered.then_some(self.options.session.expires_in);
        Ok(SessionEffect::store(by.session().clone(), changed, lifetime).into())
    }
}

impl ChangeEmailRequest {
    /// Returns the message to write. The new address may belong to a stranger.
    fn wanted<'a>(&'a self, user: &'a User, request: LinkRequest) -> LinkMessage<'a> {
        let requester = match request {
            LinkRequest::ConfirmChange(_) => Requester::User,
            LinkRequest::Verify | LinkRequest::VerifyChange(_) => Requester::Stranger,
        };
        LinkMessage {
            user,
            request,
            callback: self.callback.as_deref(),
            requester,
        }
    }
}

#[cfg(test)]
mod tests;
