//! The keys by which lookups and changes find entries.

use portcullis_domain::{
    id::{SessionId, UserId},
    token::SessionToken,
};
use sha2::{Digest, Sha256};

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

/// Returns the first bytes of a hash, which has at least as many.
fn leading<const N: usize>(hash: &[u8]) -> [u8; N] {
    hash.first_chunk().copied().unwrap_or([0; N])
}

/// Returns the keys of the session and the user with this name.
#[cfg(test)]
pub(super) fn keys(name: &str) -> Keys {
    let token = TokenHash::of(&SessionToken::new(name));
    Keys::of(token, &SessionId::new(name), &UserId::new(name))
}
