//! One-time tokens in memory, for tests across several use cases.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use portcullis_domain::{
    id::UserId,
    token::OneTimeToken,
    verification::{Proven, Purpose, RevokingEvent, Verification},
};

use super::FakeUnitOfWork;

type Key = (Purpose, String);

/// One-time tokens that several units of work share. The changes of a unit are applied at its commit, or not at all.
#[derive(Clone, Default)]
pub struct MemoryVerifications(Arc<Mutex<Rows>>);

#[derive(Clone, Default)]
struct Rows {
    stored: HashMap<Key, Verification>,
    claimed: HashSet<Key>,
}

/// What one unit of work sees: the state at its first call, with its own changes.
#[derive(Clone)]
struct View {
    shared: MemoryVerifications,
    rows: Arc<Mutex<Option<Rows>>>,
}

impl MemoryVerifications {
    /// Implements the unit's repository of one-time tokens.
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
        let revoked = self.stored.extract_if(|_, row| is_affected(row));
        self.claimed.extend(revoked.map(|(key, _)| key));
    }
}

fn key(purpose: Purpose, secret: &OneTimeToken) -> Key {
    (purpose, secret.expose().clone())
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
