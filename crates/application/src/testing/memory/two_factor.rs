//! Second factors in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    id::UserId,
    secret::Secret,
    two_factor::{TWO_FACTOR_ENABLED, TwoFactor, TwoFactorId},
};
use serde_json::Value;

use super::MemoryUnitOfWork;
use crate::ports::{Failure, TwoFactorRepository};

#[async_trait]
impl TwoFactorRepository for MemoryUnitOfWork {
    async fn find(&mut self, user: &UserId) -> Result<Option<TwoFactor>, Failure> {
        let is_of_user = |row: &&TwoFactor| row.user_id == *user;
        Ok(self.read(|rows| rows.two_factors.iter().find(is_of_user).cloned()))
    }

    async fn replace(&mut self, two_factor: &TwoFactor) -> Result<(), Failure> {
        self.write(|rows| {
            rows.totp_steps.remove(&two_factor.user_id);
            rows.two_factors.retain(|row| row.user_id != two_factor.user_id);
            rows.two_factors.push(two_factor.clone());
        });
        Ok(())
    }

    async fn swap_backup_codes(
        &mut self,
        id: &TwoFactorId,
        from: &Secret<String>,
        to: &Secret<String>,
    ) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let is_expected =
                |row: &&mut TwoFactor| row.id == *id && row.backup_codes.expose() == from.expose();
            let found = rows.two_factors.iter_mut().find(is_expected);
            found.map(|row| row.backup_codes = to.clone()).is_some()
        }))
    }

    async fn set_enabled(
        &mut self,
        user: &UserId,
        is_enabled: bool,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let Some(found) = rows.users.iter_mut().find(|row| row.id == *user) else {
                return false;
            };
            found.additional.set(TWO_FACTOR_ENABLED, Value::Bool(is_enabled));
            found.updated_at = now;
            true
        }))
    }

    async fn advance(&mut self, user: &UserId, step: u64) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let is_later = rows.totp_steps.get(user).is_none_or(|last| *last < step);
            if is_later {
                rows.totp_steps.insert(user.clone(), step);
            }
            is_later
        }))
    }

    async fn delete(&mut self, user: &UserId) -> Result<(), Failure> {
        self.write(|rows| {
            rows.totp_steps.remove(user);
            rows.two_factors.retain(|row| row.user_id != *user);
        });
        Ok(())
    }
}
