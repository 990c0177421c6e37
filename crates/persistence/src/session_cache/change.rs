//! Changes of sessions and users, after which entries must be removed.

use std::{collections::VecDeque, mem, sync::Arc};

use portcullis_domain::{
    id::{SessionId, UserId},
    token::SessionToken,
};
use sha2::{Digest, Sha256};

use super::SessionCache;

/// How many changes are remembered. A lookup during which more changes happen is not stored.
const REMEMBERED: usize = 1024;

/// The first bytes of the hash of a token.
///
/// The cache contains no tokens, so a dump of the memory reveals only those of requests in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TokenHash([u8; 16]);

/// The first bytes of the hash of an id, as the triggers send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct IdHash(pub(super) u64);

/// What a session is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) token: TokenHash,
    pub(super) session: IdHash,
    pub(super) user: IdHash,
}

/// A change of sessions or users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowChange(pub(super) Changed);

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changed {
    /// The session with this token.
    Token(TokenHash),
    /// The session with this id.
    Session(IdHash),
    /// The user with this id, or sessions of this user.
    User(IdHash),
    /// Any session or user.
    All,
}

impl TokenHash {
    /// The first hash in the order of hashes.
    pub(super) const FIRST: Self = Self([0; 16]);
    /// The last one.
    pub(super) const LAST: Self = Self([u8::MAX; 16]);

    pub(super) fn of(token: &SessionToken) -> Self {
        Self(leading(&Sha256::digest(token.expose())))
    }

    /// Returns a number from 0 up to `limit`, for the choice of a shard.
    pub(super) fn shard(self, limit: usize) -> usize {
        let Self([first, second, ..]) = self;
        usize::from(u16::from_be_bytes([first, second])) % limit.max(1)
    }
}

impl IdHash {
    pub(super) fn of(id: &str) -> Self {
        Self(u64::from_be_bytes(leading(&Sha256::digest(id))))
    }
}

impl Keys {
    pub(super) fn of(token: TokenHash, session: &SessionId, user: &UserId) -> Self {
        Self {
            token,
            session: IdHash::of(session.as_str()),
            user: IdHash::of(user.as_str()),
        }
    }
}

impl RowChange {
    /// A change of any session or user.
    pub(crate) const ALL: Self = Self(Changed::All);

    /// Returns the change of the session with this token.
    pub(crate) fn of_token(token: &SessionToken) -> Self {
        Self(Changed::Token(TokenHash::of(token)))
    }

    /// Returns the change of this user, or of sessions of this user.
    pub(crate) fn of_user(user: &UserId) -> Self {
        Self(Changed::User(IdHash::of(user.as_str())))
    }

    /// Returns whether the session with these keys, or its user, may have changed.
    pub(super) fn concerns(self, keys: Keys) -> bool {
        match self.0 {
            Changed::Token(token) => token == keys.token,
            Changed::Session(session) => session == keys.session,
            Changed::User(user) => user == keys.user,
            Changed::All => true,
        }
    }
}

/// Returns the first bytes of a hash, which has at least as many.
fn leading<const N: usize>(hash: &[u8]) -> [u8; N] {
    hash.first_chunk().copied().unwrap_or([0; N])
}

/// The changes that an operation or a transaction makes. When the value is dropped, their entries are removed.
///
/// It is dropped on the thread that runs the statements, after the last one: also if the caller is gone by then.
pub(crate) struct Pending {
    cache: Arc<SessionCache>,
    changes: Vec<RowChange>,
}

impl Pending {
    pub(crate) fn take(cache: &Arc<SessionCache>, changes: &mut Vec<RowChange>) -> Self {
        Self {
            cache: Arc::clone(cache),
            changes: mem::take(changes),
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        for change in self.changes.drain(..) {
            self.cache.apply(change);
        }
    }
}

/// The latest changes, which decide whether the result of a lookup may be stored.
#[derive(Debug, Default)]
pub(super) struct Journal {
    count: u64,
    recent: VecDeque<RowChange>,
}

impl Journal {
    /// Adds a change. Returns the number of all changes.
    pub(super) fn add(&mut self, change: RowChange) -> u64 {
        self.count += 1;
        self.recent.truncate(REMEMBERED - 1);
        self.recent.push_front(change);
        self.count
    }

    /// Returns whether the session with these keys may have changed since there were `count` changes.
    pub(super) fn concerns(&self, keys: Keys, count: u64) -> bool {
        let Ok(missed) = usize::try_from(self.count.saturating_sub(count)) else {
            return true;
        };
        missed > self.recent.len()
            || self
                .recent
                .iter()
                .take(missed)
                .any(|change| change.concerns(keys))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(name: &str) -> Keys {
        let token = TokenHash::of(&SessionToken::new(name));
        Keys::of(token, &SessionId::new(name), &UserId::new(name))
    }

    #[test]
    fn a_change_concerns_only_its_session_or_user() {
        let (jane, john) = (keys("jane"), keys("john"));
        for change in [
            RowChange::of_token(&SessionToken::new("jane")),
            RowChange::of_user(&UserId::new("jane")),
            RowChange(Changed::Session(IdHash::of("jane"))),
        ] {
            assert!(change.concerns(jane), "{change:?}");
            assert!(!change.concerns(john), "{change:?}");
        }
        assert!(RowChange::ALL.concerns(jane));
    }

    #[test]
    fn a_lookup_is_stale_after_a_change_of_its_session_and_after_too_many_changes() {
        let mut journal = Journal::default();
        let before = journal.add(RowChange::of_user(&UserId::new("jane")));
        assert!(journal.concerns(keys("jane"), 0));
        assert!(!journal.concerns(keys("jane"), before));
        for _ in 0..REMEMBERED {
            journal.add(RowChange::of_user(&UserId::new("john")));
        }
        assert!(!journal.concerns(keys("jane"), before), "all are remembered");
        assert!(journal.concerns(keys("john"), before));
        journal.add(RowChange::of_user(&UserId::new("john")));
        assert!(journal.concerns(keys("jane"), before), "one is forgotten");
    }
}
