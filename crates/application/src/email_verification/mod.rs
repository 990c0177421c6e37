//! Proving to own an address: links in mails, and what following them does.

mod error;
mod letter;
mod verify;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use portcullis_domain::{email::EmailAddress, email_verification::LinkRequest, user::User};

pub(crate) use self::letter::{LinkWriter, Wanted};
pub use self::{
    error::{EmailVerificationError, LinkRefused},
    verify::{FollowLink, Verified},
};
use crate::{
    floor::Floor,
    message::MessageOptions,
    ports::{Clock, Failure, LinkSigner, Ports, Store},
    session::{SessionOptions, StrictCaller},
    sign_in::finish::Door,
};

/// How addresses are proven.
#[derive(Clone, Debug, PartialEq)]
pub struct EmailVerificationOptions {
    /// What is told to people, and whether anything is.
    pub messages: MessageOptions,
    /// How long a link may be followed.
    pub expires_in: TimeDelta,
    /// Whether whoever follows a link is signed in by it.
    pub auto_sign_in: bool,
    /// Whether links of another server, of which nothing is remembered here, count.
    pub shares_links: bool,
    /// What sessions are like that begin by a link.
    pub session: SessionOptions,
    /// Requests that tell nothing leave this long after their arrival, whatever they found.
    pub floor: Duration,
}

/// Proves addresses.
pub struct EmailVerification {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    signer: Arc<dyn LinkSigner>,
    writer: LinkWriter,
    door: Door,
    floor: Floor,
    options: EmailVerificationOptions,
}

impl EmailVerification {
    /// Proves by these options.
    #[must_use]
    pub fn new(ports: &Ports, options: EmailVerificationOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            signer: Arc::clone(&ports.link_signer),
            writer: LinkWriter::new(ports, options.messages.clone(), options.expires_in),
            door: Door::new(ports, options.session.clone()),
            floor: Floor::new(Arc::clone(&ports.clock), options.floor),
            options,
        }
    }

    /// Sends a link to whoever has this address and has not proven to own it. Whether there is anybody is told to
    /// nobody but them: who has no session gets the same answer at the same time.
    ///
    /// `text` is the address as it was sent, which a caller must know to the letter.
    ///
    /// # Errors
    ///
    /// To callers: that it is not their address, or is proven already. To anybody:
    /// [`EmailVerificationError::Disabled`].
    pub async fn send(
        &self,
        by: Option<&StrictCaller>,
        email: &EmailAddress,
        text: &str,
        callback: Option<&str>,
    ) -> Result<(), EmailVerificationError> {
        if !self.options.messages.is_sending {
            return Err(EmailVerificationError::Disabled);
        }
        if let Some(by) = by {
            return self.send_to_caller(by, text, callback).await;
        }
        let arrival = self.clock.now();
        let user = self.store.read().users().find_by_email(email).await?;
        if let Some(user) = user.filter(|user| !user.email_verified) {
            self.queue(&user, callback).await?;
        }
        self.floor.wait(arrival).await;
        Ok(())
    }

    async fn send_to_caller(
        &self,
        by: &StrictCaller,
        text: &str,
        callback: Option<&str>,
    ) -> Result<(), EmailVerificationError> {
        let user = by.user();
        if user.email.as_str() != text {
            return Err(EmailVerificationError::Mismatch);
        }
        if user.email_verified {
            return Err(EmailVerificationError::AlreadyVerified);
        }
        Ok(self.queue(user, callback).await?)
    }

    async fn queue(&self, user: &User, callback: Option<&str>) -> Result<(), Failure> {
        let wanted = Wanted {
            user,
            request: LinkRequest::Verify,
            callback,
        };
        let now = self.clock.now();
        let letter = self.writer.write(wanted, now);
        let mut unit = self.store.begin();
        letter.queue(unit.as_mut(), now).await?;
        self.writer.post.commit(unit).await
    }
}

#[cfg(test)]
mod tests;
