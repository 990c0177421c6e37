//! Delivery of messages as signed requests to the deployment's server, by Standard Webhooks.

mod body;
mod signature;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use portcullis_application::ports::{Clock, Failure, Mailer, SendError};
use portcullis_domain::{destination::Destination, message::Message, secret::Secret};
use reqwest::{Client, StatusCode, header::CONTENT_TYPE, redirect::Policy};
use url::Url;

use crate::render::TEST;
use body::Body;
use signature::Signer;

/// The statuses by which a server rejects the content of a message permanently.
const LASTING: [StatusCode; 4] = [
    StatusCode::BAD_REQUEST,
    StatusCode::GONE,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::UNPROCESSABLE_ENTITY,
];

/// Options of the webhook.
#[derive(Clone)]
pub struct WebhookOptions {
    /// URL that receives messages.
    pub url: Url,
    /// The secrets; requests are signed with each of them. `whsec_` and base64, or any other text, which is used
    /// unchanged.
    pub secrets: Vec<Secret<String>>,
    /// Time limit for a request, from the resolution of the host name to the head of the response.
    pub timeout: Duration,
}

/// Why a webhook cannot be used or did not accept a message. Contains neither the response nor the URL, which may
/// contain a secret.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The secret is empty, or is not base64 after `whsec_`.
    #[error("the webhook secret is empty, or not base64 after whsec_")]
    Secret,
    /// The request could not be created, or there was no response.
    #[error("the webhook cannot be reached")]
    Request(#[source] reqwest::Error),
    /// The message cannot be serialised as JSON.
    #[error("the message cannot be written as JSON")]
    Body(#[source] serde_json::Error),
    /// The webhook did not accept the message.
    #[error("the webhook answered with the status {0}")]
    Status(u16),
}

/// Sends messages to a webhook.
///
/// A response 2xx accepts the message. A rejection of its content (400, 410, 413 or 422) is a permanent failure. Every
/// other response is a temporary one: a server that is not deployed yet or does not know the secret yet has not examined
/// the message. Redirects are not followed, since they would send secrets elsewhere; they are a temporary failure.
pub struct Webhook {
    url: Url,
    signers: Vec<Signer>,
    client: Client,
    clock: Arc<dyn Clock>,
}

impl WebhookOptions {
    /// Returns the length in bytes of the key in this secret, or `None` if requests cannot be signed with it.
    #[must_use]
    pub fn key_length(secret: &Secret<String>) -> Option<usize> {
        Signer::new(secret).ok().map(|signer| signer.key_length())
    }
}

impl Webhook {
    /// Returns a sender that is not connected yet.
    ///
    /// # Errors
    ///
    /// [`WebhookError::Secret`], or [`WebhookError::Request`] if TLS cannot be set up.
    pub fn new(options: WebhookOptions, clock: Arc<dyn Clock>) -> Result<Self, WebhookError> {
        let signers = options
            .secrets
            .iter()
            .map(Signer::new)
            .collect::<Result<_, _>>()?;
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(options.timeout)
            .user_agent("portcullis")
            .build()
            .map_err(WebhookError::Request)?;
        Ok(Self {
            url: options.url,
            signers,
            client,
            clock,
        })
    }

    /// Sends a message of the type `test`, whose only data is the recipient.
    ///
    /// # Errors
    ///
    /// As [`Mailer::send`].
    pub async fn send_test(&self, to: &Destination) -> Result<(), SendError> {
        let now = self.clock.now();
        let id = format!("{TEST}-{}", now.timestamp_millis());
        self.deliver(&id, &Body::of_test(to, now)).await
    }

    async fn deliver(&self, id: &str, body: &Body<'_>) -> Result<(), SendError> {
        let request = self.request(id, body).map_err(lasting)?;
        // Only the status of the response is used.
        let status = match self.client.execute(request).await {
            Ok(response) => response.status(),
            Err(error) => return Err(passing(WebhookError::Request(error.without_url()))),
        };
        if status.is_success() {
            return Ok(());
        }
        let refusal = WebhookError::Status(status.as_u16());
        Err(if LASTING.contains(&status) {
            lasting(refusal)
        } else {
            passing(refusal)
        })
    }

    fn request(&self, id: &str, body: &Body<'_>) -> Result<reqwest::Request, WebhookError> {
        let body = serde_json::to_string(body).map_err(WebhookError::Body)?;
        let timestamp = self.clock.now().timestamp();
        let signatures = self
            .signers
            .iter()
            .map(|signer| signer.sign(id, timestamp, &body));
        let signatures = signatures.collect::<Result<Vec<_>, _>>()?;
        self.client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signatures.join(" "))
            .body(body)
            .build()
            .map_err(|error| WebhookError::Request(error.without_url()))
    }
}

#[async_trait]
impl Mailer for Webhook {
    async fn send(&self, message: &Message) -> Result<(), SendError> {
        self.deliver(message.id.as_str(), &Body::of(message)).await
    }
}

fn passing(error: WebhookError) -> SendError {
    SendError::Temporary(Failure::unavailable(error))
}

fn lasting(error: WebhookError) -> SendError {
    SendError::Permanent(Failure::new(error))
}
