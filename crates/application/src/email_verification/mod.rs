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
    clock_check::ClockCheck,
    context::RequestContext,
    floor::Floor,
    message::{MessageOptions, Requester},
    ports::{Clock, Failure, LinkSigner, Ports, Random, RandomExt, Store, UnitOfWork},
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

/// A link is asked for.
#[derive(Clone, Debug)]
pub struct SendLink {
    /// The address that it is to prove.
    pub email: EmailAddress,
    /// The address as it was sent, which a caller must know to the letter.
    pub text: String,
    /// Where the link leads afterwards.
    pub callback: Option<String>,
}

/// Proves addresses.
pub struct EmailVerification {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    random: Arc<dyn Random>,
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
            clock_check: ports.clock_check.clone(),
            random: Arc::clone(&ports.random),
            signer: Arc::clone(&ports.link_signer),
            writer: LinkWriter::new(ports, options.messages.clone(), options.expires_in),
            door: Door::new(ports, options.session.clone()),
            floor: Floor::new(Arc::clone(&ports.clock), options.floor),
            options,
        }
    }

    /// Sends a link to the user who has this address and has not proven to own it. A client without a session gets the
    /// same answer, at the same time, whether there is such a user or not.
    ///
    /// # Errors
    ///
    /// To callers: that it is not their address, or is proven already. To anybody:
    /// [`EmailVerificationError::Disabled`].
    pub async fn send(
        &self,
        by: Option<&StrictCaller>,
        command: &SendLink,
        context: &RequestContext,
    ) -> Result<(), EmailVerificationError> {
        if !self.options.messages.is_sending {
            return Err(EmailVerificationError::Disabled);
        }
        if let Some(by) = by {
            return self.send_to_caller(by, command).await;
        }
        let email = &command.email;
        let arrival = self.clock.now();
        let requester = self.writer.post.requester(email, context, arrival).await?;
        let found = self.store.read().users().find_by_email(email).await?;
        let user = found.filter(|user| !user.email_verified);
        let is_there = user.is_some();
        let user = user.unwrap_or_else(|| User::unknown(email.clone(), self.random.id(), arrival));
        let unit = self.queue(&user, command, requester).await?;
        if let Some(unit) = unit.filter(|_unit| is_there) {
            self.writer.post.commit(unit).await?;
        }
        self.floor.wait(arrival).await;
        Ok(())
    }

    async fn send_to_caller(
        &self,
        by: &StrictCaller,
        command: &SendLink,
    ) -> Result<(), EmailVerificationError> {
        let user = by.user();
        if user.email.as_str() != command.text {
            return Err(EmailVerificationError::Mismatch);
        }
        if user.email_verified {
            return Err(EmailVerificationError::AlreadyVerified);
        }
        if let Some(unit) = self.queue(user, command, Requester::User).await? {
            self.writer.post.commit(unit).await?;
        }
        Ok(())
    }

    /// Queues a link, to be committed; `None` if the limits refuse it. For an address that no user has to prove, the
    /// same is done and never committed, so that a database that cannot write gives the same answer.
    async fn queue(
        &self,
        user: &User,
        command: &SendLink,
        requester: Requester,
    ) -> Result<Option<Box<dyn UnitOfWork>>, Failure> {
        let wanted = Wanted {
            user,
            request: LinkRequest::Verify,
            callback: command.callback.as_deref(),
            requester,
        };
        let now = self.clock.now();
        let letter = self.writer.write(wanted, now);
        if !self.writer.post.admits(&letter, now).await? {
            return Ok(None);
        }
        let mut unit = self.store.begin();
        letter.queue(unit.as_mut(), now).await?;
        Ok(Some(unit))
    }
}

#[cfg(test)]
mod tests;
