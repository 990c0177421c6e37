//! Sessions in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    additional::AdditionalFields,
    id::{SessionId, UserId},
    session::Session,
    token::SessionToken,
    user::User,
};

use super::{MemoryUnitOfWork, Rows, remove};
use crate::ports::{Failure, SessionRepository, UniqueKey, WriteError};

impl Rows {
    fn session(&self, token: &SessionToken) -> Option<&Session> {
        self.sessions.iter().find(|session| has(session, token))
    }

    fn with_user(&self, session: &Session) -> Option<(Session, User)> {
        let user = self.users.iter().find(|user| user.id == session.user_id)?;
        Some((session.clone(), user.clone()))
    }

    /// Returns the user's sessions that expire after `now`, the newest first.
    fn live_sessions(&self, user: &UserId, now: DateTime<Utc>) -> Vec<Session> {
        let is_live = |session: &&Session| session.user_id == *user && session.expires_at > now;
        let mut live: Vec<_> = self.sessions.iter().filter(is_live).cloned().collect();
        live.sort_by(|one, other| {
            let key = |session: &Session| (session.created_at, session.id.as_str().to_owned());
            key(other).cmp(&key(one))
        });
        live
    }
}

fn has(session: &Session, token: &SessionToken) -> bool {
    session.token.expose() == token.expose()
}

#[async_trait]
impl SessionRepository for MemoryUnitOfWork {
    async fn find_by_token(&mut self, token: &SessionToken) -> Result<Option<(Session, User)>, Failure> {
        Ok(self.read(|rows| rows.with_user(rows.session(token)?)))
    }

    async fn find_by_id(&mut self, session: &SessionId) -> Result<Option<(Session, User)>, Failure> {
        Ok(self.read(|rows| {
            let found = rows.sessions.iter().find(|stored| stored.id == *session)?;
            rows.with_user(found)
        }))
    }

    async fn insert(&mut self, session: &Session) -> Result<Session, WriteError> {
        self.write(|rows| {
            if rows.session(&session.token).is_some() {
                return Err(WriteError::Taken(UniqueKey::SessionToken));
            }
            rows.sessions.push(session.clone());
            Ok(session.clone())
        })
    }

    async fn renew(&mut self, session: &Session) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let mut sessions = rows.sessions.iter_mut();
            let Some(stored) = sessions.find(|stored| has(stored, &session.token)) else {
                return false;
            };
            stored.expires_at = session.expires_at;
            stored.updated_at = session.updated_at;
            true
        }))
    }

    async fn set_fields(
        &mut self,
        token: &SessionToken,
        fields: &AdditionalFields,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, Failure> {
        Ok(self.write(|rows| {
            let stored = rows.sessions.iter_mut().find(|stored| has(stored, token))?;
            stored.updated_at = now;
            for (name, value) in fields.values() {
                stored.additional.set(name, value.clone());
            }
            Some(stored.clone())
        }))
    }

    async fn delete(&mut self, token: &SessionToken) -> Result<(), Failure> {
        self.write(|rows| rows.sessions.retain(|session| !has(session, token)));
        Ok(())
    }

    async fn delete_all(&mut self, tokens: &[SessionToken]) -> Result<(), Failure> {
        self.write(|rows| {
            rows.sessions
                .retain(|session| !tokens.iter().any(|token| has(session, token)));
        });
        Ok(())
    }

    async fn list_by_user(
        &mut self,
        user: &UserId,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Session>, Failure> {
        let mut live = self.read(|rows| rows.live_sessions(user, now));
        live.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(live)
    }

    async fn delete_oldest(&mut self, new: &Session, others: u32, limit: u32) -> Result<(), Failure> {
        self.write(|rows| {
            let mut beyond = rows.live_sessions(&new.user_id, new.created_at);
            beyond.retain(|session| session.id != new.id);
            let kept = usize::try_from(others).unwrap_or(usize::MAX).min(beyond.len());
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let oldest: Vec<_> = beyond.drain(kept..).rev().take(limit).collect();
            rows.sessions
                .retain(|session| !oldest.iter().any(|old| old.id == session.id));
        });
        Ok(())
    }

    async fn delete_of_user(&mut self, user: &UserId, token: &SessionToken) -> Result<bool, Failure> {
        let is_affected = |session: &Session| session.user_id == *user && has(session, token);
        Ok(self.write(|rows| remove(&mut rows.sessions, u32::MAX, is_affected)) > 0)
    }

    async fn delete_by_user(&mut self, user: &UserId) -> Result<(), Failure> {
        self.write(|rows| rows.sessions.retain(|session| session.user_id != *user));
        Ok(())
    }

    async fn delete_others_of_user(&mut self, user: &UserId, keep: &SessionToken) -> Result<(), Failure> {
        self.write(|rows| {
            rows.sessions
                .retain(|session| session.user_id != *user || has(session, keep));
        });
        Ok(())
    }

    async fn delete_expired(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        let has_expired = |session: &Session| session.expires_at < before;
        Ok(self.write(|rows| remove(&mut rows.sessions, limit, has_expired)))
    }
}
