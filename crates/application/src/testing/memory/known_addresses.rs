//! Known IP addresses in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{email::EmailAddress, id::UserId};

use super::{MemoryUnitOfWork, Rows};
use crate::ports::{Failure, KnownAddressRepository};

impl Rows {
    /// Returns whether there is a user with this id.
    pub(super) fn has_user(&self, id: &UserId) -> bool {
        self.users.iter().any(|user| user.id == *id)
    }
}

#[async_trait]
impl KnownAddressRepository for MemoryUnitOfWork {
    async fn is_known(
        &mut self,
        email: &EmailAddress,
        ip_address: &str,
        since: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        Ok(self.read(|rows| {
            let Some(user) = rows.users.iter().find(|user| user.email == *email) else {
                return false;
            };
            let last = rows
                .known_addresses
                .get(&(user.id.clone(), ip_address.to_owned()));
            last.is_some_and(|last| *last >= since)
        }))
    }

    async fn remember(&mut self, user: &UserId, ip_address: &str, now: DateTime<Utc>) -> Result<(), Failure> {
        let key = (user.clone(), ip_address.to_owned());
        self.write(|rows| {
            if rows.has_user(user) {
                rows.known_addresses.insert(key, now);
            }
        });
        Ok(())
    }

    async fn delete_by_user(&mut self, user: &UserId) -> Result<(), Failure> {
        self.write(|rows| rows.known_addresses.retain(|(owner, _), _| owner != user));
        Ok(())
    }

    async fn delete_stale(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        Ok(self.write(|rows| {
            let mut deleted = 0;
            rows.known_addresses.retain(|_, last| {
                let stays = *last >= before || deleted >= u64::from(limit);
                deleted += u64::from(!stays);
                stays
            });
            deleted
        }))
    }
}
