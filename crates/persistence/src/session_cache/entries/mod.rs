//! The entries of the cache: a limited map, and the indexes by which changes find entries.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use portcullis_domain::{session::Session, token::SessionToken, user::User};

use super::{
    change::{Changed, RowChange},
    journal::Journal,
    keys::{IdHash, Keys, TokenHash},
};

/// Number of maps. Lookups of different sessions rarely use the same one.
const SHARDS: usize = 64;

/// A session without its token, and its user.
#[derive(Debug)]
pub(super) struct Entry {
    session: Session,
    user: User,
    keys: Keys,
    /// Distinguishes it from earlier entries with the same token.
    number: u64,
    /// Whether a lookup has used it since it was last considered for removal.
    is_used: AtomicBool,
}

/// A limited map from tokens to entries.
///
/// Lookups lock only one shard, for reading. Every change locks the index first.
#[derive(Debug)]
pub(super) struct Entries {
    shards: Vec<RwLock<HashMap<TokenHash, Arc<Entry>>>>,
    index: Mutex<Index>,
    /// The number of changes that the index has applied.
    changes: AtomicU64,
    limit: usize,
}

#[derive(Debug, Default)]
struct Index {
    journal: Journal,
    sessions: BTreeSet<(IdHash, TokenHash)>,
    users: BTreeSet<(IdHash, TokenHash)>,
    /// The entries by age, with their numbers. It also contains removed ones.
    queue: VecDeque<(TokenHash, u64)>,
    numbers: u64,
}

impl Entry {
    /// Returns the session with its token, and the user.
    pub(super) fn with_token(&self, token: &SessionToken) -> (Session, User) {
        let session = Session {
            token: token.clone(),
            ..self.session.clone()
        };
        (session, self.user.clone())
    }
}

impl Entries {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
            index: Mutex::default(),
            changes: AtomicU64::new(0),
            limit: limit.max(1),
        }
    }

    /// Returns the entry of this token.
    pub(super) fn find(&self, token: TokenHash) -> Option<Arc<Entry>> {
        let shard = self.shard(token)?.read().unwrap_or_else(PoisonError::into_inner);
        let entry = Arc::clone(shard.get(&token)?);
        drop(shard);
        if !entry.is_used.load(Ordering::Relaxed) {
            entry.is_used.store(true, Ordering::Relaxed);
        }
        Some(entry)
    }

    /// Returns the number of changes so far.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Adds an entry that was read after `changes` changes, unless it has an entry or may have changed since.
    pub(super) fn insert(&self, session: &Session, user: &User, changes: u64) {
        let keys = Keys::of(TokenHash::of(&session.token), &session.id, &user.id);
        let mut index = self.index();
        if index.journal.concerns(keys, changes) || self.has(keys.token) {
            return;
        }
        index.numbers += 1;
        let number = index.numbers;
        let entry = Entry {
            session: Session {
                token: SessionToken::new(String::new()),
                ..session.clone()
            },
            user: user.clone(),
            keys,
            number,
            is_used: AtomicBool::new(false),
        };
        self.put(keys.token, entry);
        index.sessions.insert((keys.session, keys.token));
        index.users.insert((keys.user, keys.token));
        index.queue.push_back((keys.token, number));
        self.shrink(&mut index);
    }

    /// Removes the entries that a change concerns. A lookup that began before it is not stored.
    pub(super) fn apply(&self, change: RowChange) {
        let mut index = self.index();
        let count = index.journal.add(change);
        self.changes.store(count, Ordering::SeqCst);
        match change.0 {
            Changed::Token(token) => self.remove(&mut index, token),
            Changed::Session(session) => {
                for token in tokens_of(&index.sessions, session) {
                    self.remove(&mut index, token);
                }
            }
            Changed::User(user) => {
                for token in tokens_of(&index.users, user) {
                    self.remove(&mut index, token);
                }
            }
            Changed::All => self.clear(&mut index),
        }
    }

    /// Returns the number of entries.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.index().sessions.len()
    }

    /// Removes entries above the limit, those first that no lookup has used for the longest time.
    fn shrink(&self, index: &mut Index) {
        while index.sessions.len() > self.limit {
            let Some((token, number)) = index.queue.pop_front() else {
                return;
            };
            match self.entry(token).filter(|entry| entry.number == number) {
                Some(entry) if entry.is_used.swap(false, Ordering::Relaxed) => {
                    index.queue.push_back((token, number));
                }
                Some(_) => self.remove(index, token),
                None => {}
            }
        }
        if index.queue.len() > 2 * self.limit + SHARDS {
            let is_live =
                |(token, number): &(_, u64)| self.entry(*token).is_some_and(|entry| entry.number == *number);
            index.queue.retain(is_live);
        }
    }

    fn remove(&self, index: &mut Index, token: TokenHash) {
        let Some(shard) = self.shard(token) else {
            return;
        };
        let removed = shard
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&token);
        if let Some(entry) = removed {
            index.sessions.remove(&(entry.keys.session, token));
            index.users.remove(&(entry.keys.user, token));
        }
    }

    fn clear(&self, index: &mut Index) {
        for shard in &self.shards {
            *shard.write().unwrap_or_else(PoisonError::into_inner) = HashMap::new();
        }
        index.sessions.clear();
        index.users.clear();
        index.queue.clear();
    }

    fn put(&self, token: TokenHash, entry: Entry) {
        if let Some(shard) = self.shard(token) {
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            shard.insert(token, Arc::new(entry));
        }
    }

    fn entry(&self, token: TokenHash) -> Option<Arc<Entry>> {
        let shard = self.shard(token)?.read().unwrap_or_else(PoisonError::into_inner);
        shard.get(&token).cloned()
    }

    fn has(&self, token: TokenHash) -> bool {
        self.entry(token).is_some()
    }

    fn shard(&self, token: TokenHash) -> Option<&RwLock<HashMap<TokenHash, Arc<Entry>>>> {
        self.shards.get(token.shard(SHARDS))
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tokens_of(index: &BTreeSet<(IdHash, TokenHash)>, id: IdHash) -> Vec<TokenHash> {
    let range = (id, TokenHash::FIRST)..=(id, TokenHash::LAST);
    index.range(range).map(|(_, token)| *token).collect()
}

#[cfg(test)]
mod tests;
