//! The configured transport of messages.

use std::sync::Arc;

use portcullis_application::ports::{Clock, Failure, Inbox, Mailer, SendError};
use portcullis_crypto::Secrets;
use portcullis_delivery::{
    ByDestination, MemoryInbox, Renderer, Smtp, TemplateError, Webhook, WebhookError, WebhookOptions,
};
use portcullis_domain::destination::Destination;

use crate::{
    config::{Delivery, Hook, Transport},
    standard_error::Lines,
};

/// Why messages cannot be sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeliveryError {
    #[error("a template of `delivery.templates` cannot be used")]
    Template(#[from] TemplateError),
    #[error("`delivery.webhook` cannot be used")]
    Webhook(#[from] WebhookError),
    #[error("`delivery.smtp` cannot be used")]
    Smtp(#[source] Failure),
    #[error(
        "the mail server of `delivery.smtp` cannot be used (check its host, port, encryption and password)"
    )]
    Unusable(#[source] Failure),
    #[error("the test message was not sent")]
    Unsent(#[source] Failure),
}

/// A transport that is ready to send.
pub(crate) enum PreparedTransport {
    /// Nothing is sent.
    None,
    Inbox(Arc<MemoryInbox>),
    /// Mails, and the webhook of messages to phones.
    Smtp(Arc<Smtp>, Option<Arc<Webhook>>),
    Webhook(Arc<Webhook>),
}

impl PreparedTransport {
    /// Creates the transport. Its only I/O is reading templates.
    pub(crate) fn prepare(
        delivery: &Delivery,
        secrets: &Secrets,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, DeliveryError> {
        let renderer = Arc::new(Renderer::new(delivery.templates.clone())?);
        let clock = Arc::clone(clock);
        Ok(match &delivery.transport {
            Transport::None => Self::None,
            Transport::Inbox => Self::Inbox(Arc::new(MemoryInbox::new(renderer, clock, Box::new(Lines)))),
            Transport::Smtp(options) => {
                let phones = delivery.phones.as_ref();
                let phones = phones.map(|hook| webhook(hook, secrets, Arc::clone(&clock)));
                let phones = phones.transpose()?.map(Arc::new);
                let smtp = Smtp::new(options.as_ref().clone(), renderer, clock);
                Self::Smtp(Arc::new(smtp.map_err(DeliveryError::Smtp)?), phones)
            }
            Transport::Webhook(hook) => Self::Webhook(Arc::new(webhook(hook, secrets, clock)?)),
        })
    }

    /// Returns the mailer, or `None` if nothing is sent.
    pub(crate) fn mailer(&self) -> Option<Arc<dyn Mailer>> {
        match self {
            Self::None => None,
            Self::Inbox(inbox) => Some(inbox.clone()),
            Self::Smtp(smtp, None) => Some(smtp.clone()),
            Self::Smtp(smtp, Some(phones)) => Some(Arc::new(ByDestination {
                mails: smtp.clone(),
                phones: phones.clone(),
            })),
            Self::Webhook(webhook) => Some(webhook.clone()),
        }
    }

    /// Returns the inbox of a transport that keeps messages instead of sending them.
    pub(crate) fn inbox(&self) -> Option<Arc<dyn Inbox>> {
        match self {
            Self::Inbox(inbox) => Some(inbox.clone()),
            Self::None | Self::Smtp(..) | Self::Webhook(_) => None,
        }
    }

    /// Connects to the mail server and authenticates. Other transports are not checked.
    pub(crate) async fn check(&self) -> Result<(), DeliveryError> {
        match self {
            Self::Smtp(smtp, _) => smtp
                .check()
                .await
                .map_err(|error| DeliveryError::Unusable(cause(error))),
            Self::None | Self::Inbox(_) | Self::Webhook(_) => Ok(()),
        }
    }

    /// Sends a test message; the inbox prints it instead. Returns `false` if no transport sends to this destination.
    pub(crate) async fn send_test(&self, to: &Destination) -> Result<bool, DeliveryError> {
        let sent = match self {
            Self::None => return Ok(false),
            Self::Inbox(inbox) => inbox.send_test(to),
            Self::Smtp(smtp, phones) => match (to, phones) {
                (Destination::Email(address), _) => smtp.send_test(address).await,
                (Destination::Phone(_), Some(webhook)) => webhook.send_test(to).await,
                (Destination::Phone(_), None) => return Ok(false),
            },
            Self::Webhook(webhook) => webhook.send_test(to).await,
        };
        sent.map(|()| true)
            .map_err(|error| DeliveryError::Unsent(cause(error)))
    }
}

/// Returns the failure only: a check does not retry, so it does not matter whether a retry may succeed.
fn cause(error: SendError) -> Failure {
    match error {
        SendError::Temporary(failure) | SendError::Permanent(failure) => failure,
    }
}

fn webhook(hook: &Hook, secrets: &Secrets, clock: Arc<dyn Clock>) -> Result<Webhook, WebhookError> {
    let options = WebhookOptions {
        url: hook.url.clone(),
        secrets: match &hook.secret {
            Some(secret) => vec![secret.clone()],
            None => secrets.webhook_secrets(),
        },
        timeout: hook.timeout,
    };
    Webhook::new(options, clock)
}
