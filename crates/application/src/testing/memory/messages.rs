//! The message queue in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::id::MessageId;

use super::{MemoryUnitOfWork, remove};
use crate::ports::{Failure, MessageRepository, QueuedMessage, Sealed, Settlement};

/// A message in the queue, or what is left of a dead one.
#[derive(Clone, Debug)]
pub struct MemoryMessage {
    /// The message's id, which never changes.
    pub id: MessageId,
    /// The encrypted content; `None` if the message is dead.
    pub sealed: Option<Sealed>,
    /// The number of attempts to send it.
    pub attempts: u32,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// When a worker may take it.
    pub next_attempt_at: DateTime<Utc>,
}

#[async_trait]
impl MessageRepository for MemoryUnitOfWork {
    async fn queue(&mut self, id: &MessageId, sealed: &Sealed, now: DateTime<Utc>) -> Result<(), Failure> {
        let message = MemoryMessage {
            id: id.clone(),
            sealed: Some(sealed.clone()),
            attempts: 0,
            queued_at: now,
            next_attempt_at: now,
        };
        self.write(|rows| rows.messages.push(message));
        Ok(())
    }

    async fn take(
        &mut self,
        now: DateTime<Utc>,
        lease: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<QueuedMessage>, Failure> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(self.write(|rows| {
            let is_due = |row: &&mut MemoryMessage| row.sealed.is_some() && row.next_attempt_at <= now;
            let mut due: Vec<_> = rows.messages.iter_mut().filter(is_due).collect();
            due.sort_by_key(|row| (row.attempts, row.next_attempt_at));
            let taken = due.into_iter().take(limit).filter_map(|row| {
                row.attempts += 1;
                row.next_attempt_at = lease;
                Some(QueuedMessage {
                    id: row.id.clone(),
                    sealed: row.sealed.clone()?,
                    attempts: row.attempts,
                })
            });
            taken.collect()
        }))
    }

    async fn settle(
        &mut self,
        id: &MessageId,
        settlement: Settlement,
        _now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        self.write(|rows| {
            if settlement == Settlement::Done {
                rows.messages.retain(|row| row.id != *id);
            }
            if let Some(row) = rows.messages.iter_mut().find(|row| row.id == *id) {
                match settlement {
                    Settlement::Retry(at) => row.next_attempt_at = at,
                    Settlement::Dead | Settlement::Done => row.sealed = None,
                }
            }
        });
        Ok(())
    }

    async fn delete_old(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        let is_old = |row: &MemoryMessage| row.queued_at < before;
        Ok(self.write(|rows| remove(&mut rows.messages, limit, is_old)))
    }
}
