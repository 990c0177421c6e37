//! Messages as signed requests to a server of the deployment's: Standard Webhooks.

mod body;
mod signature;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use portcullis_application::ports::{Clock, Failure, Mailer, SendError};
use portcullis_domain::{email::EmailAddress, message::Message, secret::Secret};
use reqwest::{Client, StatusCode, header::CONTENT_TYPE, redirect::Policy};
use url::Url;

use crate::render::TEST;
use body::Body;
use signature::Signer;

/// The answers by which a server refuses a message for what it says, and always will.
const LASTING: [StatusCode; 4] = [
    StatusCode::BAD_REQUEST,
    StatusCode::GONE,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::UNPROCESSABLE_ENTITY,
];

/// Where messages go.
#[derive(Clone)]
pub struct WebhookOptions {
    /// Who is told.
    pub url: Url,
    /// What requests are signed with, with each of them: `whsec_` and base64, or any other text as it is.
    pub secrets: Vec<Secret<String>>,
    /// How long a request may take, from the look at the server's name to the head of its answer.
    pub timeout: Duration,
}

/// Why a webhook cannot be used or was not told; never what it answered, nor its address, which may hold a secret.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The secret begins with `whsec_` and goes on with something that is no base64, or is empty.
    #[error("the secret of the webhook is empty, or not base64 after whsec_")]
    Secret,
    /// No request can be made or no answer came.
    #[error("the webhook cannot be reached")]
    Request(#[source] reqwest::Error),
    /// What is to be said cannot be written as JSON.
    #[error("the message cannot be written as JSON")]
    Body(#[source] serde_json::Error),
    /// It did not take the message.
    #[error("the webhook answered with the status {0}")]
    Status(u16),
}

/// Tells a webhook of messages.
///
/// It has taken a message when it answers 2xx. A refusal of what the message says (400, 410, 413 or 422) is lasting.
/// Everything else is passing: a server that is not there yet, or does not know us yet, says nothing of the message. So
/// is a redirect, which is not followed: it would carry secrets elsewhere.
pub struct Webhook {
    url: Url,
    signers: Vec<Signer>,
    client: Client,
    clock: Arc<dyn Clock>,
}

impl WebhookOptions {
    /// Returns the length in bytes of the key that this secret holds, or `None` if requests cannot be signed with it.
    #[must_use]
    pub fn key_length(secret: &Secret<String>) -> Option<usize> {
        Signer::new(secret).ok().map(|signer| signer.key_length())
    }
}

impl Webhook {
    /// Prepares to tell; it connects to nobody yet.
    ///
    /// # Errors
    ///
    /// [`WebhookError::Secret`], and [`WebhookError::Request`] where TLS cannot be set up.
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

    /// Sends a message of the type `test`, which has no data but the address.
    ///
    /// # Errors
    ///
    /// As [`Mailer::send`].
    pub async fn send_test(&self, to: &EmailAddress) -> Result<(), SendError> {
        let now = self.clock.now();
        let id = format!("{TEST}-{}", now.timestamp_millis());
        self.tell(&id, &Body::of_test(to, now)).await
    }

    async fn tell(&self, id: &str, body: &Body<'_>) -> Result<(), SendError> {
        let request = self.request(id, body).map_err(lasting)?;
        // What the answer says besides its status is not read.
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
        self.tell(message.id.as_str(), &Body::of(message)).await
    }
}

fn passing(error: WebhookError) -> SendError {
    SendError::Passing(Failure::unavailable(error))
}

fn lasting(error: WebhookError) -> SendError {
    SendError::Lasting(Failure::new(error))
}
