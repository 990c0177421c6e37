//! One-time tokens and codes in memory, for tests across several use cases.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use portcullis_domain::{
    code::{Attempt, CodeKey, CodeState, OneTimeCode, StoredCode},
    id::UserId,
    token::OneTimeToken,
    verification::{Proven, Purpose, RevokingEvent, Verification},
};

use super::FakeUnitOfWork;
use crate::ports::MockCodeRepository;

type Key = (Purpose, String);

/// One-time tokens and codes that several units of work share. The changes of a unit are applied at its commit, or not
/// at all.
#[derive(Clone, Default)]
pub struct MemoryVerifications(Arc<Mutex<Rows>>);

#[derive(Clone, Default)]
struct Rows {
    stored: HashMap<Key, Verification>,
    claimed: HashSet<Key>,
    /// The code of each key, and how many attempts were made.
    codes: HashMap<String, (OneTimeCode, u32)>,
}

/// What one unit of work sees: the state at its first call, with its own changes.
#[derive(Clone)]
struct View {
    shared: MemoryVerifications,
    rows: Arc<Mutex<Option<Rows>>>,
}

impl MemoryVerifications {
    /// Implements the unit's repositories of one-time tokens and codes.
    pub fn serve(&self, unit: &mut FakeUnitOfWork) {
        let view = View {
            shared: self.clone(),
            rows: Arc::default(),
        };
        let mock = &mut unit.verifications;
        let rows = view.clone();
        mock.expect_insert().returning(move |row| {
            rows.with(|rows| rows.insert(row.clone()));
            Ok(())
        });
        let rows = view.clone();
        mock.expect_find()
            .returning(move |purpose, secret| Ok(rows.with(|rows| rows.find(purpose, secret))));
        let rows = view.clone();
        mock.expect_consume()
            .returning(move |purpose, secret| Ok(rows.with(|rows| rows.consume(purpose, secret))));
        let rows = view.clone();
        mock.expect_mark_used().returning(move |purpose, secret, _, _| {
            Ok(rows.with(|rows| rows.claimed.insert(key(purpose, secret))))
        });
        let rows = view.clone();
        mock.expect_revoke().returning(move |event, user| {
            rows.with(|rows| rows.revoke(event, user));
            Ok(())
        });
        view.serve_codes(&mut unit.codes);
        unit.at_commit(move || view.commit());
    }

    /// Stores a token.
    pub fn remember(&self, verification: Verification) {
        lock(&self.0).insert(verification);
    }

    /// Returns the tokens of this purpose.
    #[must_use]
    pub fn of(&self, purpose: Purpose) -> Vec<Verification> {
        let rows = lock(&self.0);
        let found = rows.stored.values().filter(|row| row.purpose == purpose);
        found.cloned().collect()
    }

    /// Stores a code.
    pub fn remember_code(&self, code: OneTimeCode) {
        lock(&self.0).codes.insert(code_key(&code.key), (code, 0));
    }

    /// Returns the number of codes.
    #[must_use]
    pub fn codes(&self) -> usize {
        lock(&self.0).codes.len()
    }

    /// Returns whether no token is stored.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        lock(&self.0).stored.is_empty()
    }
}

impl View {
    fn with<T>(&self, act: impl FnOnce(&mut Rows) -> T) -> T {
        act(lock(&self.rows).get_or_insert_with(|| lock(&self.shared.0).clone()))
    }

    fn serve_codes(&self, mock: &mut MockCodeRepository) {
        let rows = self.clone();
        mock.expect_replace().returning(move |code| {
            let key = code_key(&code.key);
            rows.with(|rows| rows.codes.insert(key, (code.clone(), 0)));
            Ok(())
        });
        // An attempt is counted at once: it is counted outside of a unit of work.
        let shared = self.shared.clone();
        mock.expect_count_attempt()
            .returning(move |key, allowed, now| Ok(lock(&shared.0).count_attempt(key, allowed, now)));
        let rows = self.clone();
        mock.expect_consume()
            .returning(move |key, stored| Ok(rows.with(|rows| rows.consume_code(key, stored))));
    }

    fn commit(&self) {
        if let Some(rows) = lock(&self.rows).take() {
            *lock(&self.shared.0) = rows;
        }
    }
}

impl Rows {
    fn insert(&mut self, row: Verification) {
        self.stored.insert(key(row.purpose, &row.secret), row);
    }

    fn find(&self, purpose: Purpose, secret: &OneTimeToken) -> Option<Proven> {
        self.stored.get(&key(purpose, secret)).map(proven)
    }

    fn consume(&mut self, purpose: Purpose, secret: &OneTimeToken) -> Option<Proven> {
        let row = self.stored.remove(&key(purpose, secret));
        row.as_ref().map(proven)
    }

    fn revoke(&mut self, event: RevokingEvent, user: &UserId) {
        let is_affected = |row: &Verification| row.purpose.is_ended_by(event) && row.user_id == *user;
        let revoked: Vec<_> = self.stored.extract_if(|_, row| is_affected(row)).collect();
        self.codes.retain(|_, (code, _)| match &code.key {
            CodeKey::TwoFactorSession(owner, _) => owner != user,
            CodeKey::TwoFactorChallenge(challenge) => {
                let challenge = key(Purpose::TwoFactorChallenge, challenge);
                revoked.iter().all(|(revoked, _)| *revoked != challenge)
            }
            CodeKey::Address(..) | CodeKey::Phone(..) => true,
        });
        self.claimed.extend(revoked.into_iter().map(|(key, _)| key));
    }

    fn count_attempt(&mut self, key: &CodeKey, allowed: u32, now: DateTime<Utc>) -> Attempt {
        let Some((code, attempts)) = self.codes.get_mut(&code_key(key)) else {
            return Attempt::Missing;
        };
        let state = CodeState {
            stored: code.stored.clone(),
            attempts: *attempts,
            expires_at: code.expires_at,
        };
        *attempts = attempts.saturating_add(1);
        state.attempt(allowed, now)
    }

    fn consume_code(&mut self, key: &CodeKey, stored: &StoredCode) -> bool {
        let key = code_key(key);
        let is_current = |(code, _): &(OneTimeCode, u32)| code.stored.expose() == stored.expose();
        self.codes.get(&key).is_some_and(is_current) && self.codes.remove(&key).is_some()
    }
}

fn key(purpose: Purpose, secret: &OneTimeToken) -> Key {
    (purpose, secret.expose().clone())
}

fn code_key(key: &CodeKey) -> String {
    key.better_auth_identifier().expose().clone()
}

fn proven(row: &Verification) -> Proven {
    Proven {
        user_id: row.user_id.clone(),
        expires_at: row.expires_at,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use portcullis_domain::{
        id::{SessionId, VerificationId},
        verification::RevokingEvent,
    };

    use super::*;
    use crate::{
        ports::{Repositories, UnitOfWork},
        testing::fixtures::{a_user, start},
    };

    fn key() -> CodeKey {
        CodeKey::TwoFactorSession(a_user().id, SessionId::new("S"))
    }

    fn unit(memory: &MemoryVerifications) -> FakeUnitOfWork {
        let mut unit = FakeUnitOfWork::default();
        memory.serve(&mut unit);
        unit
    }

    async fn replace(memory: &MemoryVerifications) {
        let code = OneTimeCode {
            id: VerificationId::new("V"),
            key: key(),
            stored: StoredCode::new("123456"),
            expires_at: start(),
            created_at: start(),
        };
        let mut unit = unit(memory);
        unit.codes().replace(&code).await.unwrap();
        assert_eq!(memory.codes(), 0);
        Box::new(unit).commit().await.unwrap();
    }

    #[tokio::test]
    async fn attempts_are_counted_without_a_commit_and_the_last_ends_the_code() {
        let memory = MemoryVerifications::default();
        replace(&memory).await;
        for expected in ["allowed", "allowed", "too many", "missing"] {
            let counted = unit(&memory).codes().count_attempt(&key(), 2, start()).await;
            let attempt = match counted.unwrap() {
                Attempt::Allowed(_) => "allowed",
                Attempt::TooMany => "too many",
                Attempt::Expired => "expired",
                Attempt::Missing => "missing",
            };
            assert_eq!(attempt, expected);
        }
        assert_eq!(memory.codes(), 1);
    }

    #[tokio::test]
    async fn a_code_is_consumed_once_and_ends_at_every_event() {
        let memory = MemoryVerifications::default();
        replace(&memory).await;
        let mut consuming = unit(&memory);
        for (stored, is_consumed) in [("654321", false), ("123456", true), ("123456", false)] {
            let consumed = consuming.codes().consume(&key(), &StoredCode::new(stored)).await;
            assert_eq!(consumed.unwrap(), is_consumed);
        }
        assert_eq!(memory.codes(), 1);
        let mut revoking = unit(&memory);
        revoking
            .verifications()
            .revoke(RevokingEvent::SessionsRevoked, &a_user().id)
            .await
            .unwrap();
        Box::new(revoking).commit().await.unwrap();
        assert_eq!(memory.codes(), 0);
    }
}
