//! Sign-in with a link that is sent to the user's address.

mod error;
mod follow;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    email::EmailAddress,
    magic_link::LinkRecipient,
    message::{Content, MessageKind},
    payload_token::{PayloadPurpose, PayloadToken, TokenForm},
    user::User,
};

pub use self::error::{MagicLinkError, SendLinkError};
use crate::{
    clock_check::ClockCheck,
    context::RequestContext,
    message::{MessageDraft, MessageOptions, MessageWriter, Requester, SealedMessage, SignInLinkPages},
    ports::{Clock, Ports, Random, RandomExt, Store},
    sign_in::AddressSignIn,
};

/// Options of magic links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MagicLinkOptions {
    /// How long a link is valid.
    pub expires_in: TimeDelta,
    /// Whether a link may create a user.
    pub may_sign_up: bool,
    /// The form of tokens in a database that a Node server shares.
    pub token_form: TokenForm,
    /// Whether a followed link shows a page with a form first: programs that scan mails follow links, but send no forms.
    pub confirms: bool,
}

/// A request for a link.
#[derive(Clone, Debug)]
pub struct SendMagicLink {
    /// The address that the link is sent to.
    pub email: EmailAddress,
    /// The name of the user, if the link creates one.
    pub name: Option<String>,
    /// The page to which the link redirects after a sign-in.
    pub callback: Option<String>,
    /// The page after a sign-up.
    pub new_user_callback: Option<String>,
    /// The page after an error.
    pub error_callback: Option<String>,
}

/// Sends links, and signs in users who follow them.
pub struct MagicLinks {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    random: Arc<dyn Random>,
    messages: MessageWriter,
    sign_in: Arc<AddressSignIn>,
    options: MagicLinkOptions,
}

impl MagicLinks {
    /// Creates the use cases with these options.
    #[must_use]
    pub fn new(
        ports: &Ports,
        sign_in: Arc<AddressSignIn>,
        (options, messages): (MagicLinkOptions, MessageOptions),
    ) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            random: Arc::clone(&ports.random),
            messages: MessageWriter::new(ports, messages),
            sign_in,
            options,
        }
    }

    /// Returns whether a followed link shows a page with a form first.
    #[must_use]
    pub const fn confirms(&self) -> bool {
        self.options.confirms
    }

    /// Sends a link to the address. The response and the statements are the same whether a user has the address or not, and
    /// whether the message is sent or the limits refuse it.
    ///
    /// # Errors
    ///
    /// [`SendLinkError::MessagesDisabled`]; a failure of the store.
    pub async fn send(&self, command: &SendMagicLink, context: &RequestContext) -> Result<(), SendLinkError> {
        if !self.messages.options.is_sending {
            return Err(SendLinkError::MessagesDisabled);
        }
        let now = self.clock.now();
        let requester = self.messages.requester(&command.email, context, now).await?;
        let user = self
            .store
            .autocommit()
            .users()
            .find_by_email(&command.email)
            .await?;
        let token = self.token(command, now);
        let message = self.message(command, (user.as_ref(), requester), &token, now);
        if self.messages.is_within_limits(&message, now).await? {
            let mut unit = self.store.begin();
            unit.payload_tokens().insert(&token).await?;
            message.queue(unit.as_mut(), now).await?;
            self.messages.commit(unit).await?;
        }
        Ok(())
    }

    fn token(&self, command: &SendMagicLink, now: DateTime<Utc>) -> PayloadToken {
        let recipient = LinkRecipient {
            email: command.email.clone(),
            name: command.name.clone(),
        };
        PayloadToken {
            id: self.random.id(),
            purpose: PayloadPurpose::MagicLink,
            secret: self.random.sign_in_link_token(),
            form: self.options.token_form,
            payload: recipient.to_payload(),
            expires_at: now + self.options.expires_in,
            created_at: now,
        }
    }

    fn message(
        &self,
        command: &SendMagicLink,
        (user, requester): (Option<&User>, Requester),
        token: &PayloadToken,
        now: DateTime<Utc>,
    ) -> SealedMessage {
        let pages = SignInLinkPages {
            callback: command.callback.as_deref(),
            new_user_callback: command.new_user_callback.as_deref(),
            error_callback: command.error_callback.as_deref(),
        };
        let draft = MessageDraft {
            kind: MessageKind::MagicLink,
            to: &command.email,
            user,
            content: Content::Link(self.messages.options.links.magic_link(&token.secret, pages)),
            purpose: None,
            expires_at: Some(token.expires_at),
            requester,
        };
        self.messages.write(draft, now)
    }
}

#[cfg(test)]
mod tests;
