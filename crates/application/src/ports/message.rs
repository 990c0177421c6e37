//! Storage of messages that are to be sent.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::id::MessageId;

use super::{Failure, Sealed};

/// A message in the queue.
#[derive(Clone, Debug)]
pub struct QueuedMessage {
    /// Never changes.
    pub id: MessageId,
    /// What it says, for nobody to read but us.
    pub sealed: Sealed,
    /// How often it was tried to be sent, this time included.
    pub attempts: u32,
}

/// What became of a message that was taken out of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It was sent.
    Done,
    /// It is to be tried again then.
    Retry(DateTime<Utc>),
    /// It was not sent and never will be: refused, tried too often, or out of date.
    Dead,
}

/// What is to be sent. A message is queued in the unit of work whose change it tells of: it is sent if and only
/// if that is committed.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait MessageRepository: Send {
    /// Queues a message, to be sent at once.
    async fn queue(&mut self, id: &MessageId, sealed: &Sealed, now: DateTime<Utc>) -> Result<(), Failure>;

    /// Takes at most `limit` messages whose time has come, and keeps them from others until `lease`: whoever
    /// takes them and dies has them sent by somebody else.
    async fn take(
        &mut self,
        now: DateTime<Utc>,
        lease: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<QueuedMessage>, Failure>;

    /// Says what became of a message. Unless it is to be tried again, what it says is erased; one that is dead
    /// stays as a mark that something was not sent.
    async fn settle(
        &mut self,
        id: &MessageId,
        settlement: Settlement,
        now: DateTime<Utc>,
    ) -> Result<(), Failure>;

    /// Deletes at most `limit` messages that were queued before this time, marks of dead ones among them; says how
    /// many. That others wait still, nobody sends any.
    async fn delete_old(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}
