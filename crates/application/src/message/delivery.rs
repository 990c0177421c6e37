//! Delivery of queued messages.

use std::{panic::AssertUnwindSafe, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use portcullis_domain::message::{Message, MessageKind};

use super::form::{self, Unreadable};
use crate::{
    clock_check::ClockCheck,
    ports::{
        Cipher, Clock, Failure, Mailer, Ports, QueueWakeup, QueuedMessage, SealPurpose, SendError,
        Settlement, Store,
    },
};

/// The maximum number of attempts to send a message.
const MAX_ATTEMPTS: u32 = 10;
/// The pause before the second attempt; each later pause is twice as long as the one before. So the last attempt comes
/// after the hour in which a link is valid.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(10);

/// Sends messages.
pub struct MessageDelivery {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    cipher: Arc<dyn Cipher>,
    mailer: Arc<dyn Mailer>,
    queue_wakeup: QueueWakeup,
    lease: TimeDelta,
}

/// The result of an attempt.
enum Outcome {
    Sent,
    Expired,
    Unsent(Unsent),
}

/// Why a message was not sent.
struct Unsent {
    /// `None`: the message could not be read.
    kind: Option<MessageKind>,
    is_temporary: bool,
    cause: String,
}

impl MessageDelivery {
    /// Creates the delivery by this mailer. No other worker takes a message until its lease ends, so `lease` must be
    /// longer than sending a message may take.
    #[must_use]
    pub fn new(ports: &Ports, mailer: Arc<dyn Mailer>, lease: TimeDelta) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            cipher: Arc::clone(&ports.cipher),
            queue_wakeup: ports.queue_wakeup.clone(),
            mailer,
            lease,
        }
    }

    /// Returns when a message was queued.
    pub async fn wait_for_wakeup(&self) {
        self.queue_wakeup.notified().await;
    }

    /// Takes at most `limit` due messages out of the queue.
    ///
    /// # Errors
    ///
    /// If the store fails, or if this machine's clock differs from the store's: with a wrong clock, messages would be
    /// discarded as expired or hidden from other replicas for days.
    pub async fn take(&self, limit: u32) -> Result<Vec<QueuedMessage>, Failure> {
        self.clock_check.confirm().await?;
        let now = self.clock.now();
        let mut db = self.store.autocommit();
        db.messages().take(now, now + self.lease, limit).await
    }

    /// Sends a taken message and stores the result. Any error, even a panic, fails only this message.
    ///
    /// # Errors
    ///
    /// If the store fails. The message may then be sent twice.
    pub async fn deliver(&self, queued: &QueuedMessage) -> Result<(), Failure> {
        let attempt = AssertUnwindSafe(self.attempt(queued)).catch_unwind();
        let outcome = attempt.await.unwrap_or_else(|_panic| {
            Outcome::Unsent(Unsent {
                kind: None,
                is_temporary: true,
                cause: "the attempt panicked".to_owned(),
            })
        });
        let now = self.clock.now();
        let settlement = match outcome {
            Outcome::Sent => Settlement::Done,
            Outcome::Expired => Settlement::Dead,
            Outcome::Unsent(unsent) => settle_unsent(&unsent, queued, now),
        };
        let mut db = self.store.autocommit();
        db.messages().settle(&queued.id, settlement, now).await
    }

    async fn attempt(&self, queued: &QueuedMessage) -> Outcome {
        if queued.attempts > MAX_ATTEMPTS {
            // The last attempt did not store a result: it probably crashed its process, and would crash this one.
            return Outcome::Unsent(Unsent {
                kind: None,
                is_temporary: false,
                cause: "no attempt was completed".to_owned(),
            });
        }
        let message = match self.read(queued) {
            Ok(message) => message,
            Err(unsent) => return Outcome::Unsent(unsent),
        };
        if message.is_expired(self.clock.now()) {
            let kind = message.kind.name();
            tracing::warn!(message_id = %queued.id, kind, "a message expired before it was sent; it was discarded");
            return Outcome::Expired;
        }
        match self.mailer.send(&message).await {
            Ok(()) => Outcome::Sent,
            Err(error) => Outcome::Unsent(Unsent {
                kind: Some(message.kind),
                is_temporary: matches!(error, SendError::Temporary(_)),
                cause: cause_of(&error),
            }),
        }
    }

    /// Decrypts and parses the message. A failure is temporary, since another replica may be able to read it: during a
    /// rolling update, one replica knows a secret or a kind of message that the others do not know yet.
    fn read(&self, queued: &QueuedMessage) -> Result<Message, Unsent> {
        let unsent = |cause: &str| Unsent {
            kind: None,
            is_temporary: true,
            cause: cause.to_owned(),
        };
        let opened = self.cipher.open(SealPurpose::Message, &queued.sealed);
        let opened = opened
            .map_err(|_| unsent("could not decrypt it: add the secret that encrypted it to `secrets`"))?;
        form::read(&queued.id, opened.text.expose()).map_err(|unreadable| match unreadable {
            Unreadable::Kind => unsent("its kind is unknown: a newer version may have queued it"),
            Unreadable::Form => unsent("its content is invalid"),
        })
    }
}

/// Logs that a message was not sent, and returns what to do with it.
fn settle_unsent(unsent: &Unsent, queued: &QueuedMessage, now: DateTime<Utc>) -> Settlement {
    let (message_id, attempt, cause) = (&queued.id, queued.attempts, &unsent.cause);
    let kind = unsent.kind.map(MessageKind::name);
    if unsent.is_temporary && attempt < MAX_ATTEMPTS {
        tracing::warn!(%message_id, kind, attempt, cause, "could not send a message; it will be retried");
        return Settlement::Retry(next_attempt(attempt, now));
    }
    tracing::error!(%message_id, kind, attempt, cause, "could not send a message; giving up");
    Settlement::Dead
}

/// Returns the time of the next attempt after `attempts` attempts.
pub(super) fn next_attempt(attempts: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    now + FIRST_PAUSE * (1 << attempts.saturating_sub(1).min(MAX_ATTEMPTS))
}

/// Returns the chain of causes in one line.
fn cause_of(error: &SendError) -> String {
    let (SendError::Temporary(failure) | SendError::Permanent(failure)) = error;
    failure.causes()
}
