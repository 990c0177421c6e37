//! Storage of the message queue.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::id::MessageId;

use super::{Failure, Sealed};

/// A message in the queue.
#[derive(Clone, Debug)]
pub struct QueuedMessage {
    /// The message's id, which never changes.
    pub id: MessageId,
    /// The encrypted content.
    pub sealed: Sealed,
    /// The number of attempts to send it, including this one.
    pub attempts: u32,
}

/// The result of an attempt to send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It was sent.
    Done,
    /// It is retried at this time.
    Retry(DateTime<Utc>),
    /// It will never be sent: it was rejected, retried too often, or has expired.
    Dead,
}

/// The message queue. A message is queued in the unit of work of the change that it reports: it is sent if and only if
/// that unit is committed.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait MessageRepository: Send {
    /// Queues a message for immediate delivery.
    async fn queue(&mut self, id: &MessageId, sealed: &Sealed, now: DateTime<Utc>) -> Result<(), Failure>;

    /// Takes at most `limit` messages that are due, and hides them from other workers until `lease`. If the worker
    /// crashes, another worker sends them after that.
    async fn take(
        &mut self,
        now: DateTime<Utc>,
        lease: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<QueuedMessage>, Failure>;

    /// Stores the result of an attempt. The content is erased unless the message is to be retried. A dead message's row
    /// stays, without its content.
    async fn settle(
        &mut self,
        id: &MessageId,
        settlement: Settlement,
        now: DateTime<Utc>,
    ) -> Result<(), Failure>;

    /// Deletes at most `limit` messages that were queued before `before`, dead ones included, and returns their number.
    /// Messages that are still queued by then are never sent.
    async fn delete_old(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}
