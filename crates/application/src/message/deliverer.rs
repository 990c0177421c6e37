//! Whoever takes messages out of the queue and sends them.

use std::{panic::AssertUnwindSafe, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use portcullis_domain::message::{Message, MessageKind};

use super::form::{self, Unreadable};
use crate::{
    clock_check::ClockCheck,
    ports::{
        Bell, Cipher, Clock, Failure, Mailer, Ports, QueuedMessage, SealPurpose, SendError, Settlement, Store,
    },
};

/// How often a message is tried to be sent.
const MOST_ATTEMPTS: u32 = 10;
/// How long the second attempt waits; each later one waits twice as long as the one before. So the last comes after
/// the hour in which a link is good.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(10);

/// Sends messages.
pub struct Deliverer {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    cipher: Arc<dyn Cipher>,
    mailer: Arc<dyn Mailer>,
    bell: Bell,
    lease: TimeDelta,
}

/// What became of an attempt.
enum Fate {
    Sent,
    Expired,
    Unsent(Unsent),
}

/// Why a message was not sent.
struct Unsent {
    /// None where it could not be read.
    kind: Option<MessageKind>,
    is_passing: bool,
    cause: String,
}

impl Deliverer {
    /// Sends by this mailer. Nobody else takes a message that was taken until the lease ends: it is to be longer than
    /// sending one may take.
    #[must_use]
    pub fn new(ports: &Ports, mailer: Arc<dyn Mailer>, lease: TimeDelta) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            cipher: Arc::clone(&ports.cipher),
            bell: ports.bell.clone(),
            mailer,
            lease,
        }
    }

    /// Comes back when there may be something to send.
    pub async fn called(&self) {
        self.bell.heard().await;
    }

    /// Takes messages that are to be sent now out of the queue, at most so many.
    ///
    /// # Errors
    ///
    /// If the store fails, or this machine's clock differs from the store's: by a wrong clock, messages would be erased as
    /// expired or kept from other servers for days.
    pub async fn take(&self, limit: u32) -> Result<Vec<QueuedMessage>, Failure> {
        self.clock_check.confirm().await?;
        let now = self.clock.now();
        let mut db = self.store.read();
        db.messages().take(now, now + self.lease, limit).await
    }

    /// Sends a message that was taken, and settles what becomes of it. What goes wrong with it, even a panic, is its
    /// own failure.
    ///
    /// # Errors
    ///
    /// Where the store fails. The message may then be sent once more.
    pub async fn deliver(&self, queued: &QueuedMessage) -> Result<(), Failure> {
        let attempt = AssertUnwindSafe(self.attempt(queued)).catch_unwind();
        let fate = attempt.await.unwrap_or_else(|_panic| {
            Fate::Unsent(Unsent {
                kind: None,
                is_passing: true,
                cause: "a panic".to_owned(),
            })
        });
        let now = self.clock.now();
        let settlement = match fate {
            Fate::Sent => Settlement::Done,
            Fate::Expired => Settlement::Dead,
            Fate::Unsent(unsent) => after(&unsent, queued, now),
        };
        let mut db = self.store.read();
        db.messages().settle(&queued.id, settlement, now).await
    }

    async fn attempt(&self, queued: &QueuedMessage) -> Fate {
        if queued.attempts > MOST_ATTEMPTS {
            // Whoever tried it for the last time has died of it, and so would we.
            return Fate::Unsent(Unsent {
                kind: None,
                is_passing: false,
                cause: "no attempt came to an end".to_owned(),
            });
        }
        let message = match self.read(queued) {
            Ok(message) => message,
            Err(unsent) => return Fate::Unsent(unsent),
        };
        if message.is_expired(self.clock.now()) {
            tracing::warn!(message_id = %queued.id, kind = message.kind.name(), "a message was not sent in time");
            return Fate::Expired;
        }
        match self.mailer.send(&message).await {
            Ok(()) => Fate::Sent,
            Err(error) => Fate::Unsent(Unsent {
                kind: Some(message.kind),
                is_passing: matches!(error, SendError::Passing(_)),
                cause: reason(&error),
            }),
        }
    }

    /// What cannot be read here may be read by another: in the midst of a change, one server of several knows a
    /// secret or a kind that the others do not know yet.
    fn read(&self, queued: &QueuedMessage) -> Result<Message, Unsent> {
        let unsent = |cause: &str| Unsent {
            kind: None,
            is_passing: true,
            cause: cause.to_owned(),
        };
        let opened = self.cipher.open(SealPurpose::Message, &queued.sealed);
        let opened = opened.map_err(|_| unsent("it cannot be opened: was the secret replaced?"))?;
        form::read(&queued.id, opened.text.expose()).map_err(|unreadable| match unreadable {
            Unreadable::Kind => unsent("it is of an unknown kind: was it queued by a newer version?"),
            Unreadable::Form => unsent("it is no message"),
        })
    }
}

/// What becomes of a message that was not sent, which is told.
fn after(unsent: &Unsent, queued: &QueuedMessage, now: DateTime<Utc>) -> Settlement {
    let (message_id, attempt, cause) = (&queued.id, queued.attempts, &unsent.cause);
    let kind = unsent.kind.map(MessageKind::name);
    if unsent.is_passing && attempt < MOST_ATTEMPTS {
        tracing::warn!(%message_id, kind, attempt, cause, "a message could not be sent for now");
        return Settlement::Retry(next_attempt(attempt, now));
    }
    tracing::error!(%message_id, kind, attempt, cause, "a message will never be sent");
    Settlement::Dead
}

/// When a message is tried again that was tried so often.
pub(super) fn next_attempt(attempts: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    now + FIRST_PAUSE * (1 << attempts.saturating_sub(1).min(MOST_ATTEMPTS))
}

/// What led to the failure within, in one line.
fn reason(error: &SendError) -> String {
    let (SendError::Passing(failure) | SendError::Lasting(failure)) = error;
    failure.causes()
}
