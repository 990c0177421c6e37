//! Another address for a user.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    email::EmailAddress, email_verification::LinkRequest, message::MessageKind, session::SessionPolicy,
    user::User,
};

use crate::{
    client_token::SessionEffect,
    email_verification::{LinkWriter, Wanted},
    message::{MessageOptions, SecretLetter},
    password::Floor,
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
    /// address is somebody's already nothing is done, which nobody is told: the answer is the same, at the same
    /// time.
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
        let taken = self.store.read().users().find_by_email(&new.email).await?;
        let effect = match taken {
            Some(_) => SessionEffect::None,
            None if is_at_once => self.take(by, new).await?,
            None => self.ask(user, new).await?,
        };
        self.floor.wait(arrival).await;
        Ok(effect)
    }

    /// The old address is proven and asked, or the new one has to be proven.
    async fn ask(&self, user: &User, new: &NewEmail) -> Result<SessionEffect, Failure> {
        let now = self.clock.now();
        let wanted = if user.email_verified && self.options.confirms {
            Wanted {
                user,
                to: &user.email,
                kind: MessageKind::ChangeEmail,
                request: LinkRequest::ConfirmChange(new.email.clone()),
                callback: new.callback.as_deref(),
            }
        } else {
            Wanted {
                user,
                to: &new.email,
                kind: MessageKind::VerifyEmail,
                request: LinkRequest::VerifyChange(new.email.clone()),
                callback: new.callback.as_deref(),
            }
        };
        let letter = self.writer.write(wanted, now);
        let mut unit = self.store.begin();
        letter.queue(unit.as_mut(), now).await?;
        self.writer.post.commit(unit).await?;
        Ok(SessionEffect::None)
    }

    async fn take(&self, by: &StrictCaller, new: &NewEmail) -> Result<SessionEffect, Failure> {
        let (user, now) = (by.user(), self.clock.now());
        let changed = User {
            email: new.email.clone(),
            updated_at: now,
            ..user.clone()
        };
        let letter = self
            .options
            .messages
            .is_sending
            .then(|| self.proof(&changed, new, now));
        let mut unit = self.store.begin();
        let taken = unit
            .users()
            .set_email(&user.id, &user.email, &new.email, false, now)
            .await;
        let changed = match taken {
            Ok(Some(changed)) => changed,
            // Somebody was faster: at taking the address, or at changing the user.
            Ok(None) | Err(WriteError::Taken(_)) => return Ok(SessionEffect::None),
            Err(WriteError::Failure(failure)) => return Err(failure),
        };
        if let Some(letter) = letter {
            letter.queue(unit.as_mut(), now).await?;
        }
        self.writer.post.commit(unit).await?;
        let lifetime = new.remembered.then_some(self.options.session.expires_in);
        Ok(SessionEffect::keep(by.session().clone(), changed, lifetime))
    }

    fn proof(&self, user: &User, new: &NewEmail, now: DateTime<Utc>) -> SecretLetter {
        let wanted = Wanted {
            user,
            to: &user.email,
            kind: MessageKind::VerifyEmail,
            request: LinkRequest::Verify,
            callback: new.callback.as_deref(),
        };
        self.writer.write(wanted, now)
    }
}

#[cfg(test)]
mod tests;
