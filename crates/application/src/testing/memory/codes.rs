//! One-time codes in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::code::{Attempt, CodeKey, CodeState, OneTimeCode, StoredCode};

use super::{MemoryUnitOfWork, Rows};
use crate::ports::{CodeRepository, Failure};

impl Rows {
    fn count_attempt(&mut self, key: &CodeKey, allowed: u32, now: DateTime<Utc>) -> Attempt {
        let mut codes = self.codes.iter_mut();
        let Some((code, attempts)) = codes.find(|(code, _)| is_same(&code.key, key)) else {
            return Attempt::Missing;
        };
        let state = CodeState {
            stored: code.stored.clone(),
            attempts: *attempts,
            expires_at: code.expires_at,
        };
        let used = if now > code.expires_at { allowed } else { *attempts };
        *attempts = used.saturating_add(1);
        state.attempt(allowed, now)
    }

    fn delete_code(&mut self, key: &CodeKey) {
        self.codes.retain(|(code, _)| !is_same(&code.key, key));
    }
}

fn is_same(one: &CodeKey, other: &CodeKey) -> bool {
    one.better_auth_identifier().expose() == other.better_auth_identifier().expose()
}

#[async_trait]
impl CodeRepository for MemoryUnitOfWork {
    async fn replace(&mut self, code: &OneTimeCode) -> Result<(), Failure> {
        self.write(|rows| {
            rows.delete_code(&code.key);
            rows.codes.push((code.clone(), 0));
        });
        Ok(())
    }

    async fn count_attempt(
        &mut self,
        key: &CodeKey,
        allowed: u32,
        now: DateTime<Utc>,
    ) -> Result<Attempt, Failure> {
        Ok(self.write(|rows| rows.count_attempt(key, allowed, now)))
    }

    async fn consume(&mut self, key: &CodeKey, stored: &StoredCode) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let is_current = |(code, _): &(OneTimeCode, u32)| {
                is_same(&code.key, key) && code.stored.expose() == stored.expose()
            };
            let was_current = rows.codes.iter().any(is_current);
            if was_current {
                rows.delete_code(key);
            }
            was_current
        }))
    }

    async fn restore_attempt(&mut self, key: &CodeKey, stored: &StoredCode) -> Result<(), Failure> {
        self.write(|rows| {
            let mut codes = rows.codes.iter_mut();
            let found =
                codes.find(|(code, _)| is_same(&code.key, key) && code.stored.expose() == stored.expose());
            if let Some((_, attempts)) = found {
                *attempts = attempts.saturating_sub(1);
            }
        });
        Ok(())
    }
}
