//! One-time tokens in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    code::CodeKey,
    id::UserId,
    payload_token::PayloadToken,
    token::OneTimeToken,
    verification::{Proven, Purpose, RevokingEvent, Verification},
};

use super::{MemoryUnitOfWork, Rows, remove};
use crate::ports::{Failure, VerificationRepository};

impl Rows {
    /// Deletes the user's tokens that the event ends, and the user's codes.
    pub(super) fn revoke_tokens(&mut self, event: RevokingEvent, user: &UserId) {
        let is_ended = |token: &Verification| token.user_id == *user && token.purpose.is_ended_by(event);
        let (ended, stay): (Vec<_>, Vec<_>) = self.verifications.drain(..).partition(is_ended);
        self.verifications = stay;
        let mut users = self.users.iter();
        let address = users.find(|row| row.id == *user).map(|row| row.email.clone());
        self.codes.retain(|(code, _)| match &code.key {
            CodeKey::TwoFactorSession(owner, _) => owner != user,
            CodeKey::TwoFactorChallenge(challenge) => {
                let mut ended = ended.iter();
                !ended.any(|token| is_the(token, Purpose::TwoFactorChallenge, challenge))
            }
            CodeKey::Address(code, email) => address.as_ref() != Some(email) || !code.is_ended_by(event),
            CodeKey::Phone(..) => true,
        });
    }
}

fn is_the(token: &Verification, purpose: Purpose, secret: &OneTimeToken) -> bool {
    token.purpose == purpose && token.secret.expose() == secret.expose()
}

fn proven(token: &Verification) -> Proven {
    Proven {
        user_id: token.user_id.clone(),
        expires_at: token.expires_at,
    }
}

#[async_trait]
impl VerificationRepository for MemoryUnitOfWork {
    async fn insert(&mut self, verification: &Verification) -> Result<(), Failure> {
        self.write(|rows| rows.verifications.push(verification.clone()));
        Ok(())
    }

    async fn find(&mut self, purpose: Purpose, secret: &OneTimeToken) -> Result<Option<Proven>, Failure> {
        Ok(self.read(|rows| {
            let mut tokens = rows.verifications.iter();
            tokens.find(|token| is_the(token, purpose, secret)).map(proven)
        }))
    }

    async fn consume(&mut self, purpose: Purpose, secret: &OneTimeToken) -> Result<Option<Proven>, Failure> {
        Ok(self.write(|rows| {
            let mut tokens = rows.verifications.iter();
            let index = tokens.position(|token| is_the(token, purpose, secret))?;
            Some(proven(&rows.verifications.remove(index)))
        }))
    }

    async fn mark_used(
        &mut self,
        purpose: Purpose,
        secret: &OneTimeToken,
        _until: DateTime<Utc>,
        _now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let token = (purpose, secret.expose().clone());
        Ok(self.write(|rows| rows.used_tokens.insert(token)))
    }

    async fn lease(
        &mut self,
        purpose: Purpose,
        secret: &OneTimeToken,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let lease = (purpose, secret.expose().clone());
        Ok(self.write(|rows| {
            let is_free = rows.leases.get(&lease).is_none_or(|end| *end <= now);
            if is_free {
                rows.leases.insert(lease, until);
            }
            is_free
        }))
    }

    async fn release(&mut self, purpose: Purpose, secret: &OneTimeToken) -> Result<(), Failure> {
        let lease = (purpose, secret.expose().clone());
        self.write(|rows| rows.leases.remove(&lease));
        Ok(())
    }

    async fn revoke(&mut self, event: RevokingEvent, user: &UserId) -> Result<(), Failure> {
        self.write(|rows| rows.revoke_tokens(event, user));
        Ok(())
    }

    async fn delete_expired(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        let has_expired = |token: &Verification| token.expires_at < before;
        Ok(self.write(|rows| {
            let states = rows.delete_expired_states(before, limit);
            let tokens = remove(&mut rows.verifications, limit - states, has_expired);
            let has_expired = |token: &PayloadToken| token.expires_at < before;
            u64::from(states) + tokens + remove(&mut rows.payload_tokens, limit, has_expired)
        }))
    }
}
