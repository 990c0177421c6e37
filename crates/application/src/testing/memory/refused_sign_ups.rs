//! Passwords of rejected sign-ups in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{id::UserId, password::PasswordHash};

use super::MemoryUnitOfWork;
use crate::ports::{Failure, RefusedSignUpRepository};

#[async_trait]
impl RefusedSignUpRepository for MemoryUnitOfWork {
    async fn find(&mut self, user: &UserId) -> Result<Option<PasswordHash>, Failure> {
        Ok(self.read(|rows| rows.refused_sign_ups.get(user).cloned()))
    }

    async fn keep_first(
        &mut self,
        user: &UserId,
        password: &PasswordHash,
        _now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        self.write(|rows| {
            if rows.has_user(user) {
                let place = rows.refused_sign_ups.entry(user.clone());
                place.or_insert_with(|| password.clone());
            }
        });
        Ok(())
    }

    async fn delete(&mut self, user: &UserId) -> Result<(), Failure> {
        self.write(|rows| rows.refused_sign_ups.remove(user));
        Ok(())
    }
}
