//! The session cache: sessions and their users in memory, as long as PostgreSQL reports every change of them.
//!
//! Triggers on the tables of sessions and users notify of each change, by any program. A thread listens ([`listener`]).
//! Its rounds are a lease: an entry is returned only if the last round that succeeded began a short time ago. So a replica
//! that is paused, or whose database hangs or is gone, returns no entry. A change that this process commits removes its
//! entries before the caller gets an answer ([`Pending`]). The store must use the server that the thread listens to
//! ([`StoreServer`]).
//!
//! Only found sessions are cached, and only as they are stored: the domain decides at each request whether a session has
//! expired.

mod change;
mod clock;
mod entries;
mod function;
mod journal;
mod keys;
mod listener;
mod listening;
mod round;
mod silence;
mod store_server;
mod tables;
pub(crate) mod triggers;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use portcullis_domain::{session::Session, token::SessionToken, user::User};

pub(crate) use self::{
    change::{Pending, RowChange},
    listener::Listener,
};
use self::{entries::Entries, keys::TokenHash, silence::Silence, store_server::StoreServer};
use crate::database_url::DatabaseUrl;

/// How long an entry may be returned after the beginning of a round. Every replica sees a change within this time after
/// PostgreSQL has acknowledged its commit.
const LEASE: Duration = Duration::from_millis(80);

/// Options of the session cache.
#[derive(Clone, Debug)]
pub struct SessionCacheOptions {
    /// Maximum number of sessions.
    pub max_entries: u32,
    /// URL of the database on which notifications arrive. `None`: the store's URL.
    pub listen_url: Option<DatabaseUrl>,
}

impl PartialEq for SessionCacheOptions {
    fn eq(&self, other: &Self) -> bool {
        let url = |options: &Self| options.listen_url.as_ref().map(|url| url.expose().to_owned());
        self.max_entries == other.max_entries && url(self) == url(other)
    }
}

/// Sessions and their users by token.
#[derive(Debug)]
pub(crate) struct SessionCache {
    entries: Entries,
    /// Whether the listener works.
    is_listening: AtomicBool,
    /// When the last round that succeeded began, in nanoseconds of the clock.
    round: AtomicU64,
    silence: Silence,
    store_server: StoreServer,
}

/// The number of changes before a session was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before(u64);

impl SessionCache {
    /// Returns an empty cache. It is silent, that is, it returns no entry, until its listener works.
    pub(crate) fn new(max_entries: u32) -> Self {
        Self {
            entries: Entries::new(usize::try_from(max_entries).unwrap_or(usize::MAX)),
            is_listening: AtomicBool::new(false),
            round: AtomicU64::new(clock::now().map_or(0, nanoseconds)),
            silence: Silence::default(),
            store_server: StoreServer::default(),
        }
    }

    /// Returns the session with this token, and its user.
    pub(crate) fn find(&self, token: &SessionToken) -> Option<(Session, User)> {
        let entry = self.entries.find(TokenHash::of(token))?;
        // The lease is checked last: the process may have been paused until now.
        let is_current = self.is_live() && self.store_server.is_confirmed();
        is_current.then(|| entry.with_token(token))
    }

    /// Returns the number of changes so far, which [`store`](Self::store) needs. To be called before a session is read.
    /// `None`: the session will not be stored.
    pub(crate) fn before_reading(&self) -> Option<Before> {
        self.is_live().then(|| Before(self.entries.changes()))
    }

    /// Stores a session and its user, which were read after `before` by a statement that the primary server answered. They
    /// are not stored if they may have changed since then.
    pub(crate) fn store(&self, before: Before, session: &Session, user: &User) {
        self.entries.insert(session, user, before.0);
    }

    /// Removes the entry with this token, if there is one: the primary server has no such session.
    pub(crate) fn forget(&self, token: &SessionToken) {
        if self.entries.find(TokenHash::of(token)).is_some() {
            self.apply(RowChange::of_token(token));
        }
    }

    /// Removes the entries that a change concerns.
    pub(crate) fn apply(&self, change: RowChange) {
        self.entries.apply(change);
    }

    /// Records that a round succeeded, which began at this time. Every change whose commit PostgreSQL had acknowledged by
    /// then has been applied.
    fn renew_lease(&self, began: Duration) {
        self.round.store(nanoseconds(began), Ordering::SeqCst);
        self.is_listening.store(true, Ordering::SeqCst);
        self.silence.end();
    }

    /// Records that changes may be missed. No entry is returned until the next round.
    fn end_lease(&self, reason: &str) {
        self.is_listening.store(false, Ordering::SeqCst);
        self.silence.note(reason, self.age());
    }

    fn is_live(&self) -> bool {
        let age = self.age();
        let is_live = self.is_listening.load(Ordering::SeqCst)
            && !self.store_server.is_other()
            && age.is_some_and(|age| age < LEASE);
        if !is_live {
            self.silence.note_hanging(age);
        }
        is_live
    }

    /// Returns the time since the last round that succeeded began.
    fn age(&self) -> Option<Duration> {
        let round = Duration::from_nanos(self.round.load(Ordering::SeqCst));
        clock::now().map(|now| now.saturating_sub(round))
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Starts the cache and its listener. The listener ends when the cache is dropped.
pub(crate) fn start(url: &DatabaseUrl, options: &SessionCacheOptions) -> Arc<SessionCache> {
    let cache = Arc::new(SessionCache::new(options.max_entries));
    Listener::new(url, options).start(&cache);
    cache
}

/// Checks whether the cache can work with this database.
///
/// # Errors
///
/// The reason why it cannot. It contains no host, user or password.
pub fn check_session_cache(url: &DatabaseUrl, options: &SessionCacheOptions) -> Result<(), String> {
    Listener::new(url, options).listen().map(drop)
}
