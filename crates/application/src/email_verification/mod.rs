//! Verification of e-mail addresses: sending links, and following them.

mod error;
mod following;
mod link_message;
mod verify;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use portcullis_domain::{email::EmailAddress, email_verification::LinkRequest, user::User};

pub(crate) use self::link_message::{LinkMessage, LinkMessageWriter, write_code};
pub use self::{
    error::{EmailVerificationError, FollowLinkError},
    verify::{FollowLink, Verified},
};
use crate::{
    clock_check::ClockCheck,
    context::RequestContext,
    floor::Floor,
    message::{MessageOptions, Requester},
    ports::{Clock, Failure, LinkSigner, Ports, Random, RandomExt, Store, UnitOfWork},
    session::StrictCaller,
    sign_in::completion::SignInCompletion,
};

/// Options of e-mail address verification.
#[derive(Clone, Debug, PartialEq)]
pub struct EmailVerificationOptions {
    /// Options of messages, and whether any are sent.
    pub messages: MessageOptions,
    /// How long a link is valid.
    pub expires_in: TimeDelta,
    /// Whether following a link signs the user in.
    pub auto_sign_in: bool,
    /// Whether links of another server on the same database are accepted, although no row exists for them.
    pub accepts_foreign_links: bool,
    /// Minimum time of responses that must not reveal whether an address is registered.
    pub floor: Duration,
}

/// A request for a verification link.
#[derive(Clone, Debug)]
pub struct SendLink {
    /// The e-mail address to verify.
    pub email: EmailAddress,
    /// The address as the client sent it; a caller must send it exactly as it is stored.
    pub text: String,
    /// The URL to which the link redirects.
    pub callback: Option<String>,
}

/// Verifies e-mail addresses.
pub struct EmailVerification {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    random: Arc<dyn Random>,
    signer: Arc<dyn LinkSigner>,
    writer: LinkMessageWriter,
    completion: Arc<SignInCompletion>,
    floor: Floor,
    options: EmailVerificationOptions,
}

impl EmailVerification {
    /// Creates the use cases with these options.
    #[must_use]
    pub fn new(ports: &Ports, completion: Arc<SignInCompletion>, options: EmailVerificationOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            random: Arc::clone(&ports.random),
            signer: Arc::clone(&ports.link_signer),
            writer: LinkMessageWriter::new(ports, options.messages.clone(), options.expires_in),
            completion,
            floor: Floor::new(Arc::clone(&ports.clock), options.floor),
            options,
        }
    }

    /// Sends a link to the user with this e-mail address, if it is not verified. A client without a session gets the
    /// same response, after the same time, whether there is such a user or not.
    ///
    /// # Errors
    ///
    /// For a signed-in caller: [`EmailVerificationError::Mismatch`] and [`EmailVerificationError::AlreadyVerified`].
    /// For every client: [`EmailVerificationError::Disabled`].
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
        let requester = self.writer.messages.requester(email, context, arrival).await?;
        let found = self.store.autocommit().users().find_by_email(email).await?;
        let user = found.filter(|user| !user.email_verified);
        let is_found = user.is_some();
        let user = user.unwrap_or_else(|| User::unknown(email.clone(), self.random.id(), arrival));
        let unit = self.queue(&user, command, requester).await?;
        if let Some(unit) = unit.filter(|_unit| is_found) {
            self.writer.messages.commit(unit).await?;
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
            self.writer.messages.commit(unit).await?;
        }
        Ok(())
    }

    /// Queues a link in a unit of work that the caller commits. `None`: the limits refuse it. For an address without an
    /// unverified user, the unit is never committed, so that a database that accepts no writes causes the same
    /// response.
    async fn queue(
        &self,
        user: &User,
        command: &SendLink,
        requester: Requester,
    ) -> Result<Option<Box<dyn UnitOfWork>>, Failure> {
        let wanted = LinkMessage {
            user,
            request: LinkRequest::Verify,
            callback: command.callback.as_deref(),
            requester,
        };
        let now = self.clock.now();
        let message = self.writer.write(wanted, now);
        if !self.writer.messages.is_within_limits(&message, now).await? {
            return Ok(None);
        }
        let mut unit = self.store.begin();
        message.queue(unit.as_mut(), now).await?;
        Ok(Some(unit))
    }
}

#[cfg(test)]
mod tests;
