//! Whoever takes messages out of the queue and sends them.

use std::{error::Error, iter::successors, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use portcullis_domain::message::MessageKind;

use super::form;
use crate::ports::{
    Bell, Cipher, Clock, Failure, Mailer, Ports, QueuedMessage, SealPurpose, SendError, Settlement, Store,
};

/// How often a message is tried to be sent.
const MOST_ATTEMPTS: u32 = 10;
/// How long the second attempt waits; each later one waits twice as long as the one before.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(5);

/// How messages are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelivererOptions {
    /// How many are sent at once.
    pub batch: u32,
    /// For how long nobody else takes a message that was taken: longer than sending one may take.
    pub lease: TimeDelta,
}

/// What came of one round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// How many messages were taken.
    pub taken: usize,
    /// How many of them were sent.
    pub sent: usize,
    /// How many of them were out of date.
    pub expired: usize,
    /// How many of them never will be sent.
    pub dead: usize,
}

/// Sends messages.
pub struct Deliverer {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    cipher: Arc<dyn Cipher>,
    mailer: Arc<dyn Mailer>,
    bell: Bell,
    options: DelivererOptions,
}

/// What became of an attempt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Sent,
    Expired,
    Later,
    Dead,
}

impl Deliverer {
    /// Sends by this mailer.
    #[must_use]
    pub fn new(ports: &Ports, mailer: Arc<dyn Mailer>, options: DelivererOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            cipher: Arc::clone(&ports.cipher),
            bell: ports.bell.clone(),
            mailer,
            options,
        }
    }

    /// Comes back when there may be something to send.
    pub async fn called(&self) {
        self.bell.heard().await;
    }

    /// Takes what is to be sent, as many messages as fit into one round, and sends them at the same time.
    ///
    /// # Errors
    ///
    /// Where the store fails. A message may then be sent once more.
    pub async fn round(&self) -> Result<Delivered, Failure> {
        let now = self.clock.now();
        let lease = now + self.options.lease;
        let taken = {
            let mut db = self.store.read();
            db.messages().take(now, lease, self.options.batch).await?
        };
        let outcomes = join_all(taken.iter().map(|message| self.deliver(message))).await;
        let mut delivered = Delivered {
            taken: taken.len(),
            ..Delivered::default()
        };
        for outcome in outcomes {
            match outcome? {
                Fate::Sent => delivered.sent += 1,
                Fate::Expired => delivered.expired += 1,
                Fate::Dead => delivered.dead += 1,
                Fate::Later => {}
            }
        }
        Ok(delivered)
    }

    async fn deliver(&self, queued: &QueuedMessage) -> Result<Fate, Failure> {
        let fate = self.attempt(queued).await;
        let now = self.clock.now();
        let settlement = match fate {
            Fate::Sent => Settlement::Done,
            Fate::Expired | Fate::Dead => Settlement::Dead,
            Fate::Later => Settlement::Retry(next_attempt(queued.attempts, now)),
        };
        self.store
            .read()
            .messages()
            .settle(&queued.id, settlement, now)
            .await?;
        Ok(fate)
    }

    async fn attempt(&self, queued: &QueuedMessage) -> Fate {
        let opened = self.cipher.open(SealPurpose::Message, &queued.sealed);
        let Some(message) = opened
            .ok()
            .and_then(|opened| form::read(&queued.id, opened.text.expose()).ok())
        else {
            tracing::error!(message = %queued.id, "a queued message cannot be read: was the secret replaced?");
            return Fate::Dead;
        };
        if message.is_expired(self.clock.now()) {
            tracing::warn!(message = %queued.id, kind = message.kind.name(), "a message was not sent in time");
            return Fate::Expired;
        }
        match self.mailer.send(&message).await {
            Ok(()) => Fate::Sent,
            Err(error) => after(&error, queued, message.kind),
        }
    }
}

/// What becomes of a message that was not sent, which is told.
fn after(error: &SendError, queued: &QueuedMessage, kind: MessageKind) -> Fate {
    let (kind, attempt, cause) = (kind.name(), queued.attempts, reason(error));
    let is_passing = matches!(error, SendError::Passing(_));
    if is_passing && attempt < MOST_ATTEMPTS {
        tracing::warn!(message = %queued.id, kind, attempt, cause, "a message could not be sent for now");
        return Fate::Later;
    }
    tracing::error!(message = %queued.id, kind, attempt, cause, "a message will never be sent");
    Fate::Dead
}

/// When a message is tried again that was tried so often.
fn next_attempt(attempts: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    now + FIRST_PAUSE * (1 << attempts.saturating_sub(1).min(MOST_ATTEMPTS))
}

/// What led to the failure within, in one line.
fn reason(error: &SendError) -> String {
    let (SendError::Passing(failure) | SendError::Lasting(failure)) = error;
    let causes = successors(failure.source(), |error| (**error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
