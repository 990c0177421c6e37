//! Another address for a user.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use portcullis_domain::{
    email::EmailAddress, email_verification::LinkRequest, session::SessionPolicy, user::User,
    verification::Purpose,
};

use crate::{
    client_token::SessionEffect,
    email_verification::{LinkWriter, Wanted},
    floor::Floor,
    message::{MessageOptions, Requester},
    ports::{Clock, Failure, Ports, Store, WriteError},
    session::StrictCaller,
};

/// How users take another address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeEmailOptions {
    /// Whether they may at all.
    pub enabled: bool,
    /// Whether the old address is asked first, where it is proven.
    pub confirms: bool,
    /// Whether whoever has not proven the old address takes the new one at once.
    pub updates_unverified: bool,
    /// What is told to people, and whether anything is.
    pub messages: MessageOptions,
    /// How long a link may be followed.
    pub expires_in: TimeDelta,
    /// How long sessions live.
    pub session: SessionPolicy,
    /// Answers leave this long after their arrival, whether the new address is taken or not.
    pub floor: Duration,
}

/// Why nothing is done.
#[derive(Debug, thiserror::Error)]
pub enum ChangeEmailError {
    /// Users keep their addresses.
    #[error("changing addresses is off")]
    Disabled,
    /// It is the caller's address already.
    #[error("it is the same address")]
    Same,
    /// It takes a message, and nothing can be sent.
    #[error("no messages are sent")]
    NothingSent,
    /// The caller's session was ended meanwhile, or the user's address changed.
    #[error("the session was ended")]
    SessionEnded,
    /// The machine let us down.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Which address, and what happens afterwards.
#[derive(Clone, Debug)]
pub struct NewEmail {
    /// The new address.
    pub email: EmailAddress,
    /// Where the link in the message leads in the end.
    pub callback: Option<String>,
    /// Whether the client keeps its session when the browser closes.
    pub remembered: bool,
}

/// Gives users another address.
pub struct ChangeEmail {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    writer: LinkWriter,
    floor: Floor,
    options: ChangeEmailOptions,
}

impl ChangeEmail {
    /// Works by these options.
    #[must_use]
    pub fn new(ports: &Ports, options: ChangeEmailOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            writer: LinkWriter::new(ports, options.messages.clone(), options.expires_in),
            floor: Floor::new(Arc::clone(&ports.clock), options.floor),
            options,
        }
    }

    /// Begins a change: asks the old address, or has the new one proven, or takes it at once. Where the new
    /// address is somebody's already nothing is sent there, which nobody is told: the answer is the same, at the
    /// same time, and the old address is asked all the same.
    ///
    /// # Errors
    ///
    /// [`ChangeEmailError`], none of which depends on who else has which address.
    pub async fn change(&self, by: &StrictCaller, new: &NewEmail) -> Result<SessionEffect, ChangeEmailError> {
        let arrival = self.clock.now();
        if !self.options.enabled {
            return Err(ChangeEmailError::Disabled);
        }
        let user = by.user();
        if new.email == user.email {
            return Err(ChangeEmailError::Same);
        }
        let is_at_once = !user.email_verified && self.options.updates_unverified;
        if !is_at_once && !self.options.messages.is_sending {
            return Err(ChangeEmailError::NothingSent);
        }
        let to = new.email.clone();
        let effect = if user.email_verified && self.options.confirms {
            let request = LinkRequest::ConfirmChange(to);
            self.ask(by, new.wanted(user, request)).await?
        } else if self.is_taken(&to).await? {
            SessionEffect::None
        } else if is_at_once {
            self.take(by, new).await?
        } else {
            let request = LinkRequest::VerifyChange(to);
            self.ask(by, new.wanted(user, request)).await?
        };
        self.floor.wait(arrival).await;
        Ok(effect)
    }

    async fn is_taken(&self, email: &EmailAddress) -> Result<bool, Failure> {
        let owner = self.store.read().users().find_by_email(email).await?;
        Ok(owner.is_some())
    }

    /// Asks the old address, or has the new one proven.
    async fn ask(&self, by: &StrictCaller, wanted: Wanted<'_>) -> Result<SessionEffect, ChangeEmailError> {
        let now = self.clock.now();
        let letter = self.writer.write(wanted, now);
        let is_admitted = self.writer.post.admits(&letter, now).await?;
        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(ChangeEmailError::SessionEnded)?;
        if is_admitted {
            letter.queue(unit.as_mut(), now).await?;
        }
        self.writer.post.commit(unit).await?;
        Ok(SessionEffect::None)
    }

    /// Takes the new address. Whatever was sent to the old one is worth nothing any more.
    async fn take(&self, by: &StrictCaller, new: &NewEmail) -> Result<SessionEffect, ChangeEmailError> {
        let (user, now) = (by.user(), self.clock.now());
        let changed = User {
            email: new.email.clone(),
            updated_at: now,
            ..user.clone()
        };
        let wanted = new.wanted(&changed, LinkRequest::Verify);
        let letter = self.writer.write(wanted, now);
        let is_sent = self.options.messages.is_sending && self.writer.post.admits(&letter, now).await?;
        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(ChangeEmailError::SessionEnded)?;
        unit.verifications()
            .delete_by_user(&Purpose::ALL, &user.id)
            .await?;
        let taken = unit
            .users()
            .set_email(&user.id, &user.email, &new.email, false, now)
            .await;
        let changed = match taken {
            Ok(Some(changed)) => changed,
            // Somebody was faster: at taking the address, or at changing the user.
            Ok(None) | Err(WriteError::Taken(_)) => return Ok(SessionEffect::None),
            Err(WriteError::Failure(failure)) => return Err(failure.into()),
        };
        if is_sent {
            letter.queue(unit.as_mut(), now).await?;
        }
        self.writer.post.commit(unit).await?;
        let lifetime = new.remembered.then_some(self.options.session.expires_in);
        Ok(SessionEffect::keep(by.session().clone(), changed, lifetime))
    }
}

impl NewEmail {
    /// A letter with a link that asks for this. The new address may be a stranger's to the user.
    fn wanted<'a>(&'a self, user: &'a User, request: LinkRequest) -> Wanted<'a> {
        let requester = match request {
            LinkRequest::ConfirmChange(_) => Requester::User,
            LinkRequest::Verify | LinkRequest::VerifyChange(_) => Requester::Stranger,
        };
        Wanted {
            user,
            request,
            callback: self.callback.as_deref(),
            requester,
        }
    }
}

#[cfg(test)]
mod tests;
